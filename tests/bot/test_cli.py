"""The command line as it is typed, in processes of its own where signals or standard input matter."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from storage.installations import Installation
from storage.secrets import Vault, new_key
from storage.store import Store
from tests.conftest import NOW

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "manifests" / "office.example.yaml"
Deskbell = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a command that knows nothing of the machine's own settings."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DESKBELL_") and name not in ("REDIS_URL",)}
    return {**mine, "DATABASE_URL": f"sqlite:///{tmp_path}/var/desk.db", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def deskbell(environment: dict[str, str]) -> Deskbell:
    def run(*arguments: str | Path, typed: str | None = None) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed, env=environment)
        assert "Traceback" not in result.output
        return result

    return run


# ---------------------------------------------------------------- office


def test_a_right_office_file(deskbell: Deskbell) -> None:
    result = deskbell("office", "check", EXAMPLE)
    assert result.exit_code == 0
    assert "no mistakes. Acme Ltd has 25 people, 5 queues, 18 categories, 3 vendors." in result.output


def test_every_mistake_has_its_line(deskbell: Deskbell, tmp_path: Path) -> None:
    lines = EXAMPLE.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if "key: building" in line)
    lines[at] = lines[at].replace("pat@acme.example", "nobody@acme.example")
    last = next(n for n, line in enumerate(lines) if "key: hr," in line)
    lines[last] = lines[last].replace("visibility: queue", "visibility: secret")
    file = tmp_path / "office.yaml"
    file.write_text("\n".join(lines))
    result = deskbell("office", "check", file)
    assert result.exit_code == 1
    assert re.search(rf"office.yaml:{at + 1}: .*nobody@acme.example", result.output)
    assert re.search(rf"office.yaml:{last + 1}: .*visibility", result.output)
    assert "2 mistakes; nothing was changed." in result.output
    assert deskbell("office", "apply", file, "--yes").exit_code == 1
    assert deskbell("office", "export").exit_code == 1


@pytest.mark.parametrize("text", ["office: {key: [", "- just a list", "\x00"])
def test_a_file_that_is_no_office(deskbell: Deskbell, tmp_path: Path, text: str) -> None:
    file = tmp_path / "office.yaml"
    file.write_text(text)
    assert deskbell("office", "check", file).exit_code == 1


def test_a_missing_file_is_a_sentence(deskbell: Deskbell, tmp_path: Path) -> None:
    result = deskbell("office", "check", tmp_path / "none.yaml")
    assert result.exit_code == 1
    assert "none.yaml cannot be read: No such file or directory." in result.output


def test_apply_twice_and_export_round_trip(deskbell: Deskbell, tmp_path: Path) -> None:
    first = deskbell("office", "apply", EXAMPLE, "--yes")
    assert first.exit_code == 0
    assert "+ queue building" in first.output
    assert "Applied: Acme Ltd is now at version 1." in first.output
    assert deskbell("office", "apply", EXAMPLE, "--yes").output == "Nothing to change.\n"
    exported = tmp_path / "exported.yaml"
    assert deskbell("office", "export", exported).exit_code == 0
    assert deskbell("office", "apply", exported, "--prune", "--yes").output == "Nothing to change.\n"
    assert deskbell("office", "export").output == exported.read_text()
    assert deskbell("office", "export", "--office", "other").exit_code == 1


def test_apply_shows_what_changes_and_asks_first(deskbell: Deskbell, tmp_path: Path) -> None:
    deskbell("office", "apply", EXAMPLE, "--yes")
    file = tmp_path / "office.yaml"
    file.write_text(EXAMPLE.read_text().replace("name: Building desk", "name: House desk"))
    asked = deskbell("office", "apply", file, typed="n\n")
    assert "~ queue building: name Building desk -> House desk" in asked.output
    assert "Nothing was changed." in asked.output
    assert asked.exit_code == 1
    assert "House desk" not in deskbell("office", "export").output
    assert deskbell("office", "apply", file, "--yes").exit_code == 0
    assert "House desk" in deskbell("office", "export").output


def test_a_part_of_an_office_is_checked_with_what_is_stored(deskbell: Deskbell, tmp_path: Path) -> None:
    deskbell("office", "apply", EXAMPLE, "--yes")
    head = next(line for line in EXAMPLE.read_text().splitlines() if line.startswith("office:"))
    file = tmp_path / "part.yaml"
    file.write_text(f"{head}\ngroups:\n  - {{key: night, people: [bob@acme.example]}}\n")
    assert "+ group night" in deskbell("office", "apply", file, "--yes").output


# ---------------------------------------------------------------- the database and the rest


def test_the_database_is_made_and_examined(deskbell: Deskbell) -> None:
    missing = deskbell("db", "check")
    assert missing.exit_code == 1
    assert "Run: deskbell db upgrade" in missing.output
    assert deskbell("db", "upgrade").exit_code == 0
    assert "the newest." in deskbell("db", "check").output


def test_resealing_says_how_many_and_is_safe_to_repeat(deskbell: Deskbell, environment: dict[str, str]) -> None:
    older, newer = new_key(), new_key()
    assert "DESKBELL_SECRET_KEYS" in deskbell("db", "reseal").output
    environment["DESKBELL_SECRET_KEYS"] = older
    assert "all were already" in deskbell("db", "reseal").output
    asyncio.run(kept(environment["DATABASE_URL"], older))
    environment["DESKBELL_SECRET_KEYS"] = newer
    refused = deskbell("db", "reseal")
    assert (refused.exit_code, "Add the key that sealed it" in refused.output) == (1, True)
    environment["DESKBELL_SECRET_KEYS"] = f"{newer},{older}"
    assert ": 1 sealed with the newest key" in deskbell("db", "reseal").output
    assert "all were already" in deskbell("db", "reseal").output
    environment["DESKBELL_SECRET_KEYS"] = newer
    assert deskbell("db", "reseal").exit_code == 0


async def kept(url: str, key: str) -> None:
    """A workspace's token, sealed with a key."""
    store = await Store.open(url, {}, lambda: NOW, migrated=True)
    store.installations.vault = Vault([key])
    await store.installations.put(Installation("i" * 32, "a" * 32, "slack", "T1", NOW, data={"token": "xoxb-1"}))
    await store.close()


@pytest.mark.parametrize("url", ["oracle://somewhere/desk", "postgresql://desk:secret@127.0.0.1:1/desk", "sqlite:///:memory:"])
def test_a_database_that_cannot_be_opened_is_a_sentence(deskbell: Deskbell, url: str) -> None:
    result = deskbell("db", "upgrade", "--database", url)
    assert result.exit_code == 1
    assert "cannot be opened" in result.output
    assert "secret" not in result.output


def test_settings_that_are_wrong_are_sentences(environment: dict[str, str]) -> None:
    result = CliRunner().invoke(app, ["db", "check"], env={**environment, "DESKBELL_PORT": "many", "DESKBELL_SLACK_COMMAND": "issue"})
    assert result.exit_code == 1
    assert "DESKBELL_PORT: " in result.output
    assert "DESKBELL_SLACK_COMMAND: " in result.output


def test_the_version(deskbell: Deskbell) -> None:
    assert re.fullmatch(r"deskbell \d+\.\d+\.\d+\n", deskbell("version").output)


def test_every_command_says_what_it_does(deskbell: Deskbell) -> None:
    for command in (
        (),
        ("run",),
        ("demo",),
        ("doctor",),
        ("db", "upgrade"),
        ("office", "check"),
        ("office", "apply"),
        ("office", "export"),
        ("manifest", "slack"),
        ("invite", "office"),
        ("invite", "vendor"),
    ):
        result = deskbell(*command, "--help")
        assert result.exit_code == 0
        assert "Usage:" in result.output


def test_run_names_what_is_missing(deskbell: Deskbell) -> None:
    result = deskbell("run")
    assert result.exit_code == 1
    assert "DESKBELL_SLACK_SIGNING_SECRET and DESKBELL_SLACK_BOT_TOKEN are not set." in result.output


# ---------------------------------------------------------------- demo


def test_a_script_is_played_on_a_database_of_its_own(deskbell: Deskbell, tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("# the shortest path\nemployee> /issue light above my desk flickering\nagent> press take 1\n\nquit\nana> list\n")
    first = deskbell("demo", "--script", script, "--now", "2026-11-23T09:00")
    assert first.exit_code == 0
    assert "#1 is open: light above my desk flickering" in first.output
    assert "answers by Mon 23 Nov, 13:00" in first.output
    assert "[in progress]  (edited)" in first.output
    assert "Your open tickets" not in first.output
    assert deskbell("demo", "--script", script, "--now", "2026-11-23T09:00").output == first.output


@pytest.mark.slow
def test_lines_that_are_piped_in(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "demo"]
    ran = subprocess.run(
        command, input="ana> light flickers\nbob> press take\n", env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=180
    )
    assert ran.returncode == 0, ran.stderr
    assert "[in progress]  (edited)" in ran.stdout
    assert (tmp_path / "var" / "demo.db").exists()


def test_a_script_that_is_not_there(deskbell: Deskbell, tmp_path: Path) -> None:
    result = deskbell("demo", "--script", tmp_path / "none.txt")
    assert result.exit_code == 1
    assert "cannot be read" in result.output
