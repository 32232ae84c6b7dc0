"""A terminal session: lines in, cards out. Each line is worked on until nothing is left to do, so the output is the same every time."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.console import clock as clocks
from bot.console import roster
from bot.console.clock import MovedClock
from bot.console.roster import Unclear, handle
from bot.console.screen import Screen
from bot.console.speaking import Speaker
from bot.reading import Reading
from handlers.office.model import Office
from handlers.words import When

_SPOKEN = re.compile(r"([\w.@+'’ -]{1,80}(?<![\s-]))>\s*(.*)", re.DOTALL)
LONGEST = 50_000

HELP = """\
Type as anybody of the office: who speaks, ">", and what they say. Without a name, whoever spoke last goes on.
  ana> /issue light above my desk flickers    report something (/issue alone asks in a form)
  ana> list                                   commands also work as plain words: help, list, show 1, find light
  bob> press take                             press a button by its words, on the latest card that has it
  bob> press 2                                or by its number, on the latest card
  bob> press take #1                          or on the card of a certain ticket
  bob> reply 1 The ladder is on its way       write in the thread of a ticket's card
  bob> in #building: Who has the ladder?      or under the latest card of a channel
Forms are asked line by line: "?" explains, an empty line skips, "cancel" stops.
  who                    who is who          clock                   what time it is
  clock +4h              moves the time      clock mon 09:00         to the next Monday morning
  help                   this                quit                    ends it"""


@dataclass(slots=True)
class Session:
    """`settled` returns when everything that follows from a line is done; `tick` what happens by itself as time goes by.

    `clock` is None where time cannot be moved. `next_due`: when the next timer before a moment is due, None if none is.
    """

    screen: Screen
    speaker: Speaker
    office: Callable[[], Awaitable[Office]]
    now: Callable[[], datetime]
    settled: Callable[[], Awaitable[None]]
    tick: Callable[[], Awaitable[None]]
    next_due: Callable[[datetime], Awaitable[datetime | None]]
    clock: MovedClock | None = None
    who: str = ""

    async def prompt(self) -> str:
        """Who speaks if no name is typed."""
        return f"{handle(await self.office(), self.who)}> " if self.who else "> "

    async def line(self, typed: str) -> bool:
        """Does what a line says; False when it ends the session."""
        text = typed.strip()
        if text.casefold() in ("quit", "exit"):
            return False
        if text.startswith("# ") or (not text and self.who not in self.speaker.asking):
            return True
        before = self.screen.printed
        with self.screen.holding():
            try:
                await self._do(text[:LONGEST])
            except Unclear as unclear:
                self.screen.say(*unclear.lines)
            await self.settled()
        if self.screen.printed == before:
            self.screen.say("  (done)")
        return True

    async def _do(self, text: str) -> None:
        first, _, rest = text.partition(" ")
        match first.casefold():
            case "help" if not rest:
                self.screen.say(HELP)
            case "who" | "people" if not rest:
                self.screen.say(*roster.listed(await self.office()))
            case "clock":
                await self._clock(rest.strip())
            case _:
                await self._speak(text)

    async def _speak(self, text: str) -> None:
        office = await self.office()
        named = _SPOKEN.fullmatch(text)
        if named is not None:
            self.who = roster.find(office, named[1])
        if not self.who:
            raise Unclear('Begin with who speaks, such as: ana> light above my desk flickers. "who" lists everybody.')
        await self.speaker.speak(office, self.who, named[2].strip() if named else text)

    # ------------------------------------------------------------ time

    async def _clock(self, typed: str) -> None:
        """Time goes on from one thing that is due to the next, so that each happens at its own moment."""
        if typed:
            if self.clock is None:
                raise Unclear("The clock cannot be moved here.")
            target = clocks.read(typed, self.now(), (await self.office()).head.time_zone)
            while (due := await self.next_due(self.now())) is not None and due < target:
                await self._moved(self.clock, due)
            await self._moved(self.clock, target)
        self.screen.say(f"  It is {await self._time()}.")

    async def _moved(self, clock: MovedClock, moment: datetime) -> None:
        clock.move_to(moment)
        await self.tick()
        await self.settled()

    async def _time(self) -> str:
        head = (await self.office()).head
        return Reading.of(head.language, head.time_zone).moment(When(self.now()))
