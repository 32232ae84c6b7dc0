"""Tables in the documentation that are written from those the code goes by: `python -m bot.cli.pages` writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from bot.slack.manifest import SCOPES, needs
from handlers.care.periods import PERIODS, Period
from handlers.people.may import MAY

DOCS = Path(__file__).parents[2] / "docs"


def scopes() -> str:
    """What each of Slack's scopes is for, and what needs it."""
    lines = ["| scope | the desk uses it to | needed by |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{scope.name}` | {scope.why} | {_needed_by(scope.name)} |" for scope in SCOPES)])


def _needed_by(scope: str) -> str:
    users = [f"`{need.name}`" for need in needs(linked=True) if scope in need.scopes]
    return ", ".join(users) or "the command and the shortcuts themselves"


def periods() -> str:
    """How long everything is kept."""
    lines = ["| what | kept | after | why |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {one.what} | {_kept(one)} | {one.since} | {one.why} |" for one in PERIODS.values())])


def _kept(one: Period) -> str:
    if one.kept is None:
        return one.until
    days = one.kept // timedelta(days=1)
    return f"{days} day" if days == 1 else f"{days} days"


def permissions() -> str:
    """Who may do what."""
    lines = ["| action | who |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{action}` | {', '.join(sorted(who))} |" for action, who in sorted(MAY.items()))])


TABLES: Mapping[str, tuple[str, Callable[[], str]]] = {
    "install-slack.md": ("scopes", scopes),
    "permissions.md": ("permissions", permissions),
    "privacy.md": ("periods", periods),
}
"""Page -> what its table is called, and the table as Markdown."""


def renewed(page: str, name: str, table: str) -> str:
    """A page with this table between the two marks of that name. Raises ValueError where a mark is missing."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = page.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the page has no {begin} ... {end}")
    return f"{before}{begin}\n{table}\n{end}{after}"


if __name__ == "__main__":
    for file, (called, written) in TABLES.items():
        text = (DOCS / file).read_text(encoding="utf-8")
        (DOCS / file).write_text(renewed(text, called, written()), encoding="utf-8")
