"""The outbox on both databases: whose turn it is, and what becomes of a row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import Connection, insert, select, update

from storage.database import Database, open_database
from storage.leasing import ROUND, WINDOW, Leased, lease
from storage.outbox import Outbox, dead, finish, next_due, sweep
from storage.tables import heard, outbox
from tests.conftest import NOW
from tests.storage.outbox_rows import everything, lanes, read, row, write
from tests.storage.samples import ACME, OTHER

MACHINE = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)  # far from business time: mixing them up must show
SECOND = timedelta(seconds=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = open_database(database_url, readers=2)
    yield database
    await database.close()


async def leased(database: Database, limit: int = 100, machine: datetime = MACHINE, now: datetime = NOW) -> list[Leased]:
    return await database.write(lease, now, machine, limit, 60)


async def seqs(database: Database, limit: int = 100, machine: datetime = MACHINE, now: datetime = NOW) -> list[int]:
    return [found.seq for found in await leased(database, limit, machine, now)]


def coalesce(connection: Connection, seq: int) -> None:
    connection.execute(update(outbox).where(outbox.c.seq == seq).values(stamp=outbox.c.stamp + 1))


class TestWhoseTurn:
    async def test_the_first_of_each_lane(self, database: Database) -> None:
        await lanes(database, "a", "a", "b", "a", "c", "b")
        assert await seqs(database) == [1, 3, 5]
        assert await seqs(database) == []

    async def test_the_lane_goes_on_when_its_first_is_done(self, database: Database) -> None:
        await lanes(database, "a", "a", "b")
        first = await leased(database)
        assert await database.write(finish, [(first[0].seq, first[0].stamp)], NOW) == [1]
        assert await seqs(database) == [2]
        assert (await read(database, 1))["done_at"] == NOW

    async def test_a_row_that_is_not_due_yet_keeps_nobody_waiting(self, database: Database) -> None:
        await write(database, [row("a", NOW + SECOND), row("a")])
        assert await seqs(database) == [2]
        await database.write(finish, [(2, 1)], NOW)
        assert await seqs(database) == []
        assert await seqs(database, now=NOW + SECOND) == [1]

    async def test_no_more_than_asked_for(self, database: Database) -> None:
        await lanes(database, *"abcdefg")
        assert await seqs(database, limit=3) == [1, 2, 3]
        assert await seqs(database, limit=3) == [4, 5, 6]

    async def test_what_is_leased_tells_all_about_it(self, database: Database) -> None:
        await write(database, [row("a", kind="deliver", stamp=4)])
        (found,) = await leased(database)
        assert (found.kind, found.payload, found.stamp, found.tries) == ("deliver", {"words": "private"}, 4, 1)
        assert found.leased_until == MACHINE + timedelta(seconds=60)
        assert found.due_at == NOW

    async def test_a_lease_that_ran_out_is_taken_again(self, database: Database) -> None:
        await lanes(database, "a", "a")
        assert await seqs(database) == [1]
        assert await seqs(database, machine=MACHINE + 59 * SECOND) == []
        (again,) = await leased(database, machine=MACHINE + 61 * SECOND)
        assert (again.seq, again.tries) == (1, 2)


class TestAfterwards:
    async def test_a_failed_first_keeps_its_lane_closed_and_others_go_on(self, database: Database) -> None:
        await lanes(database, "a", "a", "b")
        await leased(database)
        await Outbox(database).retry(1, MACHINE + 10 * SECOND, "Timeout", count=True)
        await database.write(finish, [(3, 1)], NOW)
        await lanes(database, "b")
        assert await seqs(database, machine=MACHINE + SECOND) == [4]
        (again,) = await leased(database, machine=MACHINE + 11 * SECOND)
        assert (again.seq, again.tries) == (1, 2)
        assert (await read(database, 1))["last_error"] == "Timeout"

    async def test_a_try_that_does_not_count(self, database: Database) -> None:
        await lanes(database, "a")
        await leased(database)
        await Outbox(database).retry(1, MACHINE + SECOND, "waits", count=False)
        assert (await read(database, 1))["tries"] == 0

    async def test_coalesced_while_running_it_runs_again(self, database: Database) -> None:
        await lanes(database, "a", "b")
        await leased(database)
        await database.write(coalesce, 1)
        assert sorted(await database.write(finish, [(1, 1), (2, 1)], NOW)) == [1, 2]
        (again,) = await leased(database)
        assert (again.seq, again.stamp, again.tries) == (1, 2, 1)

    async def test_released_rows_were_never_leased(self, database: Database) -> None:
        await lanes(database, "a", "b", "c")
        await leased(database)
        await Outbox(database).release([1, 3])
        again = await leased(database)
        assert [(found.seq, found.tries) for found in again] == [(1, 1), (3, 1)]

    async def test_finishing_twice_changes_nothing(self, database: Database) -> None:
        await lanes(database, "a")
        await leased(database)
        await Outbox(database).finish([(1, 1)], NOW)
        await Outbox(database).finish([(1, 1)], NOW + SECOND)
        assert (await read(database, 1))["done_at"] == NOW


class TestDead:
    async def test_a_buried_row_lets_its_lane_and_its_key_go(self, database: Database) -> None:
        await write(database, [row("a", key="post:1"), row("a")])
        await leased(database)
        await Outbox(database).bury(1, "channel_not_found", NOW)
        assert await seqs(database) == [2]
        await write(database, [row("a", key="post:1")])  # unique while undone
        (found,) = await database.read(dead, ACME)
        assert (found.seq, found.error, found.tries, found.dead_at) == (1, "channel_not_found", 1, NOW)
        assert await database.read(dead, OTHER) == []

    async def test_a_revived_row_runs_again_in_its_place(self, database: Database) -> None:
        await write(database, [row("a", key="post:1"), row("a", key="post:2")])
        box = Outbox(database)
        await box.bury(1, "gone", NOW)
        await write(database, [row("a", key="post:1")])
        assert await box.revive(1, NOW + SECOND)
        assert not await box.revive(1, NOW + SECOND)
        (found,) = await leased(database, now=NOW + SECOND)
        assert (found.seq, found.tries, found.due_at) == (1, 1, NOW + SECOND)
        assert await database.read(dead, ACME) == []


class TestFigures:
    async def test_when_the_next_one_is_due(self, database: Database) -> None:
        assert await database.read(next_due, NOW) is None
        await write(database, [row("a"), row("b", NOW + 90 * SECOND), row("c", NOW + 30 * SECOND)])
        assert await database.read(next_due, NOW) == NOW + 30 * SECOND

    async def test_depth_and_lag(self, database: Database) -> None:
        box = Outbox(database)
        assert await box.figures(NOW) == await box.figures(NOW + SECOND)
        await write(database, [row("a"), row("b", NOW + 5 * SECOND), row("c", NOW + timedelta(days=1))])
        await box.bury(1, "gone", NOW)
        await write(database, [row("a")])
        figures = await box.figures(NOW + 60 * SECOND)
        assert (figures.depth, figures.lag) == (2, 60.0)


class TestSweep:
    async def test_old_rows_go_and_nothing_else(self, database: Database) -> None:
        week, days = NOW - timedelta(days=7, seconds=1), NOW - timedelta(days=6)
        ages = [row("a", week, done_at=week), row("a", week, done_at=days), row("a", week), row("a", week, done_at=week, dead_at=week)]
        await write(database, ages)
        await database.write(hear, {"old": NOW - timedelta(hours=49), "new": NOW - timedelta(hours=47)})
        assert await Outbox(database).sweep(NOW) == 2
        assert [found["seq"] for found in await everything(database)] == [2, 3, 4]
        assert await database.read(keys) == ["new"]

    async def test_a_batch_is_bounded(self, database: Database) -> None:
        old = NOW - timedelta(days=8)
        await write(database, (row("a", old, done_at=old) for _ in range(2_500)))
        assert [await database.write(sweep, NOW) for _ in range(4)] == [1000, 1000, 500, 0]


def hear(connection: Connection, when: dict[str, datetime]) -> None:
    connection.execute(insert(heard), [{"key": key, "organisation": ACME, "at": at} for key, at in when.items()])


def keys(connection: Connection) -> list[str]:
    return list(connection.scalars(select(heard.c.key)))


class TestCrowds:
    """More is due than one look examines."""

    async def test_a_crowded_lane_hides_nobody(self, database: Database) -> None:
        await write(database, [row("crowd") for _ in range(WINDOW + 50)])
        await lanes(database, "b", "c", "b")
        box = Outbox(database)
        found = await box.lease(NOW, MACHINE, 10, 60)
        assert [each.lane for each in found.rows] == ["crowd", "b", "c"]
        assert found.more

    @pytest.mark.slow
    async def test_failing_lanes_hide_nobody(self, database: Database) -> None:
        later = MACHINE + timedelta(hours=1)
        await write(database, (row(f"failing {n}", leased_until=later) for n in range(WINDOW + ROUND + 50)))
        await lanes(database, "working")
        box = Outbox(database)
        looks = [await box.lease(NOW, MACHINE, 10, 60) for _ in range(4)]
        assert [each.lane for look in looks for each in look.rows] == ["working"]
        assert all(look.more for look in looks)

    async def test_a_short_lease_leaves_no_lane_for_the_next_round(self, database: Database) -> None:
        await write(database, [row("crowd") for _ in range(WINDOW + 1)])
        await lanes(database, *(f"lane {n:02}" for n in range(30)))
        box = Outbox(database)
        looks = [await box.lease(NOW, MACHINE, 8, 60) for _ in range(5)]
        assert sum(len(look.rows) for look in looks) == 31

    async def test_when_all_is_seen_the_next_due_is_told(self, database: Database) -> None:
        await write(database, [row("a"), row("b", NOW + 9 * SECOND)])
        found = await Outbox(database).lease(NOW, MACHINE, 10, 60)
        assert ([each.seq for each in found.rows], found.more, found.next_due) == ([1], False, NOW + 9 * SECOND)

    @pytest.mark.slow
    async def test_a_look_does_not_go_through_all_that_waits(self, database: Database) -> None:
        """An unlucky index makes a look at 30,000 rows a hundred times longer than one at 1,500, the right one leaves it as it is."""
        await write(database, [row(f"lane {n % 150}") for n in range(1_500)])
        few = await self._look(database)
        await write(database, [row(f"lane {n % 3000}") for n in range(28_500)])
        assert await self._look(database) < 10 * few

    async def _look(self, database: Database) -> float:
        """Seconds that a look takes, the best of some: the machine has other things to do as well."""
        if database.dialect == "postgresql":
            await database.write(lambda connection: connection.exec_driver_sql("ANALYZE outbox").close())
        box, took = Outbox(database), list[float]()
        for _ in range(6):
            began = perf_counter()
            assert len((await box.lease(NOW, MACHINE, 10, 60)).rows) == 10
            took.append(perf_counter() - began)
        return min(took)
