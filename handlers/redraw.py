"""After every change of a subject all posts that show it are drawn again; the sender drops those whose content is still the same."""

from __future__ import annotations

from handlers.core import Event
from handlers.ports import Desk
from handlers.registry import Subscriber


def redraw(letters: frozenset[str]) -> Subscriber:
    """The subscriber that has a subject's posts redrawn; letters (views sent once, for a named reason) are left as they are."""

    async def subscriber(desk: Desk, event: Event) -> None:
        posts = [post for post in await desk.posts.of(event.organisation, event.subject) if post.view not in letters]
        if posts:
            work = desk.work(event.organisation)
            work.deliver(*posts)
            await work.commit()

    return subscriber
