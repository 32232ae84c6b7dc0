"""What the page's Slack window asks of the platform beside what people of the stories do."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.errors import ClientRefused
from bot.sandbox.page import slack_screen
from bot.sandbox.page.slack_deeds import deed
from bot.sandbox.slack import Actor, SlackSandbox

Json = dict[str, Any]


@pytest.fixture
def slack() -> SlackSandbox:
    """It does not listen, and there is no bot: nobody answers."""
    sandbox = SlackSandbox()
    sandbox.add_user("ana", real_name="Ana Silva")
    sandbox.add_user("bob", real_name="Bob Novak")
    sandbox.add_channel("help", ["ana", "bob"])
    return sandbox


def screen(who: Actor) -> Json:
    return slack_screen.screen(who.world, who.user)


async def test_a_reaction_is_taken_off_by_whoever_put_it_there(slack: SlackSandbox) -> None:
    ana, bob = slack.actor("ana"), slack.actor("bob")
    await deed.do("say", ana, {"conversation": "#help", "text": "hello"})
    message = screen(ana)["messages"][0]
    place = {"conversation": message["conversation"], "id": message["id"], "name": "eyes"}
    await deed.do("react", ana, place)
    with pytest.raises(ClientRefused, match="has not put eyes there"):
        await deed.do("unreact", bob, place)
    assert screen(bob)["messages"][0]["reactions"] == {"eyes": [ana.user.id]}
    await deed.do("unreact", ana, place)
    assert screen(bob)["messages"][0]["reactions"] == {}


async def test_a_note_is_put_away_by_its_only_reader(slack: SlackSandbox) -> None:
    ana, bob = slack.actor("ana"), slack.actor("bob")
    note = slack.world.whisper(slack.world.channel("help").id, ana.user.id, {"text": "for you"})
    place = {"conversation": note.channel, "id": note.ts}
    with pytest.raises(ClientRefused, match="changed meanwhile"):
        await deed.do("dismiss", bob, place)
    assert [one["kind"] for one in screen(ana)["messages"]] == ["ephemeral"]
    await deed.do("dismiss", ana, place)
    assert screen(ana)["messages"] == []


def form(slack: SlackSandbox, who: Actor, *blocks: Json) -> None:
    text = {"type": "plain_text", "text": "A form"}
    body = {"type": "modal", "title": text, "submit": text, "blocks": list(blocks)}
    slack.world.modals[who.user.id] = [slack.world.new_view(who.user.id, body)]


def field(name: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": {"type": "plain_text", "text": name},
        "element": {"action_id": "a", **element},
        **more,
    }


async def test_the_very_option_is_chosen_also_where_another_ones_label_is_its_value(slack: SlackSandbox) -> None:
    ana = slack.actor("ana")
    one, two = ({"text": {"type": "plain_text", "text": label}, "value": value} for label, value in (("2", "1"), ("two", "2")))
    form(slack, ana, field("pick", {"type": "static_select", "options": [one, two]}))
    await deed.do("fill", ana, {"block_id": "pick", "action_id": "a", "value": two})
    assert screen(ana)["modal"]["values"]["pick"]["a"]["selected_option"] == two


async def test_what_is_missing_in_a_form_stands_under_its_field(slack: SlackSandbox) -> None:
    ana = slack.actor("ana")
    form(slack, ana, field("what", {"type": "plain_text_input"}), field("more", {"type": "plain_text_input"}, optional=True))
    assert await deed.do("submit", ana, {}) == {}
    assert screen(ana)["modal"]["errors"] == {"what": "Please complete this required field."}
    slack.world.modals.clear()
    with pytest.raises(ClientRefused, match="no modal open"):
        await deed.do("submit", ana, {})
