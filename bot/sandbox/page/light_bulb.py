"""The first round of the tour: one ticket from the first word to "yes, fixed", reported in Slack and worked on in Teams."""

from __future__ import annotations

from datetime import timedelta

from bot.sandbox.page.steps import HOUR, Sight, Step

LIGHT = "light above my desk flickers"
LADDER = "I come with a ladder at two"


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
