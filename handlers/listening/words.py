"""From what was typed to the command it is, in the shape that handlers take."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.commands import parse

NOT_TYPED = frozenset({"ask", "report"})
"""Names that only the grammar gives: "ask" where a search and a report look alike, "report" for all the rest."""


def command(text: str, names: Iterable[str]) -> tuple[str, str]:
    """(name, text) of the command among `names`. A ticket's number is given in digits; "ask" and "report" keep all that was typed."""
    parsed = parse(text, frozenset(names) - NOT_TYPED)
    if parsed.name == "ask":
        return "ask", parsed.whole
    return parsed.name, str(parsed.number) if parsed.number is not None else parsed.text
