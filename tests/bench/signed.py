"""Slash commands as Slack sends them, really signed, made before the clock runs."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import time
from dataclasses import dataclass
from urllib.parse import urlencode

SECRET = "bench-signing-secret"
TOKEN = "xoxb-bench"
PATH = "/slack/events"
USERS = 25
WORDS = (
    "light flickering",
    "the printer on the 2nd floor is jammed again",
    "no hot water in the kitchen",
    "my laptop does not start any more",
    "cannot log in to the CRM since this morning",
    "we need more paper for the copier",
)

_serial = itertools.count(1)


def workspace(office: int) -> str:
    return f"T{office:08d}"


def user(office: int, number: int) -> str:
    return f"U{office:05d}{number:03d}"


@dataclass(frozen=True, slots=True)
class Signed:
    """One request as bytes for the wire, and the office (0, 1, ...) that it is for."""

    data: bytes
    office: int


def requests(count: int, offices: int) -> list[Signed]:
    """Reports of different people, round the offices. They are good for five minutes, as the signature is."""
    now = str(int(time.time()))
    return [_request(at, at % offices, now) for at in range(count)]


def _request(at: int, office: int, now: str) -> Signed:
    body = urlencode(_fields(at, office)).encode()
    signature = hmac.new(SECRET.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json,*/*\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return Signed(head.encode() + body, office)


def _fields(at: int, office: int) -> dict[str, str]:
    """https://docs.slack.dev/interactivity/implementing-slash-commands"""
    trigger = f"{next(_serial)}.{time.time_ns()}.c0ffee"
    person = user(office, at // 7 % USERS)
    return {
        "token": "bench",
        "team_id": workspace(office),
        "team_domain": f"office{office}",
        "channel_id": "C0GENERAL",
        "channel_name": "general",
        "user_id": person,
        "user_name": person.lower(),
        "command": "/issue",
        "text": WORDS[at % len(WORDS)],
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": f"https://hooks.slack.com/commands/{workspace(office)}/{at}/bench",
        "trigger_id": trigger,
    }
