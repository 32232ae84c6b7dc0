"""The policy, the channels and the workspaces of vendors change while tickets are offered: nothing waits where nobody reads."""

from __future__ import annotations

from typing import Any

from bot import offices
from handlers.core import Chat, Place, Where
from handlers.notices import places
from handlers.office.model import Office
from storage.ids import new_id
from storage.installations import Installation
from tests.example import example_document
from tests.handlers.harness import Colleague, Desk, text
from tests.handlers.tickets.test_vendor import LIGHT, offer_of

OURS, MSP = "T0OURS", "T0MSP"
QUEUE = "building"


async def installed(desk: Desk, workspace: str, vendor: str | None = None, chat: Chat = "slack") -> None:
    await desk.port.store.installations.put(Installation(new_id(), desk.office.organisation, chat, workspace, desk.clock.now, vendor))
    await offices.settle(desk.port.store, await desk.port.office(desk.office.organisation), desk.clock.now)
    await later(desk)


async def applied(desk: Desk, *addresses: str, queue: str = "", vendor: bool = True) -> Office:
    """The policy with these channels of Northwind (in Slack), and with one of the building desk."""
    document = example_document()
    document["office"] = {**document["office"], "key": "acme", "name": "Acme Ltd"}
    for one in document["queues"]:
        one["channel"] = {"slack": queue} if queue and one["key"] == QUEUE else {}
    northwind = next(one for one in document["vendors"] if one["key"] == "northwind")
    northwind["places"] = [{"slack": address} for address in addresses]
    if not vendor:
        _without(document, "northwind")
    store, now = desk.port.store, desk.clock.now
    office = await offices.apply(store, await offices.plan(store, document, now, prune=True), now)
    await later(desk)
    return office


def _without(document: dict[str, Any], vendor: str) -> None:
    document["vendors"] = [one for one in document["vendors"] if one["key"] != vendor]
    for section in ("contracts", "subscriptions"):
        document[section] = [one for one in document.get(section, []) if one.get("vendor") != vendor]
    for policy in document["escalations"]:
        policy["steps"] = [step for step in policy["steps"] if vendor not in str(step["to"])]


async def later(desk: Desk) -> None:
    """When every replica knows."""
    desk.clock.move(minutes=2)
    await desk.settle()


async def sent(desk: Desk, ana: Colleague, bob: Colleague) -> tuple[str, Colleague]:
    """Ana's light is with Northwind, where Dee has it."""
    subject, dee = await ana.reports(LIGHT), await desk.technician("dee")
    await bob.submit("ticket.offer", subject, vendor="northwind")
    await desk.settle()
    await dee.press("ticket.claim", subject)
    await desk.settle()
    return subject, dee


def standing(desk: Desk, channel: str) -> list[str]:
    return [text(one.card) for one in desk.shown.values() if one.place.channel == channel]


async def at(desk: Desk, workspace: str, channel: str) -> Place | None:
    return await desk.port.places.at(desk.office.organisation, Where("slack", workspace, channel))


async def test_a_vendor_with_another_channel_has_its_tickets_there(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await installed(desk, MSP, "northwind")
    await applied(desk, "C1")
    subject, dee = await sent(desk, ana, bob)
    await ana.submit("ticket.comment", subject, text="the blue desk")
    await desk.settle()
    await applied(desk, "C2")
    assert standing(desk, "C1")[0] == "#1 of Acme Ltd is not shown here any more."
    assert LIGHT in standing(desk, "C2")[0]
    await ana.submit("ticket.comment", subject, text="zebra")
    await dee.submit("ticket.resolve", subject, what="changed the tube")
    await desk.settle()
    assert "zebra" not in "".join(standing(desk, "C1"))
    assert "zebra" in "".join(standing(desk, "C2"))


async def test_nothing_of_the_office_is_shown_in_a_channel_that_was_a_vendors(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """It is no channel of the office by that: the vendor's people are still there."""
    await installed(desk, MSP, "northwind")
    await applied(desk, "C1")
    subject, _ = await sent(desk, ana, bob)
    await ana.submit("ticket.comment", subject, text="the blue desk")
    await desk.settle()
    await applied(desk, "C2")
    place = await at(desk, MSP, "C1")
    assert place is not None
    assert place.vendor == ""
    assert "the blue desk" in "".join(standing(desk, "C1"))
    (comment,) = [one.post.subject for one in desk.posts("comment.thread") if one.place.channel == "C1"]
    work = desk.port.work(desk.office.organisation)
    work.deliver(*await desk.port.posts.of(desk.office.organisation, comment))
    await work.commit()
    await desk.settle()
    assert "the blue desk" not in "".join(standing(desk, "C1"))


async def test_a_vendor_whom_the_policy_names_no_more_has_nothing(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await installed(desk, MSP, "northwind")
    await applied(desk, "C1")
    subject, dee = await sent(desk, ana, bob)
    await applied(desk, vendor=False)
    assert (await offer_of(desk, subject)).end == "withdrawn"
    assert (await desk.ticket(subject)).status == "open"
    assert "dropped" in await desk.told("bob")
    assert [one.reason for one in await desk.notices() if one.person == dee.person.id] == ["withdrawn"]
    assert standing(desk, "C1") == ["#1 of Acme Ltd is not shown here any more."]


async def test_who_offered_it_hears_that_the_vendor_cannot_be_reached(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """Also where that happens in the middle of a job; and the agent can take it back."""
    await installed(desk, MSP, "northwind")
    await applied(desk, "C1", "C2")
    subject, _ = await sent(desk, ana, bob)
    await places.closed(desk.port, desk.office.organisation, Where("slack", MSP, "C1"), "archived")
    await desk.settle()
    assert "unreached" not in await desk.told("bob")
    await places.closed(desk.port, desk.office.organisation, Where("slack", MSP, "C2"), "removed")
    await desk.settle()
    assert "unreached" in await desk.told("bob")
    await bob.press("ticket.withdraw", subject)
    assert (await desk.ticket(subject)).status == "open"


async def test_a_channel_that_opens_later_gets_what_is_offered(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    await installed(desk, MSP, "northwind")
    await applied(desk, "C1", "C2")
    await places.closed(desk.port, desk.office.organisation, Where("slack", MSP, "C1"), "archived")
    await sent(desk, ana, bob)
    assert standing(desk, "C1") == []
    await places.opened(desk.port, desk.office.organisation, Where("slack", MSP, "C1"))
    await desk.settle()
    assert LIGHT in standing(desk, "C1")[0]
    assert len([one for one in desk.posts("ticket.offered") if one.place.channel == "C2"]) == 1


async def test_a_channel_that_a_queue_leaves_to_a_vendor_is_the_vendors_alone(desk: Desk, ana: Colleague) -> None:
    await installed(desk, OURS)
    await applied(desk, queue="C1")
    await applied(desk, "C1", queue="C2")
    place = await at(desk, OURS, "C1")
    assert place is not None
    assert (place.queue, place.vendor) == (None, "northwind")
    await ana.reports("the lamp in the hall is broken")
    await desk.settle()
    assert standing(desk, "C1") == []
    await applied(desk, "C2", queue="C1")
    assert place.id in {one.id for one in await desk.port.places.of_queue(desk.office.organisation, QUEUE)}
    assert [one.channel for one in await desk.port.places.of_vendor(desk.office.organisation, "northwind")] == ["C2"]


async def test_a_vendor_that_adds_the_bot_after_the_policy_named_its_channel(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """Until then the channel was thought to be in the office's own workspace."""
    await installed(desk, OURS)
    await applied(desk, "C1")
    await sent(desk, ana, bob)
    await installed(desk, MSP, "northwind")
    (place,) = await desk.port.places.of_vendor(desk.office.organisation, "northwind")
    assert place.workspace == MSP
    assert [one.post.place for one in desk.posts("ticket.offered") if LIGHT in text(one.card)] == [place.id]


async def test_a_vendor_with_another_chat_may_have_a_channel_in_the_offices_own_workspace(desk: Desk) -> None:
    await installed(desk, OURS)
    await installed(desk, "tenant/app", "northwind", "teams")
    await applied(desk, "C1")
    (place,) = await desk.port.places.of_vendor(desk.office.organisation, "northwind")
    assert place.workspace == OURS
