"""Listening: words in a thread or 1:1 become a command, a comment, an answer or an offer to open a ticket.

Whatever they turn out to be is handed on as an ordinary neutral message, so that words and buttons take the same way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from handlers.cards import Button, Buttons, Card, Note, Quote
from handlers.core import Command, Dialog, Place, Said, Submit, Ticket
from handlers.dialogs import dialog_word
from handlers.files.model import only_files
from handlers.forms import Reply
from handlers.frozen import dataclass, replace
from handlers.listening import turns
from handlers.listening.kept import keep, kept_words
from handlers.listening.model import Decision, Facts, route
from handlers.listening.words import command
from handlers.people.may import relations
from handlers.people.viewers import viewer
from handlers.ports import Desk, File
from handlers.registry import Routes
from handlers.words import say

FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Scene:
    """Some words with what they are about: the file of the thread's subject, the asking dialog, the author's fresh report, which is not
    looked for when the words are a report themselves."""

    said: Said
    routes: Routes
    file: File | None
    dialog: Dialog | None
    report: bool
    fresh: Ticket | None
    working: bool
    paused: Dialog | None = None
    place: Place | None = None
    """That of a thread."""

    @property
    def ticket(self) -> str:
        return self.file.ticket.subject if self.file else self.fresh.subject if self.fresh else ""


async def listen(desk: Desk, said: Said, routes: Routes) -> Reply:
    """The one way in for plain words."""
    scene = await _scene(desk, said, routes)
    facts = await _facts(desk, scene)
    return await _DOING[route(facts)](desk, scene)


async def _scene(desk: Desk, said: Said, routes: Routes) -> Scene:
    office = await desk.office(said.actor.organisation)
    look = viewer(office, said.actor)
    file = await _subject(desk, said)
    direct = said.where.direct and file is None
    dialog = await turns.asking(desk, said, routes) if direct else None
    paused = await turns.paused(desk, said) if direct and dialog is None and turns.goes_on(said.text) else None
    report = desk.reader.looks_like_report(office, said.text)
    fresh = await desk.tickets.latest_by(look, said.actor.id, desk.now() - FRESH) if direct and not report else None
    held = relations(office, said.actor, file.ticket, file.waits, file.watchers, file.offers) if file else frozenset()
    place = await desk.places.at(said.actor.organisation, said.where) if file else None
    return Scene(said, routes, file, dialog, report, fresh, bool(held & {"agent", "assignee"}), paused, place)


async def _subject(desk: Desk, said: Said) -> File | None:
    """The ticket in whose thread this was said: under its card, under news of it, or under a comment on it."""
    organisation = said.actor.organisation
    place = await desk.places.at(organisation, said.where) if said.where.thread else None
    post = await desk.posts.at(organisation, place.id, said.where.thread or "") if place else None
    if post is None:
        return None
    look = viewer(await desk.office(organisation), said.actor)
    kind, _, key = post.subject.partition(":")
    comment = await desk.tickets.comment(look, key) if kind == "comment" else None
    ticket = comment.ticket if comment else key if kind == "ticket" else ""
    return await desk.tickets.file(look, ticket) if ticket else None


async def _facts(desk: Desk, scene: Scene) -> Facts:
    said, me = scene.said, scene.said.actor.id
    only = only_files(said.text, said.files)
    waits = scene.file.open_waits if scene.file else ()
    return Facts(
        direct=said.where.direct,
        mentioned=said.mentioned,
        subject=scene.file is not None,
        is_command=_is_command(scene) or bool(desk.linked(said.text)),
        asked=any(w.kind == "requester" and w.on == me for w in waits),
        dialog=scene.dialog is not None,
        dialog_word=dialog_word(said.text) is not None,
        report=scene.report or (only and scene.dialog is None and scene.fresh is None),
        fresh=scene.fresh is not None,
        resumes=scene.paused is not None,
        outside=said.actor.vendor is not None,
        aside=await _is_aside(desk, scene),
    )


ASIDE = "//"


async def _is_aside(desk: Desk, scene: Scene) -> bool:
    """Whether people in a vendor's place talk among themselves: words that begin so, or in a private thread whatever does not name us."""
    said, place = scene.said, scene.place
    vendor = place.vendor if place and place.vendor else said.actor.vendor
    if vendor is None or said.where.direct:
        return False
    office = await desk.office(said.actor.organisation)
    own = place is not None and office.threads_in(vendor, place.chat, place.channel) == "private"
    return said.text.lstrip().startswith(ASIDE) or (own and not said.mentioned)


def _is_command(scene: Scene) -> bool:
    """A bare number shows that ticket, but to a question of the desk ("About how much?") it is the answer."""
    name, text = command(scene.said.text, scene.routes.commands)
    return name != "report" and not (scene.dialog is not None and text == scene.said.text.strip())


# ---------------------------------------------------------------- what each decision does


async def _command(desk: Desk, scene: Scene) -> Reply:
    said = scene.said
    name, text = command(said.text, scene.routes.commands)
    heard = Command(
        key=said.key,
        actor=said.actor,
        where=said.where,
        name=name,
        text=text,
        message_id=said.message_id,
        files=said.files,
        named=said.named,
    )
    return await scene.routes.commands[name](desk, heard)


async def _comment(desk: Desk, scene: Scene) -> Reply:
    """Words of those who work on a ticket in its queue's thread are work notes; everybody else's are comments, and so is whatever stands
    where a vendor reads it.
    """
    inside = scene.working and not scene.said.where.direct and not (scene.place and scene.place.vendor)
    return await _submit(desk, scene, "ticket.note" if inside else "ticket.comment", scene.ticket)


async def _answer(desk: Desk, scene: Scene) -> Reply:
    return await _submit(desk, scene, "ticket.answer", scene.ticket)


async def _dialog(desk: Desk, scene: Scene) -> Reply:
    """A file without words answers no question: it is a comment on what the question is about."""
    assert scene.dialog is not None
    if only_files(scene.said.text, scene.said.files) and scene.dialog.subject.startswith("ticket:"):
        return await _submit(desk, scene, "ticket.comment", scene.dialog.subject)
    return await _submit(desk, scene, f"dialog.{scene.dialog.kind}", f"dialog:{scene.dialog.id}")


async def _submit(desk: Desk, scene: Scene, form: str, subject: str) -> Reply:
    said = scene.said
    submit = Submit(
        key=said.key,
        actor=said.actor,
        where=said.where,
        message_id=said.message_id,
        files=said.files,
        named=said.named,
        form=form,
        subject=subject,
        values={"text": said.text},
    )
    return await scene.routes.submits[form](desk, submit)


async def _ignore(desk: Desk, scene: Scene) -> Reply:
    return None


async def _decide(desk: Desk, scene: Scene) -> Reply:
    return await _submit(desk, scene, "approval.words", scene.ticket)


async def _dialog_word(desk: Desk, scene: Scene) -> Reply:
    """Pause, stop and help work in every dialog; the rest is the dialog's own matter."""
    assert scene.dialog is not None
    word = dialog_word(scene.said.text)
    if word == "help":
        return Card(say("Answer in your own words. “pause” stops asking until you write “go on”; “stop” ends this."))
    if word in ("back", "skip"):
        return await _dialog(desk, scene)
    await turns.over(desk, scene.said, scene.dialog, paused=word == "pause")
    return Card(say("Paused. Write “go on” when it suits you.") if word == "pause" else say("All right, I stop asking."))


async def _resume(desk: Desk, scene: Scene) -> Reply:
    assert scene.paused is not None
    return await turns.resumed(desk, scene.said, scene.paused)


async def _which(desk: Desk, scene: Scene) -> Reply:
    """The desk waits for an answer, and these words look like a new problem."""
    assert scene.dialog is not None
    dialog = replace(scene.dialog, answers={**scene.dialog.answers, **kept_words(scene.said, scene.said.text)})
    work = desk.work(scene.said.actor.organisation, scene.said.key)
    work.save(dialog)
    if not await work.commit():
        return work.earlier
    return _two_ways(dialog, scene.said.text)


def _two_ways(dialog: Dialog, text: str) -> Card:
    subject = f"dialog:{dialog.id}"
    row = (
        Button(say("My answer"), "listen.answer", subject, dialog.version + 1),
        Button(say("Something new"), "listen.new", subject, dialog.version + 1),
    )
    return Card(say("Your answer, or something new?"), (Quote(text), Buttons(row)))


async def _offer(desk: Desk, scene: Scene) -> Reply:
    """Not a report for sure: nothing is opened without a press, and nothing said is lost meanwhile."""
    said = scene.said
    dialog = await keep(desk, said, said.text)
    if dialog is None:
        return Card(say("I have asked you about this already: see the buttons above."))
    row = (Button(say("Open a ticket"), "listen.new", f"dialog:{dialog.id}", 1), Button(say("No"), "listen.no", f"dialog:{dialog.id}", 1))
    return Card(say("Shall I open a ticket for this?"), (Quote(said.text), Buttons(row), Note(say("“help” shows what else I can do."))))


_DOING: Mapping[Decision, Callable[[Desk, Scene], Awaitable[Reply]]] = {
    "command": _command,
    "decide": _decide,
    "answer": _answer,
    "comment": _comment,
    "dialog": _dialog,
    "dialog word": _dialog_word,
    "which": _which,
    "offer": _offer,
    "resume": _resume,
    "ignore": _ignore,
}
