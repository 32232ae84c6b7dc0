"""Plain words, said in threads and one to one."""

from __future__ import annotations

import pytest

from handlers.core import Refused
from tests.handlers.harness import Colleague, Desk, as_card, labels, subject_of, text

LIGHT = "light above my desk flickering"


async def thread_of(desk: Desk, ana: Colleague) -> tuple[str, str]:
    """A ticket, and the message id of its card in its queue's channel."""
    subject = await ana.reports(LIGHT)
    await desk.settle()
    return subject, desk.posts("ticket.channel")[0].post.message_id


async def test_words_of_those_who_work_on_it_are_work_notes_in_its_queues_thread(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, thread = await thread_of(desk, ana)
    await bob.chats("ladder needed", channel="building", thread=thread)
    await desk.settle()
    assert (await desk.history(subject))[-1].kind == "ticket.noted"
    assert "ladder" not in text(as_card(await ana.press("ticket.show", subject)))
    assert desk.posts("comment.thread") == []  # they stand there already


async def test_words_of_everybody_else_are_comments_there(desk: Desk, ana: Colleague, hal: Colleague) -> None:
    subject, thread = await thread_of(desk, ana)
    for who, said in ((ana, "it got worse"), (hal, "mine too")):
        await who.chats(said, channel="building", thread=thread)
        assert said in text(as_card(await ana.press("ticket.show", subject)))
    assert [line.kind for line in await desk.history(subject)][-2:] == ["ticket.commented"] * 2


async def test_under_news_of_it_words_belong_to_it(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, _ = await thread_of(desk, ana)
    await bob.press("ticket.take", subject)
    await bob.submit("ticket.comment", subject, text="which lamp?")
    await desk.settle()
    for view, said in (("notice.taken", "thank you"), ("notice.commented", "the left one")):
        shown = desk.posts(view)[0]
        await ana.chats(said, thread=shown.post.message_id)
        await desk.settle()
        assert said in text(desk.posts("comment.thread")[-1].card)
    assert (await desk.history(subject))[-1].kind == "ticket.commented"


async def test_the_requesters_words_in_the_thread_answer_a_question(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, thread = await thread_of(desk, ana)
    await bob.submit("ticket.ask", subject, text="Which lamp?")
    await ana.chats("the left one", channel="building", thread=thread)
    assert (await desk.file(subject)).open_waits == ()


async def test_a_mention_in_a_thread_is_a_command_if_it_reads_like_one(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, thread = await thread_of(desk, ana)
    assert LIGHT in text(as_card(await bob.chats("show 1", channel="building", thread=thread, mentioned=True)))
    await bob.chats("we should look at this", channel="building", thread=thread, mentioned=True)
    assert (await desk.history(subject))[-1].kind == "ticket.noted"


async def test_talk_of_others_is_left_alone(desk: Desk, ana: Colleague) -> None:
    assert await ana.chats("the light above my desk flickers", channel="lobby") is None
    assert await ana.chats("the light above my desk flickers", channel="lobby", thread="m99") is None
    assert "You have no open ticket" in text(await ana.types("list"))


async def test_somebody_who_may_not_see_it_hears_and_says_nothing_there(desk: Desk, ana: Colleague, hal: Colleague) -> None:
    subject = await ana.reports("my payslip is wrong")
    await desk.settle()
    thread = desk.posts("ticket.channel")[0].post.message_id
    assert await hal.chats("what is this about?", channel="people", thread=thread) is None
    assert len(await desk.history(subject)) == 1


# ---------------------------------------------------------------- one to one


async def test_a_report_is_a_report(desk: Desk, ana: Colleague) -> None:
    card = as_card(await ana.chats("the light above my desk is flickering"))
    assert str(card.title) == "#1 is open: the light above my desk is flickering"


async def test_words_after_a_fresh_report_are_about_it(desk: Desk, ana: Colleague) -> None:
    subject = subject_of(as_card(await ana.chats("the light above my desk is flickering")))
    desk.clock.move(minutes=9)
    await ana.chats("thank you")
    assert (await desk.history(subject))[-1].kind == "ticket.commented"
    desk.clock.move(minutes=2)
    assert "Shall I open a ticket for this?" in text(as_card(await ana.chats("thank you")))


async def test_another_report_right_after_is_another_ticket(ana: Colleague) -> None:
    await ana.chats("the light above my desk is flickering")
    assert str(as_card(await ana.chats("the printer on floor 2 is broken")).title).startswith("#2 is open")


async def test_small_talk_opens_nothing_without_a_press(desk: Desk, ana: Colleague) -> None:
    card = as_card(await ana.chats("good morning"))
    assert labels(card) == ["Open a ticket", "No"]
    assert "nothing is opened" in text(as_card(await ana.presses("No", on=card)))
    with pytest.raises(Refused, match="settled already"):
        await ana.presses("Open a ticket", on=card)
    assert "You have no open ticket" in text(await ana.types("list"))


async def test_offered_and_taken_once(desk: Desk, ana: Colleague) -> None:
    card = as_card(await ana.chats("good morning"))
    button = card.blocks[1].row[0]  # type: ignore[union-attr]
    for _ in range(2):
        opened = as_card(await ana.press(button.action, button.subject, version=button.version, key="press"))
        assert str(opened.title) == "#1 is open: good morning"
    assert "good morning" in text(await ana.types("list"))


async def test_a_search_or_a_wish(desk: Desk, ana: Colleague) -> None:
    card = as_card(await ana.types("find me a new chair"))
    assert labels(card) == ["Search for it", "Open a ticket"]
    assert "No ticket that you can see has “me a new chair”" in text(as_card(await ana.presses("Search for it", on=card)))
    card = as_card(await ana.types("find me a new chair"))
    assert str(as_card(await ana.presses("Open a ticket", on=card)).title) == "#1 is open: find me a new chair"


async def test_commands_and_numbers(desk: Desk, ana: Colleague) -> None:
    await ana.reports(LIGHT)
    assert LIGHT in text(as_card(await ana.chats("1")))
    assert LIGHT in text(as_card(await ana.chats("list")))
    assert "front desk" in text(as_card(await ana.chats("help")))
    assert LIGHT in text(as_card(await ana.chats("show 1", channel="lobby", mentioned=True)))


async def test_words_heard_twice_are_said_once(desk: Desk, ana: Colleague, bob: Colleague) -> None:
    subject, thread = await thread_of(desk, ana)
    for _ in range(2):
        await bob.chats("ladder needed", channel="building", thread=thread, key="same")
    assert [line.kind for line in await desk.history(subject)] == ["ticket.reported", "ticket.noted"]
