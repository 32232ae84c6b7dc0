"""App Home: a person's own page. It is drawn when it is opened, and drawn again when something on it has changed meanwhile.

A drawing names the one that it takes the place of (`hash` of views.publish), so that one made from older facts, perhaps in another process,
never covers a newer: then it is made anew. https://docs.slack.dev/reference/methods/views.publish
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from bot.answering import DONE, Hear, card_of
from bot.desk import StoreDesk
from bot.slack import arrivals, forms
from bot.slack.send import Outdated, SlackClient
from handlers.cards import Card
from handlers.core import Account, Home
from handlers.tickets.homes import WATCHED

TRIES = 4


class Homes:
    """`hear` never raises. Drawing raises what the client raises: `Later` and `Permanent`."""

    def __init__(self, hear: Hear, client: SlackClient, desk: StoreDesk) -> None:
        self._hear, self._client, self._desk = hear, client, desk

    async def opened(self, account: Account, workspace: str, mark: str | None = None) -> None:
        """Somebody looks at it. Whoever may not use the desk is told so there. `mark`: of the drawing that they see until then."""
        if await self._desk.people.of_account(account) is None:
            await self._hear(arrivals.home(account, workspace, secrets.token_hex(8)))  # who they are is learnt from their first act
        person, now = await self._desk.people.of_account(account), self._desk.now()
        if person is not None:
            await self._desk.store.homes.opened(Home(person.organisation, person.id, account, now, now))
        await self._draw(account, workspace, mark)

    async def draw(self, account: Account, workspace: str) -> None:
        """As things stand now."""
        await self._draw(account, workspace)

    async def refresh(self, payload: Mapping[str, Any]) -> None:
        """Out of the outbox: something has changed. Nobody looks any more: then it is drawn when it is opened."""
        account = Account("slack", payload["workspace"], payload["user"])
        home = await self._desk.store.homes.at(account)
        if home is not None and home.opened_at > self._desk.now() - WATCHED:
            await self._draw(account, account.workspace)

    async def _draw(self, account: Account, workspace: str, mark: str | None = None) -> None:
        """`mark`: of the drawing to take the place of; None for the last one that we know of, "" for whatever is there."""
        for left in reversed(range(TRIES)):
            kept = await self._desk.store.homes.at(account)
            covers = (mark if mark is not None else kept.mark if kept else "") if left else ""
            began = self._desk.now()
            answer = await self._hear(arrivals.home(account, workspace, secrets.token_hex(8)))
            view = forms.home(card_of(answer) or Card(DONE), answer.reading)
            try:
                drawn = await self._client.publish_view(workspace, account.user, view, covers)
            except Outdated:
                mark = await self._newer(account, covers)
            else:
                await self._desk.store.homes.drawn(account, began, drawn)
                return

    async def _newer(self, account: Account, covers: str) -> str:
        """The mark that another drawing has left; without one, what is there is older than what is read from now on, and may be covered."""
        kept = await self._desk.store.homes.at(account)
        return kept.mark if kept and kept.mark != covers else ""
