"""What one person has on the screen."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.slack import text
from bot.sandbox.slack.model import Ephemeral, Message, View
from bot.sandbox.slack.shapes import message_json, view_json
from bot.sandbox.slack.values import state_of
from bot.sandbox.slack.widgets import button_labels, widgets
from bot.sandbox.slack.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """One message, note to this person alone, modal or home tab, as it was when somebody looked.

    `text` are all words on the screen, one piece a line; `notification` what a telephone shows of a message with blocks;
    `pings` whom the words notify (user ids, `channel`, `here`, `everyone`); `errors` the sentences under a modal's fields by label.
    """

    kind: Literal["message", "ephemeral", "modal", "home"]
    id: str
    text: str
    buttons: list[str]
    blocks: list[Json]
    raw: Json
    channel: str = ""
    author: str = ""
    thread_ts: str | None = None
    notification: str = ""
    pings: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    edited: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)

    def says(self, words: str) -> bool:
        """Whether these words are on it; line ends and double spaces do not matter."""
        return _even(words) in _even(self.text)


def _even(words: str) -> str:
    return " ".join(words.split())


def seen_by(world: World, user: str) -> list[Seen]:
    """All that this person has on the screen: messages and notes by time, then the uppermost modal, then the home tab."""
    channels = [channel for channel in world.channels.values() if user in channel.members]
    messages = [of_message(world, one) for channel in channels for one in channel.messages.values()]
    notes = [of_ephemeral(world, one) for one in world.ephemerals if one.to == user and one.shown]
    modal, home = world.modal(user), world.homes.get(user)
    return sorted(messages + notes, key=lambda one: one.id) + [of_view(world, one) for one in (modal, home) if one]


def of_message(world: World, message: Message) -> Seen:
    """A message on the screen."""
    return Seen(
        kind="message",
        id=message.ts,
        text=_words(world, message),
        buttons=button_labels(_usable(message)),
        blocks=_usable(message),
        raw=message_json(world, message),
        channel=message.channel,
        author=message.user,
        thread_ts=message.thread_ts,
        notification=text.mrkdwn(world, message.text),
        pings=_pings(message),
        edited=message.edited is not None,
        reactions={name: list(who) for name, who in message.reactions.items()},
    )


def of_ephemeral(world: World, note: Ephemeral) -> Seen:
    """A note that only one person has."""
    author = "USLACKBOT" if note.from_slackbot else world.app.user
    return Seen(
        kind="ephemeral",
        id=note.ts,
        text=_words(world, note),
        buttons=button_labels(_usable(note)),
        blocks=_usable(note),
        raw={"type": "message", "ts": note.ts, "user": author, "text": note.text, "blocks": note.blocks},
        channel=note.channel,
        author=author,
        thread_ts=note.thread_ts,
        notification=text.mrkdwn(world, note.text),
        pings=_pings(note),
    )


def of_view(world: World, view: View) -> Seen:
    """A modal or home tab on the screen."""
    labels = {widget.block["block_id"]: widget.label for widget in widgets(view.blocks)}
    errors = {labels.get(block_id, block_id): sentence for block_id, sentence in view.errors.items()}
    lines = [
        text.words(world, {name: view.body.get(name) for name in ("title", "blocks", "submit", "close")}),
        *errors.values(),
        view.trouble,
    ]
    return Seen(
        kind="modal" if view.body["type"] == "modal" else "home",
        id=view.id,
        text="\n".join(line for line in lines if line),
        buttons=button_labels(view.blocks),
        blocks=view.blocks,
        raw=view_json(world, view, state_of(world, view.user, view.id, view.blocks)),
        author=world.app.user,
        pings=text.pings(text_of(view.blocks)),
        errors=errors,
        trouble=view.trouble,
    )


def _usable(message: Message | Ephemeral) -> list[Json]:
    return message.blocks + [block for one in message.attachments for block in one.get("blocks", [])]


def _words(world: World, message: Message | Ephemeral) -> str:
    body = text.words(world, message.blocks) if message.blocks else text.mrkdwn(world, message.text)
    files = [world.files[one] for one in getattr(message, "files", ())]
    shown = ["This file was deleted." if file.deleted else file.title or file.name for file in files]
    return "\n".join(part for part in (body, text.words(world, message.attachments), *shown) if part)


def _pings(message: Message | Ephemeral) -> set[str]:
    return text.pings(text_of(message.blocks) if message.blocks else message.text)


def text_of(thing: Any) -> str:
    """The marked-up texts inside, as they were sent: what can notify somebody."""
    if isinstance(thing, list):
        return "\n".join(text_of(inner) for inner in thing)
    if not isinstance(thing, dict):
        return ""
    match thing.get("type"):
        case "mrkdwn" | "markdown":
            return str(thing["text"])
        case "user":
            return f"<@{thing['user_id']}>"
        case "broadcast":
            return f"<!{thing['range']}>"
        case _:
            return "\n".join(text_of(inner) for inner in thing.values())
