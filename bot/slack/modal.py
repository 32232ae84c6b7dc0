"""An open modal, as Slack names it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Modal:
    """`hash` changes with every change of the modal; "" where it does not matter."""

    id: str
    hash: str = ""
