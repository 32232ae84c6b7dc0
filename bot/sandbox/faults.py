"""Trouble on demand: the platform down, slow, forgetful, or repeating itself."""

import asyncio
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

Refusal = TypeVar("Refusal", bound=Exception)


@dataclass
class Fault(Generic[Refusal]):
    """One kind of trouble for the next `times` calls of `method` ("*" is any). `cut`: nothing is done and the connection is closed."""

    method: str
    times: int
    error: Refusal | None = None
    seconds: float = 0.0
    gate: asyncio.Event | None = None
    lose_answer: bool = False
    cut: bool = False


@dataclass
class Faults(Generic[Refusal]):
    """The trouble in store. `down` holds until it is taken back; all else is used up."""

    down: bool = False
    down_how: Literal["503", "close"] = "503"
    waiting: list[Fault[Refusal]] = field(default_factory=list)
    twice: int = 0

    def slow_next(self, method: str, seconds: float, times: int = 1) -> None:
        """Let the next `times` calls wait `seconds` of real time before they are done."""
        self.waiting.append(Fault(method, times, seconds=seconds))

    def hold_next(self, method: str, times: int = 1) -> asyncio.Event:
        """Let the next `times` calls wait until the returned event is set."""
        gate = asyncio.Event()
        self.waiting.append(Fault(method, times, gate=gate))
        return gate

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Do what the next `times` calls ask, then close the connection instead of answering."""
        self.waiting.append(Fault(method, times, lose_answer=True))

    def deliver_twice(self, times: int = 1) -> None:
        """Send each of the next `times` requests to the bot twice, at the same moment."""
        self.twice += times

    def take(self, method: str, *also: str) -> Fault[Refusal] | None:
        """The trouble for this call, used up by it; `also` are other names of it."""
        for fault in self.waiting:
            if fault.method in (method, "*", *also):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def doubled(self) -> bool:
        """Whether this request to the bot is one of those sent twice; uses one up."""
        self.twice -= (found := self.twice > 0)
        return found
