"""Every mistake of an office's document at once, each with its line and a plain sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.office.defaults import HEAD, Rows
from handlers.office.document import Reading, read_document
from handlers.office.links import RULES, Wrong, by_section, unknown
from handlers.office.shape import Path


@dataclass(frozen=True, slots=True)
class Mistake:
    """`line` counts from 1; `path` leads from the document's top, by keys and places in lists."""

    line: int
    path: Path
    sentence: str

    def __str__(self) -> str:
        """ "line 12, queues[0].people: ..."."""
        return f"line {self.line}, {written(self.path)}: {self.sentence}" if self.path else f"line {self.line}: {self.sentence}"


def written(path: Path) -> str:
    """ "queues[0].people"."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in path).lstrip(".")
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def check(document: Mapping[str, Any], line: Callable[[Path], int], stored: Rows | None = None) -> list[Mistake]:
    """All mistakes of a document in the order of its lines; none means that it can be applied.

    `line` gives the line of a path, or of the nearest thing around it. With `stored`, the rows that the organisation has already, the
    document may be a part: what it names is checked together with them. Without, it must be a whole office.
    """
    reading = read_document(document)
    whole = {**(stored or {}), **reading.rows}
    findings = reading.findings
    if HEAD not in whole and HEAD not in reading.places and isinstance(document, Mapping) and not document.get("office"):
        findings.wrong((), 'The section "office" is missing: add it with key, name, time_zone, currency and owner.')
    for path, sentence in _between(reading, whole):
        findings.wrong(path, sentence)
    return _mistakes(reading, line)


def _between(reading: Reading, whole: Rows) -> Iterator[tuple[Path, str]]:
    """Mistakes between the parts; silent about what has a mistake of its own beneath, which may be the cause."""
    keys, findings = by_section(whole), reading.findings
    told = {path[:depth] for path, _ in findings.mistakes for depth in range(len(path) + 1)}
    unread = {path[0] for path, _ in findings.mistakes if len(path) == 1}
    for reference in findings.references:
        sentence = None if unread.intersection(reference.names[0]) else unknown(reference, keys, findings)
        if sentence:
            yield reference.path, sentence
    for rule in RULES:
        for wrong in rule(keys, findings):
            path = _place(wrong, reading)
            if path not in told or not path:
                yield path, wrong.sentence if path else f"{wrong.section} {wrong.key}: {wrong.sentence}"


def _place(wrong: Wrong, reading: Reading) -> Path:
    """Where a row stands in the document; () for one that is only stored."""
    place = reading.places.get((wrong.section, wrong.key))
    return (*place, *wrong.within) if place else ()


def _mistakes(reading: Reading, line: Callable[[Path], int]) -> list[Mistake]:
    findings = reading.findings
    found = sorted((Mistake(line(path), path, sentence) for path, sentence in findings.mistakes), key=lambda mistake: mistake.line)
    if findings.more:
        found.append(Mistake(1, (), f"There are {findings.more:,} mistakes more: correct these first."))
    return found
