"""One office in Slack and in Teams: the same people, the same tickets, and what is said in one chat is read in the other."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot import joining
from bot.chats import Profile
from bot.doorkeeper import learn
from bot.sandbox.teams import Tamper
from storage.ids import new_id
from storage.tables import accounts, people
from tests.stories.forging import rows
from tests.stories.snapshots import PHOTO
from tests.stories.world import AcrossStory, across

LIGHT = "light above my desk flickering"


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[AcrossStory]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with across(database_url, redis) as told:
        yield told


async def test_the_same_person_in_both_chats_is_one(office: AcrossStory) -> None:
    (ana,) = [row["id"] for row in await rows(office, people) if row["email"] == "ana@acme.example"]
    assert sorted(row["chat"] for row in await rows(office, accounts) if row["person"] == ana) == ["slack", "teams"]
    await office.ana.says(f"/issue {LIGHT}")
    await office.in_teams("ana").says("/issue list")
    assert office.in_teams("ana").sees(f"#1 {LIGHT}")


async def test_a_ticket_stands_in_both_chats_and_is_taken_in_one(office: AcrossStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    await bob.presses("Take it", on=bob.post("#1", "building"))
    assert office.bob.post("#1", "building").says("in progress")
    assert bob.post("#1 light above my desk flickering  ·", "building").says("in progress")
    assert office.ana.sees("Bob Burke is on it")


async def test_a_comment_in_either_thread_appears_in_the_other_with_its_author(office: AcrossStory) -> None:
    await office.hal.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    slack_card, teams_card = office.bob.post("#1", "building"), bob.post("#1", "building")
    await office.pat.tells("which desk is it?", "building", slack_card.id)
    (there,) = [one for one in bob.screen if one.says("which desk is it?")]
    assert there.thread_ts == teams_card.id
    assert there.says("Pat Perez")
    await bob.actor.message("building", "the one by the window", teams_card.id)
    await office.settled()
    (here,) = [one for one in office.bob.screen if one.says("the one by the window")]
    assert here.thread_ts == slack_card.id
    assert here.says("Bob Burke")


async def test_what_is_edited_and_deleted_in_one_is_in_the_other(office: AcrossStory) -> None:
    await office.hal.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    said = await bob.actor.message("building", "the blue desk", bob.post("#1", "building").id)
    await office.settled()
    await bob.actor.edit(said, "the green desk")
    await office.settled()
    assert office.bob.sees("the green desk")
    assert not office.bob.sees("the blue desk")
    await bob.actor.delete(said)
    await office.settled()
    assert not office.bob.sees("the green desk")


async def test_work_notes_stay_with_those_who_work(office: AcrossStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    await bob.actor.message("building", "she always says that", bob.post("#1", "building").id)
    await office.settled()
    assert office.pat.sees("she always says that")
    assert not office.ana.sees("she always says that")
    assert not office.in_teams("ana").sees("she always says that")


async def test_nobody_is_told_twice_for_one_thing(office: AcrossStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    await bob.presses("Take it", on=bob.post("#1", "building"))
    both = [*office.ana.told("Bob Burke is on it"), *office.in_teams("ana").told("Bob Burke is on it")]
    assert len(both) == 1


def kept(office: AcrossStory) -> list[bytes]:
    """The bytes of all files that are kept."""
    root = office.bot.carrying.kept.root
    return sorted(path.read_bytes() for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize(("name", "kind"), [("lamp.jpg", "image/jpeg"), ("notes.pdf", "application/pdf")])
async def test_a_file_of_teams_comes_along_to_slack(office: AcrossStory, name: str, kind: str) -> None:
    ana = office.in_teams("ana")
    sent = office.teams.add_file("ana", name, PHOTO, kind)
    await ana.tells("The light above my desk is flickering", files=[sent])
    assert kept(office) == [PHOTO]
    assert office.bob.post("#1", "building").says("picture" if name == "lamp.jpg" else name) or office.bob.post("#1", "building").says(name)


async def test_a_file_of_slack_is_named_in_the_thread_in_teams(office: AcrossStory) -> None:
    await office.hal.says(f"/issue {LIGHT}")
    bob = office.in_teams("bob")
    card, there = office.bob.post("#1", "building"), bob.post("#1", "building")
    sent = office.slack.world.add_file("pat", "plan.pdf", b"%PDF-1.7 plan", "application/pdf")
    await office.pat.tells("here is the plan", "building", card.id, files=[sent])
    (told,) = [one for one in bob.screen if one.says("here is the plan")]
    assert told.thread_ts == there.id
    assert told.says("plan.pdf")


async def test_what_leads_elsewhere_is_not_fetched(office: AcrossStory) -> None:
    """An address that Teams did not make: nobody's token and no request goes there."""
    ana = office.in_teams("ana")
    made_up = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "contentUrl": "https://acme.sharepoint.com/x.pdf",
        "name": "x.pdf",
        "content": {"downloadUrl": "http://127.0.0.1:9/secret", "uniqueId": "u1", "fileType": "pdf"},
    }
    await ana.tells("The light above my desk is flickering", tamper=Tamper(change={"attachments": [made_up]}))
    assert kept(office) == []
    assert office.bob.post("#1", "building").says("x.pdf")


async def test_an_administrator_joins_and_parts_accounts(office: AcrossStory) -> None:
    """Somebody has another address in Teams: two people until an administrator says otherwise, and the other way round."""
    office.teams.add_user("ann", real_name="Ana A.", email="a.alvarez@acme.example")
    ann = office.teams.actor("ann")
    await ann.message("dm", "hello")
    await office.settled()
    await office.ana.says(f"/issue {LIGHT}")
    store = office.bot.store
    organisation = office.office.organisation
    ana = await store.people.by_email(organisation, "ana@acme.example")
    assert ana is not None
    account = joining.read(f"teams:{office.teams.tenant}:{ann.user.aad}")
    before = await joining.join(store, ana, account)
    assert before.email == "a.alvarez@acme.example"
    await ann.message("dm", "list")
    await office.settled()
    assert ann.sees(f"#1 {LIGHT}")
    theirs = joining.read(f"teams:{office.teams.tenant}:{office.teams.actor('ana').user.aad}")
    own = await joining.part(store, ana, theirs, new_id())
    await office.in_teams("ana").says("/issue list")
    assert office.in_teams("ana").sees("You have no open ticket.")
    await learn(office.bot.desk, organisation, theirs, Profile("Ana Alvarez", "ana@acme.example"))
    assert (await store.people.of_account(theirs)) == own
    with pytest.raises(joining.NotJoined, match="none of"):
        await joining.part(store, ana, theirs, new_id())
    with pytest.raises(joining.NotJoined, match="already"):
        await joining.join(store, ana, account)
    with pytest.raises(joining.NotJoined, match="no account"):
        joining.read("ana")


async def test_people_are_told_in_the_chat_in_which_they_deal_with_it(office: AcrossStory) -> None:
    """Both have accounts in both: whoever reported in Teams is asked there, and whoever took it in Slack hears of it in Slack."""
    hal = office.in_teams("hal")
    await hal.says(f"/issue {LIGHT}")
    await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
    assert hal.told("Bob Burke is on it")
    assert not office.hal.told("Bob Burke is on it")
    await office.bob.presses("Fixed…", on=office.bob.post("#1", "building"))
    await office.bob.sends({"What did you do?": "New bulb"})
    await hal.presses("Not yet…")
    await hal.sends({"What is still wrong?": "It flickers again"})
    assert office.bob.told("it is not fixed yet")
    assert not office.in_teams("bob").told("it is not fixed yet")
