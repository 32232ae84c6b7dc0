"""The laws of the unit of work: once, all or nothing, versions, numbers, and a group that one bad unit cannot spoil."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select

from handlers.core import Account, Conflict, Event, Person, Status, Ticket
from handlers.forms import Show
from handlers.ports import Viewer
from storage.database import open_database
from storage.store import Store
from storage.tables import history, notices, outbox, people, tickets
from tests.conftest import NOW, SUBSCRIBERS
from tests.storage.samples import ACME, ANA, BOB, OTHER, affected, person, place, post, reported, ticket, wait

DESK = Viewer(ACME, desk=True)


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]


async def rows(store: Store, table: Table) -> list[dict[str, Any]]:
    return await store.database.read(_rows, table)


async def many(store: Store, table: Table) -> int:
    return int(await store.database.read(lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()))


async def report(store: Store, key: str | None = None, **changes: Any) -> tuple[Ticket, bool, int]:
    work = store.work(changes.get("organisation", ACME), key)
    new = ticket(**changes)
    work.add(new, affected(new))
    work.tell(reported(new), ANA, "slack/T1/C1")
    written = await work.commit(Show("ticket.reported", new.subject, 1))
    return new, written, work.number(new.id) if written else 0


async def saved(store: Store, row: Ticket) -> Ticket:
    found = await store.tickets.file(Viewer(row.organisation, desk=True), row.id)
    assert found is not None
    return found.ticket


async def noted(store: Store, ticket: Ticket) -> None:
    work = store.work(ticket.organisation)
    for _ in range(2):
        work.tell(Event("ticket.noted", ticket.subject, ticket.organisation))
    await work.commit()


async def redraws(store: Store) -> list[dict[str, Any]]:
    return [row for row in await rows(store, outbox) if row["name"] == "ticket.changed"]


class TestOnce:
    async def test_the_second_arrival_gets_the_first_ones_result(self, store: Store) -> None:
        first, written, _ = await report(store, "slack:E1")
        again = store.work(ACME, "slack:E1")
        again.add(ticket())
        assert written
        assert not await again.commit(Show("ticket.reported", "ticket:other"))
        assert again.earlier == Show("ticket.reported", first.subject, 1)
        assert await many(store, tickets) == 1

    async def test_a_result_of_nothing_is_remembered_too(self, store: Store) -> None:
        assert await store.work(ACME, "k").commit()
        again = store.work(ACME, "k")
        assert not await again.commit(Show("x", "y"))
        assert again.earlier is None

    async def test_the_same_key_in_one_group(self, store: Store) -> None:
        answers = await asyncio.gather(*(report(store, f"slack:E{n % 3}") for n in range(30)))
        assert sorted(written for _, written, _ in answers) == [False] * 27 + [True] * 3
        assert await many(store, tickets) == 3

    async def test_the_same_key_in_two_replicas(self, open_store: Callable[[], Store]) -> None:
        replicas = [open_store(), open_store()]
        answers = await asyncio.gather(*(report(replicas[n % 2], f"slack:E{n // 2}") for n in range(40)), return_exceptions=True)
        written = [answer for answer in answers if not isinstance(answer, BaseException) and answer[1]]
        refused = [answer for answer in answers if isinstance(answer, BaseException)]
        assert len(written) == 20
        assert all(isinstance(error, Conflict) for error in refused)
        assert await many(replicas[0], tickets) == 20

    async def test_without_a_key_nothing_is_remembered(self, store: Store) -> None:
        for _ in range(2):
            assert (await report(store))[1]
        assert await many(store, tickets) == 2


class TestVersions:
    async def test_a_save_raises_the_version(self, store: Store) -> None:
        first, _, _ = await report(store)
        work = store.work(ACME)
        work.save(replace(first, status=Status.in_progress, assignee=BOB))
        await work.commit()
        found = await saved(store, first)
        assert (found.status, found.assignee, found.version, found.number) == (Status.in_progress, BOB, 2, 1)

    async def test_of_eight_at_once_one_wins(self, store: Store) -> None:
        first, _, _ = await report(store)

        async def claim(who: str) -> str | None:
            work = store.work(ACME, f"press:{who}")
            work.save(replace(first, assignee=who))
            work.tell(Event("ticket.taken", first.subject, ACME), who)
            try:
                await work.commit()
            except Conflict:
                return None
            return who

        winners = [who for who in await asyncio.gather(*(claim(str(n)) for n in range(8))) if who]
        assert [(await saved(store, first)).assignee] == winners
        assert len([row for row in await rows(store, history) if row["kind"] == "ticket.taken"]) == 1

    async def test_a_conflict_leaves_nothing_behind_and_may_be_tried_again_with_its_key(self, store: Store) -> None:
        first, _, _ = await report(store)
        stale = store.work(ACME, "press:1")
        stale.save(replace(first, version=7))
        stale.put(person(name="Nobody"))
        with pytest.raises(Conflict):
            await stale.commit()
        assert await many(store, people) == 0
        again = store.work(ACME, "press:1")
        again.save(first)
        assert await again.commit()

    async def test_what_is_not_there_is_a_conflict(self, store: Store) -> None:
        work = store.work(ACME)
        work.save(ticket())
        with pytest.raises(Conflict):
            await work.commit()

    async def test_a_row_of_another_organisation_is_a_conflict(self, store: Store) -> None:
        theirs, _, _ = await report(store, organisation=OTHER)
        work = store.work(ACME)
        work.save(replace(theirs, organisation=ACME, title="ours now"))
        with pytest.raises(Conflict):
            await work.commit()
        assert (await saved(store, theirs)).title == theirs.title

    async def test_putting_over_another_organisations_row_changes_nothing(self, store: Store) -> None:
        theirs = person(organisation=OTHER, name="Theirs")
        first, second = store.work(OTHER), store.work(ACME)
        first.add(theirs)
        await first.commit()
        second.put(replace(theirs, organisation=ACME, name="Ours"))
        await second.commit()
        assert [row["name"] for row in await rows(store, people)] == ["Theirs"]

    async def test_of_several_states_the_last_counts(self, store: Store) -> None:
        new = ticket()
        work = store.work(ACME)
        work.add(new)
        work.save(replace(new, title="Second"))
        work.save(replace(new, title="Third"))
        await work.commit()
        found = await saved(store, new)
        assert (found.title, found.version) == ("Third", 1)

    async def test_rows_of_another_organisation_cannot_be_stated(self, store: Store) -> None:
        with pytest.raises(ValueError, match="another organisation"):
            store.work(ACME).add(ticket(organisation=OTHER))


class TestNumbers:
    async def test_two_hundred_at_once_are_unique_and_without_gaps(self, store: Store) -> None:
        answers = await asyncio.gather(*(report(store, f"k{n}") for n in range(200)))
        assert sorted(number for _, _, number in answers) == list(range(1, 201))
        assert {(await saved(store, row)).number for row, _, _ in answers[:3]} == {number for _, _, number in answers[:3]}

    async def test_they_rise_and_each_organisation_has_its_own(self, store: Store) -> None:
        ours = [(await report(store))[2] for _ in range(3)]
        theirs = [(await report(store, organisation=OTHER))[2] for _ in range(2)]
        assert (ours, theirs) == ([1, 2, 3], [1, 2])

    async def test_several_in_one_unit(self, store: Store) -> None:
        pair = ticket(), ticket()
        work = store.work(ACME)
        work.add(*pair)
        await work.commit()
        assert [work.number(one.id) for one in pair] == [1, 2]

    async def test_replicas_share_them(self, open_store: Callable[[], Store]) -> None:
        replicas = [open_store(), open_store()]
        answers = await asyncio.gather(*(report(replicas[n % 2], f"k{n}") for n in range(60)))
        assert sorted(number for _, _, number in answers) == list(range(1, 61))


class TestGroups:
    async def test_one_bad_unit_fails_alone(self, store: Store) -> None:
        async def bad() -> None:
            work = store.work(ACME, "bad")
            work.add(ticket(title=None))
            await work.commit()

        answers = await asyncio.gather(
            *(report(store, f"k{n}") for n in range(10)), bad(), *(report(store, f"l{n}") for n in range(10)), return_exceptions=True
        )
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        assert len(failed) == 1
        assert not isinstance(failed[0], Conflict)
        assert await many(store, tickets) == 20

    async def test_a_key_that_somebody_took_is_a_conflict(self, store: Store) -> None:
        async def join(name: str) -> None:
            work = store.work(ACME)
            work.add(person(name=name))
            await work.commit()

        answers = await asyncio.gather(join("Ana"), join("Ana again"), return_exceptions=True)
        assert [type(answer) for answer in answers] == [type(None), Conflict]
        assert await many(store, people) == 1

    async def test_a_caller_who_leaves_does_not_hurt_the_others(self, store: Store) -> None:
        tasks = [asyncio.create_task(report(store, f"k{n}")) for n in range(20)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])
        assert all(not isinstance(answer, BaseException) and answer[1] for answer in answers[1::2])

    async def test_a_caller_who_leaves_while_it_is_written(self, sqlite_url: str) -> None:
        store = Store(open_database(sqlite_url), SUBSCRIBERS, lambda: NOW)
        free = threading.Event()
        holding = asyncio.create_task(store.database.write(lambda _: free.wait(60)))
        first, second = (asyncio.create_task(report(store, f"k{n}")) for n in range(2))
        await asyncio.sleep(0.05)  # by now the first is with the writer, which is held up
        first.cancel()
        free.set()
        assert (await second)[1]
        assert await holding
        assert await many(store, tickets) == 2
        await store.close()

    async def test_closing_writes_what_was_taken(self, open_store: Callable[[], Store]) -> None:
        store, other = open_store(), open_store()
        tasks = [asyncio.create_task(report(store, f"k{n}")) for n in range(20)]
        await asyncio.sleep(0)
        await store.close()
        await asyncio.gather(*tasks)
        assert await many(other, tickets) == 20

    async def test_a_closed_store_takes_nothing(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        await store.close()
        with pytest.raises(RuntimeError):
            await report(store)

    async def test_the_pump_is_woken_once_for_each_group(self, store: Store) -> None:
        woken: list[bool] = []
        store.database.committed = woken.append
        await store.work(ACME, "quiet").commit()
        await report(store)
        assert woken == [False, True]


class TestOutbox:
    async def test_a_report_goes_to_each_subscriber_and_redraws_nothing(self, store: Store) -> None:
        new, _, _ = await report(store)
        found = [(row["kind"], row["name"], row["subscriber"], row["lane"], row["key"]) for row in await rows(store, outbox)]
        assert found == [
            ("event", "ticket.reported", "posts", f"{new.subject}:posts", None),
            ("event", "ticket.reported", "routing", f"{new.subject}:routing", None),
        ]
        assert (await rows(store, outbox))[0]["payload"] == {"queue": "facilities"}

    async def test_the_history_says_who_did_what_where(self, store: Store) -> None:
        new, _, _ = await report(store)
        (line,) = await rows(store, history)
        assert (line["subject"], line["actor"], line["where"], line["kind"], line["at"]) == (
            new.subject,
            ANA,
            "slack/T1/C1",
            "ticket.reported",
            NOW,
        )

    async def test_redraws_of_one_ticket_coalesce_while_undone(self, store: Store) -> None:
        new, _, _ = await report(store)
        for _ in range(3):
            await noted(store, new)
        (changed,) = await redraws(store)
        assert (changed["stamp"], changed["lane"], changed["key"]) == (3, f"{new.subject}:posts", f"changed:{new.subject}:posts")

    async def test_redraws_of_one_ticket_coalesce_in_one_group(self, store: Store) -> None:
        new, _, _ = await report(store)
        await asyncio.gather(*(noted(store, new) for _ in range(5)))
        assert len(await redraws(store)) == 1

    async def test_a_finished_row_is_done_with_the_commit(self, store: Store) -> None:
        await report(store)
        first = (await rows(store, outbox))[0]
        work = store.work(ACME, "event:1")
        work.finish(first["seq"], first["stamp"])
        await work.commit()
        assert (await rows(store, outbox))[0]["done_at"] == NOW

    async def test_a_row_that_was_asked_for_again_meanwhile_runs_again(self, store: Store) -> None:
        new, _, _ = await report(store)
        await noted(store, new)
        (changed,) = await redraws(store)
        await noted(store, new)
        finish = store.work(ACME)
        finish.finish(changed["seq"], changed["stamp"])
        await finish.commit()
        (row,) = await redraws(store)
        assert (row["seq"], row["done_at"], row["leased_until"], row["stamp"]) == (changed["seq"], None, None, 2)

    async def test_finishing_and_asking_again_in_one_unit(self, store: Store) -> None:
        new, _, _ = await report(store)
        await noted(store, new)
        (changed,) = await redraws(store)
        work = store.work(ACME)
        work.tell(Event("ticket.noted", new.subject, ACME))
        work.finish(changed["seq"], changed["stamp"])
        await work.commit()
        assert [row["done_at"] for row in await redraws(store)] == [None]

    async def test_after_it_is_done_a_key_makes_a_new_row(self, store: Store) -> None:
        at, new = place(), ticket()
        card = post(new, at)
        for turn in range(2):
            work = store.work(ACME)
            work.deliver(card)
            await work.commit()
            (row,) = [row for row in await rows(store, outbox) if row["done_at"] is None]
            assert (row["kind"], row["name"], row["lane"], row["payload"]) == ("deliver", "post", f"place:{at.id}", {"post": card.id})
            assert await many(store, outbox) == turn + 1
            done = store.work(ACME)
            done.finish(row["seq"], row["stamp"])
            await done.commit()

    async def test_a_timer_waits_until_it_is_due(self, store: Store) -> None:
        work = store.work(ACME)
        work.at(NOW + timedelta(days=3), "ticket.close_due", "ticket:1", {"version": 4})
        await work.commit()
        (row,) = await rows(store, outbox)
        assert (row["kind"], row["name"], row["due_at"], row["payload"]) == (
            "timer",
            "ticket.close_due",
            NOW + timedelta(days=3),
            {"version": 4},
        )

    async def test_a_person_is_told_the_same_thing_once(self, store: Store) -> None:
        for version in (1, 1, 2):
            work = store.work(ACME)
            work.notify(ANA, "ticket:1", "resolved", version)
            await work.commit()
        told = await rows(store, notices)
        sent = await rows(store, outbox)
        assert [row["version"] for row in told] == [1, 2]
        assert [(row["subject"], row["lane"]) for row in sent] == [(f"notice:{row['id']}", f"person:{ANA}") for row in told]

    async def test_told_twice_in_one_group(self, store: Store) -> None:
        async def tell() -> None:
            work = store.work(ACME)
            work.notify(ANA, "ticket:1", "resolved", 1)
            await work.commit()

        await asyncio.gather(*(tell() for _ in range(5)))
        assert (await many(store, notices), await many(store, outbox)) == (1, 1)


class TestRows:
    async def test_everything_that_can_be_added_comes_back_the_same(self, store: Store) -> None:
        new, on = ticket(fields={"a": "ü🙂"}, minutes=5, score=4, site="hq"), wait(ticket())
        on = replace(on, ticket=new.id)
        work = store.work(ACME)
        work.add(new, on, affected(new, BOB))
        await work.commit()
        file = await store.tickets.file(DESK, new.id)
        assert file is not None
        assert (file.ticket, file.waits) == (replace(new, number=1), (on,))
        assert [one.person for one in file.affected] == [BOB]

    async def test_the_character_zero_hurts_nobody(self, store: Store) -> None:
        new = ticket(body="a\x00b \\u0000 c\\\x00")
        work = store.work(ACME)
        work.add(new)
        await work.commit()
        assert (await saved(store, new)).body.replace("\x00", "") == "ab \\u0000 c\\"

    async def test_joining_an_account_to_another_person(self, store: Store) -> None:
        first, second, account = person(), person(email="b@acme.test"), Account("slack", "T1", "U1")

        async def join(who: Person) -> Person | None:
            work = store.work(ACME)
            work.put(who)
            work.join(account, who.id)
            await work.commit()
            return await store.people.of_account(account)

        assert await join(first) == first
        assert await join(second) == second
