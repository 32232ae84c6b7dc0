"""Files on their way into a chat: those under copies of their words, and the pictures that cards show."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.carrying import Carrying
from bot.chats import Carrier
from bot.pictures import image
from bot.pump import Permanent
from handlers.cards import Card, Picture
from handlers.core import Place, Post, Remote
from handlers.files import picture
from handlers.files.model import GONE, READY
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk

log = structlog.get_logger(__name__)


class Copies:
    """Part of the delivery: of posts that are files, and of the pictures that other posts show."""

    def __init__(self, desk: Desk, carrying: Carrying) -> None:
        self._desk, self._carrying = desk, carrying

    def carrier(self, chat: str) -> Carrier | None:
        """None: a chat without files, in which the card of such a post is shown instead."""
        return self._carrying.carriers.get(chat)

    # ------------------------------------------------------------ posts that are files

    async def bring(self, carrier: Carrier, post: Post, place: Place, thread: str) -> None:
        """Uploads a file, then shows it under a message. Each step is written down, so that a repetition goes on where it stopped.

        Killed after the chat has shown it and before that was written down, the repetition asks the chat. What the chat does not tell yet
        by then is the one window in which a file appears twice.
        """
        if post.message_id or post.shown_hash == GONE:
            return
        file = await self._desk.attachments.get(of_desk(post.organisation), post.subject.removeprefix("file:"))
        if file is None:
            return
        remote = post.shown_hash
        if not remote:
            files = self._desk.files(post.organisation)
            size = await files.size(file.content)
            if size is None:
                raise Permanent("the file is not there any more")
            remote = await carrier.upload(place.workspace, file, files.open(file.content), size)
            post = replace(post, shown_hash=remote)
            await self._keep(post)
            shared = False
        else:
            shared = await carrier.is_shared(place, remote)
        if not shared:
            await carrier.share(place, thread, remote, file.name)
        await self._keep(replace(post, message_id=remote))

    async def withdraw(self, carrier: Carrier, post: Post, place: Place) -> None:
        """Its file is gone where it stood, or its words are: so it goes here."""
        if post.shown_hash and post.shown_hash != GONE:
            await carrier.take_back(place.workspace, post.shown_hash)
        await self._keep(replace(post, message_id="", shown_hash=GONE))

    # ------------------------------------------------------------ pictures on cards

    async def pictures(self, card: Card, post: Post, place: Place) -> Mapping[str, str]:
        """Content hash -> the chat's id, for those pictures of the card that the workspace has. Those that it lacks are seen to: meanwhile
        the card goes out without them, and is drawn again when they are there. In chats that fetch pictures themselves: their address."""
        contents = [block.file for block in card.blocks if isinstance(block, Picture)]
        if contents and place.chat in self._carrying.by_address:
            return await self._addresses(contents, post)
        if not contents or self.carrier(place.chat) is None:
            return {}
        system, found = system_of(place), dict[str, str]()
        work = self._desk.work(post.organisation)
        for content in contents:
            known = [one for one in await self._uploaded(post.organisation, content) if one.system == system]
            if known and known[0].version == READY:
                found[content] = known[0].remote_id
            else:
                picture.want(self._desk, work, content, system, post.id)
        if len(found) < len(contents):
            await work.commit()
        return found

    async def _addresses(self, contents: list[str], post: Post) -> Mapping[str, str]:
        links, files = self._carrying.pictures, self._desk.files(post.organisation)
        return {one: links.to(post, one) for one in contents if await image(files, one)} if links else {}

    async def refused(self, post: Post, place: Place, files: Mapping[str, str]) -> None:
        """The chat does not show these pictures any more: they are uploaded anew when a card is next drawn with them."""
        log.warning("pictures refused", workspace=place.workspace, count=len(files))
        work = self._desk.work(post.organisation)
        for content, remote_id in files.items():
            for one in await self._uploaded(post.organisation, content):
                if one.remote_id == remote_id:
                    work.put(replace(one, remote_id=f"{GONE}:{remote_id}", version=GONE))
        await work.commit()

    async def _uploaded(self, organisation: str, content: str) -> list[Remote]:
        return list(await self._desk.attachments.uploaded(of_desk(organisation), content))

    async def _keep(self, post: Post) -> None:
        work = self._desk.work(post.organisation)
        work.put(post)
        await work.commit()


def system_of(place: Place) -> str:
    """A workspace, as `Remote.system` names it."""
    return f"{place.chat}:{place.workspace}"
