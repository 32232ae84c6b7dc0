"""Where the pictures of cards are kept, and how to draw them anew: `python -m tests.bot.teams.goldens` (then read the difference)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.teams import forms, render
from tests.bot.slack.samples import BERLIN, CARDS, FORM
from tests.bot.teams.samples import FILES, HERE, USERS

FOLDER = Path(__file__).parent / "golden"


def drawn() -> dict[str, Any]:
    """Every sample by name, as Teams gets it."""
    cards = {name: dict(render.render(card, BERLIN, USERS, FILES)) for name, card in CARDS.items()}
    errors = {"title": "Please say it in a few words.", "other": "This belongs to no field."}
    form = forms.dialog(FORM, BERLIN, HERE, USERS, opens="tickets.report", errors=errors)
    return {**cards, "form": form, "dialog": forms.shown(CARDS["ticket"], BERLIN)}


def kept(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def keep() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, payload in drawn().items():
        (FOLDER / f"{name}.json").write_text(json.dumps(payload, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    keep()
