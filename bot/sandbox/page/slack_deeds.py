"""What people do in the Slack window."""

from __future__ import annotations

from bot.sandbox.errors import ClientRefused
from bot.sandbox.page.deeds import CHANGED, Deeds, Given, Json
from bot.sandbox.slack import Actor, Seen
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Message

deed = Deeds[Actor]()


@deed
async def say(who: Actor, given: Given) -> None:
    """Words into a conversation or thread; a slash in front makes a command of them, which Slack does not take in threads."""
    words, where, thread = given.text("text"), given.text("conversation"), given.text("thread", "")
    if words.startswith("/"):
        name, _, rest = words.partition(" ")
        if thread:
            raise ClientRefused(f"{name} is not supported in threads")
        await who.command(where, name, rest.strip())
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
    await who.react(_message(who, given), given.text("name"))


@deed
async def unreact(who: Actor, given: Given) -> None:
    await who.unreact(_message(who, given), given.text("name"))


@deed
async def dismiss(who: Actor, given: Given) -> None:
    """A note that only this person has is put away."""
    who.dismiss(given.text("conversation"), given.text("id"))


@deed
async def press(who: Actor, given: Given) -> None:
    """A button, or a choice of a menu (`option`), of a message, modal or home tab."""
    key = (given.text("block_id"), given.text("action_id"))
    await who.press(key, given.any("option"), on=_seen(who, given.text("kind"), given.text("id")))


@deed
async def shortcut(who: Actor, given: Given) -> None:
    await who.shortcut(given.text("callback_id"))


@deed
async def message_shortcut(who: Actor, given: Given) -> None:
    await who.message_shortcut(given.text("callback_id"), _message(who, given))


@deed
async def fill(who: Actor, given: Given) -> None:
    """One field of the modal, as soon as it is left: nothing is lost by a reload."""
    await who.fill((given.text("block_id"), given.text("action_id")), given.any("value"))


@deed
async def suggest(who: Actor, given: Given) -> Json:
    return {"options": await who.suggestions((given.text("block_id"), given.text("action_id")), given.text("typed"))}


@deed
async def submit(who: Actor, given: Given) -> None:
    """What the client or the bot will not take stands under the fields; any other refusal is said."""
    try:
        await who.submit()
    except ClientRefused:
        if who.modal is None or not who.modal.errors:
            raise


@deed
async def close(who: Actor, given: Given) -> None:
    await who.close(everything=given.flag("everything"))


@deed
async def open_app(who: Actor, given: Given) -> Json:
    """The app's tab `home` or `messages`; gives the id of the direct conversation."""
    await who.opens_home(given.text("tab", "home"))
    return {"conversation": who.dm().id}


def _message(who: Actor, given: Given) -> Message:
    try:
        return who.world.message(given.text("conversation"), given.text("id"))
    except SlackError as gone:
        raise ClientRefused(CHANGED) from gone


def _seen(who: Actor, kind: str, number: str) -> Seen:
    for one in who.seen():
        if (one.kind, one.id) == (kind, number):
            return one
    raise ClientRefused(CHANGED)
