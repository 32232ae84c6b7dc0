"""What an examination finds: a line each, with what to do where something is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` was examined; the sentence says how it is, and what to do if it is not ok."""

    level: Level
    what: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.level.ljust(4)}  {self.what}: {self.sentence}"
