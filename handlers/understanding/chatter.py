"""Whether words that nobody asked for are a new report: small talk, answers and questions about a ticket are none."""

from __future__ import annotations

import re

from handlers.understanding.categorizer import THRESHOLD
from handlers.understanding.consent import yes
from handlers.understanding.kinds import troubles, wishes
from handlers.understanding.tokens import plain, tokens, words_of

_SMALL_TALK = words_of(
    """hi hello hey hiya yo good morning afternoon evening day night bye goodbye see you later soon ciao welcome thanks thank thx ty
    cheers much so very many appreciated
    appreciate it that great nice cool awesome perfect super wonderful lovely brilliant excellent amazing work job well done ok okay
    sure fine yes no maybe lol haha hahaha hehe
    sorry oops my bad how are u is going whats up sup doing today there everyone all team folks desk deskbell bot guys mate friend a
    the for your help and to too again have
    weekend happy birthday congrats congratulations monday friday will do got noted understood alright never mind nevermind forget
    ignore test testing ping hmm
    wow oh ah what who this i im am on way back lunch brb be in please wait moment sec second minute just one hope"""
)
_ABOUT_TICKET = re.compile(
    r"#\d+\b|\b(?:my|the|that|this|our|his|her) (?:ticket|tickets|request|report|issue|case)\b|\bticket (?:number )?\d+\b|"
    r"\b(?:any|is there|are there|whats the) (?:news|update|updates|progress|word|status)\b|\bstatus (?:of|on|update)\b|\bwhere "
    r"is (?:my|the|our) (?:ticket|request|order)\b|"
    r"\bwhen (?:will|is|are|does|do|can|would) (?:it|this|that|someone|somebody|he|she|they|the (?:electrician|technician|plumber|"
    r"vendor|repair|guy|man|woman))\b|"
    r"\b(?:is|was|has|did|will) (?:it|this|that|somebody|someone|anybody|anyone|he|she|they)\b.*\?|\bwho (?:is|has|will|took|"
    r"takes)\b.*\?|\bhow long\b|\bwhat(?:s| is) (?:happening|going on|the status)\b"
)
_FOLLOWS = re.compile(
    r"(?:(?:and|but|also|so|because|well|now|ok|oh|btw)\b[ ,]*)*"
    r"(?:(?:it|its|that is|thats|he|she|they|still|same|yes|yeah|yep|nope|ok|okay|no it|no its)\b|no,)"
)
_WEATHER = re.compile(
    r"its? (?:is |was )*(?:so |too |very |really |far too |absolutely |like )*"
    r"(?:a sauna|an oven|a fridge|cold|hot|warm|freezing|dark|stuffy|loud|noisy|boiling|\d+ degrees)\b"
)
_SOMEWHERE = re.compile(r"(?:in|at|on|above|under|below|near|by|behind|beside|next to|opposite|outside|inside|between|around)\b")
_ASKS = re.compile(
    r"(?:(?:hi|hello|hey|so|and|sorry|please|quick question)\b[ ,!:.]*)*(?:what|when|who|where|which|does|do|did|is|are|was|were|"
    r"has|have|will)\b"
)
_POLITE_START = re.compile(
    r"(?:(?:hi|hello|hey|good morning|good afternoon|morning|dear|sorry|thanks|ok|also|btw|and)\b[ \w]{0,12}?[,!.:;]+ *)+"
)

_TELLING = 4


def report_like(text: str, sure: float) -> bool:
    """Whether a text reads as something to be opened as a ticket. `sure` is how sure the likeliest category is (0: none fits)."""
    said = _POLITE_START.sub("", plain(text).strip())
    words = tokens(said)
    if not words or set(words) <= _SMALL_TALK or yes(text) is not None or _ABOUT_TICKET.search(said) or _follows(said):
        return False
    wrong, asked = troubles(said), wishes(said)
    if _ASKS.match(said) and not wrong and not asked:
        return False
    if wrong or asked:
        return sure > 0 or len(words) >= _TELLING
    return sure >= THRESHOLD and len(words) >= _TELLING and not _SOMEWHERE.match(said)


def _follows(said: str) -> bool:
    """Whether it goes on about something said before ("it also hums"). "It is cold in here" does not: that "it" is nothing in
    particular."""
    return bool(_FOLLOWS.match(said)) and not _WEATHER.match(said)
