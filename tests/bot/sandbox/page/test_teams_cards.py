"""Whatever our renderers can send, the page draws."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

import bot.teams
from bot.sandbox.page.server import FILES, Page
from bot.sandbox.stage import listening, platforms
from bot.sandbox.teams.cards import actions, elements
from bot.sandbox.teams.model import User
from bot.sandbox.teams.text import words
from bot.sandbox.teams.widgets import inputs, labels, visible
from tests.bot.sandbox.page.conftest import example

Json = dict[str, Any]
GOLDEN = (Path("tests/bot/golden"), Path("tests/bot/teams/golden"))
RENDERERS = ("buttons", "forms", "found", "render", "spans", "views")
TABLES = ("elements", "inputs", "actions")
CARRIED = {"AdaptiveCard", "Data.Query", "mention", "task/fetch"}
"""What is no thing to be seen, but the card itself, whose entities they are, and what a press asks for."""
NOT_OURS = {"Icon", "Action.ResetInputs"}
"""What the sandbox takes from any bot, and the page says in red that it cannot draw: our bot sends neither."""
ANA = User("29:1", "ana", "Ana", None, "t", tz="Europe/Berlin")


def table(name: str) -> set[str]:
    """The types that a module of the page has a function for: the names in its exported tables."""
    text = (FILES / "teams" / f"{name}.js").read_text(encoding="utf-8")
    tables = re.findall(r"^export const [A-Z]+ = \{\n(.*?)^\};", text, re.DOTALL | re.MULTILINE)
    return {key for one in tables for key in re.findall(r'^  "([\w.]+)": ', one, re.MULTILINE)}


def drawn() -> set[str]:
    return {key for name in TABLES for key in table(name)}


def typed(thing: Any) -> Iterator[str]:
    """Every type in a payload, also in the alternatives for older clients."""
    if isinstance(thing, list):
        for one in thing:
            yield from typed(one)
    elif isinstance(thing, dict):
        if isinstance(thing.get("type"), str):
            yield thing["type"]
        for inner in thing.values():
            yield from typed(inner)


def samples() -> dict[str, Json]:
    """Every approved card by the name of its file."""
    files = [path for folder in GOLDEN for path in folder.iterdir() if path.suffix == ".json" and ".slack" not in path.name]
    cards = {path.name: json.loads(path.read_text(encoding="utf-8"))["card"] for path in sorted(files)}
    return {name: card.get("content", card) for name, card in cards.items()}


def written() -> set[str]:
    """Every type that stands in the code of the renderers."""
    found: set[str] = set()
    for name in RENDERERS:
        tree = ast.parse((Path(bot.teams.__path__[0]) / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
            found |= {
                value.value
                for key, value in pairs
                if isinstance(key, ast.Constant)
                and key.value == "type"
                and isinstance(value, ast.Constant)
                and isinstance(value.value, str)
            }
    return found


def test_everything_that_is_sent_can_be_drawn() -> None:
    sent = written() | {kind for card in samples().values() for kind in typed(card)}
    assert {"TextBlock", "Input.ChoiceSet", "Action.Execute", "Table"} <= sent
    assert sent - CARRIED - drawn() == set()


def test_everything_that_the_sandbox_takes_can_be_drawn() -> None:
    assert {*elements.ELEMENTS, *actions.ACTIONS} - drawn() == NOT_OURS


def test_the_tables_of_the_page_are_read_whole() -> None:
    assert {"Image", "TableCell"} <= table("elements")
    assert len(table("inputs")) == 7
    assert "Action.Submit" in table("actions")


DRAW = """async (cards) => {
  const { Sight } = await import("/static/teams/card.js");
  const host = document.createElement("div");
  host.className = "tw";
  document.body.append(host);
  return cards.map((card) => {
    const sight = new Sight({ zone: "Europe/Berlin", me: "", people: {}, members: [], press: async () => {} });
    host.replaceChildren(sight.card(card));
    for (const sheet of host.querySelectorAll("[popover]")) sheet.dispatchEvent(new ToggleEvent("beforetoggle", { newState: "open" }));
    return {
      words: host.textContent,
      undrawn: [...host.querySelectorAll(".undrawn")].map((one) => one.textContent),
      buttons: [...host.querySelectorAll("button")].map((one) => one.textContent),
      fields: [...new Set([...host.querySelectorAll("[name]")].map((one) => one.name))],
      pictures: [...host.querySelectorAll("img")].map((one) => one.alt),
    };
  });
}"""
STRANGE = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Icon", "name": "Bell"}, {"type": "Nonsense"}]}


def even(text: str) -> str:
    return "".join(text.split())


@pytest.mark.slow
async def test_every_sample_is_drawn_with_all_its_words_buttons_and_fields(fresh_browser: Browser) -> None:
    on = platforms(example())
    async with listening(on, 0, Page(on.slack, on.teams, on.mail, on.changes).routes()) as url:
        tab = await fresh_browser.new_page()
        await tab.goto(url)
        cards = samples()
        *found, strange = await tab.evaluate(DRAW, [*cards.values(), STRANGE])
        await tab.close()
    assert strange["undrawn"] == ["Icon cannot be drawn", "Nonsense cannot be drawn"]
    for (name, card), shown in zip(cards.items(), found, strict=True):
        assert shown["undrawn"] == [], name
        assert set(labels(card)) <= set(shown["buttons"]), name
        assert shown["fields"] == [one["id"] for one in inputs(card)], name
        assert shown["pictures"] == [one["altText"] for one in visible(card) if one.get("type") == "Image"], name
        said = [words(one, ANA) for one in visible(card) if one.get("type") in ("TextBlock", "RichTextBlock")]
        said += [one["label"] for one in inputs(card)]
        assert [one for one in said if even(one) not in even(shown["words"])] == [], name
