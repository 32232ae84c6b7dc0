"""What can be filled in. Every input needs an id: without one nobody would hear of its value."""

from typing import Any

from bot.sandbox.rules import Check, Faults, exactly_one, flag, many, matching, number, shape, string, tagged
from bot.sandbox.teams.cards.actions import press
from bot.sandbox.teams.cards.parts import COMMON, drop, either, later, text, word

_field: dict[str, Check] = {
    **{name: check for name, check in COMMON.items() if name != "id"},
    "label": text,
    "isRequired": flag,
    "errorMessage": text,
    "valueChangedAction": press,
    "fallback": either(drop, later(lambda: field)),
}
_day = matching(r"\d{4}-\d\d-\d\d", "must be a date like 2026-01-31")
_time = matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time like 17:30")
_query = tagged({"Data.Query": shape({"dataset": text}, {"associatedInputs": word("auto", "none"), "count": number(1), "skip": number(0)})})
PEOPLE = "graph.microsoft.com/users"


def _said(value: Any, path: str, faults: Faults) -> None:
    """A rule: a field that must be filled says so in words."""
    if value.get("isRequired") and not value.get("errorMessage"):
        faults.add(path, "isRequired needs an errorMessage")


def _chosen(value: Any, path: str, faults: Faults) -> None:
    """A rule: what is chosen at the start is one of the choices, and no two choices have the same value."""
    offered = [one["value"] for one in value.get("choices", [])]
    if len(set(offered)) != len(offered):
        faults.add(path, "two choices have the same value")
    chosen = [one for one in value.get("value", "").split(",") if one]
    if "choices" in value and "choices.data" not in value and not set(chosen) <= set(offered):
        faults.add(path, "value must be one of the choices")
    if len(chosen) > 1 and not value.get("isMultiSelect"):
        faults.add(path, "only a multi-select takes several values")


def _input(required: dict[str, Check], optional: dict[str, Check], *rules: Check) -> Check:
    return shape({"id": text, **required}, {**_field, **optional}, _said, *rules)


def _either_kind(value: Any, path: str, faults: Faults) -> None:
    """A rule: there is something to choose from."""
    if "choices.data" not in value:
        exactly_one("choices")(value, path, faults)


INPUTS: dict[str, Check] = {
    "Input.Text": _input(
        {},
        {
            "value": string(),
            "maxLength": number(1),
            "isMultiline": flag,
            "placeholder": text,
            "style": word("Text", "Tel", "Url", "Email", "Password"),
            "regex": text,
            "inlineAction": press,
        },
    ),
    "Input.Number": _input({}, {"value": number(), "min": number(), "max": number(), "placeholder": text}),
    "Input.Date": _input({}, {"value": _day, "min": _day, "max": _day, "placeholder": text}),
    "Input.Time": _input({}, {"value": _time, "min": _time, "max": _time, "placeholder": text}),
    "Input.Toggle": _input({"title": text}, {"value": string(), "valueOn": string(1), "valueOff": string(1), "wrap": flag}),
    "Input.Rating": _input(
        {},
        {
            "value": number(0),
            "max": number(1, 10),
            "allowHalfSteps": flag,
            "size": word("Medium", "Large"),
            "color": word("Neutral", "Marigold"),
        },
    ),
    "Input.ChoiceSet": _input(
        {},
        {
            "choices": many(shape({"title": text, "value": text})),
            "choices.data": _query,
            "value": string(),
            "style": word("compact", "expanded", "filtered"),
            "isMultiSelect": flag,
            "placeholder": text,
            "wrap": flag,
        },
        _either_kind,
        _chosen,
    ),
}
field: Check = tagged(INPUTS)
