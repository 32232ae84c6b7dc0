"""Invokes: presses, dialogs, and the message extension. Each is answered in time, with a body that Teams takes.

https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/overview
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.answering import DONE, Count, Hear, card_of, shown
from bot.chats import Answer, Arrival, shortened
from bot.chores import Chores, fault
from bot.desk import StoreDesk
from bot.pressed import Pressed
from bot.reading import Reading
from bot.teams import arrivals, forms, invoked
from bot.teams import render as drawing
from bot.teams.activity import Activity, Body, part, parts, word
from bot.teams.answers import Answers
from bot.teams.arrivals import Broken
from bot.teams.buttons import POSTED, unpacked
from bot.teams.channels import Channels
from bot.teams.found import attachment
from bot.teams.invoked import Invoked
from bot.teams.lines import Here
from bot.teams.naming import Namer
from bot.teams.senders import Who
from bot.teams.views import REFRESH
from handlers.cards import Card
from handlers.core import Account, Where
from handlers.forms import Form, Invalid
from handlers.frozen import dataclass, replace
from handlers.people.viewers import viewer
from handlers.words import Sentence, say

log = structlog.get_logger(__name__)

PATIENCE, LIMIT = 2.3, 2.7
"""Seconds that an invoke waits for its result, and for all that has to do with it: people see a spinner until then."""
MOST_FOUND = 10
OLD = say("I could not make sense of that: it may be from an older message. Please try it again from a newer one.")
LATE = say("This takes longer than usual. Nothing is lost: I write to you as soon as it is done.")
NOT_NOW = say("This takes longer than usual. Please try it once more in a moment.")
MY_FAULT = say("Something went wrong on my side. Nothing that I confirmed is lost; please try it again in a minute.")


@dataclass(frozen=True, slots=True)
class Spot:
    """Who acts, and where."""

    activity: Activity
    account: Account
    where: Where
    here: Here


Take = Callable[[Spot], Awaitable[Invoked]]
Excuse = Callable[[str], Invoked]


class Invokes:
    """`hear` never raises; `who` finds the account; `count` takes (what, why)."""

    def __init__(
        self,
        hear: Hear,
        answers: Answers,
        chores: Chores,
        desk: StoreDesk,
        count: Count,
        who: Who,
        namer: Namer,
        channels: Channels,
        patience: float = PATIENCE,
        limit: float = LIMIT,
    ) -> None:
        self._hear, self._answers, self._chores, self._desk = hear, answers, chores, desk
        self._count, self._who, self._patience, self._limit = count, who, patience, limit
        self._namer, self._channels = namer, channels
        self._takes: dict[str, tuple[Take, Excuse]] = {
            "adaptiveCard/action": (self._pressed, invoked.message),
            "task/fetch": (self._fetched, invoked.last_word),
            "task/submit": (self._submitted, invoked.last_word),
            "composeExtension/fetchTask": (self._pointed, invoked.last_word),
            "composeExtension/submitAction": (self._submitted, invoked.last_word),
            "composeExtension/query": (self._searched, invoked.no_results),
            "composeExtension/queryLink": (self._linked, invoked.no_results),
            "composeExtension/anonymousQueryLink": (self._not_unfurled, invoked.no_results),
        }

    async def take(self, activity: Activity, here: Here) -> Invoked:
        """Whatever goes wrong is a kind sentence, in the form that belongs to this kind of invoke."""
        known = self._takes.get(activity.name)
        if known is None:
            self._count("unheard", "invoke")
            return invoked.NOT_KNOWN
        take, excuse = known
        work = asyncio.ensure_future(self._taken(activity, here, take, excuse))
        done, _ = await asyncio.wait((work,), timeout=self._limit)
        if done:
            return work.result()
        self._count("slow", "invoke")
        self._chores.start("slow invoke", _finished(work))
        return excuse(NOT_NOW.template)

    async def _taken(self, activity: Activity, here: Here, take: Take, excuse: Excuse) -> Invoked:
        try:
            return await take(Spot(activity, await self._who(activity, here), arrivals.where(activity, here.workspace), here))
        except Broken as broken:
            self._count("broken", str(broken))
            return excuse(OLD.template)
        except Exception as error:  # noqa: BLE001 - Teams would show an error of its own, and send it again
            self._count("fault", type(error).__name__)
            log.error("teams invoke failed", **fault(error))
            return excuse(MY_FAULT.template)

    # ------------------------------------------------------------ presses

    async def _pressed(self, spot: Spot) -> Invoked:
        action = part(spot.activity.value, "action")
        if word(action, "verb") == REFRESH:
            return await self._refreshed(spot)
        pressed = unpacked(part(action, "data"))
        if pressed is None:
            self._count("broken", "press")
            return invoked.bad_press(OLD.template)
        arrival = arrivals.press(pressed, spot.account, spot.where)
        answer = await self._in_time(arrival, lambda late: self._answers.whisper(spot.account, spot.where, late))
        if answer is None:
            return invoked.message(LATE.template)
        return await self._after(spot, pressed, answer)

    async def _after(self, spot: Spot, pressed: Pressed, answer: Answer) -> Invoked:
        """A post of ours is shown as it stands now, and what there is to say beside it is whispered; any other card is replaced.

        Why nothing was done stands on the card; is that about to be redrawn, which takes it off again, then beside it as well.
        """
        found = await self._answers.post_at(replace(spot.where, thread=None), spot.activity.reply_to)
        if found is None:
            return self._instead(answer)
        if found[1].unreachable:
            await self._channels.heard_from(spot.activity, spot.here)
        why = card_of(answer) if answer.refused else None
        drawn = await self._answers.as_it_stands(*found, why.title if why else None)
        beside = await self._answers.is_outdated(pressed, found[0].organisation) if answer.refused else not answer.quiet
        if beside and answer.reply is not None:
            self._chores.start("answer", self._answers.whisper(spot.account, spot.where, answer))
        return invoked.card(drawn) if drawn is not None else self._instead(answer)

    def _instead(self, answer: Answer) -> Invoked:
        card = shown(answer)
        if card is None:
            return invoked.message(answer.reading.text(DONE))
        if answer.refused:
            return invoked.message(answer.reading.text(card.title))
        return invoked.card(drawing.render(card, answer.reading)["card"])

    async def _refreshed(self, spot: Spot) -> Invoked:
        """The view of one person in place of what all see. What it is about is in the request: the post may have been accepted by Teams
        just now, and not yet be known here.
        """
        asked = unpacked(part(part(spot.activity.value, "action"), "data"))
        if asked is None or not asked.subject.startswith("ticket:"):
            raise Broken("refresh")
        show = arrivals.press(Pressed("ticket.show", asked.subject), spot.account, spot.where)
        answer = await self._hear(replace(show, key=shortened(f"{show.key}:{spot.activity.id}")))
        card = card_of(answer)
        if answer.refused or card is None:
            return invoked.message(answer.reading.text(card.title if card else OLD))
        link = self._desk.link(asked.subject)
        return invoked.card(drawing.render(card, answer.reading, link=link, posted=True)["card"])

    # ------------------------------------------------------------ dialogs

    async def _fetched(self, spot: Spot) -> Invoked:
        """A button opens a form."""
        data = arrivals.data_of(spot.activity.value)
        pressed = unpacked(data)
        if pressed is None or not pressed.opens:
            raise Broken("press")
        return await self._opened(spot, pressed, posted=data.get(POSTED) is True)

    async def _opened(self, spot: Spot, pressed: Pressed, *, posted: bool = False) -> Invoked:
        arrival = arrivals.opening(pressed.opens, pressed, spot.account, spot.where, spot.activity.id)
        answer = await self._in_time(arrival, _nothing)
        if answer is None:
            return invoked.last_word(NOT_NOW.template)
        if isinstance(answer.reply, Form):
            made = forms.dialog(answer.reply, answer.reading, spot.where, opens=pressed.opens, value=pressed.value, posted=posted)
            return invoked.dialog(made)
        return invoked.dialog(forms.shown(card_of(answer) or Card(DONE), answer.reading))

    async def _submitted(self, spot: Spot) -> Invoked:
        """A sent form; or a button on a card that is shown in a dialog."""
        data = arrivals.data_of(spot.activity.value)
        opened = forms.opened_by(data)
        if opened is None or not opened.form:
            return await self._pressed_inside(spot, data)
        where = arrivals.where_opened(opened, spot.where)
        there = replace(spot, where=where)
        arrival = arrivals.submit(opened, data, spot.account, where, spot.activity.id)
        answer = await self._in_time(arrival, lambda late: self._answers.whisper(spot.account, where, late))
        if answer is None:
            return invoked.last_word(LATE.template)
        if isinstance(answer.reply, Invalid):
            return await self._once_more(there, opened, data, answer.reply, answer.reading)
        return self._sent(answer, opened, where)

    async def _pressed_inside(self, spot: Spot, data: Body) -> Invoked:
        pressed = unpacked(data)
        if pressed is None:
            raise Broken("form")
        if pressed.opens:
            return await self._opened(spot, pressed)
        arrival = arrivals.press(pressed, spot.account, spot.where)
        answer = await self._in_time(arrival, lambda late: self._answers.whisper(spot.account, spot.where, late))
        return invoked.last_word(LATE.template) if answer is None else self._sent(answer, forms.Opened(""), spot.where)

    def _sent(self, answer: Answer, opened: forms.Opened, where: Where) -> Invoked:
        """The next page, or a last word. Where the form was opened from a post, its redraw says the rest."""
        if isinstance(answer.reply, Form):
            return invoked.dialog(forms.dialog(answer.reply, answer.reading, where, opens=answer.reply.name, posted=opened.posted))
        card = card_of(answer)
        if card is None or (answer.quiet and opened.posted):
            return invoked.last_word(answer.reading.text(DONE))
        return invoked.dialog(forms.shown(card, answer.reading))

    async def _once_more(self, spot: Spot, opened: forms.Opened, data: Body, wrong: Invalid, reading: Reading) -> Invoked:
        """The same form with what was filled in, and a sentence under each field that is wrong."""
        pressed = Pressed(f"open:{opened.opens}", opened.subject, opened.version, opened.value, opened.opens or opened.form)
        again = await self._hear(arrivals.opening(pressed.opens, pressed, spot.account, spot.where, f"{spot.activity.id}:again"))
        if not isinstance(again.reply, Form):
            return invoked.dialog(forms.shown(card_of(again) or Card(OLD), again.reading))
        errors = {key: reading.text(sentence) for key, sentence in wrong.errors.items()}
        form = replace(again.reply, once=opened.once or again.reply.once).filled(forms.values(data, spot.account.workspace))
        made = forms.dialog(form, reading, spot.where, opens=opened.opens, value=opened.value, errors=errors, posted=opened.posted)
        return invoked.dialog(made)

    # ------------------------------------------------------------ the message extension

    async def _pointed(self, spot: Spot) -> Invoked:
        """ "Make this a ticket" on a message."""
        if not part(spot.activity.value, "messagePayload"):
            return await self._opened(spot, Pressed("", opens="ticket.report"))
        people = await self._namer.of_payload(part(spot.activity.value, "messagePayload"), spot.here)
        arrival = arrivals.pointed(spot.activity, spot.account.workspace, spot.account, people)
        answer = await self._in_time(arrival, lambda late: self._answers.whisper(spot.account, spot.where, late))
        if answer is None:
            return invoked.last_word(LATE.template)
        return invoked.dialog(forms.shown(card_of(answer) or Card(DONE), answer.reading))

    async def _searched(self, spot: Spot) -> Invoked:
        """Tickets by words; at first the newest of who asks. Only those are found that everybody in the conversation may see."""
        words = _query(spot.activity.value)
        asked = await self._hear(arrivals.asked("help", spot.account, spot.where, spot.activity.id))
        if asked.refused:
            return invoked.no_results(_line(asked))
        person = await self._desk.people.of_account(spot.account)
        if person is None:
            return invoked.no_results(OLD.template)
        look = viewer(await self._desk.office(person.organisation), person)
        page = await (
            self._desk.tickets.find(look, words, MOST_FOUND)
            if words
            else self._desk.tickets.list(look, "mine", self._desk.now(), MOST_FOUND)
        )
        made = [await self._found(spot, ticket.subject) for ticket in page.tickets]
        found = [one for one in made if one is not None]
        return invoked.results(found) if found else invoked.no_results(asked.reading.text(_NOTHING))

    async def _found(self, spot: Spot, subject: str) -> dict[str, Any] | None:
        arrival = arrivals.linked(spot.activity, spot.where, spot.account, subject)
        answer = await self._hear(arrival)
        card = card_of(answer) if not answer.refused else None
        return dict(attachment(card, answer.reading)) if card is not None else None

    async def _linked(self, spot: Spot) -> Invoked:
        """A link of ours in the compose box. Teams keeps the preview for half an hour and shows it wherever the link is pasted meanwhile:
        so what only the readers of one channel may see has none; and in a channel that other companies read too nothing is shown.
        """
        subject = "" if spot.activity.shared else self._desk.linked(word(spot.activity.value, "url"))
        found = await self._found(replace(spot, where=replace(spot.where, channel="")), subject) if subject else None
        return invoked.results([found]) if found is not None else invoked.no_results(Reading().text(_NOTHING))

    async def _not_unfurled(self, spot: Spot) -> Invoked:
        """For people who do not have the app: nothing is shown to them."""
        return invoked.no_results(Reading().text(_NOTHING))

    # ------------------------------------------------------------ in time

    async def _in_time(self, arrival: Arrival, later: Callable[[Answer], Awaitable[None]]) -> Answer | None:
        """The answer, if it is there in time. Else None: the work goes on untouched, and `later` gets its answer."""
        task = asyncio.ensure_future(self._hear(arrival))
        done, _ = await asyncio.wait((task,), timeout=self._patience)
        if done:
            return task.result()
        self._count("slow", "answer")

        async def afterwards() -> None:
            await later(await task)

        self._chores.start("slow answer", afterwards())
        return None


_NOTHING: Sentence = say("No ticket that everybody here may see.")


async def _finished(work: Awaitable[Invoked]) -> None:
    """What an invoke does is done to its end, also where its answer came too late to be shown."""
    await work


async def _nothing(answer: Answer) -> None:
    """A form that comes too late is opened again by its button."""


def _query(value: Body) -> str:
    """What was typed into the search."""
    for one in parts(value, "parameters"):
        if word(one, "name") != "initialRun":
            return word(one, "value").strip()[:200]
    return ""


def _line(answer: Answer) -> str:
    card = card_of(answer)
    return answer.reading.text(card.title) if card else ""
