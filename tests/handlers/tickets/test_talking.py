"""Words on a ticket: for its requester, among those who work on it, from followers; and saved answers."""

from __future__ import annotations

import pytest

from handlers.core import Refused, Submit
from tests.handlers.harness import Colleague, Desk, as_card, as_form, errors, labels, text

LIGHT = "light above my desk flickering"


async def test_a_reply_reaches_the_requester_and_stops_the_response_clock(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    assert "text" in errors(await bob.submit("ticket.comment", subject, text=" "))
    await bob.submit("ticket.comment", subject, text="I come at two")
    await desk.settle()
    assert (await desk.ticket(subject)).responded_at == desk.clock.now
    assert await desk.told("ana") == ["commented"]
    assert text(desk.card("notice.commented")).startswith("Bob Burke on #1 light above my desk flickering")
    assert "I come at two" in text(as_card(await ana.press("ticket.show", subject)))
    assert "I come at two" in text(desk.card("comment.thread"))


async def test_a_work_note_stays_among_those_who_work_on_it(desk: Desk, ana: Colleague, bob: Colleague, pat: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await pat.press("ticket.take", subject)
    await bob.submit("ticket.note", subject, text="she says that every week")
    await desk.settle()
    assert await desk.told("ana") == ["taken"]
    assert await desk.told("pat") == ["commented"]
    assert "every week" not in text(as_card(await ana.press("ticket.show", subject)))
    assert "every week" in text(as_card(await pat.press("ticket.show", subject)))
    assert "wrote a work note" in text(desk.card("comment.thread"))
    assert (await desk.history(subject))[-1].kind == "ticket.noted"
    for who in (ana, await desk.who("hal")):
        with pytest.raises(Refused):
            await who.submit("ticket.note", subject, text="me too")


async def test_a_note_is_no_answer(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.note", subject, text="hm")
    assert (await desk.ticket(subject)).responded_at is None


async def test_the_requester_reaches_the_assignee(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.take", subject)
    await ana.submit("ticket.comment", subject, text="it got worse")
    assert await desk.told("bob") == ["commented"]
    assert (await desk.ticket(subject)).human_at == desk.clock.now


async def test_whoever_sees_it_may_say_something(desk: Desk, ana: Colleague, hal: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    card = as_card(await hal.press("ticket.show", subject))
    assert labels(card) == ["Follow", "Comment…"]
    form = as_form(await hal.presses("Comment…", on=card))
    await hal.submit(form.name, subject, text="mine too")
    assert await desk.told("ana") == ["commented"]


async def test_followers_hear_what_the_requester_hears(desk: Desk, ana: Colleague, bob: Colleague, hal: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    card = as_card(await hal.press("ticket.watch", subject))
    assert labels(card) == ["Stop following", "Comment…"]
    with pytest.raises(Refused, match="already follow"):
        await hal.press("ticket.watch", subject)
    with pytest.raises(Refused, match="your own ticket"):
        await ana.press("ticket.watch", subject)
    await bob.submit("ticket.comment", subject, text="I come at two")
    await bob.submit("ticket.note", subject, text="or at three")
    await desk.settle()
    assert await desk.told("hal") == ["commented"]


async def test_who_stops_following_hears_no_more(desk: Desk, ana: Colleague, bob: Colleague, hal: Colleague) -> None:
    subject, ida = await ana.reports(LIGHT), await desk.who("ida")
    await ida.press("ticket.watch", subject)
    card = as_card(await hal.press("ticket.watch", subject))
    assert labels(as_card(await hal.presses("Stop following", on=card))) == ["Follow", "Comment…"]
    with pytest.raises(Refused, match="You do not follow"):
        await hal.press("ticket.unwatch", subject)
    await bob.submit("ticket.comment", subject, text="I come at two")
    await desk.settle()
    assert (await desk.told("hal"), await desk.told("ida")) == ([], ["commented"])


async def test_words_are_told_once_to_each(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.press("ticket.watch", subject)
    await bob.press("ticket.take", subject)
    await ana.submit("ticket.comment", subject, text="hello", key="same")
    await ana.submit("ticket.comment", subject, text="hello", key="same")
    await desk.settle()
    assert await desk.told("bob") == ["commented"]
    assert len(desk.posts("comment.thread")) == 1


async def test_a_very_long_comment_is_kept(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.comment", subject, text="x" * 40_000)
    assert "x" * 40_000 in text(as_card(await ana.press("ticket.show", subject)))


@pytest.mark.parametrize(("category", "queue"), [("hr", "people"), ("it.hardware", "it")])
async def test_comments_do_not_follow_into_a_channel_that_the_ticket_has_left(
    desk: Desk, ana: Colleague, bob: Colleague, category: str, queue: str
) -> None:
    subject = await ana.reports(LIGHT)
    await desk.settle()
    await bob.press("ticket.categorise", subject, value=category)
    await desk.settle()
    await ana.submit("ticket.comment", subject, text="between us")
    await desk.settle()
    assert [one.place.queue for one in desk.posts("comment.thread")] == [queue]


async def test_a_form_opened_in_a_thread_leaves_its_words_there(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    """The form itself writes nothing into the thread, so the desk does, though the place is the same."""
    subject = await ana.reports(LIGHT)
    await desk.settle()
    root = desk.posts("ticket.channel")[0].post.message_id
    where = bob.where("building", thread=root)
    await bob.does(Submit(key="f1", actor=bob.person, where=where, form="ticket.note", subject=subject, values={"text": "ladder"}))
    await desk.settle()
    assert "ladder" in text(desk.card("comment.thread"))


# ---------------------------------------------------------------- saved answers


async def test_a_saved_answer_is_read_before_it_is_sent(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await ana.submit("ticket.detail", subject, spot="3rd floor", impact="one")
    first = as_form(await bob.press("open:ticket.comment", subject))
    answer = next(f for f in first.fields if f.key == "answer")
    assert [option.value for option in answer.options] == ["electrician"]
    second = as_form(await bob.submit("ticket.comment", subject, answer="electrician", text=""))
    assert second.name == "ticket.comment"
    assert second.once != first.once
    assert second.fields[0].initial == 'Sparks Ltd comes for "light above my desk flickering" (#1). Please keep the place free: 3rd floor.'
    assert await desk.told("ana") == []
    await bob.submit(second.name, subject, text=str(second.fields[0].initial))
    assert await desk.told("ana") == ["commented"]


async def test_a_saved_answer_knows_what_the_category_asked(desk: Desk, ana: Colleague, eva: Colleague) -> None:
    subject = await ana.reports("password reset please")
    await ana.submit("ticket.fields", subject, system="Payroll")
    second = as_form(await eva.submit("ticket.comment", subject, answer="password", text=""))
    assert "sign-in page of Payroll" in str(second.fields[0].initial)


async def test_own_words_win_over_a_saved_answer(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    await bob.submit("ticket.comment", subject, answer="electrician", text="my own words")
    assert "my own words" in text(as_card(await ana.press("ticket.show", subject)))


async def test_saved_answers_are_for_those_who_work_on_it(ana: Colleague) -> None:
    subject = await ana.reports(LIGHT)
    assert [f.key for f in as_form(await ana.press("open:ticket.comment", subject)).fields] == ["text"]
