"""The office file: YAML text to plain data that knows its lines, and plain data to readable YAML.

A file comes from outside, so it is read from the parser's events with bounds on size, depth and what aliases expand to; no object is ever
built from a tag. Keys are always text; plain scalars are null, true, false, whole and decimal numbers as in YAML 1.2, and else text (dates
and times too).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, PlainScalarString

from handlers.office.check import Mistake, check
from handlers.office.shape import Path, shown

LineOf = Callable[[Path], int]

LARGEST_BYTES = 5_000_000
MOST_NODES = 500_000
"""Values and keys in a file, counting what an alias stands for each time."""

DEEPEST = 20
_WIDEST = 150

_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Text that no rule of YAML can take for anything else, in brackets or out of them (words such as "null" and numbers apart).
_PLAIN = re.compile(r"\w+(?:[ ./@+()_-]*[\w).?!])*")
_UNPLAIN = re.compile(r"^\s|\s$|[^\S\n ]| \n|\n[ \n]")
_DECIMAL = re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})([eE][-+]?[0-9]{1,3})?", re.ASCII)


class Unreadable(Exception):
    """A file that is no good YAML, with every mistake that could be found in it."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


def load(source: FilePath | str) -> tuple[dict[str, Any], LineOf]:
    """The document of a file (a path) or of a text (a str), and the line of each path in it, from 1.

    Raises `Unreadable`: for a syntax error with that one mistake; for keys that stand twice with all of those and all that `check` finds;
    `OSError` if the file cannot be opened.
    """
    builder = _Builder(_text(source))
    document = builder.document()
    if builder.repeated:
        mistakes = builder.repeated + check(document, builder.line_of)
        raise Unreadable(sorted(mistakes, key=lambda mistake: mistake.line))
    return document, builder.line_of


def _text(source: FilePath | str) -> str:
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else _bytes(source)
    if len(data) > LARGEST_BYTES:
        raise _unreadable(1, f"The file is larger than {LARGEST_BYTES // 1_000_000} MB: split what is not policy from it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise _unreadable(data.count(b"\n", 0, wrong.start) + 1, "This is not UTF-8 text: save the file as UTF-8.") from None


def _bytes(path: FilePath) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_BYTES + 1)


def _unreadable(line: int, sentence: str, path: Path = ()) -> Unreadable:
    return Unreadable([Mistake(line, path, sentence)])


class _Builder:
    """One pass over the parser's events. `lines` has the line of every path that stands in the file itself (not those inside aliases)."""

    def __init__(self, text: str) -> None:
        self.events = _events(text)
        self.lines: dict[Path, int] = {(): 1}
        self.repeated: list[Mistake] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0

    def line_of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def document(self) -> Any:
        """The one document of the file; an empty file is an empty document."""
        result: Any = {}
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
            if documents > 1:
                raise _unreadable(_line(event), 'A second document starts here: an office file has one, so take out the "---".')
            if isinstance(event, NodeEvent):
                result = self._value(event, ())
        return {} if result is None else result

    def _value(self, event: NodeEvent, path: Path) -> Any:
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        before = self.nodes
        self._count(1, event, path)
        result = self._content(event, path)
        if event.anchor is not None:
            self.anchors[event.anchor] = (result, self.nodes - before)
        return result

    def _content(self, event: NodeEvent, path: Path) -> Any:
        if len(path) > DEEPEST:
            raise _unreadable(_line(event), f"This is nested more than {DEEPEST} deep: an office file never is.", path[:3])
        if getattr(event, "tag", None) not in (None, "!"):
            raise _unreadable(_line(event), "Tags (words with an exclamation mark) are not used here: take it out.", path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event)

    def _alias(self, event: AliasEvent, path: Path) -> Any:
        if event.anchor not in self.anchors:
            raise _unreadable(_line(event), f'"*{shown(event.anchor)}" repeats nothing that stands before it.', path)
        value, nodes = self.anchors[event.anchor]
        self._count(nodes, event, path)
        return value

    def _count(self, nodes: int, event: NodeEvent, path: Path) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise _unreadable(_line(event), f"The file has more than {MOST_NODES:,} values, counting what aliases repeat.", path[:3])

    def _mapping(self, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                raise _unreadable(_line(event), "A key must be a word: write it before a colon.", path)
            self._entry(result, event, path)
        return result

    def _entry(self, result: dict[str, Any], event: ScalarEvent, path: Path) -> None:
        key = str(event.value)
        within = (*path, key)
        if key in result:
            first = self.lines[within]
            self.repeated.append(Mistake(_line(event), within, f'"{shown(key)}" stands here twice (first in line {first}): keep one.'))
        self.lines.setdefault(within, _line(event))
        value = self._value(next(self.events), within)
        result.setdefault(key, value)

    def _sequence(self, path: Path) -> list[Any]:
        result: list[Any] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            within = (*path, len(result))
            self.lines[within] = _line(event)
            result.append(self._value(event, within))
        return result


def _events(text: str) -> Iterator[Any]:
    """The parser's events, with its errors as mistakes."""
    try:
        yield from YAML(typ="safe", pure=True).parse(StringIO(text))
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        reason = ", ".join(part for part in (wrong.context, wrong.problem) if part)
        raise _unreadable(mark.line + 1 if mark else 1, f"This is not YAML: {shown(reason, 200)}.") from None
    except YAMLError as wrong:
        line = text.count("\n", 0, getattr(wrong, "position", 0) or 0) + 1
        raise _unreadable(line, "This holds characters that cannot be printed: take them out.") from None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> Any:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def dump(document: Mapping[str, Any]) -> str:
    """A plain document as YAML: sections one below the other, each entry on one line where it fits. `load` gives it back."""
    yaml = YAML()
    yaml.width = 1_000_000
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_block(document, deep=False), out)
    return out.getvalue()


def _styled(value: Any) -> Any:
    """On one line in brackets if it fits there, else one part a line."""
    if isinstance(value, Mapping | list):
        return _flow(value) if _fits(value) else _block(value, deep=True)
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value and not _UNPLAIN.search(value) else _scalar_of(value)


def _scalar_of(value: Any) -> Any:
    """Quotes wherever they could be needed, as a reader need not know YAML's rules; a date needs none, as `load` keeps dates as text."""
    if not isinstance(value, str) or _PLAIN.fullmatch(value):
        return value
    return PlainScalarString(value) if _DAY.fullmatch(value) else DoubleQuotedScalarString(value)


def _fits(value: Any) -> bool:
    text = str(value)
    return len(text) <= _WIDEST and "\\n" not in text


def _flow(value: Any) -> Any:
    """Everything inside on one line, too."""
    if isinstance(value, Mapping):
        result: Any = CommentedMap({_scalar_of(key): _inline(item) for key, item in value.items()})
    else:
        result = CommentedSeq([_inline(item) for item in value])
    result.fa.set_flow_style()
    return result


def _inline(value: Any) -> Any:
    return _flow(value) if isinstance(value, Mapping | list) else _scalar_of(value)


def _block(value: Any, deep: bool) -> Any:
    """One part a line. The lists of the document itself (not `deep`) have one entry a line, however short."""
    part = _styled if deep else _section
    if isinstance(value, Mapping):
        return CommentedMap({_scalar_of(key): part(item) for key, item in value.items()})
    return CommentedSeq([_styled(item) for item in value])


def _section(value: Any) -> Any:
    return _block(value, deep=True) if isinstance(value, list) and value else _styled(value)
