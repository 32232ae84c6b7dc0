"""What is not really signed, fresh and new stays outside; what is broken is answered with 400 at worst; nothing is a 404 or a 500."""

from __future__ import annotations

import io
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack import Tamper, sign
from bot.slack.door import LARGEST, Replays, known
from handlers.core import Place
from tests.bot.slack.conftest import Bench

Json = dict[str, Any]
FORM_TYPE = "application/x-www-form-urlencoded"


async def send(bench: Bench, body: bytes, kind: str = FORM_TYPE, **headers: str) -> tuple[int, str]:
    """A request with a true signature; `headers` replace what is sent."""
    at = headers.pop("at", str(int(time.time())))
    signed = {"Content-Type": kind, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": sign(bench.slack.signing_secret, at, body)}
    async with aiohttp.ClientSession() as http, http.post(bench.url, data=body, headers=signed | headers) as said:
        return said.status, await said.text()


def interaction(payload: object) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


COMMAND = urlencode(
    {"command": "/issue", "text": "light", "team_id": "T0SANDBOX", "user_id": "U1", "channel_id": "C1", "trigger_id": "1"}
).encode()


@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        (Tamper(secret="another"), "signature"),
        (Tamper(signature=""), "signature"),
        (Tamper(signature="v0=é"), "signature"),
        (Tamper(body=b"command=%2Fissue&text=other"), "signature"),
        (Tamper(age=301), "timestamp"),
        (Tamper(age=-301), "timestamp"),
    ],
)
async def test_a_forged_or_old_request_is_refused_and_counted(bench: Bench, tamper: Tamper, why: str) -> None:
    delivery = await bench.ana.command("#help", "/issue", "light", tamper=tamper)
    assert delivery.status == 401
    assert bench.desk.heard == []
    assert bench.counted["refused", why] == 1


@pytest.mark.parametrize("at", ["", "soon", "1e9", "-5", "٣", "9" * 5000, "nan"])
async def test_a_time_that_is_none_is_refused(bench: Bench, at: str) -> None:
    status, _ = await send(bench, COMMAND, **{"X-Slack-Request-Timestamp": at})
    assert status == 401


async def test_a_replay_is_refused_and_counted_even_if_it_calls_itself_a_retry(bench: Bench) -> None:
    at = str(int(time.time()))
    assert (await send(bench, COMMAND, at=at))[0] == 200
    assert (await send(bench, COMMAND, at=at))[0] == 401
    assert (await send(bench, COMMAND, at=at, **{"x-slack-retry-num": "1"}))[0] == 401
    assert len(bench.desk.heard) == 1
    assert bench.counted["refused", "replay"] == 2


async def test_a_repeated_event_is_taken(bench: Bench) -> None:
    at, body = str(int(time.time())), json.dumps({"type": "event_callback", "team_id": "T0SANDBOX", "event": {"type": "x"}}).encode()
    assert (await send(bench, body, "application/json", at=at))[0] == 200
    assert (await send(bench, body, "application/json", at=at, **{"x-slack-retry-num": "1"}))[0] == 200


def test_signatures_are_forgotten_when_they_are_no_longer_good() -> None:
    now = [0.0]
    replays = Replays(lambda: now[0])
    assert replays.is_new("a")
    assert not replays.is_new("a")
    now[0] = 599
    assert not replays.is_new("a")
    now[0] = 601
    assert replays.is_new("b")
    assert replays.is_new("a")


async def test_the_address_can_be_verified(bench: Bench) -> None:
    assert await bench.slack.verify_request_url()


@pytest.mark.parametrize("kind", ["app_mention", "message", "reaction_added", "app_uninstalled", "something_new"])
async def test_an_event_that_nobody_listens_to_is_accepted_and_counted(bench: Bench, kind: str) -> None:
    event = {"type": "event_callback", "team_id": "T0SANDBOX", "event_id": "Ev1", "event": {"type": kind, "user": "U1", "channel": "C1"}}
    status, _ = await send(bench, json.dumps(event).encode(), "application/json")
    assert status == 200
    assert bench.counted["unheard", kind] == 1


@pytest.mark.parametrize("kind", ["shortcut", "message_action", "block_suggestion", "view_closed", "interactive_message"])
async def test_an_interaction_that_nobody_listens_to_is_accepted(bench: Bench, kind: str) -> None:
    view = {"id": "V1", "callback_id": "x", "type": "modal"}
    payload = {"type": kind, "callback_id": "x", "action_id": "x", "team": {"id": "T0SANDBOX"}, "user": {"id": "U1"}, "view": view}
    status, _ = await send(bench, interaction(payload | {"actions": [{"action_id": "x"}]}))
    assert status == 200


async def test_a_stray_workspace_is_told_so(bench: Bench) -> None:
    status, body = await send(bench, COMMAND.replace(b"T0SANDBOX", b"T0STRAY"))
    assert status == 200
    assert "not set up in this workspace" in body
    assert bench.desk.heard == []


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(20):
        yield b"x" * (LARGEST // 16)


@pytest.mark.parametrize("body", [lambda: io.BytesIO(b"x" * (LARGEST + 1)), chunks], ids=["announced", "in chunks"])
async def test_too_large_a_request_is_refused(bench: Bench, body: Callable[[], io.BytesIO | AsyncIterator[bytes]]) -> None:
    async with aiohttp.ClientSession() as http, http.post(bench.url, data=body()) as said:
        assert said.status == 413
    assert bench.counted["refused", "size"] == 1


USER = {"id": "U1", "team_id": "T0SANDBOX"}
PRESS = {"type": "block_actions", "team": {"id": "T0SANDBOX"}, "user": USER, "channel": {"id": "C1"}, "container": {"type": "message"}}
VIEW = {"id": "V1", "type": "modal", "callback_id": "x", "private_metadata": '{"form":"f"}', "state": {"values": {}}, "blocks": []}
SUBMISSION = {"type": "view_submission", "team": {"id": "T0SANDBOX"}, "user": USER, "view": VIEW}
BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", FORM_TYPE),
    "no form": (b"hello", FORM_TYPE),
    "no JSON": (b"{", "application/json"),
    "a list": (b"[1]", "application/json"),
    "a number": (b"5", "application/json"),
    "nested": (b"[" * 100_000, "application/json"),
    "payload is no JSON": (b"payload=%7B", FORM_TYPE),
    "payload is a number": (b"payload=5", FORM_TYPE),
    "payload is a list": (b"payload=%5B%5D", FORM_TYPE),
    "not UTF-8": (b"command=%2Fissue&text=\xff\xfe", FORM_TYPE),
    "another type": (b"<xml/>", "text/xml"),
    "a command of nobody": (COMMAND.replace(b"user_id=U1", b""), FORM_TYPE),
    "a command of nowhere": (COMMAND.replace(b"channel_id=C1", b""), FORM_TYPE),
    "a command without a trigger": (COMMAND.replace(b"trigger_id=1", b""), FORM_TYPE),
    "a press of nothing": (interaction(PRESS | {"actions": []}), FORM_TYPE),
    "a press of null": (interaction(PRESS | {"actions": None}), FORM_TYPE),
    "a press without a value": (interaction(PRESS | {"actions": [{"action_id": "x"}]}), FORM_TYPE),
    "a press of another program": (interaction(PRESS | {"actions": [{"action_id": "x", "value": "click_me_123"}]}), FORM_TYPE),
    "a press by nobody": (
        interaction({k: v for k, v in PRESS.items() if k != "user"} | {"actions": [{"action_id": "x", "value": "{}"}]}),
        FORM_TYPE,
    ),
    "a press nowhere": (interaction(PRESS | {"channel": None, "actions": [{"action_id": "x", "value": '{"a":"x"}'}]}), FORM_TYPE),
    "a press in a team of the wrong shape": (interaction(PRESS | {"team": 5, "actions": [{"action_id": "x"}]}), FORM_TYPE),
    "a form of another program": (interaction(SUBMISSION | {"view": VIEW | {"private_metadata": "x"}}), FORM_TYPE),
    "a form without metadata": (interaction(SUBMISSION | {"view": {"callback_id": "x"}}), FORM_TYPE),
    "a form without a view": (interaction({k: v for k, v in SUBMISSION.items() if k != "view"}), FORM_TYPE),
    "a form of nobody": (interaction(SUBMISSION | {"user": None}), FORM_TYPE),
    "an event that is none": (b'{"type":"event_callback","event":5}', "application/json"),
    "half a character": (
        b'{"type":"block_actions","user":{"id":"\\ud800"},"actions":[{"action_id":"\\ud800","value":"\\ud800"}]}',
        "application/json",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_request_is_answered_kindly_or_with_400(bench: Bench, name: str) -> None:
    body, kind = BROKEN[name]
    status, text = await send(bench, body, kind)
    await bench.done()
    assert status in (200, 400)
    assert "Traceback" not in text
    assert bench.desk.heard == []


async def test_a_button_of_another_program_is_explained(bench: Bench) -> None:
    place, foreign = bench.slack.world.channel("help"), {"type": "button", "action_id": "x", "value": "click_me_123"}
    actions = {"type": "actions", "elements": [foreign | {"text": {"type": "plain_text", "text": "Press"}}]}
    post = Place("p", "o", "slack", bench.slack.world.team, "channel", place.id)
    await bench.client.post(post, {"text": "old", "blocks": [actions]}, "")
    assert (await bench.ana.press("Press")).status == 200
    await bench.done()
    assert bench.ana.sees("I could not make sense of that")
    assert bench.counted["broken", "press"] == 1


async def test_a_form_of_another_program_is_explained(bench: Bench) -> None:
    _, text = await send(bench, interaction(SUBMISSION | {"view": VIEW | {"private_metadata": "x"}}))
    assert json.loads(text)["response_action"] == "update"
    assert "I could not make sense of that" in text


@given(kind=st.text(max_size=60))
@settings(max_examples=100)
def test_a_label_is_never_free_text(kind: str) -> None:
    assert known(kind) == "other" or (len(kind) <= 40 and kind.isascii())
    assert known("message.channels") == "message.channels"
