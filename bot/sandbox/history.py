"""What has happened in the example office before today: some weeks of tickets, each told by the people whose they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import office
from bot.sandbox.stage import Stage

Seat = tuple[str, str]
"""A chat, and who sits there."""
_NUMBER = re.compile(r"#\d+")
LATER = {"take": 15, "reply": 20, "fixed": 130, "not yet": 25, "yes": 40, "rate": 1}
"""Minutes after what went before."""


@dataclass(frozen=True)
class Episode:
    """One ticket: so many days ago at a time of day, somebody says `words`, and `agent` does the rest.

    `acts` one after the other: "take", "reply: words", "fixed: words, minutes", "not yet: words", "yes", "rate: 5".
    """

    days_ago: int
    at: str
    reporter: Seat
    words: str
    agent: Seat = ("", "")
    acts: tuple[str, ...] = ()


EPISODES = (
    Episode(
        14,
        "09:12",
        ("slack", "hal"),
        "the coffee machine on the 2nd floor leaks",
        ("slack", "oli"),
        ("take", "fixed: New seal, 25", "yes", "rate: 5"),
    ),
    Episode(
        13,
        "10:05",
        ("teams", "sam"),
        "the label printer in hall A is offline",
        ("slack", "quinn"),
        ("take", "fixed: Cable replaced, 40", "yes", "rate: 4"),
    ),
    Episode(
        12,
        "13:30",
        ("slack", "ida"),
        "wifi drops in meeting room Lima",
        ("teams", "quinn"),
        ("take", "reply: Is it with all devices?", "fixed: New access point, 90"),
    ),
    Episode(
        11,
        "09:40",
        ("teams", "tia"),
        "the dock gate does not close",
        ("slack", "pat"),
        ("take", "fixed: Sensor cleaned, 30", "not yet: It stops halfway", "fixed: Sensor replaced, 75", "yes", "rate: 3"),
    ),
    Episode(
        10, "11:20", ("slack", "kim"), "my office chair is broken", ("teams", "bob"), ("take", "fixed: Another chair, 15", "yes", "rate: 5")
    ),
    Episode(
        8,
        "15:05",
        ("slack", "leo"),
        "the fridge on the 3rd floor needs oat milk",
        ("slack", "oli"),
        ("take", "fixed: It is there, 10", "yes"),
    ),
    Episode(
        6,
        "08:50",
        ("teams", "uma"),
        "the heating in the office container is cold",
        ("teams", "bob"),
        ("take", "reply: The boiler needs a part. It comes this week."),
    ),
    Episode(
        5,
        "14:10",
        ("slack", "jon"),
        "my keyboard is broken",
        ("slack", "eva"),
        ("take", "fixed: A new one, 10", "yes", "rate: 4"),
    ),
    Episode(
        4,
        "09:25",
        ("slack", "dee"),
        "the projector in meeting room Oslo shows no picture",
        ("teams", "quinn"),
        ("take", "reply: A new cable is ordered."),
    ),
    Episode(2, "10:45", ("teams", "wes"), "the lamp over loading dock 2 is dark", ("teams", "bob"), ("take",)),
    Episode(1, "13:15", ("slack", "mia"), "outlook does not open any more"),
)


async def play(stage: Stage) -> None:
    """All episodes, in the order of their moments; what the desk does by itself meanwhile, it does."""
    history = History(stage)
    for moment, episode, act in sorted(_moments(stage), key=lambda one: one[0]):
        await stage.move_to(moment)
        await history.act(episode, act)
        await stage.settled()


class History:
    """Who does what. `numbers`: by its words, the ticket that an episode is about."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._numbers: dict[str, str] = {}

    async def act(self, episode: Episode, act: str) -> None:
        kind, _, words = act.partition(": ")
        reporter, agent = episode.reporter, episode.agent
        match kind:
            case "report":
                await self._report(episode)
            case "take":
                await self._press(agent, episode, "Take it")
            case "reply":
                await self._press(agent, episode, "Reply…", {"Your words": words})
            case "fixed":
                what, _, minutes = words.partition(", ")
                await self._press(agent, episode, "Fixed…", {"What did you do?": what, "Minutes of work": minutes})
            case "not yet":
                await self._press(reporter, episode, "Not yet…", {"What is still wrong?": words})
            case "yes":
                await self._press(reporter, episode, "Yes, fixed")
            case "rate":
                await self._press(reporter, episode, words)
            case _:
                raise ValueError(f"nobody can {act!r}")

    async def _report(self, episode: Episode) -> None:
        who = self._actor(episode.reporter)
        await who.command(office.EVERYBODY, self._stage.bot.settings.slack_command, episode.words)
        await self._stage.settled()
        found = _NUMBER.search(who.find(episode.words).text)
        assert found is not None, episode.words
        self._numbers[episode.words] = found[0]

    async def _press(self, seat: Seat, episode: Episode, label: str, form: dict[str, str] | None = None) -> None:
        """On the newest thing about the ticket that has such a button."""
        who, number = self._actor(seat), self._numbers[episode.words]
        fitting = (one for one in reversed(who.seen()) if label in one.buttons and one.says(f"{number} "))
        on = next(fitting, None)
        if on is None:
            raise LookupError(f"{seat[1]} sees no {label!r} about {number}: {[one.text for one in who.seen()]}")
        await who.press(label, on=on)
        if form is not None:
            await self._stage.on.changes.until(lambda: who.modal is not None and all(who.modal.says(label) for label in form))
            await who.submit(form)
            if who.modal is not None:
                await who.close()

    def _actor(self, seat: Seat) -> Any:
        """Where there is no Teams, all sit in Slack."""
        chat, name = seat
        in_slack = chat == "slack" or self._stage.teams is None
        return self._stage.on.slack.actor(name) if in_slack else self._stage.on.teams.actor(name)


def _moments(stage: Stage) -> Iterator[tuple[datetime, Episode, str]]:
    today = datetime.now(UTC).astimezone(ZoneInfo(stage.on.zone)).date()
    for episode in EPISODES:
        day = _workday(datetime.combine(today - timedelta(days=episode.days_ago), time.fromisoformat(episode.at), ZoneInfo(stage.on.zone)))
        yield day.astimezone(UTC), episode, "report"
        for act in episode.acts:
            day += timedelta(minutes=LATER[act.partition(":")[0]])
            yield day.astimezone(UTC), episode, act


def _workday(moment: datetime) -> datetime:
    """What falls on a weekend was on the Friday before."""
    return moment - timedelta(days=max(0, moment.weekday() - 4))
