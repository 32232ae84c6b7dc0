"""What a button carries to a chat and back: the same facts in each, only their wrapping differs."""

from __future__ import annotations

from typing import Any

from bot.words import received
from handlers.cards import Button
from handlers.frozen import dataclass

KEYS = frozenset("asvxf")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button carries: the act, on what, as it was at that version; with `opens` the form it opens."""

    action: str
    subject: str = ""
    version: int = 0
    value: str = ""
    opens: str = ""


def carried(button: Button) -> dict[str, Any]:
    """The facts of a button by short names, without what is empty."""
    facts: dict[str, Any] = {"a": button.action} if button.action else {}
    if button.subject:
        facts["s"] = button.subject
    if button.version:
        facts["v"] = button.version
    if button.value:
        facts["x"] = button.value
    if button.opens:
        facts["f"] = button.opens
    return facts


def pressed(facts: object) -> Pressed | None:
    """What `carried` made; None for anything else."""
    if not isinstance(facts, dict) or not facts.keys() <= KEYS:
        return None
    version = facts.get("v", 0)
    texts = [facts.get(name, "") for name in ("a", "s", "x", "f")]
    if type(version) is not int or not all(isinstance(text, str) for text in texts) or not (texts[0] or texts[3]):
        return None
    action, subject, chosen, opens = map(received, texts)
    return Pressed(action, subject, version, chosen, opens)
