"""What Microsoft's Playground sends and answers, as it was seen on the wire with version 0.2.28: its ids, its activities, its connector.

Of its program nothing is here. It asks for no token, speaks without TLS, has ids that are none elsewhere, and cannot do all that Teams can.
"""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]

TENANT = "00000000-0000-0000-0000-0000000000001"
BOT = {"id": "00000000-0000-0000-0000-00000000000011", "name": "Test Bot"}
GENERAL, ANNOUNCEMENTS = "team-id", "channel-announcements-id"
NAMES = ("Alex Wilber", "Megan Bowen", "Adele Vance", "Isaiah Langer", "Patti Fernandez", "Lynne Robbins")
ADDRESSES = ("alexw", "meganb", "adelev", "isaiahl", "pattif", "lynner")
ALEX, MEGAN, ADELE = 0, 1, 2


def person(number: int, *, named: bool = True) -> Json:
    found = {"id": f"user-id-{number}", "aadObjectId": f"00000000-0000-0000-0000-000000000002{number}"}
    return {**found, "name": NAMES[number]} if named else found


def member(number: int) -> Json:
    given, _, family = NAMES[number].partition(" ")
    address = f"{ADDRESSES[number]}@example.com"
    more = {"givenName": given, "surname": family, "email": address, "userPrincipalName": address, "tenantId": TENANT, "userRole": "user"}
    return {**person(number), **more}


@dataclass
class Shown:
    """A message of the bot as it stands on the page."""

    conversation: str
    id: str
    activity: Json

    @property
    def card(self) -> Json:
        card: Json = self.activity["attachments"][0]["content"]
        return card

    def says(self, words: str) -> bool:
        return words in text_of(self.card)


@dataclass
class Playground:
    """`door` is the address of the bot. `personal` and `group` are made anew at each start of it."""

    http: aiohttp.ClientSession
    door: str = ""
    url: str = ""
    personal: str = field(default_factory=lambda: str(uuid.uuid4()))
    group: str = field(default_factory=lambda: str(uuid.uuid4()))
    shown: list[Shown] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    """The conversations whose members were asked for."""
    open: asyncio.Event = field(default_factory=asyncio.Event)
    """Until it is set, nobody is told who is there."""
    roots: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1795334023795))

    def __post_init__(self) -> None:
        self.open.set()

    def started_again(self) -> None:
        self.personal, self.group = str(uuid.uuid4()), str(uuid.uuid4())
        self.shown.clear()

    # ------------------------------------------------------------ what it sends

    async def sends(self, activity: Json, **headers: str) -> tuple[int, Json]:
        seen = {"x-ms-agents-playground": "true", **headers}
        async with self.http.post(self.door, json=activity, headers=seen) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else {}

    def activity(self, kind: str, conversation: str, by: int = ALEX, **more: Any) -> Json:
        return {
            "type": kind,
            "id": str(uuid.uuid4()),
            "timestamp": "2026-11-22T07:55:42.596Z",
            "localTimestamp": "2026-11-22T07:55:42.596+00:00",
            "localTimezone": "UTC",
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/_connector",
            "recipient": BOT,
            "conversation": self._conversation(conversation),
            "from": person(by),
            "channelData": self._data(conversation),
            **more,
        }

    def _conversation(self, conversation: str) -> Json:
        found: Json = {"tenantId": TENANT, "id": conversation}
        if conversation == self.personal:
            return {**found, "conversationType": "personal"}
        kind = {"conversationType": "groupChat", "name": "Group Chat"} if conversation == self.group else {"conversationType": "channel"}
        return {**found, "isGroup": True, **kind}

    def _data(self, conversation: str) -> Json:
        channel = conversation.partition(";")[0]
        if channel not in (GENERAL, ANNOUNCEMENTS):
            return {"tenant": {"id": TENANT}}
        place = {"team": {"id": GENERAL}, "channel": {"id": channel}, "teamsTeamId": GENERAL, "teamsChannelId": channel}
        return {"tenant": {"id": TENANT}, **place}

    async def opens(self, conversation: str) -> None:
        """A place is looked at for the first time since the page was loaded: it says twice, at once, that the bot is installed there."""
        added = [BOT, person(ALEX, named=False)] if conversation == self.personal else [BOT]
        told = [
            self.activity("installationUpdate", conversation, action="add"),
            self.activity("conversationUpdate", conversation, membersAdded=added),
        ]
        told[1]["channelData"] |= {"eventType": "teamMemberAdded"} if conversation in (GENERAL, ANNOUNCEMENTS) else {}
        for one in told:
            one["from"] = person(ALEX, named=False)
        assert [status for status, _ in await asyncio.gather(*map(self.sends, told))] == [200, 200]

    def message(self, conversation: str, words: str, by: int = ALEX, *, mention: bool = False, **more: Any) -> Json:
        entities: list[Json] = [{"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Web", "timezone": "UTC"}]
        if mention:
            entities.append({"type": "mention", "text": "<at>Test Bot</at>", "mentioned": BOT})
        text = f"<at>Test Bot</at> {words}" if mention else words
        return self.activity("message", conversation, by, text=text, textFormat="plain", locale="en-US", entities=entities, **more)

    async def says(self, conversation: str, words: str, by: int = ALEX, *, mention: bool = False) -> None:
        assert (await self.sends(self.message(conversation, words, by, mention=mention)))[0] == 200

    async def posts(self, channel: str, words: str, by: int = ALEX) -> str:
        """A new post, which always mentions the bot; the conversation of its thread."""
        thread = f"{channel};messageid={next(self.numbers)}"
        self.roots.add(thread)
        await self.says(thread, words, by, mention=True)
        return thread

    async def presses(self, title: str, on: Shown, by: int = ALEX) -> Json:
        """An Action.Execute; the card then on the page. What opens a form sends nothing."""
        (action,) = [one for one in actions(on.card) if one["title"] == title]
        assert action["type"] == "Action.Execute", "the Playground sends nothing for this button"
        value = {"action": {name: action[name] for name in ("type", "title", "verb", "data")}}
        invoke = self.activity("invoke", on.conversation, by, name="adaptiveCard/action", replyToId=on.id, value=value)
        status, answer = await self.sends(invoke)
        assert (status, answer["statusCode"], answer["type"]) == (200, 200, "application/vnd.microsoft.card.adaptive")
        card: Json = answer["value"]
        return card

    async def command(self, name: str, conversation: str, by: int = ALEX, **value: Any) -> Json:
        """An invoke of the message extension."""
        facts = {"commandContext": "message", "context": {"theme": "default"}, **value}
        invoke = self.activity("invoke", conversation, by, name=f"composeExtension/{name}", value=facts)
        invoke["channelData"] = {"source": {"name": "compose"}, "tenant": {"id": TENANT}}
        status, answer = await self.sends(invoke)
        assert status == 200
        return answer

    # ------------------------------------------------------------ its connector

    def app(self) -> web.Application:
        at = "/_connector/v3/conversations"
        app = web.Application()
        app.add_routes(
            [
                web.post(at, self._created),
                web.post(at + "/{conversation}/activities", self._posted),
                web.put(at + "/{conversation}/activities/{activity}", self._changed),
                web.delete(at + "/{conversation}/activities/{activity}", self._not_deleted),
                web.get(at + "/{conversation}/pagedmembers", self._members),
                web.get(at + "/{conversation}/members/{member}", self._member),
            ]
        )
        return app

    def _knows(self, conversation: str) -> bool:
        channel, _, root = conversation.partition(";messageid=")
        if root:
            return conversation in self.roots
        return channel in (self.personal, self.group, GENERAL, ANNOUNCEMENTS)

    def _stands(self, conversation: str, activity: Json) -> str:
        number = str(next(self.numbers))
        if conversation in (GENERAL, ANNOUNCEMENTS):
            conversation = f"{conversation};messageid={number}"
            self.roots.add(conversation)
        self.shown.append(Shown(conversation, number, activity))
        return number

    async def _created(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if not asked.get("isGroup"):
            return web.json_response({"id": self.personal}, status=201)
        channel = asked["channelData"]["channel"]["id"]
        if channel not in (GENERAL, ANNOUNCEMENTS):
            return refusal(500, "InvalidConversationType")
        number = self._stands(channel, asked["activity"])
        return web.json_response({"id": f"{channel};messageid={number}", "activityId": number}, status=201)

    async def _posted(self, request: web.Request) -> web.Response:
        """What is for one person alone is shown to all."""
        conversation = request.match_info["conversation"]
        if not self._knows(conversation):
            return refusal(404, "ConversationNotFound")
        return web.json_response({"id": self._stands(conversation, await request.json())}, status=201)

    async def _changed(self, request: web.Request) -> web.Response:
        channel, number = request.match_info["conversation"], request.match_info["activity"]
        for one in self.shown:
            if one.id == number and one.conversation.partition(";")[0] == channel.partition(";")[0]:
                one.activity = await request.json()
                return web.json_response({"id": number})
        return refusal(404, "ActivityNotFoundInConversation" if self._knows(channel) else "ConversationNotFound")

    async def _not_deleted(self, request: web.Request) -> web.Response:
        return refusal(501, "DeleteActivityAPINotImplemented")

    async def _members(self, request: web.Request) -> web.Response:
        self.listed.append(request.match_info["conversation"])
        await self.open.wait()
        there = self._there(request)
        return web.json_response({"members": there, "totalCount": len(there) + 1})

    def _there(self, request: web.Request) -> list[Json]:
        """In the personal chat Alex is alone, whoever speaks there."""
        return [member(number) for number in range(1 if request.match_info["conversation"] == self.personal else len(NAMES))]

    async def _member(self, request: web.Request) -> web.Response:
        found = [one for one in self._there(request) if one["id"] == request.match_info["member"]]
        return web.json_response(found[0]) if found else refusal(404, "MemberNotFoundInConversation")

    # ------------------------------------------------------------ the page

    def sees(self, words: str, conversation: str | None = None) -> list[Shown]:
        return [one for one in self.shown if one.says(words) and conversation in (None, one.conversation)]

    def sole(self, words: str, conversation: str | None = None) -> Shown:
        (found,) = self.sees(words, conversation)
        return found


def refusal(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "no"}}, status=status)


def text_of(card: Any) -> str:
    """All words of a card, in their order."""
    if isinstance(card, list):
        return "\n".join(map(text_of, card))
    if not isinstance(card, dict):
        return ""
    if card.get("type") == "RichTextBlock":
        return "".join(text_of(one) for one in card["inlines"])
    own = str(card.get("text") or card.get("label") or "").replace("\u2060", "")  # keeps words from being taken for markup
    return "\n".join(filter(None, (own, *(text_of(value) for value in card.values()))))


def actions(card: Any) -> list[Json]:
    """All buttons of a card."""
    if isinstance(card, list):
        return [found for one in card for found in actions(one)]
    if not isinstance(card, dict):
        return []
    if str(card.get("type")).startswith("Action."):
        return [card]
    return [found for value in card.values() for found in actions(value)]
