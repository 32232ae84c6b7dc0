"""Is Slack set up? The settings, the tokens with their scopes, the clock, the socket, and the channels that the office names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from pydantic import SecretStr

from bot.findings import Finding
from bot.settings import Settings
from bot.slack.asking import NO_ANSWER, Asking
from bot.slack.channels import Channels
from bot.slack.manifest import SCOPES, scopes
from handlers.office.model import Office
from storage.installations import Installation

SKEW = 300.0
"""Slack refuses, and we refuse, what was signed more than five minutes ago: https://docs.slack.dev/authentication/verifying-requests-from-slack"""
SET_UP = (
    "Set DESKBELL_SLACK_BOT_TOKEN, and DESKBELL_SLACK_SIGNING_SECRET or (Socket Mode) DESKBELL_SLACK_APP_TOKEN, or use deskbell demo. "
    "docs/install-slack.md tells how to get them."
)
HOW_TO_CONNECT = "Make an app-level token with the scope connections:write, under Basic Information, and set DESKBELL_SLACK_APP_TOKEN."


@dataclass(frozen=True, slots=True)
class Slack:
    """`installed` are the workspaces that have installed us from a link, with their data; `offices` are by organisation."""

    settings: Settings
    http: aiohttp.ClientSession
    clock: Callable[[], datetime]

    async def examined(self, offices: Sequence[Office], installed: Sequence[Installation] = ()) -> AsyncIterator[Finding]:
        """First what stops everything, then each workspace: its token, its scopes, its channels."""
        if missing := self.settings.missing_for_slack:
            yield self._not_set_up(missing)
            return
        if token := secret(self.settings.slack_app_token):
            yield await self._socket(token)
        own = secret(self.settings.slack_bot_token)
        if own:
            async for finding in self._workspace(own, "", self._served(offices)):
                yield finding
        for one in installed:
            async for finding in self._stored(one, offices):
                yield finding
        if not own and not installed:
            yield Finding("warn", "slack", "no workspace has installed the app yet. Print a link for one: deskbell invite office KEY")

    def _not_set_up(self, missing: Sequence[str]) -> Finding:
        some = (self.settings.slack_bot_token, self.settings.slack_app_token, self.settings.slack_client_id)
        if any(some):
            return Finding(
                "fail", "slack", f"is set up in part: {' and '.join(missing)} missing. docs/install-slack.md says where they come from."
            )
        return Finding("ok" if self.settings.has_teams else "warn", "slack", f"is not set up. {SET_UP}")

    def _served(self, offices: Sequence[Office]) -> list[Office]:
        """The office of the settings' workspace."""
        return [one for one in offices if self.settings.office in (None, one.head.key)]

    async def _socket(self, token: str) -> Finding:
        """apps.connections.open gives an address for a connection; unused, it lapses."""
        if not token.startswith("xapp-"):
            return Finding("fail", "slack socket", f"the app-level token does not begin with xapp-. {HOW_TO_CONNECT}")
        try:
            said, _ = await self._asking(token)("apps.connections.open")
        except NO_ANSWER as error:
            return Finding("fail", "slack socket", f"no connection is given ({type(error).__name__}). Check the way out to Slack.")
        if said.get("ok"):
            return Finding("ok", "slack socket", "Slack gives a connection for Socket Mode.")
        return Finding("fail", "slack socket", f"Slack gives no connection ({said.get('error')}). Is Socket Mode on? {HOW_TO_CONNECT}")

    # ------------------------------------------------------------ a workspace

    async def _stored(self, one: Installation, offices: Sequence[Office]) -> AsyncIterator[Finding]:
        at, data = f" of {one.workspace}", one.data
        ends = data.get("expires_at")
        if not data.get("token"):
            yield Finding(
                "fail", f"slack token{at}", "is not there any more: the app was removed. Invite again: deskbell invite office KEY"
            )
        elif isinstance(ends, int | float) and ends <= self.clock().timestamp():
            yield Finding("warn", f"slack token{at}", "has ended. The running bot gets a new one by itself; is it running?")
        else:
            theirs = [office for office in offices if office.organisation == one.organisation] if one.vendor is None else []
            async for finding in self._workspace(str(data["token"]), at, theirs):
                yield finding

    async def _workspace(self, token: str, at: str, offices: Sequence[Office]) -> AsyncIterator[Finding]:
        ask = self._asking(token)
        try:
            said, headers = await ask("auth.test")
        except NO_ANSWER as error:
            yield Finding(
                "fail", f"slack{at}", f"does not answer ({type(error).__name__}). Check the way out to {self.settings.slack_api_url}"
            )
            return
        yield self._skew(headers, at)
        if not said.get("ok"):
            yield refused(token, str(said.get("error")), at)
            return
        yield Finding("ok", f"slack token{at}", f"is that of {said.get('user')} in {said.get('team')}.")
        granted = frozenset(filter(None, (one.strip() for one in headers.get("x-oauth-scopes", "").split(","))))
        yield self._vital(granted, at)
        if said.get("is_enterprise_install"):
            yield await self._enterprise(ask, at)
        async for finding in Channels(ask, at).examined(offices, granted):
            yield finding
        for finding in self._less_and_more(granted, at):
            yield finding

    def _skew(self, headers: Mapping[str, str], at: str) -> Finding:
        try:
            theirs = parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
        except (ValueError, TypeError):
            return Finding("warn", f"clock{at}", "Slack's answer has no date, so the clock cannot be compared.")
        seconds = (self.clock() - theirs).total_seconds()
        if abs(seconds) < SKEW:
            return Finding("ok", f"clock{at}", f"{abs(seconds):.0f} s away from Slack's.")
        way = "ahead of" if seconds > 0 else "behind"
        return Finding(
            "fail", f"clock{at}", f"{abs(seconds) / 60:.0f} minutes {way} Slack's, so its requests are refused. Set the machine's clock."
        )

    async def _enterprise(self, ask: Asking, at: str) -> Finding:
        """auth.teams.list: installed for all of an enterprise, an app still is in no workspace until it is added there."""
        what = f"slack workspaces{at}"
        try:
            said, _ = await ask("auth.teams.list", limit="200")
        except NO_ANSWER as error:
            return Finding("fail", what, f"cannot be listed ({type(error).__name__}).")
        names = [str(team.get("name")) for team in said.get("teams", ())]
        if names:
            return Finding("ok", what, f"the app was added to {', '.join(names)}.")
        return Finding(
            "fail", what, "the app is installed for the whole enterprise, but added to no workspace. Slack's administrators add it."
        )

    # ------------------------------------------------------------ scopes

    def _vital(self, granted: frozenset[str], at: str) -> Finding:
        missing = [scope.name for scope in SCOPES if scope.vital and scope.name not in granted]
        if missing:
            return Finding("fail", f"slack scopes{at}", f"missing: {', '.join(missing)}. Nothing works without. {self._anew}")
        return Finding("ok", f"slack scopes{at}", "nothing is missing that the desk cannot work without.")

    def _less_and_more(self, granted: frozenset[str], at: str) -> Iterator[Finding]:
        """Scopes without which the desk can do less, and those that it has no use for."""
        wanted = scopes(linked=self.settings.public_url is not None)
        less = [f"{scope.name} ({scope.why})" for scope in wanted if not scope.vital and scope.name not in granted]
        if less:
            yield Finding("warn", f"slack scopes, less{at}", f"the desk could do more with {', '.join(less)}. {self._anew}")
        more = sorted(granted - {scope.name for scope in SCOPES})
        if more:
            sentence = f"not needed: {', '.join(more)}. Take them away under OAuth & Permissions, or so: {self._anew}"
            yield Finding("warn", f"slack scopes, more{at}", sentence)

    @property
    def _anew(self) -> str:
        way = "--socket" if self.settings.slack_app_token else "--http"
        return (
            f"Print the manifest (deskbell manifest slack {way}), paste it under App Manifest at api.slack.com/apps, save it, "
            "and reinstall the app under Install App."
        )

    def _asking(self, token: str) -> Asking:
        return Asking(self.http, self.settings.slack_api_url, token)


def refused(token: str, error: str, at: str) -> Finding:
    if token.startswith("xapp-"):
        return Finding("fail", f"slack token{at}", "is an app-level token. DESKBELL_SLACK_BOT_TOKEN is the one that begins with xoxb-.")
    how = "Invite again: deskbell invite office KEY" if at else "Copy the bot token again, or install the app anew."
    return Finding("fail", f"slack token{at}", f"is refused ({error}). {how}")


def secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""
