"""The manifest keeps Slack's limits, asks for nothing that is not needed, and agrees with what the code calls and hears."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner, Result

from bot.cli.manifest import app
from bot.public import NoAddress
from bot.settings import Settings
from bot.slack import manifest as slack
from bot.slack.manifest import COMMANDS, EVENTS, METHODS, SCOPES, SHORTCUTS, as_yaml, manifest, needs, scopes

Json = dict[str, Any]
ROOT = Path(__file__).parents[3]
SCHEMA = ROOT.parent / "shared" / "schemas" / "slack" / "manifest.schema.2.0.0.json"
COMMAND = str(Settings.model_fields["slack_command"].default)
URL = "https://desk.example.com"

TO_COME: frozenset[str] = frozenset()
"""Methods that the manifest already asks for and no code calls yet. What is called has to leave this list."""

EVENTS_TO_COME: frozenset[str] = frozenset()
"""Events that the manifest already subscribes to and no code listens to yet. What is heard has to leave this list."""

DOCUMENTS = {
    "socket": manifest(COMMAND, None, socket=True),
    "socket with an address": manifest(COMMAND, URL, socket=True),
    "http": manifest(COMMAND, URL, socket=False),
    "http below a path": manifest("/" + "x" * 31, f"{URL}:8443/desk/", socket=False, rotate_tokens=True),
}
every_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)


# ---------------------------------------------------------------- Slack takes it


@every_document
def test_the_published_schema_takes_it(document: Json) -> None:
    if not SCHEMA.is_file():
        pytest.skip("the published manifest schema is not beside this checkout")
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))


@every_document
def test_every_text_is_within_its_limit(document: Json) -> None:
    shown, features = document["display_information"], document["features"]
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", shown["background_color"])
    assert 1 <= len(features["bot_user"]["display_name"]) <= 80
    for one in features["slash_commands"]:
        assert re.fullmatch(r"/[^\sA-Z]{1,31}", one["command"])
        assert 1 <= len(one["description"]) <= 2000
        assert 1 <= len(one["usage_hint"]) <= 1000
    for one in features["shortcuts"]:
        assert 1 <= len(one["name"]) <= 24
        assert 1 <= len(one["description"]) <= 150
        assert 1 <= len(one["callback_id"]) <= 255


@every_document
def test_every_list_is_within_its_limit(document: Json) -> None:
    features, auth, settings = document["features"], document["oauth_config"], document["settings"]
    assert 1 <= len(features["slash_commands"]) <= 50
    assert 1 <= len(features["shortcuts"]) <= 10
    assert len(auth["scopes"]["bot"]) <= 255
    assert len(settings["event_subscriptions"]["bot_events"]) <= 100
    for names in (auth["scopes"]["bot"], settings["event_subscriptions"]["bot_events"]):
        assert names == sorted(set(names))
        assert all(len(name) <= 50 for name in names)
    assert len(features.get("unfurl_domains", [])) <= 5
    assert all(len(url) <= 2500 for url in auth.get("redirect_urls", []))


@pytest.mark.parametrize("name", ["socket", "socket with an address"])
def test_in_socket_mode_slack_is_given_no_address_to_call(name: str) -> None:
    document = DOCUMENTS[name]
    assert document["settings"]["socket_mode_enabled"] is True
    assert document["settings"]["interactivity"] == {"is_enabled": True}
    assert "request_url" not in document["settings"]["event_subscriptions"]
    assert "redirect_urls" not in document["oauth_config"]
    assert "https://" not in json.dumps(document)


def test_over_http_everything_comes_to_one_address() -> None:
    document = DOCUMENTS["http below a path"]
    there = f"{URL}:8443/desk/slack/events"
    assert document["settings"]["socket_mode_enabled"] is False
    assert document["settings"]["token_rotation_enabled"] is True
    assert document["settings"]["event_subscriptions"]["request_url"] == there
    assert document["settings"]["interactivity"] == {"is_enabled": True, "request_url": there, "message_menu_options_url": there}
    assert [one["url"] for one in document["features"]["slash_commands"]] == [there]
    assert document["oauth_config"]["redirect_urls"] == [f"{URL}:8443/desk/slack/oauth_redirect"]
    assert document["features"]["unfurl_domains"] == ["desk.example.com"]


def test_what_people_find_in_slack() -> None:
    features = DOCUMENTS["socket"]["features"]
    assert features["app_home"] == {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    assert [(one["type"], one["callback_id"]) for one in features["shortcuts"]] == [
        ("message", "ticket.from_message"),
        ("global", "ticket.report"),
    ]
    assert [(one["command"], one["should_escape"]) for one in features["slash_commands"]] == [(COMMAND, True)]
    assert len(COMMANDS) == 1, "each further command needs a name of its own"
    assert len({one.callback_id for one in SHORTCUTS}) == len(SHORTCUTS)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://desk.example.com", "does not begin with https://"),
        ("desk.example.com", "does not begin with https://"),
        ("https://localhost", "does not name a host"),
        ("https://", "does not name a host"),
        ("https://a b.example", "does not name a host"),
        ("https://-desk.example.com", "does not name a host"),
        ("https://me:secret@desk.example.com", "does not name a host"),
        ("https://desk.example.com:port", "is no web address"),
        ("https://desk.example.com/?a=b", "more than a host and a path"),
        ("https://desk.example.com/a b", "more than a host and a path"),
    ],
)
def test_an_address_that_slack_cannot_use(url: str, said: str) -> None:
    with pytest.raises(NoAddress, match=re.escape(said)):
        manifest(COMMAND, url, socket=False)


# ---------------------------------------------------------------- least scopes


def test_the_scopes_are_exactly_what_is_needed() -> None:
    wanted = slack.FEATURES.union(*(need.scopes for need in (*METHODS, *EVENTS)))
    assert {scope.name for scope in SCOPES} == wanted
    assert tuple(scopes(linked=True)) == SCOPES
    assert DOCUMENTS["http"]["oauth_config"]["scopes"] == {"bot": [scope.name for scope in SCOPES]}


def test_nothing_is_asked_for_links_without_an_address_for_them() -> None:
    here, there = DOCUMENTS["socket"], DOCUMENTS["socket with an address"]
    assert set(there["oauth_config"]["scopes"]["bot"]) - set(here["oauth_config"]["scopes"]["bot"]) == {"links:read", "links:write"}
    assert "link_shared" not in here["settings"]["event_subscriptions"]["bot_events"]
    assert "link_shared" in there["settings"]["event_subscriptions"]["bot_events"]
    assert "unfurl_domains" not in here["features"]


def test_every_row_has_its_reason_and_stands_once() -> None:
    for rows in (METHODS, EVENTS, SCOPES):
        names = [row.name for row in rows]
        assert names == sorted(set(names))
        assert all(len(row.why) > 10 for row in rows)
    assert len(needs(linked=True)) == len(METHODS) + len(EVENTS)


@pytest.mark.parametrize("scope", ["chat:write.public", "channels:join", "channels:manage", "admin", "users:write", "im:read", "mpim:read"])
def test_never_more_than_the_desk_could_explain(scope: str) -> None:
    assert scope not in {row.name for row in SCOPES}


# ---------------------------------------------------------------- agreement with the code

FAMILY = re.compile(r"(apps|auth|chat|conversations|files|oauth|reactions|team|usergroups|users|views)\.[a-z][A-Za-z0-9.]+")
CODE = [path for path in sorted((ROOT / "bot" / "slack").rglob("*.py")) if path.name != "manifest.py"] + [ROOT / "bot" / "doctor.py"]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def strings(*nodes: ast.AST) -> set[str]:
    """The names of Web API methods that stand there as whole strings."""
    found = (one for node in nodes for one in ast.walk(node))
    return {one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str) and FAMILY.fullmatch(one.value)}


def library_calls(node: ast.AST) -> set[str]:
    """Methods that are called by their names in Slack's library: `client.auth_test()`."""
    names = {one.func.attr for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)}
    methods = {name: name.replace("_", ".") for name in names if hasattr(AsyncWebClient, name)}
    return {method for method in methods.values() if FAMILY.fullmatch(method)}


def called() -> set[str]:
    trees = [parsed(path) for path in CODE]
    return strings(*trees).union(*map(library_calls, trees))


def unread(tree: ast.Module) -> Iterator[int]:
    """The lines of functions that call `_call` without a method's name in the call, or in what its variable runs through."""
    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef) and not strings(function):
            yield from (
                call.lineno
                for call in ast.walk(function)
                if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) == "_call"
            )


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_call_names_its_method_where_it_can_be_read(path: Path) -> None:
    assert list(unread(parsed(path))) == [], "which method do these lines call?"


def test_the_calls_are_found_at_all() -> None:
    assert {"auth.test", "chat.postMessage", "conversations.replies", "users.list", "views.open"} <= called()


def test_every_method_that_is_called_has_its_row() -> None:
    assert called() - {need.name for need in METHODS} == set()


def test_no_row_is_without_a_caller_but_those_to_come() -> None:
    assert {need.name for need in METHODS} - called() == TO_COME


def shortcuts_listened_to() -> set[tuple[str, str]]:
    """(kind, callback id) of each `app.message_shortcut(...)` and `app.global_shortcut(...)`."""
    kinds = {"message_shortcut": "message", "global_shortcut": "global"}
    found = ((path, node) for path in CODE for node in ast.walk(parsed(path)))
    return {
        (kinds[node.func.attr], value(path, node.args[0]))
        for path, node in found
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in kinds
    }


def value(path: Path, node: ast.expr) -> str:
    """Of a string that stands there, or of a name of that module."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.Name), f"{path.name}:{node.lineno}: which shortcut is this?"
    return str(getattr(importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)), node.id))


def test_the_shortcuts_are_those_that_the_code_listens_to() -> None:
    assert {(one.kind, one.callback_id) for one in SHORTCUTS} == shortcuts_listened_to()


def test_the_events_are_those_that_the_code_hears() -> None:
    if importlib.util.find_spec("bot.slack.events") is None:
        pytest.skip("events are not listened to yet: there is no bot.slack.events")
    heard = importlib.import_module("bot.slack.events").HEARD | importlib.import_module("bot.slack.enterprise").HEARD
    assert heard - {need.name for need in EVENTS} == set()
    assert {need.name for need in EVENTS} - heard == EVENTS_TO_COME


# ---------------------------------------------------------------- printed


def deskbell(*arguments: str, **environment: str) -> Result:
    plain = {"DESKBELL_PUBLIC_URL": None, "DESKBELL_SLACK_COMMAND": None}
    return CliRunner().invoke(app, ["slack", *arguments], env={**plain, **environment})


def test_the_kept_manifest_is_the_printed_one() -> None:
    printed = deskbell("--socket").output
    assert YAML(typ="safe").load(printed) == DOCUMENTS["socket"]
    assert (ROOT / "manifests" / "slack.yaml").read_text(encoding="utf-8") == printed, (
        "deskbell manifest slack --socket > manifests/slack.yaml"
    )


def test_the_printed_yaml_is_the_document() -> None:
    for document in DOCUMENTS.values():
        assert YAML(typ="safe").load(as_yaml(document)) == document


def test_the_command_and_the_address_come_from_the_settings() -> None:
    printed = deskbell("--http", DESKBELL_PUBLIC_URL=f"{URL}/", DESKBELL_SLACK_COMMAND="/help-desk")
    assert printed.exit_code == 0
    assert YAML(typ="safe").load(printed.output) == manifest("/help-desk", URL, socket=False)
    other = deskbell("--http", "--url", "https://other.example", DESKBELL_PUBLIC_URL=URL)
    assert "https://other.example/slack/events" in other.output
    assert URL not in other.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Say how Slack and the desk reach each other"),
        (("--http",), "it needs an address that begins with https://"),
        (("--http", "--url", "http://desk.example.com"), "does not begin with https://"),
        (("--socket", "--url", "https://localhost"), "does not name a host"),
    ],
)
def test_what_is_missing_is_said_in_sentences(arguments: tuple[str, ...], said: str) -> None:
    result = deskbell(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert "_metadata" not in result.output


# ---------------------------------------------------------------- the guide


def test_the_guide_names_both_shortcuts_and_the_command() -> None:
    guide = (ROOT / "docs" / "install-slack.md").read_text(encoding="utf-8")
    assert [one.name for one in SHORTCUTS if one.name not in guide] == []
    assert COMMAND in guide
