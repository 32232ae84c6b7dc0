"""What becomes of the activities of Teams: words, changes of words, reactions, where we are installed, and invokes."""

from __future__ import annotations

from bot.answering import Hear
from bot.chats import Answer, Arrival
from bot.desk import StoreDesk
from bot.pressed import Pressed
from bot.teams import arrivals
from bot.teams.activity import Activity, directory_id, parts, word
from bot.teams.answers import Answers
from bot.teams.arrivals import Grammar
from bot.teams.buttons import unpacked
from bot.teams.channels import CLOSES, OPENS, Channels
from bot.teams.files import TeamsFiles, stay
from bot.teams.invoked import Invoked
from bot.teams.invokes import Invokes
from bot.teams.lines import Here
from bot.teams.members import Members
from bot.teams.naming import Namer
from bot.teams.senders import Who
from handlers.core import Account, standing
from handlers.frozen import replace
from handlers.people.viewers import of_desk

LIKES = frozenset({"like", "heart", "1f44d_thumbsup", "plusOne"})
"""Reactions to a post of ours that mean: I want to know how this goes on."""


class Listener:
    """`bot.teams.sdk.Takes`. `hear` never raises; `who` finds the account of who acts."""

    def __init__(
        self,
        hear: Hear,
        answers: Answers,
        invokes: Invokes,
        members: Members,
        channels: Channels,
        desk: StoreDesk,
        who: Who,
        grammar: Grammar,
        files: TeamsFiles,
        namer: Namer,
        title: str = "issue",
    ) -> None:
        self._hear, self._answers, self._invokes = hear, answers, invokes
        self._members, self._channels = members, channels
        self._desk, self._who, self._grammar, self._files, self._title = desk, who, grammar, files, title
        self._namer = namer

    async def invoked(self, activity: Activity, here: Here) -> Invoked:
        return await self._invokes.take(activity, here)

    # ------------------------------------------------------------ words

    async def message(self, activity: Activity, here: Here) -> None:
        """Words, or a press of an old client, which sends what a button carries as a message."""
        who = await self._who(activity, here)
        if activity.direct:
            await self._back(who, activity.channel)
        elif activity.targeted or activity.mentioned:
            await self._channels.heard_from(activity, here)
        pressed = unpacked(activity.value) if not activity.text else None
        if pressed is not None:
            press = arrivals.press(pressed, who, arrivals.where(activity, here.workspace))
            await self._answers.keep(replace(press, key=f"{press.key}:{arrivals.named(activity)}"), await self._hear(press))
        elif activity.targeted:
            await self._files.remember(here.workspace, activity)
            people = await self._namer.read(activity, here)
            await self._told(arrivals.command(activity, here.workspace, who, self._grammar, self._title, people))
        else:
            arrival = arrivals.said(activity, here.workspace, who)
            if await self._concerns_us(arrival):
                await self._files.remember(here.workspace, activity)
                answer = await self._told(arrivals.said(activity, here.workspace, who, await self._namer.read(activity, here)))
                if stay(activity) and not answer.refused:
                    await self._answers.stays(arrival.where, answer.reading)

    async def _back(self, who: Account, channel: str) -> None:
        """Whoever writes to us has us (again), and is written to where they did: the Playground's ids are others after each start."""
        person = await self._desk.people.of_account(who)
        for place in await self._desk.places.direct(person.organisation, person.id) if person else ():
            theirs = (place.chat, place.workspace, place.user) == (who.chat, who.workspace, who.user)
            if theirs and (place.unreachable or place.channel not in ("", channel)):
                work = self._desk.work(place.organisation)
                work.put(replace(place, unreachable=None, channel=place.channel and channel))
                await work.commit()

    async def changed(self, activity: Activity, here: Here) -> None:
        await self._followed(arrivals.edited(activity, here.workspace, await self._who(activity, here)))

    async def deleted(self, activity: Activity, here: Here) -> None:
        await self._followed(arrivals.deleted(activity, here.workspace, await self._who(activity, here)))

    async def _followed(self, arrival: Arrival) -> None:
        """A change of words that a ticket or a comment was made of; of all others nobody here has heard."""
        where = arrival.where
        organisation = await self._desk.people.organisation_of(where.chat, where.workspace)
        if organisation is not None:
            stands = standing(where, arrival.message_id)
            if await self._desk.tickets.standing_at(of_desk(organisation), where.chat, stands) is not None:
                await self._told(arrival)

    async def _told(self, arrival: Arrival) -> Answer:
        answer = await self._hear(arrival)
        await self._answers.keep(arrival, answer)
        return answer

    async def _concerns_us(self, arrival: Arrival) -> bool:
        """Said to us, or under a message of ours. Whoever talks to colleagues elsewhere is not even looked up."""
        if arrival.where.direct or arrival.mentioned:
            return True
        thread = arrival.where.thread
        return bool(thread) and await self._answers.post_at(arrival.where, thread or "") is not None

    # ------------------------------------------------------------ reactions

    async def reacted(self, activity: Activity, here: Here) -> None:
        """Somebody likes a post about a ticket: they follow it; taken back, no longer. It is answered by nothing, as reactions are."""
        where = arrivals.where(activity, here.workspace)
        found = await self._answers.post_at(replace(where, thread=None), activity.reply_to)
        if found is None or not found[0].subject.startswith("ticket:"):
            return
        for name, action in (("reactionsAdded", "ticket.watch"), ("reactionsRemoved", "ticket.unwatch")):
            if any(word(one, "type") in LIKES for one in parts(activity.raw, name)):
                press = arrivals.press(Pressed(action, found[0].subject), await self._who(activity, here), where)
                stamp = activity.id or word(activity.raw, "timestamp")
                await self._hear(replace(press, key=f"{press.key[:180]}:{stamp[:60]}"))

    # ------------------------------------------------------------ where we are

    async def installed(self, activity: Activity, here: Here) -> None:
        """installationUpdate: add and remove, and the same by an upgrade of the app, after which nobody is welcomed anew."""
        action = word(activity.raw, "action")
        if action.startswith("remove"):
            await self._channels.removed(activity, here)
        elif action.startswith("add"):
            await self._begun(activity, here, welcome=action == "add")

    async def conversation(self, activity: Activity, here: Here) -> None:
        """conversationUpdate: members come and go, channels and teams change."""
        event = word(activity.data, "eventType")
        if event in CLOSES or event in OPENS:
            await self._channels.told(event, activity, here)
        elif any(word(one, "id") == activity.bot for one in activity.added):
            await self._begun(activity, here, welcome=True)
        elif any(word(one, "id") == activity.bot for one in activity.removed):
            await self._channels.removed(activity, here)
        elif activity.added:
            self._members.join(here, activity.channel, [one for one in activity.added if directory_id(one)])
        elif activity.removed:
            self._members.left(here, activity.removed)

    async def _begun(self, activity: Activity, here: Here, *, welcome: bool) -> None:
        """We can speak there (again): what could not be posted is now, everybody is learnt, and one card says how to start. Whoever has us
        for themselves alone opens no channel.
        """
        if await self._desk.people.organisation_of("teams", here.workspace) is None:
            return
        self._members.begun(here, activity.channel, of_team=bool(activity.team))
        if welcome:
            await self._welcomed(activity, here)

    async def _welcomed(self, activity: Activity, here: Here) -> None:
        """Once for each conversation, however many activities tell of it."""
        where = arrivals.where(activity, here.workspace)
        arrival = arrivals.asked("help", await self._who(activity, here), where, f"welcome:{where.channel}")
        answer = await self._hear(arrival)
        if not answer.refused:
            await self._answers.welcome(where, answer)
