"""Pictures on cards: a workspace shows only what it has, so a picture is uploaded first, and then the card is drawn again."""

from __future__ import annotations

from handlers.core import Event, Remote
from handlers.files.model import COMING, READY
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from handlers.ports import Desk, Work

WANTED, UPLOADED = "picture.wanted", "picture.uploaded"


def want(desk: Desk, work: Work, content: str, system: str, post: str) -> None:
    """A card was drawn without a picture, because the workspace ("chat:workspace") does not have it."""
    work.at(desk.now(), WANTED, f"content:{content}", {"system": system, "shown_on": post})


async def wanted(desk: Desk, event: Event) -> None:
    """Uploads it, unless that was done for another card."""
    content, system = event.subject.removeprefix("content:"), str(event.data["system"])
    holders = await desk.attachments.holding(of_desk(event.organisation), content)
    known = await _known(desk, event, system)
    if not holders:
        return
    work = desk.work(event.organisation)
    if known is None:
        remote = await desk.upload(system, holders[0])
        if not remote:
            return
        work.add(Remote(desk.new_id(), event.organisation, event.subject, system, remote, version=COMING))
    work.at(desk.now(), UPLOADED, event.subject, event.data)
    await work.commit()


async def uploaded(desk: Desk, event: Event) -> None:
    """Once it can be shown, the card is drawn again."""
    known = await _known(desk, event, str(event.data["system"]))
    post = await desk.posts.get(event.organisation, str(event.data["shown_on"]))
    if known is None or post is None:
        return
    if known.version != READY and not await desk.uploaded(known.system, known.remote_id):
        return
    work = desk.work(event.organisation)
    work.put(replace(known, version=READY))
    work.deliver(post)
    await work.commit()


async def _known(desk: Desk, event: Event, system: str) -> Remote | None:
    found = await desk.attachments.uploaded(of_desk(event.organisation), event.subject.removeprefix("content:"))
    return next((one for one in found if one.system == system), None)
