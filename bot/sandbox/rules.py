"""The grammar in which the shapes of Block Kit and of Adaptive Cards are written: small checks that are put together."""

import re
from collections.abc import Callable, Mapping
from typing import Any


class Faults:
    """What was found wrong, in the words that Slack uses: `[ERROR] must be less than 76 characters [json-pointer:/blocks/0/text]`."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, path: str, sentence: str) -> None:
        """Note one fault at a JSON pointer."""
        self.messages.append(f"[ERROR] {sentence} [json-pointer:{path}]")


Check = Callable[[Any, str, Faults], None]


def string(low: int = 0, high: int | None = None) -> Check:
    """A text of `low` to `high` characters."""

    def check(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, str):
            faults.add(path, "must be a string")
        elif len(value) < low:
            faults.add(path, f"must be more than {low - 1} characters")
        elif high is not None and len(value) > high:
            faults.add(path, f"must be less than {high + 1} characters")

    return check


def matching(pattern: str, sentence: str, high: int = 3000) -> Check:
    """A text of a certain form."""

    def check(value: Any, path: str, faults: Faults) -> None:
        before = len(faults.messages)
        string(1, high)(value, path, faults)
        if len(faults.messages) == before and not re.fullmatch(pattern, value):
            faults.add(path, sentence)

    return check


def flag(value: Any, path: str, faults: Faults) -> None:
    """True or false."""
    if not isinstance(value, bool):
        faults.add(path, "must be a boolean")


def number(low: float | None = None, high: float | None = None) -> Check:
    """A number between `low` and `high`, both included."""

    def check(value: Any, path: str, faults: Faults) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            faults.add(path, "must be a number")
        elif low is not None and value < low:
            faults.add(path, f"must be at least {low}")
        elif high is not None and value > high:
            faults.add(path, f"must be at most {high}")

    return check


def one_of(*allowed: Any) -> Check:
    """One of a few values."""

    def check(value: Any, path: str, faults: Faults) -> None:
        if value not in allowed:
            faults.add(path, f"value must be one of: {', '.join(map(str, allowed))}")

    return check


def many(check_item: Check, low: int = 0, high: int | None = None) -> Check:
    """A list of `low` to `high` items."""

    def check(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, list):
            return faults.add(path, "must be an array")
        if len(value) < low:
            faults.add(path, f"no fewer than {low} items allowed")
        if high is not None and len(value) > high:
            faults.add(path, f"no more than {high} items allowed")
        for index, item in enumerate(value):
            check_item(item, f"{path}/{index}", faults)
        return None

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check) -> Check:
    """An object with these fields and no others; `rules` look at the object as a whole when its fields are right."""
    known = {**required, **(optional or {})}

    def check(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            return faults.add(path, "must provide an object")
        before = len(faults.messages)
        for name in required:
            if name not in value:
                faults.add(path, f"missing required field: {name}")
        for name, inner in value.items():
            if name in known:
                known[name](inner, f"{path}/{name}", faults)
            else:
                faults.add(path, f"invalid additional property: {name}")
        if len(faults.messages) == before:
            for rule in rules:
                rule(value, path, faults)
        return None

    return check


def tagged(cases: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check it must pass."""

    def check(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.add(path, "must provide an object")
        elif "type" not in value:
            faults.add(path, "missing required field: type")
        elif value["type"] not in cases:
            faults.add(f"{path}/type", f"unsupported type: {value['type']}")
        else:
            cases[value["type"]]({name: inner for name, inner in value.items() if name != "type"}, path, faults)

    return check


def exactly_one(*names: str) -> Check:
    """A rule: one of these fields is there, and only one."""

    def check(value: Any, path: str, faults: Faults) -> None:
        if sum(name in value for name in names) != 1:
            faults.add(path, f"must provide exactly one of: {', '.join(names)}")

    return check


def at_least_one(*names: str) -> Check:
    """A rule: one of these fields is there, or more."""

    def check(value: Any, path: str, faults: Faults) -> None:
        if not any(name in value for name in names):
            faults.add(path, f"missing required field: {' or '.join(names)}")

    return check
