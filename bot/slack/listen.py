"""What Slack tells us: commands, presses and sent forms become arrivals, and each is answered once it is durable.

Bolt loses an acknowledgement when a listener raises after it, and answers 500 when it raises before. So no listener raises, each makes its
acknowledgement as its last act, and all that comes later runs as a chore.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any

import orjson
import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.chats import Answer, Arrival
from bot.slack import arrivals, forms
from bot.slack.answers import Answers, Count, Hear, private, screen, to_submission, told
from bot.slack.arrivals import Body, Broken, Grammar, Spot
from bot.slack.buttons import Pressed
from bot.slack.chores import Chores, fault
from bot.slack.installed import Installations
from bot.slack.send import QUIET
from bot.slack.text import Json
from handlers.core import Where
from handlers.forms import Form
from handlers.words import Sentence, say

log = structlog.get_logger(__name__)

PATIENCE = 2.5
"""Seconds that a response waits for the result; Slack waits for three."""
ANY = re.compile("")
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
        *,
        commands: Iterable[str] = ("/issue",),
        report_form: str = "report",
        patience: float = PATIENCE,
    ) -> None:
        self._hear, self._answers, self._chores, self._count = hear, answers, chores, count
        self._grammar, self._report_form, self._patience = grammar, report_form, patience
        self._commands = tuple(commands)

    def install(self, app: AsyncApp) -> None:
        app.use(Commands(self.commanded))
        app.block_action(ANY)(self.on_press)
        app.view_submission(ANY)(self.on_submission)
        app.view_closed(ANY)(self.on_closed)

    # ------------------------------------------------------------ what bolt calls

    async def commanded(self, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return await self._answered(self._command(body, context), lambda sentence: private(told(sentence)))

    async def on_press(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        ack.response = await self._answered(self._press(body, context), lambda sentence: self._excused(body, sentence))
        return ack.response

    async def on_submission(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        ack.response = await self._answered(self._submission(body, context), last_word)
        return ack.response

    async def on_closed(self, ack: AsyncAck) -> BoltResponse:
        return await ack()

    async def _answered(self, work: Awaitable[Json], excuse: Callable[[Sentence], Json]) -> BoltResponse:
        """The work's result as the response; whatever goes wrong is a kind sentence."""
        try:
            found = await work
        except Refusal as refusal:
            found = excuse(refusal.sentence)
        except Broken as broken:
            self._count("broken", str(broken))
            found = excuse(NOT_UNDERSTOOD)
        except Exception as error:  # noqa: BLE001 - bolt would make a 500 of it
            self._count("fault", type(error).__name__)
            log.error("slack listener failed", **fault(error))
            found = excuse(MY_FAULT)
        if not found:
            return BoltResponse(status=200)
        return BoltResponse(status=200, body=orjson.dumps(found).decode(), headers=JSON_BODY)

    # ------------------------------------------------------------ what is done

    async def _command(self, body: Body, context: AsyncBoltContext) -> Json:
        spot = arrivals.spot_of_command(body, workspace_of(context))
        name = arrivals.word(body, "command")
        if name not in self._commands:
            raise Refusal(say("I do not know {name}. What I do know is {commands}.", name=name, commands=", ".join(self._commands)))
        if not arrivals.word(body, "text", otherwise="").strip():
            self._open(spot, Pressed("open", opens=self._report_form))
            return {}
        answer = await self._heard(arrivals.command(body, spot, self._grammar), lambda late: self._answers.tell(spot, late))
        if answer is not None and isinstance(answer.reply, Form):
            self._chores.start("form", self._answers.tell(spot, answer))
            return {}
        return private(answer) if answer is not None else {}

    async def _press(self, body: Body, context: AsyncBoltContext) -> Json:
        """The response to a press is always empty; what there is to say comes after it."""
        spot = arrivals.spot_of_interaction(body, workspace_of(context))
        pressed = arrivals.pressed_in(body)
        if pressed.opens:
            self._open(spot, pressed)
            return {}
        answer = await self._heard(arrivals.press(pressed, spot), lambda late: self._answers.tell(spot, late))
        if answer is not None and answer.reply is not None:
            self._chores.start("answer", self._answers.tell(spot, answer))
        return {}

    async def _submission(self, body: Body, context: AsyncBoltContext) -> Json:
        spot = arrivals.spot_of_interaction(body, workspace_of(context))
        answer = await self._heard(arrivals.submit(body, spot), lambda late: self._answers.late(spot, late))
        if answer is None:
            return {"response_action": "update", "view": forms.loading(told(MY_FAULT).reading)}
        return to_submission(answer, spot, forms.inputs(body.get("view")))

    def _open(self, spot: Spot, pressed: Pressed) -> None:
        self._chores.start("form", self._answers.opened(spot, arrivals.opening(pressed, spot)))

    async def _heard(self, arrival: Arrival, later: Wait) -> Answer | None:
        """The answer, if it is there in time. Else None: the work goes on untouched, and `later` gets its answer."""
        task = asyncio.ensure_future(self._hear(arrival))
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


async def ended(task: asyncio.Future[Answer], within: float) -> bool:
    """Waits until it has ended, or so many seconds. It goes on in either case; `asyncio.wait` for one alone, in half of its time."""
    loop = asyncio.get_running_loop()
    woken: asyncio.Future[None] = loop.create_future()

    def wake(_: object = None) -> None:
        if not woken.done():
            woken.set_result(None)

    task.add_done_callback(wake)
    timer = loop.call_later(within, wake)
    try:
        await woken
    finally:
        timer.cancel()
        task.remove_done_callback(wake)
    return task.done()


class Commands(AsyncMiddleware):
    """Slash commands, answered right behind bolt's `authorize`: most of what comes is one, and looking for a listener costs bolt as much
    again as all that it does before (`docs/performance.md`).
    """

    def __init__(self, commanded: Callable[[dict[str, Any], AsyncBoltContext], Awaitable[BoltResponse]]) -> None:
        self._commanded = commanded

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        return await self._commanded(req.body, req.context) if is_command(req.body) else await next()


def is_command(body: Body) -> bool:
    """https://docs.slack.dev/interactivity/implementing-slash-commands: a form with the command, and without the "type" of all else."""
    return "command" in body and "type" not in body


class Refusal(Exception):
    """Not for us; the sentence says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.template)
        self.sentence = sentence


def last_word(sentence: Sentence) -> Json:
    """A sentence as the last page of a form."""
    return {"response_action": "update", "view": screen(told(sentence), Where("slack", "", ""))}


def workspace_of(context: AsyncBoltContext) -> str:
    """The installation's workspace, as `authorization` has put it there."""
    refusal = context.get("refusal")
    if refusal is not None:
        raise Refusal(refusal)
    return str(context["workspace"])


def authorization(installations: Installations) -> Callable[..., Coroutine[object, object, AuthorizeResult]]:
    """Bolt's `authorize`: finds the installation. It always authorizes, because bolt answers a stray workspace in words of its own."""

    async def authorize(context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        try:
            found = await installations.find(team_id or "") or await installations.find(enterprise_id or "")
        except Exception as error:  # noqa: BLE001 - said to the person by the listener
            log.error("slack installation not found out", **fault(error))
            context["refusal"] = MY_FAULT
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
        if found is None:
            context["refusal"] = NOT_INSTALLED
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
        context["workspace"] = found.workspace
        bot = {"bot_user_id": found.bot_user or None, "bot_id": found.bot or None, "bot_token": found.token}
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, **bot)

    return authorize


def build_app(signing_secret: str, installations: Installations, listener: Listener, *, inline: bool = False) -> AsyncApp:
    """Bolt's app in HTTP mode. With `inline` (bolt's process_before_response) it awaits the listener instead of looking every 10 ms
    whether it has acknowledged; our listeners end with their acknowledgement, so both behave alike.
    """
    app = AsyncApp(
        signing_secret=signing_secret,
        authorize=authorization(installations),
        process_before_response=inline,
        request_verification_enabled=False,  # the door has done it, and nothing else leads here
        attaching_function_token_enabled=False,  # of Slack's workflow functions, of which we have none
        logger=QUIET,
    )
    listener.install(app)
    return app
