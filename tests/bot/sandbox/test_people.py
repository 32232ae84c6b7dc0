"""What people do reaches the bot as Slack sends it, and the bot's answers reach the people as Slack shows them."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import ClientRefused, HandClock, SlackSandbox

Json = dict[str, Any]


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(words: str) -> Json:
    return {"text": text(words), "value": words.lower()}


def button(label: str, **more: Any) -> Json:
    return {"type": "button", "text": text(label), **more}


CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Light* flickering"}},
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            button("Take it", action_id="take", value="7"),
            {"type": "static_select", "action_id": "slow", "placeholder": text("How bad?"), "options": [option("A bit"), option("A lot")]},
            {"type": "overflow", "action_id": "more", "options": [option("Cancel"), option("Watch")]},
        ],
    },
]
FORM: Json = {
    "type": "modal",
    "callback_id": "report",
    "title": text("Report"),
    "submit": text("Send"),
    "notify_on_close": True,
    "private_metadata": "secret",
    "blocks": [
        {"type": "input", "block_id": "what", "label": text("What is wrong?"), "element": {"type": "plain_text_input", "action_id": "w"}},
        {
            "type": "input",
            "block_id": "where",
            "label": text("Where?"),
            "optional": True,
            "element": {"type": "static_select", "action_id": "r", "options": [option("Kitchen"), option("Lobby")]},
        },
        {
            "type": "input",
            "block_id": "who",
            "label": text("Who else?"),
            "optional": True,
            "element": {"type": "multi_users_select", "action_id": "u"},
        },
    ],
}


# --- commands


async def test_a_command_arrives_as_a_form(slack: SlackSandbox, bot: Any) -> None:
    await slack.actor("ana").command("#help", "/issue", "light flickering")
    (heard,) = bot.heard
    ana, place = slack.world.user("ana"), slack.world.channel("help")
    assert (heard["command"], heard["text"], heard["user_id"], heard["channel_id"]) == ("/issue", "light flickering", ana.id, place.id)
    assert (heard["team_id"], heard["api_app_id"], heard["channel_name"]) == (slack.world.team, slack.app.id, "help")
    assert heard["trigger_id"]
    assert heard["response_url"].startswith("http://127.0.0.1:")


async def test_names_and_specials_in_a_command_are_escaped(slack: SlackSandbox, bot: Any) -> None:
    bob = slack.world.user("bob").id
    await slack.actor("ana").command("#help", "/issue", "ask @bob: 1 < 2 & see https://example.com/a")
    assert bot.heard[0]["text"] == f"ask <@{bob}|bob>: 1 &lt; 2 &amp; see <https://example.com/a>"
    slack.app.should_escape = False
    await slack.actor("ana").command("#help", "/issue", "ask @bob: 1 < 2")
    assert bot.heard[1]["text"] == "ask @bob: 1 < 2"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("Noted", "ephemeral"), ({"text": "Noted"}, "ephemeral"), ({"text": "Noted", "response_type": "in_channel"}, "message")],
)
async def test_the_answer_to_a_command_is_shown(slack: SlackSandbox, bot: Any, answer: Json | str, kind: str) -> None:
    bot.says(answer)
    await slack.actor("ana").command("#help", "/issue", "x")
    assert slack.actor("ana").find("Noted").kind == kind
    assert slack.actor("bob").sees("Noted") == (kind == "message")


async def test_a_failed_command_says_so(slack: SlackSandbox, bot: Any) -> None:
    bot.says("", status=500)
    await slack.actor("ana").command("#help", "/issue", "x")
    assert slack.actor("ana").sees('/issue failed with the error "dispatch_failed"')
    bot.says({"blocks": [{"type": "paragraph"}]})
    await slack.actor("ana").command("#help", "/issue", "x")
    assert slack.actor("ana").sees('failed with the error "invalid_command_response"')


async def test_a_late_answer_is_no_answer(slack: SlackSandbox, bot: Any) -> None:
    async def late(payload: Json) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response(text="late")

    bot.answer = late
    slack.courier.answer_within = 0.05
    delivery = await slack.actor("ana").command("#help", "/issue", "x")
    assert delivery.error == "http_timeout"
    assert slack.actor("ana").sees('failed with the error "operation_timeout"')
    assert not slack.actor("ana").sees("late")


async def test_what_the_client_does_not_offer_is_not_sent(slack: SlackSandbox, bot: Any) -> None:
    slack.app.commands = {"/issue"}
    ana = slack.actor("ana")
    for act in (
        ana.command("#help", "/other"),
        ana.command("#board", "/issue"),
        ana.command("#nowhere", "/issue"),
        ana.message("#board", "x"),
        ana.press("Nothing"),
        ana.submit(),
        slack.actor("eve").message("#help", "x"),
    ):
        with pytest.raises(ClientRefused):
            await act
    assert bot.heard == []


# --- messages


async def test_a_message_arrives_with_its_envelope(slack: SlackSandbox, bot: Any, clock: HandClock) -> None:
    message = await slack.actor("ana").message("#help", "a < b, @bob")
    (heard,) = bot.heard
    assert (heard["type"], heard["team_id"], heard["event_time"]) == ("event_callback", slack.world.team, int(clock()))
    assert heard["authorizations"][0]["user_id"] == slack.app.user
    event = heard["event"]
    assert (event["type"], event["ts"], event["channel_type"]) == ("message", message.ts, "channel")
    assert event["text"] == f"a &lt; b, <@{slack.world.user('bob').id}>"
    assert event["blocks"][0]["type"] == "rich_text"
    assert slack.actor("bob").sees("a < b, @Bob Novak")


async def test_a_mention_arrives_twice_and_each_event_has_its_id(slack: SlackSandbox, bot: Any) -> None:
    await slack.actor("ana").message("#help", "@deskbell help")
    assert {one["event"]["type"] for one in bot.heard} == {"message", "app_mention"}
    assert len({one["event"]["ts"] for one in bot.heard}) == 1
    assert len({one["event_id"] for one in bot.heard}) == 2


async def test_a_direct_message_and_a_reply(slack: SlackSandbox, bot: Any) -> None:
    first = await slack.actor("ana").message("dm", "@deskbell hello")
    await slack.actor("ana").message("dm", "more", thread_ts=first.ts)
    assert [event["channel_type"] for event in bot.events("message")] == ["im", "im"]
    assert bot.events("app_mention") == []
    assert bot.events("message")[1]["thread_ts"] == first.ts


async def test_the_app_hears_only_where_it_is_and_what_it_subscribed_to(slack: SlackSandbox, bot: Any) -> None:
    await slack.actor("ana").message("#other", "unheard")
    slack.app.events.remove("message.channels")
    await slack.actor("ana").message("#help", "unheard too")
    assert bot.heard == []


async def test_own_messages_come_back_unless_switched_off(slack: SlackSandbox, bot: Any, web_client: AsyncWebClient) -> None:
    place = slack.world.channel("help").id
    ts = (await web_client.chat_postMessage(channel=place, text="mine"))["ts"]
    await web_client.chat_update(channel=place, ts=ts, text="changed")
    await web_client.chat_delete(channel=place, ts=ts)
    await slack.settled()
    assert {event.get("subtype") for event in bot.events("message")} == {None, "message_changed", "message_deleted"}
    assert bot.heard[0]["event"]["bot_id"] == slack.app.bot_id
    slack.courier.echo_bot_messages = False
    await web_client.chat_postMessage(channel=place, text="mine")
    await slack.settled()
    assert len(bot.heard) == 3


async def test_changing_and_deleting_arrive_as_hidden_messages(slack: SlackSandbox, bot: Any) -> None:
    ana = slack.actor("ana")
    await ana.message("#help", "ligt")
    await ana.edit("ligt", "light")
    await ana.delete("light")
    subtypes = [event.get("subtype") for event in bot.events("message")]
    assert subtypes == [None, "message_changed", "message_deleted"]
    assert bot.events("message")[1]["previous_message"]["text"] == "ligt"
    with pytest.raises(LookupError):
        ana.find("light")


async def test_reactions_joins_and_the_home_tab_arrive(slack: SlackSandbox, bot: Any) -> None:
    ana = slack.actor("ana")
    message = await ana.message("#help", "broken")
    await slack.actor("bob").react("broken", ":ticket:")
    await ana.invite("deskbell", "#other")
    await ana.opens_home()
    (reaction,) = bot.events("reaction_added")
    assert (reaction["reaction"], reaction["item"]["ts"]) == ("ticket", message.ts)
    assert bot.events("member_joined_channel")[0]["user"] == slack.app.user
    assert bot.events("app_home_opened")[0]["tab"] == "home"


# --- repetition


async def test_an_event_not_taken_comes_again_three_times(slack: SlackSandbox, bot: Any, clock: HandClock) -> None:
    bot.says("", status=500)
    await slack.actor("ana").message("#help", "x")
    for seconds in (60, 300, 3600):
        clock.move(seconds)
        await slack.repeat_events()
    assert [headers.get("x-slack-retry-num") for headers in bot.headers] == [None, "1", "2", "3"]
    assert {headers.get("x-slack-retry-reason") for headers in bot.headers[1:]} == {"http_error"}
    assert len({one["event_id"] for one in bot.heard}) == 1


async def test_an_event_once_taken_does_not_come_again(slack: SlackSandbox, bot: Any, clock: HandClock) -> None:
    bot.says("", status=500)
    await slack.actor("ana").message("#help", "x")
    bot.says("")
    clock.move(60)
    assert await slack.repeat_events() == 1
    clock.move(600)
    assert await slack.repeat_events() == 0
    assert len(bot.heard) == 3


async def test_the_bot_may_ask_not_to_be_told_again(slack: SlackSandbox, bot: Any) -> None:
    async def never(payload: Json) -> web.Response:
        return web.Response(status=500, headers={"x-slack-no-retry": "1"})

    bot.answer = never
    await slack.actor("ana").message("#help", "x")
    assert len(bot.heard) == 1


async def test_a_request_can_be_delivered_twice(slack: SlackSandbox, bot: Any) -> None:
    slack.faults.deliver_twice()
    await slack.actor("ana").message("#help", "x")
    await slack.actor("ana").message("#help", "y")
    assert [one["event"]["text"] for one in bot.heard] == ["x", "x", "y"]
    assert bot.heard[0]["event_id"] == bot.heard[1]["event_id"]
    assert len(slack.deliveries) == 3


# --- pressing


@pytest.fixture
async def card(slack: SlackSandbox, web_client: AsyncWebClient) -> str:
    slack.courier.echo_bot_messages = False
    answer = await web_client.chat_postMessage(channel=slack.world.channel("help").id, text="Light", blocks=CARD)
    return str(answer["ts"])


async def test_a_press_says_what_where_and_by_whom(slack: SlackSandbox, bot: Any, card: str) -> None:
    await slack.actor("bob").press("Take it")
    (heard,) = bot.heard
    action = heard["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"], action["type"]) == ("take", "acts", "7", "button")
    assert heard["user"]["id"] == slack.world.user("bob").id
    assert (heard["container"]["message_ts"], heard["message"]["ts"], heard["channel"]["name"]) == (card, card, "help")
    assert heard["response_url"]
    assert heard["trigger_id"]


async def test_menus_send_the_option_and_keep_it(slack: SlackSandbox, bot: Any, card: str) -> None:
    ana = slack.actor("ana")
    await ana.press("How bad?", "A lot")
    await ana.press("Watch")
    first, second = bot.heard
    assert first["actions"][0]["selected_option"]["value"] == "a lot"
    assert second["actions"][0]["action_id"] == "more"
    assert second["actions"][0]["selected_option"]["text"]["text"] == "Watch"
    assert second["state"]["values"]["acts"]["slow"]["selected_option"]["value"] == "a lot"
    with pytest.raises(ClientRefused):
        await ana.press("How bad?", "Not offered")


async def test_labels_of_buttons_are_seen(slack: SlackSandbox, card: str) -> None:
    assert slack.actor("ana").find("Light flickering").buttons == ["Take it", "Cancel", "Watch"]


async def test_an_old_picture_can_still_be_pressed(slack: SlackSandbox, bot: Any, card: str, web_client: AsyncWebClient) -> None:
    old = slack.actor("ana").find("Light flickering")
    place = slack.world.channel("help").id
    await web_client.chat_update(channel=place, ts=card, text="taken")
    await slack.actor("ana").press("Take it", on=old)
    assert bot.heard[-1]["actions"][0]["value"] == "7"
    assert bot.heard[-1]["message"]["text"] == "taken"
    await web_client.chat_delete(channel=place, ts=card)
    await slack.actor("ana").press("Take it", on=old)
    assert bot.heard[-1]["message"]["text"] == "Light"


async def test_a_press_on_a_private_note_carries_no_message(slack: SlackSandbox, bot: Any, web_client: AsyncWebClient) -> None:
    ana = slack.world.user("ana").id
    await web_client.chat_postEphemeral(channel=slack.world.channel("help").id, user=ana, text="x", blocks=CARD)
    await slack.actor("ana").press("Take it")
    assert bot.heard[0]["container"]["is_ephemeral"]
    assert "message" not in bot.heard[0]


async def test_shortcuts(slack: SlackSandbox, bot: Any) -> None:
    ana = slack.actor("ana")
    message = await ana.message("#help", "the tap drips")
    await ana.shortcut("new_ticket")
    await ana.message_shortcut("make_ticket", "the tap drips")
    everywhere, here = bot.heard[1:]
    assert (everywhere["type"], everywhere["callback_id"], "channel" in everywhere) == ("shortcut", "new_ticket", False)
    assert (here["type"], here["message"]["ts"], here["message"]["user"]) == ("message_action", message.ts, ana.user.id)
    assert here["response_url"]


async def test_a_press_in_the_home_tab_carries_the_view(slack: SlackSandbox, bot: Any, web_client: AsyncWebClient) -> None:
    ana = slack.actor("ana")
    await web_client.views_publish(user_id=ana.user.id, view={"type": "home", "blocks": CARD})
    await ana.press("Take it")
    assert bot.heard[0]["container"] == {"type": "view", "view_id": bot.heard[0]["view"]["id"]}
    assert "response_url" not in bot.heard[0]


# --- forms


@pytest.fixture
async def form(slack: SlackSandbox, web_client: AsyncWebClient) -> str:
    answer = await web_client.views_open(trigger_id=slack.actor("ana").keys()["trigger_id"], view=FORM)
    return str(answer["view"]["id"])


async def test_a_form_sends_what_was_filled_in(slack: SlackSandbox, bot: Any, form: str) -> None:
    ana, bob = slack.actor("ana"), slack.world.user("bob").id
    await ana.submit({"What is wrong?": "light", "where": "Lobby", "u": ["bob"]})
    (heard,) = bot.heard
    view = heard["view"]
    assert (heard["type"], view["id"], view["callback_id"], view["private_metadata"]) == ("view_submission", form, "report", "secret")
    values = view["state"]["values"]
    assert values["what"]["w"] == {"type": "plain_text_input", "value": "light"}
    assert values["where"]["r"]["selected_option"]["value"] == "lobby"
    assert values["who"]["u"]["selected_users"] == [bob]
    assert ana.modal is None


async def test_a_field_left_empty_is_null(slack: SlackSandbox, bot: Any, form: str) -> None:
    await slack.actor("ana").submit({"what": "light"})
    values = bot.heard[0]["view"]["state"]["values"]
    assert values["where"]["r"] == {"type": "static_select", "selected_option": None}
    assert values["who"]["u"] == {"type": "multi_users_select", "selected_users": []}


async def test_the_client_holds_back_an_incomplete_form(slack: SlackSandbox, bot: Any, form: str) -> None:
    with pytest.raises(ClientRefused, match="What is wrong"):
        await slack.actor("ana").submit()
    assert slack.actor("ana").sees("Please complete this required field.")
    assert bot.heard == []
    await slack.actor("ana").submit(force=True)
    assert bot.heard[0]["view"]["state"]["values"]["what"]["w"]["value"] is None


async def test_errors_stay_on_the_form_with_what_was_filled_in(slack: SlackSandbox, bot: Any, form: str) -> None:
    ana = slack.actor("ana")
    bot.says({"response_action": "errors", "errors": {"what": "Please say more."}})
    await ana.submit({"what": "x"})
    assert ana.modal is not None
    assert ana.modal.errors == {"What is wrong?": "Please say more."}
    assert ana.modal.raw["state"]["values"]["what"]["w"]["value"] == "x"
    bot.says("")
    await ana.submit()
    assert ana.modal is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "update"},
        {"response_action": "dance"},
        "thanks",
    ],
)
async def test_an_answer_that_slack_does_not_understand_is_trouble(slack: SlackSandbox, bot: Any, form: str, answer: Json | str) -> None:
    bot.says(answer)
    await slack.actor("ana").submit({"what": "x"})
    modal = slack.actor("ana").modal
    assert modal is not None
    assert modal.trouble == "We had some trouble connecting. Try again?"
    assert modal.errors == {}


async def test_no_answer_is_trouble_too(slack: SlackSandbox, bot: Any, form: str) -> None:
    bot.says("", status=500)
    assert not (await slack.actor("ana").submit({"what": "x"})).ok
    assert slack.actor("ana").sees("We had some trouble connecting.")


async def test_a_form_can_change_stack_and_clear(slack: SlackSandbox, bot: Any, form: str) -> None:
    ana = slack.actor("ana")
    bot.says({"response_action": "update", "view": FORM | {"title": text("Step two")}})
    await ana.submit({"what": "x"})
    assert ana.sees("Step two")
    bot.says({"response_action": "push", "view": FORM | {"title": text("On top")}})
    await ana.submit({"what": "y"})
    assert ana.sees("On top")
    await ana.close()
    assert ana.sees("Step two")
    bot.says({"response_action": "clear"})
    await ana.submit({"what": "z"})
    assert ana.modal is None


async def test_what_was_typed_survives_an_update_by_the_bot(slack: SlackSandbox, form: str, web_client: AsyncWebClient) -> None:
    ana = slack.actor("ana")
    await ana.fill("what", "half a sent")
    answer = await web_client.views_update(view_id=form, view=FORM | {"title": text("Newer")})
    assert answer["view"]["state"]["values"]["what"]["w"]["value"] == "half a sent"


async def test_closing_is_told_if_the_view_asks_for_it(slack: SlackSandbox, bot: Any, form: str) -> None:
    await slack.actor("ana").close()
    assert (bot.heard[0]["type"], bot.heard[0]["view"]["id"], bot.heard[0]["is_cleared"]) == ("view_closed", form, False)
    assert slack.actor("ana").modal is None


async def test_options_come_from_the_bot_as_one_types(slack: SlackSandbox, bot: Any, web_client: AsyncWebClient) -> None:
    ana = slack.actor("ana")
    chooser = {"type": "external_select", "action_id": "x", "min_query_length": 1}
    block = {"type": "input", "block_id": "room", "label": text("Room"), "element": chooser}
    await web_client.views_open(trigger_id=ana.keys()["trigger_id"], view=FORM | {"blocks": [block]})
    bot.says({"options": [option("Kitchen")]})
    await ana.fill("Room", "Kitchen")
    assert (bot.heard[0]["type"], bot.heard[0]["value"]) == ("block_suggestion", "Kitchen")
    bot.says("")
    await ana.submit()
    assert bot.heard[1]["view"]["state"]["values"]["room"]["x"]["selected_option"]["value"] == "kitchen"


async def test_waiting_ends_with_the_change_or_says_what_was_called(slack: SlackSandbox, web_client: AsyncWebClient) -> None:
    waiting = asyncio.create_task(slack.until(lambda: slack.actor("ana").sees("at last")))
    await web_client.chat_postMessage(channel=slack.world.channel("help").id, text="at last")
    assert await waiting
    with pytest.raises(TimeoutError, match=r"chat\.postMessage ok"):
        await slack.until(lambda: slack.actor("ana").sees("never"), 0.01)
