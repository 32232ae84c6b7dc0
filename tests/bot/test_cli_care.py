"""`deskbell export` and `deskbell person ...` as they are typed."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.bot.test_cli import EXAMPLE, Deskbell, deskbell, environment

__all__ = ["deskbell", "environment"]
ANA, PAT = "ana@acme.example", "pat@acme.example"


@pytest.fixture
def desk(deskbell: Deskbell) -> Deskbell:
    assert deskbell("office", "apply", EXAMPLE, "--yes").exit_code == 0
    return deskbell


def test_everything_of_an_office(desk: Deskbell, tmp_path: Path) -> None:
    to = tmp_path / "out"
    result = desk("export", "acme", "--to", to)
    assert result.exit_code == 0
    assert "people: 25" in result.output
    assert f"lines in {to}. Keep it safe" in result.output
    assert orjson.loads((to / "manifest.json").read_bytes())["office"] == "acme"
    assert len((to / "people.jsonl").read_bytes().splitlines()) == 25
    assert desk("office", "apply", to / "office.yaml", "--prune", "--yes").output == "Nothing to change.\n"


def test_nothing_is_written_over(desk: Deskbell, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = desk("export", "acme", "--to", tmp_path)
    assert refused.exit_code == 1
    assert "is not empty. Name a new or an empty folder: nothing is ever written over." in refused.output
    assert "There is no office other." in desk("export", "other", "--to", tmp_path / "out").output
    assert not (tmp_path / "out").exists()


def test_what_is_known_of_a_person(desk: Deskbell) -> None:
    (line,) = desk("person", "export", ANA).output.splitlines()
    assert (orjson.loads(line)["kind"], orjson.loads(line)["row"]["email"]) == ("people", ANA)
    nobody = desk("person", "export", "nobody@acme.example")
    assert (nobody.exit_code, "acme knows nobody with the address nobody@acme.example." in nobody.output) == (1, True)


def test_forgetting_shows_asks_and_forgets(desk: Deskbell) -> None:
    asked = desk("person", "forget", ANA)
    assert asked.exit_code == 1
    assert f"Ana Alvarez <{ANA}> becomes “a former colleague” everywhere" in asked.output
    assert "Nothing was changed. Add --yes" in asked.output
    assert ANA in desk("person", "export", ANA).output
    done = desk("person", "forget", "Ana@acme.example", "--yes")
    assert (done.exit_code, "Forgotten." in done.output) == (0, True)
    assert desk("person", "export", ANA).exit_code == 1
    assert ANA not in desk("office", "export").output
    assert desk("person", "remember", ANA).exit_code == 0
    assert "Nobody with the address" in desk("person", "remember", ANA).output


def test_whoever_is_responsible_is_not_forgotten_before_somebody_takes_over(desk: Deskbell) -> None:
    refused = desk("person", "forget", PAT, "--yes")
    assert refused.exit_code == 1
    assert f"The office's policy names {PAT}: queues building" in refused.output
    assert PAT in desk("office", "export").output


@pytest.mark.parametrize("command", [("export",), ("person", "export"), ("person", "forget"), ("person", "remember")])
def test_every_command_says_what_it_does(deskbell: Deskbell, command: tuple[str, ...]) -> None:
    assert "Usage:" in deskbell(*command, "--help").output
