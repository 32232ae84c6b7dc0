"""People and channels named in commands and words: ids never reach a reader, and who is named is told as far as they may read it.

Slack's own: words that hold ids alone (Teams sends the name beside the id), and channels, which only Slack lets people name everywhere.
"""

from __future__ import annotations

from storage.tables import comments, notices, people, tickets, watches
from tests.stories.forging import rows
from tests.stories.world import ELSEWHERE, Story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset({"test_an_id_that_nobody_knows_is_somebody", "test_the_name_of_a_private_channel_is_not_told"})


async def person_of(office: Story, name: str) -> str:
    found = await office.bot.desk.people.by_email(office.office.organisation, f"{name}@acme.example")
    assert found is not None
    return found.id


async def test_a_command_names_people_and_channels_as_they_are_called(office: Story) -> None:
    await office.ana.says("/issue the light that @bob fixed in #office flickers again")
    (ticket,) = await rows(office, tickets)
    assert ticket["body"] == "the light that @Bob Burke fixed in #office flickers again"
    assert office.ana.sees("@Bob Burke fixed in #office")


async def test_words_in_a_channel_name_them_too(office: Story) -> None:
    await office.ana.tells("@deskbell the light that @bob fixed flickers again", "office")
    (ticket,) = await rows(office, tickets)
    assert ticket["body"] == "the light that @Bob Burke fixed flickers again"


async def test_nobody_is_pinged_by_a_name_in_a_title(office: Story) -> None:
    await office.ana.says("/issue light that @bob and <!channel> know flickers")
    shown = [one for who in (office.ana, office.bob, office.pat) for one in who.screen if one.says("know flickers")]
    assert shown
    assert {ping for one in shown for ping in one.pings} == set()
    assert "<" not in "".join(one.notification for one in shown).replace("\u2060", "").replace("<!channel>", "")


async def test_whom_a_report_names_is_told_and_follows(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering, @hal has seen it")
    (told,) = office.hal.told("You are named in #1")
    assert told.says("You follow it now")
    assert [one["person"] for one in await rows(office, watches)] == [await person_of(office, "hal")]
    await office.hal.presses("Stop following", on=told)
    assert await rows(office, watches) == []


async def test_whom_a_comment_names_is_told_once_and_not_twice(office: Story) -> None:
    await office.ana.tells("the light above my desk is flickering")
    await office.bob.presses("Take it")
    await office.ana.tells("ask @hal and @bob, they know it, @hal most of all")
    assert len(office.hal.told("Ana Alvarez mentions you on #1")) == 1
    told = [one["reason"] for one in await rows(office, notices) if one["subject"].startswith("comment:")]
    assert sorted(told) == ["mentioned", "mentioned"]
    (comment,) = await rows(office, comments)
    assert comment["text"] == "ask @Hal Hughes and @Bob Burke, they know it, @Hal Hughes most of all"
    assert [one["person"] for one in await rows(office, watches)] == [await person_of(office, "hal")]


async def test_a_private_ticket_stays_with_those_who_see_it(office: Story) -> None:
    await office.ana.says("/issue private light above my desk flickering, as at @hal")
    await office.ana.tells("the left one, of @pat and @hal")
    assert office.hal.told("#1") == []
    assert len(office.pat.told("mentions you on #1")) == 1
    assert await rows(office, watches) == []


async def test_nobody_is_told_even_in_the_books_of_what_they_may_not_see(office: Story) -> None:
    await office.ana.says("/issue private light above my desk flickering, as at @hal")
    await office.ana.tells("the left one, of @hal")
    hal = await person_of(office, "hal")
    assert [one for one in await rows(office, notices) if one["person"] == hal] == []


async def test_a_work_note_tells_only_those_who_may_read_it(office: Story) -> None:
    await office.ana.says("/issue light above my desk flickering")
    card = office.bob.post("#1 light", "building")
    await office.bob.tells("@pat do you have a ladder? do not tell @hal", "building", thread=card.id)
    (note,) = await rows(office, comments)
    assert note["audience"] == ["inside"]
    assert len(office.pat.told("Bob Burke mentions you on #1")) == 1
    assert office.hal.told("#1") == []
    assert await rows(office, watches) == []


async def test_a_report_for_a_colleague_is_theirs(office: Story) -> None:
    await office.ana.says("/issue for @hal: the light above his desk flickers")
    (ticket,) = await rows(office, tickets)
    assert (ticket["title"], ticket["requester"]) == ("the light above his desk flickers", await person_of(office, "hal"))
    assert [one["person"] for one in await rows(office, watches)] == [await person_of(office, "ana")]
    assert office.hal.sees("a colleague has reported this for you")
    assert office.ana.sees("#1 the light above his desk flickers")


async def test_for_somebody_without_a_colon_is_an_ordinary_report(office: Story) -> None:
    await office.ana.says("/issue for @hal and me a new chair")
    (ticket,) = await rows(office, tickets)
    assert (ticket["body"], ticket["requester"]) == ("for @Hal Hughes and me a new chair", await person_of(office, "ana"))


async def test_a_colleague_nobody_has_heard_of_is_asked_for_once(office: Story) -> None:
    nina = office.newcomer("nina", real_name="Nina New", email="nina@acme.example")
    before = len(office.calls("who"))
    await office.ana.says("/issue light above the desk of @nina flickering")
    await office.ana.says("/issue second light above the desk of @nina flickering")
    assert {one["body"] for one in await rows(office, tickets)} == {
        "light above the desk of @Nina New flickering",
        "second light above the desk of @Nina New flickering",
    }
    assert len(office.calls("who")) == before + 1
    assert len(nina.told("You are named in #1")) == 1


async def test_a_stranger_is_a_name_and_nobody_of_ours(office: Story) -> None:
    office.newcomer("sid", real_name="Sid Stranger", **ELSEWHERE[office.chat])
    before, asked = len(await rows(office, people)), len(office.calls("who"))
    await office.ana.tells("@deskbell the light that @sid broke flickers", "office")
    await office.ana.tells("@deskbell the other light that @sid broke flickers", "office")
    assert {one["body"] for one in await rows(office, tickets)} == {
        "the light that @Sid Stranger broke flickers",
        "the other light that @Sid Stranger broke flickers",
    }
    assert len(await rows(office, people)) == before
    assert len(office.calls("who")) == asked + 1


async def test_an_id_that_nobody_knows_is_somebody(office: Story) -> None:
    await office.ana.tells("<@U0DESKBELL> the light that <@U0NOBODY> fixed in <#C0NOWHERE> flickers", "office", raw=True)
    await office.ana.tells("<@U0DESKBELL> the lamp that <@U0NOBODY> fixed flickers", "office", raw=True)
    assert {one["body"] for one in await rows(office, tickets)} == {
        "the light that somebody fixed in a channel flickers",
        "the lamp that somebody fixed flickers",
    }
    assert len(office.slack.calls_of("users.info")) == 1


async def test_the_name_of_a_private_channel_is_not_told(office: Story) -> None:
    secret = office.slack.add_channel("merger", ["ana"], kind="group")
    await office.ana.tells(f"<@U0DESKBELL> the light in the room of <#{secret.id}> flickers", "office", raw=True)
    (ticket,) = await rows(office, tickets)
    assert ticket["body"] == "the light in the room of a channel flickers"


async def test_an_edited_comment_has_names_as_well(office: Story) -> None:
    await office.ana.tells("the light above my desk is flickering")
    message = await office.ana.tells("the left one")
    await office.ana.actor.edit(message, "the one of @bob")
    await office.settled()
    (comment,) = await rows(office, comments)
    assert comment["text"] == "the one of @Bob Burke"


async def test_a_name_that_the_chat_is_slow_to_tell_holds_no_answer_up(office: Story) -> None:
    office.newcomer("nia", real_name="Nia New", email="nia@acme.example")
    office.platform.courier.answer_within = 3.0
    office.platform.faults.slow_next(office.method("who"), 5)
    delivery = await office.ana.actor.command("office", "/issue", "the light flickers, @nia saw it")
    assert delivery.ok
    await office.settled()
    assert office.ana.sees("#1")
