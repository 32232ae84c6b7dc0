"""The card as a whole: what only all of it together shows."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.rules import Check, Faults, flag, many, matching, shape, string, tagged
from bot.sandbox.teams.cards.actions import row
from bot.sandbox.teams.cards.elements import element
from bot.sandbox.teams.cards.parts import anything, mapping, pixels, style, text, vertical, word

Json = dict[str, Any]
USER_IDS = 60
_person = shape({"id": text, "name": string(1)}, {})
_mention = tagged({"mention": shape({"text": matching(r"<at>.+</at>", "must be words in <at></at>"), "mentioned": _person})})
_top: dict[str, Check] = {
    "$schema": string(),
    "body": many(element),
    "actions": row,
    "fallbackText": string(),
    "speak": string(),
    "lang": string(2),
    "rtl": flag,
    "minHeight": pixels,
    "style": style,
    "backgroundImage": anything,
    "verticalContentAlignment": vertical,
    "selectAction": anything,
    "metadata": shape({}, {"webUrl": text}),
    "refresh": shape({"action": mapping}, {"userIds": many(text, 0, USER_IDS)}),
    "authentication": mapping,
    "msteams": shape({}, {"width": word("Full"), "entities": many(_mention)}),
    "id": text,
    "isVisible": flag,
    "requires": mapping,
}
_version = matching(r"1\.[0-5]", "must be 1.0 to 1.5")
WHOLE = tagged({"AdaptiveCard": shape({"version": _version}, _top)})


def card_faults(card: Any, known: Callable[[str], bool] = bool, path: str = "") -> list[str]:
    """What is wrong with a card; `known` says whether somebody has the id of a mention."""
    faults = Faults()
    WHOLE(card, path, faults)
    if not faults.messages:
        _ids(card, path, faults)
        _versions(card, path, faults)
        _mentions(card, known, path, faults)
        _refresh(card, path, faults)
    return faults.messages


def objects(thing: Any) -> Iterator[Json]:
    """All objects inside with a type, from the top down; data of actions and alternatives for older clients are not looked into."""
    if isinstance(thing, list):
        for one in thing:
            yield from objects(one)
    elif isinstance(thing, dict):
        if "type" in thing:
            yield thing
        for name, inner in thing.items():
            if name not in ("data", "fallback", "msteams", "refresh"):
                yield from objects(inner)


def _ids(card: Json, path: str, faults: Faults) -> None:
    seen: set[str] = set()
    for one in objects(card):
        if "id" in one and one["id"] in seen:
            faults.add(path, f"the id {one['id']!r} is used twice")
        seen.add(one.get("id", ""))


def _versions(card: Json, path: str, faults: Faults) -> None:
    """Action.Execute and refresh came with 1.4."""
    new = "refresh" in card or any(one["type"] == "Action.Execute" for one in objects(card))
    if new and float(card["version"]) < 1.4:
        faults.add(f"{path}/version", "Action.Execute and refresh need version 1.4")


def _mentions(card: Json, known: Callable[[str], bool], path: str, faults: Faults) -> None:
    """Each mention's text stands in a TextBlock or a fact, each `<at>` there is a mention's, and somebody has its id."""
    entities = card.get("msteams", {}).get("entities", [])
    words = "\n".join(_marked(card))
    for index, one in enumerate(entities):
        where = f"{path}/msteams/entities/{index}"
        if one["text"] not in words:
            faults.add(where, "the text of a mention must stand in the card")
        if not known(one["mentioned"]["id"]):
            faults.add(where, "the mentioned id is not known in this tenant")
    texts = {one["text"] for one in entities}
    for found in re.findall(r"<at>.*?</at>", words, re.DOTALL):
        if found not in texts:
            faults.add(path, f"no entity says whom {found} mentions")


def _marked(card: Json) -> Iterator[str]:
    for one in objects(card):
        if one["type"] == "TextBlock":
            yield one["text"]
        elif one["type"] == "FactSet":
            yield from (fact["value"] for fact in one["facts"])


def _refresh(card: Json, path: str, faults: Faults) -> None:
    if "refresh" in card:
        asked = card["refresh"]["action"]
        if asked.get("type") != "Action.Execute" or not isinstance(asked.get("verb"), str) or not asked["verb"]:
            faults.add(f"{path}/refresh/action", "must be an Action.Execute with a verb")
