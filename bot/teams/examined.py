"""Is Teams set up? The settings, a token for each registration, the keys that sign, the clock, the way in, and the package."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.findings import Finding
from bot.public import NoAddress, address
from bot.settings import Settings
from bot.teams.limits import VERSION, at
from bot.teams.manifest import manifest
from bot.teams.package import NoPackage, unpacked
from bot.teams.refusals import refusal
from bot.teams.registration import Registration
from handlers.office.model import Office

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
ENDORSED = "msteams"
DOOR = "/api/messages"
PACKAGE = Path("deskbell.zip")
"""Where `deskbell manifest teams` writes it."""
SKEW = 300.0
"""A token is good from five minutes before its time to five minutes after it."""
GUIDE = "docs/install-teams.md tells how."
NO_ANSWER = (aiohttp.ClientError, TimeoutError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Teams:
    settings: Settings
    http: aiohttp.ClientSession
    clock: Callable[[], datetime]
    package: Path = PACKAGE

    async def examined(self, offices: Sequence[Office] = ()) -> AsyncIterator[Finding]:
        """First what stops everything, then each registration, then the way in. `offices`: those there are, to find the ones named."""
        if self.settings.teams_anonymous:
            yield self._anonymous()
            return
        if not self.settings.has_teams:
            yield self._not_set_up()
            return
        yield Finding("ok", "teams token check", "is on: what Microsoft has not signed is refused.")
        async for finding in self._keys():
            yield finding
        for one in self.settings.teams_registrations:
            yield await self._token(one)
            for finding in served(one, offices):
                yield finding
        async for finding in self._way_in():
            yield finding
        yield self._packaged()

    def _anonymous(self) -> Finding:
        sentence = "is off (DESKBELL_TEAMS_ANONYMOUS): whoever reaches the port may speak as anybody."
        if self.settings.public_url:
            return Finding("fail", "teams token check", f"{sentence} And DESKBELL_PUBLIC_URL leads there: take one of the two away.")
        return Finding("warn", "teams token check", f"{sentence} Only for the Playground on this machine: docs/try-teams.md")

    def _not_set_up(self) -> Finding:
        missing = self.settings.missing_for_teams
        if len(missing) < 3:
            return Finding("fail", "teams", f"is set up in part: {' and '.join(missing)} missing. {GUIDE}")
        return Finding("ok", "teams", f"is not set up. {GUIDE}")

    # ------------------------------------------------------------ Microsoft's side

    async def _keys(self) -> AsyncIterator[Finding]:
        """The metadata, and the keys that it leads to. Its answer also tells the time."""
        try:
            about, date = await self._asked(self.settings.teams_openid_url)
            keys, _ = await self._asked(str(about.get("jwks_uri")))
        except NO_ANSWER as error:
            sentence = f"cannot be read ({type(error).__name__}). Check the way out to {self.settings.teams_openid_url}"
            yield Finding("fail", "teams keys", f"{sentence} and to the keys that it names: without them everything from Teams is refused.")
            return
        yield self._signing(about, keys)
        yield self._skew(date)

    async def _asked(self, url: str) -> tuple[dict[str, Any], str]:
        async with self.http.get(url) as answer:
            answer.raise_for_status()
            said = await answer.json(content_type=None)
            if not isinstance(said, dict):
                raise ValueError("no JSON object")
            return said, answer.headers.get("Date", "")

    def _signing(self, about: dict[str, Any], keys: dict[str, Any]) -> Finding:
        if about.get("issuer") != ISSUER:
            return Finding("fail", "teams keys", f"are not those of {ISSUER}. Leave DESKBELL_TEAMS_OPENID_URL away.")
        rows = [key for key in at(keys, "keys[]") if isinstance(key, dict)]
        ours = [key for key in rows if ENDORSED in at(key, "endorsements[]")]
        if not ours:
            return Finding("fail", "teams keys", "none of them signs for Teams, so everything from there is refused. Try again later.")
        return Finding("ok", "teams keys", f"{len(ours)} of {len(rows)} sign for Teams.")

    def _skew(self, date: str) -> Finding:
        try:
            theirs = parsedate_to_datetime(date).astimezone(UTC)
        except (ValueError, TypeError):
            return Finding("warn", "teams clock", "Microsoft's answer has no date, so the clock cannot be compared.")
        seconds = (self.clock() - theirs).total_seconds()
        if abs(seconds) < SKEW:
            return Finding("ok", "teams clock", f"{abs(seconds):.0f} s away from Microsoft's.")
        way = "ahead of" if seconds > 0 else "behind"
        sentence = f"{abs(seconds) / 60:.0f} minutes {way} Microsoft's, so its tokens are refused. Set the machine's clock."
        return Finding("fail", "teams clock", sentence)

    async def _token(self, one: Registration) -> Finding:
        what = f"teams token{_of(one)}"
        form = {"grant_type": "client_credentials", "client_id": one.app_id, "client_secret": one.password, "scope": SCOPE}
        url = f"{self.settings.teams_login_url}/{one.tenant}/oauth2/v2.0/token"
        try:
            async with self.http.post(url, data=form) as answer:
                said = await answer.json(content_type=None)
        except NO_ANSWER as error:
            return Finding("fail", what, f"is not given ({type(error).__name__}). Check the way out to {self.settings.teams_login_url}")
        if isinstance(said, dict) and said.get("access_token"):
            return Finding("ok", what, f"is given for the app {one.app_id}.")
        return Finding("fail", what, refusal(said, one.app_id, one.tenant))

    # ------------------------------------------------------------ our side

    async def _way_in(self) -> AsyncIterator[Finding]:
        public = self.settings.public_url
        if public is None:
            yield Finding(
                "warn", "teams address", "is not told, so whether Teams reaches the desk is not examined. Set DESKBELL_PUBLIC_URL."
            )
            return
        try:
            address(public, "Teams")
        except NoAddress as wrong:
            yield Finding("fail", "teams address", f"Teams cannot use it: {wrong}")
        yield await self._door(f"{public.rstrip('/')}{DOOR}")
        if self.settings.secret_keys is None:
            yield Finding(
                "warn", "teams pictures", "are described on cards, not seen: set DESKBELL_SECRET_KEYS, which signs their addresses."
            )

    async def _door(self, url: str) -> Finding:
        """What nobody signed has to be refused there, and by us."""
        try:
            async with self.http.post(url, json={"type": "message"}, allow_redirects=False) as answer:
                status = answer.status
        except NO_ANSWER as error:
            sentence = f"{url} does not answer ({type(error).__name__}). Is the bot running, and the way to it open?"
            return Finding("warn", "teams door", sentence)
        if status == 401:
            return Finding("ok", "teams door", f"{url} refuses what Microsoft has not signed.")
        if status < 300:
            return Finding(
                "fail", "teams door", f"{url} takes what nobody signed ({status}). What answers there is not this bot as it is set up."
            )
        return Finding("warn", "teams door", f"{url} answers {status}. Let the proxy pass {DOOR} on to the bot, as it comes.")

    def _packaged(self) -> Finding:
        """The package that lies here, if there is one, beside what the settings say."""
        if not self.package.exists():
            return Finding("ok", "teams package", f"{self.package} is not in this folder. To make one: deskbell manifest teams")
        try:
            found = unpacked(self.package)
        except NoPackage as no:
            return Finding("warn", "teams package", f"{no} Make it anew: deskbell manifest teams")
        wrong = list(self._differs(found))
        if wrong:
            return Finding(
                "warn", "teams package", f"{self.package} {'; it '.join(wrong)}. Make it anew and upload it: deskbell manifest teams"
            )
        return Finding("ok", "teams package", f"{self.package} is for this bot, version {found.get('version')}.")

    def _differs(self, found: dict[str, Any]) -> Iterator[str]:
        apps = {one.app_id for one in self.settings.teams_registrations}
        bots = {str(bot) for where in ("bots[].botId", "composeExtensions[].botId") for bot in at(found, where)}
        if not bots <= apps or not bots:
            yield f"is for the bot {', '.join(sorted(bots)) or 'of nobody'}, and the settings name {', '.join(sorted(apps))}"
            return
        try:
            now = manifest(bots.pop(), self.settings.public_url or "", read_channels=self.settings.teams_read_channels)
        except NoAddress:
            return
        if found.get("developer") != now["developer"]:
            yield "was made for another public address"
        if found.get("authorization") != now.get("authorization"):
            yield "asks for other permissions than DESKBELL_TEAMS_READ_CHANNELS says"
        if _numbers(found.get("version")) < _numbers(now["version"]):
            yield f"is of version {found.get('version')}, older than this program"


def served(one: Registration, offices: Sequence[Office]) -> Iterator[Finding]:
    """Whether the registration belongs to somebody there is, and its own people may talk to it."""
    if one.tenant not in one.tenants:
        sentence = f"the home tenant {one.tenant} is not among those who may talk to it, so its own people are refused."
        yield Finding("warn", f"teams tenants{_of(one)}", sentence)
    if not offices:
        return
    named = [office for office in offices if one.office in ("", office.head.key)]
    keys, how = ", ".join(office.head.key for office in offices), f'"office" of {one.name}' if one.name else "DESKBELL_OFFICE"
    if not named:
        yield Finding("fail", f"teams office{_of(one)}", f"there is no office {one.office}. There are: {keys}.")
    elif len(named) > 1:
        yield Finding("fail", f"teams office{_of(one)}", f"there are several: {keys}. Say with {how} which one it serves.")
    elif one.vendor and one.vendor not in named[0].vendors:
        yield Finding("fail", f"teams office{_of(one)}", f"{one.office} has no vendor {one.vendor}.")


def _of(one: Registration) -> str:
    return f" of {one.name}" if one.name else ""


def _numbers(version: object) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if isinstance(version, str) and VERSION.fullmatch(version) else ()
