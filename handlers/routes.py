"""All that the desk answers to: the features put together."""

from __future__ import annotations

from handlers import help as help_
from handlers.frozen import replace
from handlers.listening import use as listening
from handlers.notices import use as notices
from handlers.redraw import redraw
from handlers.registry import Routes, merged
from handlers.tickets import routes as tickets


def _all() -> Routes:
    return ROUTES


_FEATURES = merged((tickets.ROUTES, notices.ROUTES, help_.ROUTES, listening.routes(_all)))
_REDRAWN = {"redraw": redraw(_FEATURES.letters)}
_CHANGED = {name: {**_FEATURES.events.get(name, {}), **_REDRAWN} for name in ("ticket.changed", "comment.changed")}
ROUTES = replace(_FEATURES, events={**_FEATURES.events, **_CHANGED})
