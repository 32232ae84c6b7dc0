"""An office with the default taxonomy or named categories, and the labelled reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from handlers.office.build import from_rows
from handlers.office.defaults import HEAD, Row
from handlers.office.model import Office

MakeOffice = Callable[..., Office]


@dataclass(frozen=True)
class Labelled:
    """`split`: "tune" rows shaped the word lists; "held" rows were written before them, "fresh" ones after, and neither was tuned on."""

    split: str
    category: str
    kind: str
    text: str


def office_with(categories: dict[str, Row] | None = None, version: int = 1, organisation: str = "acme") -> Office:
    head: Row = {
        "key": "acme", "name": "Acme", "time_zone": "Europe/Berlin", "currency": "EUR", "language": "en",
        "owner": "ada@acme.example", "hourly_rate": "45",
    }  # fmt: skip
    named = {("categories", key): row for key, row in (categories or {}).items()}
    return from_rows(organisation, version, {HEAD: head, **named})


def labelled() -> tuple[Labelled, ...]:
    lines = Path(__file__).with_name("reports.tsv").read_text("utf-8").splitlines()
    return tuple(Labelled(*line.split("\t")) for line in lines if line and not line.startswith("#"))
