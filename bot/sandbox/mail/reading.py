"""A letter taken apart: who, to whom, about what, its words and what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser
from typing import cast

BLOCKS = frozenset(["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote", "hr"])
READABLE = ("text", "message")
UNSEEN = frozenset(["style", "script", "title", "head"])


@dataclass(frozen=True)
class Address:
    """`name` is "" where only the address is given."""

    name: str
    address: str


@dataclass(frozen=True)
class Attachment:
    """`cid`: by which the HTML names it, "" if it does not."""

    name: str
    type: str
    data: bytes
    cid: str


@dataclass(frozen=True)
class Contents:
    """`text` is the plain part, or the words of the HTML where there is none. `date` in seconds since 1970, None if there is none."""

    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    date: float | None
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]


def parse(raw: bytes) -> EmailMessage:
    """By the standard library's strict modern policy."""
    return message_from_bytes(raw, policy=policy.default)


def read(raw: bytes) -> Contents:
    """Never fails on a letter that `checking.check` let through."""
    message = parse(raw)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    drawn = _words(html)
    return Contents(
        sender=next(iter(addresses(message, "From")), Address("", "")),
        to=addresses(message, "To"),
        cc=addresses(message, "Cc"),
        reply_to=addresses(message, "Reply-To"),
        subject=str(message["Subject"] or ""),
        date=_date(message),
        text=_words(plain) if plain is not None else words_of(drawn),
        html=drawn,
        attachments=tuple(_attachments(message, (plain, html))),
        message_id=str(message["Message-ID"] or "").strip(),
        in_reply_to=str(message["In-Reply-To"] or "").strip(),
        references=tuple(str(message["References"] or "").split()),
    )


def addresses(message: EmailMessage, name: str) -> tuple[Address, ...]:
    """All addresses of a header, in lower case."""
    found = message[name]
    return tuple(Address(one.display_name, one.addr_spec.lower()) for one in found.addresses) if found is not None else ()


def words_of(html: str) -> str:
    """The words of some HTML, with its lines."""
    listener = _Words()
    listener.feed(html)
    listener.close()
    lines = (" ".join(line.split()) for line in "".join(listener.found).splitlines())
    return "\n".join(filter(None, lines))


def leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are no containers. A letter within a letter is one part."""
    if message.get_content_maintype() != "multipart":
        yield message
        return
    for part in message.iter_parts():
        yield from leaves(cast(EmailMessage, part))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in UNSEEN
        if tag in BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN and self._unseen > 0
        if tag in BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(" ".join(data.splitlines()))


def _words(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    text: str = part.get_content()
    return text.replace("\r\n", "\n").rstrip("\n")


def _date(message: EmailMessage) -> float | None:
    found = message["Date"]
    moment = found.datetime if found is not None else None
    return moment.timestamp() if moment is not None else None


def _attachments(message: EmailMessage, bodies: tuple[MIMEPart | None, ...]) -> Iterator[Attachment]:
    for number, part in enumerate(leaves(message), 1):
        if any(part is body for body in bodies):
            continue
        name = part.get_filename() or f"{part.get_content_subtype()}-{number}.{'txt' if part.get_content_maintype() in READABLE else 'bin'}"
        yield Attachment(name, part.get_content_type(), _data(part), str(part.get("Content-ID", "")).strip(" <>"))


def _data(part: EmailMessage) -> bytes:
    if part.is_multipart():
        return b"\r\n".join(bytes(one) for one in part.iter_parts())
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
