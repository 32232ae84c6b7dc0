"""Words and people for the cards of Teams; the cards themselves are those of Slack's tests."""

from __future__ import annotations

from handlers.core import Where

BOB = "11111111-2222-3333-4444-555555555555"
USERS = {"person-bob": BOB}
FILES = {"sha256-known": "https://desk.example.com/f/signed"}
HERE = Where("teams", "tenant", "19:help@thread.tacv2", "1700000000000")
NASTY = (
    "<at>Everyone</at> **bold** *it* _em_ ~~no~~ `code` {{DATE(2020-01-01T00:00:00Z,SHORT)}} {{{TIME(2020-01-01T00:00:00Z)}}} "
    "[x](javascript:alert(1)) ![p](https://evil.example/p.png) <https://evil.example> &lt;b&gt; <b>html</b> \\*a\\*\n"
    "# title\n- item\n1. one\n> quote\n---\n    code\n\tcode\n| a | b |\n|---|---|\n| c | d |\n[x]: https://evil.example\n[x]\n```\nfence\n"
    "שלום 👩‍👩‍👧‍👦 \u202eevil\u2066 \x07"
)
