"""Beside the windows: who can be looked at, the office's clock, and the switches for trouble."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.console.clock import read
from bot.console.roster import Unclear
from bot.sandbox.errors import ClientRefused
from bot.sandbox.page.cast import cast, mailboxes
from bot.sandbox.page.deeds import Given, Json
from bot.sandbox.page.tour import Tour
from bot.sandbox.stage import PUBLIC, Stage
from bot.slack.manifest import COMMANDS, SHORTCUTS
from bot.teams.manifest import COMMANDS as ENTRIES

ENDLESS = 1_000_000_000
"""So many times a switched-on trouble holds, until it is switched off."""
SECONDS = 2
"""What a busy platform asks the bot to wait."""
CHATS = ("slack", "teams", "mail")
Act = Callable[[Given], Awaitable[None]]


class Controls:
    """`bot.sandbox.page.server.Control`."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._tour = stage, Tour(stage)
        self._acts: dict[str, Act] = {"clock": self._clock, "trouble": self._trouble, "tour": self._step, "tour_again": self._again}

    def about(self) -> Json:
        document = self._stage.on.document
        return {
            "office": {"name": document["office"]["name"], "zone": document["office"]["time_zone"]},
            "people": cast(document),
            "mailboxes": mailboxes(document, self._stage.on.mail.world.mailboxes.values()),
            "links": self.links(),
            "now": self._stage.on.clock().isoformat(),
            "trouble": {chat: self._troubles(chat) for chat in CHATS},
            "commands": [
                {"command": self._stage.bot.settings.slack_command, "hint": one.usage_hint, "about": one.description} for one in COMMANDS
            ],
            "tour": self._tour.steps() if self._stage.teams else [],
            "chats": list(CHATS) if self._stage.teams else ["slack", "mail"],
            "entries": [{"title": one.title, "about": one.description} for one in ENTRIES],
            "shortcuts": [{"kind": one.kind, "id": one.callback_id, "name": one.name} for one in SHORTCUTS],
        }

    def links(self) -> Json:
        return {"from": PUBLIC, "to": self._stage.on.slack.bot_url}

    async def do(self, act: str, values: Mapping[str, Any]) -> Json:
        known = self._acts.get(act)
        if known is None:
            raise ClientRefused("that cannot be done here")
        await known(Given(values))
        self._stage.on.changes.tell()
        return {"now": self._stage.on.clock().isoformat()}

    # ------------------------------------------------------------ the clock

    async def _clock(self, given: Given) -> None:
        """Forwards by "+4h", or to "mon 09:00", "17:30" or a date."""
        now, zone = self._stage.on.clock(), self._stage.on.document["office"]["time_zone"]
        try:
            moment = read(given.text("to"), now, zone)
        except Unclear as unclear:
            raise ClientRefused(str(unclear)) from unclear
        await self._stage.move_to(moment)

    # ------------------------------------------------------------ the tour

    async def _step(self, given: Given) -> None:
        """Does one step of the tour as its person would."""
        await self._tour.do(given.text("step"))

    async def _again(self, given: Given) -> None:
        self._tour.again()

    # ------------------------------------------------------------ trouble

    async def _trouble(self, given: Given) -> None:
        """Switches one kind of trouble of one chat on or off: `down`, `busy` (429 for everything; mail: greylisting), `twice` (each request
        comes twice)."""
        chat, kind, on = given.text("chat"), given.text("kind"), given.flag("on")
        if chat not in CHATS or kind not in ("down", "busy", "twice"):
            raise ClientRefused("there is no such switch")
        faults = self._faults(chat)
        if kind == "down":
            faults.down = on
        elif kind == "twice":
            faults.twice = ENDLESS if on else 0
        else:
            faults.waiting[:] = [one for one in faults.waiting if not _is_endless(one)]
            if on and chat == "slack":
                self._stage.on.slack.fail_next("*", "ratelimited", ENDLESS, retry_after=SECONDS)
            elif on and chat == "teams":
                self._stage.on.teams.fail_next("*", 429, ENDLESS, retry_after=SECONDS)
            elif on:
                self._stage.on.mail.faults.greylist(ENDLESS)
        if not on:
            self._stage.bot.pump.wake()
            await self._stage.on.slack.repeat_events()
            await self._stage.on.teams.repeat()
            await self._stage.on.mail.repeat(now=chat == "mail")

    def _faults(self, chat: str) -> Any:
        on = self._stage.on
        sandboxes: dict[str, Any] = {"slack": on.slack, "teams": on.teams, "mail": on.mail}
        return sandboxes[chat].faults

    def _troubles(self, chat: str) -> dict[str, bool]:
        faults = self._faults(chat)
        return {"down": faults.down, "busy": any(map(_is_endless, faults.waiting)), "twice": faults.twice > 0}


def _is_endless(fault: Any) -> bool:
    return bool(fault.times > ENDLESS // 2)
