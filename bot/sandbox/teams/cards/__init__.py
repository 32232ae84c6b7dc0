"""A strict checker of Adaptive Cards as Teams draws them: version 1.5 with Teams' own additions (adaptivecards.microsoft.com).

`card_faults(card, known)` returns what is wrong, an empty list if nothing is. It is stricter than the published schema where the client
draws nothing, or something else than was meant: missing texts and ids, ids twice, too many buttons in a row, mentions that do not fit.
"""

from bot.sandbox.teams.cards.whole import card_faults

__all__ = ["card_faults"]
