"""The storage side fits the ports of the desk; mypy is the judge, and the test only makes it look."""

from __future__ import annotations

from handlers import ports
from storage.store import Store
from tests.storage.samples import ACME


def _as_ports(store: Store) -> tuple[ports.Tickets, ports.People, ports.Places, ports.Posts, ports.Notices, ports.Dialogs, ports.Work]:
    return store.tickets, store.people, store.places, store.posts, store.notices, store.dialogs, store.work(ACME)


async def test_a_store_is_what_a_desk_needs(store: Store) -> None:
    assert all(part is not None for part in _as_ports(store))
