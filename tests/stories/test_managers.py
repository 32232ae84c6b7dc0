"""Managers as the workspace's profiles name them; the office's policy goes before.

Slack's own: the connector of Teams tells of nobody's manager, so there the office's policy is all there is.
"""

from __future__ import annotations

from bot.sandbox.slack.shapes import user_json
from handlers.people.managers import manager_of
from tests.stories.world import Story

FIELD = {"id": "Xf0BOSS", "label": "Manager", "type": "user", "is_hidden": False}


async def manager(office: Story, name: str) -> str:
    people = office.bot.desk.people
    person = await people.by_email(office.office.organisation, f"{name}@acme.example") or await people.by_email(
        office.office.organisation, f"{name}@sandbox.example"
    )
    assert person is not None
    found = await manager_of(office.bot.desk, await office.bot.desk.office(office.office.organisation), person)
    return found.name if found else ""


async def newcomer(office: Story, name: str, boss: str) -> None:
    office.slack.add_user(name, real_name=name.title(), fields={"Xf0BOSS": office.slack.world.user(boss).id})


async def test_profiles_are_read_once_for_all_and_the_policy_wins(office: Story) -> None:
    office.slack.world.profile_fields = [{"id": "Xf0PHONE", "label": "Phone", "type": "text"}, FIELD]
    await newcomer(office, "nina", "bob")
    office.slack.world.user("hal").fields = {"Xf0BOSS": office.slack.world.user("ana").id}
    before = len(office.slack.calls_of("team.profile.get"))
    await office.wired.learn_everyone()
    assert await manager(office, "nina") == "Bob Burke"
    assert await manager(office, "hal") == "Dee Dorsey"
    assert await manager(office, "ada") == ""
    assert len(office.slack.calls_of("users.profile.get")) < 5  # whom the policy names a manager for need not be asked about
    assert len(office.slack.calls_of("team.profile.get")) == before + 1


async def test_a_workspace_without_such_a_field_is_not_asked_about_people(office: Story) -> None:
    office.slack.world.profile_fields = [{"id": "Xf0BOSS", "label": "Manager", "type": "text"}]
    await office.wired.learn_everyone()
    assert office.slack.calls_of("users.profile.get") == []


async def test_it_is_looked_at_again_once_a_day_when_something_else_changes(office: Story) -> None:
    office.slack.world.profile_fields = [FIELD]
    await newcomer(office, "nina", "bob")
    world, nina = office.slack.world, office.slack.world.user("nina")
    for kind, boss in (("team_join", "bob"), ("user_change", "ana")):
        nina.fields = {"Xf0BOSS": world.user(boss).id}
        await office.slack.courier.event(world, {"type": kind, "user": user_json(world, nina), "event_ts": world.new_ts()})
        await office.settled()
    assert await manager(office, "nina") == "Bob Burke"
    assert len(office.slack.calls_of("users.profile.get")) == 1


async def test_without_the_scope_all_goes_on_without(office: Story) -> None:
    office.slack.app.scopes.discard("users.profile:read")
    office.slack.world.profile_fields = [FIELD]
    await newcomer(office, "nina", "bob")
    await office.wired.learn_everyone()
    assert await manager(office, "nina") == ""
    assert office.slack.calls_of("users.profile.get") == []


async def test_who_has_none_any_more_has_the_head_of_the_department(office: Story) -> None:
    office.slack.world.profile_fields = [FIELD]
    await newcomer(office, "nina", "bob")
    await office.wired.learn_everyone()
    office.slack.world.user("nina").fields = {"Xf0BOSS": ""}
    await office.wired.learn_everyone()
    assert await manager(office, "nina") == ""
