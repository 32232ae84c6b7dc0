"""What people do in the Mail window."""

from __future__ import annotations

from bot.sandbox.mail import Actor, Letter
from bot.sandbox.page.deeds import Deeds, Given, Json

deed = Deeds[Actor]()


@deed
async def write(who: Actor, given: Given) -> Json:
    """A new letter, with `files` by their ids."""
    files = who.world.files(given.texts("files"))
    return _told(await who.write(given.text("to"), given.text("subject"), given.text("text"), files))


@deed
async def reply(who: Actor, given: Given) -> Json:
    """An answer to the letter `id`, which is quoted below it."""
    letter, files = who.world.letter(who.mailbox, given.text("id")), who.world.files(given.texts("files"))
    return _told(await who.reply(letter, given.text("text"), files, to=given.text("to", "")))


@deed
async def open_letter(who: Actor, given: Given) -> None:
    """It is read now."""
    who.opens(who.world.letter(who.mailbox, given.text("id")))


def _told(letter: Letter) -> Json:
    """What became of it: `state` as in `Letter`."""
    return {"letter": letter.id, "state": letter.state}
