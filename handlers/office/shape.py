"""What a document may look like, as data, and the one walk that reads any value by it.

The walk finds every mistake instead of stopping at the first, notes every reference from one part to another, and gives the canonical form:
keys in the order of the description, each value as its reader writes it, and nothing that equals its default. It goes only as deep as the
description does, whatever it is handed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, assert_never

from handlers.office.readers import Reader

Path = tuple[str | int, ...]
Names = tuple[tuple[str, ...], str]
"""What a value refers to: the sections that may hold it, and its key there."""

NOTHING: Any = object()
"""What reading gives where nothing usable was written; the mistake is noted."""

MOST_MISTAKES = 1000
MOST_GUESSES = 30
MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value. `refers` tells, of its canonical form, what it refers to."""

    read: Reader
    refers: Callable[[str], Names | None] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list without repetitions of at most `most` items."""

    item: Node
    most: int = 10_000


@dataclass(frozen=True, slots=True)
class Field:
    node: Node
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Record:
    """Fixed keys. Of those in `any_of` at least one must be given."""

    fields: Mapping[str, Field]
    any_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Free keys of one kind, in the order of `order`."""

    key: Reader
    value: Node
    order: Callable[[str], Any]


Node = Leaf | Listing | Record | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document. Layout "one": one record; "map": records by key; "list": records with their key in the field `key`."""

    name: str
    one: str
    layout: Literal["one", "map", "list"]
    record: Record
    key: str = "key"
    read_key: Reader | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    path: Path
    names: Names


@dataclass(slots=True)
class Findings:
    """What a walk found. Beyond `MOST_MISTAKES` mistakes are only counted, so that a hostile document costs little."""

    mistakes: list[tuple[Path, str]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    more: int = 0
    guesses: int = 0

    def wrong(self, path: Path, sentence: str) -> None:
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append((path, sentence))
        else:
            self.more += 1

    def guess(self, word: str, known: Sequence[str]) -> str:
        """ " Did you mean ...?" or nothing. Looking for likeness is slow, so only the first mistakes are worth it."""
        self.guesses += 1
        near = [name for name in known if abs(len(name) - len(word)) <= 3] if self.guesses <= MOST_GUESSES else []
        near.sort(key=lambda name: _alike(name, word), reverse=True)
        found = get_close_matches(word, near[:MOST_COMPARED], 1, 0.6)
        return f' Did you mean "{found[0]}"?' if found else ""


def _alike(name: str, word: str) -> int:
    """How many letters are the same at the same place: quick, and enough to choose what to compare closely."""
    return sum(a == b for a, b in zip(name, word, strict=False))


def shown(value: object, longest: int = 60) -> str:
    """Anything from a document, short and safe to print."""
    if isinstance(value, int) and abs(value) >= 10**18:
        return "a huge number"
    line = "".join(letter if letter.isprintable() else " " for letter in str(value)[: longest + 1])
    return line if len(line) <= longest else f"{line[: longest - 3]}..."


def read(node: Node, value: Any, path: Path, findings: Findings) -> Any:
    """The canonical form of a value, or `NOTHING`; mistakes and references go to `findings`."""
    match node:
        case Leaf():
            return _leaf(node, value, path, findings)
        case Listing():
            return _listing(node, value, path, findings)
        case Record():
            return _record(node, value, path, findings)
        case Table():
            return _table(node, value, path, findings)
        case _:
            assert_never(node)


def _leaf(node: Leaf, value: Any, path: Path, findings: Findings) -> Any:
    try:
        result = node.read(value)
    except ValueError as wrong:
        known = f'"{shown(value)}": ' if isinstance(value, str | int | float) and value != "" else ""
        findings.wrong(path, f"{known}{wrong}")
        return NOTHING
    names = node.refers(result) if node.refers else None
    if names:
        findings.references.append(Reference(path, names))
    return result


def _listing(node: Listing, value: Any, path: Path, findings: Findings) -> Any:
    if not isinstance(value, list | tuple):
        findings.wrong(path, "Write a list here: in [brackets], or one item a line after a dash.")
        return NOTHING
    if len(value) > node.most:
        findings.wrong(path, f"This list has {len(value):,} items: shorten it to {node.most:,}.")
        return NOTHING
    items = [read(node.item, item, (*path, i), findings) for i, item in enumerate(value)]
    return _without_repetitions(items, path, findings)


def _without_repetitions(items: list[Any], path: Path, findings: Findings) -> list[Any]:
    seen: set[Any] = set()
    for i, item in enumerate(items):
        if isinstance(item, str) and item in seen:
            findings.wrong((*path, i), f'"{shown(item)}" stands here twice: take one out.')
        if isinstance(item, str):
            seen.add(item)
    return [item for item in items if item is not NOTHING]


def _record(node: Record, value: Any, path: Path, findings: Findings) -> Any:
    if not isinstance(value, Mapping):
        findings.wrong(path, f"Write keys and values here, such as {{{next(iter(node.fields))}: ...}}.")
        return NOTHING
    unknown_keys(value, tuple(node.fields), path, findings)
    result = {name: _field(name, part, value.get(name), path, findings) for name, part in node.fields.items()}
    if node.any_of and not any(value.get(name) for name in node.any_of):
        findings.wrong(path, f"Name at least one of these: {', '.join(node.any_of)}.")
    return {name: item for name, item in result.items() if item is not NOTHING}


def _field(name: str, part: Field, value: Any, path: Path, findings: Findings) -> Any:
    if value is None or (part.required and value in ("", [], {})):
        if part.required:
            findings.wrong(path, f'"{name}" is missing or empty: add it.')
        return NOTHING
    result = read(part.node, value, (*path, name), findings)
    return NOTHING if result == part.default or (result in ([], {}) and not part.required) else result


def unknown_keys(value: Mapping[Any, Any], known: Sequence[str], path: Path, findings: Findings) -> None:
    for name in value:
        if name not in known:
            guess = findings.guess(shown(name), known) or f" Known here: {', '.join(known)}."
            findings.wrong((*path, name if isinstance(name, str) else shown(name)), f'"{shown(name)}" is not known here.{guess}')


def _table(node: Table, value: Any, path: Path, findings: Findings) -> Any:
    if not isinstance(value, Mapping):
        findings.wrong(path, "Write keys and values here, such as {mon-fri: ...}.")
        return NOTHING
    result = {}
    for name, item in value.items():
        within = (*path, name if isinstance(name, str) else shown(name))
        key = _leaf(Leaf(node.key), name, within, findings)
        content = read(node.value, item, within, findings)
        if key is not NOTHING and content is not NOTHING:
            result[key] = content
    return dict(sorted(result.items(), key=lambda pair: node.order(pair[0])))


def filled(node: Node, value: Any) -> Any:
    """A canonical value with everything that was left out: defaults, empty lists, and None."""
    match node:
        case Record():
            return {name: _default(part) if name not in value else filled(part.node, value[name]) for name, part in node.fields.items()}
        case Listing():
            return [filled(node.item, item) for item in value]
        case Table():
            return {name: filled(node.value, item) for name, item in value.items()}
        case Leaf():
            return value
        case _:
            assert_never(node)


def _default(part: Field) -> Any:
    if part.default is not None:
        return part.default
    match part.node:
        case Listing():
            return []
        case Record():
            return filled(part.node, {})
        case Table():
            return {}
        case _:
            return None
