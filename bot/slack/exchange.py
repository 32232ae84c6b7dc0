"""Asking Slack for tokens: for the code that somebody brings from its page, and for the refresh token of before.

https://docs.slack.dev/reference/methods/oauth.v2.access
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from yarl import URL

from bot.slack.door import known
from bot.slack.faults import CREDENTIALS, PASSING
from bot.slack.grants import Grant, Refused, Unreachable
from bot.slack.send import WEB_API

AUTHORIZE = "https://slack.com/oauth/v2/authorize"
BACK = "/slack/oauth_redirect"
TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class SlackApp:
    """The app as its pages at api.slack.com name it. `public_url` is where we are reached; the others are Slack's or a sandbox's."""

    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    scopes: Sequence[str]
    authorize: str = AUTHORIZE
    base: str = WEB_API

    @property
    def redirect_uri(self) -> str:
        """To be entered among the app's redirect URLs."""
        return str(URL(self.public_url) / BACK.removeprefix("/"))


class Exchange:
    """oauth.v2.access, and who we are with a new token. All raise `Refused` or `Unreachable`."""

    def __init__(self, http: aiohttp.ClientSession, app: SlackApp) -> None:
        self._http, self.app = http, app
        self._basic = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()

    async def code(self, code: str) -> Grant:
        return _grant(await self._access({"code": code, "redirect_uri": self.app.redirect_uri}))

    async def refresh(self, refresh_token: str) -> Grant:
        return _grant(await self._access({"grant_type": "refresh_token", "refresh_token": refresh_token}))

    async def bot_of(self, token: str) -> str:
        """auth.test: the bot's id, which an installation does not tell."""
        said = await self._said("auth.test", {}, f"Bearer {token}")
        return str(said.get("bot_id") or "")

    async def person(self, grant: Grant) -> Mapping[str, Any]:
        """users.info: whoever agreed to the installation, as Slack's user object."""
        said = await self._said("users.info", {"user": grant.by}, f"Bearer {grant.token}")
        return dict(said["user"])

    async def works(self, token: str) -> bool:
        """Whether Slack accepts the token."""
        try:
            await self.bot_of(token)
        except Refused as refused:
            return refused.error not in CREDENTIALS
        return True

    async def _access(self, fields: Mapping[str, str]) -> Mapping[str, Any]:
        return await self._said("oauth.v2.access", fields, f"Basic {self._basic}")

    async def _said(self, method: str, fields: Mapping[str, str], authorization: str) -> Mapping[str, Any]:
        headers = {"Authorization": authorization}
        try:
            call = self._http.post(self.app.base + method, data=fields, headers=headers, timeout=TIMEOUT, allow_redirects=False)
            async with call as answer:
                status, body = answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        return _success(status, body)


def _success(status: int, body: bytes) -> Mapping[str, Any]:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unreachable(f"status {status}, and no JSON") from None
    if isinstance(said, dict) and said.get("ok") is True:
        return said
    error = str(said.get("error") or "") if isinstance(said, dict) else ""
    if status == 429 or status >= 500 or error in PASSING or not error:
        raise Unreachable(f"status {status} {known(error)}")
    raise Refused(known(error))


def _grant(said: Mapping[str, Any]) -> Grant:
    """https://docs.slack.dev/reference/methods/oauth.v2.access: installed for a whole enterprise, the team is null."""
    wide = said.get("is_enterprise_install") is True
    where, by = said.get("enterprise" if wide else "team"), said.get("authed_user")
    if not (isinstance(where, dict) and where.get("id") and isinstance(said.get("access_token"), str)):
        raise Unreachable("an answer of another shape")
    expires_in, enterprise = said.get("expires_in"), said.get("enterprise")
    return Grant(
        workspace=str(where["id"]),
        token=said["access_token"],
        name=str(where.get("name") or ""),
        bot_user=str(said.get("bot_user_id") or ""),
        app=str(said.get("app_id") or ""),
        enterprise=str(enterprise.get("id") or "") if isinstance(enterprise, dict) else "",
        enterprise_wide=wide,
        scopes=tuple(str(said.get("scope") or "").split(",")),
        by=str(by.get("id") or "") if isinstance(by, dict) else "",
        refresh_token=str(said.get("refresh_token") or ""),
        expires_in=float(expires_in) if isinstance(expires_in, int | float) else None,
    )
