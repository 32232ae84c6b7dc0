"""Ordinary words that are one letter away from a term of the word lists: they are taken as they stand and never corrected."""

from __future__ import annotations

from handlers.understanding.tokens import stem

_WORDS = """header stream insert inserting thread prevent certain inspect terminate attach protect latter letter identify pointer
    painter sprinter safely overhead evaluate forget presence slower portable cancel market marketing deadlock compose
    contrast inject profit driven resort dancer clearer unload explore exploring poison winner employer employ preset
    entrant stronger smarter beaker nation protector expert dagger breath breathe bender leather weather heather rather
    gather lather ladder border wonder render gender tender charter changer silence supplied vocation location holder
    senior censor injure injured manger severe severely rotter roster boilerplate pipeline approximately better butter
    bitter matter mother father planet planer cheaper signal signalling streamer counter country county person season
    reason lesson listen pleased please pleasant present presently pretend portal portion possible possibly potion
    notion option motion mention merely merry finger singer linger hunger anger former format farmer winter writer
    waiter water wander under"""

ORDINARY = frozenset(stem(word) for word in _WORDS.split())
"""The stems of those words."""
