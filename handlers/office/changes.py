"""What applying a file would change, key by key, in words; and what was changed in chat meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from handlers.office.defaults import HEAD, Row, Rows
from handlers.office.sections import BY_NAME, ORDER
from handlers.office.shape import shown


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is added, changed or removed; `before` and `after` are its content, None where there is none."""

    section: str
    key: str
    kind: Literal["added", "changed", "removed"]
    before: Row | None
    after: Row | None

    def __str__(self) -> str:
        """ "+ vendor sparks", "- vendor sparks", "~ category hr: visibility queue -> office, sla (none) -> fast"."""
        section = BY_NAME[self.section]
        name = section.one if section.layout == "one" else f"{section.one} {self.key}"
        if self.kind == "changed":
            return f"~ {name}: {', '.join(self._differences())}"
        return f"{'+' if self.kind == 'added' else '-'} {name}"

    def _differences(self) -> Iterator[str]:
        before, after = self.before or {}, self.after or {}
        for name in BY_NAME[self.section].record.fields:
            if before.get(name) != after.get(name):
                yield f"{name} {_words(before.get(name))} -> {_words(after.get(name))}"


def diff(current: Rows, file: Rows, prune: bool = False) -> tuple[Change, ...]:
    """What makes the stored rows those of a file, in the order of the sections. Only keys that the file names change.

    With `prune` the file is the whole truth: what it does not name is removed (the office's head never is). Both sides are canonical, as
    `to_rows` gives them, so the export of what is stored changes nothing.
    """
    changes = [_change(where, current.get(where), row) for where, row in file.items() if current.get(where) != row]
    if prune:
        changes += [_change(where, row, None) for where, row in current.items() if where not in file and where != HEAD]
    return tuple(sorted(changes, key=lambda change: (ORDER[change.section], change.key)))


def applied(current: Rows, changes: Iterable[Change]) -> dict[tuple[str, str], Row]:
    """The rows after the changes."""
    result = dict(current)
    for change in changes:
        where = (change.section, change.key)
        if change.after is None:
            result.pop(where, None)
        else:
            result[where] = change.after
    return result


def changed_in_chat(changes: Iterable[Change], changed_by: Mapping[tuple[str, str], Literal["file", "chat"]]) -> tuple[str, ...]:
    """A warning for each change that would undo what somebody changed in chat since the last apply or export."""
    return tuple(
        f"{BY_NAME[change.section].one} {change.key} was changed in chat since the last export; applying this file overwrites that."
        for change in changes
        if changed_by.get((change.section, change.key)) == "chat"
    )


def _change(where: tuple[str, str], before: Row | None, after: Row | None) -> Change:
    kind: Literal["added", "changed", "removed"] = "added" if before is None else "removed" if after is None else "changed"
    return Change(*where, kind, before, after)


def _words(value: Any) -> str:
    """A value as people read it, on one line and not too long."""
    if value is None:
        return "(none)"
    if isinstance(value, Mapping):
        return shown("{" + ", ".join(f"{key}: {_words(part)}" for key, part in value.items()) + "}")
    if isinstance(value, list):
        return shown("[" + ", ".join(map(_words, value)) + "]")
    return shown(str(value).lower() if isinstance(value, bool) else value)
