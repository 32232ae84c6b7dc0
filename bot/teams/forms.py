"""Forms as dialogs of Teams, and what comes back from them.

A dialog is an Adaptive Card with inputs; what it is about comes back beside the values, so all of it is read as something that anybody
could have made up. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields as parts_of
from urllib.parse import quote, unquote

from bot.fields import DATE, NUMBER, TIME, first_value, first_values, scale
from bot.reading import Reading
from bot.teams.activity import AAD
from bot.teams.buttons import OURS
from bot.teams.render import BUDGET, FITS, Sheet, drawn, framed, weight
from bot.teams.spans import SMALL, WRONG, Look, Sight, line
from bot.teams.text import LABEL, Json, at_start, short, unmarked
from bot.words import clean, cut, received, size
from handlers.cards import Card
from handlers.core import FormValue, Where
from handlers.forms import Field, Form, Option
from handlers.frozen import dataclass
from handlers.words import Plain, Sentence, say

TITLE = 60
TYPED = 3000
SCANNED = 100
"""Options that can be scanned; a longer list is searched by typing."""
TICKED = 6
"""Options that stand there as boxes to tick."""
CARRIED = 3000
COLLEAGUES = "graph.microsoft.com/users"
HERE = "?scope=currentContext"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a dialog says of itself when it is sent: which form, on what, minted with which number, opened where and by which button.

    `posted`: its button stood on a post of ours, which is redrawn. `many`, `people`, `typed`: the keys of its fields of several choices,
    of people, of text.
    """

    form: str
    subject: str = ""
    version: int = 0
    once: str = ""
    channel: str = ""
    thread: str = ""
    opens: str = ""
    value: str = ""
    posted: bool = False
    many: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a form is shown: characters of a text that is there already, of an option's name, of a label or hint; options listed."""

    typed: int
    name: int
    said: int
    listed: int


ROOMS = (
    Room(TYPED, LABEL, 300, 10_000),
    Room(TYPED, 40, 300, 10_000),
    Room(1500, 40, 200, 300),
    Room(700, 40, 100, 100),
    Room(300, 40, 60, 50),
    Room(0, 20, 30, 20),
)


# ---------------------------------------------------------------- out


def dialog(
    form: Form,
    reading: Reading,
    where: Where,
    users: Mapping[str, str] | None = None,
    *,
    opens: str = "",
    value: str = "",
    errors: Mapping[str, str] | None = None,
    posted: bool = False,
) -> Json:
    """The form as the value of `task.continue`: title, height, width and the card, under 24,000 bytes of JSON.

    `users`: person id -> aadObjectId, for people who are already chosen. `opens` and `value`: which button's form it is, and what that
    button carried. `errors`: field -> what is wrong with it; those of fields that are not there stand above the first one.
    """
    sight = Sight(reading, users or {}, dialog=True)
    facts = _about(form, where, opens, value, posted)
    for room in ROOMS:
        made = _task(sight, form.title, _card(Inputs(sight, where, form, errors or {}, room), facts), len(form.fields))
        if weight(made) <= BUDGET:
            break
    return made


def shown(card: Card, reading: Reading, *, link: str = "") -> Json:
    """A card as a dialog: the answer to a form, or to a press inside of one."""
    sight = Sight(reading, link=link, dialog=True)
    return drawn(sight, card, lambda body, sheet: _task(sight, say("Deskbell"), framed(body, sheet, {}), len(card.blocks)))


def _task(sight: Sight, title: Sentence, card: Json, parts: int) -> Json:
    return {
        "title": short(sight.text(title), TITLE),
        "height": "medium" if parts <= 3 else "large",
        "width": "medium",
        "card": {"contentType": "application/vnd.microsoft.card.adaptive", "content": card},
    }


def _about(form: Form, where: Where, opens: str, value: str, posted: bool) -> Json:
    """What comes back with the values. Raises ValueError above 3,000 characters: that is a mistake of the form."""
    keys = {
        "many": [field.key for field in form.fields if field.kind == "choices" and field.options],
        "people": [field.key for field in form.fields if field.kind == "people"],
        "typed": [field.key for field in form.fields if field.kind in ("text", "long")],
    }
    texts = {"form": form.name, "subject": form.subject, "once": form.once, "channel": where.channel, "thread": where.thread}
    facts = {**texts, "version": form.version, "opens": opens, "value": value, "posted": posted, **keys}
    kept = {name: fact for name, fact in facts.items() if fact}
    if (length := weight(kept)) > CARRIED:
        raise ValueError(f"the form {form.name} carries {length} bytes, at most {CARRIED} are possible")
    return kept


def _card(inputs: Inputs, facts: Json) -> Json:
    submit = {
        "type": "Action.Submit",
        "title": short(inputs.sight.text(inputs.form.submit), LABEL),
        "style": "positive",
        "data": {OURS: facts},
    }
    return framed(list(inputs.body()), inputs.sight, {"actions": [submit]})


class Inputs:
    """The fields of one form while they are drawn."""

    def __init__(self, sight: Sight, where: Where, form: Form, errors: Mapping[str, str], room: Room) -> None:
        self.sight, self.where, self.form, self.errors, self.room = sight, where, form, errors, room

    def body(self) -> Iterator[Json]:
        yield from self.intro()
        known = {field.key for field in self.form.fields if field.kind != "file"}
        for key, words in self.errors.items():
            if key not in known:
                yield from self.told(words, WRONG)
        for field in self.form.fields:
            yield from self.field(field)

    def intro(self) -> list[Json]:
        if self.form.intro is None:
            return []
        sheet = Sheet(self.sight, FITS[1])
        sheet.put(sheet.line(self.form.intro))
        return sheet.body if sheet.is_whole else [*sheet.body, sheet.rest()]

    def told(self, words: str, look: Look) -> list[Json]:
        made = line(self.sight, (Plain(cut(clean(words[: 4 * self.room.said]), self.room.said)),), look)
        return [{**made, "spacing": "Small"}] if made else []

    def field(self, field: Field) -> Iterator[Json]:
        """The input, then what is wrong with it, then its hint."""
        if field.kind == "file":
            what = say("{what}: please send it in the conversation, as an answer in the thread.", what=field.label)
            yield from self.told(self.sight.text(what), SMALL)
            return
        element = ELEMENTS[field.kind](self, field)
        yield {"type": element.pop("type"), "id": field.key, **self.named(field), **element}
        yield from self.told(self.errors.get(field.key, ""), WRONG)
        if self.cut_short(field, element):
            yield from self.told(self.sight.text(say("Only the beginning of the text fits in here.")), SMALL)
        if field.hint is not None:
            yield from self.told(self.sight.text(field.hint), SMALL)

    def named(self, field: Field) -> Json:
        label: Json = {"label": short(self.sight.text(field.label), self.room.said)}
        missing = short(self.sight.text(say("Please fill this in.")), LABEL)
        return label | ({"isRequired": True, "errorMessage": missing} if field.required else {})

    def cut_short(self, field: Field, element: Json) -> bool:
        """Whether a text that is there already is longer than what is shown of it."""
        return "maxLength" in element and size(clean(first_value(field))) > size(element.get("value", ""))

    # ------------------------------------------------------------ kinds

    def typed(self, field: Field) -> Json:
        longest = max(1, min(field.longest, TYPED))
        limit = min(longest, self.room.typed)
        value = cut(clean(first_value(field)), limit) if limit else ""
        made: Json = {"type": "Input.Text", "maxLength": longest} | ({"isMultiline": True} if field.kind == "long" else {})
        return made | ({"value": value} if value else {})

    def number(self, field: Field) -> Json:
        value = first_value(field)
        made = {"type": "Input.Number"}
        return made | ({"value": float(value) if "." in value else int(value)} if NUMBER.fullmatch(value) else {})

    def date(self, field: Field) -> Json:
        value = first_value(field)
        return {"type": "Input.Date"} | ({"value": value} if DATE.fullmatch(value) else {})

    def time(self, field: Field) -> Json:
        value = first_value(field)
        return {"type": "Input.Time"} | ({"value": value} if TIME.fullmatch(value) else {})

    def choice(self, field: Field) -> Json:
        """One of some. With none at all, or more than a dialog can hold, it is typed."""
        if not 0 < len(field.options) <= self.room.listed:
            return self.typed(field)
        choices = [{"title": self.name(one), "value": one.value} for one in field.options]
        value = first_value(field)
        chosen = {"value": value} if any(one["value"] == value for one in choices) else {}
        hint = {"placeholder": short(self.sight.text(say("Choose one")), LABEL)}
        return {"type": "Input.ChoiceSet", "style": _style(len(choices)), **hint, "choices": choices, **chosen}

    def choices(self, field: Field) -> Json:
        """Some of some. Teams puts commas between what was chosen, so there are none in the values."""
        if not 0 < len(field.options) <= self.room.listed:
            return self.typed(field)
        choices = [{"title": self.ticked(one), "value": _sealed(one.value)} for one in field.options]
        offered = {one["value"] for one in choices}
        chosen = ",".join(value for value in map(_sealed, first_values(field)) if value in offered)
        style = "expanded" if len(choices) <= TICKED else _style(len(choices))
        made: Json = {"type": "Input.ChoiceSet", "isMultiSelect": True, "style": style, "wrap": True, "choices": choices}
        return made | ({"value": chosen} if chosen else {})

    def rating(self, field: Field) -> Json:
        choices = [{"title": self.ticked(one), "value": one.value} for one in scale(field)]
        value = first_value(field)
        made: Json = {"type": "Input.ChoiceSet", "style": "expanded", "wrap": True, "choices": choices}
        return made | ({"value": value} if any(one["value"] == value for one in choices) else {})

    def people(self, field: Field) -> Json:
        """Members of the conversation; in a direct one nobody else is a member, so there it is everybody."""
        mine = f"teams:{self.where.workspace}:"
        ids = [self.sight.users.get(person, person.removeprefix(mine)) for person in first_values(field)]
        chosen = ",".join(one.lower() for one in ids if AAD.fullmatch(one))
        query = {"type": "Data.Query", "dataset": COLLEAGUES + ("" if self.where.direct else HERE)}
        made: Json = {"type": "Input.ChoiceSet", "isMultiSelect": True, "choices": [], "choices.data": query}
        return made | ({"value": chosen} if chosen else {})

    def name(self, option: Option) -> str:
        """An option in a menu, where nothing is read as markdown."""
        return short(self.sight.text(option.label, 4 * LABEL), self.room.name)

    def ticked(self, option: Option) -> str:
        """An option beside a box to tick, where it is."""
        return at_start(unmarked(self.name(option)))


ELEMENTS: Mapping[str, Callable[[Inputs, Field], Json]] = {
    "text": Inputs.typed,
    "long": Inputs.typed,
    "money": Inputs.typed,
    "choice": Inputs.choice,
    "choices": Inputs.choices,
    "people": Inputs.people,
    "date": Inputs.date,
    "time": Inputs.time,
    "number": Inputs.number,
    "rating": Inputs.rating,
}


def _style(options: int) -> str:
    return "compact" if options <= SCANNED else "filtered"


def _sealed(value: str) -> str:
    return quote(value, safe="/:@!$()*'")


# ---------------------------------------------------------------- in

KINDS: Mapping[str, type] = {"version": int, "posted": bool, "many": list, "people": list, "typed": list}
"""Of the facts that are no text."""
NAMES = frozenset(part.name for part in parts_of(Opened))


def opened_by(data: object) -> Opened | None:
    """What a dialog carried; None for anything else."""
    facts = data.get(OURS) if isinstance(data, dict) else None
    if not isinstance(facts, dict) or not facts.keys() <= NAMES or not facts.get("form"):
        return None
    cleaned: Json = {name: _fact(fact) for name, fact in facts.items() if type(fact) is KINDS.get(name, str)}
    if cleaned.keys() != facts.keys() or None in cleaned.values():
        return None
    return Opened(**cleaned)


def _fact(fact: object) -> object:
    """A fact as we keep it; None for a list of anything but texts."""
    if isinstance(fact, list):
        return tuple(map(received, fact)) if all(isinstance(one, str) for one in fact) else None
    return received(fact) if isinstance(fact, str) else fact


def values(data: object, workspace: str) -> dict[str, FormValue]:
    """What was filled in, by field. People come as "teams:{workspace}:{aadObjectId}", choices as tuples. Empty fields are left out."""
    opened = opened_by(data)
    if opened is None or not isinstance(data, dict):
        return {}
    read = {key: _value(opened, key, value, workspace) for key, value in data.items() if key not in (OURS, "msteams")}
    return {key: value for key, value in read.items() if value}


def _value(opened: Opened, key: str, value: object, workspace: str) -> FormValue:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return ""
    text = received(value)
    several = [part.strip() for part in text.split(",") if part.strip()]
    if key in opened.people:
        return tuple(f"teams:{workspace}:{one.lower()}" for one in several if AAD.fullmatch(one))
    return tuple(received(unquote(one)) for one in several) if key in opened.many else text


def written(data: object) -> str:
    """What was typed into a dialog's text fields, one after the other."""
    opened = opened_by(data)
    if opened is None or not isinstance(data, dict):
        return ""
    texts = (data.get(key) for key in opened.typed)
    return "\n".join(received(text) for text in texts if isinstance(text, str) and text.strip())
