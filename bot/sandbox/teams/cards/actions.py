"""What can be pressed. Action.ShowCard counts as unknown: a card inside a card is of no use on a telephone."""

from typing import Any

from bot.sandbox.rules import Check, Faults, flag, many, shape, string, tagged
from bot.sandbox.teams.cards.parts import address, anything, drop, either, later, link, mapping, text, word

PRIMARY = 6
"""Buttons that stand in one row; what is in excess the client hides or moves away."""
_look: dict[str, Check] = {
    "id": text,
    "iconUrl": either(address, string(1)),
    "style": word("default", "positive", "destructive"),
    "mode": word("primary", "secondary"),
    "tooltip": text,
    "isEnabled": flag,
    "requires": mapping,
    "fallback": either(drop, later(lambda: action)),
}
_sent: dict[str, Check] = {
    **_look,
    "data": either(mapping, string()),
    "associatedInputs": word("auto", "none"),
    "conditionallyEnabled": flag,
}
_target = either(text, shape({"elementId": text}, {"isVisible": flag}))

TEAMS_ACTIONS = ("task/fetch", "messageBack", "imBack", "invoke", "signin")


def _submit(value: Any, path: str, faults: Faults) -> None:
    """A rule: what `data.msteams` asks for is one of the things that the client does."""
    data = value.get("data")
    if isinstance(data, dict) and "msteams" in data:
        asked = data["msteams"]
        if not isinstance(asked, dict) or asked.get("type") not in TEAMS_ACTIONS:
            faults.add(f"{path}/data/msteams", f"type must be one of: {', '.join(TEAMS_ACTIONS)}")


ACTIONS: dict[str, Check] = {
    "Action.Execute": shape({"title": text, "verb": text}, _sent),
    "Action.Submit": shape({"title": text}, {**_sent, "msteams": shape({}, {"feedback": anything})}, _submit),
    "Action.OpenUrl": shape({"title": text, "url": link}, _look),
    "Action.ToggleVisibility": shape({"title": text, "targetElements": many(_target, 1)}, _look),
    "Action.ResetInputs": shape({"title": text}, {**_look, "targetInputIds": many(text, 1)}),
}
action: Check = tagged(ACTIONS)


def _titleless(check: Check) -> Check:
    """What is pressed by pressing an element needs no words of its own."""

    def titled(value: Any, path: str, faults: Faults) -> None:
        check({"title": "x", **value} if isinstance(value, dict) else value, path, faults)

    return titled


press = _titleless(tagged(ACTIONS))
"""`selectAction`, `inlineAction` and the action of a refresh."""


def row(value: Any, path: str, faults: Faults) -> None:
    """The actions of a set or of a card."""
    many(action, 1)(value, path, faults)
    primary = [one for one in value if isinstance(one, dict) and str(one.get("mode", "primary")).lower() == "primary"] if value else []
    if isinstance(value, list) and len(primary) > PRIMARY:
        faults.add(path, f"no more than {PRIMARY} primary actions allowed")
