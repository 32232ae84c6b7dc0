"""Which workspaces have installed us, and with which token we speak there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Installation:
    """Our app in one workspace (or, installed for a whole enterprise, there). `workspace`: Slack's team or enterprise id."""

    workspace: str
    token: str = field(repr=False)
    bot_user: str = ""
    bot: str = ""


class Installations(Protocol):
    """Looked up for every request, so an implementation keeps what it found for a while."""

    async def find(self, workspace: str) -> Installation | None: ...


class Fixed:
    """Installations that the settings name: what a company needs that made its own Slack app."""

    def __init__(self, *installations: Installation) -> None:
        self._by_workspace = {one.workspace: one for one in installations}

    async def find(self, workspace: str) -> Installation | None:
        return self._by_workspace.get(workspace)
