"""What can be wrong between the parts of a policy although each reads well: references that lead nowhere, loops, rules that cannot work.

Each rule looks at all rows that will hold together and names the row, the path within it, and a sentence that says what to do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from handlers.office import parts, values
from handlers.office.codes import ANSWER_FIELDS, SERVICE_AREAS, subdivisions
from handlers.office.defaults import FRONT_DESK, UNSORTED, Row, Rows, complete, prefix
from handlers.office.sections import BY_NAME
from handlers.office.shape import Findings, Path, Reference, filled, shown

Keys = Mapping[str, Mapping[str, Row]]
"""Section -> key -> row. The pseudo-section "prefixes" holds what stands before the dots of the categories."""


class Wrong(NamedTuple):
    section: str
    key: str
    within: Path
    sentence: str


Rule = Callable[[Keys, Findings], Iterator[Wrong]]

_BRACES = re.compile(r"\{([^{}\n]*)\}")


def by_section(rows: Rows) -> Keys:
    """The rows and everything an office has anyway, ready for the rules and for looking up references."""
    result: dict[str, dict[str, Row]] = {name: {} for name in (*BY_NAME, "prefixes")}
    for (section, key), row in complete(rows).items():
        result[section][key] = row
    result["prefixes"] = {prefix(key): {} for key in result["categories"]}
    return result


def unknown(reference: Reference, keys: Keys, findings: Findings) -> str | None:
    """What to say of a reference that leads nowhere; None if it leads somewhere."""
    sections, key = reference.names
    if any(key in keys[section] for section in sections):
        return None
    return _no_such(sections, key, keys, findings)


def _no_such(sections: Sequence[str], key: str, keys: Keys, findings: Findings) -> str:
    real = [section for section in sections if section in BY_NAME]
    kinds = " or ".join(BY_NAME[section].one for section in real)
    near = findings.guess(key, [name for section in sections for name in keys[section]])
    return f'There is no {kinds} "{shown(key)}".{near or f" Add it under {real[0]}, or name one that is there."}'


def unsorted_stays(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    if keys["categories"][UNSORTED].get("queue", FRONT_DESK) != FRONT_DESK:
        yield Wrong("categories", UNSORTED, ("queue",), f"What fits no category comes to the queue {FRONT_DESK}: write that one here.")


def asked_once(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    for key, row in keys["categories"].items():
        times = Counter(words.partition(" ")[0] for words in row.get("ask", ()))
        for name in (name for name, n in times.items() if n > 1 and f"{name} optional" in row["ask"]):
            yield Wrong("categories", key, ("ask",), f'The field "{name}" is asked both as required and as optional: keep one.')


def managers_end(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    """Nobody is their own manager, however far up. Each loop is told once."""
    done: set[str] = set()
    for start in keys["people"]:
        line: list[str] = []
        here: str | None = start
        while here and here not in done:
            done.add(here)
            line.append(here)
            here = keys["people"].get(here, {}).get("manager")
        if here in line:
            loop = [*line[line.index(here) :], here]
            names = " -> ".join(loop if len(loop) <= 6 else [*loop[:3], "...", *loop[-2:]])
            yield Wrong("people", here, ("manager",), f"The managers go round in a circle ({names}): change one of them.")


def calendars_work(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    for key, row in keys["calendars"].items():
        hours = row.get("hours", {})
        if not hours:
            yield Wrong("calendars", key, ("hours",), 'This calendar is never open: give it hours, such as {mon-fri: "09:00-17:00"}.')
        times = Counter(day for days in hours for day in values.days(days))
        for day in (day for day, n in sorted(times.items()) if n > 1):
            yield Wrong("calendars", key, ("hours",), f"{values.WEEKDAYS[day]} is named twice: put all its hours into one line.")
        yield from _holidays_known(key, row.get("holidays", {}))


def _holidays_known(key: str, row: Row) -> Iterator[Wrong]:
    country, part = row.get("country"), row.get("subdivision")
    known = subdivisions(country or "")
    if part and not country:
        yield Wrong("calendars", key, ("holidays", "subdivision"), "Name the country as well.")
    elif part and part not in known:
        parts_of = shown(", ".join(sorted(known))) or "none"
        yield Wrong("calendars", key, ("holidays", "subdivision"), f'"{part}" is no part of {country} with known holidays ({parts_of}).')


def channels_apart(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    """What is said in a channel must belong to one queue or one vendor."""
    taken: dict[tuple[str, str], str] = {}
    for key, row in keys["queues"].items():
        for chat, channel in row.get("channel", {}).items():
            other = taken.setdefault((chat, channel), key) if channel else key
            if other != key:
                sentence = f'The queue "{other}" has this channel already: give each queue its own, or make one queue of both.'
                yield Wrong("queues", key, ("channel", chat), sentence)
    owners = {named: f'The queue "{key}"' for named, key in taken.items()}
    for key, row in keys["vendors"].items():
        for number, place in enumerate(row.get("places", ())):
            for chat in ("slack", "teams"):
                channel, own = place.get(chat), f'The vendor "{key}"'
                other = owners.setdefault((chat, channel), own) if channel else own
                if other != own:
                    sentence = f"{other} has this channel already: what is offered to a vendor needs a channel that is the vendor's alone."
                    yield Wrong("vendors", key, ("places", number, chat), sentence)


def subjects_known(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    for key in keys["responsibility"]:
        if key not in keys["categories"] and key not in keys["prefixes"] and key not in SERVICE_AREAS:
            known = [*keys["categories"], *keys["prefixes"], *SERVICE_AREAS]
            near = findings.guess(key, known) or f" Service areas are {SERVICE_AREAS[0]} to {SERVICE_AREAS[-1]}."
            yield Wrong("responsibility", key, ("for",), f'"{shown(key)}" is no category, no prefix of one and no service area.{near}')


def choices_offered(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    for key, row in keys["fields"].items():
        chosen = row.get("kind") in ("choice", "choices")
        if chosen and not row.get("options"):
            yield Wrong("fields", key, ("kind",), "A choice needs options to choose from: add options: [...].")
        if row.get("options") and row.get("kind") and not chosen:
            yield Wrong("fields", key, ("options",), "Only the kinds choice and choices have options: change the kind or take them out.")


def promises_in_order(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    """A first response comes before the resolution, in the calendar in which both are counted."""
    for section in ("slas", "contracts"):
        for key, row in keys[section].items():
            respond, resolve = _counted(row, "respond", keys), _counted(row, "resolve", keys)
            if respond is not None and resolve is not None and respond > resolve:
                yield Wrong(section, key, ("respond",), "The response comes after the resolution: shorten respond or lengthen resolve.")


def _counted(row: Row, target: str, keys: Keys) -> float | None:
    rules = keys["calendars"].get(row.get("calendar", "office"), {})
    if target not in row or not rules.get("hours"):
        return None
    return parts.calendar_rules(filled(BY_NAME["calendars"].record, rules), "UTC").seconds(values.duration(row[target]))


def answers_fill(keys: Keys, findings: Findings) -> Iterator[Wrong]:
    known = (*ANSWER_FIELDS, *keys["fields"])
    for key, row in keys["answers"].items():
        text = row.get("text", "")
        for name in dict.fromkeys(_BRACES.findall(text)):
            if name not in known:
                near = findings.guess(name, known) or f" Known: {', '.join(ANSWER_FIELDS)}, and the keys under fields."
                yield Wrong("answers", key, ("text",), f'No field "{shown(name)}" can be filled in.{near}')
        if re.search(r"[{}]", _BRACES.sub("", text)):
            yield Wrong("answers", key, ("text",), "A brace stands alone: write fields as {title}, and no other braces.")


RULES: tuple[Rule, ...] = (
    unsorted_stays,
    asked_once,
    managers_end,
    calendars_work,
    channels_apart,
    subjects_known,
    choices_offered,
    promises_in_order,
    answers_fill,
)
