"""What our way through `/api/messages` is compared with: an echo bot of botbuilder-core 4.17.1, served by aiohttp as in its samples.

Its `CloudAdapter` in `botbuilder-integration-aiohttp` adds to `CloudAdapterBase` the reading of the request, which stands here. It checks
tokens and sends with its own code. One thing is spared it: MSAL, of which it makes a new client for each turn and which then asks for a new
token, speaks https only; here the token is asked for once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import requests
from aiohttp import web
from botbuilder.core import ActivityHandler, MessageFactory, TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity
from botframework.connector.auth import (
    BotFrameworkAuthenticationFactory,
    ChannelValidation,
    MicrosoftAppCredentials,
    PasswordServiceClientCredentialFactory,
)

from bot.sandbox.teams.login import SCOPE
from bot.teams.door import PATH
from tests.bench.tenant import furnished


class Credentials(MicrosoftAppCredentials):
    """With a token that is already there."""

    token = ""

    def get_access_token(self, force_refresh: bool = False) -> str:
        return self.token


class Factory(PasswordServiceClientCredentialFactory):
    async def create_credentials(self, app_id: str, oauth_scope: str, login_endpoint: str, validate_authority: bool) -> Any:
        return Credentials(app_id, self.password, self.tenant_id, oauth_scope)


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(MessageFactory.text(f"Echo: {turn_context.activity.text}"))


@asynccontextmanager
async def served(tenant: str) -> AsyncIterator[int]:
    """Listens; gives the port. `tenant` is the address of `tests.bench.tenant`."""
    teams = furnished()
    form = {"grant_type": "client_credentials", "client_id": teams.app_id, "client_secret": teams.app_secret, "scope": SCOPE}
    asked = requests.post(f"{tenant}/login/{teams.tenant}/oauth2/v2.0/token", data=form, timeout=30)
    Credentials.token = asked.json()["access_token"]
    ChannelValidation.open_id_metadata_endpoint = f"{tenant}/v1/.well-known/openidconfiguration"
    factory = Factory(teams.app_id, teams.app_secret, teams.tenant)
    adapter, bot = CloudAdapterBase(BotFrameworkAuthenticationFactory.create(credential_factory=factory)), Echo()

    async def messages(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        answer = await adapter.process_activity(request.headers.get("Authorization", ""), activity, bot.on_turn)
        return web.json_response(answer.body, status=answer.status) if answer else web.Response(status=201)

    app = web.Application()
    app.router.add_post(PATH, messages)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
