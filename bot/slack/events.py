"""What Slack tells us of by itself: words, reactions, the home tab, people and channels that change.

An event is accepted once what follows from it is durable; until then Slack sends it again. It has no response to answer in, so answers go
through the outbox, under a key of their own: told twice, answered once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.answering import Count, Hear
from bot.chats import Answer, Arrival, Profile, shortened
from bot.chores import Chores, fault
from bot.desk import StoreDesk
from bot.doorkeeper import learn
from bot.pump import Permanent
from bot.slack import arrivals
from bot.slack.answers import Answers, kept
from bot.slack.arrivals import Body, Broken
from bot.slack.homes import Homes
from bot.slack.installed import Installation, Stored
from bot.slack.links import Links
from bot.slack.listen import not_now
from bot.slack.managers import Managers
from bot.slack.naming import NOBODY, Named, ReadNames, nobody
from bot.slack.people import profile_of
from bot.slack.send import SlackClient
from handlers.core import Account, Person, Standing, Where, standing
from handlers.files import drop
from handlers.frozen import replace
from handlers.notices import places
from handlers.people.viewers import of_desk

log = structlog.get_logger(__name__)

HEARD = frozenset(
    {
        "app_home_opened",
        "app_uninstalled",
        "tokens_revoked",
        "channel_archive",
        "channel_deleted",
        "channel_id_changed",
        "channel_shared",
        "channel_unarchive",
        "file_deleted",
        "group_archive",
        "group_deleted",
        "group_unarchive",
        "link_shared",
        "member_joined_channel",
        "app_mention",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "reaction_added",
        "team_join",
        "user_change",
    }
)
"""The events that the app's manifest subscribes to: exactly those that do something here."""

OUTER = ("event_id", "event_time", "is_ext_shared_channel")
"""What of the envelope goes with the event."""
Take = Callable[[Body, Installation], Awaitable[None]]
Read = Callable[[Named], Arrival | None]
"""The arrival of an event, once it is known who is named in its words."""


class Events:
    """The listeners of events. `hear` never raises; `count` takes (what, why); `reaction` is the emoji that makes a ticket of a message."""

    def __init__(
        self,
        hear: Hear,
        answers: Answers,
        chores: Chores,
        desk: StoreDesk,
        client: SlackClient,
        count: Count,
        stored: Stored | None = None,
        *,
        reaction: str = "ticket",
        named: ReadNames = nobody,
        manager_field: str = "",
    ) -> None:
        self._hear, self._answers, self._chores = hear, answers, chores
        self._desk, self._client, self._count, self._reaction, self._stored = desk, client, count, reaction, stored
        self._named, self._homes, self._links = named, Homes(hear, client, desk), Links(hear, desk, client)
        self._managers = Managers(desk, client, manager_field)

    def install(self, app: AsyncApp) -> None:
        takes = {
            "app_mention": self._mentioned,
            "message": self._message,
            "reaction_added": self._reacted,
            "app_home_opened": self._opened_home,
            **dict.fromkeys(("channel_archive", "group_archive"), self._closes("archived")),
            **dict.fromkeys(("channel_deleted", "group_deleted"), self._closes("deleted")),
            **dict.fromkeys(("channel_unarchive", "group_unarchive"), self._opened),
            "link_shared": self._links.shared,
            "member_joined_channel": self._joined,
            "channel_shared": self._read_by("shared"),
            "channel_id_changed": self._renumbered,
            "app_uninstalled": self._uninstalled,
            "tokens_revoked": self._revoked,
            "file_deleted": self._file_deleted,
            "team_join": self._somebody,
            "user_change": self._somebody,
        }
        for kind, take in takes.items():
            app.event(kind)(self._listener(take))

    def _listener(self, take: Take) -> Callable[..., Awaitable[BoltResponse]]:
        """A fault is answered so that Slack sends the event again; what makes no sense is taken, as it never will."""

        async def listen(body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
            # Of an app that is gone bolt asks nobody whose it was.
            found = context.get("found") or Installation(context.team_id or context.enterprise_id or "", "")
            if not_now(found):
                return BoltResponse(status=503)
            if not isinstance(found, Installation):
                return BoltResponse(status=200)
            try:
                await take({**arrivals.part(body, "event"), **{name: body.get(name) for name in OUTER}}, found)
            except Broken as broken:
                self._count("broken", str(broken))
            except Exception as error:  # noqa: BLE001 - bolt would hide it
                self._count("fault", type(error).__name__)
                log.error("slack event failed", **fault(error))
                return BoltResponse(status=503)
            return BoltResponse(status=200)

        return listen

    async def _opened_home(self, event: Body, at: Installation) -> None:
        """Drawn when it is looked at, so it is true then."""
        if event.get("tab") == "home":
            account = Account("slack", at.workspace, arrivals.word(event, "user"))
            shown = event.get("view")
            mark = arrivals.word(shown, "hash", otherwise="") if isinstance(shown, dict) else ""
            self._chores.start("home", self._answers.at_home(lambda: self._homes.opened(account, at.workspace, mark or None)))

    # ------------------------------------------------------------ channels

    def _closes(self, why: places.Closed) -> Take:
        async def take(event: Body, at: Installation) -> None:
            await self._of_place(event, at, lambda organisation, where: places.closed(self._desk, organisation, where, why))

        return take

    async def _opened(self, event: Body, at: Installation) -> None:
        await self._of_place(event, at, partial(places.opened, self._desk))

    async def _joined(self, event: Body, at: Installation) -> None:
        """We were brought into a channel: perhaps it is one that we could not post into."""
        if event.get("user") == at.bot_user:
            await self._opened(event, at)

    def _read_by(self, readers: places.Readers) -> Take:
        async def take(event: Body, at: Installation) -> None:
            await self._of_place(event, at, lambda organisation, where: places.read_by(self._desk, organisation, where, readers))

        return take

    async def _renumbered(self, event: Body, at: Installation) -> None:
        new = arrivals.word(event, "new_channel_id")
        old = {"channel": arrivals.word(event, "old_channel_id")}
        await self._of_place(old, at, lambda organisation, where: places.renumbered(self._desk, organisation, where, new))

    async def _of_place(self, event: Body, at: Installation, then: Callable[[str, Where], Awaitable[None]]) -> None:
        organisation = await self._desk.people.organisation_of("slack", at.workspace)
        if organisation is not None:
            await then(organisation, Where("slack", at.workspace, arrivals.word(event, "channel")))

    # ------------------------------------------------------------ the app

    async def _uninstalled(self, event: Body, at: Installation) -> None:
        if self._stored is not None and await self._stored.uninstalled(at.workspace, _moment(event)):
            await self._vendor_left(at.workspace)

    async def _revoked(self, event: Body, at: Installation) -> None:
        """Of people's tokens we have none."""
        tokens = event.get("tokens")
        ours = isinstance(tokens, dict) and tokens.get("bot")
        if self._stored is not None and ours and await self._stored.revoked(at.workspace, _moment(event)):
            await self._vendor_left(at.workspace)

    async def _vendor_left(self, workspace: str) -> None:
        """A vendor has taken us out of its workspace, perhaps in the middle of a job: the office hears of it."""
        organisation = await self._desk.people.organisation_of("slack", workspace)
        for place in await self._desk.store.places.of_vendors(organisation) if organisation else ():
            if (place.chat, place.workspace) == ("slack", workspace):
                await places.closed(self._desk, place.organisation, Where("slack", workspace, place.channel), "removed")

    # ------------------------------------------------------------ people

    async def _somebody(self, event: Body, at: Installation) -> None:
        """Somebody is new, has another name, address or zone, or has left. Slack is asked, because the event leaves out their language."""
        user = arrivals.part(event, "user")
        home, key = arrivals.word(user, "team_id", otherwise=at.workspace), arrivals.word(user, "id")
        organisation = await self._desk.people.organisation_of("slack", at.workspace)
        account = Account("slack", home, key)
        known = await self._desk.people.of_account(account)
        if known is not None and known.organisation != organisation:
            return  # of another office of this deployment, with which we share a channel: its own workspace tells it
        if known is None and home != at.workspace:
            account = Account("slack", at.workspace, key)
            known = await self._desk.people.of_account(account)
            if known is None and not at.wide:
                return  # of another company, in a channel that we share; whoever comes to us is asked for then
        if _same(known, profile_of(dict(user), at.workspace)):
            self._chores.start("manager", self._managers.look_again(at.workspace, account))
            return  # another picture, another status
        profile = await self._client.profile(account) if organisation is not None else None
        if organisation is not None and profile is not None and profile.standing is not Standing.bot:
            await learn(self._desk, organisation, account, profile)
            self._chores.start("manager", self._managers.look_again(at.workspace, account))

    async def _reacted(self, event: Body, at: Installation) -> None:
        """Somebody puts the emoji on a message. The event does not hold its words, so they are read."""
        item = arrivals.part(event, "item")
        if event.get("reaction") != self._reaction or item.get("type") != "message":
            return
        channel, ts = arrivals.word(item, "channel"), arrivals.word(item, "ts")
        try:
            message = await self._client.message(at.workspace, channel, ts)
        except Permanent as why:
            log.warning("slack message unreadable", reason=str(why))
            return
        if message is None:
            return
        who = Account("slack", at.workspace, arrivals.word(event, "user"))
        where = Where("slack", at.workspace, channel, direct=channel.startswith("D"))
        link = await self._client.permalink(at.workspace, channel, ts)
        named = await self._named(at.workspace, message.get("text"))
        arrival = arrivals.pointed(who, where, message, at.workspace, link, named)
        await self._answered(arrival, replace(await self._hear(arrival), quiet=False))

    # ------------------------------------------------------------ files

    async def _file_deleted(self, event: Body, at: Installation) -> None:
        await self._files_gone((arrivals.word(event, "file_id"),), at)

    async def _files_gone(self, files: Sequence[str], at: Installation) -> None:
        organisation = await self._desk.people.organisation_of("slack", at.workspace) if files else None
        if organisation is not None:
            for file in files:
                await drop.deleted(self._desk, organisation, "slack", at.workspace, file)

    # ------------------------------------------------------------ words

    async def _mentioned(self, event: Body, at: Installation) -> None:
        await self._words(lambda named: arrivals.said(event, at.workspace, at.bot_user, named), event, at)

    async def _message(self, event: Body, at: Installation) -> None:
        match event.get("subtype"):
            case "message_changed":
                await self._files_gone(arrivals.tombstones(event), at)
                now = event.get("message")
                words = now if isinstance(now, dict) else {}
                await self._followed(lambda named: arrivals.edited(event, at.workspace, at.bot_user, named), words, at)
            case "message_deleted":
                await self._followed(lambda named: arrivals.deleted(event, at.workspace), {}, at)
            case "channel_convert_to_private":
                await self._read_by("private")(event, at)
            case "channel_convert_to_public":
                await self._read_by("public")(event, at)
            case _:
                await self._said(event, at)

    async def _followed(self, read: Read, words: Body, at: Installation) -> None:
        """A change of words that a ticket or a comment was made of; of all others nobody here has heard."""
        arrival = read(NOBODY)
        if arrival is not None and await self._stands(arrival):
            await self._told(read(await self._named(at.workspace, words.get("text"))))

    async def _stands(self, arrival: Arrival) -> bool:
        where = arrival.where
        organisation = await self._desk.people.organisation_of(where.chat, where.workspace)
        if organisation is None:
            return False
        return await self._desk.tickets.standing_at(of_desk(organisation), where.chat, standing(where, arrival.message_id)) is not None

    async def _said(self, event: Body, at: Installation) -> None:
        """A mention comes as an event of its own beside this one, everywhere but 1:1."""
        arrival = arrivals.said(event, at.workspace, at.bot_user)
        if arrival is not None and (arrival.where.direct or not arrivals.mentions(event, at.bot_user)):
            await self._words(lambda named: arrivals.said(event, at.workspace, at.bot_user, named), event, at)

    async def _words(self, read: Read, words: Body, at: Installation) -> None:
        """Names are looked up in words that concern us, and in no others."""
        arrival = read(NOBODY)
        if arrival is not None and await self._concerns_us(arrival):
            await self._told(read(await self._named(at.workspace, words.get("text"))))

    async def _told(self, arrival: Arrival | None) -> None:
        if arrival is not None:
            await self._answered(arrival, await self._hear(arrival))

    async def _concerns_us(self, arrival: Arrival) -> bool:
        """Said to us, or under a message of ours. Whoever talks to colleagues elsewhere is not even looked up."""
        if arrival.where.direct or arrival.mentioned:
            return True
        return bool(arrival.where.thread) and await self._is_ours(arrival.where)

    async def _is_ours(self, where: Where) -> bool:
        organisation = await self._desk.people.organisation_of(where.chat, where.workspace)
        place = await self._desk.places.at(organisation, where) if organisation else None
        return place is not None and await self._desk.posts.at(place.organisation, place.id, where.thread or "") is not None

    async def _answered(self, arrival: Arrival, answer: Answer) -> None:
        """The answer into the outbox, once. Under a card of ours a quiet one is not said: the card is redrawn."""
        where = arrival.where
        organisation = await self._desk.people.organisation_of(where.chat, where.workspace)
        content = kept(answer)
        if organisation is None or not content or (answer.quiet and not where.direct):
            return
        to = {"workspace": where.workspace, "channel": where.channel, "thread": where.thread or ""}
        work = self._desk.store.work(organisation, shortened(f"{arrival.key}:answer"))
        work.answer(
            "slack", f"answer:{where.workspace}:{where.channel}", {**to, "user": "" if where.direct else arrival.account.user, **content}
        )
        await work.commit()


def _same(known: Person | None, told: Profile) -> bool:
    """Whether what we keep of somebody is what Slack tells of them."""
    return known is not None and (known.zone, known.standing, known.email) == (
        told.zone or known.zone,
        told.standing,
        told.email or known.email,
    )


def _moment(event: Body) -> float | None:
    found = event.get("event_time")
    return float(found) if isinstance(found, int | float) else None
