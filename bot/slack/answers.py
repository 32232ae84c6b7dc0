"""How an answer reaches the person who acted: in the response itself, privately beside the message, or in the modal that is open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.answering import DONE, Count, Hear, card_of, shown, told
from bot.chats import Answer, Arrival, Gone
from bot.pump import Later, Permanent
from bot.reading import Reading
from bot.slack import forms
from bot.slack.arrivals import ANSWER, Spot
from bot.slack.modal import Modal
from bot.slack.render import render
from bot.slack.send import SlackClient
from bot.slack.text import Json
from handlers.cards import Card
from handlers.core import Account, Where
from handlers.forms import Form, Invalid
from handlers.words import say

log = structlog.get_logger(__name__)

DrawHome = Callable[[Account, str], Awaitable[None]]
"""(account, workspace): draws somebody's App Home."""


async def no_home(account: Account, workspace: str) -> None:
    """Where nobody has one."""


PAUSES = (0.5, 2.0, 5.0)
LONGEST_PAUSE = 20.0
AFTER_RESPONSE = 0.5
"""A late result waits so long for our response to arrive, lest the "One moment" in it overwrite the result."""
TOO_LATE = say("That took too long, so Slack did not let me open the form. Nothing is lost: please try once more.")


def private(answer: Answer) -> Json:
    """The answer as a message that only one person sees; empty when there is nothing to say."""
    card = card_of(answer)
    return {} if card is None else {"response_type": "ephemeral", "replace_original": False, **render(card, answer.reading)}


def kept(answer: Answer) -> Json:
    """The answer as a message of its own, which stays: `text` and `blocks`; empty when there is nothing to say."""
    card = shown(answer)
    if card is None:
        return {}
    drawn = render(card, answer.reading)
    named = [block | {"block_id": f"{ANSWER}{at}"} if block["type"] == "actions" else block for at, block in enumerate(drawn["blocks"])]
    return {"text": drawn["text"], "blocks": named}


def screen(answer: Answer, where: Where, private: bool = False) -> Json:
    """The answer as a modal. `private`: it was opened from a card that only this person has, which nobody redraws."""
    if isinstance(answer.reply, Form):
        return forms.view(answer.reply, answer.reading, where, private=private)
    return forms.shown(card_of(answer) or Card(DONE), answer.reading, where)


def to_submission(answer: Answer, spot: Spot, fields: Sequence[str]) -> Json:
    """What a sent form is answered with: its mistakes under its fields, the next page, a last word, or that it closes.

    A quiet answer closes it where the form was opened from a post: the post is redrawn.
    """
    if answer.reply is None or (answer.quiet and not spot.private):
        return {"response_action": "clear"}
    if isinstance(answer.reply, Invalid) and (found := forms.errors(answer.reply, fields, answer.reading)):
        return {"response_action": "errors", "errors": found}
    return {"response_action": "update", "view": screen(answer, spot.where, spot.private)}


class Answers:
    """Sends answers after the response: best effort, tried again for some seconds; what is lost is counted and logged."""

    def __init__(
        self,
        client: SlackClient,
        hear: Hear,
        count: Count,
        *,
        home: DrawHome = no_home,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._client, self._hear, self._count, self._home, self._sleep = client, hear, count, home, sleep

    async def tell(self, spot: Spot, answer: Answer) -> None:
        """An answer to a press or a slow command, wherever the person is: in their modal, in their thread, in the channel.

        A quiet one takes the place of the private card that was pressed; beside a post it is not said at all, as that is redrawn.
        """
        if answer.reply is None or (answer.quiet and spot.modal is None and not spot.private and not spot.home):
            return
        workspace = spot.where.workspace
        if spot.home and answer.quiet:
            await self.at_home(lambda: self._home(spot.account, workspace))
        elif spot.modal is not None:
            await self._update(workspace, spot.modal, screen(answer, spot.where))
        elif spot.home or isinstance(answer.reply, Form):
            await self._open(spot, screen(answer, spot.where))
        elif answer.quiet and spot.response_url:
            content = {**kept(answer), "response_type": "in_channel"} if spot.kept else private(answer)
            await self._respond(spot.response_url, {**content, "replace_original": True})
        else:
            await self._whisper(spot, answer)

    async def at_home(self, draw: Callable[[], Awaitable[None]]) -> None:
        """A person's App Home as things stand now."""
        await self._tried("views.publish", draw)

    async def opened(self, spot: Spot, arrival: Arrival) -> None:
        """Opens a modal at once, then makes what belongs into it."""
        modal = await self._open(spot, forms.loading(Reading()))
        if modal is not None:
            answer = await self._hear(arrival)
            await self._update(spot.where.workspace, modal, screen(answer, spot.where, spot.private))

    async def link(self, workspace: str, channel: str, ts: str) -> str:
        """The address of a message, if Slack tells it soon; else ""."""
        return await self._client.permalink(workspace, channel, ts)

    async def late(self, spot: Spot, answer: Answer) -> None:
        """The result of a sent form that took longer than its response could wait."""
        await self._sleep(AFTER_RESPONSE)
        if spot.modal is not None:
            await self._update(spot.where.workspace, spot.modal, screen(answer, spot.where))

    async def respond(self, response_url: str, answer: Answer) -> None:
        await self._respond(response_url, private(answer))

    # ------------------------------------------------------------ ways

    async def _open(self, spot: Spot, view: Json) -> Modal | None:
        """A new modal, or the one in which the button stands. The trigger is good for one try; without luck the person is told."""
        workspace = spot.where.workspace
        if spot.modal is not None:
            await self._update(workspace, spot.modal, view)
            return spot.modal
        try:
            return await self._client.open_view(workspace, spot.trigger, view)
        except (Later, Permanent) as error:
            self._lost("views.open", error)
            await self._whisper(spot, told(TOO_LATE))
            return None

    async def _update(self, workspace: str, modal: Modal, view: Json) -> None:
        await self._tried("views.update", lambda: self._client.update_view(workspace, modal, view))

    async def _whisper(self, spot: Spot, answer: Answer) -> None:
        """To the person alone: beside what they pressed, or 1:1 if that stands in no conversation."""
        payload, where, user = private(answer), spot.where, spot.account.user
        if spot.response_url and not spot.in_thread:
            await self._respond(spot.response_url, payload)
            return
        if not where.channel:
            await self._tried("whisper", lambda: self._client.direct(where.workspace, user, kept(answer)))
            return
        shown = {name: payload[name] for name in ("text", "blocks")}
        await self._tried("whisper", lambda: self._client.ephemeral(where.workspace, where.channel, user, shown, where.thread or ""))

    async def _respond(self, response_url: str, payload: Json) -> None:
        await self._tried("respond", lambda: self._client.respond(response_url, payload))

    async def _tried(self, what: str, act: Callable[[], Awaitable[None]]) -> None:
        for pause in (*PAUSES, None):
            try:
                await act()
            except Later as later:
                if pause is None:
                    self._lost(what, later)
                    return
                await self._sleep(max(pause, min(later.seconds, LONGEST_PAUSE)))
            except (Permanent, Gone) as error:
                self._lost(what, error)
                return
            else:
                return

    def _lost(self, what: str, error: Exception) -> None:
        self._count("answer lost", what)
        log.warning("slack answer lost", what=what, reason=str(error))
