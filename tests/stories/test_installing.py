"""A workspace installs the bot from a link, works with it, and removes it: the bot as `deskbell run` puts it together."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import Row, Table
from yarl import URL

from bot.app import Deskbell, opened
from bot.invitations import Invitations, Party, link
from bot.sandbox.slack import Actor, SlackSandbox, Tamper
from bot.sandbox.slack.courier import JSON_TYPE
from bot.sandbox.slack.model import Enterprise
from bot.sandbox.slack.shapes import user_json
from bot.settings import Settings
from bot.slack.manifest import EVENTS, scopes
from bot.slack.wiring import NotConnected, Slack, connected
from bot.web.server import web_app
from handlers.frozen import replace
from storage.ids import new_id
from storage.installations import Installation
from storage.outbox import figures
from storage.secrets import Vault, new_key
from storage.tables import accounts, installations, people, tickets
from tests.stories.world import QUEUE_CHANNELS, StoryClock, people_of, policy

LIGHT = "light above my desk flickering"


@dataclass
class Hosted:
    """The bot with no workspace yet, and the Slack in which one will install it."""

    bot: Deskbell
    slack: SlackSandbox
    wired: Slack
    url: str
    key: str

    async def settled(self, within: float = 180.0) -> None:
        """Until nothing is due and nothing is under way."""
        async with asyncio.timeout(within):
            while True:
                await self.slack.settled()
                await self.wired.chores.drain()
                await self.bot.pump.drain(0.5)
                if not (await self.bot.store.database.read(figures, self.bot.clock())).depth:
                    return
                await asyncio.sleep(0.005)

    async def installs(self, vendor: str | None = None, *, invited: bool = True) -> str:
        """Ada opens the link, goes on to Slack, presses Allow, and comes back; the page she sees at the end."""
        office = (await self.bot.store.offices.list())[0]
        invitation = link(self.url, Invitations([self.key]).mint(Party(office.id, vendor)))
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.get(invitation if invited else f"{self.url}/slack/install") as page:
                said = await page.text()
                onwards = re.findall(r'href="([^"]+)"', said)
            if not onwards:
                return said
            async with browser.get(URL(self.slack.approve(unescape(onwards[0]), "ada"), encoded=True)) as page:
                said = await page.text()
        await self.settled()
        return said

    def person(self, name: str) -> Actor:
        return self.slack.actor(name)

    async def reports(self, name: str, words: str = LIGHT) -> None:
        await self.person(name).command("office", "/issue", words)
        await self.settled()

    async def rows(self, table: Table) -> Sequence[Row[Any]]:
        return await self.bot.store.database.read(lambda connection: connection.execute(table.select()).all())

    async def count(self) -> int:
        return len(await self.rows(tickets))

    async def employees(self) -> set[str]:
        """The names of all who may report."""
        return {row.name for row in await self.rows(people) if row.standing == "member" and row.vendor is None}


@asynccontextmanager
async def hosting(database: str, **more: Any) -> AsyncIterator[Hosted]:
    """The bot where nobody has installed it yet; `more` are settings."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackSandbox())
        slack.app.scopes, slack.app.events = {one.name for one in scopes(True)}, {one.name for one in EVENTS}
        names = people_of(slack)
        slack.add_channel("office", list(names))
        queues = {queue: slack.add_channel(channel, ["ada", "bob", "pat"]).id for queue, channel in QUEUE_CHANNELS.items()}
        ear = socket.socket()
        ear.bind(("127.0.0.1", 0))
        url, key = f"http://127.0.0.1:{ear.getsockname()[1]}", new_key()
        slack.oauth.redirect_urls.append(url)
        settings = Settings(
            database_url=database,
            public_url=url,
            slack_signing_secret=SecretStr(slack.signing_secret),
            slack_client_id=slack.oauth.client_id,
            slack_client_secret=SecretStr(slack.oauth.client_secret),
            slack_api_url=slack.base_url,
            secret_keys=SecretStr(key),
            **more,
            _env_file=None,
        )
        bot = await stack.enter_async_context(opened(settings, StoryClock()))
        await policy(bot, queues)
        wired = await stack.enter_async_context(connected(bot))
        runner = web.AppRunner(web_app(bot, wired.routes), shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, ear).start()
        slack.bot_url = url
        await bot.start()
        stack.push_async_callback(bot.stop)
        yield Hosted(bot, slack, wired, url, key)


@pytest.fixture
async def hosted(database_url: str) -> AsyncIterator[Hosted]:
    async with hosting(database_url) as made:
        yield made


async def test_before_anybody_installs_it_people_are_told_what_to_do(hosted: Hosted) -> None:
    await hosted.slack.actor("ana").command("office", "/issue", LIGHT)
    assert hosted.slack.actor("ana").sees("I am not set up in this workspace yet.")
    assert await hosted.count() == 0


async def test_an_invited_workspace_works_at_once(hosted: Hosted) -> None:
    assert "Deskbell" in await hosted.installs()
    await hosted.slack.actor("ana").command("office", "/issue", LIGHT)
    await hosted.settled()
    assert hosted.slack.actor("ana").sees(f"#1 is open: {LIGHT}")
    assert hosted.slack.actor("bob").sees(f"#1 {LIGHT}")
    assert "xox" not in str(await hosted.rows(installations))


async def test_a_workspace_that_removes_it_is_let_go_and_may_come_back(hosted: Hosted) -> None:
    await hosted.installs()
    hosted.slack.uninstall()
    await hosted.settled()
    await hosted.slack.actor("ana").command("office", "/issue", LIGHT)
    assert hosted.slack.actor("ana").sees("I am not set up in this workspace yet.")
    await hosted.installs()
    await hosted.slack.actor("ana").command("office", "/issue", LIGHT)
    assert hosted.slack.actor("ana").sees(f"#1 is open: {LIGHT}")


# ---------------------------------------------------------------- nobody has invited them


async def test_without_an_invitation_there_is_a_kind_page_and_nothing_else(hosted: Hosted) -> None:
    assert "An invitation is needed" in await hosted.installs(invited=False)
    assert await hosted.bot.store.installations.all("slack") == []
    assert len(await hosted.bot.store.offices.list()) == 1


async def test_with_open_signup_a_stray_workspace_gets_an_office_of_its_own(database_url: str) -> None:
    async with hosting(database_url, open_signup=True) as hosted:
        assert "Deskbell is in Slack" in await hosted.installs(invited=False)
        ada = hosted.person("ada")
        assert ada.sees("The desk of Sandbox is open.")
        assert ada.sees("For now every ticket comes to you")
        await hosted.reports("ana")
        assert hosted.person("ana").sees(f"#1 is open: {LIGHT}")
        assert ada.sees(LIGHT)
        _, new = await hosted.bot.store.offices.list()
        office = await hosted.bot.store.offices.get(new.id)
        assert (new.key, office.head.owner) == ("slack-t0sandbox", "ada@acme.example")
        assert office.has_role("ada@acme.example", "administrator")
        assert [one.organisation for one in await hosted.bot.store.installations.all("slack")] == [new.id]
        await hosted.installs(invited=False)
        assert len([one for one in ada.seen() if one.says("is open.")]) == 1
        assert len(await hosted.bot.store.offices.list()) == 2
        assert "belongs to another office" in await hosted.installs()


async def test_whose_address_slack_does_not_tell_cannot_open_an_office(database_url: str) -> None:
    async with hosting(database_url, open_signup=True) as hosted:
        hosted.slack.world.user("ada").email = None
        assert "You cannot open an office" in await hosted.installs(invited=False)
        assert len(await hosted.bot.store.offices.list()) == 1


# ---------------------------------------------------------------- a vendor's workspace


async def test_in_a_vendors_workspace_everybody_hears_what_will_appear_there(hosted: Hosted) -> None:
    await hosted.installs("sparks")
    before = await hosted.employees()
    told = "I take no reports from here"
    await hosted.reports("ana")
    assert hosted.person("ana").sees(told)
    await hosted.person("bob").message("dm", "the light above my desk flickers")
    await hosted.settled()
    assert hosted.person("bob").sees(told)
    await hosted.person("hal").opens_home()
    await hosted.settled()
    assert hosted.person("hal").sees("Nothing is offered to Sparks Ltd just now.")
    hosted.slack.add_user("vera", real_name="Vera Volt", email="vera@sparks.example")
    for name in ("ida", "vera"):  # the first has the address of somebody in the office: here, anybody could give it to themselves
        event = {"type": "user_change", "user": user_json(hosted.slack.world, hosted.slack.world.user(name))}
        await hosted.slack.courier.event(hosted.slack.world, event)
    await hosted.settled()
    known = {row.id: row for row in await hosted.rows(people)}
    assert {(known[row.person].vendor, known[row.person].email) for row in await hosted.rows(accounts)} == {("sparks", None)}
    assert await hosted.count() == 0
    assert await hosted.employees() == before


# ---------------------------------------------------------------- an enterprise


def enterprise(hosted: Hosted, *, wide: bool) -> Enterprise:
    """Bob's workspace and that of Ana, who is at home in the north; both are in the office's channels."""
    grid = Enterprise("E0ACME", "Acme Group", {"T0SANDBOX": "Sandbox", "T0NORTH": "North"}, wide=wide)
    hosted.slack.world.user("ana").team = "T0NORTH"
    return hosted.slack.join_enterprise(grid)


async def test_installed_for_all_of_an_enterprise_it_serves_the_workspaces_that_it_was_added_to(hosted: Hosted) -> None:
    enterprise(hosted, wide=True)
    assert "Now choose its workspaces" in await hosted.installs()
    hosted.slack.grant("T0SANDBOX", "T0NORTH")
    await hosted.settled()
    assert hosted.slack.calls_of("users.list")[-1].ok
    await hosted.reports("ana")
    ana, bob = hosted.person("ana"), hosted.person("bob")
    assert ana.sees(f"#1 is open: {LIGHT}")
    await bob.press("Take it")
    await hosted.settled()
    assert ana.sees("Bob Burke is on it")
    await bob.press("Give to…", on=bob.find(f"#1 {LIGHT}"))
    await hosted.settled()
    await bob.submit({"To whom?": "Pat Perez"})
    await hosted.settled()
    assert bob.sees("Pat Perez has it")
    await ana.message("dm", "the printer in the north is jammed")
    await hosted.settled()
    assert ana.sees("#2")
    assert {row.workspace for row in await hosted.rows(accounts)} == {"E0ACME"}
    assert hosted.slack.calls_of("chat.postMessage")
    assert all(call.ok for call in hosted.slack.calls)


async def test_workspaces_of_an_enterprise_are_taken_away_and_given_back(hosted: Hosted) -> None:
    enterprise(hosted, wide=True)
    hosted.slack.world.channel("building").team = "T0NORTH"
    await hosted.installs()
    hosted.slack.grant("T0SANDBOX", "T0NORTH")
    await hosted.settled()
    hosted.slack.revoke("T0NORTH")
    await hosted.settled()
    assert hosted.person("ada").sees("I am not installed in that workspace any more")
    await hosted.reports("bob", "second light flickering")
    assert not hosted.person("pat").sees("second light")
    hosted.slack.grant("T0NORTH")
    await hosted.settled()
    assert hosted.person("pat").sees("#1 second light flickering")


async def test_a_colleague_from_another_workspace_of_the_enterprise_is_no_stranger(hosted: Hosted) -> None:
    enterprise(hosted, wide=False)
    await hosted.installs()
    await hosted.reports("ana")
    assert hosted.person("ana").sees(f"#1 is open: {LIGHT}")
    there = hosted.slack.world.channel("building")
    for name, facts in (("nora", {"team": "T0NORTH"}), ("stan", {"team": "T0ELSEWHERE", "stranger": True})):
        there.members.append(hosted.slack.add_user(name, email=f"{name}@acme.example", **facts).id)
        await hosted.person(name).press("Follow", on=hosted.person(name).find(f"#1 {LIGHT}"))
        await hosted.settled()
    assert not hosted.person("nora").sees("This desk serves another company")
    assert hosted.person("stan").sees("This desk serves another company")
    assert "stan@acme.example" not in {row.email for row in await hosted.rows(people)}


@pytest.mark.parametrize(("of_several", "previews"), [(False, 1), (True, 0)])
async def test_where_other_workspaces_of_the_enterprise_read_along_a_link_shows_nothing(
    hosted: Hosted, of_several: bool, previews: int
) -> None:
    enterprise(hosted, wide=False)
    await hosted.installs()
    await hosted.reports("ana")
    hosted.slack.app.unfurl_domains = {str(URL(hosted.bot.settings.public_url or "").host)}
    hosted.slack.world.channel("building").is_org_shared = of_several
    (ticket,) = await hosted.rows(tickets)
    await hosted.person("bob").message("building", hosted.bot.desk.link(f"ticket:{ticket.id}"))
    await hosted.settled()
    assert len(hosted.slack.calls_of("chat.unfurl")) == previews


# ---------------------------------------------------------------- one of several


async def test_a_workspace_without_a_token_stops_no_other_and_the_office_hears_of_it(hosted: Hosted) -> None:
    await hosted.installs()
    office = (await hosted.bot.store.offices.list())[0]
    for broken in ("T0BROKEN", "T0WORSE"):
        data = {"token": "xoxb-1"} if broken == "T0WORSE" else {}
        await hosted.bot.store.installations.put(Installation(new_id(), office.id, "slack", broken, hosted.bot.clock(), data=data))
    work = hosted.bot.store.work(office.id)
    for place, broken in zip(await hosted.bot.store.places.of_queue(office.id, "it"), ("T0BROKEN",), strict=True):
        work.put(replace(place, workspace=broken, channel="C0OFTHEIRS"))
    await work.commit()
    hosted.slack.add_user("nina", real_name="Nina New", email="nina@acme.example")
    await hosted.wired.learn_everyone()
    await hosted.settled()
    assert "nina@acme.example" in {row.email for row in await hosted.rows(people)}
    assert hosted.person("ada").sees("I am not installed in that workspace any more")
    await hosted.person("ana").command("office", "/issue", LIGHT)
    await hosted.slack.until(lambda: hosted.person("bob").sees(f"#1 {LIGHT}"), 30)


async def test_all_members_are_learnt_before_any_manager_is_asked_for(hosted: Hosted) -> None:
    """Managers are told slowly, one person a second."""
    await hosted.installs()
    hosted.slack.world.profile_fields = [{"id": "Xf0BOSS", "label": "Manager", "type": "user", "is_hidden": False}]
    office = (await hosted.bot.store.offices.list())[0]
    data = {"token": hosted.slack.bot_token}
    await hosted.bot.store.installations.put(Installation(new_id(), office.id, "slack", "T0SECOND", hosted.bot.clock(), data=data))
    before = len(hosted.slack.calls)
    await hosted.wired.learn_everyone()
    order = [call.method for call in hosted.slack.calls[before:] if call.method in ("users.list", "users.profile.get")]
    assert order[:2] == ["users.list", "users.list"]
    assert "users.profile.get" in order


async def test_what_is_missing_is_named(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}", slack_client_id="1.2", _env_file=None)
    async with opened(settings) as bot:
        with pytest.raises(NotConnected, match="DESKBELL_SLACK_CLIENT_SECRET"):
            async with connected(bot):
                pass


async def test_what_comes_while_nobody_can_tell_whose_it_is_comes_again(hosted: Hosted) -> None:
    """The installation cannot be read just now (here: no key opens it). What somebody says meanwhile is not taken and forgotten."""
    await hosted.installs()
    installed, right = hosted.bot.store.installations, hosted.bot.store.installations.vault
    for vault in (Vault([new_key()]), right):
        installed.vault = vault
        for forget in installed.listeners:
            forget("*")
        if vault is not right:
            await hosted.person("ana").message("office", f"@deskbell {LIGHT}")
            await hosted.slack.settled()
            (mention,) = [one for one in hosted.slack.courier.sent if one.payload.get("event", {}).get("type") == "app_mention"][-1:]
            assert mention.status == 503
    assert await hosted.count() == 0
    body = json.dumps(mention.payload).encode()
    again = await hosted.slack.courier.send("event", mention.payload, body, JSON_TYPE, Tamper(retry_num=1))
    await hosted.settled()
    assert again.ok
    assert await hosted.count() == 1
