"""What the sandbox takes and says, held against the published contracts and the composed payloads."""

import functools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.sandbox.teams import TeamsSandbox
from bot.sandbox.teams.methods import METHODS
from bot.sandbox.teams.model import Json
from tests.bot.sandbox.teams.conftest import attached, card, dialog, execute, fetch, message, row, shows, submit

SCHEMAS = Path(__file__).resolve().parents[4].parent / "shared" / "schemas"
WIRE = "payloads/teams-wire"
TEAMS_ONLY = {"getConversationMember", "getTeam", "getTeamChannels"}
"""Methods of Teams that the common contract does not have."""
ELSEWHERE = {
    "channelData.legacy",
    "value.data.summary",
    "value.data.category",
    "value.data.form",
    "value.action.data",
    "value.ticket",
    "value.verb",
    "value.comment",
}
"""Only in clients of old, or the data of the bot that the payload was composed for."""


@functools.cache
def read(name: str) -> Any:
    path = SCHEMAS / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the checkout")
    return json.loads(path.read_text(encoding="utf-8-sig"))


# --- the connector


def operations() -> dict[str, tuple[str, str, Json]]:
    """Verb, path and description by the name that the method has here."""
    found = {}
    for path, verbs in read("botframework/ConnectorAPI.json")["paths"].items():
        for verb, about in verbs.items():
            name = about["operationId"].removeprefix("Conversations_")
            found[name[0].lower() + name[1:]] = (verb.upper(), path, about)
    return found


def test_the_methods_have_the_names_verbs_and_paths_of_the_contract() -> None:
    known = operations()
    for method in METHODS:
        if method.name not in TEAMS_ONLY:
            verb, path, about = known[method.name]
            plain = path.replace("{conversationId}", "{conversation}").replace("{activityId}", "{activity}").lstrip("/")
            assert (method.verb, method.path) == (verb, plain)
            wants_body = any(one["in"] == "body" and one["required"] for one in about["parameters"])
            assert wants_body == (verb in ("POST", "PUT")), method.name


def test_what_the_sandbox_does_not_play_is_said() -> None:
    missing = {name for name in operations() if name not in {one.name for one in METHODS}}
    assert missing == {
        "attachments_GetAttachment",
        "attachments_GetAttachmentInfo",
        "deleteConversationMember",
        "getActivityMembers",
        "getConversations",
        "sendConversationHistory",
        "uploadAttachment",
    }


def answer_faults(method: str, status: int, answer: Any) -> list[str]:
    """What is wrong with an answer, as the contract describes it."""
    contract = read("botframework/ConnectorAPI.json")
    responses = operations()[method][2]["responses"]
    said = responses.get(str(status)) or responses.get("default") or {}
    if status >= 400:
        said = {"schema": {"$ref": "#/definitions/ErrorResponse"}}
    elif str(status) not in responses:
        return [f"status {status} is not in the contract"]
    if "schema" not in said:
        return [] if answer is None else ["an answer where there is none"]
    schema = {**said["schema"], "definitions": contract["definitions"]}
    return [one.message for one in jsonschema.Draft4Validator(schema).iter_errors(answer)]


async def test_answers_are_as_the_contract_says(teams: TeamsSandbox, bot: Any, help_channel: str) -> None:
    ana = teams.world.user("ana")
    base = f"conversations/{help_channel}"
    sent = await bot.post(help_channel, message("x"))
    chat = {"members": [{"id": ana.id}], "tenantId": teams.tenant}
    calls = {
        "sendToConversation": ("POST", f"{base}/activities", message("x")),
        "replyToActivity": ("POST", f"{base}/activities/{sent}", message("x")),
        "updateActivity": ("PUT", f"{base}/activities/{sent}", message("x")),
        "getConversationMembers": ("GET", f"{base}/members", None),
        "getConversationPagedMembers": ("GET", f"{base}/pagedmembers", None),
        "deleteActivity": ("DELETE", f"{base}/activities/{sent}", None),
        "createConversation": ("POST", "conversations", chat),
    }
    assert set(calls) == {one.name for one in METHODS} - TEAMS_ONLY
    for name, (verb, path, body) in calls.items():
        status, answer = await bot.api(verb, path, body)
        assert status < 400, (name, answer)
        assert answer_faults(name, status, answer) == [], name
        status, answer = await bot.api(verb, path.replace("19:", "x:"), [] if body else None)
        assert status >= 400
        assert answer_faults(name, status, answer) == [], name


def test_the_comparison_finds_what_is_wrong() -> None:
    assert answer_faults("sendToConversation", 204, None)
    assert answer_faults("sendToConversation", 201, {"id": 1})
    assert answer_faults("sendToConversation", 400, {"error": "x"})


# --- what is sent to the bot


@pytest.fixture
async def heard(teams: TeamsSandbox, bot: Any, help_channel: str) -> dict[str, Json]:
    """One activity of each kind, by the name that the composed payload has."""
    ana, bob = teams.actor("ana"), teams.actor("bob")
    found: dict[str, Json] = {}

    def note(name: str) -> None:
        found[name] = bot.heard[-1]

    team, chat = teams.world.team("Office"), teams.add_user("cy", added=False)
    await teams.install(chat, chat)
    found["installationUpdate.personal.add"], found["conversationUpdate.bot-added.personal"] = bot.heard[-2:]
    await teams.uninstall(chat, chat)
    note("installationUpdate.personal.remove")
    await teams.install(team, "ana")
    found["installationUpdate.team.add"], found["conversationUpdate.bot-added.team"] = bot.heard[-2:]
    await teams.installing.upgrade(team, ana.user)
    note("installationUpdate.team.add-upgrade")
    await ana.invite("cy", "#help")
    note("conversationUpdate.member-added.team")
    await teams.installing.leaves(chat, teams.world.channel("help"), ana.user)
    note("conversationUpdate.member-removed.team")
    channel = teams.world.channel("help")
    for event in ("channelCreated", "channelRenamed", "channelDeleted", "channelRestored"):
        await teams.installing.channel(event, channel, ana.user)
        note(f"conversationUpdate.{event}")
    for event in ("teamRenamed", "teamArchived", "teamUnarchived", "teamDeleted", "teamRestored"):
        await teams.installing.team(event, team, ana.user)
        note(f"conversationUpdate.{event}")
    root = await ana.mention("#help", "issue light")
    note("message.channel.mention.root")
    await ana.mention("#help", "approve", root.id)
    note("message.channel.mention.reply")
    await ana.message("#help", "the printer is jammed")
    note("message.channel.rsc-no-mention")
    await ana.mention("lunch", "issue light")
    note("message.groupchat.mention")
    await ana.message("dm", "issue light")
    note("message.personal")
    await ana.message("dm", "", files=[teams.add_file("ana", "photo.txt", b"x")])
    note("message.personal.file")
    await ana.edit(await ana.message("#help", "x", root.id), "the printer works")
    note("messageUpdate.edited")
    await ana.delete(await ana.message("#help", "x", root.id))
    note("messageDelete.softDelete")
    buttons = row(execute("Take it", "take", id="take", data={"t": 1}), fetch("Fixed…", form="fix"))
    await bot.post(help_channel, {"type": "message", "attachments": [attached(card("Open", buttons))]})
    await ana.react("Open", "like")
    note("messageReaction.added")
    await ana.unreact("Open", "like")
    note("messageReaction.removed")
    await bot.post(bob.dm().id, message("Here", row(submit("Submit", a=1))))
    await bob.press("Submit")
    note("message.action-submit")
    bot.says(shows(card("ok")))
    await ana.press("Take it")
    note("invoke.adaptiveCard-action.manual")
    refresh = {"action": execute("view", "view", id="view"), "userIds": [ana.user.id]}
    await bot.post(help_channel, {"type": "message", "attachments": [attached(card("Mine", refresh=refresh))]})
    await teams.settled()
    note("invoke.adaptiveCard-action.automatic")
    bot.says(dialog(card(actions=[submit("Go")])), "")
    await bob.press("Fixed…")
    note("invoke.task-fetch")
    await bob.submit()
    note("invoke.task-submit")
    bot.says(dialog(card(actions=[submit("Go")])), "")
    await bob.make_ticket(root)
    note("invoke.composeExtension-fetchTask.message")
    await bob.submit()
    note("invoke.composeExtension-submitAction.message")
    bot.says({"composeExtension": {"type": "message", "text": "Nothing."}})
    await bob.search()
    note("invoke.composeExtension-query.initialRun")
    await bob.search("printer")
    note("invoke.composeExtension-query.text")
    assert teams.troubles == []
    return found


NOT_PLAYED = {
    "event.readReceipt",
    "installationUpdate.team.remove",  # as the one of a person
    "invoke.adaptiveCard-action.with-auth",
    "invoke.composeExtension-queryLink",
    "invoke.fileConsent.accept",
    "invoke.fileConsent.decline",
    "invoke.signin-tokenExchange",
    "typing.personal",
}


def names(thing: Any, path: str = "") -> set[str]:
    """The names in an object and in the objects inside; of lists, those of the first object."""
    if isinstance(thing, list):
        return names(thing[0], path) if thing else set()
    if not isinstance(thing, dict):
        return set()
    found: set[str] = set()
    for name, inner in thing.items():
        found |= {f"{path}{name}"} | names(inner, f"{path}{name}.")
    return found


def test_every_composed_payload_is_played_or_said_not_to_be(heard: dict[str, Json]) -> None:
    folder = SCHEMAS / WIRE
    if not folder.is_dir():
        pytest.skip("the payloads are not beside the checkout")
    assert {path.stem for path in folder.glob("*.json")} == set(heard) | NOT_PLAYED


def test_nothing_is_missing_from_a_payload(heard: dict[str, Json]) -> None:
    for name, ours in heard.items():
        composed = read(f"{WIRE}/{name}.json")
        assert {one for one in names(composed) - names(ours) if not any(one.startswith(other) for other in ELSEWHERE)} == set(), name


def test_what_both_say_is_of_the_same_kind(heard: dict[str, Json]) -> None:
    """The values that are words of the platform, and the form of ids, are the same."""
    for name, ours in heard.items():
        composed = read(f"{WIRE}/{name}.json")
        for path in ("type", "name", "action", "channelId"):
            assert ours.get(path) == composed.get(path), (name, path)
        assert ours["conversation"]["conversationType"] == composed["conversation"]["conversationType"], name
        assert (";messageid=" in ours["conversation"]["id"]) == (";messageid=" in composed["conversation"]["id"]), name
        assert ours["channelData"].get("eventType") == composed["channelData"].get("eventType"), name
        assert ours["conversation"]["id"][:3] == composed["conversation"]["id"][:3], name


def test_every_activity_is_one_of_the_protocol(heard: dict[str, Json]) -> None:
    for name, activity in heard.items():
        assert protocol_faults(activity) == [], name


def protocol_faults(activity: Json) -> list[str]:
    """What the protocol's schema finds, without what is known to be otherwise on the wire.

    The schema wants a name for members, and an object as the content of attachments.
    """
    schema = {"$ref": "#/definitions/Activity", "definitions": read("botframework/botframework-protocol.json")["definitions"]}
    known = json.loads(json.dumps(activity))
    for one in [*known.get("membersAdded", []), *known.get("membersRemoved", [])]:
        one.setdefault("name", "")
    for one in known.get("attachments", []):
        one["content"] = {} if isinstance(one.get("content"), str) else one.get("content", {})
    return [f"{list(one.path)} {one.message}" for one in jsonschema.Draft7Validator(schema).iter_errors(known)]


def test_the_protocol_finds_what_is_wrong(heard: dict[str, Json]) -> None:
    assert protocol_faults(heard["message.personal"] | {"text": 1})
    assert protocol_faults(heard["message.personal"] | {"from": {"name": "Ana"}})
