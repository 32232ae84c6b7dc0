"""Who may call: tokens really signed by a loopback issuer, and Microsoft's published keys changing, failing and coming back."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from bot.pump import Later
from bot.sandbox.teams import TeamsSandbox
from bot.sandbox.teams.keys import UNENDORSED, UNKNOWN, SigningKey, claims, private_key, sign
from bot.teams.registration import Registration
from bot.teams.tokens import AGAIN, EARLY, FRESH, SKEW, AppTokens, Doorkeys, NotLetIn, Refused


class Machine:
    """The machine's clock, some seconds later than it is. PyJWT looks at the true one."""

    later = 0.0

    def __call__(self) -> float:
        return time.time() + self.later


def bearer(token: str) -> str:
    return f"Bearer {token}"


def made(teams: TeamsSandbox, **replaced: Any) -> str:
    """An honest token with other claims; None leaves one out."""
    body = claims(teams.app_id, teams.service_url, time.time()) | replaced
    return bearer(sign(teams.issuer.current, {name: value for name, value in body.items() if value is not None}))


@pytest.fixture
async def teams() -> AsyncIterator[TeamsSandbox]:
    async with TeamsSandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def ours(teams: TeamsSandbox) -> Registration:
    return Registration("", teams.app_id, teams.app_secret, teams.tenant, frozenset({teams.tenant}))


@pytest.fixture
def keys(teams: TeamsSandbox, http: aiohttp.ClientSession, machine: Machine, ours: Registration) -> Doorkeys:
    return Doorkeys(http, [ours], teams.openid_url, machine)


def honest(teams: TeamsSandbox) -> str:
    return bearer(teams.issuer.token(teams.app_id, teams.service_url))


async def refused(keys: Doorkeys, header: str, url: str) -> tuple[str, int]:
    with pytest.raises(NotLetIn) as why:
        await keys.check(header, url)
    return why.value.why, why.value.status


# ---------------------------------------------------------------- what a token must say


async def test_an_honest_token_says_which_registration_is_meant(teams: TeamsSandbox, keys: Doorkeys, ours: Registration) -> None:
    assert await keys.check(honest(teams), teams.service_url) == ours
    assert await keys.check(honest(teams).replace("Bearer", "bearer"), teams.service_url) == ours


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Token x", "Bearer\tx"])
async def test_without_a_token_nobody_is_let_in(teams: TeamsSandbox, keys: Doorkeys, header: str) -> None:
    assert await refused(keys, header, teams.service_url) == ("no token", 401)
    assert teams.issuer.fetched == 0


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


GARBAGE = [
    "x",
    "a.b.c",
    "....",
    "é.é.é",
    "\udc80",
    f"{_part(5)}.{_part({})}.x",
    f"{_part([])}.{_part({})}.x",
    f"{_part({'alg': 'RS256', 'kid': 5})}.{_part({})}.x",
    f"{_part({'alg': ['RS256'], 'kid': 'sandbox-1'})}.{_part({})}.x",
    f"{_part({'alg': 'RS256', 'kid': 'sandbox-1', 'crit': ['x']})}.{_part({})}.x",
    f"{_part({'kid': 'sandbox-1'})}.{_part({})}.x",
    "Z" * 100_000,
]


@pytest.mark.parametrize("token", GARBAGE, ids=range(len(GARBAGE)))
async def test_garbage_is_refused(teams: TeamsSandbox, keys: Doorkeys, token: str) -> None:
    assert await refused(keys, bearer(token), teams.service_url) == ("token", 401)


@pytest.mark.parametrize(
    ("replaced", "why"),
    [
        ({"exp": time.time() - SKEW - 5}, ("expired", 401)),
        ({"nbf": time.time() + SKEW + 3600}, ("token", 401)),
        ({"iat": time.time() + SKEW + 3600}, ("token", 401)),
        ({"exp": None}, ("token", 401)),
        ({"exp": "soon"}, ("token", 401)),
        ({"iss": None}, ("token", 401)),
        ({"aud": None}, ("token", 401)),
        ({"aud": "00000000-0000-0000-0000-00000000abcd"}, ("audience", 403)),
        ({"aud": ""}, ("token", 401)),
        ({"aud": 5}, ("audience", 403)),
        ({"iss": "https://api.botframework.com/"}, ("issuer", 403)),
        ({"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"}, ("issuer", 403)),
        ({"serviceurl": "https://elsewhere.example/"}, ("service url", 403)),
        ({"serviceurl": None}, ("token", 401)),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else str(one),
)
async def test_a_claim_that_is_wrong_or_missing_keeps_it_outside(
    teams: TeamsSandbox, keys: Doorkeys, replaced: dict[str, Any], why: tuple[str, int]
) -> None:
    assert await refused(keys, made(teams, **replaced), teams.service_url) == why


async def test_a_list_of_audiences_is_none(teams: TeamsSandbox, keys: Doorkeys) -> None:
    assert await refused(keys, made(teams, aud=[teams.app_id, "x"]), teams.service_url) == ("audience", 403)


async def test_clocks_may_differ_by_five_minutes(teams: TeamsSandbox, keys: Doorkeys, ours: Registration) -> None:
    now = time.time()
    assert await keys.check(made(teams, exp=int(now) - SKEW + 60), teams.service_url) == ours
    assert await keys.check(made(teams, nbf=int(now) + SKEW - 60), teams.service_url) == ours


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_only_the_issuers_private_key_signs(teams: TeamsSandbox, keys: Doorkeys, algorithm: str) -> None:
    body = claims(teams.app_id, teams.service_url, time.time())
    token = sign(teams.issuer.current, body, algorithm=algorithm)
    assert await refused(keys, bearer(token), teams.service_url) == ("token", 401)
    forged = sign(teams.issuer.current, body, number=UNKNOWN.number)
    assert await refused(keys, bearer(forged), teams.service_url) == ("token", 401)
    changed = honest(teams)[:-4] + "AAAA"
    assert await refused(keys, changed, teams.service_url) == ("token", 401)


async def test_a_key_for_another_channel_is_none_for_teams(teams: TeamsSandbox, keys: Doorkeys) -> None:
    token = sign(UNENDORSED, claims(teams.app_id, teams.service_url, time.time()))
    assert await refused(keys, bearer(token), teams.service_url) == ("endorsement", 403)


async def test_a_key_inside_of_the_token_counts_for_nothing(teams: TeamsSandbox, keys: Doorkeys) -> None:
    body = claims(teams.app_id, teams.service_url, time.time())
    token = jwt.encode(body, private_key(2), algorithm="RS256", headers={"kid": "mine", "jwk": UNKNOWN.jwk(), "jku": teams.openid_url})
    assert await refused(keys, bearer(token), teams.service_url) == ("unknown key", 401)


# ---------------------------------------------------------------- remembered


async def test_a_token_that_was_right_is_right_until_its_end_and_no_longer(
    teams: TeamsSandbox, keys: Doorkeys, machine: Machine, ours: Registration
) -> None:
    until = int(time.time()) + 600
    token = made(teams, exp=until)
    await keys.check(token, teams.service_url)
    # A key that is in no document any more: only what is remembered can let it in.
    teams.issuer.rotate()
    machine.later = AGAIN + 1
    await keys.check(honest(teams), teams.service_url)
    assert await keys.check(token, teams.service_url) == ours
    machine.later = 600 + SKEW - 30
    assert await keys.check(token, teams.service_url) == ours
    machine.later = 600 + SKEW + 1
    assert await refused(keys, token, teams.service_url) == ("unknown key", 401)


async def test_a_remembered_token_is_good_for_its_own_service_alone(teams: TeamsSandbox, keys: Doorkeys, ours: Registration) -> None:
    token = honest(teams)
    await keys.check(token, teams.service_url)
    for url in ("https://evil.example/", "", teams.service_url + "x", teams.service_url.replace("127.0.0.1", "127.0.0.2")):
        assert await refused(keys, token, url) == ("service url", 403)
    assert await keys.check(token, teams.service_url.rstrip("/").upper()) == ours


async def test_what_was_refused_is_not_remembered(teams: TeamsSandbox, keys: Doorkeys) -> None:
    token = made(teams, aud="somebody")
    for _ in range(2):
        assert await refused(keys, token, teams.service_url) == ("audience", 403)


# ---------------------------------------------------------------- keys


async def looked(keys: Doorkeys) -> None:
    """Until a look at the published keys that nobody waits for is over."""
    if keys._looking is not None:
        await keys._looking


async def test_an_unknown_key_is_looked_for_once_a_minute_and_no_more(teams: TeamsSandbox, keys: Doorkeys, machine: Machine) -> None:
    await keys.check(honest(teams), teams.service_url)
    machine.later = AGAIN + 1
    body = claims(teams.app_id, teams.service_url, time.time())
    tokens = [sign(SigningKey(f"made up {n}", UNKNOWN.number), body) for n in range(20)]
    answers = await asyncio.gather(*(refused(keys, bearer(one), teams.service_url) for one in tokens))
    assert set(answers) == {("unknown key", 401)}
    assert teams.issuer.fetched == 2
    machine.later += AGAIN - 5
    assert await refused(keys, bearer(tokens[0]), teams.service_url) == ("unknown key", 401)
    assert teams.issuer.fetched == 2
    machine.later += 10
    assert await refused(keys, bearer(tokens[0]), teams.service_url) == ("unknown key", 401)
    assert teams.issuer.fetched == 3


async def test_a_new_key_works_as_soon_as_it_signs_and_the_old_one_goes(teams: TeamsSandbox, keys: Doorkeys, machine: Machine) -> None:
    await keys.check(honest(teams), teams.service_url)
    old = made(teams, x="another")
    teams.issuer.rotate()
    machine.later = AGAIN + 1
    assert await keys.check(honest(teams), teams.service_url)
    assert await refused(keys, old, teams.service_url) == ("unknown key", 401)


async def test_published_keys_are_looked_at_anew_once_a_day(teams: TeamsSandbox, keys: Doorkeys, machine: Machine) -> None:
    for later, fetched in ((0, 1), (FRESH - 60, 1), (FRESH + 1, 2), (FRESH + 5, 2)):
        machine.later = later
        await keys.check(made(teams, x=later), teams.service_url)
        await looked(keys)
        assert teams.issuer.fetched == fetched


async def test_without_keys_nobody_is_let_in_and_everybody_as_soon_as_there_are_some(teams: TeamsSandbox, keys: Doorkeys) -> None:
    teams.issuer.down = True
    assert await refused(keys, honest(teams), teams.service_url) == ("no keys", 503)
    teams.issuer.down = False
    assert await keys.check(honest(teams), teams.service_url)


async def test_in_an_outage_the_old_keys_stay_good(teams: TeamsSandbox, keys: Doorkeys, machine: Machine) -> None:
    await keys.check(honest(teams), teams.service_url)
    teams.issuer.down, machine.later = True, 3 * FRESH
    for n in range(3):
        assert await keys.check(made(teams, x=n), teams.service_url)
        await looked(keys)
    machine.later += AGAIN + 1
    teams.issuer.rotate()
    assert await refused(keys, honest(teams), teams.service_url) == ("unknown key", 401)
    teams.issuer.down = False
    machine.later += AGAIN + 1
    assert await keys.check(honest(teams), teams.service_url)


async def test_many_who_come_during_an_outage_wait_for_one_attempt(
    http: aiohttp.ClientSession, teams: TeamsSandbox, ours: Registration, machine: Machine
) -> None:
    """Each of them asking in its turn would keep people waiting for minutes."""
    asked = 0

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.read(100)
        await asyncio.sleep(0.05)
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        keys = Doorkeys(http, [ours], f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", machine)
        answers = await asyncio.gather(*(refused(keys, made(teams, x=n), teams.service_url) for n in range(30)))
    assert set(answers) == {("no keys", 503)}
    assert asked <= 2  # the client itself asks a second time where the connection was cut


async def test_whoever_has_a_known_key_does_not_wait_for_new_ones(
    http: aiohttp.ClientSession, teams: TeamsSandbox, ours: Registration, machine: Machine, slow: Callable[[], str]
) -> None:
    keys = Doorkeys(http, [ours], slow(), machine)
    await keys.check(honest(teams), teams.service_url)
    gate.clear()
    machine.later = FRESH + 1
    looking = asyncio.create_task(keys.check(made(teams, x="first"), teams.service_url))
    assert await keys.check(made(teams, x="second"), teams.service_url) == ours
    gate.set()
    assert await looking == ours


gate = asyncio.Event()


@pytest.fixture
async def slow(teams: TeamsSandbox) -> AsyncIterator[Callable[[], str]]:
    """Metadata that come when `gate` is open."""

    async def metadata(request: web.Request) -> web.Response:
        await gate.wait()
        return web.json_response({"jwks_uri": f"{teams.issuer.base_url}/v1/.well-known/keys"})

    gate.set()
    app = web.Application()
    app.add_routes([web.get("/", metadata)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield lambda: f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


DOCUMENTS: list[Any] = [
    [],
    {},
    {"keys": None},
    {"keys": []},
    {"keys": "x"},
    {"keys": [5, {}, {"kid": "a"}, {"kid": "b", "kty": "oct", "k": "eA"}]},
    {"keys": [{"kid": "a", "kty": "RSA", "n": "!", "e": "AQAB"}]},
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
async def test_a_key_document_of_another_shape_is_no_keys(
    http: aiohttp.ClientSession, teams: TeamsSandbox, ours: Registration, document: object
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(document if request.path == "/keys" else {"jwks_uri": f"http://{request.host}/keys"})

    app = web.Application()
    app.router.add_get("/{any:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        keys = Doorkeys(http, [ours], f"http://127.0.0.1:{runner.addresses[0][1]}/")
        why, status = await refused(keys, honest(teams), teams.service_url)
        assert (why, status) in (("no keys", 503), ("unknown key", 401))
    finally:
        await runner.cleanup()


# ---------------------------------------------------------------- ours


@pytest.fixture
def tokens(teams: TeamsSandbox, http: aiohttp.ClientSession, machine: Machine) -> AppTokens:
    return AppTokens(http, teams.login_url, machine)


async def test_our_token_is_asked_for_once_and_replaced_before_its_end(
    teams: TeamsSandbox, tokens: AppTokens, ours: Registration, machine: Machine
) -> None:
    first = await asyncio.gather(*(tokens.token(ours) for _ in range(5)))
    assert len(set(first)) == len(teams.calls_of("token")) == 1
    machine.later = teams.login.lifetime - EARLY - 10
    assert await tokens.token(ours) == first[0]
    machine.later = teams.login.lifetime - EARLY + 10
    assert await tokens.token(ours) != first[0]
    assert len(teams.calls_of("token")) == 2


@pytest.mark.parametrize("error", [429, 500, 503])
async def test_a_login_that_does_not_work_is_asked_later(teams: TeamsSandbox, tokens: AppTokens, ours: Registration, error: int) -> None:
    teams.fail_next("token", error)
    with pytest.raises(Later) as later:
        await tokens.token(ours)
    assert not isinstance(later.value, Refused)
    assert await tokens.token(ours)


async def test_a_login_that_is_cut_is_asked_later(teams: TeamsSandbox, tokens: AppTokens, ours: Registration) -> None:
    teams.faults.cut_next("token", 3)
    with pytest.raises(Later):
        await tokens.token(ours)


async def test_a_wrong_secret_is_named_by_its_number_and_never_said(teams: TeamsSandbox, tokens: AppTokens) -> None:
    wrong = Registration("", teams.app_id, "not the secret", teams.tenant, frozenset({teams.tenant}))
    with pytest.raises(Refused, match="AADSTS7000215") as why:
        await tokens.token(wrong)
    assert "not the secret" not in str(why.value)
    elsewhere = Registration("", teams.app_id, teams.app_secret, "00000000-0000-4000-8000-0000000000ff")
    with pytest.raises(Refused, match="AADSTS700016"):
        await AppTokens(tokens._http, teams.login_url).token(elsewhere)
