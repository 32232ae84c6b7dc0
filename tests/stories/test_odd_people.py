"""People and words as they really are: names full of signs, texts of any length, accounts that come and go."""

from __future__ import annotations

from typing import cast

import pytest

from bot import offices
from bot.doorkeeper import learn
from bot.sandbox.teams import TeamsSandbox
from bot.slack.people import profile_of
from handlers.core import Account
from storage.tables import accounts, people, tickets
from tests.example import example_document
from tests.stories.forging import rows
from tests.stories.test_people import taken_out
from tests.stories.world import GUEST, NO_GUEST, Colleague, Story

CHATS = ("slack", "teams")
LIGHT = "/issue light above my desk flickering"


async def closed(who: Colleague) -> None:
    """Closes what lies over the messages."""
    while who.actor.modal:
        await who.actor.close()


async def learnt(office: Story, name: str) -> None:
    """What the bot learns when it next looks: in Slack at its start, in Teams when a new version of the app comes into the team."""
    user = office.platform.world.user(name)
    if office.chat == "teams":
        teams = cast(TeamsSandbox, office.platform)
        await (taken_out(teams, name) if user.deleted else teams.installing.upgrade(teams.world.team("Office"), teams.world.user("ada")))
        await office.settled()
        return
    facts = {"id": user.id, "deleted": user.deleted, "team_id": user.team, "profile": {"real_name": user.real_name, "email": user.email}}
    await learn(office.bot.desk, office.office.organisation, Account("slack", user.team, user.id), profile_of(facts, user.team))


def account_of(who: Colleague) -> str:
    """The id by which the office knows somebody's account."""
    return str(getattr(who.actor.user, "aad", who.actor.user.id))


WORDS = {
    "emoji": "😀🎉👩‍👩‍👧‍👦🏳️‍🌈",
    "right-to-left": "\u202eזה שבור\u202c \u2067أحمر\u2069 lamp",
    "invisible": "l\u200bi\u200dg\u2060h\ufefft\x00 flickers",
    "newlines": "light\n\nabove\r\nmy desk\n*flickers*",
    "no spaces": "z̷̢̛̪̗͖̻̝̲̗a̶̧̛l̵̡̛g̸̡o̷" * 100,
    "code": "`rm -rf /` ```x``` <!channel> <@U1> <https://evil.example|click> &lt; &amp;lt; {title} {n} {0} {} }{ %s",
    "many bytes": "照明がちらつく" * 300,
}


@pytest.mark.parametrize("name", sorted(WORDS))
async def test_any_words_can_be_reported_shown_and_answered(office: Story, name: str) -> None:
    text = WORDS[name]
    await office.ana.opens_form()
    typed = {"What is wrong, or what do you need?": text, "Where?": text[:150], "What is it about?": "Facilities › Electrical"}
    await office.ana.sends(typed)
    await closed(office.ana)
    card = [one for one in office.bob.screen if one.kind == "message"][-1]
    assert "\n" not in (await rows(office, tickets))[0]["title"]
    await office.bob.presses("Fixed…", on=card)
    await office.bob.sends({"What did you do?": text})
    await office.ana.presses("Not yet…")
    await office.ana.sends({"What is still wrong?": text})
    await office.bob.presses("Decline…", on=office.bob.post("reopened", "building"))
    await office.bob.sends({"Why? The requester reads this.": text})
    assert office.ana.sees("it was declined")
    for person in (office.ana, office.bob):
        await person.says("/issue show 1")
        assert not any(one.pings or one.says("Something went wrong") for one in person.screen)
    assert all(call.ok for call in office.platform.calls)


@pytest.mark.parametrize("text", ["  \t ", "\u200b\u200b", "\u202e\u202c"])
async def test_words_with_nothing_to_see_open_the_form_instead(office: Story, text: str) -> None:
    await office.ana.says(f"/issue {text}")
    assert office.ana.actor.modal is not None or office.ana.sees("Fill in…")
    assert await rows(office, tickets) == []


async def test_lone_halves_in_json_are_taken(office: Story) -> None:
    await office.ana.opens_form()
    await office.ana.sends({"What is wrong, or what do you need?": "light \ud83d flickers \udc00"})
    assert len(await rows(office, tickets)) == 1
    assert office.ana.sees("#1 is open: light")


async def test_a_name_that_looks_like_a_mention_is_a_name(office: Story) -> None:
    user = office.platform.world.user("bob").id
    name = f"<@{user}> <at>Bob Burke</at> *Trixie* `x` <!here> _{{who}}_"
    tricky = office.newcomer("trix", real_name=name, email="TRIX@ACME.example")
    await tricky.says(LIGHT)
    assert office.bob.post("#1 light", "building").says(name)
    assert not any(one.pings for one in office.bob.screen)
    assert "trix@acme.example" in {row["email"] for row in await rows(office, people)}


async def test_an_address_in_capitals_is_the_same_colleague(office: Story) -> None:
    bob = office.newcomer("bobby", real_name="Bob Burke", email="Bob@ACME.Example")
    await office.ana.says(LIGHT)
    office.platform.world.channel("building").members.append(bob.actor.user.id)
    await bob.presses("Take it", on=bob.post("#1 light", "building"))
    assert office.bob.post("#1 light", "building").says("Bob Burke has it")
    assert len([row for row in await rows(office, people) if row["email"] == "bob@acme.example"]) == 1


async def test_an_old_account_that_is_switched_off_takes_nobody_with_it(office: Story) -> None:
    """Bob has a new account with the same address; the old one is deactivated."""
    await office.bob.tells("help")
    bob = office.newcomer("bobby", real_name="Bob Burke", email="bob@acme.example")
    await learnt(office, "bobby")
    office.platform.world.user("bob").deleted = True
    await learnt(office, "bob")
    await office.ana.says(LIGHT)
    office.platform.world.channel("building").members.append(bob.actor.user.id)
    await bob.presses("Take it", on=bob.post("#1 light", "building"))
    assert office.ana.sees("Bob Burke is on it")
    owners = {row["user"]: row["person"] for row in await rows(office, accounts)}
    assert owners[account_of(office.bob)] != owners[account_of(bob)]


async def test_a_guest_who_becomes_a_member_is_the_colleague_of_the_same_address(office: Story) -> None:
    guest = office.newcomer("gil", real_name="Gil Guest", email="newcomer@acme.example", **GUEST[office.chat])
    await guest.says(LIGHT)
    assert guest.sees("This desk is for members of the office")
    document = example_document()
    document["people"].append({"email": "newcomer@acme.example", "name": "Gil Green"})
    bot = office.bot
    await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())
    await office.settled()
    guest.actor.user.guest = NO_GUEST[office.chat]
    await learnt(office, "gil")
    await guest.says(LIGHT)
    assert guest.sees("#1 is open")
    named = [row["id"] for row in await rows(office, people) if row["email"] == "newcomer@acme.example"]
    assert [row["requester"] for row in await rows(office, tickets)] == named


async def test_an_assignee_who_left_can_be_replaced(office: Story) -> None:
    await office.pat.tells("help")
    await office.ana.says(LIGHT)
    await office.pat.presses("Take it", on=office.pat.post("#1 light", "building"))
    office.platform.world.user("pat").deleted = True
    await learnt(office, "pat")
    await office.ana.says("/issue show 1")
    await office.ana.presses("Comment…")
    await office.ana.sends({"Your words": "anybody there?"})
    await office.settled()
    assert office.bob.sees("anybody there?")
    await office.bob.presses("Give to…", on=office.bob.post("#1 light", "building"))
    await office.bob.sends({"To whom?": "Bob Burke"})
    assert office.bob.post("Bob Burke has it", "building")


async def test_a_requester_without_an_address_is_served_like_anybody(office: Story) -> None:
    ned = office.newcomer("nomail", real_name="No Mail", email=None)
    await ned.says(LIGHT)
    await office.bob.presses("Take it", on=office.bob.post("#1 light", "building"))
    assert ned.sees("Bob Burke is on it")
    await office.bob.presses("Fixed…", on=office.bob.post("#1 light", "building"))
    await office.bob.sends({"What did you do?": "bulb"})
    await ned.presses("Yes, fixed")
    assert ned.sees("Thank you, it is closed.")


async def test_an_agent_reports_into_their_own_queue(office: Story) -> None:
    await office.bob.says(LIGHT)
    await office.bob.presses("Take it", on=office.bob.post("#1 light", "building"))
    await office.bob.says("/issue show 1")
    own = office.bob.card("Bob Burke has it")
    assert own.kind in ("ephemeral", "message")
    await office.bob.presses("Fixed…", on=office.bob.post("#1 light", "building"))
    await office.bob.sends({"What did you do?": "bulb"})
    await office.bob.presses("Yes, fixed")
    assert office.bob.post("#1 light", "building").says("confirmed that it is fixed")


async def test_the_only_agent_of_a_queue_reports_into_it(office: Story) -> None:
    document = example_document()
    for queue in document["queues"]:
        queue["channel"] = dict(office.office.queues[queue["key"]].channel)
        if queue["key"] == "building":
            queue["people"] = ["bob@acme.example"]
    bot = office.bot
    await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())
    await office.bob.says("/issue urgent: sparks from the socket, I smell smoke")
    await office.later(days=1)
    await office.bot.audit()
    await office.settled()
    assert office.bob.sees("#1")
    assert not any(one.says("Something went wrong") for one in office.bob.screen)


async def test_an_owner_without_any_account_breaks_nothing(office: Story) -> None:
    document = example_document()
    document["office"]["owner"] = "nobody@acme.example"
    document["people"].append({"email": "nobody@acme.example", "name": "Nobody Yet"})
    for queue in document["queues"]:
        queue["channel"] = dict(office.office.queues[queue["key"]].channel)
    for person in document["people"]:
        person["roles"] = [role for role in person.get("roles", ()) if role != "administrator"]
    bot = office.bot
    await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())
    office.platform.fail_next(office.method("post"), {"slack": "is_archived", "teams": "MessageWritesBlocked"}[office.chat], 1)
    await office.ana.says(LIGHT)
    await office.settled()
    assert office.ana.sees("#1 is open")
