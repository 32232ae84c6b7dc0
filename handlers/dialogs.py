"""The words that steer every conversation of one question at a time."""

from __future__ import annotations

DIALOG_WORDS = {"pause": "pause", "later": "pause", "stop": "stop", "cancel": "stop", "back": "back", "help": "help", "skip": "skip"}


def dialog_word(text: str) -> str | None:
    """The word that steers a dialog, if that is all that was said."""
    return DIALOG_WORDS.get(text.strip().strip(".!").lower())
