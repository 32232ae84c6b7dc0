"""Who can be chosen before the windows, and the workspace of a vendor: its people, its channel, and nothing of the office's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import keeping
from bot.sandbox.page.cast import cast
from bot.sandbox.page.guard import MARK
from handlers.frozen import replace
from storage.tables import installations, tickets
from tests.bot.sandbox.page.conftest import Json, Shown, example, shown

NORTHWIND = "Northwind IT Services"
TOLD = "I take no reports from here"
NOTHING = f"Nothing is offered to {NORTHWIND} just now."


def person(handle: str) -> Json:
    (found,) = [one for one in cast(example()) if one["handle"] == handle]
    return found


def without_northwind(*, vendors: bool) -> dict[str, Any]:
    """The example office with other vendors only, or with none and nothing that names one."""
    document = dict(example())
    if vendors:
        named = [{**one, "places": [place for place in one["places"] if "slack" not in place]} for one in document["vendors"]]
        return {**document, "vendors": named}
    for section in ("vendors", "contracts", "subscriptions", "escalations"):
        del document[section]
    for section, names in {"categories": ("escalation",), "responsibility": ("contract",)}.items():
        document[section] = [{name: value for name, value in one.items() if name not in names} for one in document[section]]
    return document


# ---------------------------------------------------------------- the cast


@pytest.mark.parametrize(
    ("handle", "group", "does"),
    [
        ("ana", "Employees", "Sales"),
        ("dee", "Managers", "head of Sales, manager of 6"),
        ("bob", "Desks", "office manager, head of Operations, manager of 3, Front desk, Building desk"),
        ("quinn", "Desks", "IT desk"),
        ("ada", "Leadership", "owner, head of Management, manager of 5"),
        ("cy", "Leadership", "head of Finance, manager of 2, Finance desk"),
        ("lou@northwind", NORTHWIND, "vCIO"),
        ("max@northwind", NORTHWIND, "technician"),
        ("nia@northwind", NORTHWIND, "technician"),
    ],
)
def test_everybody_is_under_what_they_are(handle: str, group: str, does: str) -> None:
    assert (person(handle)["group"], person(handle)["does"]) == (group, does)


def test_each_group_stands_together_and_everybody_is_in_one() -> None:
    everybody = cast(example())
    groups = [one["group"] for one in everybody]
    assert list(dict.fromkeys(groups)) == ["Employees", "Managers", "Desks", "Leadership", NORTHWIND]
    assert groups == sorted(groups, key=["Employees", "Managers", "Desks", "Leadership", NORTHWIND].index)
    assert len({one["handle"] for one in everybody}) == len(everybody) == len(example()["people"]) + 3


def test_a_colleague_with_a_grant_is_named_so_and_a_mailbox_is_nobody() -> None:
    document = example()
    people = [{**one, "roles": ["vcio"]} if one["email"] == "quinn@acme.example" else one for one in document["people"]]
    (quinn,) = [one for one in cast({**document, "people": people}) if one["handle"] == "quinn"]
    assert quinn["does"] == "vCIO, IT desk"
    assert "help@northwind.example" not in {one["email"] for one in cast(document)}


async def test_each_window_says_whose_account_it_is(page: Shown) -> None:
    for one in (await page.get("/about"))["people"]:
        for chat in ("slack", "teams"):
            async with page.http.get(f"{page.url}/screen/{chat}/{one['handle']}") as said:
                assert said.status == (200 if chat in one["chats"] else 404), one


@pytest.mark.parametrize("who", ["ana@northwind", "lou@nowhere", "lou", "max@", "@northwind"])
async def test_nobody_sits_in_anothers_workspace(page: Shown, who: str) -> None:
    async with page.http.get(f"{page.url}/screen/slack/{who}") as said:
        assert said.status == 404
    assert (await page.post(f"/do/slack/{who}/say", conversation="dm", text="x"))[0] == 404
    async with page.http.post(f"{page.url}/file/slack/{who}?name=a", data=b"1", headers={MARK: "1"}) as said:
        assert said.status == 404


# ---------------------------------------------------------------- Northwind's workspace


async def test_they_see_their_own_workspace_and_nothing_of_the_offices(page: Shown) -> None:
    await page.does("slack", "ana", "say", conversation=page.channel("slack", "office"), text="hello everybody")
    screen = await page.get("/screen/slack/max@northwind")
    assert screen["name"] == NORTHWIND
    assert {one["name"] for one in screen["people"].values()} == {"Lou Lang", "Max Mayer", "Nia Nolan", "Deskbell", "Slackbot"}
    assert [one["name"] for one in screen["conversations"]] == ["acme-support"]
    assert screen["messages"] == []
    office = page.channel("slack", "office")
    status, _ = await page.post("/do/slack/max@northwind/say", conversation=office, text="hello")
    assert status == 409


async def test_the_bot_is_there_as_if_it_had_been_invited(page: Shown) -> None:
    rows = await page.stage.bot.store.database.read(lambda connection: connection.execute(installations.select()).all())
    (theirs,) = [row for row in rows if row.vendor == "northwind"]
    there = page.stage.on.slack.workspace("northwind")
    assert theirs.workspace == there.world.team
    assert len(theirs.data["used"]) == 1
    assert there.tokens[0] not in str(theirs.data)
    channel = there.world.channel("acme-support")
    assert there.app.user in channel.members
    (office,) = await page.stage.bot.store.offices.list()
    places = (await page.stage.bot.store.offices.get(office.id)).vendors["northwind"].places
    assert [one.address for one in places if one.chat == "slack"] == [channel.id]


async def test_they_hear_what_will_appear_there(page: Shown) -> None:
    who = "nia@northwind"
    await page.does("slack", who, "say", conversation="#acme-support", text="/issue the server is down")
    await page.does("slack", who, "say", conversation="#acme-support", text="@deskbell the server is down")
    await page.does("slack", who, "say", conversation="dm", text="the server is down")
    answers = [one for one in await page.messages("slack", who) if TOLD in one["text"]]
    assert [one["kind"] for one in answers] == ["ephemeral", "ephemeral", "message"]
    await page.does("slack", who, "open_app", tab="home")
    assert NOTHING in str((await page.get(f"/screen/slack/{who}"))["home"]["body"])
    assert await page.stage.bot.store.database.read(lambda connection: connection.execute(tickets.select()).all()) == []


async def test_what_the_office_sends_them_appears_in_the_channel_that_was_agreed_on(page: Shown) -> None:
    slack, there = page.stage.on.slack, page.stage.on.slack.workspace("northwind")
    eva, max_ = slack.actor("eva"), there.actor("max")
    await page.does("slack", "ana", "say", conversation="#office", text="/issue the crm is slow on all our laptops")
    await eva.press("Send to a vendor…", on=eva.find("#1 the crm is slow"))
    await slack.until(lambda: eva.modal is not None and eva.modal.says("To which vendor?"))
    await eva.submit({"To which vendor?": NORTHWIND})
    await page.stage.settled()
    offer = max_.find("#1 of Acme Ltd: the crm is slow")
    assert offer.channel == there.world.channel("acme-support").id
    await max_.press("Claim", on=offer)
    await page.stage.settled()
    assert slack.actor("ana").sees(f"Max Mayer ({NORTHWIND}) is on it.")


async def test_files_are_sent_and_shown_there_too(page: Shown) -> None:
    headers = {MARK: "1", "Content-Type": "image/png"}
    async with page.http.post(f"{page.url}/file/slack/max@northwind?name=rack.png", data=b"\x89PNG", headers=headers) as said:
        number = (await said.json())["file"]
    await page.does("slack", "max@northwind", "say", conversation="#acme-support", text="look", files=[number])
    (message,) = await page.messages("slack", "lou@northwind")
    assert message["files"][0]["name"] == "rack.png"
    async with page.http.get(f"{page.url}/file/slack/{number}") as said:
        assert await said.read() == b"\x89PNG"


# ---------------------------------------------------------------- coming back, and other offices


async def test_a_restart_meets_both_workspaces(sqlite_url: str, tmp_path: Path) -> None:
    async with shown(sqlite_url, tmp_path) as page:
        await page.does("slack", "max@northwind", "say", conversation="#acme-support", text="good morning")
        on, there = page.stage.on, page.stage.on.slack.workspace("northwind")
        token = there.tokens[0]
        text = keeping.kept(on.slack.world, on.teams.world, on.mail.world, on.clock.ahead, on.facts, on.slack.workspaces[1:])
    before = keeping.read(text)
    async with shown(sqlite_url, tmp_path, before) as page:
        there = page.stage.on.slack.workspace("northwind")
        assert there.tokens == [token]
        assert [one["text"] for one in await page.messages("slack", "lou@northwind")] == ["good morning"]
        await page.does("slack", "lou@northwind", "say", conversation="dm", text="the server is down")
        assert there.actor("lou").sees(TOLD)
        assert page.stage.on.slack.calls_of("oauth.v2.access") == []
    (row,) = [one for one in await _rows(sqlite_url, tmp_path, replace(keeping.read(text), vendors={})) if one.vendor]
    assert row.workspace == there.world.team


async def _rows(database: str, folder: Path, before: keeping.Kept) -> Any:
    """The installations after a start with what an earlier version has kept: it knew of one workspace only."""
    async with shown(database, folder, before) as page:
        assert page.stage.on.slack.workspace("northwind").installed
        return await page.stage.bot.store.database.read(lambda connection: connection.execute(installations.select()).all())


async def test_in_an_office_without_teams_they_are_there_too(sqlite_url: str, tmp_path: Path) -> None:
    async with shown(sqlite_url, tmp_path, slack_only=True) as page:
        await page.does("slack", "max@northwind", "say", conversation="dm", text="the server is down")
        assert page.stage.on.slack.workspace("northwind").actor("max").sees(TOLD)


@pytest.mark.parametrize("vendors", [True, False])
async def test_an_office_without_such_a_vendor_has_one_workspace(sqlite_url: str, tmp_path: Path, vendors: bool) -> None:
    async with shown(sqlite_url, tmp_path, document=without_northwind(vendors=vendors)) as page:
        assert page.stage.on.slack.workspaces == [page.stage.on.slack]
        assert not page.stage.bot.settings.has_oauth
        about = await page.get("/about")
        assert {one["group"] for one in about["people"]} == {"Employees", "Managers", "Desks", "Leadership"}
        await page.does("slack", "ana", "say", conversation="#office", text="/issue the lamp is dark")
        assert page.stage.on.slack.actor("bob").sees("#1 the lamp")


async def test_every_vendor_that_names_channels_gets_them(sqlite_url: str, tmp_path: Path) -> None:
    document = example()
    more = {"sparks": [{"slack": "C0ONE", "threads": "shared"}, {"slack": "C0TWO", "threads": "private"}]}
    vendors = [{**one, "places": more.get(one["key"], one["places"])} for one in document["vendors"]]
    async with shown(sqlite_url, tmp_path, document={**document, "vendors": vendors}) as page:
        screen = await page.get("/screen/slack/joe@sparks")
        assert [one["name"] for one in screen["conversations"]] == ["acme-support", "acme-support-2"]
        await page.does("slack", "joe@sparks", "say", conversation="dm", text="the server is down")
        assert page.stage.on.slack.workspace("sparks").actor("joe").sees(TOLD)
        assert len({one.world.team for one in page.stage.on.slack.workspaces}) == 3
