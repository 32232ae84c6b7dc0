"""Whose turn it is: of all that the desk has to ask a person one thing is asked at a time; a pause holds until "go on".

A dialog's question is the view `dialog.<kind>` of the feature that asks; where that shows nothing the question is void and the dialog over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.cards import Card
from handlers.core import Dialog, Event, Said
from handlers.forms import Reply, Show
from handlers.frozen import replace
from handlers.ports import Desk
from handlers.registry import Looking, Routes, View

OFFER = "offer"
"""The kind of a dialog that only keeps words until a press says what they are: it asks nothing."""
PAUSED = "paused"
"""Among the answers of a dialog: it waits for "go on" and not for its turn."""
NOTICE = "notice.dialog"
GO_ON = frozenset({"go on", "continue", "resume"})


def goes_on(text: str) -> bool:
    return text.strip().strip(".!").casefold() in GO_ON


async def asking(desk: Desk, said: Said, routes: Routes) -> Dialog | None:
    """The dialog that waits for the author's words. One whose question has become void meanwhile is ended here."""
    dialog = await desk.dialogs.asking(said.actor.organisation, said.actor.id)
    if dialog is None:
        return None
    looking = Looking(said.actor.organisation, person=said.actor)
    if await routes.views[f"dialog.{dialog.kind}"](desk, f"dialog:{dialog.id}", looking) is not None:
        return dialog
    work = desk.work(dialog.organisation)
    work.save(replace(dialog, ended_at=desk.now()))
    work.tell(_ended(dialog))
    await work.commit()
    return None


async def over(desk: Desk, said: Said, dialog: Dialog, paused: bool) -> None:
    """Pauses a dialog, or ends it; the next one that queues gets its turn."""
    answers = {**dialog.answers, PAUSED: "yes"}
    work = desk.work(dialog.organisation, said.key)
    work.save(replace(dialog, asked_at=None, answers=answers) if paused else replace(dialog, ended_at=desk.now()))
    work.tell(_ended(dialog))
    await work.commit()


def _ended(dialog: Dialog) -> Event:
    return Event("dialog.ended", f"dialog:{dialog.id}", dialog.organisation, {"person": dialog.person})


async def paused(desk: Desk, said: Said) -> Dialog | None:
    """The dialog of the author that was paused last."""
    waiting = await desk.dialogs.queued(said.actor.organisation, said.actor.id)
    return next((dialog for dialog in reversed(waiting) if PAUSED in dialog.answers), None)


async def resumed(desk: Desk, said: Said, dialog: Dialog) -> Reply:
    show = Show(f"dialog.{dialog.kind}", f"dialog:{dialog.id}")
    work = desk.work(dialog.organisation, said.key)
    work.save(replace(dialog, asked_at=desk.now(), answers=_without(dialog.answers, PAUSED)))
    return show if await work.commit(show) else work.earlier


def _without(answers: Mapping[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in answers.items() if name != key}


async def next_turn(desk: Desk, event: Event) -> None:
    """A dialog is over: the one that queues longest is asked now."""
    person = str(event.data.get("person", ""))
    waiting = await desk.dialogs.queued(event.organisation, person)
    queued = [dialog for dialog in waiting if dialog.kind != OFFER and PAUSED not in dialog.answers]
    if not queued or await desk.dialogs.asking(event.organisation, person) is not None:
        return
    work = desk.work(event.organisation)
    work.save(replace(queued[0], asked_at=desk.now()))
    work.notify(person, f"dialog:{queued[0].id}", "dialog", queued[0].version)
    await work.commit()


def asked(whole: Callable[[], Routes]) -> View:
    """The question of a dialog that has got its turn, as a message of its own."""

    async def view(desk: Desk, subject: str, looking: Looking) -> Card | None:
        dialog = await desk.dialogs.get(looking.organisation, subject.removeprefix("dialog:"))
        return await whole().views[f"dialog.{dialog.kind}"](desk, subject, looking) if dialog else None

    return view
