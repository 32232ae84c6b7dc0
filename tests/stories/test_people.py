"""People who come, change and go, as Slack tells of them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.shapes import user_json
from handlers.core import Account
from storage.tables import accounts, people, tickets
from tests.stories.forging import rows
from tests.stories.test_attacks import other_company
from tests.stories.world import Story

LIGHT = "/issue light above my desk flickering"


async def tells_of(office: Story, kind: str, name: str, **facts: Any) -> None:
    """Slack tells of somebody whose facts are different now."""
    world = office.slack.world
    user = world.user(name)
    for fact, value in facts.items():
        setattr(user, fact, value)
    await office.slack.courier.event(world, {"type": kind, "user": user_json(world, user), "event_ts": world.new_ts()})
    await office.settled()


async def known(office: Story, email: str) -> dict[str, Any]:
    (found,) = [row for row in await rows(office, people) if row["email"] == email]
    return found


async def test_a_newcomer_is_known_before_their_first_word(office: Story) -> None:
    office.slack.add_user("nina", real_name="Nina New", email="nina@acme.example", tz="Asia/Tokyo", locale="de-DE")
    await tells_of(office, "team_join", "nina")
    nina = await known(office, "nina@acme.example")
    assert (nina["name"], nina["zone"], nina["language"], nina["standing"]) == ("Nina New", "Asia/Tokyo", "de", "member")


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


async def test_what_a_leaver_had_goes_back_to_its_queue_for_all_to_see(office: Story) -> None:
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
