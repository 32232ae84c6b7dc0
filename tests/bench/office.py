"""The desk in Teams as it is served: the product's own wiring with the addresses of a tenant on loopback, and nobody's pace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection, select

from bot.app import Deskbell, opened
from bot.logs import configure
from bot.settings import Settings
from bot.teams.wiring import connected
from bot.web.server import serving
from handlers.core import Post
from storage.coordination import Alone
from storage.ids import new_id
from storage.tables import places, tickets
from tests.bench.desk import drained
from tests.bench.options import Options
from tests.bench.tenant import furnished


class Unpaced(Alone):
    """With two messages a second and conversation, and fifty a second and tenant, nothing could be measured in minutes."""

    async def pace(self, key: str, per_second: float, burst: int) -> float:
        return 0.0


@asynccontextmanager
async def served(options: Options) -> AsyncIterator[tuple[int, Deskbell]]:
    """Listens; gives the port and the bot."""
    settings = settings_for(options)
    configure(settings)
    async with opened(settings) as bot:
        bot.coordination = Unpaced()
        async with connected(bot) as teams:
            if options.pump:
                await bot.start()
            async with serving(bot, "127.0.0.1", 0, teams.routes) as port:
                yield port, bot
            if options.pump:
                await bot.stop()


def settings_for(options: Options) -> Settings:
    teams = furnished()
    return Settings(
        DATABASE_URL=options.database,
        data_folder=Path("var"),
        teams_app_id=teams.app_id,
        teams_app_password=SecretStr(teams.app_secret),
        teams_tenant_id=teams.tenant,
        teams_openid_url=f"{options.tenant}/v1/.well-known/openidconfiguration",
        teams_login_url=f"{options.tenant}/login",
        _env_file=None,
    )


async def spread(options: Options, bot: Deskbell) -> None:
    """The newest ticket's card for all channels that are no queue's; returns when the pump has delivered all copies."""
    organisation, ticket, wide = await bot.store.database.read(_newest)
    posts = [Post(new_id(), organisation, f"ticket:{ticket}", "ticket.channel", place, broadcast=True) for place in wide]
    work = bot.store.work(organisation)
    work.add(*posts)
    work.deliver(*posts)
    await work.commit()
    await drained(options, bot)


def _newest(connection: Connection) -> tuple[str, str, list[str]]:
    organisation, ticket = connection.execute(select(tickets.c.organisation, tickets.c.id).order_by(tickets.c.number.desc()).limit(1)).one()
    wide = select(places.c.id).where(places.c.kind == "channel", places.c.queue.is_(None))
    return organisation, ticket, list(connection.scalars(wide))
