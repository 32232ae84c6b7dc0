"""Reading tickets: the lists, the search, the comments and the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.core import Event, Link, Status, Ticket, Wait
from handlers.ports import Row, Viewer
from storage.ids import new_id
from storage.store import Store
from storage.work import UnitOfWork
from tests.conftest import NOW
from tests.storage.samples import ACME, ANA, BOB, OTHER, affected, comment, offer, ticket, wait, watch

DESK = Viewer(ACME, desk=True)
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=1)
HOSTILE = (
    *('"', "'", "\\", "%", ";--", "light OR", "light AND", "NOT light", "NEAR(light desk)", "light*", "title:light", "^light", "light) ("),
    *("l&i|g!h:t", "a_b", "{light}", "-light", "\x00light", "light\ufffd", "<-> light"),
)


async def added(store: Store, *rows: Row) -> UnitOfWork:
    work = store.work(rows[0].organisation)
    work.add(*rows)
    await work.commit()
    return work


def titles(found: tuple[Ticket, ...] | list[Ticket]) -> list[str]:
    return [one.title for one in found]


class TestFile:
    async def test_it_holds_all_that_belongs_to_the_ticket(self, store: Store) -> None:
        new, other = ticket(), ticket()
        on, to, who, follower = wait(new), offer(new), affected(new), watch(new, BOB)
        link = Link(new_id(), ACME, other.id, new.id, "duplicate")
        work = await added(store, new, other, on, to, who, follower, link, wait(other), watch(other, ANA))
        file = await store.tickets.numbered(DESK, work.number(new.id))
        assert file is not None
        assert (file.ticket.id, file.waits, file.offers, file.affected) == (new.id, (on,), (to,), (who,))
        assert (file.watchers, file.links) == (frozenset({BOB}), (link,))

    async def test_who_follows_no_more_is_taken_off_and_nobody_else(self, store: Store) -> None:
        new = ticket()
        await added(store, new, watch(new, ANA), watch(new, BOB))
        for organisation, person in ((ACME, BOB), (ACME, BOB), (OTHER, ANA)):
            work = store.work(organisation)
            work.unfollow(new.id, person)
            assert await work.commit()
        file = await store.tickets.file(DESK, new.id)
        assert file is not None
        assert file.watchers == {ANA}

    async def test_numbers_are_those_of_the_viewers_organisation(self, store: Store) -> None:
        ours, theirs = ticket(), ticket(organisation=OTHER)
        await added(store, ours)
        await added(store, theirs)
        file = await store.tickets.numbered(Viewer(OTHER, desk=True), 1)
        assert file is not None
        assert file.ticket.id == theirs.id
        assert await store.tickets.numbered(DESK, 2) is None


class TestLists:
    async def test_mine_are_my_open_reports_newest_first(self, store: Store) -> None:
        mine = [ticket(title=f"Mine {n}") for n in range(3)]
        await added(
            store, *mine, ticket(status=Status.closed), ticket(requester=BOB), ticket(organisation=ACME, visibility="queue", title="Hidden")
        )
        page = await store.tickets.list(Viewer(ACME, ANA), "mine", NOW, 2)
        assert (titles(page.tickets), page.total) == (["Hidden", "Mine 2"], 4)
        assert (await store.tickets.list(Viewer(ACME), "mine", NOW, 2)).total == 0

    async def test_waiting_are_those_in_which_i_am_asked(self, store: Store) -> None:
        fixed, asked, answered, ended = (ticket(title=title) for title in ("fixed", "asked", "answered", "ended"))
        fixed, ended = replace(fixed, status=Status.resolved), replace(ended, status=Status.closed)
        theirs, held = ticket(title="theirs", requester=BOB, status=Status.resolved), ticket(title="held")
        await added(store, fixed, asked, answered, ended, theirs, held)
        work = store.work(ACME)
        work.add(
            *(Wait(new_id(), ACME, one.id, "requester", NOW, on=ANA, note="Which lamp?") for one in (asked, ended)),
            Wait(new_id(), ACME, answered.id, "requester", NOW, on=ANA, note="Which lamp?", ended_at=NOW),
            Wait(new_id(), ACME, held.id, "date", NOW, due=NOW + HOUR),
        )
        await work.commit()
        page = await store.tickets.list(Viewer(ACME, ANA), "waiting", NOW, 10)
        assert (titles(page.tickets), page.total) == (["asked", "fixed"], 2)
        assert (await store.tickets.list(Viewer(ACME), "waiting", NOW, 2)).total == 0

    async def test_the_queue_soonest_first_and_those_without_a_date_last(self, store: Store) -> None:
        await added(
            store,
            ticket(title="never", resolve_due=None),
            ticket(title="late", resolve_due=NOW + 5 * HOUR),
            ticket(title="soon", resolve_due=NOW + HOUR),
            ticket(title="elsewhere", queue="it"),
            ticket(title="done", status=Status.closed),
        )
        agent = Viewer(ACME, BOB, frozenset({"facilities", "hr"}))
        assert titles((await store.tickets.list(agent, "queue", NOW, 10)).tickets) == ["soon", "late", "never"]

    async def test_late_is_past_a_due_moment_and_not_yet_resolved(self, store: Store) -> None:
        await added(
            store,
            ticket(title="unanswered", respond_due=NOW - HOUR),
            ticket(title="answered", respond_due=NOW - HOUR, responded_at=NOW - 2 * HOUR),
            ticket(title="unresolved", responded_at=NOW, resolve_due=NOW - HOUR),
            ticket(title="resolved", resolve_due=NOW - HOUR, status=Status.resolved, resolved_at=NOW),
            ticket(title="closed", resolve_due=NOW - HOUR, status=Status.closed),
        )
        page = await store.tickets.list(DESK, "late", NOW, 10)
        assert titles(page.tickets) == ["unresolved", "unanswered"]

    async def test_a_total_is_counted_up_to_a_thousand(self, store: Store) -> None:
        await added(store, *(ticket() for _ in range(1005)))
        page = await store.tickets.find(DESK, "light", 10)
        assert (len(page.tickets), page.total) == (10, 1000)

    async def test_neglected_is_unanswered_in_time_or_given_back_and_late(self, store: Store) -> None:
        lost, held, sent = (ticket(title=title, respond_due=NOW - HOUR) for title in ("lost", "held", "sent"))
        await added(
            store,
            lost,
            ticket(title="lost longer", respond_due=NOW - 2 * HOUR),
            ticket(title="given, not answered", respond_due=NOW - HOUR / 2, assignee=BOB),
            ticket(title="at work", respond_due=NOW - HOUR, responded_at=NOW - 2 * HOUR, assignee=BOB, resolve_due=NOW - HOUR),
            ticket(title="given back", respond_due=NOW - HOUR / 3, responded_at=NOW - HOUR, resolve_due=NOW - HOUR / 4),
            ticket(title="in time"),
            held,
            wait(held),
            sent,
            offer(sent),
        )
        found = ["lost longer", "lost", "given, not answered", "given back"]
        assert titles(list(await store.tickets.neglected(DESK, NOW, 10))) == found
        work = store.work(ACME)
        work.add(wait(lost, ended_at=NOW), offer(lost, ended_at=NOW))
        await work.commit()
        assert titles(list(await store.tickets.neglected(DESK, NOW, 10))) == found
        told = store.work(ACME)
        told.notify(BOB, f"ticket:{lost.id}", "late", 0)
        await told.commit()
        assert titles(list(await store.tickets.neglected(DESK, NOW, 10))) == [title for title in found if title != "lost"]

    async def test_the_latest_report_of_a_person(self, store: Store) -> None:
        await added(store, ticket(title="old", created_at=NOW - HOUR), ticket(title="new"), ticket(requester=BOB, title="Bob's"))
        found = await store.tickets.latest_by(DESK, ANA, NOW - HOUR / 6)
        assert found is not None
        assert found.title == "new"
        assert await store.tickets.latest_by(DESK, ANA, NOW + HOUR) is None


class TestFind:
    async def test_every_word_in_title_or_body_newest_first(self, store: Store) -> None:
        await added(
            store,
            ticket(title="Printer jams", body="It eats paper on the third floor"),
            ticket(title="Paper", body="The printer/scanner is out of it (again)."),
            ticket(title="Printer", body="No toner"),
        )
        assert titles((await store.tickets.find(DESK, "PAPER printer", 10)).tickets) == ["Paper", "Printer jams"]
        assert titles((await store.tickets.find(DESK, "scanner", 10)).tickets) == ["Paper"]
        assert (await store.tickets.find(DESK, "pap", 10)).total == 0

    async def test_changed_words_are_found_and_the_old_ones_are_not(self, store: Store) -> None:
        new = ticket(title="Light flickers", body="")
        await added(store, new)
        work = store.work(ACME)
        work.save(replace(new, title="Lamp buzzes", status=Status.in_progress))
        await work.commit()
        assert (await store.tickets.find(DESK, "flickers", 10)).total == 0
        assert titles((await store.tickets.find(DESK, "lamp", 10)).tickets) == ["Lamp buzzes"]

    async def test_other_organisations_are_not_searched(self, store: Store) -> None:
        await added(store, ticket(organisation=OTHER))
        assert (await store.tickets.find(DESK, "light", 10)).total == 0

    async def test_letters_of_any_script(self, store: Store) -> None:
        await added(store, ticket(title="Kühlschrank läuft aus", body="תנור שבור — плита не работает 🔥"))
        for words in ("kühlschrank", "תנור", "плита", "läuft שבור"):
            assert (await store.tickets.find(DESK, words, 10)).total == 1, words

    async def test_syntax_is_only_words(self, store: Store) -> None:
        await added(store, ticket(title="Light and near or not: title", body="desk a b l i g h t"))
        for typed in HOSTILE:
            page = await store.tickets.find(DESK, typed, 10)
            assert page.total == (1 if any(letter.isalnum() for letter in typed) else 0), typed

    async def test_nothing_typed_finds_nothing(self, store: Store) -> None:
        await added(store, ticket())
        assert (await store.tickets.find(DESK, " ?! ", 10)).tickets == ()

    async def test_a_very_long_body_and_a_very_long_question(self, store: Store) -> None:
        await added(store, ticket(title="Long", body=" ".join(f"word{n}" for n in range(200_000))))
        assert (await store.tickets.find(DESK, "word7 " * 5000, 10)).total == 1


class TestWords:
    async def test_comments_latest_oldest_first_and_without_the_deleted(self, store: Store) -> None:
        new = ticket()
        said = [comment(new, "requester", "inside", at=NOW + n * HOUR, text=str(n)) for n in range(5)]
        gone = comment(new, "requester", at=LATER, deleted_at=LATER)
        await added(store, new, *said, gone)
        found = await store.tickets.comments(Viewer(ACME, ANA), new.id, 3)
        assert [one.text for one in found] == ["2", "3", "4"]
        assert found[0] == said[2]
        assert await store.tickets.comment(Viewer(ACME, ANA), gone.id) == gone

    async def test_history_latest_oldest_first_for_those_who_see_the_subject(self, store: Store) -> None:
        new = ticket(visibility="queue")
        work = store.work(ACME)
        work.add(new)
        for kind in ("ticket.reported", "ticket.taken", "ticket.resolved"):
            work.tell(Event(kind, new.subject, ACME, {"by": kind}), BOB)
        work.tell(Event("office.changed", f"office:{ACME}", ACME))
        await work.commit()
        found = await store.tickets.history(Viewer(ACME, ANA), new.subject, 2)
        assert [(line.kind, line.actor, line.data) for line in found] == [
            ("ticket.taken", BOB, {"by": "ticket.taken"}),
            ("ticket.resolved", BOB, {"by": "ticket.resolved"}),
        ]
        assert await store.tickets.history(Viewer(ACME, BOB), new.subject, 2) == []
        assert await store.tickets.history(Viewer(ACME, ANA), f"office:{ACME}", 2) == []
        assert len(await store.tickets.history(DESK, f"office:{ACME}", 2)) == 1

    async def test_the_history_of_a_comment_is_for_its_readers(self, store: Store) -> None:
        new = ticket()
        note = comment(new, "inside", author=BOB)
        work = store.work(ACME)
        work.add(new, note)
        work.tell(Event("comment.added", note.subject, ACME))
        await work.commit()
        assert await store.tickets.history(Viewer(ACME, ANA), note.subject, 2) == []
        assert len(await store.tickets.history(Viewer(ACME, BOB), note.subject, 2)) == 1
