"""What Teams sends, as far as we read it: one tolerant value made of the raw JSON, which it keeps.

Nothing here trusts a shape: what is missing or of another kind is empty. Shapes:
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference (Activity)
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

Body = Mapping[str, Any]
UNDER = ";messageid="
"""What stands between a channel's id and the id of a thread's first message."""
COMPOSED = "composeExtension/"
"""How the names of the message extension's invokes begin: these come from every conversation that there is."""
AAD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12,13}", re.IGNORECASE)
"""The directory's ids; those of the Playground are one digit longer."""


class Activity:
    """One activity of Teams. `raw` is as it came."""

    def __init__(self, raw: Body) -> None:
        self.raw = raw

    @property
    def kind(self) -> str:
        return word(self.raw, "type")

    @property
    def name(self) -> str:
        """Of an invoke or event."""
        return word(self.raw, "name")

    @property
    def id(self) -> str:
        return word(self.raw, "id")

    @property
    def service_url(self) -> str:
        return word(self.raw, "serviceUrl")

    @property
    def reply_to(self) -> str:
        """The message that a press, a reaction or an answer is about."""
        return word(self.raw, "replyToId")

    @property
    def value(self) -> Body:
        return part(self.raw, "value")

    @cached_property
    def data(self) -> Body:
        return part(self.raw, "channelData")

    # ------------------------------------------------------------ where

    @property
    def conversation(self) -> str:
        """The conversation's id as it came, with the thread in it."""
        return word(part(self.raw, "conversation"), "id")

    @property
    def channel(self) -> str:
        return self.conversation.partition(UNDER)[0]

    @property
    def thread(self) -> str | None:
        return self.conversation.partition(UNDER)[2] or None

    @property
    def direct(self) -> bool:
        """A conversation with us alone. Where the message extension is used between two people Teams calls that personal too, and we are
        not in it; and what looks like a channel or a group is one, also where its kind is left out: others would read the answers.
        """
        found, kind = part(self.raw, "conversation"), word(part(self.raw, "conversation"), "conversationType")
        if self.name.startswith(COMPOSED) or self.team or "@thread." in self.conversation:
            return False
        return kind == "personal" or (not kind and found.get("isGroup") is not True)

    @property
    def team(self) -> str:
        """The id of the team whose channel this is; "" elsewhere."""
        return word(part(self.data, "team"), "id")

    @property
    def shared(self) -> bool:
        """A channel that several teams have, perhaps of several companies."""
        return word(part(self.data, "channel"), "type").lower() == "shared"

    @property
    def tenants(self) -> frozenset[str]:
        """The tenants that it names: more than one is a contradiction."""
        named = (word(part(self.data, "tenant"), "id"), word(part(self.raw, "conversation"), "tenantId"))
        return frozenset(one.lower() for one in named if one)

    # ------------------------------------------------------------ who

    @property
    def sender(self) -> str:
        """The connector's id ("29:...") of who acts; each bot has others."""
        return word(part(self.raw, "from"), "id")

    @property
    def person(self) -> str:
        """The directory's id of who acts (`aadObjectId`), in lower case; "" for those who have none, and where Teams leaves it out."""
        return directory_id(part(self.raw, "from"))

    @property
    def bot(self) -> str:
        """Our own id there ("28:...")."""
        return word(part(self.raw, "recipient"), "id")

    @property
    def called(self) -> str:
        """The name by which people there call us."""
        return word(part(self.raw, "recipient"), "name")

    @property
    def targeted(self) -> bool:
        """A slash entry: only we and who sent it see it."""
        return part(self.raw, "recipient").get("isTargeted") is True

    @property
    def zone(self) -> str:
        found = next((one for one in self.entities if one.get("type") == "clientInfo"), {})
        return word(found, "timezone") or word(self.raw, "localTimezone")

    @property
    def language(self) -> str:
        return word(self.raw, "locale")

    # ------------------------------------------------------------ words

    @property
    def entities(self) -> list[Body]:
        return parts(self.raw, "entities")

    @cached_property
    def mentions(self) -> list[Body]:
        return [one for one in self.entities if one.get("type") == "mention"]

    @property
    def mentioned(self) -> bool:
        """Our name was called."""
        return any(self._is_us(one) for one in self.mentions)

    def _is_us(self, mention: Body) -> bool:
        return word(part(mention, "mentioned"), "id") == self.bot != ""

    @cached_property
    def text(self) -> str:
        """The words as they were typed: without our name, other names as "@Name"."""
        said = word(self.raw, "text")
        for one in self.mentions:
            mark, name = word(one, "text"), word(part(one, "mentioned"), "name")
            if mark:
                said = said.replace(mark, " " if self._is_us(one) else f"@{name or _bare(mark)}", 1)
        return plain(said, marked=word(self.raw, "textFormat") == "xml")

    @property
    def added(self) -> list[Body]:
        return parts(self.raw, "membersAdded")

    @property
    def removed(self) -> list[Body]:
        return parts(self.raw, "membersRemoved")


def directory_id(member: Body) -> str:
    """The directory's id of somebody: activities call it `aadObjectId`, the member lists `objectId` as well."""
    found = word(member, "aadObjectId") or word(member, "objectId")
    return found.lower() if AAD.fullmatch(found) else ""


def word(body: Body, name: str) -> str:
    """A text inside; "" without it. Half characters and NUL can be neither stored nor sent on."""
    found = body.get(name)
    if not isinstance(found, str):
        return ""
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")


def part(body: Body, name: str) -> Body:
    """An object inside; empty without it."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def parts(body: Body, name: str) -> list[Body]:
    """The objects of a list inside."""
    found = body.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_LINES = frozenset({"p", "div", "br", "li", "tr", "blockquote", "pre", "h1", "h2", "h3"})


def plain(text: str, *, marked: bool = False) -> str:
    """Words without Teams' markup: entities and hard spaces as characters; of HTML (`marked`) the lines."""
    said = _TAG.sub(lambda tag: "\n" if tag[2].lower() in _LINES else "", text) if marked else text
    lines = html.unescape(said).replace("\xa0", " ").splitlines()
    return "\n".join(_gathered(line.strip() for line in lines)).strip()


def _gathered(lines: Iterator[str]) -> Iterator[str]:
    """Of empty lines in a row one."""
    empty = False
    for line in lines:
        if line or not empty:
            yield line
        empty = not line


def _bare(mark: str) -> str:
    return _TAG.sub("", mark)
