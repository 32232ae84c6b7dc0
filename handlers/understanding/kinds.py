"""Problem or wish: something that worked and does not any more is an incident, something to be done or given is a request."""

from __future__ import annotations

import re
from typing import Literal

from handlers.understanding.tokens import plain, stem, tokens

Guessed = Literal["incident", "request"]


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


_TROUBLE = _stems(
    """broken broke break fail failed failing failure error crash crashes crashed freeze frozen hang hung stuck jam jammed leak leaking
    leaks drip dripping flicker
    flickering dead down slow slowly stopped stops blocked clogged flood flooded burst cracked torn damaged missing wrong corrupt
    offline unreachable unusable
    unable cannot cant wont doesnt dont isnt arent didnt wasnt couldnt never refuses refused rejects loose noise noisy loud rattle
    rattles buzz buzzing squeak squeaks
    beep beeps smell smells stink stinks stinky smelly wobble wobbles wobbly dark cold freezing hot stuffy spam phishing virus hacked
    locked expired invalid
    overheats overheating disconnect disconnects drop drops dropped bounce bounces lost problem problems issue trouble fault faulty
    defect defective
    outage dirty filthy mess trips tripped tripping sparks spark smoke fire gas injured hurt blank faint streak streaks restarts shuts
    loops echo frozen
    harassing bullies stolen dangerous unsafe nothing nobody blinks blinking sinks sinking rusty scratched empty disappeared gone
    vanished useless
    malfunction overflowing puddle wet unbearable ants mice cockroaches died dies kaputt blown tripping warped collapsed""",
)
_WISH = _stems(
    """need want wish request please order buy purchase install add create grant give provide replace renew refill restock reset change
    move upgrade setup
    assemble book quote licence license subscription permit swap remove disable enable forward hang mount empty clean vacuum wipe mop
    approve reimburse invite onboard""",
)
_WISHES = re.compile(
    r"\b(?:can (?:i|we|you|someone|somebody|anyone)|could (?:i|we|you|someone|somebody)|may (?:i|we)|would like|id like|wed like|"
    r"would it be possible|is it possible|"
    r"need (?:a|an|to|more|new|some|another|access|\d+)|needs (?:a|an|access)|new (?:starter|hire|joiner|employee|intern)|set up|"
    r"how (?:do|can|many|much)|what is|when is|who (?:do|can)|"
    r"(?:ran|run|running|are) (?:low|out)|out of (?:coffee|milk|paper|tea|sugar|soap|toner|ink|stock)|no more|used up|low on|"
    r"running low|is low|access to|forgot|lost (?:my|the) [\w ]{0,16}(?:key|badge|card)|"
    r"sign up|get (?:me|us|a|an)|i want|looking for|question about|reset my|is (?:empty|out|gone)$|all gone|sick note|days? "
    r"(?:off|of leave))\b"
)
_NOTHING_WORKS = re.compile(r"\bnot? (?:work|power|hot|internet|wifi|signal|sound)")
_PLEASE = re.compile(r"^(?:please|pls|kindly|hi[,!]? please)\b|\bplease$")
_ASKED_FOR = frozenset(("office.supplies", "procurement", "hr"))


def incident_or_request(text: str, category: str = "") -> Guessed:
    """What a report most likely is. Requests are likelier in categories of errands (supplies, procurement, HR); in doubt it is an
    incident."""
    said = plain(text)
    stems = {stem(word) for word in tokens(text)}
    trouble = len(_TROUBLE & stems) + 2 * bool(_NOTHING_WORKS.search(said))
    wish = len(_WISH & stems) + 2 * len(_WISHES.findall(said)[:2]) + 2 * bool(_PLEASE.search(said))
    return "request" if wish > trouble or (category in _ASKED_FOR and wish >= trouble - 1) else "incident"


def troubles(text: str) -> bool:
    """Whether any word tells of something that is wrong."""
    return any(stem(word) in _TROUBLE for word in tokens(text)) or bool(re.search(r"\b(?:no|not|without|out of)\b", plain(text)))


def wishes(text: str) -> bool:
    """Whether anything is asked for."""
    return bool(_WISHES.search(plain(text)) or _PLEASE.search(plain(text)))
