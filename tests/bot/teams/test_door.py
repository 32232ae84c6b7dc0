"""The one address that Teams calls, as it runs: what is not Microsoft's, not for us or no activity stays outside, and is counted."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from itertools import product
from typing import Any, cast

import aiohttp
import pytest
from prometheus_client import REGISTRY

from bot.sandbox.teams import Actor, Delivery, Tamper, TeamsSandbox
from bot.sandbox.teams.activities import invoke, message_activity
from bot.sandbox.teams.keys import claims, sign
from bot.sandbox.teams.model import Message
from bot.teams.door import LARGEST, known
from bot.teams.registration import Registration
from storage.tables import contacts, people, tickets
from tests.stories.forging import rows
from tests.stories.world import TeamsStory, teams_story

Json = dict[str, Any]
LIGHT = "light above my desk flickering"
ELSEWHERE = "00000000-0000-4000-8000-0000000000ff"
SPARKS = "5a0db0c5-7e40-4e5b-8a2c-00000000b001"
THEIRS = "5a0db0c5-7e40-4e5b-8a2c-0000000000b1"


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[TeamsStory]:
    async with teams_story(sqlite_url) as told:
        yield told


def counted(what: str, why: str) -> float:
    if what == "refused":
        return REGISTRY.get_sample_value("deskbell_requests_refused_total", {"chat": "teams", "reason": why}) or 0.0
    return REGISTRY.get_sample_value("deskbell_chat_oddities_total", {"chat": "teams", "what": what, "why": why}) or 0.0


def hand(office: TeamsStory, name: str = "ana") -> Actor:
    return cast(Actor, getattr(office, name).actor)


def words(office: TeamsStory, **more: Any) -> Json:
    """What Ana says to us, as an activity that was never sent."""
    ana = hand(office)
    said = office.teams.world.post(_message(office, ana))
    return message_activity(ana.platform, said) | more


def _message(office: TeamsStory, ana: Actor) -> Any:
    return Message(office.teams.world.new_id(), ana.dm().id, ana.user.id, text=LIGHT)


async def send(office: TeamsStory, activity: Json, tamper: Tamper | None = None) -> Delivery:
    delivery = await office.teams.courier.send(activity, tamper or Tamper())
    await office.settled()
    return delivery


async def untouched(office: TeamsStory) -> bool:
    return await rows(office, tickets) == []


# ---------------------------------------------------------------- who


REFUSED = [
    (Tamper(token=""), "no token", 401),
    (Tamper(token="", headers={"Authorization": "Basic YTpi"}), "no token", 401),
    (Tamper(token="garbage"), "token", 401),
    (Tamper(token="a.b.c"), "token", 401),
    (Tamper(age=3600 + 301), "expired", 401),
    (Tamper(age=-900), "token", 401),
    (Tamper(audience="00000000-0000-0000-0000-0000000000aa"), "audience", 403),
    (Tamper(issuer="https://sts.windows.net/x/"), "issuer", 403),
    (Tamper(service_url="https://elsewhere.example/"), "service url", 403),
    (Tamper(key="unknown"), "unknown key", 401),
    (Tamper(key="unendorsed"), "endorsement", 403),
    (Tamper(key="forged"), "token", 401),
    (Tamper(algorithm="none"), "token", 401),
    (Tamper(algorithm="HS256"), "token", 401),
    (Tamper(tenant=ELSEWHERE), "tenant", 403),
    (Tamper(change={"channelData": {"tenant": {"id": ELSEWHERE}}}), "tenant", 403),
    (Tamper(change={"channelData": {"tenant": 5}, "conversation": {"id": "a:1x"}}), "tenant", 403),
    (Tamper(change={"channelData": None, "conversation": None}), "tenant", 403),
    (Tamper(change={"channelData": [], "conversation": "a:1x"}), "tenant", 403),
    (Tamper(change={"serviceUrl": "https://evil.example/"}), "service url", 403),
    (Tamper(change={"serviceUrl": 5}), "service url", 403),
    (Tamper(change={"serviceUrl": None}), "service url", 403),
]


async def test_what_is_not_from_microsoft_or_not_for_us_stays_outside_and_is_counted(office: TeamsStory) -> None:
    for tamper, why, status in REFUSED:
        for activity in (words(office), _pressed(office)):
            before = counted("refused", why)
            delivery = await send(office, activity, tamper)
            assert (delivery.status, delivery.body) == (status, ""), tamper
            assert counted("refused", why) == before + 1, tamper
    assert await untouched(office)
    assert (await send(office, words(office))).status == 200
    assert len(await rows(office, tickets)) == 1


def _pressed(office: TeamsStory) -> Json:
    ana = hand(office)
    value = {"action": {"type": "Action.Execute", "verb": "x", "data": {"deskbell": {"a": "ticket.take"}}}, "trigger": "manual"}
    return invoke(ana.platform, ana.user, ana.dm().id, "adaptiveCard/action", value)


async def test_without_keys_teams_is_asked_to_come_again(sqlite_url: str) -> None:
    async with teams_story(sqlite_url, installed=False) as office:
        office.teams.issuer.down = True
        assert (await send(office, words(office))).status == 503
        office.teams.issuer.down = False
        assert (await send(office, words(office))).status == 200
        office.teams.issuer.down = True
        assert (await send(office, words(office))).status == 200


async def test_a_tenant_in_capitals_is_the_same(office: TeamsStory) -> None:
    assert (await send(office, words(office), Tamper(tenant=office.teams.tenant.upper()))).status == 200
    assert len(await rows(office, tickets)) == 1


# ---------------------------------------------------------------- what


def raw(body: bytes, **headers: str) -> Tamper:
    return Tamper(body=body, headers=headers)


BROKEN = {
    "nothing": (b"", 400),
    "no JSON": (b"{", 400),
    "a list": (b"[1]", 400),
    "a number": (b"5", 400),
    "null": (b"null", 400),
    "no type": (b"{}", 400),
    "an empty type": (b'{"type":""}', 400),
    "a type of another kind": (b'{"type":5}', 400),
    "deep": (b'{"type":"message","x":' + b"[" * 100_000, 400),
    "deep and whole": (b'{"type":"message","x":' + b"[" * 900 + b"]" * 900 + b"}", 403),
    "not UTF-8": (b'{"type":"message","text":"\xff"}', 400),
    "half a character": (b'{"type":"message","text":"\\ud800"}', 403),
    "a huge number": (b'{"type":"message","x":' + b"9" * 5000 + b"}", 400),
    "the limit": (b'{"type":"' + b"x" * (LARGEST - 11) + b'"}', 403),
    "above the limit": (b'{"type":"' + b"x" * LARGEST + b'"}', 413),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_what_is_no_activity_is_refused_without_a_fault(office: TeamsStory) -> None:
    for name, (body, status) in BROKEN.items():
        before = counted("refused", {413: "size", 400: "payload", 403: "service url"}[status])
        delivery = await send(office, words(office), raw(body))
        assert delivery.status == status, name
        assert counted("refused", {413: "size", 400: "payload", 403: "service url"}[status]) == before + 1, name
    assert await untouched(office)


async def test_bodies_that_arrive_in_pieces_or_packed_are_measured_as_well(office: TeamsStory) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * (LARGEST // 16)

    bodies: list[tuple[Any, dict[str, str], tuple[int, ...]]] = [
        (pieces(), {}, (413,)),
        (gzip.compress(b"x" * (4 * LARGEST)), {"Content-Encoding": "gzip"}, (413,)),
        (b"not gzip at all", {"Content-Encoding": "gzip"}, (400,)),
        (b"\x00\xff", {"Content-Encoding": "deflate"}, (400,)),
    ]
    async with aiohttp.ClientSession() as http:
        for body, headers, statuses in bodies:
            with suppress(aiohttp.ServerDisconnectedError):  # aiohttp hangs up on some
                async with http.post(office.teams.bot_url, data=body, headers=headers) as said:
                    assert said.status in statuses, headers
        async with http.get(office.teams.bot_url) as said:
            assert said.status == 405


ODD: list[Json] = [
    {"id": None},
    {"id": "x" * 500},
    {"id": "a b\n"},
    {"from": None},
    {"from": []},
    {"from": {"id": 5, "aadObjectId": 7}},
    {"from": {"id": "x" * 200}},
    {"conversation": {"id": "a b", "tenantId": "TENANT"}},
    {"recipient": None, "entities": 5, "attachments": "x", "value": [], "channelData": {"tenant": {"id": "TENANT"}, "team": 5}},
    {"text": None},
    {"text": {"a": 1}},
    {"text": "\x00"},
    {"text": "x" * 300_000},
    {"entities": [{"type": "mention"}, {"type": "mention", "text": "", "mentioned": {}}, {"type": "mention", "mentioned": 5}, 7, None]},
    {"entities": [{"type": "clientInfo", "timezone": "Mars/Olympus"}], "locale": "x" * 500},
    {"entities": [{"type": "clientInfo", "timezone": "../../etc/passwd"}], "locale": "\x00"},
    {"attachments": [{"contentType": "image/png", "contentUrl": "file:///etc/passwd"}, {"contentType": 5}, None]},
    {"textFormat": "xml", "text": "<" * 50_000},
    {"timestamp": 5, "channelId": "webchat"},
    {"replyToId": {"a": 1}, "membersAdded": 5, "membersRemoved": {}},
    {"value": {"deskbell": {"a": "\x00", "s": "x", "v": "1e400"}}, "text": ""},
    {"value": {"deskbell": {"a": "ticket.take", "s": "ticket:" + "0" * 32, "v": 10**30}}, "text": ""},
]
KINDS = ("message", "messageUpdate", "messageDelete", "messageReaction", "conversationUpdate", "installationUpdate", "invoke", "event")


def _here(part: object, tenant: str) -> Any:
    if isinstance(part, dict):
        return {name: _here(value, tenant) for name, value in part.items()}
    return tenant if part == "TENANT" else part


async def test_an_activity_of_any_shape_is_no_fault(office: TeamsStory) -> None:
    faults = {name: counted("fault", name) for name in ("TypeError", "ValueError", "KeyError", "AttributeError", "Broken")}
    for kind, odd in product(KINDS, ODD):
        delivery = await office.teams.courier.send(words(office), Tamper(change={"type": kind, **_here(odd, office.teams.tenant)}))
        assert delivery.status in ((200, 400, 403) if kind != "invoke" else (501, 403)), (kind, odd)
    await office.settled()
    assert faults == {name: counted("fault", name) for name in faults}
    assert not any(one.says("Something went wrong") for one in office.ana.screen)


async def test_a_kind_that_nobody_knows_is_taken(office: TeamsStory) -> None:
    for kind in ("somethingNew", "typing", "endOfConversation", "command", "\x00", "MESSAGE", "x" * 5000):
        delivery = await send(office, words(office, type=kind))
        assert (delivery.status, delivery.body) == (200, ""), kind
        assert known(kind) in ("other", kind)
    assert await untouched(office)


async def test_an_invoke_that_nobody_knows_is_said_so(office: TeamsStory) -> None:
    known_elsewhere = ("signin/verifyState", "config/fetch", "tab/fetch", "fileConsent/invoke", "actionableMessage/executeAction")
    for name in (*known_elsewhere, "", None, 5, "x\x00", "adaptivecard/action"):
        before = counted("unheard", "invoke")
        delivery = await send(office, words(office, type="invoke", name=name, value={}))
        assert delivery.status == 501, name
        assert counted("unheard", "invoke") == before + 1, name


VALUES: list[object] = [
    None,
    5,
    [],
    {},
    {"action": None},
    {"action": {"data": None}},
    {"action": {"data": {"deskbell": []}}},
    {"action": {"data": {"deskbell": {"a": 5}}}},
    {"data": None},
    {"data": {"deskbell": {"form": 5}}},
    {"data": {"deskbell": {"form": "ticket.report", "once": [], "version": "x", "many": 7, "people": {}, "typed": [5]}}},
    {"data": {"deskbell": {"a": "x", "f": "x" * 5000}}},
    {"parameters": [5, {"name": "x", "value": {}}]},
    {"messagePayload": {"id": 5}},
    {"messagePayload": {"id": "1", "body": 5, "from": {"user": 7}, "linkToMessage": "javascript:alert(1)"}},
    {"url": "https://evil.example/t/1"},
]
INVOKES = (
    "adaptiveCard/action",
    "task/fetch",
    "task/submit",
    "composeExtension/fetchTask",
    "composeExtension/submitAction",
    "composeExtension/query",
    "composeExtension/queryLink",
    "composeExtension/anonymousQueryLink",
)


async def test_an_invoke_of_any_shape_has_an_answer_of_its_kind(office: TeamsStory) -> None:
    """An empty or malformed answer is shown as a broken app, and comes again."""
    for name, value in product(INVOKES, VALUES):
        delivery = await office.teams.courier.send(words(office, type="invoke", name=name, value=value))
        assert delivery.status == 200, (name, value)
        said = json.loads(delivery.body)
        if name == "adaptiveCard/action":
            assert said["statusCode"] in (200, 400), value
            assert said["value"], value
        elif name.startswith("task") or name.endswith(("fetchTask", "submitAction")):
            assert said["task"]["type"] in ("continue", "message"), (name, value)
            assert said["task"]["value"], (name, value)
        else:
            assert said["composeExtension"]["type"] in ("message", "result"), (name, value)
        assert "Something went wrong" not in delivery.body, (name, value)
    await office.settled()


# ---------------------------------------------------------------- several registrations


@pytest.fixture
async def several(sqlite_url: str) -> AsyncIterator[tuple[TeamsStory, TeamsSandbox, Registration]]:
    """The office, and the bot of a vendor in the vendor's tenant."""
    more = [{"name": "sparks", "app_id": SPARKS, "password": "x", "tenant": THEIRS, "vendor": "acme/sparks"}]
    async with (
        teams_story(sqlite_url, installed=False, registrations=more) as office,
        TeamsSandbox(app_id=SPARKS, app_secret="x", tenant=THEIRS, beside=office.teams) as theirs,
    ):
        theirs.bot_url = office.teams.bot_url
        theirs.courier.answer_within = 20.0
        theirs.add_user("joe", real_name="Joe Sparks", email="joe@sparks.example")
        yield office, theirs, office.bot.settings.teams_registrations[1]


async def test_a_vendors_bot_tells_the_vendor_what_it_is_for(several: tuple[TeamsStory, TeamsSandbox, Registration]) -> None:
    office, theirs, _ = several
    joe = theirs.actor("joe")
    await theirs.install(joe.user, by="joe")
    await joe.message("dm", LIGHT)
    await office.settled()
    await theirs.settled()
    assert joe.sees("I take no reports from here")
    assert joe.sees("Acme Ltd")
    assert await untouched(office)
    assert "joe@sparks.example" not in {row["email"] for row in await rows(office, people)}
    assert {row["workspace"] for row in await rows(office, contacts)} >= {f"{THEIRS}:sparks"}


async def test_the_audience_says_which_registration_and_its_tenants_are_its_own(
    several: tuple[TeamsStory, TeamsSandbox, Registration],
) -> None:
    office, theirs, _ = several
    before = counted("refused", "tenant")
    assert (await send(office, words(office), Tamper(audience=SPARKS))).status == 403
    joe = theirs.actor("joe")
    wrong = await joe.message("dm", LIGHT, tamper=Tamper(audience=office.teams.app_id))
    assert theirs.deliveries[-1].status == 403, wrong
    assert counted("refused", "tenant") == before + 2
    assert await untouched(office)
    assert (await send(office, words(office))).status == 200


async def test_a_remembered_token_of_one_service_opens_no_other(several: tuple[TeamsStory, TeamsSandbox, Registration]) -> None:
    office, theirs, _ = several
    token = sign(office.teams.issuer.current, claims(office.teams.app_id, office.teams.service_url, time.time()))
    assert (await send(office, words(office), Tamper(token=token))).status == 200
    elsewhere = replace(Tamper(token=token), change={"serviceUrl": theirs.service_url})
    assert (await send(office, words(office), elsewhere)).status == 403
    assert (await send(office, words(office), Tamper(token=token))).status == 200
