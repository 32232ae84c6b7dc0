"""The guided tour: tickets from the first word to "yes, fixed", each step to be pressed or done by oneself.

A step is done when its people can see that it is: the tour looks at the same screens as everybody.
"""

from __future__ import annotations

from bot.sandbox.errors import ClientRefused
from bot.sandbox.page import light_bulb, msp
from bot.sandbox.page.deeds import Json
from bot.sandbox.page.steps import Sight, Step
from bot.sandbox.stage import Stage


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
        sight, steps = self._sight(), self._rounds()
        done = [step.done(sight) for step in steps]
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
            for at, one in enumerate(steps)
        ]

    async def do(self, key: str) -> None:
        """Raises `ClientRefused` where that cannot be done now."""
        step = next((one for one in self._rounds() if one.key == key), None)
        if step is None:
            raise ClientRefused("the tour has no such step")
        try:
            await step.do(self._sight())
        except LookupError as not_there:
            raise ClientRefused("That is not there yet. Do the steps before it first.") from not_there

    def _rounds(self) -> tuple[Step, ...]:
        """The second round needs the MSP in its workspace."""
        return (*light_bulb.STEPS, *(msp.STEPS if msp.VENDOR in self._stage.on.places else ()))

    def _sight(self) -> Sight:
        since, _, ahead = self._facts["tour"].partition(" ")
        return Sight(self._stage, since, float(ahead))
