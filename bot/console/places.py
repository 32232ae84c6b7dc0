"""Where somebody writes: the channel of a queue, or the thread of a card."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.client import direct
from bot.console.roster import Unclear, handle
from bot.console.screen import ANSWER, CHANNEL, Screen, Shown
from bot.console.text import one_line
from handlers.core import Place, Post, Ticket, Where
from handlers.office.model import Office
from handlers.people.viewers import viewer
from handlers.ports import Desk


@dataclass(frozen=True, slots=True)
class Places:
    """Of one office; `workspace` is its key."""

    desk: Desk
    screen: Screen
    workspace: str

    def of(self, shown: Shown) -> Where | None:
        """The place of a post; None for an answer that only one person sees."""
        if shown.spot.rank == ANSWER:
            return None
        if shown.spot.rank == CHANNEL:
            return Where("console", self.workspace, shown.spot.heading.removeprefix("#"), shown.thread or None)
        return Where("console", self.workspace, direct(*shown.spot.readers), shown.thread or None, direct=True)

    def channel(self, office: Office, email: str, name: str) -> str:
        """The queue of a channel that somebody reads. Raises `Unclear`."""
        wanted = name.removeprefix("#").casefold()
        found = next((queue for queue in office.queues.values() if wanted in (queue.key, queue.name.casefold())), None)
        mine = sorted(office.queues_of(email))
        if found is None or found.key not in mine:
            others = f" They read {', '.join(f'#{key}' for key in mine)}." if mine else ""
            raise Unclear(f"{handle(office, email)} reads no channel {one_line(name, 40)}.{others}")
        return found.key

    def latest(self, email: str, queue: str) -> Shown:
        """The card in a channel that was shown last. Raises `Unclear`."""
        heading = f"#{queue}"
        cards = (shown for shown in self.screen.seen_by(email) if shown.spot.heading == heading and not shown.thread)
        found = next(cards, None)
        if found is None:
            raise Unclear(f"No card was shown in {heading} since I started: reply 142 words answers a certain ticket.")
        return found

    async def thread(self, office: Office, email: str, number: int) -> Where:
        """The thread of a ticket's card where somebody reads it: the queue's card, else what the desk sent them. Raises `Unclear`."""
        person = await self.desk.people.by_email(office.organisation, email)
        file = await self.desk.tickets.numbered(viewer(office, person), number) if person else None
        if file is None:
            raise Unclear(f"There is no ticket #{number} that {handle(office, email)} can see.")
        standing = [(place, post) for place, post in await self._posts(file.ticket) if self._reads(office, place, email)]
        if not standing:
            raise Unclear(f"No card of #{number} stands where {handle(office, email)} reads along. Its buttons answer too: show {number}.")
        place, post = min(standing, key=lambda one: (one[1].view != "ticket.channel", one[0].queue != file.ticket.queue))
        return Where("console", self.workspace, place.channel, post.message_id, direct=place.kind == "dm")

    async def _posts(self, ticket: Ticket) -> list[tuple[Place, Post]]:
        posts = [post for post in await self.desk.posts.of(ticket.organisation, ticket.subject) if post.message_id]
        places = [await self.desk.places.get(ticket.organisation, post.place) for post in posts]
        here = zip(places, posts, strict=True)
        return [(place, post) for place, post in here if place is not None and place.chat == "console"]

    def _reads(self, office: Office, place: Place, email: str) -> bool:
        return place.user == email if place.kind == "dm" else email in office.agents(place.queue or "")
