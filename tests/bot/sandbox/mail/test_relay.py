"""The relay that the bot sends by: whom it lets in, to whom, how much, and trouble to order. The standard library's client speaks to it."""

from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage
from typing import Any

import pytest

from bot.sandbox.clock import HandClock
from bot.sandbox.mail import MailSandbox
from bot.sandbox.mail.faults import GREYLISTED
from tests.bot.sandbox.mail.conftest import ANA, JOE, SENDER, letter, send, talk


async def refused(mail: MailSandbox, work: Any, *, login: bool = True) -> tuple[int, str]:
    """The code and the sentence of a step that fails."""
    with pytest.raises(smtplib.SMTPException) as found:
        await talk(mail, work, login=login)
    error = found.value
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, words),) = error.recipients.values()
        return code, words.decode()
    assert isinstance(error, smtplib.SMTPResponseException)
    return error.smtp_code, str(error.smtp_error)


def data(raw: bytes, to: str | list[str] = JOE, sender: str = SENDER, options: tuple[str, ...] = ()) -> Any:
    return lambda client: client.sendmail(sender, to, raw, mail_options=options)


def login(user: str, password: str) -> Any:
    return lambda client: client.login(user, password)


def wire(message: EmailMessage) -> bytes:
    return bytes(message).replace(b"\n", b"\r\n")


async def test_a_letter_arrives_with_all_that_is_in_it(mail: MailSandbox, clock: HandClock) -> None:
    message = letter(
        "[#142] Licht flackert, Büro 2",
        "Hallo Joe,\n\nes flackert ü.",
        Reply_To=SENDER,
        In_Reply_To="<a@b.example>",
        References="<a@b.example>",
    )
    message.add_alternative("<p>es <b>flackert</b></p>", subtype="html")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="licht.png")
    assert await talk(mail, lambda client: client.send_message(message, SENDER, [JOE, ANA], mail_options=["BODY=8BITMIME"])) == {}
    (found,) = mail.actor(JOE).letters()
    said = found.contents
    assert (said.sender.name, said.sender.address, said.to[0].address) == ("Deskbell", SENDER, JOE)
    assert (said.subject, said.text, said.html) == (
        "[#142] Licht flackert, Büro 2",
        "Hallo Joe,\n\nes flackert ü.",
        "<p>es <b>flackert</b></p>",
    )
    assert (said.message_id, said.in_reply_to, said.references) == ("<one@desk.example>", "<a@b.example>", ("<a@b.example>",))
    assert [(one.name, one.type, one.data) for one in said.attachments] == [("licht.png", "image/png", b"\x89PNG")]
    assert (found.read, found.at, found.folder) == (False, clock.now, "inbox")
    assert found.raw.startswith(f"Return-Path: <{SENDER}>\r\nDelivered-To: {JOE}\r\nReceived: ".encode())
    assert len(mail.actor(ANA).letters()) == 1


@pytest.mark.parametrize(
    ("to", "code"),
    [("ann@sparks.example", "5.1.1"), ("joe@nowhere.example", "5.1.2"), ("desk@desk.example", "5.4.6")],
)
async def test_who_is_not_there_is_refused_and_the_others_get_it(mail: MailSandbox, to: str, code: str) -> None:
    assert (await refused(mail, data(wire(letter()), to)))[0] == 550
    found = await send(mail, letter(), [JOE, to])
    assert found[to][0] == 550
    assert found[to][1].decode().startswith(code)
    assert mail.actor(JOE).sees("The light flickers.")


async def test_an_address_is_the_same_in_capitals_and_twice(mail: MailSandbox) -> None:
    await send(mail, letter(), [JOE.upper(), JOE])
    assert len(mail.actor(JOE).letters()) == 1


async def test_nobody_sends_without_name_and_password(mail: MailSandbox) -> None:
    assert await refused(mail, data(wire(letter())), login=False) == (530, "b'5.7.0 Authentication required'")
    for user, password in ((mail.user, "wrong"), ("ana", mail.password), ("ü", "ü")):
        with pytest.raises((smtplib.SMTPAuthenticationError, UnicodeEncodeError)):
            await talk(mail, login(user, password), login=False)
    mail.relay.needs_login = False
    assert await talk(mail, data(wire(letter())), login=False) == {}


async def test_tls_is_not_offered_on_loopback(mail: MailSandbox) -> None:
    with pytest.raises(smtplib.SMTPNotSupportedError):
        await talk(mail, lambda client: client.starttls(), login=False)


async def test_the_desk_sends_as_itself_only(mail: MailSandbox) -> None:
    assert (await refused(mail, data(wire(letter()), sender="ceo@acme.example")))[0] == 553
    assert (await refused(mail, data(wire(letter(From="Ada <ada@acme.example>")))))[0] == 550
    assert await talk(mail, data(wire(letter()), sender="<>")) == {}
    assert mail.actor(JOE).letters()[0].raw.startswith(b"Return-Path: <>\r\n")


async def test_a_letter_that_is_too_large_is_refused_before_and_after_it_was_sent(mail: MailSandbox) -> None:
    mail.relay.largest = 20_000
    raw = wire(letter(text="x" * 70 + "\n")) + b"y" * 70 + b"\r\n" + (b"z" * 70 + b"\r\n") * 400
    assert (await refused(mail, data(raw)))[0] == 552
    assert await talk(mail, lambda client: client.esmtp_features["size"]) == "20000"

    def unannounced(client: smtplib.SMTP) -> int:
        client.docmd("MAIL", f"FROM:<{SENDER}>")
        client.rcpt(JOE)
        return client.data(raw)[0]

    assert await talk(mail, unannounced) == 552
    assert mail.actor(JOE).letters() == []


async def test_more_recipients_than_fit_are_put_off(mail: MailSandbox) -> None:
    mail.relay.most = 1
    found = await send(mail, letter(), [JOE, ANA])
    assert found[ANA][0] == 452
    assert mail.actor(JOE).sees("The light flickers.")
    assert not mail.actor(ANA).sees("The light flickers.")


async def test_what_is_wrong_with_a_letter_is_said(mail: MailSandbox) -> None:
    code, words = await refused(mail, data(wire(letter(Date=""))))
    assert (code, "has no Date" in words) == (550, True)
    code, words = await refused(mail, data(wire(letter()) + b"\xc3\xbc\r\n"))
    assert (code, "8BITMIME" in words) == (554, True)
    assert mail.actor(JOE).letters() == []
    assert "has no Date" in next(call.error for call in mail.calls if call.method == "DATA")


async def test_a_line_longer_than_a_thousand_is_refused(mail: MailSandbox) -> None:
    assert (await refused(mail, data(wire(letter()) + b"x" * 1200 + b"\r\n")))[0] == 500


# ---------------------------------------------------------------- trouble


async def test_a_relay_that_is_down_says_so_or_hangs_up_or_is_not_there(mail: MailSandbox) -> None:
    mail.faults.down = True
    with pytest.raises(smtplib.SMTPConnectError) as found:
        await send(mail, letter())
    assert found.value.smtp_code == 421
    mail.faults.down_how = "close"
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        await send(mail, letter())
    mail.faults.down = False
    await mail.refuse_connections(True)
    with pytest.raises(ConnectionRefusedError):
        await send(mail, letter())
    await mail.refuse_connections(False)
    assert await send(mail, letter()) == {}


async def test_who_was_connected_before_hears_it_too(mail: MailSandbox) -> None:
    def late(client: smtplib.SMTP) -> int:
        mail.faults.down = True
        return client.mail(SENDER)[0]

    assert await talk(mail, late) == 421


async def test_greylisting_puts_off_so_many_times(mail: MailSandbox) -> None:
    mail.faults.greylist(2)
    for _ in range(2):
        assert await refused(mail, data(wire(letter()))) == (450, GREYLISTED.removeprefix("450 "))
    assert await send(mail, letter()) == {}


@pytest.mark.parametrize("method", ["MAIL", "RCPT", "DATA"])
async def test_any_step_fails_on_order(mail: MailSandbox, method: str) -> None:
    mail.faults.fail_next(method, "451 4.3.0 Disk full")
    assert (await refused(mail, data(wire(letter()))))[0] == 451
    assert await send(mail, letter()) == {}
    assert len(mail.actor(JOE).letters()) == 1


async def test_an_answer_is_lost_after_the_letter_was_taken(mail: MailSandbox) -> None:
    mail.faults.lose_answer("DATA")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        await send(mail, letter())
    assert len(mail.actor(JOE).letters()) == 1
    mail.faults.cut_next("DATA")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        await send(mail, letter())
    assert len(mail.actor(JOE).letters()) == 1


async def test_a_step_is_held(mail: MailSandbox) -> None:
    gate = mail.faults.hold_next("DATA")
    sending = asyncio.create_task(send(mail, letter()))
    await mail.until(lambda: any(call.method == "RCPT" for call in mail.calls))
    assert mail.actor(JOE).letters() == []
    gate.set()
    assert await sending == {}
    assert mail.actor(JOE).sees("The light flickers.")
