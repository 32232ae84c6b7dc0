"""Words that are kept until a press says what they are: a report, an answer, a search, nothing."""

from __future__ import annotations

from collections.abc import Callable

from handlers.cards import Button, Buttons, Card, Quote
from handlers.core import Command, Dialog, Press, Refused, Said, Submit
from handlers.files.model import packed, unpacked
from handlers.forms import Reply
from handlers.frozen import replace
from handlers.listening import turns
from handlers.listening.turns import OFFER
from handlers.ports import Desk
from handlers.registry import Routes
from handlers.words import say


def kept_words(message: Said | Command, text: str) -> dict[str, str]:
    """What a dialog keeps of a message."""
    files = {"files": packed(message.files)} if message.files else {}
    return {"?": text, **files}


async def keep(desk: Desk, message: Said | Command, text: str) -> Dialog | None:
    """Keeps words until a press says what they are; None if this message was heard before."""
    organisation = message.actor.organisation
    place = await desk.places.at(organisation, message.where)
    dialog = Dialog(
        desk.new_id(), organisation, message.actor.id, OFFER, "", "", place.id if place else "", desk.now(), kept_words(message, text)
    )
    work = desk.work(organisation, message.key)
    work.add(dialog)
    return dialog if await work.commit() else None


async def _opened(desk: Desk, press: Press) -> tuple[Dialog, str]:
    """The dialog of a press, and the words it kept."""
    dialog = await desk.dialogs.get(press.actor.organisation, press.subject.removeprefix("dialog:"))
    if dialog is None or dialog.person != press.actor.id or dialog.ended_at is not None or "?" not in dialog.answers:
        raise Refused(say("That question is settled already. Just write what you need."))
    return dialog, dialog.answers["?"]


async def _pressed_again(desk: Desk, press: Press) -> Reply:
    """The answer to the same press before; None if this is the first."""
    dialog = await desk.dialogs.get(press.actor.organisation, press.subject.removeprefix("dialog:"))
    settled = dialog is not None and dialog.person == press.actor.id and "?" not in dialog.answers
    work = desk.work(press.actor.organisation, press.key)
    return work.earlier if settled and not await work.commit() else None


async def _settle(desk: Desk, press: Press, dialog: Dialog) -> bool:
    """Takes the kept words out of the dialog (an offer is over with that). False: that was done before."""
    answers = {key: value for key, value in dialog.answers.items() if key not in ("?", "files")}
    over = desk.now() if dialog.kind == OFFER else None
    work = desk.work(press.actor.organisation, f"{press.key}:settle")
    work.save(replace(dialog, answers=answers, ended_at=over))
    return await work.commit()


def routes(whole: Callable[[], Routes]) -> Routes:
    """The presses of this feature; `whole` gives the routes of all features, to which kept words are handed on."""

    async def new(desk: Desk, press: Press) -> Reply:
        """Something new: the kept words are a report."""
        if earlier := await _pressed_again(desk, press):
            return earlier
        dialog, text = await _opened(desk, press)
        files = unpacked(dialog.answers.get("files", ""))
        heard = Command(key=press.key, actor=press.actor, where=press.where, name="report", text=text, files=files)
        reply = await whole().commands["report"](desk, heard)
        await _settle(desk, press, dialog)
        return reply

    async def answer(desk: Desk, press: Press) -> Reply:
        """The kept words answer the desk's question; the dialog lets go of them when it takes them."""
        if earlier := await _pressed_again(desk, press):
            return earlier
        dialog, text = await _opened(desk, press)
        form = f"dialog.{dialog.kind}"
        submit = Submit(
            key=press.key,
            actor=press.actor,
            where=press.where,
            form=form,
            subject=press.subject,
            values={"text": text},
            files=unpacked(dialog.answers.get("files", "")),
        )
        return await whole().submits[form](desk, submit)

    async def no(desk: Desk, press: Press) -> Reply:
        dialog, _ = await _opened(desk, press)
        await _settle(desk, press, dialog)
        return Card(say("All right, nothing is opened."))

    async def search(desk: Desk, press: Press) -> Reply:
        """The kept words were a search after all."""
        dialog, text = await _opened(desk, press)
        name, _, rest = text.partition(" ")
        heard = Command(key=press.key, actor=press.actor, where=press.where, name=name.lower().strip("/"), text=rest)
        await _settle(desk, press, dialog)
        return await whole().commands.get(heard.name, whole().commands["find"])(desk, heard)

    presses = {"listen.new": new, "listen.answer": answer, "listen.no": no, "listen.search": search}
    return Routes(
        commands={"ask": ask},
        presses=presses,
        events={"dialog.ended": {"listening.turn": turns.next_turn}},
        views={turns.NOTICE: turns.asked(whole)},
        letters=frozenset({turns.NOTICE}),
    )


async def ask(desk: Desk, message: Command) -> Reply:
    """ "find me a new chair", "who can fix my laptop": a question to the desk, or something new?"""
    dialog = await keep(desk, message, message.text)
    if dialog is None:
        return Card(say("I have asked you about this already: see the buttons above."))
    subject = f"dialog:{dialog.id}"
    new = Button(say("Open a ticket"), "listen.new", subject, 1)
    if message.text.lower().lstrip("/").startswith("who"):
        row = (Button(say("Who is it?"), "listen.search", subject, 1), new)
        return Card(say("Shall I say who looks after that, or open a ticket?"), (Quote(message.text), Buttons(row)))
    row = (Button(say("Search for it"), "listen.search", subject, 1), new)
    return Card(say("Shall I look for tickets, or open a new one?"), (Quote(message.text), Buttons(row)))
