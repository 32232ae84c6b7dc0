"""People who come, change and go, as the chat tells of them.

Slack's own: events about a profile, of which Teams has none, and the people of two companies in one channel, of whom Slack tells both.
Teams tells of a newcomer when they come into a team, of zone and language with what they write, and of a leaver when they go out of a team.
"""

from __future__ import annotations

from typing import Any, cast

from bot.sandbox.slack.shapes import user_json
from bot.sandbox.teams import TeamsSandbox
from handlers.core import Account
from storage.tables import accounts, people, tickets
from tests.stories.forging import rows
from tests.stories.test_attacks import other_company
from tests.stories.world import Story

CHATS = ("slack", "teams")
SLACKS_OWN = frozenset(
    {
        "test_a_machine_that_joins_is_nobody",
        "test_another_picture_is_no_reason_to_ask_who_somebody_is",
        "test_of_somebody_of_another_office_here_in_a_shared_channel_only_theirs_is_told",
    }
)
LIGHT = "/issue light above my desk flickering"


async def tells_of(office: Story, kind: str, name: str, **facts: Any) -> None:
    """The chat tells of somebody whose facts are different now."""
    world = office.platform.world
    user = world.user(name)
    for fact, value in facts.items():
        setattr(user, fact, value)
    if office.chat == "slack":
        await office.slack.courier.event(world, {"type": kind, "user": user_json(world, user), "event_ts": world.new_ts()})
    elif user.deleted:
        await taken_out(cast(TeamsSandbox, office.platform), name)
    elif kind == "team_join":
        await office.ada.actor.invite(name, "office")
    else:
        await office.platform.actor(name).message("dm", "help")
    await office.settled()


async def taken_out(teams: TeamsSandbox, name: str) -> None:
    """Whoever is deleted from the directory is taken out of all teams."""
    user, ada = teams.world.user(name), teams.world.user("ada")
    for chat in [one for one in teams.world.conversations.values() if one.team and user.id in one.members]:
        await teams.installing.leaves(user, chat, ada)


async def known(office: Story, email: str) -> dict[str, Any]:
    (found,) = [row for row in await rows(office, people) if row["email"] == email]
    return found


async def test_a_newcomer_is_known_before_their_first_word(office: Story) -> None:
    office.platform.add_user("nina", real_name="Nina New", email="nina@acme.example", tz="Asia/Tokyo", locale="de-DE")
    await tells_of(office, "team_join", "nina")
    nina = await known(office, "nina@acme.example")
    assert (nina["name"], nina["standing"]) == ("Nina New", "member")
    await office.platform.actor("nina").message("dm", "help")
    await office.settled()
    nina = await known(office, "nina@acme.example")
    assert (nina["zone"], nina["language"]) == ("Asia/Tokyo", "de")


async def test_whose_zone_nobody_tells_has_that_of_the_office(office: Story) -> None:
    office.platform.add_user("nina", real_name="Nina New", email="nina@acme.example", tz="", locale="")
    await tells_of(office, "team_join", "nina")
    nina = await known(office, "nina@acme.example")
    assert (nina["zone"], nina["language"]) == ("America/Los_Angeles", "en")


async def test_a_machine_that_joins_is_nobody(office: Story) -> None:
    before = len(await rows(office, people))
    office.slack.add_user("robo", is_bot=True)
    await tells_of(office, "team_join", "robo")
    assert len(await rows(office, people)) == before


async def test_a_new_zone_is_taken_over(office: Story) -> None:
    await tells_of(office, "user_change", "ana", tz="Europe/Madrid")
    assert (await known(office, "ana@acme.example"))["zone"] == "Europe/Madrid"


async def test_another_picture_is_no_reason_to_ask_who_somebody_is(office: Story) -> None:
    before = len([call for call in office.slack.calls if call.method == "users.info"])
    await tells_of(office, "user_change", "ana", locale="en-GB")
    assert len([call for call in office.slack.calls if call.method == "users.info"]) == before


async def test_a_promise_is_told_in_the_zone_of_who_reads_it(office: Story) -> None:
    await tells_of(office, "user_change", "ana", tz="Europe/Madrid")
    await office.ana.says(LIGHT)
    answer = office.ana.card("#1 is open")
    assert "Mon 16 Nov, 23:00" in answer.notification, answer.notification


async def test_what_a_leaver_had_goes_back_to_its_queue_for_all_to_see(office: Story) -> None:
    await office.pat.tells("help")
    await office.ana.says(LIGHT)
    await office.ana.says("/issue second light in the hall flickering")
    await office.pat.presses("Take it", on=office.pat.post("#1 light", "building"))
    await office.bob.presses("Take it", on=office.bob.post("#2 second", "building"))
    await tells_of(office, "user_change", "pat", deleted=True)
    held = {row["number"]: (row["assignee"] is None, row["status"]) for row in await rows(office, tickets)}
    assert held == {1: (True, "open"), 2: (False, "in_progress")}
    assert "Take it" in office.bob.post("#1 light", "building").buttons
    assert office.bob.sees("whoever had it has left the office")
    await tells_of(office, "user_change", "pat", deleted=True)
    assert len([one for one in office.bob.screen if one.says("whoever had it has left")]) == 1


async def test_what_was_fixed_by_a_leaver_stays_theirs_until_it_is_confirmed(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.pat.presses("Take it", on=office.pat.post("#1 light", "building"))
    await office.pat.presses("Fixed…")
    await office.pat.sends({"What did you do?": "New socket"})
    await tells_of(office, "user_change", "pat", deleted=True)
    await office.ana.presses("Yes, fixed")
    assert office.ana.sees("Thank you, it is closed.")


async def test_who_comes_back_is_let_in_again(office: Story) -> None:
    await office.pat.tells("help")
    await tells_of(office, "user_change", "pat", deleted=True)
    assert (await known(office, "pat@acme.example"))["standing"] == "gone"
    office.platform.world.user("pat").deleted = False
    if office.chat == "teams":
        office.platform.world.channel("office").members.append(office.pat.actor.user.id)
    await office.pat.says(LIGHT)
    assert office.pat.sees("#1 is open")
    assert (await known(office, "pat@acme.example"))["standing"] == "member"


async def test_of_somebody_of_another_office_here_in_a_shared_channel_only_theirs_is_told(office: Story) -> None:
    """Two companies have their desks in one deployment and share a channel: Slack tells each workspace of the other's people."""
    await other_company(office)
    rita = Account("slack", "T0RIVAL", "U0RIVAL")
    before = await office.bot.desk.people.of_account(rita)
    assert before is not None
    office.slack.add_user("rita", id="U0RIVAL", team="T0RIVAL", real_name="Rita Rival", email="ana@acme.example")
    books = await rows(office, people), await rows(office, accounts)
    for zone in ("UTC", "Asia/Tokyo"):
        await tells_of(office, "user_change", "rita", tz=zone)
        assert office.slack.courier.sent[-1].status == 200
    office.bot.store.people.clear()
    after = await office.bot.desk.people.of_account(rita)
    assert after == before
    assert (await rows(office, people), await rows(office, accounts)) == books
