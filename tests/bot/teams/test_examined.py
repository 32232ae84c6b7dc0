"""The doctor on Teams: a stand-in for Microsoft's login, for its keys, and for the bot's own door, all on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from bot import doctor
from bot.findings import Finding
from bot.settings import Settings
from bot.teams.examined import Teams
from bot.teams.manifest import manifest
from bot.teams.package import packed
from bot.teams.refusals import REFUSALS
from handlers.office.model import Office
from storage.secrets import new_key
from tests.handlers.harness import example

APP, HOME = "3f2b1a10-0000-4000-8000-0000000000aa", "9d1c7b20-0000-4000-8000-0000000000bb"
OTHER_APP, OTHER = "4a2b1a10-0000-4000-8000-0000000000cc", "8c1c7b20-0000-4000-8000-0000000000dd"
PASSWORD = "hush~hush"
URL = "https://desk.example.com"
Json = dict[str, Any]


@dataclass
class Microsoft:
    """Its login, its metadata and its keys; `door` is what the bot's own address answers."""

    base: str = ""
    asked: list[tuple[str, Json]] = field(default_factory=list)
    login: tuple[int, Any] = (200, {"token_type": "Bearer", "expires_in": 3599, "access_token": "eyJ0"})
    about: tuple[int, Any] = (200, {"issuer": "https://api.botframework.com"})
    keys: tuple[int, Any] = (200, {"keys": [{"kid": "1", "endorsements": ["msteams", "slack"]}, {"kid": "2", "endorsements": ["kik"]}]})
    door: int = 401

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append((request.match_info["tenant"], dict(await request.post())))
        return web.json_response(self.login[1], status=self.login[0])

    async def metadata(self, request: web.Request) -> web.Response:
        said = {"jwks_uri": f"{self.base}/keys", **self.about[1]} if isinstance(self.about[1], dict) else self.about[1]
        return web.json_response(said, status=self.about[0])

    async def signing(self, request: web.Request) -> web.Response:
        return web.json_response(self.keys[1], status=self.keys[0])

    async def messages(self, request: web.Request) -> web.Response:
        assert "Authorization" not in request.headers
        return web.Response(status=self.door)


@pytest.fixture
async def microsoft() -> AsyncIterator[Microsoft]:
    there, app = Microsoft(), web.Application()
    app.add_routes(
        [
            web.post("/{tenant}/oauth2/v2.0/token", there.token),
            web.get("/openid", there.metadata),
            web.get("/keys", there.signing),
            web.post("/api/messages", there.messages),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield there
    await runner.cleanup()


def settings(base: str, **given: Any) -> Settings:
    plain = {
        "office": None,
        "public_url": None,
        "teams_app_id": APP,
        "teams_app_password": PASSWORD,
        "teams_tenant_id": HOME,
        "teams_openid_url": f"{base}/openid",
        "teams_login_url": base,
        "slack_bot_token": None,
        "slack_signing_secret": None,
        "slack_app_token": None,
    }
    return Settings(_env_file=None, **{**plain, **given})


class NoNames(AbstractResolver):
    """Nothing outside of this machine is asked for."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
        raise OSError(f"{host} is not looked up here")

    async def close(self) -> None:
        pass


async def findings(
    found: Settings, *offices: Office, package: Path = Path("no such package.zip"), late: timedelta = timedelta()
) -> dict[str, Finding]:
    """By what was examined. No secret is ever among the sentences."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=NoNames()), timeout=aiohttp.ClientTimeout(total=30)) as http:
        teams = Teams(found, http, lambda: datetime.now(UTC) + late, package)
        said = [finding async for finding in teams.examined(offices)]
    assert len({finding.what for finding in said}) == len(said)
    assert PASSWORD not in " ".join(map(str, said))
    return {finding.what: finding for finding in said}


async def test_all_is_well(microsoft: Microsoft, tmp_path: Path) -> None:
    (tmp_path / "deskbell.zip").write_bytes(packed(manifest(APP, URL)))
    chosen = settings(microsoft.base, public_url=URL, secret_keys=SecretStr(new_key()))
    said = await findings(chosen, example(), package=tmp_path / "deskbell.zip")
    assert {what: finding.level for what, finding in said.items() if finding.level != "ok"} == {"teams door": "warn"}, (
        "nobody is at that address"
    )
    assert "1 of 2 sign for Teams" in said["teams keys"].sentence
    assert f"given for the app {APP}" in said["teams token"].sentence
    form = {
        "grant_type": "client_credentials",
        "client_id": APP,
        "client_secret": PASSWORD,
        "scope": "https://api.botframework.com/.default",
    }
    assert microsoft.asked == [(HOME, form)]


async def test_pictures_need_a_key_to_sign_their_addresses(microsoft: Microsoft) -> None:
    said = await findings(settings(microsoft.base, public_url=URL), example())
    assert said["teams pictures"].level == "warn"
    assert "set DESKBELL_SECRET_KEYS" in said["teams pictures"].sentence
    assert "teams pictures" not in await findings(settings(microsoft.base), example())


async def test_nothing_set_is_no_fault_and_half_of_it_is() -> None:
    none = dict.fromkeys(("teams_app_id", "teams_app_password", "teams_tenant_id"))
    said = await findings(settings("http://127.0.0.1:1", **none))
    assert [str(one) for one in said.values()] == ["ok    teams: is not set up. docs/install-teams.md tells how."]
    said = await findings(settings("http://127.0.0.1:1", **{**none, "teams_app_id": APP}))
    assert said["teams"].level == "fail"
    assert "DESKBELL_TEAMS_APP_PASSWORD and DESKBELL_TEAMS_TENANT_ID missing" in said["teams"].sentence


@pytest.mark.parametrize(("public_url", "level"), [(None, "warn"), (URL, "fail")])
async def test_an_open_door_is_never_passed_over(public_url: str | None, level: str) -> None:
    said = await findings(settings("http://127.0.0.1:1", teams_anonymous=True, public_url=public_url))
    assert list(said) == ["teams token check"]
    assert said["teams token check"].level == level
    assert "may speak as anybody" in said["teams token check"].sentence


# ---------------------------------------------------------------- the token


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (7000215, "Copy the secret's value, not its id"),
        (7000222, "the secret has ended"),
        (700016, f"there is no app {APP} in the tenant {HOME}"),
        (7000229, f"az ad sp create --id {APP}"),
        (90002, f"there is no tenant {HOME}"),
        (53003, "Conditional Access"),
    ],
)
@pytest.mark.parametrize("told", ["code", "words"])
async def test_well_known_refusals_say_what_to_do(microsoft: Microsoft, code: int, said: str, told: str) -> None:
    words = f"AADSTS{code}: Something about it. Trace ID: 12 Correlation ID: 34 Timestamp: 2026-11-23 08:00:00Z"
    numbers = {"error_codes": [code]} if told == "code" else {}
    microsoft.login = (401, {"error": "invalid_client", "error_description": words, **numbers})
    found = (await findings(settings(microsoft.base)))["teams token"]
    assert found.level == "fail"
    assert said in found.sentence
    assert f"AADSTS{code}" in found.sentence
    assert "Trace" not in found.sentence


def test_no_sentence_has_a_gap() -> None:
    for sentence in REFUSALS.values():
        assert "{" not in sentence.format(app=APP, tenant=HOME)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "invalid_client", "error_description": "AADSTS1234567: new."}, "AADSTS1234567"),
        ({"error": "temporarily_unavailable"}, "temporarily_unavailable"),
        ({"error": "<script>"}, "without a reason"),
        ({"error_codes": ["x"], "error_description": 7}, "without a reason"),
        ({"access_token": ""}, "without a reason"),
        (["odd"], "without a reason"),
    ],
)
async def test_other_refusals_are_named(microsoft: Microsoft, body: Any, said: str) -> None:
    microsoft.login = (400, body)
    found = (await findings(settings(microsoft.base)))["teams token"]
    assert found.level == "fail"
    assert f"({said})" in found.sentence


async def test_a_login_out_of_reach(microsoft: Microsoft) -> None:
    said = await findings(settings(microsoft.base, teams_login_url="http://127.0.0.1:1"))
    assert said["teams token"].level == "fail"
    assert "Check the way out to http://127.0.0.1:1" in said["teams token"].sentence


async def test_each_registration_is_examined(microsoft: Microsoft) -> None:
    entry = {"name": "msp", "app_id": OTHER_APP, "password": PASSWORD, "tenant": OTHER, "tenants": [HOME]}
    said = await findings(settings(microsoft.base, teams_more=json.dumps([entry])))
    assert [tenant for tenant, _ in microsoft.asked] == [HOME, OTHER]
    assert said["teams token of msp"].level == "ok"
    assert "its own people are refused" in said["teams tenants of msp"].sentence
    assert "teams tenants" not in said


# ---------------------------------------------------------------- keys and clock


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"keys": (200, {"keys": [{"kid": "1", "endorsements": ["slack"]}, {"kid": "2"}, "odd"]})}, "none of them signs for Teams"),
        ({"keys": (200, {"keys": [{"kid": "1", "endorsements": 7}]})}, "none of them signs for Teams"),
        ({"keys": (200, {"keys": 7})}, "none of them signs for Teams"),
        ({"keys": (200, {})}, "none of them signs for Teams"),
        ({"keys": (503, {})}, "cannot be read"),
        ({"keys": (200, ["odd"])}, "cannot be read"),
        ({"about": (404, {})}, "cannot be read"),
        ({"about": (200, "odd")}, "cannot be read"),
        ({"about": (200, {"issuer": "https://login.example.com"})}, "are not those of https://api.botframework.com"),
        ({"about": (200, {"issuer": "https://api.botframework.com", "jwks_uri": "http://127.0.0.1:1/"})}, "cannot be read"),
    ],
)
async def test_keys_that_do_not_sign_for_teams(microsoft: Microsoft, change: dict[str, Any], said: str) -> None:
    for name, value in change.items():
        setattr(microsoft, name, value)
    found = (await findings(settings(microsoft.base)))["teams keys"]
    assert found.level == "fail"
    assert said in found.sentence


@pytest.mark.parametrize(
    ("minutes", "level", "said"), [(0, "ok", "s away"), (-20, "fail", "20 minutes behind"), (20, "fail", "20 minutes ahead")]
)
async def test_a_clock_that_is_wrong(microsoft: Microsoft, minutes: int, level: str, said: str) -> None:
    found = (await findings(settings(microsoft.base), late=timedelta(minutes=minutes)))["teams clock"]
    assert found.level == level
    assert said in found.sentence


# ---------------------------------------------------------------- the way in


@pytest.mark.parametrize(
    ("status", "level", "said"),
    [
        (401, "ok", "refuses"),
        (200, "fail", "takes what nobody signed"),
        (202, "fail", "takes what nobody signed"),
        (404, "warn", "answers 404"),
    ],
)
async def test_the_door_refuses_what_nobody_signed(microsoft: Microsoft, status: int, level: str, said: str) -> None:
    microsoft.door = status
    found = await findings(settings(microsoft.base, public_url=f"{microsoft.base}/"))
    assert found["teams door"].level == level
    assert said in found["teams door"].sentence
    assert "does not begin with https://" in found["teams address"].sentence


async def test_without_an_address_the_way_in_is_not_examined(microsoft: Microsoft) -> None:
    said = await findings(settings(microsoft.base))
    assert said["teams address"].level == "warn"
    assert "teams door" not in said


# ---------------------------------------------------------------- whom it serves


async def test_a_registration_belongs_to_an_office_that_is_there(microsoft: Microsoft) -> None:
    office = example()
    key, vendor = office.head.key, next(iter(office.vendors))
    entry = {"name": "msp", "app_id": OTHER_APP, "password": PASSWORD, "tenant": OTHER}
    for party, wrong in (
        ({"office": key}, ""),
        ({"vendor": f"{key}/{vendor}"}, ""),
        ({"office": "x"}, "no office x"),
        ({"vendor": f"{key}/x"}, "no vendor x"),
    ):
        said = await findings(settings(microsoft.base, teams_more=json.dumps([{**entry, **party}])), office)
        found = said.get("teams office of msp")
        assert (found.level == "fail" and wrong in found.sentence) if found else not wrong


# ---------------------------------------------------------------- the package


@pytest.mark.parametrize(
    ("document", "level", "said"),
    [
        (manifest(APP, URL), "ok", "is for this bot"),
        (manifest(OTHER_APP, URL), "warn", f"is for the bot {OTHER_APP}, and the settings name {APP}"),
        (manifest(APP, "https://other.example"), "warn", "was made for another public address"),
        (manifest(APP, URL, read_channels=True), "warn", "asks for other permissions"),
        (manifest(APP, URL, release="0.0.1"), "warn", "is of version 0.0.1, older than this program"),
        ({"bots": "odd"}, "warn", "is for the bot of nobody"),
        ({"bots": 7, "composeExtensions": [7, {"botId": [7]}]}, "warn", "is for the bot"),
    ],
)
async def test_a_package_beside_the_settings(microsoft: Microsoft, tmp_path: Path, document: Json, level: str, said: str) -> None:
    (tmp_path / "deskbell.zip").write_bytes(packed(document))
    found = (await findings(settings(microsoft.base, public_url=URL), package=tmp_path / "deskbell.zip"))["teams package"]
    assert (found.level, said in found.sentence) == (level, True), found


async def test_another_file_of_that_name(microsoft: Microsoft, tmp_path: Path) -> None:
    (tmp_path / "deskbell.zip").write_bytes(b"something else")
    found = (await findings(settings(microsoft.base), package=tmp_path / "deskbell.zip"))["teams package"]
    assert (found.level, "is no package for Teams" in found.sentence) == ("warn", True)


# ---------------------------------------------------------------- all of it


async def test_an_office_in_teams_alone_is_not_told_to_set_slack_up(microsoft: Microsoft, tmp_path: Path) -> None:
    found = settings(microsoft.base, public_url=microsoft.base, database_url=f"sqlite:///{tmp_path / 'desk.db'}", data_folder=tmp_path)
    said = {one.what: one for one in await doctor.examined(found)}
    assert said["slack"].level == "ok"
    assert said["teams door"].level == "ok"
    assert "public address, form" not in said
