"""Activities of Teams as arrivals: who did what, where, and the key by which a redelivery is known.

Teams repeats a request that took longer than 15 seconds, and an invoke whose answer it did not like: keys are made of what stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.chats import Arrival, shortened
from bot.pressed import Pressed
from bot.teams import forms
from bot.teams.activity import UNDER, Activity, Body, directory_id, part, parts, plain, word
from bot.teams.files import found_in, found_on
from handlers.core import Account, Attachment, Command, Deleted, Edited, Linked, Person, Pointed, Press, Said, Submit, Where
from handlers.frozen import replace

Grammar = Callable[[str], tuple[str, str]]
"""What is said to us -> (name of a command, its text)."""
People = tuple[Person, ...]
"""Who of the office is named in some words."""
REPORTS = frozenset({"report", "private", "ask"})
"""Commands whose text somebody has taken the trouble to write."""
QUOTED = frozenset({"quotedReply", "messageReference"})
_CALLS = r"<(?:at\b|span\b[^<>]*schema\.skype\.com/Mention)[^<>]*>"
"""How a mention begins in a message's HTML."""
_SAFE_ID = re.compile(r"[\x21-\x7e]{1,300}")


class Broken(Exception):
    """An activity that lacks something or is not ours. The reason is a word of the program, for counting."""


def where(activity: Activity, workspace: str) -> Where:
    """The conversation; what quotes a message outside of threads is said under that message."""
    channel = activity.channel
    if not _SAFE_ID.fullmatch(channel):
        raise Broken("conversation")
    return Where("teams", workspace, channel, activity.thread or quoted(activity) or None, activity.direct)


def where_opened(opened: forms.Opened, there: Where) -> Where:
    """Where a form was opened that is sent from there. Which conversation it is, Teams says; what the form carries is the thread in it."""
    known = opened.channel == there.channel and _SAFE_ID.fullmatch(opened.thread)
    return replace(there, thread=opened.thread) if known else there


def account(activity: Activity, workspace: str) -> Account:
    """By the directory's id. Whom the directory does not know has only the connector's id, and may not act."""
    user = activity.person or activity.sender
    if not _SAFE_ID.fullmatch(user) or len(user) > 128:
        raise Broken("sender")
    return Account("teams", workspace, user)


def said(activity: Activity, workspace: str, who: Account, people: People = ()) -> Arrival:
    """Words of a person in a conversation."""
    there = where(activity, workspace)
    key = shortened(f"teams:msg:{workspace}:{there.channel}:{named(activity)}")
    build = partial(Said, text=activity.text, message_id=activity.id, mentioned=activity.mentioned, files=attached(activity), named=people)
    return Arrival(who, there, key, build, mentioned=activity.mentioned)


def command(activity: Activity, workspace: str, who: Account, grammar: Grammar, title: str, people: People = ()) -> Arrival:
    """A slash entry: a message that only we see, which begins with the title of the entry."""
    there = where(activity, workspace)
    text = re.sub(rf"\A/?{re.escape(title)}(?!\w)[ \t]*", "", activity.text, count=1, flags=re.IGNORECASE)
    name, rest = grammar(text)
    key = shortened(f"teams:msg:{workspace}:{there.channel}:{named(activity)}")
    return Arrival(
        who, there, key, partial(Command, name=name, text=rest, files=attached(activity), named=people), rest if name in REPORTS else ""
    )


def edited(activity: Activity, workspace: str, who: Account) -> Arrival:
    there = where(activity, workspace)
    stamp = word(activity.raw, "timestamp") or activity.text
    key = shortened(f"teams:edit:{workspace}:{there.channel}:{named(activity)}:{stamp}")
    return Arrival(who, there, key, partial(Edited, text=activity.text, message_id=activity.id), message_id=activity.id)


def deleted(activity: Activity, workspace: str, who: Account) -> Arrival:
    there = where(activity, workspace)
    key = shortened(f"teams:gone:{workspace}:{there.channel}:{named(activity)}")
    return Arrival(who, there, key, partial(Deleted, message_id=activity.id), message_id=activity.id)


def pointed(activity: Activity, workspace: str, who: Account, people: People = ()) -> Arrival:
    """A message that somebody wants a ticket of: of one message there is one ticket."""
    there, payload = where(activity, workspace), part(activity.value, "messagePayload")
    message_id = word(payload, "id")
    if not _SAFE_ID.fullmatch(message_id):
        raise Broken("message")
    author = word(part(part(payload, "from"), "user"), "id").lower()
    key = shortened(f"teams:made:{workspace}:{there.channel}:{message_id}")
    text, link = _body(payload, activity.called), safe_link(word(payload, "linkToMessage"))
    files = tuple(one.file for one in found_on(payload))
    build = partial(Pointed, text=text, message_id=message_id, link=link, files=files, named=people)
    known = directory_id({"objectId": author})
    return Arrival(who, there, key, build, author=Account("teams", workspace, known) if known else None)


def _body(payload: Body, us: str) -> str:
    """Its words, without the name by which it called us; other names as "@Name"."""
    body = part(payload, "body")
    content = re.sub(rf"{_CALLS}\s*{re.escape(us)}\s*</(?:at|span)>", " ", word(body, "content")) if us else word(body, "content")
    content = re.sub(_CALLS, "@", content)
    said = plain(content, marked=word(body, "contentType") != "text")
    return "\n".join(filter(None, (word(payload, "subject").strip(), said)))


def linked(activity: Activity, there: Where, who: Account, subject: str) -> Arrival:
    """A link of ours, or a ticket picked from a search, on its way into a conversation. It is only looked at, so each is a new one."""
    key = shortened(f"teams:link:{there.workspace}:{named(activity)}:{subject}")
    return Arrival(who, there, key, partial(Linked, subject=subject, inside=True))


def press(pressed: Pressed, who: Account, there: Where) -> Arrival:
    """A button. Pressed again on the same version it is the same press."""
    facts = (who.workspace, who.user, pressed.action, pressed.subject, str(pressed.version), pressed.value)
    build = partial(Press, action=pressed.action, subject=pressed.subject, version=pressed.version, value=pressed.value)
    return Arrival(who, there, shortened(":".join(("press", "teams", *facts))), build)


def opening(form: str, pressed: Pressed, who: Account, there: Where, stamp: str) -> Arrival:
    """A button that opens a form, which changes nothing: each is a new one."""
    build = partial(Press, action=f"open:{form}", subject=pressed.subject, version=pressed.version, value=pressed.value)
    return Arrival(who, there, shortened(f"teams:open:{who.workspace}:{who.user}:{form}:{stamp}"), build)


def asked(name: str, who: Account, there: Where, stamp: str) -> Arrival:
    """A command that nobody has typed."""
    return Arrival(who, there, shortened(f"teams:asked:{who.workspace}:{who.user}:{name}:{stamp}"), partial(Command, name=name))


def submit(opened: forms.Opened, data: Body, who: Account, there: Where, stamp: str) -> Arrival:
    """A sent form. Its one-time number makes a second sending of it the same one."""
    filled = forms.values(data, who.workspace)
    build = partial(Submit, form=opened.form, subject=opened.subject, version=opened.version, values=filled)
    return Arrival(who, there, shortened(f"form:{opened.once or stamp}"), build, forms.written(data))


# ---------------------------------------------------------------- reading


def named(activity: Activity) -> str:
    """The message's id; Broken without one, because a redelivery could not be told from something new."""
    if not _SAFE_ID.fullmatch(activity.id):
        raise Broken("id")
    return activity.id


def quoted(activity: Activity) -> str:
    """The message that a message quotes, as the clients do for "reply" in 1:1 and group chats."""
    for one in (*activity.entities, *parts(activity.raw, "attachments")):
        if word(one, "type") in QUOTED or word(one, "contentType") in QUOTED:
            inner = part(one, "quotedReply") or one
            found = word(inner, "messageId") or word(inner, "id")
            if _SAFE_ID.fullmatch(found):
                return found.partition(UNDER)[0]
    return ""


def attached(activity: Activity) -> tuple[Attachment, ...]:
    return tuple(one.file for one in found_in(activity))


def safe_link(url: str) -> str:
    return url if url.startswith("https://") and len(url) <= 3000 and url.isprintable() and " " not in url else ""


def data_of(value: Mapping[str, Any]) -> Body:
    """What a pressed button or a sent form carries, wherever this kind of invoke has it."""
    action = part(value, "action")
    return part(action, "data") if action else part(value, "data") or value
