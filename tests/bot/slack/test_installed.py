"""Tokens: found quickly, renewed once, by one of many, and never lost half-way. A strict Slack on loopback, two real databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.pump import Later
from bot.sandbox.slack.methods.oauth import METHOD
from bot.slack.exchange import Exchange, SlackApp
from bot.slack.grants import EARLY, Unreachable, data_of
from bot.slack.installed import Fixed, Installation, Stored, Together
from bot.slack.renewing import CLAIM, PAUSE
from storage.ids import new_id
from storage.installations import Installation as Row
from storage.installations import InstallationStore
from storage.secrets import Unopened, Vault, new_key
from storage.store import Store
from tests.bot.slack.test_oauth import Slack
from tests.conftest import NOW
from tests.storage.samples import ACME

TEAM = "T0SANDBOX"
HALF_A_DAY = 12 * 3600.0
KEYS = [new_key()]


@dataclass
class Replica:
    """One process: its connection to the database, and its installations."""

    store: InstallationStore
    stored: Stored

    async def token(self) -> str:
        found = await self.stored.find(TEAM)
        assert found is not None
        return found.token

    async def used(self) -> str:
        """The token that is used now; what it began is over."""
        token = await self.token()
        await self.stored.drain()
        return token


@dataclass
class Bench:
    slack: Slack
    exchange: Exchange
    open_store: Callable[[], Store]

    def replica(self, store: InstallationStore | None = None) -> Replica:
        store = store or self.open_store().installations
        store.vault = Vault(KEYS)
        clock = self.slack.clock
        return Replica(store, Stored(store, self.exchange.refresh, self.exchange.works, now=clock, monotonic=clock, sleep=self.sleep))

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 20)

    async def install(self, store: InstallationStore, team: str = TEAM) -> str:
        """As the person does it on Slack's page; the token."""
        slack, world = self.slack, self.slack.world if team == TEAM else self.slack.another(team)
        app = f"{slack.base}/oauth/v2/authorize?client_id={slack.oauth.client_id}&scope=chat:write&redirect_uri={slack.base}"
        slack.oauth.redirect_urls = [slack.base]
        slack.oauth.approve(slack.platform, app, slack.ana, world)
        approval = list(slack.oauth.codes)[-1]
        slack.oauth.codes[approval].redirect_uri = f"{slack.base}/slack/oauth_redirect"
        grant = await self.exchange.code(approval)
        await store.put(Row(new_id(), ACME, "slack", team, NOW, data=data_of(grant, "B1", slack.clock())))
        return grant.token

    async def installed(self, before_the_end: float | None = None) -> tuple[Replica, str]:
        """A process and the token of the workspace that has installed us; so many seconds before the token's end, if said."""
        one = self.replica()
        token = await self.install(one.store)
        if before_the_end is not None:
            self.move_to(before_the_end)
        return one, token

    async def asked(self) -> None:
        """Until a call that is held back has arrived at Slack."""
        async with asyncio.timeout(120):
            while self.slack.platform.faults.waiting:
                await asyncio.sleep(0.005)

    @property
    def renewals(self) -> list[str]:
        """What Slack answered to each refresh token."""
        calls = [call for call in self.slack.platform.calls if call.method == METHOD and call.args.get("grant_type") == "refresh_token"]
        return [call.error or "ok" for call in calls]

    def move_to(self, before_the_end: float) -> None:
        self.slack.clock.move(HALF_A_DAY - before_the_end)


@pytest.fixture
async def bench(open_store: Callable[[], Store]) -> AsyncIterator[Bench]:
    slack = Slack()
    slack.oauth.rotation = True
    runner = await slack.start()
    async with aiohttp.ClientSession() as http:
        app = SlackApp(slack.oauth.client_id, slack.oauth.client_secret, slack.base, (), base=f"{slack.base}/api/")
        yield Bench(slack, Exchange(http, app), open_store)
    await runner.cleanup()


# ---------------------------------------------------------------- found


async def test_those_of_the_settings() -> None:
    one = Installation("T1", "xoxb-1")
    assert await Fixed(one).find("T1") == one
    assert await Fixed(one).find("T2") is None
    assert "xoxb" not in repr(one)


async def test_the_first_that_knows_counts(bench: Bench) -> None:
    one, token = await bench.installed()
    both = Together(Fixed(Installation("T1", "xoxb-1")), one.stored)
    found = [await both.find(workspace) for workspace in ("T1", TEAM, "T9")]
    assert [known and known.token for known in found] == ["xoxb-1", token, None]


async def test_what_was_found_is_believed_for_a_while(bench: Bench) -> None:
    here, there = bench.replica(), bench.replica()
    assert await here.stored.find(TEAM) is None
    token = await bench.install(there.store)
    assert await here.stored.find(TEAM) is None
    here.store.forget("installations", TEAM)
    assert await here.token() == token
    await there.stored.uninstalled(TEAM)
    assert await here.token() == token
    bench.slack.clock.move(30)
    assert await here.stored.find(TEAM) is None


async def test_word_that_was_lost_makes_it_forget_all(bench: Bench) -> None:
    here, there = bench.replica(), bench.replica()
    assert await here.stored.find(TEAM) is None
    token = await bench.install(there.store)
    here.store.clear()
    assert await here.token() == token


async def test_without_the_key_it_is_said(bench: Bench) -> None:
    one, _ = await bench.installed()
    one.store.vault = Vault([new_key()])
    with pytest.raises(Unopened, match="DESKBELL_SECRET_KEYS"):
        await one.stored.find(TEAM)


async def test_a_token_without_an_end_is_left_alone(bench: Bench) -> None:
    bench.slack.oauth.rotation = False
    one, token = await bench.installed()
    bench.slack.clock.move(365 * 86400)
    assert await one.token() == token
    assert bench.renewals == []


# ---------------------------------------------------------------- renewed


async def test_until_two_hours_before_the_end_nothing_happens(bench: Bench) -> None:
    one, token = await bench.installed(EARLY + 1)
    assert await one.used() == token
    assert bench.renewals == []


async def test_eight_at_once_renew_once_and_nobody_waits(bench: Bench) -> None:
    one, old = await bench.installed(EARLY)
    gate = bench.slack.platform.faults.hold_next(METHOD)
    assert await asyncio.gather(*(one.token() for _ in range(8))) == [old] * 8
    gate.set()
    await one.stored.drain()
    new = await one.token()
    assert new != old
    assert new in bench.slack.platform.worlds
    assert bench.renewals == ["ok"]


async def test_eight_at_once_after_the_end_get_the_new_one(bench: Bench) -> None:
    one, old = await bench.installed(-1)
    tokens = await asyncio.gather(*(one.token() for _ in range(8)))
    assert len(set(tokens)) == 1
    assert tokens[0] != old
    assert bench.renewals == ["ok"]


@pytest.mark.parametrize("before_the_end", [EARLY, 30.0, -1.0])
async def test_of_four_replicas_one_renews(bench: Bench, before_the_end: float) -> None:
    replicas = [bench.replica() for _ in range(4)]
    old = await bench.install(replicas[0].store)
    bench.move_to(before_the_end)
    tokens = await asyncio.gather(*(replica.token() for replica in replicas for _ in range(2)))
    for replica in replicas:
        await replica.stored.drain()
    assert bench.renewals == ["ok"]
    assert (old in tokens) == (before_the_end == EARLY)
    for replica in replicas:
        replica.store.clear()
    assert len({await replica.token() for replica in replicas}) == 1


async def test_it_goes_on_for_days(bench: Bench) -> None:
    one = bench.replica()
    tokens = {await bench.install(one.store)}
    for _ in range(6):
        bench.slack.clock.move(HALF_A_DAY - 600)
        await one.used()
        tokens.add(await one.token())
    assert len(tokens) == 7
    assert bench.renewals == ["ok"] * 6
    found = await one.store.at("slack", TEAM)
    assert found is not None
    assert (found.data["bot"], found.data["by"]) == ("B1", bench.slack.ana)


async def test_whoever_asked_may_go_away(bench: Bench) -> None:
    one, _ = await bench.installed(-1)
    gate = bench.slack.platform.faults.hold_next(METHOD)
    asking = asyncio.create_task(one.token())
    await bench.asked()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    gate.set()
    await one.stored.drain()
    assert await one.token() in bench.slack.platform.worlds
    assert bench.renewals == ["ok"]


async def test_a_process_killed_while_it_renewed_is_waited_for_and_replaced(bench: Bench) -> None:
    one, old = await bench.installed(600)
    assert await one.store.claim("slack", TEAM, bench.slack.clock(), CLAIM)
    assert await one.used() == old
    assert bench.renewals == []
    bench.slack.clock.move(CLAIM + PAUSE)
    assert await one.used() == old
    assert bench.renewals == ["ok"]
    assert await one.token() != old


# ---------------------------------------------------------------- trouble


async def test_while_slack_is_down_the_old_token_is_used_to_its_end(bench: Bench) -> None:
    one, old = await bench.installed()
    bench.slack.sandbox.down = True
    for before_the_end in (EARLY, 600.0, 30.0):
        bench.slack.clock.now = 1_760_000_000.0 + HALF_A_DAY - before_the_end
        assert await one.used() == old
    bench.slack.clock.move(31)
    with pytest.raises(Later):
        await one.token()
    bench.slack.sandbox.down = False
    bench.slack.clock.move(PAUSE)
    assert await one.token() != old


async def test_after_a_failure_it_pauses(bench: Bench) -> None:
    one, _ = await bench.installed(600)
    bench.slack.sandbox.fail_next(METHOD, 503, times=5)
    for _ in range(10):
        await one.used()
    assert len(bench.slack.asked()) == 2  # the installation, and one try
    bench.slack.clock.move(PAUSE)
    await one.used()
    assert len(bench.slack.asked()) == 3


async def test_a_refresh_token_that_is_no_good(bench: Bench) -> None:
    one, old = await bench.installed()
    bench.slack.oauth.refresh_tokens.clear()
    bench.move_to(600)
    with capture_logs() as logs:
        assert await one.used() == old
    assert [(line["event"], line["error"]) for line in logs] == [("slack must be installed again", "invalid_refresh_token")]
    assert "xox" not in str(logs)
    assert await one.token() == old
    bench.slack.clock.move(600)
    assert await one.stored.find(TEAM) is None
    assert bench.renewals == ["invalid_refresh_token"]
    assert await bench.install(one.store) == await one.token()


async def test_wrong_settings_cost_no_installation(bench: Bench) -> None:
    one, _ = await bench.installed(600)
    secret, bench.slack.oauth.client_secret = bench.slack.oauth.client_secret, "another"
    with capture_logs() as logs:
        await one.used()
    assert [line["error"] for line in logs] == ["bad_client_secret"]
    bench.slack.oauth.client_secret = secret
    bench.slack.clock.move(PAUSE)
    await one.used()
    assert bench.renewals == ["bad_client_secret", "ok"]


async def test_installed_again_while_it_is_renewed(bench: Bench) -> None:
    one, _ = await bench.installed(-1)
    gate = bench.slack.platform.faults.hold_next(METHOD)
    asking = asyncio.create_task(one.token())
    await bench.asked()
    fresh = await bench.install(one.store)
    gate.set()
    assert await asking == fresh
    assert await one.token() == fresh


async def test_removed_while_it_is_renewed(bench: Bench) -> None:
    one, _ = await bench.installed(600)
    gate = bench.slack.platform.faults.hold_next(METHOD)
    await one.token()
    await bench.asked()
    bench.slack.oauth.uninstall(bench.slack.platform, bench.slack.world)
    assert await one.stored.revoked(TEAM)
    gate.set()
    await one.stored.drain()
    assert await one.stored.find(TEAM) is None
    row = await one.store.at("slack", TEAM)
    assert row is not None
    assert {"token", "refresh_token", "expires_at"}.isdisjoint(row.data)


class Unwilling(InstallationStore):
    """A store whose database is away for the next few writes of new tokens."""

    away = 0

    async def swap(self, read: Row, data: Mapping[str, object]) -> bool:
        if self.away:
            self.away -= 1
            raise ConnectionError("away")
        return await super().swap(read, data)


async def test_new_tokens_are_kept_until_the_database_is_back(bench: Bench) -> None:
    store = bench.open_store()
    unwilling = Unwilling(store.database, lambda kind, key: None)
    one = bench.replica(unwilling)
    old = await bench.install(unwilling)
    bench.move_to(-1)
    unwilling.away = 3
    assert await one.token() != old
    assert bench.renewals == ["ok"]


# ---------------------------------------------------------------- the end of it


async def test_what_was_never_there_cannot_end(bench: Bench) -> None:
    one = bench.replica()
    with capture_logs() as logs:
        assert not await one.stored.uninstalled(TEAM)
    assert logs[0]["known"] is False


async def test_an_event_of_before_the_installation_is_late(bench: Bench) -> None:
    one, token = await bench.installed()
    assert not await one.stored.uninstalled(TEAM, bench.slack.clock() - 1)
    assert await one.token() == token
    assert await one.stored.uninstalled(TEAM, bench.slack.clock())
    assert await one.stored.find(TEAM) is None


async def test_an_older_token_that_ends_is_not_the_one_in_use(bench: Bench) -> None:
    one, token = await bench.installed()
    assert not await one.stored.revoked(TEAM, bench.slack.clock())
    assert await one.token() == token
    bench.slack.sandbox.down = True
    with pytest.raises(Unreachable):
        await one.stored.revoked(TEAM, bench.slack.clock())
    assert await one.token() == token
    bench.slack.sandbox.down = False
    bench.slack.oauth.uninstall(bench.slack.platform, bench.slack.world)
    assert await one.stored.revoked(TEAM, bench.slack.clock())
    assert await one.stored.find(TEAM) is None
