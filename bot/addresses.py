"""The addresses of tickets on the web: made, and read back from what people paste. There is no secret in one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

PATH = "/t/"
_TICKET = re.compile(r"[0-9a-f]{32}")
LONGEST = 2000


def link(public_url: str | None, subject: str) -> str:
    """The address of a ticket; "" where there is no public one."""
    kind, _, key = subject.partition(":")
    return f"{public_url.rstrip('/')}{PATH}{key}" if public_url and kind == "ticket" else ""


def linked(public_url: str | None, address: str) -> str:
    """The subject that an address of ours leads to; "" for any other text. What follows a "?" or a "#" does not matter."""
    if not public_url or len(address) > LONGEST:
        return ""
    try:
        ours, asked = urlsplit(public_url.rstrip("/")), urlsplit(address.strip())
        same = (asked.scheme.lower(), asked.hostname, asked.port) == (ours.scheme.lower(), ours.hostname, ours.port)
    except ValueError:
        return ""
    key = asked.path.removeprefix(f"{ours.path}{PATH}").rstrip("/")
    return f"ticket:{key}" if same and asked.path.startswith(f"{ours.path}{PATH}") and is_ticket(key) else ""


def is_ticket(key: str) -> bool:
    """Whether this may be a ticket's id."""
    return _TICKET.fullmatch(key) is not None
