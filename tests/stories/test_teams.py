"""What only Teams has: its ways in, views of one's own, dialogs, the message extension, and where the app is installed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest

from bot.sandbox.teams import Actor, Seen, Tamper
from storage.tables import people
from tests.stories.forging import rows
from tests.stories.world import Colleague, TeamsStory, teams_story

LIGHT = "light above my desk flickering"


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[TeamsStory]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with teams_story(database_url, redis) as told:
        yield told


def hand(who: Colleague) -> Actor:
    return cast(Actor, who.actor)


def post(office: TeamsStory, who: Colleague, words: str, channel: str) -> Seen:
    return cast(Seen, who.post(words, channel))


# ---------------------------------------------------------------- in


async def test_a_slash_entry_is_answered_on_that_persons_screen_alone(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    (answer,) = [one for one in office.ana.screen if one.says("#1 is open")]
    assert answer.kind == "ephemeral"
    assert not office.bob.sees("#1 is open")


@pytest.mark.parametrize("thread", [False, True])
async def test_a_mention_in_a_channel_or_its_thread_is_a_report(office: TeamsStory, thread: bool) -> None:
    root = await hand(office.hal).message("office", "Does it flicker for you too?")
    await hand(office.ana).mention("office", LIGHT, root.id if thread else None)
    await office.settled()
    assert office.ana.sees(f"#1 is open: {LIGHT}")
    assert office.bob.sees(f"#1 {LIGHT}")


async def test_a_mention_in_a_group_chat_is_a_report_and_the_answer_is_private(office: TeamsStory) -> None:
    office.teams.add_group_chat("lunch", ["ana", "hal"])
    await hand(office.ana).mention("lunch", LIGHT)
    await office.settled()
    assert office.ana.sees("#1 is open")
    assert not office.hal.sees("#1 is open")


async def test_words_one_to_one_are_a_report(office: TeamsStory) -> None:
    await office.ana.tells("The light above my desk is flickering")
    assert office.ana.sees("#1 is open")


@pytest.mark.parametrize("where", ["dm", "office", "lunch"])
@pytest.mark.parametrize("words", ["hi", "Hello!", "help"])
async def test_a_greeting_is_answered_everywhere(office: TeamsStory, where: str, words: str) -> None:
    office.teams.add_group_chat("lunch", ["ana", "hal"])
    before = len([one for one in office.ana.screen if one.says("I am the front desk of your office.")])
    await (hand(office.ana).message(where, words) if where == "dm" else hand(office.ana).mention(where, words))
    await office.settled()
    assert len([one for one in office.ana.screen if one.says("I am the front desk of your office.")]) == before + 1


async def test_what_colleagues_say_to_each_other_is_nobodys_business(office: TeamsStory) -> None:
    before = len(office.ana.screen)
    await hand(office.ana).message("office", "the light is broken, by the way")
    await office.settled()
    assert len(office.ana.screen) == before + 1


async def test_liking_a_post_follows_it_and_taking_it_back_no_longer(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    card = post(office, office.pat, "#1", "building")
    await hand(office.pat).react(card, "like")
    await office.settled()
    await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
    assert office.pat.told("Bob Burke is on it")
    await hand(office.pat).unreact(card, "like")
    await office.settled()
    await office.bob.presses("Fixed…", on=office.bob.post("#1", "building"))
    await office.bob.sends({"What did you do?": "New bulb"})
    assert not office.pat.told("it is marked as fixed")


async def test_a_report_for_a_colleague_is_theirs(office: TeamsStory) -> None:
    await hand(office.ana).mention("office", "for @hal: the laptop screen is black")
    await office.settled()
    assert office.hal.told("a colleague has reported this for you")
    await office.hal.says("/issue list")
    assert office.hal.sees("#1 the laptop screen is black")


# ---------------------------------------------------------------- views of one's own


async def test_the_requester_sees_the_card_of_the_channel_as_theirs(office: TeamsStory) -> None:
    await office.pat.says(f"/issue {LIGHT}")
    await office.teams.until(lambda: post(office, office.pat, "#1", "building").own)
    theirs, others = post(office, office.pat, "#1", "building"), post(office, office.bob, "#1", "building")
    assert not others.own
    assert "Take it" in others.buttons
    assert "Cancel it" in theirs.buttons


async def test_who_may_not_gets_a_card_that_says_why(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    card = office.bob.post("#1", "building")
    await hand(office.rae).press("Take it", on=cast(Seen, card))
    await office.settled()
    shown = office.rae.post("#1", "building")
    assert shown.says("Only Bob Burke")
    assert "Take it" in shown.buttons
    assert not office.bob.post("#1", "building").says("Only Bob Burke")
    assert not office.teams.troubles


# ---------------------------------------------------------------- dialogs


async def test_a_dialog_says_what_is_wrong_under_the_field_and_keeps_what_was_typed(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    await office.bob.presses("Put on hold…", on=office.bob.post("#1", "building"))
    await office.bob.sends({"Until when?": "2026-11-10", "Why?": "the part comes then"})
    modal = hand(office.bob).modal
    assert modal is not None
    assert modal.errors == {"Until when?": "Please choose a day after today."}
    assert "the part comes then" in str(modal.card)
    await office.bob.sends({"Until when?": "2026-11-18"})
    assert office.bob.post("#1", "building").says("the part comes then")


# ---------------------------------------------------------------- the message extension


async def test_a_message_becomes_its_authors_ticket(office: TeamsStory) -> None:
    said = await hand(office.hal).message("office", "the printer on floor 2 is jammed again")
    await hand(office.ana).make_ticket(said)
    await office.settled()
    assert office.ana.sees("#1")
    assert office.eva.sees("the printer on floor 2 is jammed again")
    assert office.hal.told("the printer on floor 2 is jammed again")
    await hand(office.ana).make_ticket(said)
    await office.settled()
    assert not office.eva.sees("#2")
    assert not office.teams.troubles


async def test_a_search_finds_what_everybody_may_see(office: TeamsStory) -> None:
    await office.ana.says(f"/issue {LIGHT}")
    await office.ana.says("/issue private the light in the meeting room was broken by my boss")
    found = await hand(office.ana).search("light", "office")
    assert [one.title for one in found] == [f"#1 {LIGHT}"]
    sent = await hand(office.ana).pick(found[0], "office")
    assert hand(office.hal).look(sent).says(f"#1 {LIGHT}")
    assert not hand(office.hal).look(sent).buttons
    assert await hand(office.ana).search("elephant") == []
    assert not office.teams.troubles


# ---------------------------------------------------------------- installed, removed


async def test_one_welcome_says_how_to_start(database_url: str, request: pytest.FixtureRequest) -> None:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with teams_story(database_url, redis, new=True) as office:
        assert len([one for one in office.ana.screen if one.says("I am the front desk of your office.")]) == 1
        zed = office.teams.add_user("zed", real_name="Zed Zane", email="zed@acme.example", added=False)
        await office.teams.install(zed, by="zed")
        await office.settled()
        assert len([one for one in office.teams.actor("zed").seen() if one.says("I am the front desk of your office.")]) == 1


async def test_removed_from_a_team_who_looks_after_the_desk_hears_once_and_what_was_missed_comes_later(office: TeamsStory) -> None:
    team = office.teams.world.team("Desks")
    await office.teams.uninstall(team, by="ada")
    await office.ana.says(f"/issue {LIGHT}")
    await office.ana.says("/issue the door of the lift is stuck")
    assert len(office.ada.told("cannot post")) == 1
    assert not office.bob.sees("#1 light")
    await office.teams.install(team, by="ada")
    await office.settled()
    assert office.bob.sees("#1 light")
    assert office.bob.sees("#2 the door of the lift")


async def test_whoever_removed_us_is_reached_again_once_they_write(office: TeamsStory) -> None:
    await office.ana.tells("The light above my desk is flickering")
    user = hand(office.ana).user
    await office.teams.uninstall(user, by="ana")
    await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
    assert not office.ana.told("Bob Burke is on it")
    await office.teams.install(user, by="ana")
    await office.ana.tells("hello")
    await office.bob.presses("Fixed…", on=office.bob.post("in progress", "building"))
    await office.bob.sends({"What did you do?": "New bulb"})
    assert office.ana.told("Is it?")


async def test_another_app_in_the_team_is_nobody(office: TeamsStory) -> None:
    before = await rows(office, people)
    added = {"membersAdded": [{"id": "28:5a0db0c5-7e40-4e5b-8a2c-0000000000b9"}]}
    await hand(office.ada).invite("hal", "building", tamper=Tamper(change=added))
    await office.settled()
    assert await rows(office, people) == before


async def test_of_a_team_that_is_gone_the_channels_are_found_closed_and_come_back_with_it(office: TeamsStory) -> None:
    """Nobody tells which channels it had."""
    team, ada = office.teams.world.team("Desks"), office.teams.world.user("ada")
    await office.teams.installing.team("teamDeleted", team, ada)
    await office.ana.says(f"/issue {LIGHT}")
    assert len(office.ada.told("I cannot post to Building desk")) == 1
    await office.teams.installing.team("teamRestored", team, ada)
    await office.settled()
    assert office.bob.sees(f"#1 {LIGHT}")


@pytest.mark.parametrize("way", ["said", "pressed"])
async def test_whoever_speaks_to_us_in_a_channel_that_took_nothing_opens_it(office: TeamsStory, way: str) -> None:
    """The connector said no once, and nobody installs us again, because we never were away."""
    await office.ana.says("/issue the door of the lift is stuck")
    office.teams.fail_next("createConversation", "MessageWritesBlocked", 1)
    await office.ana.says(f"/issue {LIGHT}")
    assert not office.bob.sees(f"#2 {LIGHT}")
    if way == "said":
        await hand(office.bob).mention("building", "help")
        await office.settled()
    else:
        await office.bob.presses("Take it", on=office.bob.post("#1 the door", "building"))
    assert office.bob.sees(f"#2 {LIGHT}")


# ---------------------------------------------------------------- who


async def test_who_goes_out_of_a_team_has_not_left_the_office(office: TeamsStory) -> None:
    await office.pat.tells("help")
    await office.ana.says(f"/issue {LIGHT}")
    await office.pat.presses("Take it", on=office.pat.post("#1", "building"))
    world = office.teams.world
    await office.teams.installing.leaves(world.user("pat"), world.channel("building"), world.user("ada"))
    await office.settled()
    assert office.bob.post("#1", "building").says("Pat Perez has it")
    await office.pat.tells("list")
    assert not office.pat.sees("deactivated")


async def test_where_teams_leaves_the_directorys_id_out_the_members_tell_it(office: TeamsStory) -> None:
    sender = {"id": hand(office.ana).user.id, "name": "Ana"}
    await office.ana.says(f"/issue {LIGHT}", tamper=Tamper(change={"from": sender}))  # type: ignore[arg-type]
    assert office.ana.sees("#1 is open")
