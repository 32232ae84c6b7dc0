"""All that the desk answers to: the features put together."""

from __future__ import annotations

from handlers import help as help_
from handlers.care import use as care
from handlers.files import routes as files
from handlers.frozen import replace
from handlers.listening import kept as listening
from handlers.notices import use as notices
from handlers.redraw import redraw
from handlers.registry import Routes, merged
from handlers.responsibility import use as responsibility
from handlers.tickets import routes as tickets


def _all() -> Routes:
    return ROUTES


_FEATURES = merged((tickets.ROUTES, files.ROUTES, notices.ROUTES, help_.ROUTES, care.ROUTES, responsibility.ROUTES, listening.routes(_all)))
_REDRAWN = {"redraw": redraw(_FEATURES.letters)}
_CHANGES = {name: {**_FEATURES.events.get(name, {}), **_REDRAWN} for name in ("ticket.changed", "comment.changed", "comment.filed")}
ROUTES = replace(_FEATURES, events={**_FEATURES.events, **_CHANGES})
