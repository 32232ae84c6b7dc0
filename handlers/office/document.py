"""A document read as a whole: its rows in canonical form, with every mistake and reference, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.office.defaults import Row
from handlers.office.readers import key as plain_key
from handlers.office.sections import BY_NAME, SECTIONS
from handlers.office.shape import NOTHING, Findings, Leaf, Path, Section, read, shown, unknown_keys


@dataclass(slots=True)
class Reading:
    """What a document says, as far as it could be read. `places` leads from a row to the path where it stands."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    places: dict[tuple[str, str], Path] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)


def read_document(document: Any) -> Reading:
    """Reads every section; sections that the document does not name (or leaves empty) give no rows."""
    reading = Reading()
    if not isinstance(document, Mapping):
        reading.findings.wrong((), "An office file has sections, such as office:, people: and queues:. See the example office.")
        return reading
    unknown_keys(document, tuple(BY_NAME), (), reading.findings)
    for section in SECTIONS:
        if document.get(section.name) is not None:
            for key, value, path in _entries(section, document[section.name], reading.findings):
                _keep(section, key, value, path, reading)
    return reading


def _keep(section: Section, key: str, value: Any, path: Path, reading: Reading) -> None:
    where = (section.name, key)
    row = read(section.record, value, path, reading.findings)
    if where in reading.places:
        reading.findings.wrong(path, f'"{shown(key)}" stands twice in {section.name}: give each its own {section.key}, or keep one.')
    elif row is not NOTHING:
        reading.rows[where], reading.places[where] = row, path


def _entries(section: Section, value: Any, findings: Findings) -> Iterator[tuple[str, Any, Path]]:
    """Key, content without the key, and path of each entry of a section."""
    if section.layout == "one":
        yield section.name, value, (section.name,)
    elif section.layout == "map":
        yield from _mapped(section, value, findings)
    else:
        yield from _listed(section, value, findings)


def _mapped(section: Section, value: Any, findings: Findings) -> Iterator[tuple[str, Any, Path]]:
    if not isinstance(value, Mapping):
        findings.wrong((section.name,), f"Write {section.name} as keys and values, such as {{KEY: {{...}}}}.")
        return
    for name, content in value.items():
        yield from _keyed(section, name, content, (section.name, name if isinstance(name, str) else shown(name)), findings)


def _listed(section: Section, value: Any, findings: Findings) -> Iterator[tuple[str, Any, Path]]:
    if not isinstance(value, list | tuple):
        findings.wrong((section.name,), f"Write {section.name} as a list: one {section.one} a line after a dash.")
        return
    for i, entry in enumerate(value):
        path = (section.name, i)
        if not isinstance(entry, Mapping):
            findings.wrong(path, f"Write each {section.one} as keys and values, such as {{{section.key}: ...}}.")
        elif entry.get(section.key) is None:
            findings.wrong(path, f'"{section.key}" is missing: every {section.one} needs one.')
        else:
            content = {name: part for name, part in entry.items() if name != section.key}
            yield from _keyed(section, entry[section.key], content, path, findings)


def _keyed(section: Section, name: Any, content: Any, path: Path, findings: Findings) -> Iterator[tuple[str, Any, Path]]:
    at = path if section.layout == "map" else (*path, section.key)
    key = read(Leaf(section.read_key or plain_key), name, at, findings)
    if key is not NOTHING:
        yield key, content, path
