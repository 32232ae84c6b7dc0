"""A tenant of Teams as a process of its own: issuer, sign-in and a connector that checks every card, and the people who write.

Orders, each with the file that it writes: `say COUNT FILE` has people write so many messages in their 1:1 conversations, really signed, as
[[body, token], ...]; `sign COUNT FILE` is the same with a token of its own for each; `stands FILE` tells what the bot has posted, as
{conversation: [summary or text, ...]}.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

import orjson

from bot.sandbox.teams import TeamsSandbox
from bot.sandbox.teams.activities import message_activity
from bot.sandbox.teams.keys import claims, sign
from bot.sandbox.teams.model import Message, User
from tests.bench.signed import USERS, WORDS

QUEUES = ("front-desk", "building", "it", "people", "finance")
WIDE, WIDE_NAME = 1000, "wide-"
"""Channels that a broadcast goes to."""


def furnished() -> TeamsSandbox:
    """Not started. Ids are made of names and numbers: every process has the same. Who writes is in no channel, so no client asks for a view
    of its own when a card appears."""
    teams = TeamsSandbox()
    for at in range(USERS):
        teams.add_user(f"user{at}")
    agent = teams.add_user("agent").id
    for queue in QUEUES:
        teams.add_channel(queue, [agent], team="Desks")
    for at in range(WIDE):
        teams.add_channel(f"{WIDE_NAME}{at}", [agent], team="Wide")
    return teams


def writers(teams: TeamsSandbox) -> list[User]:
    return [teams.world.user(f"user{at}") for at in range(USERS)]


class Writing:
    """What people write. Each message has words that no other one has."""

    def __init__(self, teams: TeamsSandbox) -> None:
        self._teams, self._people, self._serial = teams, writers(teams), itertools.count(1)

    def said(self, count: int, own_tokens: bool = False) -> list[tuple[str, str]]:
        return [self._one(next(self._serial), own_tokens) for _ in range(count)]

    def _one(self, number: int, own_token: bool) -> tuple[str, str]:
        teams, who = self._teams, self._people[number // 7 % len(self._people)]
        text = f"{WORDS[number % len(WORDS)]} (room {number})"
        message = Message(teams.world.new_id(), teams.world.personal(who).id, who.id, text)
        teams.world.post(message)
        return orjson.dumps(message_activity(teams._platform, message)).decode(), self._token(who, number if own_token else 0)

    def _token(self, who: User, number: int) -> str:
        issuer, teams = self._teams.issuer, self._teams
        if not number:
            return issuer.token(teams.app_id, teams.service_url)
        return sign(issuer.current, claims(teams.app_id, teams.service_url, issuer.clock()) | {"jti": str(number)})


def standing(teams: TeamsSandbox) -> dict[str, list[str]]:
    """What the bot has posted, by conversation."""
    bot = teams.app.bot
    return {
        one.id: [message.summary or message.text for message in one.messages.values() if message.user == bot]
        for one in teams.world.conversations.values()
    }


async def main() -> None:
    async with furnished() as teams:
        writing = Writing(teams)
        print(teams.openid_url.split(":")[2].partition("/")[0], flush=True)
        while order := (await asyncio.to_thread(sys.stdin.readline)).split():
            match order:
                case ["say" | "sign" as what, count, file]:
                    Path(file).write_bytes(orjson.dumps(writing.said(int(count), what == "sign")))
                case ["stands", file]:
                    Path(file).write_bytes(orjson.dumps(standing(teams)))
            print("done", flush=True)


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    asyncio.run(main())
