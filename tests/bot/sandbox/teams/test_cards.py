"""Our checker of Adaptive Cards: each mistake that it must find, and agreement with the schema that Microsoft publishes."""

import copy
import functools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.sandbox.teams.cards import card_faults
from tests.bot.sandbox.teams.conftest import card, execute, fetch, row, submit

Json = dict[str, Any]
SCHEMAS = Path(__file__).resolve().parents[4].parent / "shared" / "schemas"
ANA = "5a0db0c5-7e40-4e5b-8a2c-00000000c001"


@functools.cache
def published() -> Any:
    path = SCHEMAS / "adaptivecards" / "teams-cards.schema.2025-04.patched.json"
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the checkout")
    return jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8-sig")))


def mention(name: str, who: str = ANA) -> Json:
    return {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": who, "name": name}}


def text(words: str, **more: Any) -> Json:
    return {"type": "TextBlock", "text": words, **more}


def field(kind: str, **more: Any) -> Json:
    return {"type": f"Input.{kind}", "id": "f", **more}


def choices(*values: str, **more: Any) -> Json:
    return field("ChoiceSet", choices=[{"title": one.title(), "value": one} for one in values], **more)


TABLE = {
    "type": "Table",
    "columns": [{"width": 1}, {"width": "80px"}],
    "rows": [{"type": "TableRow", "cells": [{"type": "TableCell", "items": [text("a")]}, {"type": "TableCell", "items": []}]}],
}
GOOD = {
    "nothing": card(),
    "words": card(text("x", wrap=True, size="Large", weight="Bolder", color="Attention", style="heading", isSubtle=True, maxLines=2)),
    "capitals": card(text("x", weight="bolder", color="good", spacing="none")),
    "runs": card(
        {"type": "RichTextBlock", "inlines": ["plain", {"type": "TextRun", "text": "x", "italic": True, "fontType": "Monospace"}]}
    ),
    "facts": card({"type": "FactSet", "facts": [{"title": "a", "value": "b"}]}),
    "columns": card(
        {"type": "ColumnSet", "columns": [{"type": "Column", "width": "auto", "items": [text("x")]}, {"type": "Column", "width": 2}]}
    ),
    "container": card({"type": "Container", "style": "emphasis", "bleed": True, "items": [text("x")], "selectAction": execute("x")}),
    "picture": card(
        {"type": "Image", "url": "https://example.com/x.png", "altText": "x", "size": "Medium", "msteams": {"allowExpand": True}}
    ),
    "table": card(TABLE),
    "icon and code": card({"type": "Icon", "name": "Alert"}, {"type": "CodeBlock", "codeSnippet": "x", "language": "Python"}),
    "buttons": card(row(execute("Go", style="positive", fallback=submit("Go")), fetch("Open", mode="secondary"))),
    "six and more behind dots": card(row(*(execute(f"{n}") for n in range(6)), execute("more", mode="secondary"))),
    "link": card(actions=[{"type": "Action.OpenUrl", "title": "x", "url": "https://example.com"}]),
    "toggle": card(text("x", id="t"), row({"type": "Action.ToggleVisibility", "title": "x", "targetElements": ["t"]})),
    "fields": card(field("Text", label="x", maxLength=5, isMultiline=True), field("Number", min=1, max=5, value=3) | {"id": "n"}),
    "choices": card(choices("a", "b", value="a,b", isMultiSelect=True, style="expanded")),
    "people": card(field("ChoiceSet", choices=[], **{"choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}})),
    "times": card(field("Date", value="2026-01-31"), field("Time", value="08:30") | {"id": "t"}, field("Toggle", title="x") | {"id": "b"}),
    "required": card(field("Rating", max=5, isRequired=True, errorMessage="Choose")),
    "mention": card(text("<at>Ana</at> look"), msteams={"width": "Full", "entities": [mention("Ana")]}),
    "refresh": card("x", refresh={"action": execute("x"), "userIds": [ANA]}),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_right(name: str) -> None:
    assert card_faults(GOOD[name]) == []


@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_is_so_for_the_published_schema(name: str) -> None:
    assert [one.message for one in published().iter_errors(GOOD[name])] == []


BOTH = {
    "no object": ["x"],
    "no type": {"version": "1.5"},
    "another type": {"type": "Message", "version": "1.5"},
    "unknown version": card(version="2.0"),
    "unknown property": card(colour="red"),
    "unknown element": card({"type": "Video", "url": "https://example.com"}),
    "unknown property of an element": card(text("x", colour="red")),
    "wrong word": card(text("x", weight="Heavy")),
    "wrong colour": card(text("x", color="Red")),
    "wrong type of a property": card(text("x", wrap="yes")),
    "text that is none": card({"type": "TextBlock", "text": 1}),
    "body that is no list": card(body={}),
    "facts that are none": card({"type": "FactSet", "facts": ["a"]}),
    "unknown action": card(row({"type": "Action.Http", "title": "x"})),
    "action in the body": card(execute("x")),
    "element among actions": card(actions=[text("x")]),
    "style of a button": card(row(execute("x", style="primary"))),
    "mode of a button": card(row(execute("x", mode="tertiary"))),
    "verb that is no text": card(row(execute("x", verb=1))),
    "choices that are none": card(field("ChoiceSet", choices=["a"])),
    "unknown field": card(field("File")),
    "value of a number": card(field("Number", value="3")),
    "column outside": card({"type": "Column", "items": []}),
    "width of a column": card({"type": "ColumnSet", "columns": [{"type": "Column", "width": "80%"}]}),
    "unknown run": card({"type": "RichTextBlock", "inlines": [{"type": "TextBlock", "text": "x"}]}),
    "style of a container": card({"type": "Container", "items": [], "style": "danger"}),
    "msteams": card(msteams={"size": "Full"}),
    "mention without its type": card(text("<at>Ana</at>"), msteams={"entities": [{"text": "<at>Ana</at>", "mentioned": {"id": ANA}}]}),
    "refresh that is none": card(refresh={"action": "x"}),
}


@pytest.mark.parametrize("name", BOTH)
def test_what_is_wrong(name: str) -> None:
    assert card_faults(BOTH[name])


@pytest.mark.parametrize("name", BOTH)
def test_what_is_wrong_is_so_for_the_published_schema(name: str) -> None:
    assert list(published().iter_errors(BOTH[name]))


OURS = {
    "no version": ({"type": "AdaptiveCard"}, "version"),
    "a version that Teams does not draw": (card(version="1.6"), "1.0 to 1.5"),
    "buttons of a later version": (card(row(execute("x")), version="1.3"), "1.4"),
    "no text": (card({"type": "TextBlock"}), "text"),
    "no items": (card({"type": "Container"}), "items"),
    "no inlines": (card({"type": "RichTextBlock", "inlines": []}), "inlines"),
    "an empty row": (card(row()), "actions"),
    "no title": (card(row({"type": "Action.Execute", "verb": "x"})), "title"),
    "no verb": (card(row({"type": "Action.Execute", "title": "x"})), "verb"),
    "an empty verb": (card(row(execute("x", verb=""))), "verb"),
    "seven buttons": (card(row(*(execute(str(n)) for n in range(7)))), "no more than 6"),
    "seven buttons of the card": (card(actions=[execute(str(n)) for n in range(7)]), "no more than 6"),
    "a link to a script": (card(row({"type": "Action.OpenUrl", "title": "x", "url": "javascript:alert(1)"})), "web address"),
    "a picture from a disk": (card({"type": "Image", "url": "file:///x.png"}), "web address"),
    "an unknown request to the client": (card(row(submit("x", msteams={"type": "task/open"}))), "task/fetch"),
    "no id": (card({"type": "Input.Text"}), "id"),
    "an id twice": (card(field("Text"), field("Number")), "twice"),
    "an id twice, far apart": (card(text("x", id="f"), {"type": "Container", "items": [field("Text")]}), "twice"),
    "required without a sentence": (card(field("Text", isRequired=True)), "errorMessage"),
    "a day that is none": (card(field("Date", value="31.1.2026")), "date"),
    "nothing to choose": (card(field("ChoiceSet")), "choices"),
    "a choice twice": (card(choices("a", "a")), "same value"),
    "a value that is not offered": (card(choices("a", value="b")), "one of the choices"),
    "two values of one choice": (card(choices("a", "b", value="a,b")), "multi-select"),
    "a mention of nobody": (card(text("<at>Ana</at>")), "no entity"),
    "a mention in no text": (card(text("Ana"), msteams={"entities": [mention("Ana")]}), "must stand in the card"),
    "a mention in runs": (
        card({"type": "RichTextBlock", "inlines": ["<at>Ana</at>"]}, msteams={"entities": [mention("Ana")]}),
        "must stand in the card",
    ),
    "a mention of a stranger": (card(text("<at>Eve</at>"), msteams={"entities": [mention("Eve", "unknown")]}), "not known"),
    "a refresh without a verb": (card(refresh={"action": {"type": "Action.Execute"}}), "verb"),
    "a refresh by another action": (card(refresh={"action": submit("x")}), "Action.Execute"),
    "a refresh for too many": (card(refresh={"action": execute("x"), "userIds": [str(n) for n in range(61)]}), "60"),
}


@pytest.mark.parametrize("name", OURS)
def test_what_the_client_would_not_draw_as_it_was_meant(name: str) -> None:
    wrong, sentence = OURS[name]
    assert any(sentence in one for one in card_faults(wrong, lambda who: who == ANA)), card_faults(wrong, lambda who: who == ANA)


def test_each_mistake_is_named_with_its_place() -> None:
    wrong = card(text("x"), row(execute("x"), execute("y", verb="")))
    assert card_faults(wrong, path="/content") == ["[ERROR] must be more than 0 characters [json-pointer:/content/body/1/actions/1/verb]"]


def cards_in(thing: Any) -> list[Json]:
    """All cards inside."""
    if isinstance(thing, list):
        return [card for one in thing for card in cards_in(one)]
    if not isinstance(thing, dict):
        return []
    return [thing] if thing.get("type") == "AdaptiveCard" else [card for one in thing.values() for card in cards_in(one)]


def samples() -> list[tuple[str, Json]]:
    """The cards of the vendor's examples and of the composed payloads."""
    paths = [*SCHEMAS.glob("examples/*card*.json"), *SCHEMAS.glob("payloads/teams-wire/**/*.json")]
    return [(path.name, one) for path in sorted(paths) for one in cards_in(json.loads(path.read_text(encoding="utf-8-sig")))]


def test_the_samples_are_right_for_both() -> None:
    found = samples()
    if not found:
        pytest.skip("the samples are not beside the checkout")
    assert len(found) >= 4
    for name, one in found:
        assert card_faults(one) == [], name
        assert [wrong.message for wrong in published().iter_errors(one)] == [], name


def test_a_sample_with_any_property_misspelt_is_wrong_for_both() -> None:
    for name, one in samples():
        for place in list(one):
            if place not in ("type", "version", "$schema"):
                wrong = copy.deepcopy(one)
                wrong[f"{place}s"] = wrong.pop(place)
                assert card_faults(wrong), (name, place)
                assert list(published().iter_errors(wrong)), (name, place)
