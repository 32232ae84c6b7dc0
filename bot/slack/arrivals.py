"""Slack's payloads as arrivals: who did what, where, and the key by which a redelivery is known.

The actor's own workspace and that of the installation differ in channels that two companies share, so both are kept: the account is in the
actor's, the place in the installation's. Shapes: https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.chats import Arrival, shortened
from bot.pressed import Pressed
from bot.slack import forms
from bot.slack.buttons import unpacked
from bot.slack.modal import Modal
from bot.slack.naming import NOBODY, Named
from bot.slack.text import typed
from bot.words import received
from handlers.core import Account, Attachment, Command, Deleted, Edited, Linked, Pointed, Press, Said, Submit, Where
from handlers.frozen import dataclass

Body = Mapping[str, Any]
Grammar = Callable[[str], tuple[str, str]]
"""What follows the slash command -> (name of a command, its text)."""
LONGEST_ID = 200
MOST_BYTES = 1 << 50
"""What is said to be larger is too large for anybody."""
TOMBSTONE = "tombstone"
"""The mode of a file that is deleted."""
ANSWER = "answer"
"""What the names of a kept answer's blocks of buttons begin with: a press on one is known not to be on a post, which would be redrawn."""
SPOKEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""Kinds of messages that a person has written: https://docs.slack.dev/reference/events/message"""
REPORTS = frozenset({"report", "private", "ask"})
"""Commands whose text somebody has taken the trouble to write."""


class Broken(Exception):
    """A payload that lacks something or is not ours. The reason is a word of the program, for counting."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a person is while they act: all the ways to answer them there. Empty: there is no such way."""

    account: Account
    where: Where
    trigger: str = ""
    response_url: str = ""
    modal: Modal | None = None
    in_thread: bool = False
    private: bool = False
    """What was pressed is a card that only this person sees, and that nobody redraws."""
    home: bool = False
    """What was pressed stands on the person's App Home."""
    kept: bool = False
    """It is an answer in a direct conversation: it stays there, unlike what Slack shows to one person among others."""


def command(body: Body, spot: Spot, grammar: Grammar, named: Named = NOBODY) -> Arrival:
    """A slash command. Slack gives it no id, but its trigger is used once only."""
    name, text = grammar(typed(word(body, "text", otherwise=""), named.names))
    key = shortened(f"slack:cmd:{spot.where.workspace}:{spot.trigger}")
    build = partial(Command, name=name, text=text, named=named.people)
    return Arrival(spot.account, spot.where, key, build, text if name in REPORTS else "")


def said(event: Body, workspace: str, bot_user: str, named: Named = NOBODY) -> Arrival | None:
    """Words of a person in a conversation; None for what is none of that: edits, joins, machines, copies of a thread's answer."""
    kind = event.get("subtype")
    if (
        not (kind is None or isinstance(kind, str))
        or kind not in SPOKEN
        or event.get("bot_id")
        or event.get("bot_profile")
        or not event.get("user")
    ):
        return None
    channel, ts = word(event, "channel"), word(event, "ts")
    direct = channel.startswith("D")
    thread = word(event, "thread_ts", otherwise="") or None
    home = word(event, "user_team", otherwise="") or word(event, "team", otherwise=workspace)
    mentioned = mentions(event, bot_user)
    words, files = spoken(event, bot_user, named), attached(event)
    build = partial(Said, text=words, message_id=ts, mentioned=mentioned, files=files, named=named.people)
    where = Where("slack", workspace, channel, thread, direct)
    key = shortened(f"slack:msg:{workspace}:{channel}:{ts}")
    return Arrival(Account("slack", home, word(event, "user")), where, key, build, mentioned=mentioned)


def edited(event: Body, workspace: str, bot_user: str, named: Named = NOBODY) -> Arrival | None:
    """Words that their author has changed; None for what only looks like it: a preview that was added, an answer that was counted."""
    now, before = _maybe(event, "message"), _maybe(event, "previous_message")
    if now.get("text") == before.get("text"):
        return None
    inner = {"channel": event.get("channel"), **now}
    new = said({name: fact for name, fact in inner.items() if name != "subtype"}, workspace, bot_user)
    if new is None:
        return None
    ts, key = word(now, "ts"), shortened(f"slack:edit:{workspace}:{new.where.channel}:{word(event, 'ts')}")
    return Arrival(new.account, new.where, key, partial(Edited, text=spoken(now, bot_user, named), message_id=ts), message_id=ts)


def deleted(event: Body, workspace: str) -> Arrival | None:
    """Words that are gone, as far as Slack says whose they were."""
    before, ts = _maybe(event, "previous_message"), word(event, "deleted_ts")
    old = said({"channel": event.get("channel"), **before, "ts": ts, "subtype": None}, workspace, "")
    if old is None:
        return None
    key = shortened(f"slack:gone:{workspace}:{old.where.channel}:{ts}")
    return Arrival(old.account, old.where, key, partial(Deleted, message_id=ts), message_id=ts)


def pointed(who: Account, where: Where, message: Body, workspace: str, link: str, named: Named = NOBODY) -> Arrival:
    """A message that somebody wants a ticket of, by whatever way: of one message there is one ticket."""
    ts = word(message, "ts")
    author = word(message, "user", otherwise="")
    home = word(message, "user_team", otherwise="") or word(message, "team", otherwise=workspace)
    machine = message.get("bot_id") or not author
    return Arrival(
        who,
        where,
        shortened(f"slack:made:{workspace}:{where.channel}:{ts}"),
        partial(Pointed, text=words_of(message, named), message_id=ts, link=link, files=attached(message), named=named.people),
        author=None if machine else Account("slack", home, author),
    )


def linked(event: Body, where: Where, subject: str, inside: bool) -> Arrival:
    """A link of ours in a message. It is only looked at, so each event is a new one."""
    who = Account("slack", where.workspace, word(event, "user"))
    key = shortened(f"slack:link:{where.workspace}:{word(event, 'event_id', otherwise='')}:{subject}")
    return Arrival(who, where, key, partial(Linked, subject=subject, inside=inside))


def words_of(message: Body, named: Named = NOBODY) -> str:
    """What a message says; of one that is only attached things, what stands for them."""
    text = typed(word(message, "text", otherwise=""), named.names).strip()
    attached = message.get("attachments")
    parts = [one for one in attached if isinstance(one, dict)] if isinstance(attached, list) else []
    return text or "\n".join(filter(None, (word(one, "fallback", otherwise=word(one, "text", otherwise="")) for one in parts)))


def attached(message: Body) -> tuple[Attachment, ...]:
    """A message's files, as far as it tells of them: of one from another workspace only the id, the rest is asked for when it is fetched.

    https://docs.slack.dev/reference/objects/file-object
    """
    found = message.get("files")
    files = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return tuple(_attachment(one) for one in files if 0 < len(word(one, "id", otherwise="")) <= LONGEST_ID and one.get("mode") != TOMBSTONE)


def _attachment(file: Body) -> Attachment:
    name = word(file, "name", otherwise=word(file, "title", otherwise="file"))
    size, link = file.get("size"), word(file, "permalink", otherwise="")
    bytes_ = min(size, MOST_BYTES) if type(size) is int and size > 0 else 0
    return Attachment(word(file, "id"), name, word(file, "mimetype", otherwise=""), bytes_, link, file.get("is_external") is True)


def tombstones(event: Body) -> tuple[str, ...]:
    """The ids of files that a changed message tells of as deleted."""
    found = _maybe(event, "message").get("files")
    files = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return tuple(word(one, "id") for one in files if one.get("mode") == TOMBSTONE)


def mentions(event: Body, bot_user: str) -> bool:
    """Whether our name was called."""
    return bool(bot_user) and f"<@{bot_user}" in word(event, "text", otherwise="")


def spoken(message: Body, bot_user: str, named: Named = NOBODY) -> str:
    """The words as they were typed, without our name, which Slack writes as <@U123> or <@U123|name>."""
    text = word(message, "text", otherwise="")
    return typed(re.sub(rf"<@{re.escape(bot_user)}(\|[^<>]*)?>", " ", text) if bot_user else text, named.names).strip()


def press(pressed: Pressed, spot: Spot) -> Arrival:
    """A button. Pressed again on the same version it is the same press."""
    who = spot.account
    facts = (who.workspace, who.user, pressed.action, pressed.subject, str(pressed.version), pressed.value)
    build = partial(Press, action=pressed.action, subject=pressed.subject, version=pressed.version, value=pressed.value)
    return Arrival(who, spot.where, shortened(":".join(("press", "slack", *facts))), build)


def home(account: Account, workspace: str, stamp: str) -> Arrival:
    """A look at the App Home. It changes nothing, so each is a new one."""
    where = Where("slack", workspace, "", direct=True)
    return Arrival(account, where, shortened(f"slack:home:{workspace}:{account.user}:{stamp}"), partial(Command, name="home"))


def opening(pressed: Pressed, spot: Spot) -> Arrival:
    """A button that opens a form, which changes nothing: each trigger is new."""
    build = partial(Press, action=f"open:{pressed.opens}", subject=pressed.subject, version=pressed.version, value=pressed.value)
    return Arrival(spot.account, spot.where, shortened(f"slack:open:{spot.where.workspace}:{spot.trigger}"), build)


def submit(body: Body, spot: Spot) -> Arrival:
    """A sent form. Its one-time number makes a second sending of it the same one."""
    view = part(body, "view")
    opened = forms.opened_by(view.get("private_metadata"))
    if opened is None or not opened.form:
        raise Broken("form")
    filled = forms.values(view.get("state"), lambda user: f"slack:{spot.where.workspace}:{user}")
    build = partial(Submit, form=opened.form, subject=opened.subject, version=opened.version, values=filled)
    return Arrival(spot.account, spot.where, shortened(f"form:{opened.once or word(view, 'id')}"), build, forms.written(view.get("state")))


def pressed_in(body: Body) -> Pressed:
    """What was pressed or chosen; Broken when it is none of ours."""
    found = body.get("actions")
    action = found[0] if isinstance(found, list) and found else None
    if not isinstance(action, dict):
        raise Broken("press")
    chosen = action.get("selected_option")
    pressed = unpacked(chosen.get("value") if isinstance(chosen, dict) else action.get("value"))
    if pressed is None:
        raise Broken("press")
    return pressed


# ---------------------------------------------------------------- where


def spot_of_command(body: Body, workspace: str) -> Spot:
    """`workspace` is that of the installation; a command comes from there only."""
    channel = word(body, "channel_id")
    direct = channel.startswith("D") or body.get("channel_name") == "directmessage"
    account = Account("slack", word(body, "team_id", otherwise=workspace), word(body, "user_id"))
    where = Where("slack", workspace, channel, direct=direct)
    return Spot(account, where, word(body, "trigger_id"), word(body, "response_url", otherwise=""))


def spot_of_shortcut(body: Body, workspace: str) -> Spot:
    """Of a shortcut that belongs to no message: it happens nowhere."""
    user = part(body, "user")
    account = Account("slack", word(user, "team_id", otherwise=workspace), word(user, "id"))
    return Spot(account, Where("slack", workspace, "", direct=True), word(body, "trigger_id"))


def spot_of_interaction(body: Body, workspace: str) -> Spot:
    """Of a press or a sent form. Inside a modal, the place is the one in which it was opened."""
    user = part(body, "user")
    account = Account("slack", word(user, "team_id", otherwise=workspace), word(user, "id"))
    trigger, answer_to = word(body, "trigger_id", otherwise=""), word(body, "response_url", otherwise="")
    if isinstance(view := body.get("view"), dict):
        opened = forms.opened_by(view.get("private_metadata")) or forms.Opened()
        modal = Modal(word(view, "id")) if view.get("type") == "modal" else None
        at_home = view.get("type") == "home"
        return Spot(account, _inside(opened, workspace), trigger, answer_to, modal, private=opened.private, home=at_home)
    where, in_thread = _on_message(body, workspace)
    kept = _is_kept(body)
    private = kept or _maybe(body, "container").get("is_ephemeral") is True
    return Spot(account, where, trigger, answer_to, in_thread=in_thread, private=private, kept=kept)


def _is_kept(body: Body) -> bool:
    found = body.get("actions")
    action = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
    return word(action, "block_id", otherwise="").startswith(ANSWER)


def _inside(opened: forms.Opened, workspace: str) -> Where:
    return Where("slack", workspace, opened.channel, opened.thread or None, opened.channel.startswith("D"))


def _on_message(body: Body, workspace: str) -> tuple[Where, bool]:
    """The place of a pressed message, and whether that is an answer in a thread (the thread's first message stands in the channel)."""
    box, message = _maybe(body, "container"), _maybe(body, "message")
    channel = word(_maybe(body, "channel"), "id", otherwise="") or word(box, "channel_id")
    thread = word(box, "thread_ts", otherwise="") or word(message, "thread_ts", otherwise="")
    ts = word(box, "message_ts", otherwise="") or word(message, "ts", otherwise="")
    return Where("slack", workspace, channel, thread or None, channel.startswith("D")), bool(thread) and thread != ts


# ---------------------------------------------------------------- reading a payload


def part(body: Body, name: str) -> Body:
    """An object inside; Broken without it."""
    found = body.get(name)
    if not isinstance(found, dict):
        raise Broken(name)
    return found


def _maybe(body: Body, name: str) -> Body:
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def word(body: Body, name: str, *, otherwise: str | None = None) -> str:
    """A text inside; without it `otherwise`, or Broken. What has to be there is an id, and none of Slack's is longer than 200."""
    found = body.get(name)
    if isinstance(found, str) and found and (otherwise is not None or len(found) <= LONGEST_ID):
        return received(found)
    if otherwise is None:
        raise Broken(name)
    return otherwise
