"""A ticket that an office offers to its MSP: one ticket in two chats, from the first word to the requester's yes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot import joining
from handlers.core import Account
from storage.tables import accounts
from tests.stories.forging import rows
from tests.stories.serving import THEIRS, Served, msp_in_slack, msp_in_teams
from tests.stories.snapshots import PHOTO

SLOW = "the crm is slow on all our laptops"


CHATS = ("slack", "teams")
"""The chat of the office: its MSP is in the other one."""


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str, chat: str) -> AsyncIterator[Served]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with (msp_in_teams if chat == "slack" else msp_in_slack)(database_url, redis) as served:
        yield served


async def offered(office: Served, words: str = SLOW, note: str = "It began this morning.") -> None:
    """Ana reports it, and Eva sends it to the MSP."""
    await office.ana.says(f"/issue {words}")
    await office.eva.presses("Send to a vendor…", on=office.eva.post("#1", "it-help"))
    await office.eva.sends({"To which vendor?": "Northwind IT Services", "What should they know?": note})


async def test_from_the_first_word_to_the_requesters_yes(office: Served) -> None:
    await offered(office)
    card = office.theirs("#1 of Acme Ltd")
    assert card.says(SLOW)
    assert card.says("It began this morning.")
    assert office.ana.told("Northwind IT Services is asked to help")
    await office.dee.presses("Claim", on=card)
    assert office.theirs("#1 of Acme Ltd").says("Dee Diaz (Northwind IT Services) has it")
    assert office.eva.post("#1", "it-help").says("Dee Diaz (Northwind IT Services) has it")
    assert office.ana.told("Dee Diaz (Northwind IT Services) is on it.")
    await office.dee.presses("Done…", on=office.theirs("#1 of Acme Ltd"))
    await office.dee.sends({"What did you do?": "index rebuilt", "Minutes of work": "30"})
    (asked,) = office.ana.told("says #1 is fixed")
    assert asked.says("Dee Diaz (Northwind IT Services)")
    await office.ana.presses("Yes, fixed", on=asked)
    assert office.theirs("#1 of Acme Ltd").says("confirmed that it is fixed")
    assert office.eva.post("#1", "it-help").says("confirmed that it is fixed")


async def test_two_technicians_race_and_the_slower_hears_who_has_it(office: Served) -> None:
    await offered(office)
    card = office.theirs("#1 of Acme Ltd")
    await office.dee.presses("Claim", on=card)
    await office.max.presses("Claim", on=card)
    assert office.max.sees("Dee Diaz was faster")


async def test_a_comment_in_either_thread_appears_in_the_other_with_its_author(office: Served) -> None:
    await offered(office)
    ours, card = office.eva.post("#1", "it-help"), office.theirs("#1 of Acme Ltd")
    await office.bob.tells("only the reports are slow", "it-help", ours.id)
    there = office.theirs("only the reports are slow")
    assert there.thread_ts == card.id
    assert there.says("Bob Burke")
    await office.dee.tells("we look at the index", THEIRS, card.id)
    here = office.eva.post("we look at the index", "it-help")
    assert here.thread_ts == ours.id
    assert here.says("Dee Diaz (Northwind IT Services)")
    (told,) = office.ana.told("we look at the index")
    assert told.says("Dee Diaz (Northwind IT Services)")


async def test_edits_and_deletions_cross_too(office: Served) -> None:
    await offered(office)
    said = await office.dee.tells("we come at nine", THEIRS, office.theirs("#1 of Acme Ltd").id)
    await office.dee.actor.edit(said, "we come at ten")
    await office.settled()
    assert office.quinn.post("we come at ten", "it-help")
    assert not office.quinn.sees("we come at nine")
    await office.dee.actor.delete(said)
    await office.settled()
    assert not office.quinn.sees("we come at ten")


async def test_work_notes_never_cross_and_theirs_stay_with_them(office: Served) -> None:
    await offered(office)
    ours, card = office.eva.post("#1", "it-help"), office.theirs("#1 of Acme Ltd")
    await office.quinn.tells("they always say that", "it-help", ours.id)
    await office.dee.tells("// not their index again", THEIRS, card.id)
    await office.dee.presses("Reply…", on=office.theirs("#1 of Acme Ltd"))
    await office.dee.sends({"Your words": "when may we restart it?"})
    assert not office.dee.sees("they always say that")
    assert not office.eva.sees("not their index again")
    assert office.ana.told("when may we restart it?")


async def test_files_come_along_both_ways(office: Served) -> None:
    await offered(office)
    ours, card = office.eva.post("#1", "it-help"), office.theirs("#1 of Acme Ltd")
    plan = office.platform.world.add_file("bob", "plan.pdf", b"%PDF-1.7 plan", "application/pdf")
    await office.bob.tells("the plan", "it-help", ours.id, files=[plan])
    there = office.theirs("the plan")
    assert there.thread_ts == card.id
    assert there.says("plan.pdf" if office.chat == "slack" else "file is not copied: its link opens for")
    photo = office.msp.world.add_file("dee", "rack.jpg", PHOTO, "image/jpeg")
    await office.dee.tells("the rack", THEIRS, card.id, files=[photo])
    assert office.eva.post("the rack", "it-help").says("rack.jpg" if office.chat == "teams" else "picture.jpg")


async def test_declined_it_is_back_with_the_office(office: Served) -> None:
    await offered(office)
    await office.dee.presses("Decline…", on=office.theirs("#1 of Acme Ltd"))
    await office.dee.sends({"Why? The office reads this.": "not in our contract"})
    assert office.eva.told("not in our contract")
    assert office.theirs("#1 of Acme Ltd").says("you have declined it")
    assert not office.theirs("#1 of Acme Ltd").says(SLOW)
    assert not office.ana.sees("not in our contract")


async def test_taken_back_nothing_more_reaches_them(office: Served) -> None:
    await offered(office)
    ours, card = office.eva.post("#1", "it-help"), office.theirs("#1 of Acme Ltd")
    await office.eva.presses("Take back from Northwind IT Services", on=ours)
    await office.bob.tells("the passwords are in the safe", "it-help", ours.id)
    await office.dee.presses("Claim", on=card)
    assert office.dee.sees("not offered to you any more")
    await office.dee.tells("hello?", THEIRS, card.id)
    assert not office.dee.sees("the passwords are in the safe")
    assert not office.eva.sees("hello?")


async def test_a_vendor_that_removes_the_bot_in_mid_job(office: Served) -> None:
    """The office hears of it at once, and nothing is lost when the bot is there again."""
    await offered(office)
    await office.dee.presses("Claim", on=office.theirs("#1 of Acme Ltd"))
    await office.leaves()
    await office.settled()
    assert office.eva.told("the vendor's channel takes no messages just now")
    await office.bob.tells("only the reports are slow", "it-help", office.eva.post("#1", "it-help").id)
    await office.returns()
    await office.settled()
    assert office.theirs("only the reports are slow").thread_ts


async def test_where_the_threads_are_private_the_card_says_so(database_url: str, chat: str) -> None:
    async with (msp_in_teams if chat == "slack" else msp_in_slack)(database_url, None, "private") as office:
        await offered(office)
        card = office.theirs("#1 of Acme Ltd")
        assert card.says("What you write in this thread stays with you.")
        await office.dee.tells("they have no index", THEIRS, card.id)
        assert not office.eva.sees("they have no index")


async def test_in_their_workspace_people_see_what_is_offered_and_nothing_else(office: Served) -> None:
    await office.bob.says("/issue zebra in the kitchen")
    await office.dee.tells("list")
    assert office.dee.sees("Nothing is offered to Northwind IT Services just now")
    await office.dee.tells("the printer is broken")
    assert office.dee.sees("I take no reports from here")
    await office.dee.tells("show 1")
    assert office.dee.sees("There is no ticket #1 that you can see")
    assert not office.dee.sees("zebra")


async def test_somebody_of_the_same_address_in_their_workspace_is_nobody_of_the_office(office: Served) -> None:
    """The MSP may write what it likes into the profiles of its own workspace."""
    user = office.msp.add_user("ada2", real_name="Ada Archer", email="ada@acme.example")
    office.msp.world.channel(THEIRS).members.append(user.id)
    await office.hal.says("/issue private my pay is wrong")
    await office.msp.actor("ada2").message("dm", "show 1")
    await office.settled()
    assert office.msp.actor("ada2").sees("There is no ticket #1 that you can see")
    ada = await office.bot.store.people.by_email(office.office.organisation, "ada@acme.example")
    theirs = Account("slack" if office.chat == "teams" else "teams", *await _account(office, user.id))
    assert ada is not None
    with pytest.raises(joining.NotJoined, match="somebody of a vendor"):
        await joining.join(office.bot.store, ada, theirs)


async def _account(office: Served, user: str) -> tuple[str, str]:
    """The workspace and the id by which the desk knows somebody of the MSP."""
    found = [
        row
        for row in await rows(office, accounts)
        if row["user"] == user or row["user"] == getattr(office.msp.world.user("ada2"), "aad", "")
    ]
    return found[0]["workspace"], found[0]["user"]
