"""The closed lists of a policy: words that have a meaning to the program, and codes that standards define."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

import holidays
from holidays.registry import EntityLoader

from handlers.core import Priority

PRIORITIES = tuple(priority.value for priority in Priority)
ROLES = ("executive", "administrator", "vcio")
FIELD_KINDS = ("text", "long", "choice", "choices", "people", "date", "time", "number", "money", "rating", "file")
AFTERWARDS = ("next", "remind", "approve", "decline")
"""What happens to an approval step that nobody answered in time."""

ANSWER_FIELDS = ("number", "title", "spot", "requester", "me", "office")
"""What a saved answer may name in braces, besides the keys of the office's own fields; `me` is who answers with it, `spot` the place."""

SERVICE_AREAS = tuple(
    f"{area}-{number:02d}"
    for area, numbers in {
        "CONT": range(1, 5),
        "COMP": range(5, 9),
        "CHRG": range(9, 12),
        "CONS": range(12, 15),
        "CTRL": range(15, 19),
        "CLER": range(19, 24),
        "COST": range(24, 28),
    }.items()
    for number in numbers
)
"""The 27 service areas of the 7C assessment."""

# ISO 4217, the currencies in circulation.
_IN_CIRCULATION = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC
CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD
JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_IN_CIRCULATION.split())


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def countries() -> frozenset[str]:
    """ISO 3166 countries whose public holidays are known. Asked by name: what is in each takes half a second to import."""
    return frozenset(EntityLoader.get_country_codes())


def subdivisions(country: str) -> frozenset[str]:
    """The parts of a country that have public holidays of their own; none of one that is not known."""
    return frozenset(getattr(holidays, country).subdivisions) if country in countries() else frozenset()
