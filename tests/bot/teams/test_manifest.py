"""The package keeps Teams' limits, asks for nothing that is not wanted, and lists what the desk really answers."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.public import NoAddress
from bot.teams.limits import mistakes
from bot.teams.manifest import COMMANDS, FIND, FROM_MESSAGE, READ_CHANNELS, manifest, semver
from bot.teams.package import NoPackage, packed, unpacked
from handlers.commands import parse
from handlers.help import LINES
from handlers.listening.words import NOT_TYPED
from handlers.routes import ROUTES
from handlers.words import Code

Json = dict[str, Any]
ROOT = Path(__file__).parents[3]
SCHEMA = ROOT.parent / "shared" / "schemas" / "teams" / "MicrosoftTeams.schema.v1.29.python-re.json"
APP, OTHER = "3f2b1a10-0000-4000-8000-0000000000aa", "4a2b1a10-0000-4000-8000-0000000000cc"
URL = "https://desk.example.com"
DOCUMENTS = {
    "plain": manifest(APP, URL),
    "reading": manifest(APP, f"{URL}:8443/desk/", read_channels=True, release="2.10.0"),
}
every_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)


# ---------------------------------------------------------------- Teams takes it


@every_document
def test_the_published_schema_takes_it(document: Json) -> None:
    if not SCHEMA.is_file():
        pytest.skip("the published manifest schema is not beside this checkout")
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)


@every_document
def test_we_find_no_mistake_in_it(document: Json) -> None:
    assert mistakes(document) == []


def changed(where: str, value: object) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        at: Any = document
        *path, last = where.split(".")
        for step in path:
            at = at[int(step) if step.isdigit() else step]
        at[last] = value

    return change


WRONG = [
    ("name.short", "x" * 31, "name.short has 31 characters, and Teams takes 30"),
    ("name.full", "x" * 101, "name.full has 101 characters"),
    ("description.short", "x" * 81, "description.short has 81 characters"),
    ("description.full", "x" * 4001, "description.full has 4001 characters"),
    ("description.full", " ", "description.full is empty"),
    ("developer.name", "x" * 33, "developer.name has 33 characters"),
    ("developer.name", "", "developer.name is empty"),
    ("developer.privacyUrl", "http://desk.example.com/privacy", "developer.privacyUrl has to begin with https://"),
    ("id", "deskbell", "id has to be the id of an app"),
    ("bots.0.botId", "28:" + APP, r"bots\[\].botId has to be the id of an app"),
    ("webApplicationInfo.id", 7, "webApplicationInfo.id has to be the id of an app"),
    ("version", "1.0", "version has to be three numbers"),
    ("version", "1.02.3", "version has to be three numbers"),
    ("version", "1.0.0-rc.1", "version has to be three numbers"),
    ("accentColor", "teal", "accentColor has to be a colour"),
    ("bots", [{"botId": APP}, {"botId": APP}], "bots has 2 entries, and Teams takes 1"),
    ("bots.0.commandLists", [{}] * 4, r"bots\[\].commandLists has 4 entries"),
    ("bots.0.commandLists.0.commands", [{"title": "x"}] * 13, "has 13 entries, and Teams takes 12"),
    ("bots.0.commandLists.0.commands.0.title", "x" * 129, "commands.*title has 129 characters"),
    ("composeExtensions.0.commands", [{"id": "x", "title": "x"}] * 11, "has 11 entries, and Teams takes 10"),
    ("composeExtensions.0.commands.0.title", "x" * 33, "title has 33 characters"),
    ("validDomains", ["x.example"] * 101, "validDomains has 101 entries"),
    ("authorization.permissions.resourceSpecific", [{"name": "x", "type": "Application"}] * 17, "has 17 entries, and Teams takes 16"),
]


@pytest.mark.parametrize(("where", "value", "said"), WRONG, ids=[f"{one[0]}: {one[2][:30]}" for one in WRONG])
def test_each_mistake_is_a_sentence(where: str, value: object, said: str) -> None:
    document = copy.deepcopy(DOCUMENTS["reading"])
    changed(where, value)(document)
    assert [one for one in mistakes(document) if re.search(said, one)], mistakes(document)


@pytest.mark.parametrize("where", ["version", "id", "developer.name", "description.full", "name.short", "bots"])
def test_what_is_missing_is_said(where: str) -> None:
    document = copy.deepcopy(DOCUMENTS["plain"])
    *path, last = where.split(".")
    at = document
    for step in path:
        at = at[step]
    del at[last]
    assert any(one.startswith(where) and "is missing" in one for one in mistakes(document)), mistakes(document)


@pytest.mark.parametrize("url", ["http://desk.example.com", "https://localhost", "https://127.0.0.1.", "desk", "https://a b.example"])
def test_an_address_that_teams_cannot_use(url: str) -> None:
    with pytest.raises(NoAddress):
        manifest(APP, url)


def test_where_people_find_what_is_kept_of_them() -> None:
    here = DOCUMENTS["reading"]["developer"]
    base = f"{URL}:8443/desk"
    assert here == {"name": "Deskbell", "websiteUrl": base, "privacyUrl": f"{base}/privacy", "termsOfUseUrl": f"{base}/terms"}
    assert DOCUMENTS["reading"]["validDomains"] == ["desk.example.com"]


# ---------------------------------------------------------------- the version follows the release


def test_the_version_is_that_of_the_package() -> None:
    written = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert written is not None
    assert DOCUMENTS["plain"]["version"] == semver(written[1])
    assert DOCUMENTS["reading"]["version"] == "2.10.0"


@pytest.mark.parametrize(
    ("release", "shown"),
    [("0.1.0", "0.1.0"), ("1.2", "1.2.0"), ("3", "3.0.0"), ("1.2.3.post1", "1.2.3"), ("2.0.0rc1", "2.0.0"), ("01.02.3", "1.2.3")],
)
def test_a_version_has_three_numbers(release: str, shown: str) -> None:
    assert semver(release) == shown


# ---------------------------------------------------------------- what it asks for


def test_nothing_is_read_without_being_asked_for() -> None:
    plain, reading = DOCUMENTS["plain"], DOCUMENTS["reading"]
    assert not {"webApplicationInfo", "authorization"} & set(plain)
    asked = reading["authorization"]["permissions"]["resourceSpecific"]
    assert asked == [{"name": name, "type": "Application"} for name in ("ChannelMessage.Read.Group", "ChatMessage.Read.Chat")]
    assert reading["webApplicationInfo"]["id"] == APP
    assert "asks to read the messages" in reading["description"]["full"]
    assert "asks to read the messages" not in plain["description"]["full"]


def test_one_bot_everywhere() -> None:
    (bot,) = DOCUMENTS["plain"]["bots"]
    assert (bot["botId"], set(bot["scopes"])) == (APP, {"team", "personal", "groupChat"})
    assert bot["supportsTargetedMessages"] is True
    slash, shared, alone = bot["commandLists"]
    assert (slash["triggers"], slash["scopes"]) == (["slash"], ["team", "groupChat"])
    assert (shared["triggers"], shared["scopes"]) == (["mention"], ["team", "groupChat"])
    assert (alone["triggers"], alone["scopes"]) == (["mention"], ["personal"])
    assert [one["title"] for one in slash["commands"]] == [one.title for one in COMMANDS]


def test_no_entry_is_left_in_the_words_of_a_report() -> None:
    """A slash entry comes as a message of its own kind, whose title is taken away; behind a mention it is part of what the person says."""
    lists = [one for one in DOCUMENTS["plain"]["bots"][0]["commandLists"] if "mention" in one["triggers"]]
    titles = {entry["title"] for one in lists for entry in one["commands"]}
    assert titles
    assert [one for one in titles if parse(one, frozenset(ROUTES.commands) - NOT_TYPED).name == "report"] == []


def test_the_commands_are_those_that_are_answered() -> None:
    """`issue` is what everything that is no command is: a report."""
    typed = set(ROUTES.commands) - NOT_TYPED
    for one in COMMANDS:
        found = parse(one.title, frozenset(ROUTES.commands))
        assert one.title == "issue" or (found.name in typed and found.name in one.title), one
    assert {one.title.split()[0] for one in COMMANDS} - {"issue"} == typed


def test_each_example_is_understood_as_what_it_stands_under() -> None:
    for one in COMMANDS:
        example = one.description.partition(": ")[2]
        if example and one.title != "issue":
            assert parse(example, frozenset(ROUTES.commands)).name == one.title.split()[0], one


def test_what_the_help_names_can_be_chosen() -> None:
    named = {value.text for line in LINES for _, value in line.arguments if isinstance(value, Code)}
    assert named, "the help names commands"
    titles = {one.title for one in COMMANDS}
    assert [words for words in named if not any(words.startswith(title) for title in titles) and not words.startswith("for ")] == []


def test_the_message_extension() -> None:
    (extension,) = DOCUMENTS["plain"]["composeExtensions"]
    ticket, report, find = extension["commands"]
    assert (ticket["id"], ticket["type"], ticket["context"], ticket["fetchTask"]) == (FROM_MESSAGE, "action", ["message"], True)
    assert (report["id"], report["context"], report["fetchTask"]) == ("ticket.report", ["compose", "commandBox"], True)
    assert extension["messageHandlers"] == [{"type": "link", "value": {"domains": ["desk.example.com"]}}]
    assert (ticket["title"], find["title"]) == ("Make this a ticket", "Find a ticket")
    assert (find["id"], find["type"], find["initialRun"]) == (FIND, "query", True)


def test_the_only_links_it_is_told_of_are_its_own() -> None:
    (extension,) = DOCUMENTS["reading"]["composeExtensions"]
    assert extension["messageHandlers"] == [{"type": "link", "value": {"domains": ["desk.example.com"]}}]


# ---------------------------------------------------------------- the package


def test_the_same_manifest_gives_the_same_bytes() -> None:
    assert packed(DOCUMENTS["plain"]) == packed(copy.deepcopy(DOCUMENTS["plain"]))
    assert packed(DOCUMENTS["plain"]) != packed(DOCUMENTS["reading"])


def test_the_zip_has_three_files_at_its_root() -> None:
    with ZipFile(BytesIO(packed(DOCUMENTS["plain"]))) as package:
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert json.loads(package.read("manifest.json")) == DOCUMENTS["plain"]
        for name in ("color.png", "outline.png"):
            assert package.read(name) == (ROOT / "manifests" / "teams" / name).read_bytes()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_package_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.zip").write_bytes(content)
    with pytest.raises(NoPackage, match="is no package for Teams"):
        unpacked(tmp_path / "other.zip")


# ---------------------------------------------------------------- written


def deskbell(*arguments: str, **environment: str) -> Result:
    plain = dict.fromkeys(
        [f"DESKBELL_{name}" for name in ("PUBLIC_URL", "TEAMS_APP_ID", "TEAMS_REGISTRATIONS", "TEAMS_READ_CHANNELS", "TEAMS_ANONYMOUS")]
    )
    return CliRunner().invoke(app, ["manifest", "teams", *arguments], env={**plain, **environment})


def test_it_is_written_from_the_settings(tmp_path: Path) -> None:
    out = tmp_path / "desk.zip"
    result = deskbell("--out", str(out), DESKBELL_PUBLIC_URL=f"{URL}/", DESKBELL_TEAMS_APP_ID=APP.upper(), DESKBELL_TEAMS_READ_CHANNELS="1")
    assert result.exit_code == 0, result.output
    assert unpacked(out) == manifest(APP, URL, read_channels=True)
    assert "docs/install-teams.md" in result.output


def test_what_is_given_goes_before_the_settings(tmp_path: Path) -> None:
    out = tmp_path / "desk.zip"
    given = ("--app-id", OTHER, "--url", "https://other.example", "--no-read-channels", "--version", "1.4.0")
    result = deskbell("--out", str(out), *given, DESKBELL_PUBLIC_URL=URL, DESKBELL_TEAMS_APP_ID=APP, DESKBELL_TEAMS_READ_CHANNELS="1")
    assert result.exit_code == 0, result.output
    assert unpacked(out) == manifest(OTHER, "https://other.example", release="1.4.0")


LISTED = [{"name": name, "app_id": app_id, "password": "hush", "tenant": APP} for name, app_id in (("lab", APP), ("msp", OTHER))]


def test_the_only_registration_of_a_list_is_meant(tmp_path: Path) -> None:
    result = deskbell("--out", str(tmp_path / "desk.zip"), "--url", URL, DESKBELL_TEAMS_REGISTRATIONS=json.dumps(LISTED[:1]))
    assert result.exit_code == 0, result.output
    assert unpacked(tmp_path / "desk.zip")["id"] == APP


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ((), {}, "Give the app id of the bot's registration with --app-id, or as DESKBELL_TEAMS_APP_ID."),
        (("--app-id", "deskbell"), {}, "The app id has to be an id such as"),
        (("--app-id", APP), {}, "Give the public address with --url"),
        (("--app-id", APP, "--url", "http://desk.example.com"), {}, "does not begin with https://, and Teams sends to nothing else"),
        (("--app-id", APP, "--url", URL, "--version", "1.0"), {}, "version has to be three numbers"),
        (("--app-id", APP, "--url", URL, "--out", "/nowhere/at/all/desk.zip"), {}, "cannot be written"),
        (("--url", URL), {"DESKBELL_TEAMS_REGISTRATIONS": json.dumps(LISTED)}, f"{OTHER} msp"),
    ],
)
def test_what_is_missing_is_said_in_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = deskbell(*arguments, **environment)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert "hush" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_the_permissions_are_explained_in_the_guide() -> None:
    guide = (ROOT / "docs" / "install-teams.md").read_text(encoding="utf-8")
    assert [name for name in READ_CHANNELS if name not in guide] == []
