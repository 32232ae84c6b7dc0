"""Installing as it happens: a browser on loopback, our two addresses, and a Slack that is as strict as documented."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import Connection
from structlog.testing import capture_logs
from yarl import URL

from bot.invitations import DAYS, Invitations, Party, Signed, link
from bot.sandbox.slack import HandClock, SlackSandbox
from bot.sandbox.slack.api import Api
from bot.sandbox.slack.methods.oauth import METHOD, OAuth
from bot.sandbox.slack.world import World
from bot.slack.exchange import BACK, Exchange, SlackApp
from bot.slack.grants import Grant
from bot.slack.installed import Stored
from bot.slack.oauth import COOKIE, Installing
from storage.ids import new_id
from storage.installations import Installation
from storage.secrets import Vault, new_key
from storage.store import Store
from storage.tables import installations

KEYS = (new_key(),)
ACME, RIVAL, VENDOR = Party("a" * 32), Party("b" * 32), Party("a" * 32, "spark")
SCOPES = ("chat:write", "commands", "users:read")


def address() -> tuple[socket.socket, str]:
    """One to listen on: known before, because our routes know where they are reached."""
    ear = socket.socket()
    ear.bind(("127.0.0.1", 0))
    return ear, f"http://127.0.0.1:{ear.getsockname()[1]}"


async def listening(ear: socket.socket, routes: Iterable[web.AbstractRouteDef]) -> web.AppRunner:
    application = web.Application()
    application.add_routes(routes)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.SockSite(runner, ear).start()
    return runner


class Slack:
    """The sandbox's Web API, with the app's OAuth page beside it."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.sandbox = SlackSandbox(clock=self.clock)
        self.platform = self.sandbox._platform
        self.oauth = OAuth()
        self.world = self.sandbox.world
        self.ana = self.sandbox.add_user("ana").id
        self.bob = self.sandbox.add_user("bob").id
        self.base = ""

    async def start(self) -> web.AppRunner:
        ear, self.base = address()
        return await listening(ear, Api(self.platform, self.oauth).routes())

    def another(self, team: str) -> World:
        return World(self.clock, token="", team=team, domain=team.lower())

    def asked(self, method: str = METHOD) -> list[dict[str, Any]]:
        return [call.args for call in self.platform.calls if call.method == method]


@dataclass
class Site:
    """Our side: its addresses, its store, and what it told."""

    slack: Slack
    store: Store
    app: SlackApp
    base: str
    invitations: Invitations
    signups: list[Party]
    told: list[str] = field(default_factory=list)

    def invited(self, party: Party = ACME) -> str:
        return link(self.base, self.invitations.mint(party))

    async def raw(self) -> str:
        def rows(connection: Connection) -> str:
            return " ".join(str(tuple(row)) for row in connection.execute(installations.select()))

        return await self.store.database.read(rows)

    async def kept(self, workspace: str = "T0SANDBOX") -> Installation:
        found = await self.store.installations.at("slack", workspace)
        assert found is not None
        return found


class Browser:
    """Keeps cookies, follows nothing by itself."""

    def __init__(self) -> None:
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.seen: list[str] = []

    async def get(self, url: str, **more: Any) -> tuple[int, str]:
        async with self.http.get(URL(url, encoded=True), allow_redirects=False, **more) as answer:
            text = await answer.text()
            self.headers = answer.headers
        assert "Traceback" not in text
        assert answer.content_type == "text/html"
        self.seen.append(text)
        return answer.status, text

    async def begin(self, url: str) -> str:
        """Opens the page; the address of Slack's page that it leads to."""
        status, text = await self.get(url)
        assert status == 200, text
        found = re.search(r'<a href="([^"]+)"', text)
        assert found
        return unescape(found[1])


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    slack = Slack()
    runner = await slack.start()
    yield slack
    await runner.cleanup()


async def opened(slack: Slack, store: Store, http: aiohttp.ClientSession, *, signup: bool = False) -> tuple[web.AppRunner, Site]:
    async def named(party: Party) -> str | None:
        return {ACME: "Acme <Ltd>", RIVAL: "Rival", VENDOR: "Spark (Acme)"}.get(party)

    signups: list[Party] = []

    async def new(grant: Grant) -> Party:
        signups.append(Party(new_id()))
        return signups[-1]

    ear, base = address()
    store.installations.vault = Vault(KEYS)
    oauth = slack.oauth
    app = SlackApp(oauth.client_id, oauth.client_secret, base, SCOPES, f"{slack.base}/oauth/v2/authorize", f"{slack.base}/api/")
    oauth.redirect_urls.append(app.redirect_uri)
    site = Site(slack, store, app, base, Invitations(KEYS, slack.clock), signups)
    exchange, more = Exchange(http, app), {"signup": new} if signup else {}

    def told(grant: Grant) -> None:
        site.told.append(grant.workspace)

    ours = Installing(exchange, store.installations, KEYS, named, installed=told, now=slack.clock, **more)
    return await listening(ear, ours.routes()), site


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def site(slack: Slack, store: Store, http: aiohttp.ClientSession) -> AsyncIterator[Site]:
    runner, site = await opened(slack, store, http)
    yield site
    await runner.cleanup()


@pytest.fixture
async def open_site(slack: Slack, store: Store, http: aiohttp.ClientSession) -> AsyncIterator[Site]:
    runner, site = await opened(slack, store, http, signup=True)
    yield site
    await runner.cleanup()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    browser = Browser()
    yield browser
    await browser.http.close()


@pytest.fixture
async def other() -> AsyncIterator[Browser]:
    browser = Browser()
    yield browser
    await browser.http.close()


async def install(site: Site, browser: Browser, party: Party = ACME, world: World | None = None, **more: str) -> tuple[int, str]:
    slack, page = site.slack, await browser.begin(site.invited(party))
    user = more.pop("user", slack.ana)
    return await browser.get(slack.oauth.approve(slack.platform, page, user, world or slack.world, **more))


# ---------------------------------------------------------------- it works


async def test_an_invited_person_installs(site: Site, browser: Browser) -> None:
    with capture_logs() as logs:
        status, text = await install(site, browser)
    assert (status, "Deskbell is in Slack" in text, "It was added to Sandbox." in text) == (200, True, True)
    kept = await site.kept()
    assert (kept.organisation, kept.vendor) == (ACME.organisation, None)
    assert str(kept.data["token"]) in site.slack.platform.worlds
    assert (kept.data["bot_user"], kept.data["bot"], kept.data["by"]) == ("U0DESKBELL", "B0DESKBELL", site.slack.ana)
    assert kept.data["scopes"] == list(SCOPES)
    assert site.told == ["T0SANDBOX"]
    assert "xoxb" not in f"{logs} {browser.seen} {await site.raw()}"
    assert any(line["event"] == "slack installed" and line["workspace"] == "T0SANDBOX" for line in logs)


async def test_what_is_stored_is_found_and_speaks(site: Site, browser: Browser) -> None:
    await install(site, browser)
    exchange = Exchange(browser.http, site.app)
    found = await Stored(site.store.installations, exchange.refresh, exchange.works).find("T0SANDBOX")
    assert found is not None
    assert (found.bot_user, found.bot) == ("U0DESKBELL", "B0DESKBELL")
    assert await exchange.bot_of(found.token) == "B0DESKBELL"


async def test_a_vendor_installs_for_itself(site: Site, browser: Browser) -> None:
    assert (await install(site, browser, VENDOR))[0] == 200
    kept = await site.kept()
    assert (kept.organisation, kept.vendor) == (VENDOR.organisation, "spark")
    assert (await install(site, browser, ACME))[0] == 409


async def test_the_page_is_plain_and_says_for_whom(site: Site, browser: Browser) -> None:
    status, text = await browser.get(site.invited())
    assert status == 200
    assert "for Acme &lt;Ltd&gt;." in text
    policy = browser.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert 'name="viewport"' in text
    assert "light dark" in text
    cookie = browser.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/slack"))


async def test_slack_is_asked_for_the_scopes(site: Site, browser: Browser) -> None:
    asked = URL(await browser.begin(site.invited()))
    assert asked.query["scope"] == "chat:write,commands,users:read"
    assert asked.query["redirect_uri"] == f"{site.base}/slack/oauth_redirect"
    assert site.slack.asked() == []
    assert await site.raw() == ""


async def test_another_person_installs_again(site: Site, browser: Browser, other: Browser) -> None:
    await install(site, browser)
    first = await site.kept()
    status, _ = await install(site, other, user=site.slack.bob)
    second = await site.kept()
    assert status == 200
    assert (second.id, second.organisation, second.data["by"]) == (first.id, ACME.organisation, site.slack.bob)
    assert second.data["token"] != first.data["token"]


async def test_the_whole_enterprise(site: Site, browser: Browser) -> None:
    status, text = await install(site, browser, enterprise="E0GRID")
    assert (status, "all of Sandbox Group" in text) == (200, True)
    assert (await site.kept("E0GRID")).data["enterprise_wide"] is True
    assert await site.store.installations.at("slack", "T0SANDBOX") is None


async def test_tokens_that_rotate(site: Site, browser: Browser) -> None:
    site.slack.oauth.rotation = True
    await install(site, browser)
    data = (await site.kept()).data
    assert str(data["token"]).startswith("xoxe.xoxb-")
    assert data["expires_at"] == site.slack.clock() + 12 * 3600
    assert "xoxe" not in await site.raw()


# ---------------------------------------------------------------- invitations


async def test_without_an_invitation(site: Site, browser: Browser) -> None:
    for address in ("/slack/install", "/slack/install?invite="):
        status, text = await browser.get(site.base + address)
        assert (status, "An invitation is needed" in text) == (403, True)
    assert "Set-Cookie" not in browser.headers


async def test_a_bad_invitation(site: Site, browser: Browser) -> None:
    for bad in ("x", site.invitations.mint(ACME)[:-4], Invitations([new_key()], site.slack.clock).mint(ACME), "%3Cscript%3E"):
        status, text = await browser.get(f"{site.base}/slack/install?invite={bad}")
        assert (status, "not complete" in text, "<script" in text) == (403, True, False)


async def test_an_old_invitation(site: Site, browser: Browser) -> None:
    address = site.invited()
    site.slack.clock.move(DAYS * 86400 + 1)
    status, text = await browser.get(address)
    assert (status, "has expired" in text) == (410, True)


async def test_an_invitation_of_a_party_that_is_gone(site: Site, browser: Browser) -> None:
    status, text = await browser.get(site.invited(Party(ACME.organisation, "gone")))
    assert (status, "leads nowhere" in text) == (410, True)


async def test_an_invitation_serves_one_workspace(site: Site, browser: Browser) -> None:
    address, slack = site.invited(), site.slack
    for world, expected in ((slack.world, 200), (slack.another("T0OTHER"), 409), (slack.world, 200)):
        back = slack.oauth.approve(slack.platform, await browser.begin(address), slack.ana, world)
        status, text = await browser.get(back)
        assert (status, "This invitation was used" in text) == (expected, expected == 409)
    assert [one.workspace for one in await site.store.installations.all("slack")] == ["T0SANDBOX"]


async def test_a_workspace_of_another_party_stays_theirs(site: Site, browser: Browser) -> None:
    await install(site, browser)
    before = await site.kept()
    with capture_logs() as logs:
        status, text = await install(site, browser, RIVAL)
    assert (status, "belongs to another office" in text) == (409, True)
    assert await site.kept() == before
    assert site.told == ["T0SANDBOX"]
    assert "xoxb" not in str(logs)


async def test_open_to_everybody(open_site: Site, browser: Browser, other: Browser) -> None:
    slack, address = open_site.slack, f"{open_site.base}/slack/install"
    for one in (browser, other):
        status, _ = await one.get(slack.oauth.approve(slack.platform, await one.begin(address), slack.ana, slack.world))
        assert status == 200
    assert len(open_site.signups) == 1
    assert (await open_site.kept()).organisation == open_site.signups[0].organisation
    assert (await install(open_site, browser, ACME))[0] == 409


# ---------------------------------------------------------------- the way back


async def test_a_stolen_state_is_worth_nothing_without_the_cookie(site: Site, browser: Browser, other: Browser) -> None:
    slack = site.slack
    back = slack.oauth.approve(slack.platform, await browser.begin(site.invited()), slack.ana, slack.world)
    for thief in (other, other):
        status, text = await thief.get(back)
        assert (status, "not begun in this browser" in text) == (400, True)
        await thief.begin(site.invited(RIVAL))  # and a cookie of its own does not help
    assert slack.asked() == []
    assert (await browser.get(back))[0] == 200


async def test_the_way_back_is_gone_once(site: Site, browser: Browser) -> None:
    slack, page = site.slack, await browser.begin(site.invited())
    jar = {cookie.key: cookie.value for cookie in browser.http.cookie_jar}
    assert (await browser.get(slack.oauth.approve(slack.platform, page, slack.ana, slack.world)))[0] == 200
    assert not list(browser.http.cookie_jar)
    again = slack.oauth.approve(slack.platform, page, slack.ana, slack.another("T0OTHER"))
    for cookies in ({}, jar):
        status, text = await browser.get(again, cookies=cookies)
        assert (status, "finished already" in text) == (400, True)
    assert len(slack.asked()) == 1
    assert COOKIE in jar


async def test_a_state_is_good_for_ten_minutes(site: Site, browser: Browser) -> None:
    slack, page = site.slack, await browser.begin(site.invited())
    slack.clock.move(601)
    status, text = await browser.get(slack.oauth.approve(slack.platform, page, slack.ana, slack.world))
    assert (status, "took too long" in text) == (400, True)
    assert slack.asked() == []


async def test_states_that_are_none(site: Site, browser: Browser) -> None:
    await browser.begin(site.invited())
    invitation = site.invitations.mint(ACME)
    foreign = Signed([new_key()], "slack.state", 600, site.slack.clock).write({"browser": "x"})
    for state in ("", "x", invitation, foreign, "%00", "a" * 3000):
        status, _ = await browser.get(f"{site.base}{BACK}?code=1&state={state}")
        assert status == 400
    assert (await browser.get(f"{site.base}{BACK}"))[0] == 400
    assert site.slack.asked() == []


async def test_somebody_cancels(site: Site, browser: Browser) -> None:
    status, text = await browser.get(site.slack.oauth.cancel(await browser.begin(site.invited())))
    assert (status, "Not installed" in text) == (403, True)
    assert site.slack.asked() == []


@pytest.mark.parametrize("query", ["error=%3Cscript%3Ealert(1)%3C/script%3E", "code=", "", f"code={'x' * 1001}", "code=unknown"])
async def test_a_way_back_without_a_good_code(site: Site, browser: Browser, query: str) -> None:
    state = URL(await browser.begin(site.invited())).query["state"]
    with capture_logs() as logs:
        status, text = await browser.get(f"{site.base}{BACK}?{query}&state={state}")
    assert (status, "Slack did not accept this" in text) == (400, True)
    assert "script" not in f"{text} {logs}"
    assert await site.raw() == ""


async def test_a_code_is_used_once(site: Site, browser: Browser) -> None:
    slack = site.slack
    back = URL(slack.oauth.approve(slack.platform, await browser.begin(site.invited()), slack.ana, slack.world))
    assert (await browser.get(str(back)))[0] == 200
    state = URL(await browser.begin(site.invited())).query["state"]
    status, text = await browser.get(f"{site.base}{BACK}?code={back.query['code']}&state={state}")
    assert (status, "used already" in text) == (400, True)
    assert slack.platform.calls[-1].error == "code_already_used"


@pytest.mark.parametrize(("field_", "value"), [("client_secret", "wrong"), ("client_id", "9.9"), ("redirect", "x")])
async def test_an_app_that_is_set_up_wrong(site: Site, browser: Browser, field_: str, value: str) -> None:
    slack = site.slack
    back = slack.oauth.approve(slack.platform, await browser.begin(site.invited()), slack.ana, slack.world)
    if field_ == "redirect":
        slack.oauth.codes[URL(back).query["code"]].redirect_uri = "https://elsewhere.example/"
    else:
        setattr(slack.oauth, field_, value)
    with capture_logs() as logs:
        status, text = await browser.get(back)
    assert (status, "not set up right" in text) == (500, True)
    assert [line["error"] for line in logs if line["log_level"] == "error"] == [slack.platform.calls[-1].error]


async def test_slack_is_down(site: Site, browser: Browser) -> None:
    slack = site.slack
    for how in ("503", "close", "ratelimited", "internal_error"):
        back = slack.oauth.approve(slack.platform, await browser.begin(site.invited()), slack.ana, slack.world)
        slack.sandbox.down = how in ("503", "close")
        slack.sandbox.faults.down_how = "close" if how == "close" else "503"
        if not slack.sandbox.down:
            slack.sandbox.fail_next(METHOD, how)
        status, text = await browser.get(back)
        slack.sandbox.down = False
        assert (status, "does not answer" in text, browser.headers["Retry-After"]) == (503, True, "60")
    assert (await install(site, browser))[0] == 200


async def test_the_bots_id_can_wait(site: Site, browser: Browser) -> None:
    site.slack.sandbox.fail_next("auth.test", 503)
    assert (await install(site, browser))[0] == 200
    assert (await site.kept()).data["bot"] == ""


async def test_looking_is_not_opening(site: Site, browser: Browser) -> None:
    for address in (site.invited(), f"{site.base}{BACK}"):
        async with browser.http.head(address) as answer:
            assert answer.status in (200, 400, 405)
    assert site.slack.asked() == []


# ---------------------------------------------------------------- the end of it


async def test_the_app_is_removed_and_installed_again(site: Site, browser: Browser) -> None:
    await install(site, browser)
    exchange = Exchange(browser.http, site.app)
    stored = Stored(site.store.installations, exchange.refresh, exchange.works, now=site.slack.clock)
    assert await stored.find("T0SANDBOX")
    site.slack.oauth.uninstall(site.slack.platform, site.slack.world)
    site.slack.clock.move(5)
    assert await stored.uninstalled("T0SANDBOX", site.slack.clock())
    assert not await stored.revoked("T0SANDBOX", site.slack.clock())
    assert await stored.find("T0SANDBOX") is None
    assert "token" not in (await site.kept()).data
    assert (await install(site, browser, RIVAL))[0] == 409
    site.slack.clock.move(5)
    assert (await install(site, browser))[0] == 200
    assert await stored.find("T0SANDBOX")
    assert not await stored.uninstalled("T0SANDBOX", site.slack.clock() - 5)  # the event of before, sent again
    assert await stored.find("T0SANDBOX")
