"""What fields of a form begin with, the same in every chat that has forms."""

from __future__ import annotations

import re

from handlers.forms import Field, Option
from handlers.words import say

RATED, STEPS = 5, 10
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def scale(field: Field) -> tuple[Option, ...]:
    """1 to 5, said what they mean at both ends, unless the field brings its own scale of up to ten."""
    ends = {1: say("1 (bad)"), RATED: say("5 (very good)")}
    return field.options[:STEPS] or tuple(Option(str(n), ends.get(n, say("{n}", n=n))) for n in range(1, RATED + 1))


def first_value(field: Field) -> str:
    """The value that a field with one value begins with."""
    return field.initial if isinstance(field.initial, str) else next(iter(field.initial), "")


def first_values(field: Field) -> tuple[str, ...]:
    """Those that a field with several values begins with."""
    return ((field.initial,) if field.initial else ()) if isinstance(field.initial, str) else field.initial
