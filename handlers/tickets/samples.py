"""Every card of a ticket with example data: what reviewers look at, and what keeps the renderers alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from handlers.cards import Card, Quote, Sample
from handlers.core import Affected, Attached, Comment, FileState, Impact, Offer, Outcome, Person, Priority, Status, Ticket, Wait
from handlers.frozen import replace
from handlers.office.model import Office
from handlers.office.rows import from_rows, to_rows
from handlers.ports import File
from handlers.tickets import cards, lists, telling, vendor_cards
from handlers.tickets.model import FIELDS
from handlers.tickets.sheet import Sheet
from handlers.words import say

NOW = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
POLICY = {
    "office": {
        "key": "acme",
        "name": "Acme Ltd",
        "time_zone": "America/Los_Angeles",
        "currency": "USD",
        "language": "en",
        "owner": "ada@acme.example",
    },
    "people": [{"email": f"{name.lower()}@acme.example", "name": name} for name in ("Ada", "Ana", "Bob", "Cy")],
    "queues": [
        {"key": "building", "name": "Building desk", "people": ["bob@acme.example"]},
        {"key": "money", "name": "Finance", "people": ["cy@acme.example"]},
    ],
    "vendors": [{"key": "sparks", "name": "Sparks Ltd"}],
    "fields": [{"key": "amount", "kind": "money", "label": "About how much?"}],
    "categories": [
        {"key": "facilities.electrical", "label": "Electrical", "queue": "building"},
        {"key": "procurement", "label": "Procurement", "queue": "money", "ask": ["amount"]},
    ],
}
ANA, BOB, JOE = Person("p-ana", "acme", "Ana"), Person("p-bob", "acme", "Bob"), Person("p-joe", "acme", "Joe", vendor="sparks")
HOSTILE = "<!channel> *_~`& \u202ereversed\u202c 😀"


def office() -> Office:
    return from_rows("acme", 1, to_rows(POLICY))


def ticket() -> Ticket:
    return Ticket(
        id="t1",
        organisation="acme",
        title="light above my desk flickering",
        body="light above my desk flickering",
        category="facilities.electrical",
        queue="building",
        requester=ANA.id,
        created_at=NOW,
        updated_at=NOW,
        number=142,
        spot="2nd floor",
        respond_due=NOW + timedelta(hours=4),
        resolve_due=NOW + timedelta(days=3),
    )


def _sheet(
    one: Ticket,
    *waits: Wait,
    comments: tuple[Comment, ...] = (),
    affected: tuple[Affected, ...] = (),
    files: tuple[Attached, ...] = (),
    links: Mapping[str, str] | None = None,
    offers: tuple[Offer, ...] = (),
) -> Sheet:
    people = {one.id: one for one in (ANA, BOB, JOE)}
    file = File(one, waits=waits, offers=offers, affected=affected)
    return Sheet(office(), file, people, NOW + timedelta(hours=2), comments, files, links or {})


def file(name: str, mime: str, state: FileState = "kept", comment: str | None = None, size: int = 1_234_567) -> Attached:
    content, link = "c" * 64 if state == "kept" else "", f"https://acme.slack.com/files/U1/F1/{quote(name)}"
    return Attached(name, "acme", "t1", comment, name, mime, size, NOW, "slack", "T1", "D1", "F1", link, state, content)


def samples() -> tuple[Sample, ...]:
    new = ticket()
    taken = replace(new, status=Status.in_progress, assignee=BOB.id, responded_at=NOW)
    resolved = replace(
        taken,
        status=Status.resolved,
        resolution="Socket replaced",
        resolved_by=BOB.id,
        resolved_at=NOW + timedelta(hours=1),
        minutes=45,
        cost="120",
    )
    closed = replace(resolved, status=Status.closed, outcome=Outcome.confirmed, closed_at=NOW + timedelta(hours=2))
    unsure = replace(
        new,
        category="unsorted",
        queue="front-desk",
        sure=False,
        slowed=40,
        title=HOSTILE,
        body=f"{HOSTILE}\nsecond line",
        visibility="queue",
    )
    buying = replace(new, category="procurement", queue="money", title="a chair")
    held = Wait("w1", "acme", "t1", "date", NOW, due=NOW + timedelta(days=2), note="the part comes then")
    asked = Wait("w2", "acme", "t1", "requester", NOW, on=ANA.id, note="Which lamp?")
    missing = Wait("w3", "acme", "t1", "requester", NOW, on=ANA.id, note=FIELDS)
    spoken = Comment("c1", "acme", "t1", ANA.id, NOW, "it is worse in the morning", frozenset({"requester", "inside"}))
    many = tuple(Affected(f"a{n}", "acme", "t1", f"p{n}", 100, NOW) for n in range(3))
    lamp, plan = file("lamp.jpg", "image/jpeg"), file("plan.pdf", "application/pdf", "coming", size=42_000)
    lost = (
        file("floor.mov", "video/quicktime", "large"),
        file("notes.txt", "text/plain", "closed"),
        file("budget", "", "elsewhere"),
        file(HOSTILE, "image/png", "gone"),
    )
    sent = replace(spoken, id="c2", text="")
    shot = file("<!channel> & co.png", "image/png", comment="c2")
    urgent = replace(new, priority=Priority.urgent, impact=Impact.everyone, slowed=100)
    linked = replace(_sheet(taken), link="https://desk.example.com/t/0199aaaabbbbccccddddeeeeffff0000")
    named = {
        "answer": cards.answer(_sheet(new)),
        "answer, unsure and private": cards.answer(_sheet(unsure), ["facilities.electrical", "procurement"]),
        "answer, something missing": cards.answer(_sheet(buying, missing)),
        "channel, new": cards.channel(_sheet(new)),
        "channel, urgent and three people": cards.channel(_sheet(urgent, affected=many)),
        "channel, in progress": cards.channel(_sheet(taken)),
        "channel, on hold": cards.channel(_sheet(taken, held)),
        "channel, asked": cards.channel(_sheet(taken, asked)),
        "channel, hostile words": cards.channel(_sheet(unsure)),
        "channel, fixed": cards.channel(_sheet(resolved)),
        "channel, confirmed": cards.channel(_sheet(closed)),
        "channel, moved on": cards.elsewhere(_sheet(new)),
        "detail, agent": cards.detail(_sheet(taken, comments=(spoken,)), BOB.id, True),
        "detail, requester": cards.detail(_sheet(resolved, comments=(spoken,)), ANA.id, False),
        "fixed?": telling.fixed(_sheet(resolved)),
        "fixed, how was it": telling.fixed(_sheet(closed)),
        "fixed, scored": telling.fixed(_sheet(replace(closed, score=5))),
        "fixed, silence": telling.fixed(_sheet(replace(closed, outcome=Outcome.unconfirmed))),
        "question": telling.question(_sheet(taken, asked)),
        "question, settled": telling.question(_sheet(taken)),
        "news": telling.told(_sheet(taken), say("{who} is on it.", who="Bob")),
        "news, declined": telling.told(
            _sheet(replace(new, resolution="We rent this lamp.")), say("it was declined."), Quote("We rent this lamp.")
        ),
        "comment": telling.commented(_sheet(taken, comments=(spoken,)), spoken),
        "mentioned": telling.mentioned(_sheet(taken, comments=(spoken,)), spoken, True),
        "mentioned, in a private report": telling.mentioned(_sheet(unsure), None, False),
        "comment, in the thread": telling.in_thread(_sheet(taken, comments=(spoken,)), spoken),
        "answer, with files": cards.answer(_sheet(new, files=(lamp, plan, *lost[:1]))),
        "channel, with files": cards.channel(_sheet(new, files=(lamp, plan))),
        "channel, files not kept": cards.channel(_sheet(taken, files=lost)),
        "detail, files under links of one's own": cards.detail(
            _sheet(taken, comments=(spoken, sent), files=(lamp, shot), links={lamp.id: "https://desk.example.com/f/signed"}), ANA.id, False
        ),
        "comment, files alone": telling.commented(_sheet(taken, comments=(sent,), files=(shot,)), sent),
        "comment, in the thread with files": telling.in_thread(_sheet(taken, comments=(sent,), files=(shot,)), sent),
        "link": cards.address(linked),
        "linked, in progress": cards.linked(_sheet(taken)),
        "linked, on hold": cards.linked(_sheet(taken, held)),
        "linked, fixed": cards.linked(_sheet(resolved)),
        "linked, closed": cards.linked(_sheet(closed)),
        "channel, with a link": cards.channel(linked),
        "detail, with a link": cards.detail(linked, ANA.id, False),
        "list": lists.listed(lists.Some([_sheet(new), _sheet(taken)], 14), lists.OWN, lists.NONE_OF_ONES_OWN),
        "home": lists.home(
            lists.Some([_sheet(resolved), _sheet(taken, asked), _sheet(buying, missing)], 3),
            lists.Some([_sheet(new), _sheet(taken)], 14),
            lists.Some([_sheet(urgent)], 1),
        ),
        "home, nothing to see": lists.home(lists.Some([], 0), lists.Some([], 0), None),
    }
    return tuple(Sample(name, card) for name, card in {**named, **_with_vendors(new, taken, resolved, spoken, lamp)}.items())


def _with_vendors(new: Ticket, taken: Ticket, resolved: Ticket, spoken: Comment, lamp: Attached) -> Mapping[str, Card]:
    """What the people of a vendor see, and the office of what is with a vendor."""
    made = Offer("o1", "acme", "t1", "sparks", NOW, NOW + timedelta(hours=4), offered_by=BOB.id, note="The ladder is in the hall.")
    claimed = replace(made, claimed_by=JOE.id, claimed_at=NOW + timedelta(minutes=2))
    working = replace(new, status=Status.in_progress, responded_at=NOW)
    both = {"offered": (new, made), "claimed": (working, claimed), "done": (replace(resolved, assignee=None, resolved_by=JOE.id), claimed)}
    hostile = replace(new, title=HOSTILE, body=f"{HOSTILE}\nsecond line")

    def theirs(ticket: Ticket, offer: Offer, *waits: Wait, private: bool = False, **more: Any) -> Card:
        return vendor_cards.channel(_sheet(ticket, *waits, offers=(offer,), **more), offer, "private" if private else "shared")

    return {
        **{f"vendor, {name}": theirs(*one) for name, one in both.items()},
        **{f"channel, {name} by a vendor": cards.channel(_sheet(one, offers=(offer,))) for name, (one, offer) in both.items()},
        "vendor, with a picture, words among themselves": theirs(new, made, private=True, files=(lamp,)),
        "vendor, hostile words": theirs(hostile, replace(made, note=HOSTILE)),
        "vendor, taken back": theirs(taken, replace(claimed, ended_at=NOW, end="withdrawn")),
        "vendor, looked up": vendor_cards.detail(_sheet(working, offers=(claimed,), comments=(spoken,)), claimed),
        "vendor, list": vendor_cards.offered(lists.Some([_sheet(new, offers=(made,))], 1), "Sparks Ltd", "Acme Ltd"),
        "vendor, nothing to do": vendor_cards.offered(lists.Some([], 0), "Sparks Ltd", "Acme Ltd"),
    }
