"""The Mail window's side of the server: whose mailboxes there are, what is in them, and a letter's HTML as it may be shown."""

from __future__ import annotations

import asyncio
import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import keeping
from bot.sandbox.mail.reading import Address, Attachment, Contents
from bot.sandbox.page.guard import MARK
from bot.sandbox.page.letters import drawn
from tests.bot.sandbox.mail.conftest import letter, send
from tests.bot.sandbox.page.conftest import Shown, shown

JOE, ANA = "joe@sparks.example", "ana@acme.example"
Json = dict[str, Any]


async def screen(page: Shown, who: str = JOE) -> Json:
    return await page.get(f"/screen/mail/{who}")


async def told(page: Shown, message: EmailMessage, to: str = JOE) -> Json:
    """A letter of the desk, as it is on the screen."""
    await send(page.stage.on.mail, message, to)
    found: Json = (await screen(page, to))["letters"][0]
    return found


async def test_everybody_of_the_office_and_of_its_vendors_has_a_mailbox(page: Shown) -> None:
    about = await page.get("/about")
    boxes = {one["handle"]: one for one in about["mailboxes"]}
    assert (boxes[JOE]["name"], boxes[JOE]["does"], boxes[JOE]["inside"]) == ("Joe Sparks", "Sparks Ltd", False)
    assert boxes["help@northwind.example"]["does"] == "Northwind IT Services"
    assert (boxes[ANA]["name"], boxes[ANA]["does"], boxes[ANA]["inside"]) == ("Ana Alvarez", "Sales", True)
    assert (about["chats"], about["trouble"]["mail"]) == (["slack", "teams", "mail"], {"down": False, "busy": False, "twice": False})
    empty = await screen(page)
    assert (empty["desk"], empty["letters"], empty["name"]) == ("desk@desk.example", [], "Joe Sparks")
    assert JOE not in {one["address"] for one in empty["addresses"]} >= {"desk@desk.example", ANA}


async def test_a_letter_is_on_the_screen_by_the_offices_clock(page: Shown) -> None:
    message = letter(text="Line one.\n\nLine two.")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a b.png")
    await page.post("/control/clock", to="+4h")
    found = await told(page, message)
    assert abs(found["at"] - page.stage.on.clock().timestamp()) < 60
    assert (found["subject"], found["text"], found["html"], found["read"]) == (
        "[#142] Light flickering",
        "Line one.\n\nLine two.",
        False,
        False,
    )
    assert found["answer"]["to"] == "desk+k3x@desk.example"
    (file,) = found["attachments"]
    async with page.http.get(f"{page.url}/file/mail/{file['id']}") as said:
        assert (await said.read(), said.headers["Content-Disposition"]) == (b"\x89PNG", 'inline; filename="a b.png"')
    async with page.http.get(f"{page.url}/source/{found['id']}") as said:
        assert (said.content_type, (await said.text()).startswith("Return-Path:")) == ("text/plain", True)
    await page.does("mail", JOE, "open_letter", id=found["id"])
    assert (await screen(page))["letters"][0]["read"]


@pytest.mark.parametrize(
    "path", ["/screen/mail/nobody@x.example", "/letter/L99", "/source/L99", "/file/mail/L99.0", "/file/mail/x", "/file/mail/L2.-1"]
)
async def test_what_is_not_there_is_not_found(page: Shown, path: str) -> None:
    await told(page, letter())
    async with page.http.get(page.url + path) as said:
        assert said.status == 404


@pytest.mark.parametrize(
    ("deed", "values"),
    [
        ("write", {"to": "", "subject": "x", "text": "y"}),
        ("write", {"to": "joe", "subject": "x", "text": "y"}),
        ("write", {"to": ANA, "subject": "x", "text": "y", "files": ["F99"]}),
        ("write", {"to": ANA, "subject": 5, "text": "y"}),
        ("reply", {"id": "L99", "text": "y"}),
        ("open_letter", {"id": "L99"}),
        ("dance", {}),
    ],
)
async def test_what_cannot_be_sent_is_refused_in_words(page: Shown, deed: str, values: Json) -> None:
    status, said = await page.post(f"/do/mail/{JOE}/{deed}", **values)
    assert (status, bool(said["refused"])) == (409, True)
    assert (await page.post(f"/do/mail/nobody@x.example/{deed}", **values))[0] == 404


async def test_a_reply_with_a_file_comes_back_while_the_bot_has_no_mail(page: Shown) -> None:
    """As long as the bot takes no letters: when it does, this is the test to change."""
    found = await told(page, letter())
    async with page.http.post(
        f"{page.url}/file/mail/{JOE}?name=bill.pdf", data=b"%PDF", headers={MARK: "1", "Content-Type": "application/pdf"}
    ) as said:
        number = (await said.json())["file"]
    answer = await page.does("mail", JOE, "reply", id=found["id"], text="I come at two.", files=[number])
    assert answer["state"] == "returned"
    report, sent, _ = (await screen(page))["letters"]
    assert (sent["folder"], sent["state"], [one["name"] for one in sent["attachments"]]) == ("sent", "returned", ["bill.pdf"])
    assert "Nobody takes letters there yet." in report["text"]
    assert (page.stage.on.mail.deliveries[-1].status, page.stage.on.mail.deliveries[-1].error) == (404, "http_error")


@pytest.mark.parametrize("kind", ["down", "busy", "twice"])
async def test_trouble_is_switched_on_and_off(page: Shown, kind: str) -> None:
    await page.post("/control/trouble", chat="mail", kind=kind, on=True)
    assert (await page.get("/about"))["trouble"]["mail"][kind]
    if kind != "twice":
        with pytest.raises(smtplib.SMTPException):
            await send(page.stage.on.mail, letter())
    await page.post("/control/trouble", chat="mail", kind=kind, on=False)
    assert not any((await page.get("/about"))["trouble"]["mail"].values())
    await told(page, letter())


async def test_what_was_written_while_mail_was_down_goes_out_when_it_is_back(page: Shown) -> None:
    await page.post("/control/trouble", chat="mail", kind="down", on=True)
    assert (await page.does("mail", JOE, "write", to="desk@desk.example", subject="x", text="y"))["state"] == "waiting"
    await page.post("/control/trouble", chat="mail", kind="down", on=False)
    assert page.stage.on.mail.deliveries[-1].status == 404


async def test_a_restart_meets_the_same_mailboxes(sqlite_url: str, tmp_path: Path) -> None:
    async with shown(sqlite_url, tmp_path) as page:
        found = await told(page, letter())
        on = page.stage.on
        text = keeping.kept(on.slack.world, on.teams.world, on.mail.world, on.clock.ahead, on.facts)
    async with shown(sqlite_url, tmp_path, keeping.read(text)) as page:
        assert (await screen(page))["letters"] == [found]
        assert (await told(page, letter("Another")))["id"] != found["id"]


async def test_many_letters_at_once_are_all_there(page: Shown) -> None:
    mail = page.stage.on.mail
    await asyncio.gather(*(send(mail, letter(f"Letter {number}")) for number in range(8)))
    assert len({one["id"] for one in (await screen(page))["letters"]}) == 8


# ---------------------------------------------------------------- HTML


def contents(html: str, *files: Attachment) -> Contents:
    nobody = Address("", JOE)
    return Contents(nobody, (), (), (), "x", datetime.now(UTC).timestamp(), "", html, files, "", "", ())


def body(html: str, *files: Attachment) -> str:
    links = {"from": "https://desk.example", "to": "http://127.0.0.1:8421"}
    return drawn(contents(html, *files), links).partition("<body>")[2].removesuffix("</body></html>")


PNG = Attachment("a.png", "image/png", b"\x89PNG", "one@desk")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<p style="color:red">a &lt; b</p>', '<p style="color:red">a &lt; b</p>'),
        ('<p style="background:URL(//evil.example)">a', "<p>a"),
        (r'<p style="background:u\72l(//evil.example)">a', "<p>a"),
        ("<script>alert(1)</script>after", "after"),
        ("<SCRIPT SRC=//evil.example/x.js></SCRIPT >after", "after"),
        ("<style>@import url(//evil.example)</style>after", "after"),
        ('<p onclick="x()" id=a class=b>a', "<p>a"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href=" JavaScript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ('<img src="https://evil.example/x.png" alt="A <b>">', "A &lt;b&gt;"),
        ('<img src="//evil.example/x.png" srcset="x">', ""),
        ('<img src="cid:one@desk">', '<img src="data:image/png;base64,iVBORw==">'),
        ('<img src="cid:two@desk" alt="gone">', "gone"),
        ('<link rel="dns-prefetch" href="//evil.example"><meta http-equiv=refresh content="0;url=//evil.example">a', "a"),
        ('<base href="//evil.example"><form action="//evil.example"><input name=a><button>go</button></form>', "go"),
        ('<iframe src="//evil.example">x</iframe><object data="//evil.example">y</object>z', "z"),
        ("<svg><a href=x>y</a></svg>z", "z"),
        ("a<br/>b<!-- c --><?php d ?>", "a<br>b"),
        ('<p title="&quot;><script>">a', '<p title="&quot;&gt;&lt;script&gt;">a'),
    ],
)
def test_only_what_is_known_is_written_anew(html: str, shown: str) -> None:
    assert body(html, PNG) == shown


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://desk.example/t/1?a=b&c", "http://127.0.0.1:8421/t/1?a=b&amp;c"),
        ("https://desk.example.evil.example/", "https://desk.example.evil.example/"),
        ("https://elsewhere.example/", "https://elsewhere.example/"),
        ("mailto:joe@sparks.example", "mailto:joe@sparks.example"),
    ],
)
def test_links_of_the_bot_lead_to_where_it_listens(url: str, leads: str) -> None:
    assert body(f'<a href="{url}">go</a>') == f'<a href="{leads}" target="_blank" rel="noopener noreferrer">go</a>'


@pytest.fixture
def hostile() -> EmailMessage:
    message = letter()
    message.add_alternative('<p>Hello</p><script>top.x=1</script><img src="http://evil.example/p.png">', subtype="html")
    return message


async def test_a_letter_comes_with_a_policy_of_its_own(page: Shown, hostile: EmailMessage) -> None:
    found = await told(page, hostile)
    async with page.http.get(f"{page.url}/letter/{found['id']}") as said:
        text, rules = await said.text(), said.headers["Content-Security-Policy"]
    assert ("<p>Hello</p>" in text, "evil" in text, "script" in text) == (True, False, False)
    assert "default-src 'none'" in rules
    assert "script-src" not in rules
    assert "sandbox allow-popups" in rules
    assert "allow-scripts" not in rules
