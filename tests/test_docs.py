"""What the pages say is what the code does: each command, setting, metric and permission is named, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import app
from bot.cli.pages import TABLES, renewed
from bot.settings import Settings
from handlers.listening.words import NOT_TYPED
from handlers.routes import ROUTES

ROOT = Path(__file__).parents[1]
PAGES = {path.name: path.read_text() for path in [*ROOT.glob("docs/*.md"), ROOT / "README.md"]}


@pytest.mark.parametrize("page", sorted(TABLES))
def test_tables_are_those_the_code_goes_by(page: str) -> None:
    name, table = TABLES[page]
    assert PAGES[page] == renewed(PAGES[page], name, table()), "python -m bot.cli.pages"


def test_a_table_stands_between_its_two_marks() -> None:
    assert renewed("a\n<!-- x: begin -->old<!-- x: end -->\nb", "x", "new") == "a\n<!-- x: begin -->\nnew\n<!-- x: end -->\nb"
    with pytest.raises(ValueError, match="the page has no"):
        renewed("a <!-- x: begin --> b", "x", "new")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_explained(name: str) -> None:
    alias = Settings.model_fields[name].validation_alias
    variable = alias if isinstance(alias, str) else f"DESKBELL_{name.upper()}"
    assert f"`{variable}`" in PAGES["operations.md"]


def test_no_page_names_a_setting_that_is_not_there() -> None:
    known = {f"DESKBELL_{name.upper()}" for name in Settings.model_fields} | {
        field.validation_alias for field in Settings.model_fields.values() if isinstance(field.validation_alias, str)
    }
    assert set(re.findall(r"DESKBELL_[A-Z_]+", "".join(PAGES.values()))) <= known


@pytest.mark.parametrize("name", sorted(set(ROUTES.commands) - NOT_TYPED))
def test_every_command_of_people_is_in_the_readme_and_in_the_help(name: str) -> None:
    from handlers.help import LINES

    assert re.search(rf"`{name}\b|\b{name}\b", PAGES["README.md"])
    assert name == "help" or any(name in str(line) for line in LINES)


def test_every_command_of_the_command_line_is_explained() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    text = PAGES["operations.md"] + PAGES["README.md"]
    assert [name for name in commands if f"deskbell {name}" not in text] == []


def test_links_between_pages_lead_somewhere() -> None:
    for name, text in PAGES.items():
        folder = ROOT if name == "README.md" else ROOT / "docs"
        for target in re.findall(r"\]\((?!http)([^)#]+)", text):
            assert (folder / target).exists(), f"{name}: {target}"


def test_metrics_that_pages_name_exist() -> None:
    source = (ROOT / "bot" / "metrics.py").read_text()
    for metric in set(re.findall(r"deskbell_[a-z_]+", PAGES["operations.md"])):
        assert metric.removesuffix("_total") in source, metric
