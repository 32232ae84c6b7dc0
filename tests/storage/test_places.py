"""Places, posts, notices, dialogs and installations: small getters, all scoped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers.core import Conflict, Where
from handlers.ports import Row
from storage.database import open_database
from storage.ids import new_id
from storage.installations import Installation
from storage.store import Store
from tests.conftest import NOW, SUBSCRIBERS
from tests.storage.samples import ACME, ANA, BOB, OTHER, dialog, place, post, ticket


async def added(store: Store, *rows: Row) -> None:
    work = store.work(rows[0].organisation)
    work.add(*rows)
    await work.commit()


class TestPlaces:
    async def test_by_id_by_channel_by_queue(self, store: Store) -> None:
        one, other = place(), place(channel="C2", queue="it")
        await added(store, one, other)
        for _ in range(2):  # the second time out of the cache
            assert await store.places.get(ACME, one.id) == one
            assert await store.places.get(OTHER, one.id) is None
            assert await store.places.at(ACME, Where("slack", "T1", "C2", thread="1.2")) == other
            assert await store.places.at(OTHER, Where("slack", "T1", "C2")) is None
            assert await store.places.at(ACME, Where("slack", "T2", "C2")) is None
        assert await store.places.of_queue(ACME, "it") == (other,)
        assert await store.places.of_queue(OTHER, "it") == ()

    async def test_a_queue_that_gets_another_channel_has_it_at_once(self, store: Store) -> None:
        first, second = place(), place(channel="C2")
        await added(store, first)
        assert await store.places.of_queue(ACME, "facilities") == (first,)
        await added(store, second)
        assert await store.places.of_queue(ACME, "facilities") == (first, second)

    async def test_a_change_is_seen_at_once(self, store: Store) -> None:
        one = place(kind="dm", user="U1", channel="D1", person=ANA, queue=None)
        await added(store, one)
        await store.places.at(ACME, Where("slack", "T1", "D1"))
        work = store.work(ACME)
        work.put(replace(one, channel="D2", unreachable="closed"))
        await work.commit()
        assert await store.places.at(ACME, Where("slack", "T1", "D1")) is None
        assert await store.places.at(ACME, Where("slack", "T1", "D2")) == replace(one, channel="D2", unreachable="closed")

    async def test_an_unknown_conversation_is_no_place(self, store: Store) -> None:
        await added(store, place(kind="dm", channel="", user="U1", queue=None))
        assert await store.places.at(ACME, Where("slack", "T1", "", direct=True)) is None

    async def test_direct_conversations_the_one_last_used_first(self, database_url: str) -> None:
        now = [NOW]
        store = Store(open_database(database_url), SUBSCRIBERS, lambda: now[0])
        slack = place(kind="dm", user="U1", channel="D1", person=ANA, queue=None)
        teams = place(kind="dm", chat="teams", user="29:1", channel="a:1", person=ANA, queue=None)
        await added(store, slack)
        now[0] = _later(now[0])
        await added(store, teams, place(kind="dm", user="U2", channel="D2", person=BOB, queue=None))
        for _ in range(2):  # the second time out of the cache
            assert await store.places.direct(ACME, ANA) == (teams, slack)
        now[0] = _later(now[0])
        work = store.work(ACME)
        work.put(slack)
        await work.commit()
        assert await store.places.direct(ACME, ANA) == (slack, teams)
        assert await store.places.direct(OTHER, ANA) == ()
        await store.close()

    async def test_a_direct_conversation_that_closes_or_opens_is_seen_at_once(self, store: Store) -> None:
        one = place(kind="dm", user="U1", channel="D1", person=ANA, queue=None)
        assert await store.places.direct(ACME, ANA) == ()
        await added(store, one)
        assert await store.places.direct(ACME, ANA) == (one,)
        work = store.work(ACME)
        work.put(replace(one, unreachable="removed"))
        await work.commit()
        assert await store.places.direct(ACME, ANA) == (replace(one, unreachable="removed"),)

    async def test_another_replica_tells_of_a_direct_conversation(self, store: Store, database_url: str) -> None:
        one = place(kind="dm", user="U1", channel="D1", person=ANA, queue=None)
        other = Store(open_database(database_url), SUBSCRIBERS, lambda: NOW)
        store.announce = other.forget
        assert await other.places.direct(ACME, ANA) == ()
        await added(store, one)
        assert await other.places.direct(ACME, ANA) == (one,)
        await other.close()

    async def test_a_person_has_one_conversation_in_a_workspace(self, store: Store) -> None:
        await added(store, place(kind="dm", user="U1", queue=None))
        with pytest.raises(Conflict):
            await added(store, place(kind="dm", user="U1", queue=None))


def _later(moment: datetime) -> datetime:
    return moment + timedelta(minutes=1)


class TestPosts:
    async def test_of_a_subject_and_at_a_message(self, store: Store) -> None:
        new, at = ticket(), place()
        card, asked = post(new, at), post(new, at, view="ticket.fixed", tag="3", thread="x" * 32)
        await added(store, new, at, card, asked)
        assert await store.posts.of(ACME, new.subject) == [card, asked]
        assert await store.posts.of(OTHER, new.subject) == []
        assert await store.posts.at(ACME, at.id, "") is None
        sent = replace(card, message_id="1.2", shown_hash="h")
        work = store.work(ACME)
        work.put(sent)
        await work.commit()
        assert await store.posts.at(ACME, at.id, "1.2") == sent
        assert await store.posts.at(OTHER, at.id, "1.2") is None
        assert await store.posts.get(ACME, card.id) == sent
        assert await store.posts.get(OTHER, card.id) is None

    async def test_one_view_of_a_subject_stands_in_a_place_once(self, store: Store) -> None:
        new, at = ticket(), place()
        await added(store, post(new, at))
        with pytest.raises(Conflict):
            await added(store, post(new, at))


class TestNoticesAndDialogs:
    async def test_a_notice(self, store: Store) -> None:
        work = store.work(ACME)
        work.notify(ANA, "ticket:1", "resolved", 3, "soon")
        (row, _), *_ = work._unit.told
        await work.commit()
        found = await store.notices.get(ACME, row["id"])
        assert found is not None
        assert (found.person, found.subject, found.reason, found.version, found.urgency) == (ANA, "ticket:1", "resolved", 3, "soon")
        assert await store.notices.get(OTHER, row["id"]) is None

    async def test_one_dialog_asks_and_others_queue(self, store: Store) -> None:
        asking = dialog(asked_at=NOW, answers={"floor": "3"})
        queued = [dialog(created_at=NOW + timedelta(minutes=n)) for n in (2, 1)]
        await added(store, asking, *queued, dialog(asked_at=NOW, ended_at=NOW), dialog(person=BOB))
        assert await store.dialogs.asking(ACME, ANA) == asking
        assert await store.dialogs.asking(OTHER, ANA) is None
        assert await store.dialogs.queued(ACME, ANA) == queued[::-1]
        assert await store.dialogs.get(ACME, asking.id) == asking
        assert await store.dialogs.get(OTHER, asking.id) is None


class TestInstallations:
    async def test_a_workspace_is_not_taken_over(self, store: Store) -> None:
        first = Installation(new_id(), ACME, "slack", "T1", NOW)
        await store.installations.put(first)
        with pytest.raises(Conflict):
            await store.installations.put(replace(first, organisation=OTHER))
