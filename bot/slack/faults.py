"""What an error of Slack's means to us: later, never, or gone. https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.chats import Gone
from bot.pump import Later, Permanent

PASSING = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""Errors that go away by themselves. All others stay until somebody does something."""
CREDENTIALS = frozenset({"account_inactive", "invalid_auth", "not_authed", "org_login_required", "token_expired", "token_revoked"})
"""Our token is not accepted. It says nothing about the message: that waits until somebody gives us a right one."""
LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""The message cannot be edited any more: it is to be posted anew."""
UNTIL_LIMIT_ENDS = 30.0
UNTIL_TOKEN_IS_RIGHT = 30.0
AFTER_OUTAGE = 5.0
LONGEST = 3600.0


class NotAccepted(Later):
    """Slack does not accept our token: not now, and not before somebody does something about it."""


@asynccontextmanager
async def translated(what: str) -> AsyncIterator[None]:
    """Turns what a call to Slack raises into `Later`, `Permanent` or `Gone`. `what` names the call: no words of people get into errors."""
    try:
        yield
    except SlackApiError as error:
        raise meaning(what, *_answer(error)) from None
    except SlackClientError as error:
        raise Later(AFTER_OUTAGE, f"{what}: {type(error).__name__}") from None
    except (aiohttp.ClientError, TimeoutError, OSError, AttributeError) as error:
        # AttributeError: what slack_sdk raises for a 200 with plain text, which a machine in between may send.
        raise Later(AFTER_OUTAGE, f"{what}: {type(error).__name__}") from None


def meaning(what: str, status: int, headers: Mapping[str, str], error: str) -> Exception:
    """The error to raise for an answer that is no success."""
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return Later(retry_after(headers), f"{what}: rate limited")
    if status >= 500 or error in PASSING or not error:
        return Later(AFTER_OUTAGE, f"{what}: {error or status}")
    if error in CREDENTIALS:
        return NotAccepted(UNTIL_TOKEN_IS_RIGHT, f"{what}: {error}")
    if error in LOST:
        return Gone(f"{what}: {error}")
    return Permanent(f"{what}: {error}")


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds to wait, as Slack tells in Retry-After; half a minute where it does not."""
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(float(told), LONGEST) if told.isascii() and told.isdigit() else UNTIL_LIMIT_ENDS


def _answer(error: SlackApiError) -> tuple[int, Mapping[str, str], str]:
    """Status, headers and error code. An answer that is not JSON comes as aiohttp's own response."""
    response: Any = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    return int(status), getattr(response, "headers", None) or {}, str(code)
