"""The desk in Teams as it is served: the product's own wiring with the addresses of a tenant on loopback, and nobody's pace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.app import Deskbell, opened
from bot.logs import configure
from bot.settings import Settings
from bot.teams.wiring import connected
from bot.web.server import serving
from storage.coordination import Alone
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
