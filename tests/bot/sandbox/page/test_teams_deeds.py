"""What people do in the Teams window, as the page asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox.page.deeds import CHANGED
from storage.tables import tickets
from tests.bot.sandbox.page.conftest import Shown

LIGHT = "light above my desk flickers"
Json = dict[str, Any]


async def screen(page: Shown, who: str = "ana") -> Json:
    return await page.get(f"/screen/teams/{who}")


async def mine(page: Shown, text: str, who: str = "ana") -> Json:
    (found,) = [one for one in await page.messages("teams", who) if one["text"] == text]
    return found


async def ticket(page: Shown) -> str:
    """The address of the only ticket there is."""
    found = await page.stage.bot.store.database.read(lambda connection: connection.execute(select(tickets.c.id)).scalar_one())
    return f"{(await page.get('/about'))['links']['from']}/t/{found}"


def action(card: Json, title: str) -> Json:
    (found,) = [one for block in card["body"] for one in block.get("actions", ()) if one["title"] == title]
    return dict(found)


async def test_the_page_knows_the_entries_of_the_app_and_the_persons_zone(page: Shown) -> None:
    entries = (await page.get("/about"))["entries"]
    assert {"issue", "list queue", "help"} <= {one["title"] for one in entries}
    assert all(one["about"] for one in entries)
    assert (await screen(page))["zone"] == "America/Los_Angeles"


async def test_a_found_ticket_is_put_into_the_message_and_sent(page: Shown) -> None:
    office = page.channel("teams", "office")
    await page.does("teams", "bob", "say", conversation="dm", text=LIGHT)
    found = (await page.does("teams", "ana", "search", conversation=office, text="flickers"))["found"]
    assert [one["title"] for one in found] == [f"#1 {LIGHT}"]
    await page.does("teams", "ana", "pick", conversation=office, text="flickers", number=0)
    assert len((await screen(page))["composer"]) == 1
    await page.does("teams", "ana", "drop_draft")
    assert (await screen(page))["composer"] == []
    await page.does("teams", "ana", "pick", conversation=office, text="flickers", number=0)
    await page.does("teams", "ana", "send_draft", conversation=office, text="this one")
    assert (await screen(page))["composer"] == []
    assert LIGHT in str((await mine(page, "this one", "quinn"))["card"])


async def test_a_search_that_finds_nothing_says_so_and_leaves_nothing_behind(page: Shown) -> None:
    before = await page.messages("teams", "ana")
    said = await page.does("teams", "ana", "search", conversation="dm", text="unicorn")
    assert said["found"] == []
    assert said["said"]
    assert await page.messages("teams", "ana") == before


async def test_the_entry_below_the_field_opens_a_form(page: Shown) -> None:
    await page.does("teams", "ana", "shortcut", conversation=page.channel("teams", "office"))
    dialog = (await screen(page))["dialog"]
    assert any(block.get("type") == "Input.Text" for block in dialog["card"]["body"])
    assert (await page.post("/do/teams/ana/shortcut", conversation="19:x"))[0] == 409


async def test_a_pasted_link_of_a_ticket_is_shown_and_sent_as_a_card(page: Shown) -> None:
    office = page.channel("teams", "office")
    await page.does("teams", "bob", "say", conversation="dm", text=LIGHT)
    link = await ticket(page)
    found = await page.does("teams", "ana", "paste", conversation=office, url=link)
    assert LIGHT in str(found["card"])
    for other in ("https://elsewhere.example/t/1", f"{link}0"):
        assert (await page.does("teams", "ana", "paste", conversation=office, url=other))["card"] is None
    await page.does("teams", "ana", "say", conversation=office, text=f"see {link}")
    assert LIGHT in str((await mine(page, f"see {link}", "bob"))["card"])


async def test_a_new_chat_gets_the_app_and_loses_it_again(page: Shown) -> None:
    chat = (await page.does("teams", "ana", "new_chat", people=["bob", "bob", "ana"], name=""))["conversation"]
    (told,) = [one for one in (await screen(page, "bob"))["conversations"] if one["id"] == chat]
    assert (told["name"], told["kind"], told["app"], len(told["members"])) == ("Ana, Bob", "groupChat", False, 2)
    await page.does("teams", "bob", "add_app", conversation=chat)
    await page.does("teams", "ana", "say", conversation=chat, text=f"/issue {LIGHT}")
    assert page.stage.on.teams.actor("ana").sees(f"#1 is open: {LIGHT}")
    assert (await page.post("/do/teams/bob/add_app", conversation=chat))[0] == 409
    await page.does("teams", "bob", "remove_app", conversation=chat)
    status, said = await page.post("/do/teams/ana/say", conversation=chat, text="/issue again")
    assert (status, "is not in" in said["refused"]) == (409, True)


async def test_the_app_is_taken_from_a_whole_team(page: Shown) -> None:
    await page.does("teams", "bob", "remove_app", conversation=page.channel("teams", "building-desk"))
    desks = [one for one in (await screen(page, "bob"))["conversations"] if one["team"] and one["team"]["name"] == "Desks"]
    assert len(desks) > 2
    assert not any(one["app"] for one in desks)


@pytest.mark.parametrize(
    ("deed", "values"),
    [
        ("new_chat", {"people": []}),
        ("new_chat", {"people": ["nobody"]}),
        ("add_app", {"conversation": "19:x"}),
        ("add_app", {"conversation": "dm"}),
        ("remove_app", {}),
    ],
)
async def test_what_cannot_be_arranged_is_refused_in_words(page: Shown, deed: str, values: Json) -> None:
    status, said = await page.post(f"/do/teams/ana/{deed}", **values)
    assert (status, bool(said["refused"])) == (409, True)


async def test_only_reactions_that_teams_has_are_put_on_a_message(page: Shown) -> None:
    office = page.channel("teams", "office")
    await page.does("teams", "ana", "say", conversation=office, text="hello")
    number = (await mine(page, "hello"))["id"]
    await page.does("teams", "bob", "react", conversation=office, id=number, name="heart")
    assert list((await mine(page, "hello"))["reactions"]) == ["heart"]
    assert (await page.post("/do/teams/bob/react", conversation=office, id=number, name="ticket"))[0] == 409


async def test_a_button_that_has_become_another_one_is_not_pressed(page: Shown) -> None:
    await page.does("teams", "ana", "say", conversation="dm", text=LIGHT)
    (card,) = [one for one in await page.messages("teams", "bob") if one["conversation"] == page.channel("teams", "building-desk")]
    take = action(card["card"], "Take it")
    press = {"conversation": card["conversation"], "id": card["id"], "number": take["$n"], "title": "Take it"}
    await page.does("teams", "bob", "press", **press)
    status, said = await page.post("/do/teams/bob/press", **press)
    assert (status, said["refused"]) == (409, CHANGED)


async def test_a_dialog_says_where_it_was_opened_and_what_is_missing(page: Shown) -> None:
    await page.does("teams", "ana", "say", conversation="dm", text=LIGHT)
    desk = page.channel("teams", "building-desk")
    (card,) = [one for one in await page.messages("teams", "bob") if one["conversation"] == desk]
    fixed = action(card["card"], "Fixed…")
    await page.does("teams", "bob", "press", conversation=desk, id=card["id"], number=fixed["$n"], title="Fixed…")
    dialog = (await screen(page, "bob"))["dialog"]
    assert (dialog["conversation"], dialog["errors"]) == (desk, {})
    (send,) = dialog["card"]["actions"]
    assert (await page.post("/do/teams/bob/submit", number=send["$n"], title="Something else", values={}))[1]["refused"] == CHANGED
    assert (await page.post("/do/teams/bob/submit", number=send["$n"], title=send["title"], values={"minutes": "5"}))[0] == 409
    dialog = (await screen(page, "bob"))["dialog"]
    assert dialog["errors"] == {"What did you do?": "Please fill this in."}
    assert dialog["drafts"]["minutes"] == "5"
