"""Figures as a table for people, and as one line of JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import orjson

from tests.bench.measure import Figures

HEADS = ("", "cpu us/req", "db us/req", "req/s", "p50 ms", "p99 ms", "alone p50", "cpu ratio", "rate ratio", "spread")


def table(found: Sequence[Figures]) -> str:
    """One line for each variant."""
    lines = [HEADS, *map(_cells, found)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADS))]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))])
        for line in lines
    )


def _cells(one: Figures) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.cpu_us:.0f}",
        f"{one.database_cpu_us:.0f}" if one.database_cpu_us else "-",
        f"{one.rate:.0f}",
        f"{one.p50_ms:.1f}",
        f"{one.p99_ms:.1f}",
        f"{one.alone_p50_ms:.2f}",
        f"{one.cpu_ratio:.2f}",
        f"{one.rate_ratio:.2f}",
        f"{one.spread:.0%}",
    )


def line(part: str, found: Sequence[Figures], **more: object) -> str:
    return orjson.dumps({"part": part, **more, "variants": [_rounded(one) for one in found]}).decode()


def _rounded(one: Figures) -> dict[str, object]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(one).items()}
