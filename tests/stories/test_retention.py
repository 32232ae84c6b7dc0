"""Old tickets: an office that sets nothing keeps them; one that does sees their words go, from Slack too, while its figures stay."""

from __future__ import annotations

from typing import Any

from bot import offices
from handlers.people.viewers import of_desk
from storage.tables import comments, files, history, posts, remotes, tickets, waits
from tests.example import example_document
from tests.stories.forging import happened, rows
from tests.stories.test_forgetting import leftovers
from tests.stories.world import Story

CHATS = ("slack", "teams")
SLACKS_OWN = ("test_the_files_of_an_old_ticket_go_with_its_words",)
LAMP = "the lamp above my desk flickers"


async def keeps(office: Story, **retention: Any) -> None:
    document = example_document()
    part = {"office": document["office"], "retention": retention}
    store = office.bot.store
    await offices.apply(store, await offices.plan(store, part, office.clock()), office.clock())


async def two_tickets(office: Story) -> None:
    """One that is over, with everything that people can write on it; and one that is open."""
    await office.ana.says(f"/issue {LAMP}")
    await office.bob.presses("Take it", on=office.bob.post("#1 the lamp", "building"))
    await office.bob.tells("a new bulb is on its way", "building", thread=office.bob.post("#1 the lamp", "building").id)
    await office.bob.presses("Fixed…", on=office.bob.post("#1 the lamp", "building"))
    await office.bob.sends({"What did you do?": "bulb exchanged"})
    if office.bob.actor.modal:
        await office.bob.actor.close()
    await office.ana.presses("Yes, fixed")
    await office.ana.says("/issue the door of the kitchen squeaks")


async def years_later(office: Story, days: float = 800) -> None:
    await office.later(days=days)
    await office.bot.sweep()
    await office.settled()


async def test_by_default_everything_is_kept(office: Story) -> None:
    await two_tickets(office)
    await years_later(office)
    assert LAMP in {row["title"] for row in await rows(office, tickets)}


async def test_words_go_and_figures_stay(office: Story) -> None:
    await two_tickets(office)
    before = await happened(office, (await number(office, 1))["subject"])
    await keeps(office, closed_tickets=24)
    await years_later(office, 700)
    assert await leftovers(office, LAMP)
    await years_later(office, 100)
    assert await leftovers(office, "lamp", "bulb") == []
    assert "(removed)" in office.bob.post("#1 (removed)", "building").text
    assert not office.bob.sees(LAMP)
    old, young = await number(office, 1), await number(office, 2)
    assert (old["title"], old["status"], old["outcome"], old["category"]) == ("(removed)", "closed", "confirmed", "facilities.electrical")
    assert young["title"] == "the door of the kitchen squeaks"
    assert await happened(office, old["subject"]) == sorted([*before, "ticket.emptied"])
    page = await office.bot.desk.tickets.find(of_desk(office.office.organisation), "lamp", 5)
    assert page.total == 0


async def test_everything_goes(office: Story) -> None:
    await two_tickets(office)
    subject = (await number(office, 1))["subject"]
    before = await happened(office, subject)
    await keeps(office, closed_tickets=24, then="delete")
    await years_later(office)
    assert (await number(office, 1))["title"] == "(removed)"
    await years_later(office, 2)
    assert {row["number"] for row in await rows(office, tickets)} == {2}
    assert [row for row in await rows(office, posts) if row["subject"] == subject] == []
    for table in (comments, waits):
        assert await rows(office, table) == []
    assert [row for row in await rows(office, remotes) if row["subject"] == subject] == []
    lines = [row for row in await rows(office, history) if row["subject"] == subject]
    assert sorted(row["kind"] for row in lines) == sorted([*before, "ticket.emptied"])
    assert {(row["actor"], row["where"]) for row in lines} == {(None, "")}
    assert any(row["data"].get("priority") for row in lines)
    assert (await office.bot.desk.tickets.find(of_desk(office.office.organisation), "removed", 5)).total == 0
    await office.ana.says("/issue another lamp flickers")
    assert (await number(office, 3))["title"] == "another lamp flickers"


async def number(office: Story, which: int) -> dict[str, Any]:
    (found,) = [row for row in await rows(office, tickets) if row["number"] == which]
    return {**found, "subject": f"ticket:{found['id']}"}


async def test_the_files_of_an_old_ticket_go_with_its_words(office: Story) -> None:
    sent = [office.slack.world.add_file("ana", "anas-lamp.jpg", b"\xff\xd8\xff a lamp", "image/jpeg")]
    await office.ana.tells(f"@deskbell {LAMP}", "office", files=sent)
    await office.ana.presses("Cancel it", on=office.ana.card(f"#1 is open: {LAMP}"))
    root = office.bot.carrying.kept.root
    assert [path for path in root.rglob("*") if path.is_file()]
    await keeps(office, closed_tickets=24, then="delete")
    await years_later(office)
    assert not [path for path in root.rglob("*") if path.is_file()]
    assert await leftovers(office, "anas-lamp") == []
    await years_later(office, 3)
    assert await rows(office, files) == []
