"""The grammar as a table: what is a command, what is a report, and what is asked about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.commands import GRAMMAR, NAMES, Parsed, parse
from tests.effort import growth

COMMANDS = [
    # help
    ("help", "help", ""), ("HELP!", "help", ""), ("Help.", "help", ""), ("/help", "help", ""), ("?", "help", ""), ("help me", "help", ""),
    ("hi", "help", ""), ("Hello!", "help", ""), ("hey there", "help", ""), ("Hello Deskbell, good morning", "help", ""),
    ("help please", "help", ""), ("help list", "help", "list"), ("help with find", "help", "find"), ("“help”", "help", ""),
    # home
    ("home", "home", ""), ("Home!", "home", ""), ("home please", "home", ""), ("<at>Deskbell</at> home", "home", ""),
    # list
    ("list", "list", ""), ("List mine!", "list", "mine"), ("/list late", "list", "late"), ("list my open tickets", "list", "mine"),
    ("list tickets", "list", ""), ("list all", "list", ""), ("list the queue", "list", "queue"), ("list overdue", "list", "late"),
    ("list all my tickets that are late", "list", "late"), ("list - mine", "list", "mine"), ("LIST   QUEUE", "list", "queue"),
    ("list\u00a0mine", "list", "mine"), ("\u200blist\u200b mine", "list", "mine"), ("list\u2003late", "list", "late"),
    ("ＬＩＳＴ mine", "list", "mine"),
    ("'list mine'", "list", "mine"), ("list 'mine'", "list", "mine"), (", list mine", "list", "mine"), (": list", "list", ""),
    ("<@U0123ABC> list mine", "list", "mine"), ("@deskbell, list late", "list", "late"), ("/issue list mine", "list", "mine"),
    ("/ISSUE list", "list", ""),
    # find
    ("find light", "find", "light"), ("find: light", "find", "light"), ("find:light", "find", "light"),
    ("find broken light", "find", "broken light"),
    ("find “flickering light”", "find", "flickering light"), ("FIND Coffee Machine", "find", "Coffee Machine"), ("find", "find", ""),
    ("find printer 3rd floor", "find", "printer 3rd floor"),
    # who
    ("who parking", "who", "parking"), ("who is responsible for parking?", "who", "parking"),
    ("who's responsible for parking", "who", "parking"),
    ("Who’s in charge of the heating?", "who", "the heating"), ("who looks after the plants", "who", "the plants"),
    ("who owns the wifi", "who", "the wifi"),
    ("who do I ask about payroll", "who", "payroll"), ("who is on call", "who", "is on call"), ("who", "who", ""), ("who?", "who", ""),
    ("who is the contact for hvac", "who", "hvac"),
    # away
    ("away", "away", ""), ("away until friday", "away", "until friday"), ("away tomorrow", "away", "tomorrow"),
    ("away from 3 dec to 9 dec", "away", "from 3 dec to 9 dec"),
    ("away off", "away", "off"), ("away: next week", "away", "next week"), ("away 2 weeks", "away", "2 weeks"),
    ("away mon-wed", "away", "mon-wed"),
    # private
    ("private my boss shouts at people", "private", "my boss shouts at people"),
    ("Private: my payslip is wrong", "private", "my payslip is wrong"),
    ("private", "private", ""), ("private office door is stuck", "private", "private office door is stuck"),
    ("private meeting with HR", "private", "private meeting with HR"),
]  # fmt: skip

SHOWN = [
    ("142", 142), ("#142", 142), ("# 142", 142), ("142?", 142), ("show 142", 142), ("show #142", 142), ("Show: #142.", 142),
    ("show ticket 142", 142),
    ("show ticket #142", 142), ("show me 142", 142), ("show #142 please", 142), ("show no. 7", 7), ("“142”", 142),
    ("@desk #142", 142), ("/show 142", 142),
    ("show １４２", 142), ("show 999999999", 999999999), ("00142", 142),
]  # fmt: skip

REPORTS = [
    "light above my desk flickering", "list of broken chairs", "list broken chairs", "list, the printer is broken",
    "listen, the door is broken", "lists",
    "show me the way to the printer", "show is over", "show 12 broken chairs", "show me", "show 0", "help the printer is on fire",
    "help, the printer is on fire",
    "hi, my laptop is broken", "hello kitty sticker wanted", "hey the light flickers", "heating is off", "high chair wobbles",
    "help needed with my laptop", "help me with my laptop", "help desk phone is dead", "home office chair wanted",
    "homepage is down", "home is where the printer is",
    "away team shirts needed", "away from keyboard light broken", "awayday booking", "whole floor dark",
    "whoever took my chair, bring it back", "finding my way",
    "#142 still flickers", "142 chairs are broken", "0", "#0", "1234567890", "#", "12.5", "14:30", "3rd floor dark",
    "privately owned printer", "Dear desk, list mine does nothing",
    "issue with the printer", "the help page is down", "take 142", "comment 142 on my way", "resolve 142", "hold 142 until friday",
    "مصباح مكسور", "灯が点滅する", "<!channel> fire", "*list*x",
    "find.light", "who://example.com", "/issue light flickering", "/listen", "list-based view is broken",
    "private-office door stuck", "?!", "??",
]  # fmt: skip

ASKED = [
    ("find me a new chair", "find"), ("find my lost keys", "find"), ("find out why the wifi is slow", "find"),
    ("find someone to fix the door", "find"),
    ("find a plumber", "find"), ("find light that is not working", "find"), ("find one two three four five six seven eight nine", "find"),
    ("who took my chair", "who"), ("who turned off the heating", "who"), ("who can fix my laptop", "who"),
    ("who broke the coffee machine?", "who"),
    ("who parked on my space", "who"), ("who has the key", "who"),
]  # fmt: skip


def test_the_table_is_large() -> None:
    assert len(COMMANDS) + len(SHOWN) + len(REPORTS) + len(ASKED) >= 150


@pytest.mark.parametrize(("typed", "name", "text"), COMMANDS)
def test_commands(typed: str, name: str, text: str) -> None:
    found = parse(typed)
    assert (found.name, found.text, found.number, found.alternatives) == (name, text, None, ())


@pytest.mark.parametrize(("typed", "number"), SHOWN)
def test_numbers_are_shown(typed: str, number: int) -> None:
    found = parse(typed)
    assert (found.name, found.number) == ("show", number)


@pytest.mark.parametrize("typed", REPORTS)
def test_everything_else_is_a_report_and_kept_whole(typed: str) -> None:
    kept = typed.removeprefix("/issue ")
    assert parse(f"  {typed}\n") == Parsed("report", kept, whole=kept)


@pytest.mark.parametrize(("typed", "name"), ASKED)
def test_searches_that_read_like_reports_are_asked_about(typed: str, name: str) -> None:
    found = parse(typed)
    assert (found.name, found.alternatives) == ("ask", (name, "report"))
    assert (f"{name} {found.text}", found.whole) == (typed, typed)


def test_nothing_typed_is_an_empty_report() -> None:
    for typed in ("", "   ", "\n", "/issue", " /issue  "):
        assert parse(typed) == Parsed("report")


def test_only_commands_that_exist_are_recognised() -> None:
    known = frozenset({"help", "list"})
    assert parse("list mine", known).name == "list"
    for typed in ("find light", "142", "show 142", "who parking", "away until friday", "private x", "home"):
        assert parse(typed, known).name == "report"
    assert parse("help find", known).name == "report"


def test_features_add_their_names() -> None:
    known = NAMES | {"poll"}
    assert parse("Poll: pizza or sushi?", known) == Parsed("poll", "pizza or sushi?", whole="Poll: pizza or sushi?")
    assert parse("poll", known) == Parsed("poll", whole="poll")
    assert parse("help poll", known) == Parsed("help", "poll", whole="help poll")
    assert parse("polling station", known).name == "report"
    assert parse("poll pizza").name == "report"


def test_what_is_private_stays_private_and_loses_no_word() -> None:
    assert parse("private find me a lawyer").name == "private"
    assert parse("PRIVATE list mine") == Parsed("private", "list mine", whole="PRIVATE list mine")
    assert parse("private\u00a0\n two\n lines").text == "two\n lines"


WORDS = st.lists(
    st.sampled_from(
        [
            *sorted(NAMES),
            "mine",
            "142",
            "#7",
            "me",
            "please",
            ":",
            "/",
            "“",
            "'",
            "@desk",
            "<@U1>",
            "\u200b",
            "is",
            "for",
            "until",
            "friday",
            "the",
        ]
    ),
    max_size=8,
)


@given(st.one_of(st.text(max_size=400), WORDS.map(" ".join), WORDS.map("".join)), st.sets(st.sampled_from(sorted(NAMES))))
def test_any_text_is_understood_as_something_known(typed: str, names: set[str]) -> None:
    known = frozenset(names)
    found = parse(typed, known)
    assert found.name in known | {"report", "ask"}
    assert (found.number is not None) == (found.name == "show" and bool(found.text))
    if found.name == "ask":
        assert found.alternatives[0] in known
    if found.name == "report":
        assert found.text == found.whole
    if not typed.lstrip().casefold().startswith("/issue"):
        assert found.whole == typed.strip()


@given(st.text(max_size=200))
def test_a_report_after_our_command_is_kept_whole(typed: str) -> None:
    text = "Lamp " + typed
    assert parse("/issue " + text) == Parsed("report", text.strip(), whole=text.strip())


@pytest.mark.parametrize("start", ["", "find ", "who is ", "list ", "show ", "away ", "private ", "help ", "@", "<@U1>"])
@pytest.mark.parametrize("filler", [" ", "a", "\u200b", "1", "- ", "@a ", "for ", "'"])
def test_a_long_text_is_parsed_at_once(start: str, filler: str) -> None:
    """Ten times the words: some ten times the time. Rules that look back at every character would take a hundred times."""
    few, many = start + filler * 2_000, start + filler * 20_000
    assert growth(lambda: parse(few), lambda: parse(many), rounds=3) < 40


def test_every_name_of_the_grammar_is_a_name() -> None:
    assert frozenset(GRAMMAR) | {"help"} == NAMES
