"""Installing in a workspace: the page an invitation leads to, Slack's question, and the way back with a code.

https://docs.slack.dev/authentication/installing-with-oauth. Opening the page changes nothing. The way back is believed only with the state
that was signed for this browser (a cookie holds the secret whose hash stands in it), once, and for ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
import structlog
from aiohttp import web
from yarl import URL

from bot.invitations import DAYS, INSTALL, Invitation, Invitations, NotGood, Party, Signed
from bot.slack.door import known
from bot.slack.faults import CREDENTIALS, PASSING
from bot.slack.installed import Grant, Refused, Unreachable, data_of
from bot.web.page import Page
from handlers.core import Conflict
from storage.cache import Cache
from storage.ids import new_id
from storage.installations import Installation, InstallationStore, Spent

log = structlog.get_logger(__name__)

AUTHORIZE = "https://slack.com/oauth/v2/authorize"
WEB_API = "https://slack.com/api/"
BACK = "/slack/oauth_redirect"
COOKIE = "deskbell_install"
SECONDS = 600
"""So long may somebody take on Slack's page."""
TIMEOUT = aiohttp.ClientTimeout(total=10)
LONGEST_CODE = 1000


# ---------------------------------------------------------------- what is asked of Slack


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
        self._http, self._app = http, app
        self._basic = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()

    async def code(self, code: str) -> Grant:
        return _grant(await self._access({"code": code, "redirect_uri": self._app.redirect_uri}))

    async def refresh(self, refresh_token: str) -> Grant:
        return _grant(await self._access({"grant_type": "refresh_token", "refresh_token": refresh_token}))

    async def bot_of(self, token: str) -> str:
        """auth.test: the bot's id, which an installation does not tell."""
        said = await self._said("auth.test", {}, f"Bearer {token}")
        return str(said.get("bot_id") or "")

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
            call = self._http.post(self._app.base + method, data=fields, headers=headers, timeout=TIMEOUT, allow_redirects=False)
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
    expires_in = said.get("expires_in")
    return Grant(
        workspace=str(where["id"]),
        token=said["access_token"],
        name=str(where.get("name") or ""),
        bot_user=str(said.get("bot_user_id") or ""),
        app=str(said.get("app_id") or ""),
        enterprise_wide=wide,
        scopes=tuple(str(said.get("scope") or "").split(",")),
        by=str(by.get("id") or "") if isinstance(by, dict) else "",
        refresh_token=str(said.get("refresh_token") or ""),
        expires_in=float(expires_in) if isinstance(expires_in, int | float) else None,
    )


# ---------------------------------------------------------------- pages


class Stop(Exception):
    """It does not go on; the page says why."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.title)
        self.page = page


AGAIN = "Please open your invitation link again and start from there. Nothing was changed."
NOT_INVITED = Page(403, "An invitation is needed", ("Ask whoever runs Deskbell for you to send you an invitation link.",))
BAD_INVITATION = Page(403, "This invitation is not complete", ("Its link may have been cut off. Copy all of it, or ask for a new one.",))
OLD_INVITATION = Page(410, "This invitation has expired", (f"Invitations are good for {DAYS} days. Ask for a new one.",))
NOBODYS_INVITATION = Page(410, "This invitation leads nowhere", ("The office it was made for is not here any more. Ask for a new one.",))
TOO_LATE = Page(400, "That took too long", ("For your safety this has to be done within ten minutes.", AGAIN))
FOREIGN = Page(400, "This was not begun in this browser", ("It may also have been finished already, or cookies are switched off.", AGAIN))
CANCELLED = Page(
    403, "Not installed", ("You cancelled on Slack's page, or may not add apps there: then ask an administrator of Slack.", AGAIN)
)
REFUSED = Page(400, "Slack did not accept this", ("The permission may have been used already.", AGAIN))
SET_UP_WRONG = Page(
    500, "Deskbell is not set up right", ("Slack does not know this app as it is set up here. Please tell whoever runs it.",)
)
DOWN = Page(503, "Slack does not answer", ("Please wait a minute.", AGAIN))
ANOTHERS = Page(409, "This workspace belongs to another office", ("It stays as it was. Ask whoever runs Deskbell for you.",))
SPENT = Page(409, "This invitation was used", ("It is good for one workspace, and another one has it. Ask for a new one.",))
OURS = frozenset({"invalid_client_id", "bad_client_secret", "bad_redirect_uri", "oauth_authorization_url_mismatch", "invalid_client"})
"""Errors that only whoever runs the bot can do something about."""


# ---------------------------------------------------------------- the two addresses


class Installing:
    """`GET /slack/install?invite=...` and `GET /slack/oauth_redirect`.

    `named` tells what a party is called, None if there is none. `signup` makes a new empty organisation; without it everybody needs an
    invitation. `installed` hears of the workspace afterwards. `keys` sign states, the newest first; `now` is machine time in seconds.
    """

    def __init__(
        self,
        app: SlackApp,
        exchange: Exchange,
        store: InstallationStore,
        keys: Sequence[str],
        named: Callable[[Party], Awaitable[str | None]],
        *,
        signup: Callable[[], Awaitable[Party]] | None = None,
        installed: Callable[[str], None] = lambda workspace: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._exchange, self._store, self._named = app, exchange, store, named
        self._signup, self._installed, self._now = signup, installed, now
        self._invitations, self._states = Invitations(keys, now), Signed(keys, "slack.state", SECONDS, now)
        self._finished: Cache[str, bool] = Cache(10_000, SECONDS, now)

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (web.get(INSTALL, self.install, allow_head=False), web.get(BACK, self.back, allow_head=False))

    # ------------------------------------------------------------ going

    async def install(self, request: web.Request) -> web.Response:
        """Says what will happen, with the link to Slack's own page."""
        try:
            invitation = self._invitation(request.query.get("invite", ""))
            whose = await self._whose(invitation)
        except Stop as stop:
            return stop.page.response()
        secret = secrets.token_urlsafe(32)
        sentences = (
            f"This adds Deskbell to your Slack workspace, for {whose}.",
            "On the next page Slack asks which workspace, and shows what Deskbell may do there.",
        )
        link = (self._authorize(self._state(invitation, secret)), "Go on to Slack")
        response = Page(200, "Add Deskbell to Slack", sentences, link).response()
        secure = URL(self._app.public_url).scheme == "https"
        response.set_cookie(COOKIE, secret, max_age=SECONDS, path="/slack", httponly=True, samesite="Lax", secure=secure)
        return response

    def _invitation(self, text: str) -> Invitation | None:
        """None: there is none, and none is needed."""
        if not text:
            if self._signup is None:
                raise Stop(NOT_INVITED)
            return None
        try:
            return self._invitations.read(text)
        except NotGood as bad:
            raise Stop(OLD_INVITATION if bad.why == "expired" else BAD_INVITATION) from None

    async def _whose(self, invitation: Invitation | None) -> str:
        if invitation is None:
            return "a new office"
        name = await self._named(invitation.party)
        if name is None:
            raise Stop(NOBODYS_INVITATION)
        return name

    def _state(self, invitation: Invitation | None, secret: str) -> str:
        browser = {"browser": _hashed(secret)}
        if invitation is None:
            return self._states.write(browser)
        return self._states.write({**browser, "id": invitation.id, "of": invitation.party.organisation, "vendor": invitation.party.vendor})

    def _authorize(self, state: str) -> str:
        asked = {"client_id": self._app.client_id, "scope": ",".join(self._app.scopes), "redirect_uri": self._app.redirect_uri}
        return str(URL(self._app.authorize).with_query({**asked, "state": state}))

    # ------------------------------------------------------------ coming back

    async def back(self, request: web.Request) -> web.Response:
        """Slack sends the browser here: with a code, or with an error."""
        try:
            invitation = self._expected(request)
        except Stop as stop:
            return stop.page.response()
        try:
            response = (await self._finish(request, invitation)).response()
        except Stop as stop:
            response = stop.page.response()
        response.del_cookie(COOKIE, path="/slack")
        return response

    def _expected(self, request: web.Request) -> Invitation | None:
        """What was begun in this browser; it is over with that."""
        try:
            state = self._states.read(request.query.get("state", ""))
        except NotGood as bad:
            raise Stop(TOO_LATE if bad.why == "expired" else FOREIGN) from None
        browser = str(state["browser"])
        if not hmac.compare_digest(browser, _hashed(request.cookies.get(COOKIE, ""))) or self._finished.get(browser):
            raise Stop(FOREIGN)
        self._finished.put(browser, True, self._finished.epoch)
        if "id" not in state:
            return None
        vendor = state["vendor"]
        return Invitation(str(state["id"]), Party(str(state["of"]), None if vendor is None else str(vendor)))

    async def _finish(self, request: web.Request, invitation: Invitation | None) -> Page:
        error, code = request.query.get("error", ""), request.query.get("code", "")
        if error:
            log.info("slack not installed", error=known(error))
            raise Stop(CANCELLED if error == "access_denied" else REFUSED)
        if not 0 < len(code) <= LONGEST_CODE:
            raise Stop(REFUSED)
        grant = await self._granted(code)
        await self._store_under(grant, invitation)
        self._installed(grant.workspace)
        where = f"all of {grant.name}" if grant.enterprise_wide else grant.name or "your workspace"
        return Page(200, "Deskbell is in Slack", (f"It was added to {where}.", "You can close this page and go back to Slack."))

    async def _granted(self, code: str) -> Grant:
        try:
            return await self._exchange.code(code)
        except Unreachable as error:
            log.warning("slack not installed", why=str(error))
            raise Stop(DOWN) from None
        except Refused as refused:
            ours = refused.error in OURS
            (log.error if ours else log.info)("slack not installed", error=refused.error)
            raise Stop(SET_UP_WRONG if ours else REFUSED) from None

    async def _store_under(self, grant: Grant, invitation: Invitation | None) -> None:
        party = invitation.party if invitation else await self._own_party(grant.workspace)
        now = self._now()
        data = data_of(grant, await self._bot(grant), now)
        at = datetime.fromtimestamp(now, UTC)
        row = Installation(new_id(), party.organisation, "slack", grant.workspace, at, party.vendor, data)
        told = {"workspace": grant.workspace, "organisation": party.organisation, "vendor": party.vendor}
        try:
            await self._store.put(row, invitation.id if invitation else "")
        except Conflict as conflict:
            log.warning("slack not installed", why=str(conflict), **told)
            raise Stop(SPENT if isinstance(conflict, Spent) else ANOTHERS) from None
        log.info("slack installed", enterprise_wide=grant.enterprise_wide, by=grant.by, **told)

    async def _own_party(self, workspace: str) -> Party:
        """Whose it is already, else a new one."""
        known_as = await self._store.at("slack", workspace)
        if known_as is not None:
            return Party(known_as.organisation, known_as.vendor)
        if self._signup is None:
            raise Stop(NOT_INVITED)
        return await self._signup()

    async def _bot(self, grant: Grant) -> str:
        try:
            return await self._exchange.bot_of(grant.token)
        except (Refused, Unreachable) as error:
            log.warning("slack bot id not known", workspace=grant.workspace, why=str(error))
            return ""


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
