"""What people write, as their mail programs make a letter of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address as Written
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from bot.sandbox.errors import ClientRefused
from bot.sandbox.mail.model import Letter, Mailbox, Upload
from bot.sandbox.mail.reading import Contents

OUT = policy.SMTP.clone(cte_type="7bit")
_ADDRESS = re.compile(r"[^@\s<>,;\"()\[\]\\]+@[^@\s<>,;\"()\[\]\\]+\.[^@\s<>,;\".()\[\]\\]+")
_AGAIN = re.compile(r"\s*re\s*:", re.IGNORECASE)


def recipients(typed: str) -> list[str]:
    """The addresses in "Joe <joe@sparks.example>, ann@acme.example". Raises `ClientRefused` for what is none."""
    found = [_bare(one) for one in re.split(r"[,;]", typed) if one.strip()]
    if not found:
        raise ClientRefused("To whom is it? Please give an address.")
    for one in found:
        if not (one.isascii() and _ADDRESS.fullmatch(one)):
            raise ClientRefused(f"“{one[:80]}” is no e-mail address.")
    return list(dict.fromkeys(found))


def _bare(one: str) -> str:
    inside = re.search(r"<([^<>]*)>", one)
    return (inside[1] if inside else one).strip().lower()


@dataclass(frozen=True)
class Draft:
    """What somebody wrote; `answers` is the letter that it is a reply to."""

    to: Sequence[str]
    subject: str
    text: str
    files: Sequence[Upload] = ()
    answers: Contents | None = None


def composed(mailbox: Mailbox, draft: Draft, *, at: float, number: str) -> bytes:
    """The letter as it goes over the wire."""
    message = EmailMessage(policy=OUT)
    message["From"] = Written(mailbox.name, addr_spec=mailbox.address)
    message["To"] = ", ".join(draft.to)
    message["Subject"] = _line(draft.subject) or "(no subject)"
    message["Date"] = datetime.fromtimestamp(at, UTC)
    message["Message-ID"] = f"<{number}.{int(at)}@{mailbox.address.rpartition('@')[2]}>"
    if draft.answers is not None and draft.answers.message_id:
        message["In-Reply-To"] = draft.answers.message_id
        message["References"] = " ".join(dict.fromkeys((*draft.answers.references, draft.answers.message_id)))
    message.set_content(draft.text)
    for one in draft.files:
        maintype, subtype = _kind(one.type)
        message.add_attachment(one.data, maintype=maintype, subtype=subtype, filename=_line(one.name) or "file")
    return message.as_bytes()


def _kind(declared: str) -> tuple[str, str]:
    """A letter or a container as an attachment would be read as part of this one."""
    maintype, _, subtype = declared.partition("/")
    fits = re.fullmatch(r"[\w.+-]+/[\w.+-]+", declared, re.ASCII) and maintype not in ("message", "multipart")
    return (maintype, subtype) if fits else ("application", "octet-stream")


def answering(subject: str) -> str:
    """The subject of a reply."""
    return subject if _AGAIN.match(subject) else f"Re: {subject}"


def answer_to(letter: Letter) -> str:
    """Whom a reply goes to, as one types it."""
    return ", ".join(one.address for one in letter.contents.reply_to or (letter.contents.sender,))


def quoted(letter: Letter, zone: str) -> str:
    """What stands under a reply: who wrote it when, and each line of it."""
    said = letter.contents
    moment = datetime.fromtimestamp(said.date if said.date is not None else letter.at, ZoneInfo(zone))
    who = said.sender.name or said.sender.address
    lines = "\n".join(f"> {line}".rstrip() for line in said.text.splitlines())
    return f"On {moment:%a, %d %b %Y at %H:%M}, {who} <{said.sender.address}> wrote:\n{lines}"


def _line(text: str) -> str:
    """Without line breaks and other control characters: they would begin a new header."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())[:900]
