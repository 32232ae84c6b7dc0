"""What Teams takes of an app's manifest: a sentence for each thing that is too long or too many, before an upload fails.

The numbers are those of the published schema of manifest 1.29: https://learn.microsoft.com/microsoft-365/extensibility/schema/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.teams.registration import GUID

Json = dict[str, Any]

VERSION = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
TEXTS: tuple[tuple[str, int], ...] = (
    ("version", 256),
    ("name.short", 30),
    ("name.full", 100),
    ("description.short", 80),
    ("description.full", 4000),
    ("developer.name", 32),
    ("developer.websiteUrl", 2048),
    ("developer.privacyUrl", 2048),
    ("developer.termsOfUseUrl", 2048),
    ("webApplicationInfo.resource", 2048),
    ("validDomains[]", 2048),
    ("bots[].commandLists[].commands[].title", 128),
    ("bots[].commandLists[].commands[].description", 4000),
    ("composeExtensions[].commands[].id", 64),
    ("composeExtensions[].messageHandlers[].value.domains[]", 2048),
    ("composeExtensions[].commands[].title", 32),
    ("composeExtensions[].commands[].description", 128),
    ("composeExtensions[].commands[].parameters[].name", 64),
    ("composeExtensions[].commands[].parameters[].title", 32),
    ("composeExtensions[].commands[].parameters[].description", 128),
    ("authorization.permissions.resourceSpecific[].name", 128),
)
"""Where a text stands ("[]": in each entry of a list), and how many characters it may have. None may be empty."""
LISTS: tuple[tuple[str, int], ...] = (
    ("bots", 1),
    ("bots[].commandLists", 3),
    ("bots[].commandLists[].commands", 12),
    ("composeExtensions", 1),
    ("composeExtensions[].commands", 10),
    ("composeExtensions[].commands[].parameters", 5),
    ("composeExtensions[].messageHandlers", 5),
    ("validDomains", 100),
    ("authorization.permissions.resourceSpecific", 16),
)
"""Where a list stands, and how many entries it may have."""
GUIDS = ("id", "bots[].botId", "composeExtensions[].botId", "webApplicationInfo.id")
ADDRESSES = ("developer.websiteUrl", "developer.privacyUrl", "developer.termsOfUseUrl")
VITAL = ("version", "name.short", "description.short", "description.full", "developer.name", *ADDRESSES, "id", "bots[].botId")
"""What has to be there at all."""


def mistakes(document: Json) -> list[str]:
    """A sentence for each thing in a manifest that Teams would refuse; empty if it takes it."""
    return [*_missing(document), *_lengths(document), *_counts(document), *_forms(document)]


def _missing(document: Json) -> Iterator[str]:
    for where in VITAL:
        if not any(isinstance(value, str) for value in at(document, where)):
            yield f"{where} is missing, and Teams asks for it."


def _lengths(document: Json) -> Iterator[str]:
    for where, longest in TEXTS:
        for value in at(document, where):
            if not isinstance(value, str) or not value.strip():
                yield f"{where} is empty; Teams wants 1 to {longest} characters there."
            elif len(value) > longest:
                yield f"{where} has {len(value)} characters, and Teams takes {longest}: {value[:40]}…"


def _counts(document: Json) -> Iterator[str]:
    for where, most in LISTS:
        for value in at(document, where):
            if isinstance(value, list) and len(value) > most:
                yield f"{where} has {len(value)} entries, and Teams takes {most}."


def _forms(document: Json) -> Iterator[str]:
    for where in GUIDS:
        yield from (f"{where} has to be the id of an app, and is {value}." for value in at(document, where) if not _is(GUID, value))
    for where in ADDRESSES:
        for value in at(document, where):
            if not str(value).startswith("https://"):
                yield f"{where} has to begin with https://, and is {value}."
    for value in at(document, "version"):
        if not _is(VERSION, value):
            yield f"version has to be three numbers such as 1.4.0, and is {value}."
    for value in at(document, "accentColor"):
        if not _is(COLOUR, value):
            yield f"accentColor has to be a colour such as #1f4e5f, and is {value}."


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value.lower()) is not None


def at(document: Json, where: str) -> Iterator[Any]:
    """All that stands at a place, such as `bots[].botId`; nothing where it is not there."""
    found: list[Any] = [document]
    for step in where.split("."):
        name, each = step.removesuffix("[]"), step.endswith("[]")
        found = [one[name] for one in found if isinstance(one, dict) and name in one]
        if each:
            found = [entry for one in found if isinstance(one, list) for entry in one]
    yield from found
