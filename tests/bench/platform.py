"""The sandbox Slack as a process of its own: takes what the pump delivers, and checks every block of it."""

from __future__ import annotations

import asyncio
import os
import sys

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.model import Channel
from tests.bench.signed import SECRET, TOKEN, workspace

CHANNELS = ("C0FRONT", "C0BUILD", "C0ITDESK", "C0PEOPLE", "C0FINANCE", "C0OFFICE", "C0GENERAL")


async def main() -> None:
    slack = SlackSandbox(signing_secret=SECRET, bot_token=TOKEN)
    slack.world.team = workspace(0)
    for channel in CHANNELS:
        slack.world.channels[channel] = Channel(channel, channel.lower(), "channel", [slack.world.app.user])
    async with slack:
        print(slack.base_url.rsplit(":", 1)[1].partition("/")[0], flush=True)
        while (await asyncio.to_thread(sys.stdin.readline)).strip():
            messages = sum(len(channel.messages) for channel in slack.world.channels.values())
            print(messages, flush=True)


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    asyncio.run(main())
