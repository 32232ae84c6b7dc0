"""What people do in the Teams window."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import ClientRefused
from bot.sandbox.page.deeds import CHANGED, Deeds, Given, Json
from bot.sandbox.page.teams_screen import numbered
from bot.sandbox.teams import Actor, Seen
from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.model import Message
from bot.sandbox.teams.widgets import find_action
from bot.sandbox.teams.writing import REACTIONS

deed = Deeds[Actor]()


@deed
async def say(who: Actor, given: Given) -> None:
    """Words into a conversation or thread; a slash in front chooses one of the app's entries."""
    words, where, thread = given.text("text"), given.text("conversation"), given.text("thread", "")
    if words.startswith("/"):
        name, _, rest = words.partition(" ")
        await who.command(where, name, rest.strip(), thread=thread or None)
        return
    files = [who.world.files[one] for one in given.texts("files")]
    if words.strip() or files:
        await who.message(where, words, thread or None, files=files)


@deed
async def edit(who: Actor, given: Given) -> None:
    await who.edit(_message(who, given), given.text("text"))


@deed
async def delete(who: Actor, given: Given) -> None:
    await who.delete(_message(who, given))


@deed
async def react(who: Actor, given: Given) -> None:
    """Puts one of the emoji that Teams has a name for on a message, or takes one's own away again."""
    message, name = _message(who, given), given.text("name")
    if name not in REACTIONS:
        raise ClientRefused(f"there is no reaction {name!r} here")
    mine = who.user.id in message.reactions.get(name, [])
    await (who.unreact if mine else who.react)(message, name)


@deed
async def press(who: Actor, given: Given) -> None:
    """The `number`th thing that can be pressed on a card or in the dialog, with `values` by the field's id."""
    seen = _seen(who, given.text("conversation", ""), given.text("id"))
    _same(seen, given)
    await who.press(given.number("number"), given.values("values"), on=seen)


@deed
async def fill(who: Actor, given: Given) -> None:
    """One field of the dialog, as soon as it is left."""
    await who.fill(given.text("field"), given.any("value"))


@deed
async def submit(who: Actor, given: Given) -> None:
    """The `number`th button of the dialog, after all `values` by the field's id."""
    if who.modal:
        _same(who.modal, given)
    await who.submit(given.values("values"), button=given.number("number"))


@deed
async def close(who: Actor, given: Given) -> None:
    await who.close()


@deed
async def make_ticket(who: Actor, given: Given) -> None:
    """The app's entry in the menu of a message."""
    await who.make_ticket(_message(who, given))


@deed
async def shortcut(who: Actor, given: Given) -> None:
    """The app's entry below the field in which one writes."""
    await who.shortcut(where=given.text("conversation"))


@deed
async def paste(who: Actor, given: Given) -> Json:
    """What a link that is pasted into the field is shown as: a `card`, or null."""
    found = await who.paste(given.text("url"), given.text("conversation"))
    return {"card": numbered(found.attachment["content"]) if found else None}


@deed
async def search(who: Actor, given: Given) -> Json:
    """The app's search: what was `found`, to be given back to `pick`, or what is `said` in place of it."""
    found, said = await who.look_up(given.text("text"), given.text("conversation"))
    return {"said": said, "found": [{"title": one.title, "text": one.text, "card": numbered(one.attachment["content"])} for one in found]}


@deed
async def pick(who: Actor, given: Given) -> None:
    """Puts the result number `number` of the same search into what one writes; `send_draft` sends it."""
    found, _ = await who.look_up(given.text("text"), given.text("conversation"))
    number = given.number("number")
    if not 0 <= number < len(found):
        raise ClientRefused(CHANGED)
    who.insert(found[number])


@deed
async def send_draft(who: Actor, given: Given) -> None:
    await who.send_draft(given.text("conversation"), given.text("text", ""))


@deed
async def drop_draft(who: Actor, given: Given) -> None:
    """Takes the card out of what one writes."""
    who.drop_draft()


@deed
async def new_chat(who: Actor, given: Given) -> Json:
    """Begins a chat with `people` (handles), without the app."""
    return {"conversation": who.begin_chat(given.texts("people"), given.text("name", "")).id}


@deed
async def add_app(who: Actor, given: Given) -> None:
    """The app for a chat, or for the whole team of a channel."""
    await who.add_app(given.text("conversation"))


@deed
async def remove_app(who: Actor, given: Given) -> None:
    await who.remove_app(given.text("conversation"))


def _same(seen: Seen, given: Given) -> None:
    """What stands at this place must be what the person saw there (`title`): cards change under the hand."""
    title = given.any("title")
    if title is not None and find_action(seen.card, given.number("number")).get("title") != title:
        raise ClientRefused(CHANGED)


def _message(who: Actor, given: Given) -> Message:
    try:
        return who.world.message(given.text("conversation"), given.text("id"))
    except TeamsError as gone:
        raise ClientRefused(CHANGED) from gone


def _seen(who: Actor, conversation: str, number: str) -> Seen:
    """A message; without a conversation the dialog."""
    modal: Any = who.modal
    if not conversation and modal is not None and modal.id == number:
        return modal  # type: ignore[no-any-return]
    for one in who.seen():
        if one.kind != "modal" and (one.channel, one.id) == (conversation, number):
            return one
    raise ClientRefused(CHANGED)
