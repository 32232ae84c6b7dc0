"""The message extension: an action on a message, and a search whose results go into what one writes."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.activities import address, invoke, message_payload
from bot.sandbox.teams.answers import TROUBLE, extension_answer, link_answer
from bot.sandbox.teams.courier import HONEST, Delivery, Tamper
from bot.sandbox.teams.forms import CONTEXT, Forms
from bot.sandbox.teams.model import Conversation, Dialog, Json, Message
from bot.sandbox.teams.seen import Seen

PAGE = {"skip": 0, "count": 25}


@dataclass(frozen=True)
class Found:
    """One result of a search: its preview's words, and what is inserted."""

    title: str
    text: str
    attachment: Json

    def says(self, words: str) -> bool:
        """Whether these words are on it."""
        return words in f"{self.title}\n{self.text}"


@dataclass(frozen=True)
class Extension(Forms):
    """A person with the menu of a message, or with the search box of the app."""

    async def make_ticket(self, on: Seen | Message | str, *, command: str = "", tamper: Tamper = HONEST) -> Delivery:
        """Use the app's action on a message; a dialog opens, which `submit` sends."""
        message = self.message_of(on)
        where = address(self.world.conversations[message.conversation], message.root or message.id)
        extension = {
            "commandId": command or self.world.app.message_command,
            "commandContext": "message",
            "requestId": self.world.new_guid(),
            "messagePayload": message_payload(self.platform, message),
        }
        activity = invoke(
            self.platform, self.user, where, "composeExtension/fetchTask", {**extension, "context": CONTEXT}, source="compose"
        )
        return await self.opened(activity, Dialog(self.world.new_guid(), self.user.id, where, extension=extension), tamper)

    async def shortcut(self, command: str = "", where: str | Conversation = "dm", *, tamper: Tamper = HONEST) -> Delivery:
        """Use the app's action from below the box in which one writes, in any conversation; a dialog opens."""
        place = self.place(where)
        asked = command or self.world.app.compose_command
        extension = {"commandId": asked, "commandContext": "compose", "requestId": self.world.new_guid()}
        value = {**extension, "context": CONTEXT}
        activity = invoke(self.platform, self.user, place.id, "composeExtension/fetchTask", value, source="compose")
        return await self.opened(activity, Dialog(self.world.new_guid(), self.user.id, place.id, extension=extension), tamper)

    async def search(self, words: str = "", where: str | Conversation = "dm", *, tamper: Tamper = HONEST) -> list[Found]:
        """Open the app's search with nothing typed (`initialRun`), or type something. A sentence in place of results is a note."""
        found, sentence = await self.look_up(words, where, tamper=tamper)
        if sentence:
            self.world.whisper(self.place(where).id, self.user.id, sentence, trouble=TROUBLE if sentence == TROUBLE else "")
            self.platform.changes.tell()
        return found

    async def look_up(self, words: str, where: str | Conversation, *, tamper: Tamper = HONEST) -> tuple[list[Found], str]:
        """The same with nothing left behind: what was found, or the sentence in its place."""
        place = self.place(where)
        parameter = {"name": self.world.app.search_parameter, "value": words} if words else {"name": "initialRun", "value": "true"}
        value: Json = {"commandId": self.world.app.search_command, "parameters": [parameter], "queryOptions": PAGE}
        activity = invoke(self.platform, self.user, place.id, "composeExtension/query", value, source="compose")
        _, answer = await self.asks(activity, lambda one: extension_answer(self.world, one), tamper)
        if answer is None:
            return [], TROUBLE
        if answer["type"] == "message":
            return [], str(answer["text"])
        return [_found(one) for one in answer["attachments"]], ""

    async def paste(self, url: str, where: str | Conversation = "dm", *, tamper: Tamper = HONEST) -> Found | None:
        """Paste a link into the field: its preview, which `pick` sends along; None where the app has none, or is not told of such links."""
        if urlsplit(url).hostname not in self.world.app.link_domains:
            return None
        activity = invoke(self.platform, self.user, self.place(where).id, "composeExtension/queryLink", {"url": url}, source="compose")
        _, answer = await self.asks(activity, lambda one: link_answer(self.world, one), tamper)
        return _found(answer["attachments"][0]) if answer and answer["type"] == "result" and answer["attachments"] else None

    async def pick(self, found: Found, where: str | Conversation = "dm", text: str = "") -> Message:
        """Insert a result into a message and send it: everybody there sees its card, and the bot that wrote it hears of what is pressed."""
        return self._posts(where, text, [found.attachment])

    def insert(self, found: Found) -> None:
        """Put a result into what one writes, as a press on it does; `send_draft` sends it."""
        self.world.composers[self.user.id] = [found.attachment]
        self.platform.changes.tell()

    def drop_draft(self) -> None:
        """Take the card out of what one writes."""
        self.world.composers.pop(self.user.id, None)
        self.platform.changes.tell()

    async def send_draft(self, where: str | Conversation, text: str = "") -> Message:
        """Send the message with the card that an action put there."""
        cards = self.world.composers.pop(self.user.id, [])
        if not cards:
            raise ClientRefused(f"{self.user.name} has no card in what they write")
        return self._posts(where, text, cards)

    def _posts(self, where: str | Conversation, text: str, cards: list[Json]) -> Message:
        place = self.place(where)
        kept = [{name: one[name] for name in ("contentType", "content")} for one in cards]
        message = self.world.post(Message(self.world.new_id(), place.id, self.user.id, text, attachments=kept))
        self.platform.changes.tell()
        return message


def _found(attachment: dict[str, Any]) -> Found:
    preview = attachment["preview"]["content"]
    return Found(str(preview["title"]), str(preview.get("text", "")), attachment)
