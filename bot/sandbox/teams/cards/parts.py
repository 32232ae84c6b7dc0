"""The values that elements, inputs and actions share."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.rules import Check, Faults, flag, matching, number, string


def word(*allowed: str) -> Check:
    """One of a few words; capitals do not matter."""
    known = {one.lower() for one in allowed}

    def check(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, str) or value.lower() not in known:
            faults.add(path, f"value must be one of: {', '.join(allowed)}")

    return check


def either(first: Check, second: Check) -> Check:
    """What passes one of two checks; the faults are those of the second."""

    def check(value: Any, path: str, faults: Faults) -> None:
        trial = Faults()
        first(value, path, trial)
        if trial.messages:
            second(value, path, faults)

    return check


def later(find: Callable[[], Check]) -> Check:
    """A check that is looked up only when it is needed, because it holds itself."""

    def check(value: Any, path: str, faults: Faults) -> None:
        find()(value, path, faults)

    return check


def anything(value: Any, path: str, faults: Faults) -> None:
    """Whatever it is."""


def mapping(value: Any, path: str, faults: Faults) -> None:
    """An object with any names."""
    if not isinstance(value, dict):
        faults.add(path, "must provide an object")


text = string(1)
pixels = matching(r"\d+px", "must be pixels like 80px")
address = matching(r"(https?://|data:image/(png|jpeg|gif);base64,)\S+", "must be a web address of a picture", 1_000_000)
link = matching(r"(https?|mailto|tel|msteams):\S+", "must be a web address", 4000)
horizontal = word("Left", "Center", "Right")
vertical = word("Top", "Center", "Bottom")
style = word("default", "emphasis", "accent", "good", "attention", "warning")
size = word("Small", "Default", "Medium", "Large", "ExtraLarge")
weight = word("Lighter", "Default", "Bolder")
color = word("Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention")
font = word("Default", "Monospace")
count = number(0)
drop = word("drop")
spacing = word("None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding", "ExtraSmall")

COMMON: dict[str, Check] = {
    "id": text,
    "isVisible": flag,
    "separator": flag,
    "height": word("auto", "stretch"),
    "spacing": spacing,
    "targetWidth": word(*(f"{at}{one}" for at in ("", "atLeast:", "atMost:") for one in ("VeryNarrow", "Narrow", "Standard", "Wide"))),
    "lang": string(2),
    "requires": mapping,
    "grid.area": text,
}
"""What every element may have, inputs too."""
