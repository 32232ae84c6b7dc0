"""The permissions page, written from the one table that decides."""

from __future__ import annotations

from handlers.people.may import MAY

HEAD = """\
# Permissions

Who may do what, from the table in `handlers/people/may.py` (`python -m bot.cli.permissions` writes this page; a test keeps them equal).
Agent, assignee, watcher, approver and requester follow from the office's policy and the ticket; nobody is granted them.
Who may see a ticket at all is another question: everybody of the office, or with a private ticket its requester, its followers, the people
of its queue and whoever is asked for approval. What somebody may not see does not exist for them.

| action | who |
|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    return HEAD + "".join(f"| `{action}` | {', '.join(sorted(who))} |\n" for action, who in sorted(MAY.items()))


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - that is what it is for
