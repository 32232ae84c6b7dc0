"""Signatures: the worked example of Slack's page, Slack's own verifier, and each way to forge."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.slack import SlackSandbox, Tamper, sign

EXAMPLE = Path(__file__).resolve().parents[3].parent / "shared" / "schemas" / "slack" / "signing_example.json"


def test_the_worked_example_of_slacks_page() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
        b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
        b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == signature


def test_the_stored_example() -> None:
    if not EXAMPLE.is_file():
        pytest.skip(f"{EXAMPLE.name} is not beside the checkout")
    example = json.loads(EXAMPLE.read_text())
    assert sign(example["signing_secret"], example["timestamp"], example["body"].encode()) == example["signature"]


async def test_an_honest_request_passes_slacks_own_verifier(slack: SlackSandbox, bot: Any) -> None:
    delivery = await slack.actor("ana").command("#help", "/issue", "light flickering")
    assert (delivery.status, delivery.ok, bot.refused) == (200, True, 0)


@pytest.mark.parametrize(
    "tamper",
    [
        Tamper(secret="another"),
        Tamper(signature="v0=00"),
        Tamper(signature=""),
        Tamper(age=301),
        Tamper(age=-301),
        Tamper(body=b"command=%2Fissue&text=another"),
    ],
    ids=["secret", "signature", "none", "old", "early", "body"],
)
async def test_a_forged_request_does_not(slack: SlackSandbox, bot: Any, tamper: Tamper) -> None:
    delivery = await slack.actor("ana").command("#help", "/issue", "x", tamper=tamper)
    assert (delivery.status, delivery.error, bot.heard) == (401, "http_error", [])


async def test_a_request_may_be_a_little_old(slack: SlackSandbox, bot: Any) -> None:
    assert (await slack.actor("ana").command("#help", "/issue", "x", tamper=Tamper(age=290))).ok


async def test_a_request_can_claim_to_be_a_repetition(slack: SlackSandbox, bot: Any) -> None:
    await slack.actor("ana").message("#help", "x", tamper=Tamper(retry_num=2, retry_reason="http_timeout", headers={"X-More": "1"}))
    assert bot.headers[0]["x-slack-retry-num"] == "2"
    assert bot.headers[0]["x-slack-retry-reason"] == "http_timeout"
    assert bot.headers[0]["X-More"] == "1"


async def test_the_request_url_must_echo_the_challenge(slack: SlackSandbox, bot: Any) -> None:
    assert await slack.verify_request_url()
    slack.bot_url = slack.bot_url + "/elsewhere"
    assert not await slack.verify_request_url()
