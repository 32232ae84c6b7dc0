"""Where the pictures of cards are kept, and how to draw them anew: `python -m tests.bot.slack.goldens` (then read the difference)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.slack import forms, render
from handlers.core import Where
from tests.bot.slack.samples import BERLIN, CARDS, FILES, FORM, USERS

FOLDER = Path(__file__).parent / "golden"
HERE = Where("slack", "T0", "C0HELP", "1700000000.000100")


def drawn() -> dict[str, Any]:
    """Every sample by name, as Slack gets it."""
    cards = {name: dict(render.render(card, BERLIN, USERS, FILES)) for name, card in CARDS.items()}
    forms_and_modals = {"form": forms.view(FORM, BERLIN, HERE, USERS), "modal": forms.shown(CARDS["ticket"], BERLIN, HERE)}
    return {**cards, **forms_and_modals, "loading": forms.loading(BERLIN)}


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
