"""What one person has on the screen."""

from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.teams import text
from bot.sandbox.teams.model import ADAPTIVE, Dialog, Json, Message, User
from bot.sandbox.teams.widgets import addresses, labels, told_off
from bot.sandbox.teams.world import World


@dataclass(frozen=True)
class Seen:
    """One message, message to this person alone, or dialog, as it was when somebody looked.

    `text` are all words on the screen, one piece a line; `notification` what a telephone shows of a message; `pings` whom the words
    notify (the `id` of users); `errors` the sentences under a dialog's fields by label; `own` whether this person sees a card that an
    invoke answered, in place of what all others see.
    """

    kind: Literal["message", "ephemeral", "modal"]
    id: str
    text: str
    buttons: list[str]
    card: Json | None
    raw: Json
    channel: str = ""
    author: str = ""
    thread_ts: str | None = None
    notification: str = ""
    pings: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    own: bool = False
    edited: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)
    """Those on its card that can be seen."""

    def says(self, words: str) -> bool:
        """Whether these words are on it; line ends and double spaces do not matter."""
        return _even(words) in _even(self.text)


def _even(words: str) -> str:
    return " ".join(words.split())


def seen_by(world: World, user: User) -> list[Seen]:
    """All that this person has on the screen: messages by time, then the dialog."""
    chats = [chat for chat in world.conversations.values() if user.id in chat.members]
    everything = [one for chat in chats for one in chat.messages.values() if reaches(world, one, user)]
    shown = [of_message(world, one, user) for one in sorted(everything, key=lambda one: int(one.id))]
    dialog = world.dialogs.get(user.id)
    return shown + ([of_dialog(world, dialog, user)] if dialog else [])


def reaches(world: World, message: Message, user: User) -> bool:
    gone = message.hidden or message.deleted or world.over(message)
    return not gone and message.to in (None, user.id)


def of_message(world: World, message: Message, user: User) -> Seen:
    """A message on this person's screen."""
    own = message.views.get(user.id)
    card = own or message.card
    return Seen(
        kind="ephemeral" if message.to else "message",
        id=message.id,
        text=_words(world, message, card, user),
        buttons=labels(card),
        card=card,
        raw={"id": message.id, "text": message.text, "attachments": message.attachments, "entities": message.entities},
        channel=message.conversation,
        author=message.user,
        thread_ts=message.root,
        notification=message.summary or text.message_words(message.text, message.text_format),
        pings=_pings(world, message),
        trouble=message.trouble,
        own=own is not None,
        edited=message.edited,
        reactions={name: list(who) for name, who in message.reactions.items()},
        pictures=[world.pictures[url] for url in addresses(card) if url in world.pictures],
    )


def _words(world: World, message: Message, card: Json | None, user: User) -> str:
    body = text.message_words(message.text, message.text_format)
    others = [one["content"] for one in message.attachments if one["contentType"] != ADAPTIVE and isinstance(one.get("content"), dict)]
    cards = [card] if card else []
    cards += [one["content"] for one in message.attachments if one["contentType"] == ADAPTIVE][1:]
    shown = [text.words(one, user) for one in cards]
    plain = [str(one.get(name, "")) for one in others for name in ("title", "subtitle", "text")]
    files = ["This file was deleted." if world.files[one].deleted else world.files[one].name for one in message.files]
    return "\n".join(part for part in (body, *shown, *plain, *files) if part)


def _pings(world: World, message: Message) -> set[str]:
    entities = [*message.entities, *(message.card or {}).get("msteams", {}).get("entities", [])]
    found = text.pings(entities)
    return {one.id for one in world.users.values() if found & {one.id, one.aad, one.email}}


def of_dialog(world: World, dialog: Dialog, user: User) -> Seen:
    """A dialog on the screen."""
    errors = told_off(dialog.card) | dialog.errors
    lines = [dialog.title, dialog.text, text.words(dialog.card, user), *dialog.errors.values(), dialog.trouble]
    return Seen(
        kind="modal",
        id=dialog.id,
        text="\n".join(line for line in lines if line),
        buttons=labels(dialog.card),
        card=dialog.card,
        raw={"title": dialog.title, "card": dialog.card, "text": dialog.text},
        channel=dialog.conversation.partition(";")[0],
        author=world.app.bot,
        errors=errors,
        trouble=dialog.trouble,
    )
