"""A public address of the desk, as a chat can use it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

HOST = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+")


class NoAddress(ValueError):
    """An address under which a chat cannot reach the desk; the text says why, as a sentence."""


def address(url: str, chat: str) -> str:
    """A public address without a slash at its end. Raises NoAddress unless it is https, and a host that `chat` can look up."""
    try:
        parts, url = urlsplit(url), url.rstrip("/")
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise NoAddress(f"{url} is no web address.") from None
    if parts.scheme != "https":
        raise NoAddress(f"{url} does not begin with https://, and {chat} sends to nothing else.")
    if HOST.fullmatch(host) is None or len(host) > 255 or parts.username is not None:
        raise NoAddress(f"{url} does not name a host that {chat} could reach, such as https://desk.example.com.")
    if parts.query or parts.fragment or re.search(r"\s", url):
        raise NoAddress(f"{url} has more than a host and a path; leave away what follows them.")
    return url
