"""The table of docs/privacy.md that says how long everything is kept, written from the one that the sweep goes by."""

from __future__ import annotations

from datetime import timedelta

from handlers.care.periods import PERIODS, Period

BEGIN, END = "<!-- periods: begin -->", "<!-- periods: end -->"


def table() -> str:
    """As Markdown."""
    lines = ["| what | kept | after | why |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {one.what} | {_kept(one)} | {one.since} | {one.why} |" for one in PERIODS.values())])


def _kept(one: Period) -> str:
    if one.kept is not None:
        return f"{one.kept // timedelta(days=1)} days"
    return f"for ever, unless: {one.setting}" if one.setting else "for ever"


def renewed(page: str) -> str:
    """A page with the table of today between its two marks. Raises ValueError where a mark is missing."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the page has no {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    import sys

    sys.stdout.write(renewed(sys.stdin.read()))
