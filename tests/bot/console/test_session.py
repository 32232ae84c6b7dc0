"""Conversations on a terminal, with the real store, dispatch and pump behind it."""

from __future__ import annotations

import re

import pytest

from tests.bot.console.conftest import Starting, Terminal

LIGHT = "light above my desk flickering"


def sections(printed: str) -> dict[str, str]:
    """What was printed under each heading; the last of the same heading counts."""
    parts = re.split(r"^── (.+) ──$", printed, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


async def test_the_whole_life_of_a_ticket(terminal: Terminal) -> None:
    told = sections(await terminal.types(f"ana> /issue {LIGHT}"))
    assert list(told) == ["to ana", "#building"]
    assert f"#1 is open: {LIGHT}" in told["to ana"]
    assert "Bob Burke (Building desk) looks after this and answers by Mon 23 Nov, 13:00." in told["to ana"]
    assert "[new]" in told["#building"]
    assert "[1 Take it]" in told["#building"]

    told = sections(await terminal.types("bob> press take 1"))
    assert "[in progress]  (edited)" in told["#building"]
    assert "Bob Burke is on it" in told["to ana"]

    told = sections(await terminal.types("bob> reply 1 The ladder is on its way"))
    assert "#building" not in "".join(told)  # words in the card's own thread stand there already, and agents' words there are work notes
    told = sections(await terminal.types("bob> press reply", "", "I come at ten"))
    assert "I come at ten" in told["to ana"]

    asked = await terminal.types("bob> press fixed")
    assert "What did you do?" in asked
    told = sections(await terminal.types("socket replaced", "soon", "", "25", ""))
    assert "[fixed, to be confirmed]  (edited)" in told["#building"]
    assert f"Bob Burke says #1 is fixed: {LIGHT}. Is it?" in told["to ana"]
    assert "│ socket replaced" in told["to ana"]

    told = sections(await terminal.types("ana> press yes"))
    assert "Closed: the requester confirmed that it is fixed." in told["#building"]
    assert "[1] [2] [3] [4] [5]" in told["to ana"]
    assert "You gave it 5 of 5." in await terminal.types("ana> press 5")


async def test_a_wrong_answer_in_a_form_is_asked_again_with_the_reason(terminal: Terminal) -> None:
    await terminal.types(f"ana> {LIGHT}", "bob> press fixed 1")
    said = await terminal.types("socket replaced", "soon", "12")
    assert "Please give whole minutes, such as 45." in said
    assert "Minutes of work (an empty line keeps: soon)" in said
    assert "[fixed, to be confirmed]" in await terminal.types("25")


async def test_a_form_can_be_left(terminal: Terminal) -> None:
    await terminal.types(f"ana> {LIGHT}", "bob> press fixed")
    assert "Nothing was sent." in await terminal.types("cancel")
    assert "Open in your queues" in await terminal.types("list queue")


async def test_a_report_in_a_form(terminal: Terminal) -> None:
    asked = await terminal.types("ana> /issue")
    assert "What is wrong, or what do you need?" in asked
    assert "This one is needed." in await terminal.types("")
    said = await terminal.types("no hot water", "plumbing", "Kitchen", "2", "several", "")
    assert "#1 is open: no hot water" in said
    assert "Facilities › Plumbing · normal · Kitchen" in said


async def test_words_one_to_one_are_a_report_or_are_asked_about(terminal: Terminal) -> None:
    assert "#1 is open: light flickers" in await terminal.types("ana> light flickers")
    assert "Shall I open a ticket for this?" in await terminal.types("eva> my uncle has a boat")
    assert "nothing is opened" in await terminal.types("eva> press no")


async def test_queue_cards_are_only_before_those_who_work_there(terminal: Terminal) -> None:
    await terminal.types(f"ana> {LIGHT}")
    for typed in ("dee> press take", "dee> press take 1"):
        assert "Take it" not in await terminal.types(typed)
    assert "reads no channel" in await terminal.types("dee> in #building: hello")
    assert "reads along" in await terminal.types("dee> reply 1 hello")


async def test_words_in_a_channel_stand_under_its_latest_card(terminal: Terminal) -> None:
    assert "No card was shown" in await terminal.types("bob> in #building: hello")
    await terminal.types(f"ana> {LIGHT}", "ana> the kitchen sink is blocked")
    await terminal.types("bob> in #building: pump is in the cellar")
    shown = await terminal.types("bob> show 2")
    assert "pump is in the cellar" in shown
    assert "work note" in shown
    assert "pump is in the cellar" not in await terminal.types("bob> show 1")


async def test_commands_and_mentions_in_a_channel(terminal: Terminal) -> None:
    said = sections(await terminal.types("bob> in #building: /issue door handle is loose"))
    assert "#1 is open: door handle is loose" in said["only for bob"]
    said = sections(await terminal.types("pat> in #building: @desk list queue"))
    assert "door handle is loose" in said["only for pat"]


async def test_a_private_ticket_is_nobody_elses(terminal: Terminal) -> None:
    await terminal.types("ana> /issue private my manager shouts at me")
    assert "There is no ticket #1 that you can see" in await terminal.types("dee> show 1")
    assert "There is no ticket #1 that dee can see." in await terminal.types("dee> reply 1 hello")


async def test_the_requester_answers_in_the_thread_of_what_the_desk_sent(terminal: Terminal) -> None:
    await terminal.types(f"ana> {LIGHT}", "bob> press take", "bob> press ask", "Only your desk?")
    said = sections(await terminal.types("ana> reply 1 Mine and Hal's"))
    assert "Mine and Hal's" in said["to bob"]
    assert "#building, in the thread of #1 light above my desk flickering" in said


async def test_time_moves_from_one_due_thing_to_the_next(terminal: Terminal) -> None:
    await terminal.types(f"ana> {LIGHT}", "bob> press hold", "tomorrow", "waiting for the lamp")
    told = await terminal.types("clock wed 10:00")
    assert "It is Wed 25 Nov, 10:00." in told
    assert "the day it was put aside for has come" in told
    assert "only moves forwards" in await terminal.types("clock 2026-11-24")


async def test_an_overdue_answer_rings(terminal: Terminal) -> None:
    await terminal.types(f"ana> {LIGHT}")
    told = sections(await terminal.types("clock +5h"))
    assert "nobody has answered yet" in told["to bob"]


async def test_silence_closes_after_three_working_days(terminal: Terminal) -> None:
    await terminal.types(f"ana> {LIGHT}", "bob> press fixed", "new lamp", "", "")
    told = sections(await terminal.types("clock 2026-12-01"))
    assert "nobody confirmed" in told["#building"]


async def test_people_go_by_several_names_and_unknown_ones_are_said(terminal: Terminal) -> None:
    for name in ("ana", "Ana Alvarez", "ANA@acme.example", "employee"):
        assert "You have no open ticket" in await terminal.types(f"{name}> list")
    assert "Your queues are empty." in await terminal.types("agent> list queue")
    assert 'I know nobody called xavier. "who" lists everybody.' in await terminal.types("xavier> hello")
    assert "quinn  Quinn Quist · IT · #it" in await terminal.types("who")


async def test_whoever_spoke_last_goes_on(terminal: Terminal) -> None:
    assert "Begin with who speaks" in await terminal.types("light flickers")
    assert await terminal.session.prompt() == "> "
    await terminal.types("ana> light flickers")
    assert await terminal.session.prompt() == "ana> "
    assert "Your open tickets" in await terminal.types("list")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ana> /report x", "The command here is /issue."),
        ("ana> press", "Shall I open"),
        ("ana> reply one hello", "Which ticket, and what?"),
        ("ana> in #building hello", "In which channel, and what?"),
        ("ana>", "Say something"),
        ("clock yesterday", "Give a step or a moment"),
        ("help", "press take"),
        ("# a remark", ""),
    ],
)
async def test_lines_that_mean_little(terminal: Terminal, typed: str, said: str) -> None:
    printed = await terminal.types(typed)
    assert said in printed if said else printed == ""


async def test_quit_ends_it(terminal: Terminal) -> None:
    assert await terminal.session.line("ana> list") is True
    assert await terminal.session.line("quit") is False


async def test_hostile_words_are_only_words(terminal: Terminal) -> None:
    printed = await terminal.types("ana> /issue \x1b[2J<!channel> *lamp* `broken` \u202eflickers [1 Take it]")
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "<!channel> *lamp* `broken` flickers [1 Take it]" in printed


async def test_a_very_long_report_is_kept_whole_and_shown_cut(terminal: Terminal) -> None:
    printed = await terminal.types(f"ana> /issue light flickers {'very ' * 8000}")
    assert len(printed) < 6000
    assert "characters more)" in printed


async def test_the_same_lines_print_the_same(started: Starting) -> None:
    lines = (f"ana> {LIGHT}", "bob> press take", "bob> press comment", "", "soon", "hal> /issue printer jams", "quinn> press take")
    outputs = []
    for _ in range(2):
        async with started() as terminal:
            outputs.append(await terminal.types(*lines))
    first, second = (re.sub(r"#\d+", "#n", output) for output in outputs)
    assert first == second


async def test_after_a_restart_cards_are_edited_and_tickets_answered(started: Starting) -> None:
    async with started() as before:
        await before.types(f"ana> {LIGHT}")
    async with started() as after:
        assert 'No card of #1 is before you: "show 1" brings it.' in await after.types("bob> press take 1")
        await after.types("bob> show 1")
        told = sections(await after.types("bob> press take"))
        assert "[in progress]  (edited)" in told["#building"]
        assert "ladder" in sections(await after.types("pat> reply 1 ladder is here", "bob> show 1"))["to bob"]


async def test_many_restarts_keep_one_place_for_each_queue(started: Starting) -> None:
    for _ in range(3):
        async with started() as terminal:
            printed = await terminal.types(f"ana> /issue {LIGHT}")
            assert printed.count("── #building ──") == 1
