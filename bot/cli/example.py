"""The offices that come with the program: the example, and that of Microsoft's Playground."""

from __future__ import annotations

from pathlib import Path

from bot.app import Deskbell
from bot.cli.common import Trouble
from bot.cli.offices import checked
from bot.offices import apply, plan
from bot.shipped import shipped
from handlers.office.model import Office


def example_office() -> Path:
    """Raises `Trouble` where there is none."""
    found = shipped("office.example.yaml")
    if found is None:
        raise Trouble("The example office is not installed here. Give an office file of your own: deskbell demo --office office.yaml")
    return found


async def playground_office(bot: Deskbell) -> Office | None:
    """Stores the office of the Playground where there is none yet; None if there is one. Raises `Trouble` where it is not installed."""
    if any(one.version for one in await bot.store.offices.list()):
        return None
    found = shipped("office.playground.yaml")
    if found is None:
        raise Trouble("The office of the Playground is not installed here. Write one, and run: deskbell office apply office.yaml")
    document, _ = await checked(found, bot.store)
    return await apply(bot.store, await plan(bot.store, document, bot.clock()), bot.clock())
