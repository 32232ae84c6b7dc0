"""At the true boundary: what people do in Slack arrives as it was meant, and they are answered whatever happens."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.sandbox.slack import Seen
from handlers.cards import Button, Buttons, Card
from handlers.core import Account, Command, Place, Press, Submit, Where
from handlers.forms import Field, Form, Invalid
from handlers.words import say, words
from tests.bot.slack.conftest import ANA, Bench
from tests.bot.slack.samples import BERLIN, NASTY, TICKET

FORM = Form("tickets.report", say("Report"), (Field("what", "text", say("What is wrong?")),), say("Send"), TICKET, 3, "once-7")
TAKE = Button(say("Take it"), "tickets.take", TICKET, 7, "x")
ASK = Button(say("Fill in"), "tickets.fill", TICKET, 7, opens="tickets.report")
CARD = Card(say("A light flickers"), (Buttons((TAKE, ASK), tuple(replace(TAKE, label=words(n), value=n) for n in ("Hold", "Drop"))),))


async def posted(bench: Bench, card: Card = CARD, thread: str = "") -> str:
    place = Place("pl", "o", "slack", bench.slack.world.team, "channel", bench.slack.world.channel("help").id)
    return (await bench.client.post(place, bench.client.render(card, BERLIN), thread)).message_id


# ---------------------------------------------------------------- commands


async def test_a_command_arrives_and_is_answered_in_the_response(bench: Bench) -> None:
    delivery = await bench.ana.command("#help", "/issue", "light <b> & 'flickering' @bob")
    (arrival,) = bench.desk.heard
    team, user = bench.slack.world.team, bench.slack.world.user("ana").id
    assert arrival.account == Account("slack", team, user)
    assert arrival.where == Where("slack", team, bench.slack.world.channel("help").id)
    assert arrival.key.startswith(f"slack:cmd:{team}:")
    (message,) = bench.desk.messages()
    assert message == Command(key=arrival.key, actor=ANA, where=arrival.where, name="report", text="light <b> & 'flickering' @bob")
    assert delivery.json()["response_type"] == "ephemeral"
    assert bench.ana.sees("Noted.")
    assert not bench.slack.actor("bob").sees("Noted.")


async def test_what_stands_after_the_command_is_read_by_the_grammar(bench: Bench) -> None:
    await bench.ana.command("#help", "/issue", "show 142")
    (message,) = bench.desk.messages()
    assert isinstance(message, Command)
    assert (message.name, message.text) == ("show", "142")


async def test_a_command_in_a_direct_conversation_says_so(bench: Bench) -> None:
    await bench.ana.command(bench.ana.dm(), "/issue", "light")
    assert bench.desk.heard[0].where.direct


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> <@U1> @here *b* _i_ ~s~ `c` ```d``` :boom: &lt;b&gt; &amp;amp; > q\nl",
        "x" * 40_000,
        "👩‍👩‍👧‍👦 שלום \u202e",
        "the payload=1 of the lift & its type={}",
    ],
)
async def test_any_words_arrive_whole(bench: Bench, text: str) -> None:
    await bench.ana.command("#help", "/issue", text)
    (message,) = bench.desk.messages()
    assert isinstance(message, Command)
    assert message.text == text


async def test_two_commands_have_two_keys(bench: Bench) -> None:
    await bench.ana.command("#help", "/issue", "light")
    await bench.ana.command("#help", "/issue", "light")
    assert len({arrival.key for arrival in bench.desk.heard}) == 2


async def test_another_command_is_told_which_one_there_is(bench: Bench) -> None:
    delivery = await bench.ana.command("#help", "/other", "light")
    assert delivery.status == 200
    assert bench.desk.heard == []
    assert bench.ana.sees("I do not know /other. What I do know is /issue.")


async def test_nothing_to_say_is_an_empty_response(bench: Bench) -> None:
    bench.desk.reply = None
    assert (await bench.ana.command("#help", "/issue", "light")).body == ""


async def test_the_command_alone_opens_the_form(bench: Bench) -> None:
    bench.desk.reply = FORM
    delivery = await bench.ana.command("#help", "/issue")
    await bench.done()
    assert delivery.body == ""
    (message,) = bench.desk.messages()
    assert isinstance(message, Press)
    assert message.action == "open:report"
    assert bench.ana.modal is not None
    assert bench.ana.sees("What is wrong?")


async def test_a_command_may_be_answered_with_a_form(bench: Bench) -> None:
    bench.desk.reply = FORM
    await bench.ana.command("#help", "/issue", "light")
    await bench.done()
    assert bench.ana.sees("What is wrong?")


async def test_a_slow_answer_comes_later(bench: Bench) -> None:
    bench.desk.ready.clear()
    delivery = await bench.ana.command("#help", "/issue", "light")
    assert (delivery.status, delivery.body) == (200, "")
    bench.desk.ready.set()
    await bench.done()
    assert bench.ana.sees("Noted.")
    assert bench.counted["slow", "answer"] == 1


async def test_a_fault_is_a_sentence_and_not_an_error(bench: Bench) -> None:
    bench.desk.reply = RuntimeError("secret words")
    delivery = await bench.ana.command("#help", "/issue", "light")
    assert delivery.status == 200
    assert bench.ana.sees("Something went wrong on my side")
    assert "secret" not in delivery.body
    assert bench.counted["fault", "RuntimeError"] == 1


# ---------------------------------------------------------------- presses


async def test_a_press_arrives_and_is_answered_privately(bench: Bench) -> None:
    ts = await posted(bench)
    delivery = await bench.ana.press("Take it")
    await bench.done()
    (arrival,) = bench.desk.heard
    team, user = bench.slack.world.team, bench.slack.world.user("ana").id
    assert arrival.key == f"press:slack:{team}:{user}:tickets.take:{TICKET}:7:x"
    assert arrival.where == Where("slack", team, bench.slack.world.channel("help").id)
    (message,) = bench.desk.messages()
    assert message == Press(key=arrival.key, actor=ANA, where=arrival.where, action="tickets.take", subject=TICKET, version=7, value="x")
    assert delivery.body == ""
    assert bench.ana.find("Noted.").kind == "ephemeral"
    assert bench.ana.find("A light flickers").id == ts


async def test_an_entry_of_the_menu_is_a_press_too(bench: Bench) -> None:
    await posted(bench)
    await bench.ana.press("Drop")
    (message,) = bench.desk.messages()
    assert isinstance(message, Press)
    assert message.value == "Drop"


async def test_the_answer_to_a_press_in_a_thread_stands_in_the_thread(bench: Bench) -> None:
    root = await posted(bench, Card(words("The root")))
    await posted(bench, CARD, root)
    await bench.ana.press("Take it")
    await bench.done()
    assert bench.desk.heard[0].where.thread == root
    assert bench.ana.find("Noted.").thread_ts == root


async def test_a_button_that_opens_a_form_shows_a_moment_and_then_the_form(bench: Bench) -> None:
    await posted(bench)
    bench.desk.reply = FORM
    bench.desk.ready.clear()
    await bench.ana.press("Fill in")
    await bench.slack.until(lambda: bench.ana.modal)
    assert bench.ana.sees("One moment")
    bench.desk.ready.set()
    await bench.done()
    assert bench.ana.sees("What is wrong?")
    (message,) = bench.desk.messages()
    assert isinstance(message, Press)
    assert (message.action, message.subject, message.version) == ("open:tickets.report", TICKET, 7)


async def test_a_form_that_cannot_be_opened_is_told(bench: Bench) -> None:
    await posted(bench)
    bench.slack.fail_next("views.open", "expired_trigger_id")
    await bench.ana.press("Fill in")
    await bench.done()
    assert bench.desk.heard == []
    assert bench.ana.sees("please try once more")
    assert bench.counted["answer lost", "views.open"] == 1


async def test_no_answer_to_a_press_says_nothing(bench: Bench) -> None:
    await posted(bench)
    bench.desk.reply = None
    await bench.ana.press("Take it")
    await bench.done()
    assert [seen.kind for seen in bench.ana.seen()] == ["message"]


async def test_a_quiet_answer_beside_a_post_is_not_said(bench: Bench) -> None:
    await posted(bench)
    bench.desk.quiet = True
    await bench.ana.press("Take it")
    await bench.done()
    assert [seen.kind for seen in bench.ana.seen()] == ["message"]


async def test_a_quiet_answer_takes_the_place_of_a_private_card(bench: Bench) -> None:
    bench.desk.reply = CARD
    await bench.ana.command("#help", "/issue", "light")
    bench.desk.reply, bench.desk.quiet = Card(say("You have it")), True
    await bench.ana.press("Take it")
    await bench.done()
    assert [seen.text for seen in bench.ana.seen()] == ["You have it"]


async def test_any_other_answer_stands_beside_a_private_card(bench: Bench) -> None:
    bench.desk.reply = CARD
    await bench.ana.command("#help", "/issue", "light")
    bench.desk.reply = Card(say("You may not"))
    await bench.ana.press("Take it")
    await bench.done()
    assert [seen.text.partition("\n")[0] for seen in bench.ana.seen()] == ["A light flickers", "You may not"]


async def test_a_fault_in_a_press_is_told(bench: Bench) -> None:
    await posted(bench)
    bench.desk.reply = RuntimeError("x")
    assert (await bench.ana.press("Take it")).status == 200
    await bench.done()
    assert bench.ana.sees("Something went wrong on my side")


async def test_an_answer_is_tried_again_while_slack_is_down(bench: Bench) -> None:
    await posted(bench)
    bench.desk.reply = FORM
    bench.slack.fail_next("views.update", 503, times=2)
    await bench.ana.press("Fill in")
    await bench.done()
    assert bench.ana.sees("What is wrong?")


async def test_somebody_of_another_company_is_seen_as_such(bench: Bench) -> None:
    await posted(bench)
    bench.slack.add_user("dee", team="T0OTHER", stranger=True)
    bench.slack.world.channel("help").members.append(bench.slack.world.user("dee").id)
    await bench.slack.actor("dee").press("Take it")
    (arrival,) = bench.desk.heard
    assert arrival.account.workspace == "T0OTHER"
    assert arrival.where.workspace == bench.slack.world.team


# ---------------------------------------------------------------- forms


async def opened(bench: Bench) -> Seen:
    bench.desk.reply = FORM
    await posted(bench)
    await bench.ana.press("Fill in")
    await bench.done()
    bench.desk.heard.clear()
    bench.desk.reply = None
    assert bench.ana.modal is not None
    return bench.ana.modal


async def test_a_sent_form_arrives_and_closes(bench: Bench) -> None:
    await opened(bench)
    await bench.ana.submit({"What is wrong?": NASTY})
    (arrival,) = bench.desk.heard
    assert arrival.key == "form:once-7"
    assert arrival.where.channel == bench.slack.world.channel("help").id
    (message,) = bench.desk.messages()
    assert message == Submit(
        key="form:once-7", actor=ANA, where=arrival.where, form="tickets.report", subject=TICKET, version=3, values={"what": NASTY}
    )
    assert bench.ana.modal is None


async def test_mistakes_stand_under_their_fields(bench: Bench) -> None:
    await opened(bench)
    bench.desk.reply = Invalid({"what": say("Please say more.")})
    await bench.ana.submit({"What is wrong?": "dark"})
    assert bench.ana.modal is not None
    assert bench.ana.modal.errors == {"What is wrong?": "Please say more."}


async def test_the_next_page_replaces_the_first(bench: Bench) -> None:
    await opened(bench)
    bench.desk.reply = replace(FORM, name="tickets.more", fields=(Field("where", "text", say("Where is it?")),))
    await bench.ana.submit({"What is wrong?": "dark"})
    assert bench.ana.sees("Where is it?")
    assert not bench.ana.sees("What is wrong?")


async def test_a_last_word_stands_in_the_modal_and_its_buttons_work(bench: Bench) -> None:
    await opened(bench)
    bench.desk.reply = Card(say("#142 is open"), (Buttons((TAKE, ASK)),))
    await bench.ana.submit({"What is wrong?": "dark"})
    assert bench.ana.sees("#142 is open")
    bench.desk.reply = Card(say("You have it"))
    await bench.ana.press("Take it")
    await bench.done()
    assert bench.ana.modal is not None
    assert bench.ana.sees("You have it")
    assert bench.desk.heard[-1].where.channel == bench.slack.world.channel("help").id


async def test_a_form_opened_inside_of_a_modal_replaces_it(bench: Bench) -> None:
    await opened(bench)
    bench.desk.reply = Card(say("#142 is open"), (Buttons((ASK,)),))
    await bench.ana.submit({"What is wrong?": "dark"})
    bench.desk.reply = FORM
    await bench.ana.press("Fill in")
    await bench.done()
    assert bench.ana.sees("What is wrong?")


async def test_a_slow_form_shows_a_moment_and_then_the_result(bench: Bench) -> None:
    await opened(bench)
    bench.desk.reply = Card(say("#142 is open"))
    bench.desk.ready.clear()
    await bench.ana.submit({"What is wrong?": "dark"})
    assert bench.ana.sees("One moment")
    bench.desk.ready.set()
    await bench.done()
    assert bench.ana.sees("#142 is open")


async def test_a_fault_in_a_form_is_told_in_it(bench: Bench) -> None:
    await opened(bench)
    bench.desk.reply = RuntimeError("x")
    assert (await bench.ana.submit({"What is wrong?": "dark"})).status == 200
    assert bench.ana.sees("Something went wrong on my side")


async def test_a_form_sent_twice_has_one_key(bench: Bench) -> None:
    await opened(bench)
    bench.desk.reply = Invalid({"what": say("Please say more.")})
    await bench.ana.submit({"What is wrong?": "dark"})
    await bench.ana.submit({"What is wrong?": "dark too"})
    assert [arrival.key for arrival in bench.desk.heard] == ["form:once-7"] * 2


async def test_closing_a_form_is_taken_note_of(bench: Bench) -> None:
    await opened(bench)
    await bench.ana.close()
    assert bench.ana.modal is None


# ---------------------------------------------------------------- many at once


async def test_many_at_once_are_all_answered(bench: Bench) -> None:
    deliveries = await asyncio.gather(*(bench.ana.command("#help", "/issue", f"light {n}") for n in range(40)))
    assert {delivery.status for delivery in deliveries} == {200}
    assert len({arrival.key for arrival in bench.desk.heard}) == 40
