"""What is sent to a server of the bench, and what has become of it in the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tests.bench import signed
from tests.bench.ledger import Ledger, is_empty
from tests.bench.load import Answered
from tests.bench.options import Options
from tests.bench.signed import Signed


class Traffic(Protocol):
    first: int
    """Requests that come before all others, one at a time."""

    async def requests(self, count: int) -> Sequence[Signed]: ...

    def enter(self, answers: Sequence[Answered]) -> None:
        """Raises `ledger.Wrong` for an answer that is none."""
        ...

    async def compare(self) -> int:
        """How many tickets there are now, each where it should be. Raises `ledger.Wrong`."""
        ...


class Commands:
    """`/issue` of Slack."""

    def __init__(self, options: Options, before: int = 0) -> None:
        self.first = options.offices
        self._options, self._ledger = options, Ledger(before)

    async def requests(self, count: int) -> Sequence[Signed]:
        return signed.requests(count, self._options.offices)

    def enter(self, answers: Sequence[Answered]) -> None:
        if self._options.kind == "bare":
            for answer in answers:
                is_empty(answer)
        else:
            self._ledger.enter(answers)

    async def compare(self) -> int:
        return await self._ledger.compare(self._options.database) if self._options.database else 0
