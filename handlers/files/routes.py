"""The names that files answer to."""

from __future__ import annotations

from handlers.files import copy, drop, hand, keep, picture
from handlers.files.cards import GET
from handlers.registry import Routes

ROUTES = Routes(
    events={
        "file.attached": {"files.fetched": keep.fetched},
        "ticket.emptied": {"files.emptied": drop.emptied},
        "words.removed": {"files.removed": drop.removed},
        "file.gone": {"files.dropped": drop.dropped},
        "ticket.filed": {"files.copied": copy.copied},
        "comment.filed": {"files.copied": copy.copied},
        "comment.copied": {"files.copied": copy.copied},
    },
    timers={picture.WANTED: picture.wanted, picture.UPLOADED: picture.uploaded},
    views={copy.COPY: copy.copy, hand.HANDED: hand.handed_to},
    presses={GET: hand.get},
)
