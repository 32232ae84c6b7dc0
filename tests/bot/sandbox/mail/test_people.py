"""What people write: to the desk by the signed webhook, to each other, and what comes back."""

from __future__ import annotations

import email
import time
from email import policy

import pytest

from bot.sandbox import keeping
from bot.sandbox.clock import HandClock
from bot.sandbox.errors import ClientRefused
from bot.sandbox.mail import MailSandbox, Tamper
from bot.sandbox.mail.checking import check
from bot.sandbox.mail.courier import PAUSES
from bot.sandbox.mail.model import Letter, Upload
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.teams import TeamsSandbox
from tests.bot.sandbox.mail.conftest import ANA, JOE, SENDER, Receiver, letter, send

SECRET = "another-secret"


def back(mail: MailSandbox, address: str = JOE) -> str:
    """The newest report of a letter that came back."""
    return mail.actor(address).find("did not reach").contents.text


async def test_a_new_letter_reaches_the_desk_signed_and_raw(mail: MailSandbox, desk: Receiver) -> None:
    sent = await mail.actor(JOE).write(
        "The desk <DESK@desk.example>",
        "Invoice\r\nBcc: eve@acme.example",
        "Find it attached, 50 €.",
        [Upload("bill.pdf", "application/pdf", b"%PDF")],
    )
    assert (sent.state, sent.folder, sent.read) == ("delivered", "sent", True)
    (heard,) = desk.heard
    assert heard == {"id": sent.id, "mail_from": JOE, "rcpt_to": ["desk@desk.example"], "raw": heard["raw"]}
    assert abs(desk.stamps[0] - time.time()) < 300
    message = email.message_from_bytes(desk.raw(), policy=policy.default)
    assert (message["From"], message["Subject"], message["Bcc"]) == (f"Joe Sparks <{JOE}>", "Invoice Bcc: eve@acme.example", None)
    assert [part.get_content_type() for part in message.walk()] == ["multipart/mixed", "text/plain", "application/pdf"]
    check(desk.raw())


async def test_a_reply_belongs_to_its_letter(mail: MailSandbox, desk: Receiver) -> None:
    await send(mail, letter(References="<zero@desk.example>"))
    await mail.actor(JOE).reply("flickers", "I come at two.")
    said = email.message_from_bytes(desk.raw(), policy=policy.default)
    assert desk.heard[0]["rcpt_to"] == [SENDER]
    assert (said["Subject"], said["In-Reply-To"]) == ("Re: [#142] Light flickering", "<one@desk.example>")
    assert said["References"] == "<zero@desk.example> <one@desk.example>"
    words = said.get_content().splitlines()
    assert words[:3] == ["I come at two.", "", f"On Mon, 16 Nov 2026 at 10:02, Deskbell <{SENDER}> wrote:"]
    assert words[3] == "> The light flickers."
    await mail.actor(JOE).reply("flickers", "Again.", to="ann@desk.example")
    assert desk.heard[1]["rcpt_to"] == ["ann@desk.example"]


async def test_a_reply_goes_where_the_letter_wants_it(mail: MailSandbox, desk: Receiver) -> None:
    await send(mail, letter(Reply_To="desk+other@desk.example", subject="re: this"))
    await mail.actor(JOE).reply("flickers", "Yes.")
    assert desk.heard[0]["rcpt_to"] == ["desk+other@desk.example"]
    assert email.message_from_bytes(desk.raw())["Subject"] == "re: this"


@pytest.mark.parametrize("tamper", [Tamper(secret=SECRET), Tamper(signature=""), Tamper(signature="v1=00"), Tamper(body=b"{}")])
async def test_a_request_that_is_not_ours_is_known_by_its_signature(mail: MailSandbox, desk: Receiver, tamper: Tamper) -> None:
    await mail.actor(JOE).write(mail.desk, "x", "y", tamper=tamper)
    assert (desk.refused, desk.heard) == (1, [])


async def test_an_old_request_says_so(mail: MailSandbox, desk: Receiver) -> None:
    await mail.actor(JOE).write(mail.desk, "x", "y", tamper=Tamper(age=600))
    assert time.time() - desk.stamps[0] > 500


async def test_a_letter_comes_twice_with_one_id_if_that_was_ordered(mail: MailSandbox, desk: Receiver) -> None:
    mail.faults.deliver_twice()
    await mail.actor(JOE).write(mail.desk, "x", "y")
    await mail.actor(JOE).write(mail.desk, "x", "y")
    first, again, other = (one["id"] for one in desk.heard)
    assert first == again != other


async def test_where_nobody_takes_letters_it_comes_back_at_once(mail: MailSandbox, desk: Receiver) -> None:
    desk.statuses = [404]
    sent = await mail.actor(JOE).write(mail.desk, "Invoice ü", "y")
    assert sent.state == "returned"
    said = ["Your letter “Invoice ü” did not reach desk@desk.example.", "Nobody takes letters there yet."]
    assert back(mail).split("\n\n")[:2] == said
    report = mail.actor(JOE).find("Invoice").raw
    check(report)
    parsed = email.message_from_bytes(report, policy=policy.default)
    assert (parsed.get_content_type(), parsed.get_param("report-type")) == ("multipart/report", "delivery-status")
    assert (parsed["In-Reply-To"], parsed["Auto-Submitted"]) == (sent.contents.message_id, "auto-replied")
    kinds = [part.get_content_type() for part in parsed.iter_parts()]
    assert kinds == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
    assert b"Final-Recipient: rfc822; desk@desk.example" in report
    assert b"Status: 5.3.2" in report
    mail.bot_url = ""
    assert (await mail.actor(JOE).write(mail.desk, "Once more", "y")).state == "returned"


async def test_what_the_desk_refuses_comes_back_with_its_words(mail: MailSandbox, desk: Receiver) -> None:
    desk.statuses, desk.words = [403, 302], "Only people of\nAcme may write here."
    await mail.actor(JOE).write(mail.desk, "x", "y")
    assert "The desk refused it: Only people of Acme may write here." in back(mail)
    assert (await mail.actor(JOE).write(mail.desk, "moved", "y")).state == "returned"
    assert len(desk.heard) == 2


@pytest.mark.parametrize("status", [500, 503, 429, 408])
async def test_what_the_desk_cannot_take_now_comes_again(mail: MailSandbox, desk: Receiver, clock: HandClock, status: int) -> None:
    desk.statuses = [status, status]
    sent = await mail.actor(JOE).write(mail.desk, "x", "y")
    assert (sent.state, await mail.repeat()) == ("waiting", 0)
    clock.move(PAUSES[0])
    assert (await mail.repeat(), len(desk.heard)) == (0, 2)
    clock.move(PAUSES[0])
    assert (await mail.repeat(), len(desk.heard)) == (0, 2)
    clock.move(PAUSES[1])
    assert (await mail.repeat(), sent.state) == (1, "delivered")
    assert {one["id"] for one in desk.heard} == {sent.id}
    assert mail.actor(JOE).letters() == []


async def test_after_hours_without_an_answer_it_comes_back(mail: MailSandbox, clock: HandClock) -> None:
    mail.bot_url = "http://127.0.0.1:1/mail/inbound"
    sent = await mail.actor(JOE).write(mail.desk, "x", "y")
    for pause in PAUSES:
        assert sent.state == "waiting"
        clock.move(pause)
        await mail.repeat()
    assert sent.state == "returned"
    assert "could not be reached" in back(mail)
    assert {one.error for one in mail.deliveries} == {"connection_failed"}


async def test_a_desk_that_does_not_answer_is_tried_again(mail: MailSandbox, desk: Receiver) -> None:
    mail.courier.answer_within = 0.0
    assert (await mail.actor(JOE).write(mail.desk, "x", "y")).state == "waiting"
    assert mail.deliveries[-1].error == "http_timeout"
    mail.courier.answer_within = 20.0
    assert await mail.repeat(now=True) == 1


async def test_while_mail_is_down_letters_wait_and_no_try_is_used_up(mail: MailSandbox, desk: Receiver) -> None:
    mail.faults.down = True
    sent = await mail.actor(JOE).write(mail.desk, "x", "y")
    assert (sent.state, sent.tries, desk.heard) == ("waiting", 0, [])
    mail.faults.down = False
    assert await mail.repeat(now=True) == 1


async def test_people_write_to_each_other_and_to_nobody(mail: MailSandbox) -> None:
    sent = await mail.actor(JOE).write(f"Ana <{ANA}>; ann@acme.example", "Lunch?", "At one.")
    assert sent.state == ""
    assert mail.actor(ANA).find("At one.").contents.sender.name == "Joe Sparks"
    assert "ann@acme.example" in back(mail)
    assert "no such mailbox" in back(mail)


@pytest.mark.parametrize(
    ("to", "subject", "text"),
    [("", "x", "y"), ("joe", "x", "y"), ("a@b", "x", "y"), ("ö@acme.example", "x", "y"), ("a b@acme.example", "x", "y"), (JOE, " ", "\n")],
)
async def test_what_ones_own_program_would_not_send(mail: MailSandbox, to: str, subject: str, text: str) -> None:
    with pytest.raises(ClientRefused):
        await mail.actor(JOE).write(to, subject, text)
    assert mail.world.letters == {}


async def test_a_letter_that_is_too_large_is_not_sent(mail: MailSandbox, desk: Receiver) -> None:
    with pytest.raises(ClientRefused, match="too large"):
        await mail.actor(JOE).write(mail.desk, "x", "y", [Upload("a.bin", "application/octet-stream", b"x" * 8_000_000)])
    assert (mail.world.letters, desk.heard) == ({}, [])


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "nonsense", "text/plain", "image/png"])
async def test_any_file_goes_along_as_it_is(mail: MailSandbox, desk: Receiver, kind: str) -> None:
    await mail.actor(JOE).write(mail.desk, "x", "y", [Upload("a\r\nb.txt", kind, b"From: x\r\n\r\n\xff\n")])
    check(desk.raw())
    (file,) = mail.world.letters["L2"].contents.attachments
    assert (file.name, file.data) == ("a b.txt", b"From: x\r\n\r\n\xff\n")


async def test_only_ones_own_letters_are_opened(mail: MailSandbox) -> None:
    await send(mail, letter())
    (mine,) = mail.actor(JOE).letters()
    with pytest.raises(LookupError):
        mail.world.letter(mail.actor(ANA).mailbox, mine.id)
    mail.actor(JOE).opens(mine)
    assert mine.read


async def test_html_alone_has_words_too(mail: MailSandbox) -> None:
    message = letter()
    message.set_content("<style>p{}</style><p>It <b>flickers</b>.</p><ul><li>Oslo</ul>", subtype="html", cte="quoted-printable")
    await send(mail, message)
    assert mail.actor(JOE).letters()[0].contents.text == "It flickers.\nOslo"


# ---------------------------------------------------------------- a restart


async def test_a_restart_meets_the_same_letters_and_sends_what_waits(mail: MailSandbox, desk: Receiver, clock: HandClock) -> None:
    desk.statuses = [503]
    await send(mail, letter())
    mail.actor(JOE).opens(mail.actor(JOE).letters()[0])
    waiting = await mail.actor(JOE).write(mail.desk, "Invoice", "y")
    slack, teams = SlackSandbox(clock=clock), TeamsSandbox(clock=clock)
    text = keeping.kept(slack.world, teams.world, mail.world, 0.0, {})
    await mail.stop()
    async with MailSandbox(domain="desk.example", clock=clock) as again:
        again.add_mailbox(JOE, "Joe Sparks")
        keeping.restore(keeping.read(text), slack.world, teams.world, again.world)
        (read,) = again.actor(JOE).letters()
        assert (read.raw, read.read, read.contents.subject) == (mail.actor(JOE).letters()[0].raw, True, "[#142] Light flickering")
        again.bot_url = mail.bot_url
        clock.move(PAUSES[0])
        assert await again.repeat() == 1
        assert [one["id"] for one in desk.heard] == [waiting.id, waiting.id]
        fresh = await again.actor(JOE).write(again.desk, "x", "y")
        assert fresh.id not in mail.world.letters


def test_a_file_from_before_there_was_mail_is_read(clock: HandClock) -> None:
    slack, teams, mail = SlackSandbox(clock=clock), TeamsSandbox(clock=clock), MailSandbox(domain="desk.example", clock=clock)
    mail.world.add(Letter("L1", JOE, "inbox", 0.0, b"x"))
    text = keeping.kept(slack.world, teams.world, mail.world, 0.0, {}).decode()
    before, _, rest = text.partition('"mail":')
    _, _, after = rest.partition('},"ahead"')
    old = keeping.read((before + '"ahead"' + after).encode())
    assert old.mail.letters == {}
