"""What one person has before them in their mailbox, as the page needs it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.mail import Actor, Letter, MailSandbox
from bot.sandbox.mail.reading import Address
from bot.sandbox.mail.world import World
from bot.sandbox.mail.writing import answer_to, answering, quoted

Json = dict[str, Any]
MOST = 200_000
"""Characters of a letter's plain text that are shown; the source has all."""


def screen(mail: MailSandbox, me: Actor) -> Json:
    """`letters` by time, the newest first: those that came and copies of those that were sent. `addresses`: whom one may write to."""
    own = mail.world.of(me.mailbox)
    return {
        "chat": "mail",
        "me": me.mailbox.address,
        "name": me.mailbox.name,
        "zone": mail.zone,
        "desk": mail.desk,
        "addresses": [{"name": "The desk", "address": mail.desk}, *_others(mail.world, me)],
        "letters": [_letter(one, mail.zone) for one in reversed(own)],
    }


def file(world: World, number: str) -> tuple[str, str, bytes] | None:
    """Name, type and bytes of "L7.1", the second attachment of letter L7, or of one that is about to be sent."""
    if (upload := world.uploads.get(number)) is not None:
        return upload.name, upload.type, upload.data
    name, _, at = number.partition(".")
    letter = world.letters.get(name)
    files = letter.contents.attachments if letter else ()
    if not at.isdecimal() or int(at) >= len(files):
        return None
    found = files[int(at)]
    return found.name, found.type, found.data


def _others(world: World, me: Actor) -> list[Json]:
    return [{"name": one.name, "address": one.address} for one in world.mailboxes.values() if one != me.mailbox]


def _letter(letter: Letter, zone: str) -> Json:
    """`html`: whether it has any, to be seen at /letter/{id}. `answer` is what a reply begins with."""
    said = letter.contents
    return {
        "id": letter.id,
        "folder": letter.folder,
        "from": _address(said.sender),
        "to": [_address(one) for one in said.to],
        "cc": [_address(one) for one in said.cc],
        "subject": said.subject,
        "at": letter.at,
        "date": said.date,
        "text": said.text[:MOST],
        "html": bool(said.html),
        "attachments": [
            {"id": f"{letter.id}.{at}", "name": one.name, "type": one.type, "size": len(one.data)}
            for at, one in enumerate(said.attachments)
        ],
        "read": letter.read,
        "state": letter.state,
        "message_id": said.message_id,
        "in_reply_to": said.in_reply_to,
        "answer": {"to": answer_to(letter), "subject": answering(said.subject), "quoted": quoted(letter, zone)[:MOST]},
    }


def _address(one: Address) -> Json:
    return {"name": one.name, "address": one.address}
