"""Tokens both ways: each way to forge a request to the bot, and what the sign-in gives for the connector."""

from typing import Any

import pytest

from bot.sandbox.teams import HandClock, Tamper, TeamsSandbox
from bot.sandbox.teams.model import Json


async def test_an_honest_request_passes(teams: TeamsSandbox, bot: Any) -> None:
    delivery = await teams.actor("ana").command("#help", "/issue", "light flickering")
    assert (delivery.status, delivery.ok, bot.refused) == (200, True, 0)


@pytest.mark.parametrize(
    "tamper",
    [
        Tamper(token=""),
        Tamper(token="garbage"),
        Tamper(age=3600 + 301),
        Tamper(age=-601),
        Tamper(audience="another"),
        Tamper(issuer="https://sts.windows.net/"),
        Tamper(service_url="https://evil.example/"),
        Tamper(key="unknown"),
        Tamper(key="unendorsed"),
        Tamper(key="forged"),
        Tamper(algorithm="none"),
        Tamper(algorithm="HS256"),
        Tamper(change={"serviceUrl": "https://evil.example/"}),
    ],
    ids=[
        "none",
        "garbage",
        "old",
        "early",
        "audience",
        "issuer",
        "url",
        "unknown",
        "unendorsed",
        "forged",
        "alg-none",
        "hs256",
        "activity",
    ],
)
async def test_a_forged_request_does_not(teams: TeamsSandbox, bot: Any, tamper: Tamper) -> None:
    delivery = await teams.actor("ana").command("#help", "/issue", "x", tamper=tamper)
    assert (delivery.status, delivery.error, bot.heard) == (401, "http_error", [])


@pytest.mark.parametrize("age", [3600 + 290, -290])
async def test_clocks_may_differ_a_little(teams: TeamsSandbox, bot: Any, age: float) -> None:
    assert (await teams.actor("ana").command("#help", "/issue", "x", tamper=Tamper(age=age))).ok


async def test_a_request_may_name_another_tenant_and_say_anything(teams: TeamsSandbox, bot: Any) -> None:
    tamper = Tamper(tenant="elsewhere", change={"text": "hacked", "more": 1}, headers={"X-More": "1"})
    await teams.actor("ana").message("#help", "x", tamper=tamper)
    heard = bot.heard[0]
    assert (heard["channelData"]["tenant"]["id"], heard["conversation"]["tenantId"], heard["text"]) == ("elsewhere", "elsewhere", "hacked")


async def test_a_body_can_be_anything_at_all(teams: TeamsSandbox, bot: Any) -> None:
    assert (await teams.actor("ana").message("#help", "x", tamper=Tamper(body=b"[]"))).id
    assert teams.deliveries[-1].status == 500


async def test_the_platform_uses_a_token_again_until_the_keys_change(teams: TeamsSandbox, bot: Any) -> None:
    first = teams.issuer.token(teams.app_id, teams.service_url)
    assert teams.issuer.token(teams.app_id, teams.service_url) == first
    teams.issuer.rotate()
    assert teams.issuer.token(teams.app_id, teams.service_url) != first
    assert (await teams.actor("ana").command("#help", "/issue", "x")).ok


async def test_a_second_registration_has_the_same_issuer_and_sign_in(teams: TeamsSandbox, bot: Any) -> None:
    async with TeamsSandbox(app_id="another-app", tenant="another-tenant", beside=teams) as second:
        assert (second.openid_url, second.login_url) == (teams.openid_url, teams.login_url)
        assert second.service_url != teams.service_url
        status, answer = await bot.sign_in(client_id="another-app", tenant="another-tenant")
        assert status == 200
        assert (await bot.api("GET", "conversations/a:1x/members", token=answer["access_token"]))[0] == 403


@pytest.mark.parametrize(
    ("changed", "status", "error", "number"),
    [
        ({"client_secret": "x"}, 401, "invalid_client", 7000215),
        ({"client_id": "x"}, 400, "unauthorized_client", 700016),
        ({"tenant": "botframework.com"}, 400, "unauthorized_client", 700016),
        ({"scope": "x"}, 400, "invalid_scope", 70011),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
async def test_the_sign_in_says_what_is_wrong(bot: Any, changed: dict[str, str], status: int, error: str, number: int) -> None:
    got, answer = await bot.sign_in(**changed)
    assert (got, answer["error"], answer["error_codes"]) == (status, error, [number])
    assert f"AADSTS{number}" in answer["error_description"]


async def test_secrets_are_not_kept_in_the_log(teams: TeamsSandbox, bot: Any) -> None:
    await bot.sign_in()
    assert teams.app_secret not in repr(teams.calls_of("token")[0].args)


@pytest.mark.parametrize("token", ["", "garbage"])
async def test_the_connector_wants_a_token_that_was_issued(teams: TeamsSandbox, bot: Any, help_channel: str, token: str) -> None:
    status, answer = await bot.api("GET", f"conversations/{help_channel}/members", token=token)
    assert (status, answer["error"]["code"]) == (401, "Unauthorized")


async def test_a_token_ends(teams: TeamsSandbox, bot: Any, help_channel: str, clock: HandClock) -> None:
    assert (await bot.api("GET", f"conversations/{help_channel}/members"))[0] == 200
    clock.move(teams.login.lifetime)
    assert (await bot.api("GET", f"conversations/{help_channel}/members"))[0] == 401
    bot.token = ""
    assert (await bot.api("GET", f"conversations/{help_channel}/members"))[0] == 200
    teams.login.revoke()
    assert (await bot.api("GET", f"conversations/{help_channel}/members"))[0] == 401


async def test_the_sign_in_can_fail_on_order(teams: TeamsSandbox, bot: Any) -> None:
    teams.fail_next("token", 401)
    status, answer = await bot.sign_in()
    assert (status, answer["error"]) == (401, "invalid_client")
    assert (await bot.sign_in())[0] == 200


async def test_the_key_document_can_be_out_of_order(teams: TeamsSandbox, bot: Any) -> None:
    teams.issuer.down = True
    async with bot.http.get(teams.openid_url) as got:
        assert got.status == 503


def test_all_public_keys_are_endorsed_for_something(teams: TeamsSandbox) -> None:
    keys: list[Json] = [teams.issuer.current.jwk()]
    assert {"kty", "n", "e", "kid", "endorsements"} <= set(keys[0])
