"""Messages of Teams: people write to the bot 1:1, and afterwards each is looked for wherever it should have led to something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import orjson
from sqlalchemy import Connection, select

from bot.teams.door import PATH
from handlers.core import Account
from storage.database import open_database
from storage.tables import history, outbox, tickets
from tests.bench.child import Child
from tests.bench.ledger import Wrong
from tests.bench.load import Answered
from tests.bench.options import Options
from tests.bench.signed import Signed
from tests.bench.tenant import QUEUES, WIDE_NAME, furnished, writers

TAKEN = {"echo": 201, "teams": 200}
"""The status of an answer to a message; neither has a body."""


def address(child: Child) -> str:
    return f"http://127.0.0.1:{child.port}"


def accounts() -> list[Account]:
    teams = furnished()
    return [Account("teams", teams.tenant, one.aad or "") for one in writers(teams)]


def queue_channels() -> dict[str, str]:
    world = furnished().world
    return {queue: world.channel(queue).id for queue in QUEUES}


def wide_channels() -> list[str]:
    return [one.id for one in furnished().world.conversations.values() if one.name.startswith(WIDE_NAME)]


class Messages:
    """The people of one tenant write to one bot. `own_tokens`: each request is signed for itself."""

    def __init__(self, tenant: Child, folder: Path, options: Options, own_tokens: bool = False) -> None:
        self.first = 1
        self._tenant, self._file, self._options = tenant, folder / f"{tenant.pid}.json", options
        self._order = "sign" if own_tokens else "say"
        self._said: dict[str, str] = {}

    async def requests(self, count: int) -> Sequence[Signed]:
        await self._tenant.order(f"{self._order} {count} {self._file}")
        return [self._request(body, token) for body, token in orjson.loads(self._file.read_bytes())]

    def _request(self, body: str, token: str) -> Signed:
        activity, data = orjson.loads(body), body.encode()
        self._said[activity["text"]] = activity["conversation"]["id"]
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        return Signed(head.encode() + data, 0)

    def enter(self, answers: Sequence[Answered]) -> None:
        for one in answers:
            if one.status != TAKEN[self._options.kind] or one.body:
                raise Wrong(f"a message was answered with {one.status}: {one.body[:200]!r}")

    async def compare(self) -> int:
        """How many tickets there are: exactly one of each message, with its line in the history, its card and its answer in the outbox.
        What was to be posted stands in its conversation, once."""
        if self._options.kind == "echo":
            self._stand_once(await self.standing(), "Echo: {}")
            return 0
        await self._are_kept()
        if self._options.pump:
            standing = await self.standing()
            self._stand_once(standing, "#")
            self._stand_in_a_queue(standing)
        return len(self._said)

    async def _are_kept(self) -> None:
        database = open_database(self._options.database)
        try:
            kept = await database.read(_kept)
        finally:
            await database.close()
        if kept != dict.fromkeys(self._said, 1):
            lost = [text for text in self._said if kept[text] != 1]
            raise Wrong(
                f"of {len(self._said)} messages {len(lost)} have not led to one ticket each, such as {lost[:1]}; {len(kept)} are there"
            )

    async def standing(self) -> dict[str, list[str]]:
        await self._tenant.order(f"stands {self._file}")
        found: dict[str, list[str]] = orjson.loads(self._file.read_bytes())
        return found

    def _stand_once(self, standing: dict[str, list[str]], form: str) -> None:
        """Each in the conversation of who has written it."""
        for text, conversation in self._said.items():
            found = [one for one in standing[conversation] if text in one]
            if len(found) != 1 or not found[0].startswith(form.format(text)):
                raise Wrong(f"{text!r} was answered with {found}")

    def _stand_in_a_queue(self, standing: dict[str, list[str]]) -> None:
        cards = [card for channel in queue_channels().values() for card in standing[channel]]
        found = Counter(text for card in cards for text in self._said if text in card)
        if lost := [text for text in self._said if found[text] != 1]:
            raise Wrong(f"{len(lost)} cards do not stand once in a channel, such as that of {lost[0]!r}")


def _kept(connection: Connection) -> Counter[str]:
    subject = "ticket:" + tickets.c.id
    told = select(history.c.seq).where(history.c.organisation == tickets.c.organisation, history.c.subject == subject).exists()
    sent = subject.in_(select(outbox.c.subject).where(outbox.c.name == "post"))
    return Counter(connection.scalars(select(tickets.c.body).where(told, sent)))
