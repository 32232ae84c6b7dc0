"""The doctor names what is missing in Slack and what to do; he fails for what stops the desk and warns of what is only less."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot import doctor
from bot.findings import Finding
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.model import Enterprise
from bot.settings import Settings
from bot.slack.examined import Slack
from bot.slack.manifest import SCOPES
from handlers.office.model import Office
from storage.database import open_database
from storage.installations import Installation
from storage.resealing import reseal
from storage.secrets import Vault, new_key
from storage.store import Store
from tests.conftest import NOW
from tests.handlers.harness import example

KEY = new_key()
ALL = {scope.name for scope in SCOPES}
Json = dict[str, Any]
Examined = Callable[..., Coroutine[Any, Any, dict[str, Finding]]]


def found(url: str, **more: Any) -> Settings:
    plain = {"slack_signing_secret": "s3cret", "slack_bot_token": "xoxb-1", "slack_app_token": None, "public_url": None, "office": None}
    return Settings(_env_file=None, slack_api_url=url, **{**plain, **more})


async def findings(settings: Settings, offices: Sequence[Office] = (), installed: Sequence[Installation] = ()) -> dict[str, Finding]:
    """By what was examined."""
    async with aiohttp.ClientSession() as http:
        said = [finding async for finding in Slack(settings, http, lambda: datetime.now(UTC)).examined(offices, installed)]
    assert len({finding.what for finding in said}) == len(said)
    return {finding.what: finding for finding in said}


async def test_the_folder_for_files_is_looked_at_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    for folder, level in (("made when needed", "ok"), ("in the way", "fail")):
        settings = found("http://127.0.0.1:1/", data_folder=tmp_path / folder, database_url=f"sqlite:///{tmp_path / 'desk.db'}")
        said = await everything(settings)
        assert said["data folder"].level == level
    assert not (tmp_path / "made when needed").exists()


async def test_without_a_key_nobody_gets_a_link_to_their_files(tmp_path: Path) -> None:
    settings = found(
        "http://127.0.0.1:1/", public_url="http://127.0.0.1:1", data_folder=tmp_path, database_url=f"sqlite:///{tmp_path / 'desk.db'}"
    )
    said = await everything(settings)
    assert said["data folder"].level == "warn"
    assert "DESKBELL_SECRET_KEYS" in said["data folder"].sentence


async def everything(settings: Settings) -> dict[str, Finding]:
    return {finding.what: finding for finding in await doctor.examined(settings)}


StoreAt = Callable[[str, str], Coroutine[Any, Any, Store]]


@pytest.fixture
async def store_at() -> AsyncIterator[StoreAt]:
    """Opens the store at a url, with a key."""
    opened: list[Store] = []

    async def at(url: str, key: str) -> Store:
        opened.append(Store(open_database(url), {}, lambda: NOW))
        opened[-1].installations.vault = Vault([key])
        return opened[-1]

    yield at
    for store in opened:
        await store.close()


# ---------------------------------------------------------------- scopes and channels


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox() as sandbox:
        sandbox.app.scopes = set(ALL)
        yield sandbox


@pytest.fixture
def examined(slack: SlackSandbox) -> Examined:
    async def ask(*offices: Office, **more: Any) -> dict[str, Finding]:
        return await findings(found(slack.base_url, slack_bot_token=slack.bot_token, **more), offices)

    return ask


async def test_an_app_made_from_the_manifest_lacks_nothing_and_has_nothing_too_many(examined: Examined) -> None:
    said = await examined(public_url="https://desk.example.com")
    assert {finding.level for finding in said.values()} == {"ok"}
    assert [what for what in said if what.startswith("slack scopes")] == ["slack scopes"]


@pytest.mark.parametrize("scope", sorted(scope.name for scope in SCOPES if scope.vital))
async def test_what_nothing_works_without_is_a_failure(slack: SlackSandbox, examined: Examined, scope: str) -> None:
    slack.app.scopes.discard(scope)
    said = await examined()
    finding = said["slack scopes"]
    assert finding.level == "fail"
    assert finding.sentence.startswith(f"missing: {scope}. ")
    assert "slack scopes, less" not in said
    assert "deskbell manifest slack --http" in finding.sentence
    assert "reinstall" in finding.sentence


async def test_what_the_desk_is_only_less_without_is_a_warning_with_its_use(slack: SlackSandbox, examined: Examined) -> None:
    slack.app.scopes -= {"mpim:history", "reactions:read"}
    said = await examined()
    assert said["slack scopes"].level == "ok"
    assert said["slack scopes, less"].level == "warn"
    for scope in SCOPES:
        told = f"{scope.name} ({scope.why})" in said["slack scopes, less"].sentence
        assert told == (scope.name in {"mpim:history", "reactions:read"})


async def test_scopes_of_links_are_missed_only_where_links_can_be(slack: SlackSandbox, examined: Examined) -> None:
    slack.app.scopes -= {"links:read", "links:write"}
    assert "slack scopes, less" not in await examined()
    assert "links:read" in (await examined(public_url="https://desk.example.com"))["slack scopes, less"].sentence


async def test_what_is_too_much_is_named(slack: SlackSandbox, examined: Examined) -> None:
    slack.app.scopes |= {"channels:join", "admin"}
    finding = (await examined())["slack scopes, more"]
    assert finding.level == "warn"
    assert finding.sentence.startswith("not needed: admin, channels:join. ")


async def test_each_queues_channel_is_looked_at(slack: SlackSandbox, examined: Examined) -> None:
    slack.add_user("ana")
    office = example()
    keys = [key for key, queue in office.queues.items() if "slack" in queue.channel]
    there = {key: slack.add_channel(key, ["ana"]) for key in keys}
    shared, archived, left, gone, *right = keys
    there[shared].is_ext_shared, there[archived].archived = True, True
    there[left].members.remove(slack.app.user)
    ids = {key: "C0NOWHERE" if key == gone else channel.id for key, channel in there.items()}
    queues = {key: replace(queue, channel={"slack": ids[key]}) for key, queue in office.queues.items() if key in ids}
    office = replace(office, queues=queues)
    said = await examined(office)
    assert [said[f"queue {key}"].level for key in (shared, archived, left, gone)] == ["warn", "fail", "fail", "fail"]
    assert "shared with another organisation" in said[f"queue {shared}"].sentence
    assert "is archived" in said[f"queue {archived}"].sentence
    assert f"the app is not in #{left}. Write there: /invite" in said[f"queue {left}"].sentence
    assert "cannot be seen (channel_not_found)" in said[f"queue {gone}"].sentence
    assert all(said[f"queue {key}"].level == "ok" for key in right)
    slack.app.scopes.discard("groups:read")
    assert (await examined(office))["slack channels"].sentence == "cannot be examined without channels:read and groups:read."


# ---------------------------------------------------------------- tokens


@pytest.fixture
async def answering() -> AsyncIterator[Callable[[Mapping[str, Json]], Coroutine[Any, Any, tuple[str, list[tuple[str, str]]]]]]:
    """A Slack that answers each method as it is told: gives its address, and a list that it fills with (method, token)."""
    runners: list[web.AppRunner] = []

    async def start(answers: Mapping[str, Json]) -> tuple[str, list[tuple[str, str]]]:
        asked: list[tuple[str, str]] = []

        async def answer(request: web.Request) -> web.Response:
            method = request.match_info["method"]
            asked.append((method, request.headers["Authorization"].removeprefix("Bearer ")))
            return web.json_response(answers[method], headers={"x-oauth-scopes": ",".join(ALL)})

        app = web.Application()
        app.router.add_post("/api/{method}", answer)
        runners.append(web.AppRunner(app))
        await runners[-1].setup()
        await web.TCPSite(runners[-1], "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runners[-1].addresses[0][1]}/api/", asked

    yield start
    for runner in runners:
        await runner.cleanup()


Answering = Callable[[Mapping[str, Json]], Coroutine[Any, Any, tuple[str, list[tuple[str, str]]]]]
US = {"ok": True, "user": "deskbell", "team": "Acme"}


async def test_the_app_level_token_is_tried(answering: Answering) -> None:
    url, asked = await answering({"auth.test": US, "apps.connections.open": {"ok": True, "url": "wss://one.example"}})
    said = await findings(found(url, slack_app_token="xapp-1", slack_signing_secret=None))
    assert said["slack socket"].level == "ok"
    assert asked == [("apps.connections.open", "xapp-1"), ("auth.test", "xoxb-1")]
    assert "xapp-1" not in "".join(map(str, said.values()))


async def test_an_app_level_token_that_is_refused(answering: Answering) -> None:
    url, _ = await answering({"auth.test": US, "apps.connections.open": {"ok": False, "error": "invalid_auth"}})
    finding = (await findings(found(url, slack_app_token="xapp-1")))["slack socket"]
    assert finding.level == "fail"
    assert finding.sentence.startswith("Slack gives no connection (invalid_auth). Is Socket Mode on?")
    assert "connections:write" in finding.sentence


async def test_a_bot_token_in_the_place_of_the_app_level_token(answering: Answering) -> None:
    url, asked = await answering({"auth.test": US})
    finding = (await findings(found(url, slack_app_token="xoxb-1")))["slack socket"]
    assert (finding.level, len(asked)) == ("fail", 1)
    assert "does not begin with xapp-" in finding.sentence


async def test_an_app_level_token_in_the_place_of_the_bot_token(answering: Answering) -> None:
    url, _ = await answering({"auth.test": {"ok": False, "error": "not_allowed_token_type"}})
    said = await findings(found(url, slack_bot_token="xapp-1"))
    assert said["slack token"].level == "fail"
    assert "begins with xoxb-" in said["slack token"].sentence
    assert "slack scopes" not in said


async def test_without_an_app_level_token_no_socket_is_tried(answering: Answering) -> None:
    url, asked = await answering({"auth.test": US})
    assert "slack socket" not in await findings(found(url))
    assert [method for method, _ in asked] == ["auth.test"]


async def test_what_is_not_set_up_is_told_with_where_to_read_on() -> None:
    said = await findings(found("http://127.0.0.1:9/api/", slack_bot_token=None))
    assert [finding.level for finding in said.values()] == ["warn"]
    assert "DESKBELL_SLACK_APP_TOKEN" in said["slack"].sentence
    assert "docs/install-slack.md" in said["slack"].sentence


async def test_what_is_set_up_in_part_is_a_failure_that_names_the_rest() -> None:
    said = await findings(found("http://127.0.0.1:9/api/", slack_signing_secret=None))
    assert str(said["slack"]).startswith("fail  slack: is set up in part: DESKBELL_SLACK_SIGNING_SECRET missing.")


# ---------------------------------------------------------------- installed from a link

LINKED = {"slack_bot_token": None, "slack_client_id": "1.2", "slack_client_secret": "s", "public_url": "https://desk.example"}


def linked(url: str, **more: Any) -> Settings:
    return found(url, **{**LINKED, "secret_keys": KEY, **more})


def installed(token: str, **more: Any) -> Installation:
    return Installation("i1", "acme", "slack", "T0SANDBOX", NOW, data={"token": token, **more})


async def test_without_a_workspace_it_says_how_to_get_one(slack: SlackSandbox) -> None:
    said = await findings(linked(slack.base_url))
    assert [(finding.level, "deskbell invite office" in finding.sentence) for finding in said.values()] == [("warn", True)]


async def test_each_installed_workspace_is_examined_with_its_own_token(slack: SlackSandbox) -> None:
    said = await findings(linked(slack.base_url), installed=[installed(slack.bot_token)])
    assert {finding.level for finding in said.values()} == {"ok"}
    assert {"slack token of T0SANDBOX", "slack scopes of T0SANDBOX", "clock of T0SANDBOX"} <= set(said)


@pytest.mark.parametrize(
    ("one", "level", "words"),
    [
        (installed(""), "fail", "the app was removed. Invite again"),
        (installed("xoxb-wrong"), "fail", "is refused (invalid_auth). Invite again"),
        (installed("xoxe-1", expires_at=1.0), "warn", "has ended. The running bot gets a new one"),
    ],
)
async def test_a_workspace_whose_token_is_no_good(slack: SlackSandbox, one: Installation, level: str, words: str) -> None:
    finding = (await findings(linked(slack.base_url), installed=[one]))["slack token of T0SANDBOX"]
    assert finding.level == level
    assert words in finding.sentence
    assert "xox" not in finding.sentence


async def test_an_enterprise_that_has_added_the_app_nowhere(slack: SlackSandbox, examined: Examined) -> None:
    grid = slack.join_enterprise(Enterprise("E0ACME", "Acme Group", {"T0SANDBOX": "Sandbox", "T0NORTH": "North"}))
    finding = (await examined())["slack workspaces"]
    assert (finding.level, "added to no workspace" in finding.sentence) == ("fail", True)
    grid.granted = {"T0NORTH"}
    assert str((await examined())["slack workspaces"]) == "ok    slack workspaces: the app was added to North."


async def test_tokens_under_an_older_key_are_told_of(sqlite_url: str, slack: SlackSandbox, store_at: StoreAt) -> None:
    older, newer = new_key(), new_key()
    store = await store_at(sqlite_url, older)
    await store.installations.put(replace(installed(slack.bot_token), organisation="a" * 32))
    both = linked(slack.base_url, database_url=sqlite_url, secret_keys=f"{newer},{older}")
    assert "Run: deskbell db reseal" in (await everything(both))["secret keys"].sentence
    assert (await everything(linked(slack.base_url, database_url=sqlite_url, secret_keys=newer)))["secret keys"].level == "fail"
    assert await reseal(store.database, Vault([newer, older])) == 1
    assert (await everything(both))["secret keys"].level == "ok"


async def test_the_public_address_must_lead_to_the_bot(answering: Answering, sqlite_url: str) -> None:
    url, _ = await answering({})
    base = url.removesuffix("/api/")
    said = await everything(found(url, slack_bot_token=None, public_url=base, database_url=sqlite_url))
    assert "answers 404" in said["public address"].sentence
    assert "does not begin with https" in said["public address, form"].sentence
