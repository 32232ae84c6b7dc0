"""Cards and forms with example data: every block and every span, the usual and the awkward."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.reading import Reading
from handlers.cards import Button, Buttons, Card, Choices, Facts, Item, List, Note, Picture, Progress, Quote, Table, Text
from handlers.forms import Field, Form, Option
from handlers.words import Bold, Code, Mention, Name, Ref, Web, When, say, words

BERLIN = Reading.of("en", "Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TICKET = "ticket:0199aaaabbbbccccddddeeeeffff0000"
USERS = {"person-bob": "U0BOB"}
FILES = {"sha256-known": "F0CHART"}
NASTY = "<!channel> <@U1> @here *bold* _it_ ~no~ `code` :boom: &lt;b&gt; <https://x.example|y>\n> quote & שלום 👩‍👩‍👧‍👦"
REF = Ref(TICKET, "#142")


def press(label: str, action: str, value: str = "", **more: str) -> Button:
    return Button(words(label), action, TICKET, 7, value, opens=more.get("opens"), style=more.get("style", "plain"))  # type: ignore[arg-type]


MORE = tuple(press(label, f"tickets.{label.lower()}") for label in ("Hold", "Assign", "Note", "Private", "Cancel"))

CARDS: dict[str, Card] = {
    "answer": Card(
        say("{ref} is open: {title}", ref=REF, title="light above my desk flickering"),
        (
            Text(say("Facilities > Electrical · normal · {place}", place="2nd floor, Ana's desk")),
            Text(say("{who} (office manager) looks after this and answers by {due}.", who=Name("Bob"), due=When(MONDAY))),
            Buttons(
                (
                    press("Change category", "tickets.category", opens="tickets.category"),
                    press("It slows me down…", "tickets.slow"),
                    press("Cancel it", "tickets.cancel", style="danger"),
                )
            ),
        ),
    ),
    "ticket": Card(
        say("{ref} {title}", ref=REF, title="Light above my desk flickering"),
        (
            Facts(((say("Category"), words("Facilities > Electrical")), (say("Fix due"), say("{due}", due=When(MONDAY, "day"))))),
            Note(say("Answer due {due} · 3 people · about 2 h lost so far", due=When(MONDAY, "time"))),
            Buttons((press("Take it", "tickets.take", style="primary"),), MORE),
        ),
        say("waiting for approval"),
    ),
    "many_entries": Card(say("More than five"), (Buttons((), (*MORE, press("Link", "tickets.link"), press("Print", "tickets.print"))),)),
    "long_entry": Card(say("An entry that carries much"), (Buttons((), (press("Much", "tickets.much", "x" * 200), *MORE[:1])),)),
    "quote": Card(
        say("Dee says {ref} is fixed", ref=REF),
        (Quote("socket replaced\nand tested", by=words("Dee (Brightwire)")), Quote("no name"), Note(say("No answer by Thu: I close it."))),
    ),
    "spans": Card(
        say("All spans: {b}", b=Bold("bold")),
        (
            Text(
                say(
                    "{b} {c} {w} {n} {m} {u} {t} {r}",
                    b=Bold("bold"),
                    c=Code("code"),
                    w=Web("https://example.com/a?b=c|d", "the page"),
                    n=Name("Ana"),
                    m=Mention("person-bob", "Bob"),
                    u=Mention("person-who", "Nobody here"),
                    t=When(MONDAY),
                    r=REF,
                )
            ),
            Note(say("{w}, told to {m} at {t}", w=Web("https://example.com", "the page"), m=Mention("person-bob", "Bob"), t=When(MONDAY))),
            Text(say("{w}", w=Web("javascript:alert(1)", "no such link"))),
        ),
    ),
    "nasty": Card(
        words(NASTY),
        (
            Text(words(NASTY)),
            Note(words(NASTY)),
            Note(say("{words} until {t}", words=NASTY, t=When(MONDAY))),
            Quote(NASTY, by=words(NASTY)),
            Facts(((words(NASTY), words(NASTY)),)),
            Buttons((press(NASTY, "a"),), (press(NASTY, "b"),)),
            Table((words(NASTY),), ((words(NASTY),),)),
        ),
        words(NASTY),
    ),
    "list": Card(
        say("Your tickets"),
        (
            List(
                (
                    Item(say("{ref} Lights flicker", ref=REF), words("Bob · electrician comes Tue"), (press("Me too", "tickets.too"),)),
                    Item(say("{ref} Door squeaks", ref=Ref(TICKET, "#139"))),
                ),
                5,
            ),
        ),
    ),
    "table": Card(
        say("Last week"),
        (Table((say("What"), say("Hours")), ((words("Wi-Fi on floor 3"), words("42")), (words("Printer"), words("7")))),),
    ),
    "levels": Card(
        say("Continuous"),
        (
            Progress(3, 27, say("Restore")),
            Choices(tuple(press(label, "assess.level", str(at)) for at, label in enumerate(("never", "once", "now and then")))),
        ),
    ),
    "choices": Card(
        say("What is it about?"),
        (
            Choices((press("Electrical", "c", "electrical"), press("Furniture", "c", "furniture")), numbered=False),
            Choices((press("the first of these", "c", "a"), press("the second", "c", "b"))),
        ),
    ),
    "pictures": Card(
        say("8 weeks"), (Picture("sha256-known", say("Hours lost, falling")), Picture("sha256-other", say("Tickets, rising")))
    ),
    "empty": Card(words(""), (Text(words("")), Note(words(" ")), Quote(""), Facts(()), Buttons(()), List((), 0), Choices(()))),
}

OPTIONS = tuple(Option(f"v{n}", words(f"Choice {n}")) for n in range(3))
MANY = tuple(Option(f"v{n}", words(f"Choice {n}")) for n in range(250))


def fields() -> tuple[Field, ...]:
    return (
        Field("title", "text", say("What is wrong?"), hint=say("One sentence is enough"), longest=300),
        Field("body", "long", say("More"), required=False, initial="as it was"),
        Field("category", "choice", say("Category"), options=OPTIONS, initial="v1"),
        Field("place", "choice", say("Place"), options=MANY, initial="v200"),
        Field("free", "choice", say("No options")),
        Field("tags", "choices", say("Tags"), options=OPTIONS, initial=("v0", "v2")),
        Field("people", "people", say("Who?"), initial=("person-bob", "person-who")),
        Field("day", "date", say("Day"), initial="2026-11-23"),
        Field("time", "time", say("Time"), initial="09:30"),
        Field("minutes", "number", say("Minutes"), initial="45"),
        Field("cost", "money", say("Cost"), initial="$90"),
        Field("score", "rating", say("How was it?"), required=False, initial="4"),
        Field("photo", "file", say("A photo")),
    )


FORM = Form(
    "tickets.report",
    say("Report something that is really broken"),
    fields(),
    say("Send"),
    subject=TICKET,
    version=3,
    once="once-1",
    intro=say("Hello {who}", who=Name("*Ana*")),
)
