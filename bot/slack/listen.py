"""What Slack tells us: commands, presses and sent forms become arrivals, and each is answered once it is durable.

Bolt loses an acknowledgement when a listener raises after it, and answers 500 when it raises before. So no listener raises, each makes its
acknowledgement as its last act, and all that comes later runs as a chore.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, Protocol

import orjson
import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot.answering import Count, Hear, told
from bot.chats import Answer, Arrival
from bot.chores import Chores, fault
from bot.pressed import Pressed
from bot.slack import arrivals, forms
from bot.slack.answers import Answers, private, screen, to_submission
from bot.slack.arrivals import Body, Broken, Grammar, Spot
from bot.slack.installed import Installation, Installations
from bot.slack.naming import ReadNames, nobody
from bot.slack.send import QUIET
from bot.slack.text import Json
from handlers.core import Where
from handlers.forms import Form
from handlers.frozen import replace
from handlers.words import Sentence, say

log = structlog.get_logger(__name__)

PATIENCE = 2.5
"""Seconds that a response waits for the result; Slack waits for three."""
ANY = re.compile("")
FROM_MESSAGE, REPORT = "ticket.from_message", "ticket.report"
"""The shortcuts of the app's manifest."""
JSON_BODY: dict[str, str | Sequence[str]] = {"content-type": "application/json;charset=utf-8"}
NOT_UNDERSTOOD = say("I could not make sense of that: it may be from an older message. Please try it again from a newer one.")
NOT_INSTALLED = say("I am not set up in this workspace yet. Please ask whoever looks after your Slack apps to install me.")
MY_FAULT = say("Something went wrong on my side. Nothing that I confirmed is lost; please try it again in a minute.")

Wait = Callable[[Answer], Awaitable[None]]


class Listener:
    """The listeners of one Slack app. `hear` never raises; `count` takes (what, why)."""

    def __init__(
        self,
        hear: Hear,
        answers: Answers,
        chores: Chores,
        count: Count,
        grammar: Grammar,
        installations: Installations,
        *,
        commands: Iterable[str] = ("/issue",),
        report_form: str = "report",
        patience: float = PATIENCE,
        named: ReadNames = nobody,
    ) -> None:
        self._named = named
        self._hear, self._answers, self._chores, self._count = hear, answers, chores, count
        self._installations = installations
        self._grammar, self._report_form, self._patience = grammar, report_form, patience
        self._commands = tuple(commands)

    def install(self, app: AsyncApp) -> None:
        app.block_action(ANY)(self.on_press)
        app.view_submission(ANY)(self.on_submission)
        app.view_closed(ANY)(self.on_closed)
        app.message_shortcut(FROM_MESSAGE)(self.on_pointing)
        app.global_shortcut(REPORT)(self.on_shortcut)

    async def commanded(self, body: Body) -> Json:
        """A slash command's answer; {} if there is nothing to say. Bolt has no part in it (`docs/performance.md`)."""
        found = await found_for(
            self._installations, arrivals.word(body, "enterprise_id", otherwise=""), arrivals.word(body, "team_id", otherwise="")
        )
        return await self._answered(self._command(body, found), lambda sentence: private(told(sentence)))

    # ------------------------------------------------------------ what bolt calls

    async def on_press(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        said = self._answered(self._press(body, context["found"]), lambda sentence: self._excused(body, sentence))
        return acknowledged(ack, await said)

    async def on_submission(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return acknowledged(ack, await self._answered(self._submission(body, context["found"]), last_word))

    async def on_pointing(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        said = self._answered(self._pointing(body, context["found"]), lambda sentence: self._excused(body, sentence))
        return acknowledged(ack, await said)

    async def on_shortcut(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return acknowledged(ack, await self._answered(self._shortcut(body, context["found"]), lambda sentence: {}))

    async def on_closed(self, ack: AsyncAck) -> BoltResponse:
        return await ack()

    async def _answered(self, work: Awaitable[Json], excuse: Callable[[Sentence], Json]) -> Json:
        """The work's result; whatever goes wrong is a kind sentence."""
        try:
            return await work
        except Refusal as refusal:
            return excuse(refusal.sentence)
        except Broken as broken:
            self._count("broken", str(broken))
            return excuse(NOT_UNDERSTOOD)
        except Exception as error:  # noqa: BLE001 - bolt would make a 500 of it
            self._count("fault", type(error).__name__)
            log.error("slack listener failed", **fault(error))
            return excuse(MY_FAULT)

    # ------------------------------------------------------------ what is done

    async def _command(self, body: Body, found: Found) -> Json:
        spot = arrivals.spot_of_command(body, workspace_of(found))
        name = arrivals.word(body, "command")
        if name not in self._commands:
            raise Refusal(say("I do not know {name}. What I do know is {commands}.", name=name, commands=", ".join(self._commands)))
        if not arrivals.word(body, "text", otherwise="").strip():
            self._open(spot, Pressed("open", opens=self._report_form))
            return {}
        answer = await self._in_time(self._commanded(body, spot), lambda late: self._answers.tell(spot, late))
        if answer is not None and isinstance(answer.reply, Form):
            self._chores.start("form", self._answers.tell(spot, answer))
            return {}
        return private(answer) if answer is not None else {}

    async def _commanded(self, body: Body, spot: Spot) -> Answer:
        """Looking up who is named in it is a part of what has to be done in time."""
        named = await self._named(spot.where.workspace, body.get("text"))
        return await self._hear(arrivals.command(body, spot, self._grammar, named))

    async def _press(self, body: Body, found: Found) -> Json:
        """The response to a press is always empty; what there is to say comes after it."""
        spot = arrivals.spot_of_interaction(body, workspace_of(found))
        pressed = arrivals.pressed_in(body)
        if pressed.opens:
            self._open(spot, pressed)
            return {}
        answer = await self._heard(arrivals.press(pressed, spot), lambda late: self._answers.tell(spot, late))
        if answer is not None and answer.reply is not None:
            self._chores.start("answer", self._answers.tell(spot, answer))
        return {}

    async def _submission(self, body: Body, found: Found) -> Json:
        spot = arrivals.spot_of_interaction(body, workspace_of(found))
        answer = await self._heard(arrivals.submit(body, spot), lambda late: self._answers.late(spot, late))
        if answer is None:
            return {"response_action": "update", "view": forms.loading(told(MY_FAULT).reading)}
        return to_submission(answer, spot, forms.inputs(body.get("view")))

    async def _pointing(self, body: Body, found: Found) -> Json:
        """ "Make this a ticket", chosen from a message's menu."""
        spot, message = arrivals.spot_of_interaction(body, workspace_of(found)), arrivals.part(body, "message")
        answer = await self._in_time(self._pointed(spot, message), lambda late: self._answers.tell(spot, late))
        if answer is not None and answer.reply is not None:
            self._chores.start("answer", self._answers.tell(spot, replace(answer, quiet=False)))
        return {}

    async def _pointed(self, spot: Spot, message: Body) -> Answer:
        where = spot.where
        link = await self._answers.link(where.workspace, where.channel, arrivals.word(message, "ts"))
        named = await self._named(where.workspace, message.get("text"))
        return await self._hear(arrivals.pointed(spot.account, where, message, where.workspace, link, named))

    async def _shortcut(self, body: Body, found: Found) -> Json:
        """The lightning bolt, from anywhere: the form."""
        self._open(arrivals.spot_of_shortcut(body, workspace_of(found)), Pressed("open", opens=self._report_form))
        return {}

    def _open(self, spot: Spot, pressed: Pressed) -> None:
        self._chores.start("form", self._answers.opened(spot, arrivals.opening(pressed, spot)))

    async def _heard(self, arrival: Arrival, later: Wait) -> Answer | None:
        return await self._in_time(self._hear(arrival), later)

    async def _in_time(self, work: Awaitable[Answer], later: Wait) -> Answer | None:
        """The answer, if it is there in time. Else None: the work goes on untouched, and `later` gets its answer."""
        task = asyncio.ensure_future(work)
        if await ended(task, self._patience):
            return task.result()
        self._count("slow", "answer")
        self._chores.start("slow answer", self._afterwards(task, later))
        return None

    async def _afterwards(self, task: asyncio.Future[Answer], later: Wait) -> None:
        await later(await task)

    def _excused(self, body: Body, sentence: Sentence) -> Json:
        if response_url := arrivals.word(body, "response_url", otherwise=""):
            self._chores.start("excuse", self._answers.respond(response_url, told(sentence)))
        return {}


async def ended(task: asyncio.Future[Any], seconds: float) -> bool:
    """Whether it ends in time; it goes on untouched if not. (As `asyncio.wait`, which is for many and twice as dear.)"""
    loop = asyncio.get_running_loop()
    over = loop.create_future()

    def end(_: object = None) -> None:
        if not over.done():
            over.set_result(None)

    task.add_done_callback(end)
    timer = loop.call_later(seconds, end)
    try:
        await over
    finally:
        timer.cancel()
    return task.done()


def acknowledged(ack: AsyncAck, said: Json) -> BoltResponse:
    """What was said as the response, and as bolt's acknowledgement. Never empty words: Slack would show them."""
    ack.response = BoltResponse(status=200, body=orjson.dumps(said).decode(), headers=JSON_BODY) if said else BoltResponse(status=200)
    return ack.response


class Refusal(Exception):
    """Not for us; the sentence says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.template)
        self.sentence = sentence


def last_word(sentence: Sentence) -> Json:
    """A sentence as the last page of a form."""
    return {"response_action": "update", "view": screen(told(sentence), Where("slack", "", ""))}


Found = Installation | Sentence
"""The installation that a request belongs to, or why it cannot be answered."""


async def found_for(installations: Installations, enterprise: str, team: str) -> Found:
    """The installation of a workspace, or else that of its whole enterprise."""
    try:
        found = await installations.find(team) or await installations.find(enterprise)
    except Exception as error:  # noqa: BLE001 - said to the person by the listener
        log.error("slack installation not found out", **fault(error))
        return MY_FAULT
    return found or NOT_INSTALLED


def workspace_of(found: Found) -> str:
    """The installation's workspace. Raises `Refusal` where there is none."""
    if isinstance(found, Sentence):
        raise Refusal(found)
    return found.workspace


def authorization(installations: Installations) -> Callable[..., Coroutine[object, object, AuthorizeResult]]:
    """Bolt's `authorize`: finds the installation. It always authorizes, because bolt answers a stray workspace in words of its own."""

    async def authorize(context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        context["found"] = found = await found_for(installations, enterprise_id or "", team_id or "")
        if isinstance(found, Sentence):
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
        bot = {"bot_user_id": found.bot_user or None, "bot_id": found.bot or None, "bot_token": found.token}
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, **bot)

    return authorize


def not_now(found: object) -> bool:
    """Whether it could not be found out just now whose an event is: then Slack has to send it again."""
    return found == MY_FAULT


class Installed(Protocol):
    """What takes part in listening."""

    def install(self, app: AsyncApp) -> None: ...


def build_app(signing_secret: str, installations: Installations, *listeners: Installed, inline: bool = False) -> AsyncApp:
    """Bolt's app for all but commands. With `inline` (bolt's process_before_response) it awaits the listener instead of looking every 10 ms
    whether it has acknowledged; our listeners end with their acknowledgement, so both behave alike.
    """
    app = AsyncApp(
        name="deskbell",  # else it looks for one in the source of everything on the stack, which takes half a second
        signing_secret=signing_secret,
        authorize=authorization(installations),
        process_before_response=inline,
        request_verification_enabled=False,  # the door has done it, and nothing else leads here
        attaching_function_token_enabled=False,  # of Slack's workflow functions, of which we have none
        logger=QUIET,
    )
    for listener in listeners:
        listener.install(app)
    return app
