"""The page's side of the server: who may use it, what it shows, and what can be done in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from yarl import URL

from bot.sandbox import keeping
from bot.sandbox.page.guard import HEADERS, MARK
from bot.sandbox.stage import at_work
from tests.bot.sandbox.page.conftest import Shown, shown

LIGHT = "/issue light above my desk flickers"


# ---------------------------------------------------------------- who may


async def test_only_the_page_itself_on_this_machine_may_use_it(page: Shown) -> None:
    async with page.http.get(page.url + "/about", headers={"Host": "evil.example"}) as said:
        assert said.status == 403
    async with page.http.post(page.url + "/control/clock", json={"to": "+1h"}) as said:
        assert said.status == 403
    async with page.http.get(page.url + "/") as said:
        assert said.status == 200
        assert {name: said.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "path", ["/static/nothing.js", "/static/../server.py", "/static/%2e%2e/server.py", "/screen/slack/nobody", "/screen/irc/ana"]
)
async def test_what_is_not_there_is_not_found(page: Shown, path: str) -> None:
    async with page.http.get(URL(page.url + path, encoded=True)) as said:
        assert said.status == 404


async def test_nothing_on_the_page_comes_from_elsewhere(page: Shown) -> None:
    """Every file that the page names is its own."""
    async with page.http.get(page.url + "/") as said:
        text = await said.text()
    names = [part.split('"')[0] for word in ("href=", "src=") for part in text.split(f'{word}"')[1:]]
    assert names
    for name in names:
        async with page.http.get(page.url + name) as said:
            assert said.status == 200, name


# ---------------------------------------------------------------- doing


async def test_what_is_typed_in_slack_stands_in_both_chats(page: Shown) -> None:
    await page.does("slack", "ana", "say", conversation=page.channel("slack", "office"), text=LIGHT)
    (private,) = [one for one in await page.messages("slack", "ana") if one["kind"] == "ephemeral"]
    assert private["blocks"]
    (card,) = [one for one in await page.messages("teams", "bob") if one["conversation"] == page.channel("teams", "building-desk")]
    assert "light above my desk flickers" in card["summary"]


async def test_a_card_of_teams_is_pressed_by_the_number_of_its_button(page: Shown) -> None:
    await page.does("slack", "ana", "say", conversation=page.channel("slack", "office"), text=LIGHT)
    (card,) = [one for one in await page.messages("teams", "bob") if one["conversation"] == page.channel("teams", "building-desk")]
    (take,) = [action for block in card["card"]["body"] for action in block.get("actions", ()) if action["title"] == "Take it"]
    await page.does("teams", "bob", "press", conversation=card["conversation"], id=card["id"], number=take["$n"])
    assert page.stage.on.slack.actor("ana").sees("Bob Burke is on it")


async def test_a_form_of_slack_keeps_what_was_filled_in(page: Shown) -> None:
    office = page.channel("slack", "office")
    await page.does("slack", "ana", "say", conversation=office, text="/issue")
    view = (await page.get("/screen/slack/ana"))["modal"]
    (block,) = [one for one in view["body"]["blocks"] if one["type"] == "input" and one["element"]["type"] == "plain_text_input"][:1]
    key = {"block_id": block["block_id"], "action_id": block["element"]["action_id"]}
    await page.does("slack", "ana", "fill", **key, value="the lamp is dark")
    kept = (await page.get("/screen/slack/ana"))["modal"]["values"][key["block_id"]][key["action_id"]]
    assert kept["value"] == "the lamp is dark"


@pytest.mark.parametrize(
    ("chat", "deed", "values"),
    [
        ("slack", "say", {}),
        ("slack", "say", {"conversation": "C0NOWHERE", "text": "x"}),
        ("slack", "press", {"kind": "message", "id": "1.2", "block_id": "b", "action_id": "a"}),
        ("slack", "submit", {}),
        ("slack", "dance", {}),
        ("slack", "edit", {"conversation": "C0NOWHERE", "id": "1", "text": "x"}),
        ("teams", "say", {"conversation": 5, "text": "x"}),
        ("teams", "press", {"conversation": "19:x", "id": "1", "number": 0}),
        ("teams", "submit", {"number": True}),
        ("teams", "pick", {"conversation": "dm", "text": "lamp", "number": 99}),
        ("teams", "react", {"conversation": "19:x", "id": "1", "name": "like"}),
    ],
)
async def test_what_ones_own_window_would_not_do_is_refused_in_words(page: Shown, chat: str, deed: str, values: dict[str, object]) -> None:
    status, said = await page.post(f"/do/{chat}/ana/{deed}", **values)
    assert (status, bool(said["refused"])) == (409, True)


@pytest.mark.parametrize("body", ["", "[]", "5", "{", '{"a": NaN'])
async def test_a_body_that_is_no_object_is_told_so(page: Shown, body: str) -> None:
    async with page.http.post(page.url + "/do/slack/ana/close", data=body, headers={MARK: "1"}) as said:
        assert said.status == (409 if not body else 400)


async def test_a_file_is_sent_and_shown(page: Shown) -> None:
    async with page.http.post(
        page.url + "/file/slack/ana?name=desk.png", data=b"\x89PNG", headers={MARK: "1", "Content-Type": "image/png"}
    ) as said:
        number = (await said.json())["file"]
    await page.does("slack", "ana", "say", conversation=page.channel("slack", "office"), text="look", files=[number])
    (message,) = [one for one in await page.messages("slack", "ana") if one["text"] == "look"]
    assert message["files"] == [{"id": number, "name": "desk.png", "type": "image/png", "size": 4, "gone": False}]
    async with page.http.get(f"{page.url}/file/slack/{number}") as said:
        assert (said.content_type, await said.read()) == ("image/png", b"\x89PNG")


async def test_a_file_that_could_run_is_a_download(page: Shown) -> None:
    async with page.http.post(
        page.url + "/file/teams/ana?name=a.html", data=b"<script>", headers={MARK: "1", "Content-Type": "text/html"}
    ) as said:
        number = (await said.json())["file"]
    async with page.http.get(f"{page.url}/file/teams/{number}") as said:
        assert said.content_type == "application/octet-stream"
        assert said.headers["Content-Disposition"].startswith("attachment")


# ---------------------------------------------------------------- the clock and trouble


async def test_the_clock_moves_and_what_is_due_happens(page: Shown) -> None:
    await page.does("slack", "ana", "say", conversation=page.channel("slack", "office"), text=LIGHT)
    before = datetime.fromisoformat((await page.get("/about"))["now"])
    status, said = await page.post("/control/clock", to="+2d")
    assert status == 200
    assert datetime.fromisoformat(said["now"]) - before >= timedelta(days=2)
    await page.stage.settled()
    assert page.stage.on.slack.actor("bob").sees("nobody has answered") or page.stage.on.teams.actor("bob").sees("late")
    assert (await page.post("/control/clock", to="yesterday"))[0] == 409


async def test_what_is_said_while_slack_is_down_arrives_when_it_is_back(page: Shown) -> None:
    await page.post("/control/trouble", chat="slack", kind="down", on=True)
    assert (await page.get("/about"))["trouble"]["slack"] == {"down": True, "busy": False, "twice": False}
    await page.post("/do/teams/ana/say", conversation="dm", text="the printer on the 2nd floor is jammed")
    await page.stage.on.teams.until(lambda: page.stage.on.teams.actor("quinn").sees("printer"))
    assert not page.stage.on.slack.actor("quinn").sees("printer")
    await page.post("/control/trouble", chat="slack", kind="down", on=False)
    await page.stage.on.slack.until(lambda: page.stage.on.slack.actor("quinn").sees("printer"))


@pytest.mark.parametrize("kind", ["busy", "twice"])
@pytest.mark.parametrize("chat", ["slack", "teams"])
async def test_other_trouble_loses_and_doubles_nothing(page: Shown, chat: str, kind: str) -> None:
    await page.post("/control/trouble", chat=chat, kind=kind, on=True)
    await page.post(f"/do/{chat}/ana/say", conversation=page.channel(chat, "office"), text=LIGHT)
    await page.post("/control/trouble", chat=chat, kind=kind, on=False)
    assert (await page.get("/about"))["trouble"][chat][kind] is False
    here = page.stage.on.slack if chat == "slack" else page.stage.on.teams
    await here.until(lambda: here.actor("bob").sees("#1 light"))
    await page.stage.settled()
    assert not here.actor("bob").sees("#2 light")


async def test_a_switch_that_is_not_there_is_refused(page: Shown) -> None:
    assert (await page.post("/control/trouble", chat="slack", kind="fire", on=True))[0] == 409
    assert (await page.post("/control/dance"))[0] == 409


# ---------------------------------------------------------------- news, and coming back


async def test_every_change_is_told_to_who_looks(page: Shown) -> None:
    async with page.http.get(page.url + "/changes") as stream:
        first = await stream.content.readuntil(b"\n\n")
        await page.post("/do/slack/ana/say", conversation=page.channel("slack", "office"), text=LIGHT)
        second = await stream.content.readuntil(b"\n\n")
    assert first.startswith(b"data: ")
    assert int(second.removeprefix(b"data: ")) > int(first.removeprefix(b"data: "))


async def test_a_restart_meets_the_same_world(sqlite_url: str, tmp_path: Path) -> None:
    async with shown(sqlite_url, tmp_path) as page:
        await page.does("slack", "ana", "say", conversation=page.channel("slack", "office"), text=LIGHT)
        await page.post("/control/clock", to="+4h")
        on, now = page.stage.on, page.stage.on.clock()
        text = keeping.kept(on.slack.world, on.teams.world, on.mail.world, on.clock.ahead, on.facts)
    async with shown(sqlite_url, tmp_path, keeping.read(text)) as page:
        assert page.stage.on.clock() >= now
        assert (await page.get("/about"))["tour"][0]["done"]
        bob = page.stage.on.teams.actor("bob")
        await bob.press("Take it", on=bob.find("#1 light"))
        await page.stage.settled()
        assert page.stage.on.slack.actor("ana").sees("Bob Burke is on it")
        await page.does("teams", "ana", "say", conversation="dm", text="the tap in the kitchen drips")
        assert page.stage.on.slack.actor("bob").sees("#2 the tap")


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b'{"version": 2}'])
def test_a_state_that_is_none_is_told_so(text: bytes) -> None:
    with pytest.raises(keeping.NotReadable):
        keeping.read(text)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-18T12:00-08:00", "2026-11-18T12:00-08:00"),
        ("2026-11-18T06:00-08:00", "2026-11-18T10:00-08:00"),
        ("2026-11-20T17:00-08:00", "2026-11-23T10:00-08:00"),
        ("2026-11-21T12:00-08:00", "2026-11-23T10:00-08:00"),
        ("2026-11-20T10:00-08:00", "2026-11-20T10:00-08:00"),
    ],
)
def test_the_office_is_entered_by_day(now: str, then: str) -> None:
    assert at_work(datetime.fromisoformat(now), "America/Los_Angeles") == datetime.fromisoformat(then)
