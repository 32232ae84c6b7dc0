"""Installing in a workspace: the page an invitation leads to, Slack's question, and the way back with a code.

https://docs.slack.dev/authentication/installing-with-oauth. Opening the page changes nothing. The way back is believed only with the state
that was signed for this browser (a cookie holds the secret whose hash stands in it), once, and for ten minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import structlog
from aiohttp import web
from yarl import URL

from bot.invitations import INSTALL, Invitation, Invitations, NotGood, Party, Signed
from bot.slack import install_pages as pages
from bot.slack.door import known
from bot.slack.exchange import BACK, Exchange
from bot.slack.grants import Grant, Refused, Unreachable, data_of
from bot.slack.install_pages import Stop
from bot.web.page import Page
from handlers.core import Conflict
from storage.cache import Cache
from storage.ids import new_id
from storage.installations import Installation, InstallationStore, Spent

log = structlog.get_logger(__name__)

COOKIE = "deskbell_install"
SECONDS = 600
"""So long may somebody take on Slack's page."""
LONGEST_CODE = 1000
OURS = frozenset({"invalid_client_id", "bad_client_secret", "bad_redirect_uri", "oauth_authorization_url_mismatch", "invalid_client"})
"""Errors that only whoever runs the bot can do something about."""


class Installing:
    """`GET /slack/install?invite=...` and `GET /slack/oauth_redirect`.

    `named` tells what a party is called, None if there is none. `signup` makes a new organisation for a grant, or raises `Stop`; without
    it everybody needs an invitation. `installed` hears of the grant once it is stored. `keys` sign states, the newest first; `now` is
    machine time in seconds.
    """

    def __init__(
        self,
        exchange: Exchange,
        store: InstallationStore,
        keys: Sequence[str],
        named: Callable[[Party], Awaitable[str | None]],
        *,
        signup: Callable[[Grant], Awaitable[Party]] | None = None,
        installed: Callable[[Grant], None] = lambda grant: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._exchange, self._store, self._named = exchange.app, exchange, store, named
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
        response = Page(200, "Add Deskbell to Slack", sentences, (link,)).response()
        secure = URL(self._app.public_url).scheme == "https"
        response.set_cookie(COOKIE, secret, max_age=SECONDS, path="/slack", httponly=True, samesite="Lax", secure=secure)
        return response

    def _invitation(self, text: str) -> Invitation | None:
        """None: there is none, and none is needed."""
        if not text:
            if self._signup is None:
                raise Stop(pages.NOT_INVITED)
            return None
        try:
            return self._invitations.read(text)
        except NotGood as bad:
            raise Stop(pages.OLD_INVITATION if bad.why == "expired" else pages.BAD_INVITATION) from None

    async def _whose(self, invitation: Invitation | None) -> str:
        if invitation is None:
            return "a new office"
        name = await self._named(invitation.party)
        if name is None:
            raise Stop(pages.NOBODYS_INVITATION)
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
            raise Stop(pages.TOO_LATE if bad.why == "expired" else pages.FOREIGN) from None
        browser = str(state["browser"])
        if not hmac.compare_digest(browser, _hashed(request.cookies.get(COOKIE, ""))) or self._finished.get(browser):
            raise Stop(pages.FOREIGN)
        self._finished.put(browser, True, self._finished.epoch)
        if "id" not in state:
            return None
        vendor = state["vendor"]
        return Invitation(str(state["id"]), Party(str(state["of"]), None if vendor is None else str(vendor)))

    async def _finish(self, request: web.Request, invitation: Invitation | None) -> Page:
        error, code = request.query.get("error", ""), request.query.get("code", "")
        if error:
            log.info("slack not installed", error=known(error))
            raise Stop(pages.CANCELLED if error == "access_denied" else pages.REFUSED)
        if not 0 < len(code) <= LONGEST_CODE:
            raise Stop(pages.REFUSED)
        grant = await self._granted(code)
        await self._store_under(grant, invitation)
        self._installed(grant)
        return pages.done(grant.name, wide=grant.enterprise_wide)

    async def _granted(self, code: str) -> Grant:
        try:
            return await self._exchange.code(code)
        except Unreachable as error:
            log.warning("slack not installed", why=str(error))
            raise Stop(pages.DOWN) from None
        except Refused as refused:
            ours = refused.error in OURS
            (log.error if ours else log.info)("slack not installed", error=refused.error)
            raise Stop(pages.SET_UP_WRONG if ours else pages.REFUSED) from None

    async def _store_under(self, grant: Grant, invitation: Invitation | None) -> None:
        party = invitation.party if invitation else await self._own_party(grant)
        now = self._now()
        data = data_of(grant, await self._bot(grant), now)
        at = datetime.fromtimestamp(now, UTC)
        row = Installation(new_id(), party.organisation, "slack", grant.workspace, at, party.vendor, data)
        told = {"workspace": grant.workspace, "organisation": party.organisation, "vendor": party.vendor}
        try:
            await self._store.put(row, invitation.id if invitation else "")
        except Conflict as conflict:
            log.warning("slack not installed", why=str(conflict), **told)
            raise Stop(pages.SPENT if isinstance(conflict, Spent) else pages.ANOTHERS) from None
        log.info("slack installed", enterprise_wide=grant.enterprise_wide, by=grant.by, **told)

    async def _own_party(self, grant: Grant) -> Party:
        """Whose it is already, else a new one."""
        known_as = await self._store.known("slack", grant.workspace)
        if known_as is not None:
            return Party(known_as.organisation, known_as.vendor)
        if self._signup is None:
            raise Stop(pages.NOT_INVITED)
        return await self._signup(grant)

    async def _bot(self, grant: Grant) -> str:
        try:
            return await self._exchange.bot_of(grant.token)
        except (Refused, Unreachable) as error:
            log.warning("slack bot id not known", workspace=grant.workspace, why=str(error))
            return ""


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
