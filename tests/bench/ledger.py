"""What was acknowledged: every answer is read, and afterwards each ticket is looked up in the database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import orjson
from sqlalchemy import Connection, select

from storage.database import open_database
from storage.tables import history, installations, outbox, tickets
from tests.bench.load import Answered
from tests.bench.signed import WORDS, workspace

_NUMBER = re.compile(r"#(\d+) ")


class Wrong(Exception):
    """The server did not do what it is measured for: the figures are worth nothing."""


class Ledger:
    """The numbers of the tickets of each office, as people were told them."""

    def __init__(self, before: int = 0) -> None:
        self._before = before
        self._told: dict[int, set[int]] = defaultdict(set)

    def enter(self, answers: Iterable[Answered]) -> None:
        """Raises `Wrong` unless each is the answer to a report, with a number of its own that rises for each client."""
        last: dict[tuple[int, int], int] = {}
        for answer in answers:
            number = number_in(answer)
            if number in self._told[answer.office] or number <= last.get((answer.office, answer.client), 0):
                raise Wrong(f"office {answer.office} was told #{number} after #{last.get((answer.office, answer.client))}")
            self._told[answer.office].add(number)
            last[answer.office, answer.client] = number

    async def compare(self, url: str) -> int:
        """How many they are. Raises `Wrong` unless exactly those are in the database, each with its history and its card in the outbox."""
        database = open_database(url)
        try:
            found = await database.read(_numbers, self._before)
        finally:
            await database.close()
        for office, told in self._told.items():
            numbers = found.get(workspace(office), set())
            if numbers != told:
                raise Wrong(
                    f"office {office}: {len(told)} tickets were acknowledged, {len(numbers)} are there, {len(told - numbers)} are lost"
                )
        return sum(map(len, self._told.values()))


def number_in(answer: Answered) -> int:
    """The ticket's number in an answer."""
    if answer.status != 200:
        raise Wrong(f"answered with {answer.status}: {answer.body[:200]!r}")
    said = orjson.loads(answer.body)
    found = _NUMBER.search(said.get("text", ""))
    if found is None or said.get("response_type") != "ephemeral" or not any(words in said["text"] for words in WORDS):
        raise Wrong(f"that is no ticket: {answer.body[:300]!r}")
    return int(found[1])


def is_empty(answer: Answered) -> None:
    """What a bare acknowledgement looks like; raises `Wrong` for anything else."""
    if answer.status != 200 or answer.body:
        raise Wrong(f"the bare command answered with {answer.status}: {answer.body[:200]!r}")


def _numbers(connection: Connection, before: int) -> dict[str, set[int]]:
    """By workspace, the numbers above `before` of the tickets that have their line in the history and their card's row in the outbox."""
    subject = "ticket:" + tickets.c.id
    told = select(history.c.seq).where(history.c.organisation == tickets.c.organisation, history.c.subject == subject).exists()
    sent = subject.in_(select(outbox.c.subject).where(outbox.c.name == "post"))
    whose = installations.c.organisation == tickets.c.organisation
    query = select(installations.c.workspace, tickets.c.number).where(whose, tickets.c.number > before, told, sent)
    found: dict[str, set[int]] = defaultdict(set)
    for where, number in connection.execute(query):
        found[where].add(number)
    return found
