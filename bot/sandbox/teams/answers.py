"""What the platform makes of the bot's answer to an invoke. What is not as documented counts as no answer at all."""

import json
from typing import Any

from bot.sandbox.teams.cards import card_faults
from bot.sandbox.teams.courier import Delivery
from bot.sandbox.teams.model import ADAPTIVE, Json
from bot.sandbox.teams.world import World

TROUBLE = "Unable to reach app. Please try again."
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
LOGIN = "application/vnd.microsoft.activity.loginRequest"
_TYPES = {
    200: {ADAPTIVE, MESSAGE},
    400: {ERROR},
    401: {LOGIN, f"{ERROR}.incorrectAuthCode"},
    412: {f"{ERROR}.preconditionFailed"},
    500: {ERROR},
}
SIZES = ("small", "medium", "large")
NEWEST_OF_LINKS = 1.3


class WrongAnswer(Exception):
    """The answer is not one that the platform understands; the reason is for whoever writes the bot."""


def _object(delivery: Delivery) -> Json:
    if not delivery.ok:
        raise WrongAnswer(f"{delivery.error} {delivery.status}".strip())
    if delivery.status != 200:
        raise WrongAnswer(f"HTTP status {delivery.status}, not 200")
    try:
        answer = json.loads(delivery.body)
    except ValueError:
        raise WrongAnswer("the body is empty or no JSON") from None
    if not isinstance(answer, dict):
        raise WrongAnswer("the body is no JSON object")
    return answer


def card_answer(world: World, delivery: Delivery) -> tuple[str, Any]:
    """(type, value) of the answer to an Action.Execute."""
    answer = _object(delivery)
    status, kind, value = answer.get("statusCode"), answer.get("type"), answer.get("value")
    if not isinstance(status, int) or kind not in _TYPES.get(status, ()):
        raise WrongAnswer(f"statusCode {status!r} with type {kind!r} is not documented")
    if not value:
        raise WrongAnswer("the value is empty")
    if kind == ADAPTIVE:
        _card(world, value)
    elif kind == MESSAGE and not isinstance(value, str):
        raise WrongAnswer("the value of a message must be text")
    elif kind not in (ADAPTIVE, MESSAGE) and not isinstance(value, dict):
        raise WrongAnswer("the value must be an object")
    elif kind == ERROR and not (isinstance(value.get("code"), str) and isinstance(value.get("message"), str)):
        raise WrongAnswer("an error needs code and message")
    return str(kind), value


def _card(world: World, card: Any) -> None:
    everybody = {one for user in world.users.values() for one in (user.id, user.aad, user.email)}
    if faults := card_faults(card, lambda who: who in everybody):
        raise WrongAnswer("; ".join(faults))


def task_answer(world: World, delivery: Delivery, *, may_close: bool) -> Json | None:
    """The `task` of the answer to task/fetch and task/submit; None closes the dialog, which only an answer to a submit may."""
    if may_close and delivery.ok and delivery.status == 200 and delivery.body.strip() in ("", "{}", "null"):
        return None
    task = _object(delivery).get("task")
    if task is None and may_close:
        return None
    if not isinstance(task, dict):
        raise WrongAnswer("the answer needs a task")
    _task(world, task)
    return task


def _task(world: World, task: Json) -> None:
    value = task.get("value")
    match task.get("type"):
        case "message":
            if not isinstance(value, str) or not value:
                raise WrongAnswer("the value of a message must be text")
        case "continue":
            if not isinstance(value, dict):
                raise WrongAnswer("task.value must be an object")
            _info(world, value)
        case other:
            raise WrongAnswer(f"task.type {other!r} is not documented")


def _info(world: World, info: Json) -> None:
    if ("card" in info) == ("url" in info):
        raise WrongAnswer("task.value must have either a card or a url")
    for name in ("height", "width"):
        if name in info and not (isinstance(info[name], int) or info[name] in SIZES):
            raise WrongAnswer(f"task.value.{name} must be pixels or one of: {', '.join(SIZES)}")
    if not isinstance(info.get("title", ""), str):
        raise WrongAnswer("task.value.title must be text")
    if "card" in info:
        _adaptive(world, info["card"])
        if not any(one in json.dumps(info["card"]) for one in ('"Action.Submit"', '"Action.Execute"', '"TextBlock"', '"RichTextBlock"')):
            raise WrongAnswer("the dialog shows nothing")


def _adaptive(world: World, attachment: Any) -> None:
    if not isinstance(attachment, dict) or attachment.get("contentType") != ADAPTIVE:
        raise WrongAnswer(f"the card must be an attachment of type {ADAPTIVE}")
    _card(world, attachment.get("content"))


def extension_answer(world: World, delivery: Delivery) -> Json:
    """The `composeExtension` of an answer: a result with its cards, or a message."""
    answer = _object(delivery).get("composeExtension")
    if not isinstance(answer, dict):
        raise WrongAnswer("the answer needs a composeExtension")
    match answer.get("type"):
        case "message":
            if not isinstance(answer.get("text"), str) or not answer["text"]:
                raise WrongAnswer("a message needs text")
        case "result":
            _results(world, answer)
        case other:
            raise WrongAnswer(f"composeExtension.type {other!r} is not documented here")
    return answer


def link_answer(world: World, delivery: Delivery) -> Json:
    """The same for a pasted link, whose preview is of an older version of cards."""
    answer = extension_answer(world, delivery)
    for one in answer.get("attachments", ()):
        if float(one["content"].get("version", "1.0")) > NEWEST_OF_LINKS:
            raise WrongAnswer(f"the preview of a link is an Adaptive Card of version {NEWEST_OF_LINKS} or older")
    return answer


def _results(world: World, answer: Json) -> None:
    if answer.get("attachmentLayout", "list") not in ("list", "grid"):
        raise WrongAnswer("attachmentLayout must be list or grid")
    attachments = answer.get("attachments")
    if not isinstance(attachments, list):
        raise WrongAnswer("a result needs attachments")
    for one in attachments:
        _adaptive(world, one)
        preview = one.get("preview")
        if not isinstance(preview, dict) or not isinstance(preview.get("content"), dict) or not preview["content"].get("title"):
            raise WrongAnswer("an Adaptive Card among results needs a preview with a title")
