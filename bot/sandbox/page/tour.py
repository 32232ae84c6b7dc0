"""The guided tour: one ticket from the first word to "yes, fixed", each step to be pressed or done by oneself.

A step is done when its people can see that it is: the tour looks at the same screens as everybody.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.sandbox.errors import ClientRefused
from bot.sandbox.page.deeds import Json
from bot.sandbox.stage import Stage

LIGHT = "light above my desk flickers"
LADDER = "I come with a ladder at two"
HOUR, ABOUT = 3600.0, 60.0
_OPEN = re.compile(r"#(\d+) is open")


class Sight:
    """What can be seen of this round of the tour: all that Slack has shown Ana after the time stamp `since`."""

    def __init__(self, stage: Stage, since: str, ahead: float) -> None:
        self.stage, self.ahead = stage, ahead
        everything = stage.on.slack.actor("ana").seen()
        self._shown = [one for one in everything if one.kind in ("message", "ephemeral") and one.id > since]

    @property
    def number(self) -> str:
        """The ticket that Ana has reported meanwhile, as "#7"; "" before."""
        found = (_OPEN.search(one.text) for one in self._shown)
        return next((f"#{one[1]}" for one in found if one), "")

    def ana_reads(self, words: str) -> bool:
        return bool(self.number) and any(one.says(words) and one.says(self.number) for one in self._shown)

    def ana_can_press(self, label: str) -> bool:
        return any(label in one.buttons and one.says(self.number) for one in self._shown)

    def is_later(self) -> bool:
        return self.stage.on.clock.ahead >= self.ahead + HOUR - ABOUT


@dataclass(frozen=True)
class Step:
    """`where` it happens: the name of a conversation, "dm" for the one with the app. `words` tell the story, `hint` how to do it oneself.
    `do` and `done` are given what can be seen."""

    key: str
    chat: Literal["slack", "teams"]
    who: str
    where: str
    words: str
    hint: str
    do: Callable[[Sight], Awaitable[object]]
    done: Callable[[Sight], bool]


async def _report(sight: Sight) -> None:
    await sight.stage.on.slack.actor("ana").command("office", sight.stage.bot.settings.slack_command, LIGHT)


async def _slow(sight: Sight) -> None:
    await sight.stage.on.slack.actor("ana").press("It slows me down")


async def _take(sight: Sight) -> None:
    bob = sight.stage.on.teams.actor("bob")
    await bob.press("Take it", on=bob.find(f"{sight.number} "))


async def _reply(sight: Sight) -> None:
    bob = sight.stage.on.teams.actor("bob")
    await bob.press("Reply…", on=bob.find(f"{sight.number} "))
    await bob.submit({"Your words": LADDER})
    if bob.modal is not None:
        await bob.close()


async def _later(sight: Sight) -> None:
    await sight.stage.move_to(sight.stage.on.clock() + timedelta(seconds=HOUR))


async def _fixed(sight: Sight) -> None:
    bob = sight.stage.on.teams.actor("bob")
    await bob.press("Fixed…", on=bob.find(f"{sight.number} "))
    await bob.submit({"What did you do?": "Socket replaced", "Minutes of work": "45"})
    if bob.modal is not None:
        await bob.close()


async def _confirm(sight: Sight) -> None:
    await sight.stage.on.slack.actor("ana").press("Yes, fixed")


async def _rate(sight: Sight) -> None:
    await sight.stage.on.slack.actor("ana").press("5")


STEPS = (
    Step(
        "report",
        "slack",
        "ana",
        "office",
        "Ana's light flickers. She says so where she is: in Slack.",
        f"In #office, type: /issue {LIGHT}",
        _report,
        lambda sight: bool(sight.number),
    ),
    Step(
        "slow",
        "slack",
        "ana",
        "office",
        "The desk knows whose it is and by when it is answered. It asks one thing: how bad is it?",
        "Press “It slows me down” in the private answer.",
        _slow,
        lambda sight: bool(sight.number) and not sight.ana_can_press("It slows me down"),
    ),
    Step(
        "take",
        "teams",
        "bob",
        "building-desk",
        "Bob looks after the building, and works in Teams. The same ticket stands there.",
        "In Teams, in building-desk, press “Take it”. Look at Slack: Ana is told.",
        _take,
        lambda sight: sight.ana_reads("is on it"),
    ),
    Step(
        "reply",
        "teams",
        "bob",
        "building-desk",
        "Bob writes back. Ana reads it in Slack, with his name.",
        f"Press “Reply…” on the card, write “{LADDER}”, and send it.",
        _reply,
        lambda sight: sight.ana_reads(f"Bob Burke on {sight.number}"),
    ),
    Step(
        "later",
        "teams",
        "bob",
        "building-desk",
        "Some time goes by. The office has a clock of its own.",
        "Press “+1 h” at the top.",
        _later,
        lambda sight: sight.is_later(),
    ),
    Step(
        "fixed",
        "teams",
        "bob",
        "building-desk",
        "It is done. But it is not closed because Bob says so.",
        "Press “Fixed…” on the card, say what you did, and send it.",
        _fixed,
        lambda sight: sight.ana_reads(f"Bob Burke says {sight.number} is fixed"),
    ),
    Step(
        "confirm",
        "slack",
        "ana",
        "dm",
        "Ana is asked. Only her yes closes it; after days of silence it is closed as “nobody confirmed”.",
        "In Slack, press “Yes, fixed”.",
        _confirm,
        lambda sight: sight.ana_reads("it is closed"),
    ),
    Step(
        "rate",
        "slack",
        "ana",
        "dm",
        "One more press, if she likes: how well was it done?",
        "Press a number from 1 to 5.",
        _rate,
        lambda sight: sight.ana_reads("You gave it"),
    ),
)


class Tour:
    """Where the tour is. `since` and `ahead` are remembered in the stage's facts, so that it goes on after a restart."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._facts = stage, stage.on.facts
        if "tour" not in self._facts:
            self.again()

    def again(self) -> None:
        """From the first step, with a ticket of its own."""
        self._facts["tour"] = f"{self._stage.on.slack.world.new_ts()} {self._stage.on.clock.ahead}"

    def steps(self) -> list[Json]:
        """For the page. Whoever has done a later step has done those before it."""
        sight = self._sight()
        done = [step.done(sight) for step in STEPS]
        return [
            {
                "key": one.key,
                "chat": one.chat,
                "who": one.who,
                "where": one.where,
                "words": one.words,
                "hint": one.hint,
                "done": any(done[at:]),
            }
            for at, one in enumerate(STEPS)
        ]

    async def do(self, key: str) -> None:
        """Raises `ClientRefused` where that cannot be done now."""
        step = next((one for one in STEPS if one.key == key), None)
        if step is None:
            raise ClientRefused("the tour has no such step")
        try:
            await step.do(self._sight())
        except LookupError as not_there:
            raise ClientRefused("That is not there yet. Do the steps before it first.") from not_there

    def _sight(self) -> Sight:
        since, _, ahead = self._facts["tour"].partition(" ")
        return Sight(self._stage, since, float(ahead))
