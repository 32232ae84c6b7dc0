"""How much: of somebody's time in percent, and of money."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from handlers.understanding.tokens import plain

_LONGEST = 80

# ---------------------------------------------------------------- percent


def _split(sayings: str) -> list[str]:
    return sayings.split("|")


_SHARES = {
    0: "none|nothing|not at all|zero|no time|doesnt|it doesnt|does not|not affected|unaffected",
    10: "a little|a little bit|little|a bit|bit|slightly|slight|annoyed|annoying|just annoying|only annoying|hardly|"
    "barely|not much|not so much|not very much|minor|"
    "a nuisance|nuisance",
    25: "quarter|a quarter|one quarter|1/4|¼|1⁄4",
    33: "third|a third|one third|1/3|⅓|1⁄3",
    40: "slowed|slowed down|slow|slower|somewhat|quite a bit|noticeably|slows me down|it slows me down|medium|moderately|some",
    50: "half|a half|one half|half of it|1/2|½|1⁄2|fifty fifty|50/50|half my time|half the time|half the day|"
    "half of the time|half of my time|half my day",
    67: "two thirds|2/3|⅔|2⁄3",
    75: "three quarters|3/4|¾|3⁄4|mostly|most|most of it|most of the time|most of my time|almost completely",
    100: "blocked|fully blocked|completely blocked|totally blocked|completely|totally|fully|entirely|all|all of it|"
    "everything|all the time|full|full stop|whole day|"
    "the whole day|all day|i cant work|cant work|cannot work|cant work at all|cannot work at all|i cant work at all|i cannot "
    "work|i cannot work at all|"
    "cant do anything|i cant do anything|unable to work|stuck|stopped|blocks me|it blocks me|i am blocked|blocking|total",
}
_SHARE = {saying: percent for percent, sayings in _SHARES.items() for saying in sayings.split("|")}
_TENS = {word: (i + 1) * 10 for i, word in enumerate(_split("ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"))}
_HEDGES = re.compile(
    r"^(?:(?:im|i am|its|it is|that is|thats|id say|i would say|say|about|around|roughly|approximately|approx|ca|maybe|perhaps|"
    r"probably|only|just|like|by|circa|nearly|"
    r"almost|well|hm+|it slows me(?: down)?|it costs me|slows me(?: down)?|pretty|very|a|one)\b[\s,]*|[~≈]\s*)+"
)
_OF_WHAT = re.compile(
    r"\s*(?:(?:i think|i guess|of (?:my|the) (?:time|day|work|working time)|of it|slower|slowed|blocked|less productive|or so|i "
    r"would say|now|right now)\s*)+$"
)
_PERCENT = re.compile(r"(\d{1,3})(?:(?:[.,](\d{1,2}))? ?(?:%|percent|per cent|pct|prozent))?", re.ASCII)


def percent(text: str) -> int | None:
    """A share of time from 0 to 100: "40 %", "half", "blocked" (100), "slowed" (40), "a little" (10)."""
    said = _line(text)
    for words in (said, said.rstrip("."), _HEDGES.sub("", said)):
        found = _share(words.strip())
        if found is not None:
            return found
    return None


def _share(words: str) -> int | None:
    for shown in (words, _OF_WHAT.sub("", words)):
        found = _SHARE.get(shown)
        found = _spelled(shown) if found is None else found
        if found is not None:
            return found
    return None


def _spelled(words: str) -> int | None:
    number = re.sub(r" ?(?:%|percent|per cent|pct)$", "", words)
    if number in _TENS and number != words:
        return _TENS[number]
    found = _PERCENT.fullmatch(words)
    if found is None:
        return None
    share = Decimal(f"{found[1]}.{found[2] or 0}").quantize(Decimal(1), ROUND_HALF_UP)
    return int(share) if share <= 100 else None


# ---------------------------------------------------------------- money

_CURRENCY = (
    r"(?:us\$|a\$|c\$|[$€£¥₹₽₺]|(?:us |canadian |australian )?dollars?|bucks?|quid|euros?|pounds?(?: sterling)?|francs?|kronor|"
    r"kroner|yen|rupees?|zloty|"
    r"usd|eur|gbp|chf|jpy|cad|aud|nzd|sek|nok|dkk|pln|czk|inr|brl|mxn|zar|huf|ron|bgn|try|ils|sgd|hkd|cny)"
)
_AROUND = (
    r"(?:about|around|roughly|approximately|approx\.?|ca\.?|circa|maybe|perhaps|some|up to|at most|max\.?|maximum|"
    r"not more than|no more than|under|below|less than|~|≈|its|it is|it costs|costs|cost|total|in total|sum|amount|estimated|"
    r"estimate|probably|nearly|almost|say|i think)"
)
_AFTER = (
    r"(?:in total|total|altogether|or so|all in|i think|maybe|max|maximum|at most|each time|once|net|gross|please|"
    r"incl(?:uding)? (?:vat|tax)|excl(?:uding)? (?:vat|tax)|plus (?:vat|tax))"
)
_MONEY = re.compile(
    rf"(?:{_AROUND}[\s:]*)*(?:{_CURRENCY}\s*)?(?P<number>\d[\d.,' ]*)(?P<round>[.,]\s?[-–—]+)?\s?(?P<thousand>k\b|thousand\b|"
    rf"grand\b)?(?:\s*{_CURRENCY})?(?:[\s,]+{_AFTER})*[.!]?",
    re.ASCII,
)
_GROUPED = {
    "plain": re.compile(r"\d{1,12}(?:[.,]\d{1,2})?", re.ASCII),
    ",": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,2})?", re.ASCII),
    ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?", re.ASCII),
    " ": re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d{1,2})?", re.ASCII),
    "'": re.compile(r"[1-9]\d{0,2}(?:'\d{3})+(?:[.,]\d{1,2})?", re.ASCII),
}
_FREE = frozenset(_split("free|for free|its free|it is free|free of charge|nothing|no cost|no costs|zero|costs nothing|it costs nothing"))
_MOST = Decimal("999999999999.99")


def money(text: str) -> str | None:
    """An amount as a decimal with a point: "1234.50" for "1.234,50", "$1,234.50" and "1 234,50 EUR"; "200" for "about 200 bucks".

    A single separator before three digits is taken as thousands, since money has no third decimal. The currency is not kept: amounts are in
    the office's. Ranges, sums, rates ("50 per hour") and negative amounts are not understood.
    """
    said = _line(text, apostrophes=True)
    if said.rstrip(".!") in _FREE:
        return "0"
    found = _MONEY.fullmatch(said)
    if found is None:
        return None
    number = found["number"].strip().rstrip(".,' ") if found["round"] else found["number"].strip()
    amount = _amount(number.rstrip(".") if found["thousand"] is None else number)
    if amount is None:
        return None
    amount = amount * 1000 if found["thousand"] else amount
    return _canonical(amount) if amount <= _MOST else None


def _amount(number: str) -> Decimal | None:
    for mark, form in _GROUPED.items():
        if form.fullmatch(number):
            digits = number if mark == "plain" else number.replace(mark, "")
            return Decimal(digits.replace(",", "."))
    return None


def _canonical(amount: Decimal) -> str:
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def _line(text: str, apostrophes: bool = False) -> str:
    """One line in plain spelling; too long a text is no amount. Apostrophes group digits in Switzerland."""
    if len(text) > _LONGEST:
        return ""
    kept = re.sub(r"(?<=\d)['’‘`´](?=\d)", "\u0001", text) if apostrophes else text
    return " ".join(plain(kept).replace("\u0001", "'").split()).rstrip("!")
