"""The policy as rows and back: document -> rows -> `Office`, and rows -> document.

A row is one entry of one section, (section, key) -> canonical content that JSON can carry. What equals a default is left out, so that a
document which writes it and one which does not give the same rows. For every document without mistakes
`to_rows(document(to_rows(d))) == to_rows(d)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.office.build import from_rows
from handlers.office.defaults import Row, Rows
from handlers.office.document import read_document
from handlers.office.sections import BY_NAME, SECTIONS
from handlers.office.shape import Findings, Section, read

__all__ = ["Row", "Rows", "document", "from_rows", "to_rows"]


def to_rows(document: Mapping[str, Any]) -> dict[tuple[str, str], Row]:
    """The rows of a document in canonical form. Raises `ValueError` with the first mistake; `check` tells them all."""
    reading = read_document(document)
    _refuse(reading.findings)
    return reading.rows


def document(rows: Rows) -> dict[str, Any]:
    """The rows as one plain document: sections and keys in the order of the description, entries by key. Empty sections are absent."""
    entries: dict[str, dict[str, Row]] = {}
    for (name, key), row in sorted(rows.items()):
        entries.setdefault(name, {})[key] = row
    return {section.name: _laid_out(section, entries[section.name]) for section in SECTIONS if section.name in entries}


def _laid_out(section: Section, entries: Mapping[str, Row]) -> Any:
    ordered = {key: in_order(section.name, row) for key, row in entries.items()}
    if section.layout == "one":
        return next(iter(ordered.values()))
    if section.layout == "map":
        return ordered
    return [{section.key: key, **row} for key, row in ordered.items()]


def in_order(section: str, row: Row) -> Row:
    """A row with its keys in the order of the description, which a store of JSON need not keep. Raises `ValueError` if it is none."""
    findings = Findings()
    result: Row = read(BY_NAME[section].record, row, (section,), findings)
    _refuse(findings)
    return result


def _refuse(findings: Findings) -> None:
    for path, sentence in findings.mistakes[:1]:
        raise ValueError(f"{'.'.join(map(str, path))}: {sentence}")
