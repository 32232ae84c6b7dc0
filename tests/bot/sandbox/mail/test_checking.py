"""The form of a letter: each rule is broken once, and the sentence says which."""

from __future__ import annotations

import pytest

from bot.sandbox.mail import Refusal
from bot.sandbox.mail.checking import check
from tests.bot.sandbox.mail.conftest import letter

HEAD = (
    "From: Deskbell <desk@desk.example>\r\nTo: joe@sparks.example\r\nSubject: x\r\nDate: Mon, 16 Nov 2026 10:02:00 +0000\r\n"
    "Message-ID: <one@desk.example>\r\n"
)
MIXED = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'


def test_a_sound_letter_passes() -> None:
    check(f"{HEAD}\r\nHello\r\n".encode())
    check(bytes(letter()).replace(b"\n", b"\r\n"))
    check(f"{HEAD}Cc: Ann <ann@acme.example>, bo@acme.example\r\nReferences: <a@b> <c@d>\r\n\r\n".encode())


@pytest.mark.parametrize("name", ["From", "To", "Date", "Message-ID"])
def test_what_must_be_there_is(name: str) -> None:
    lines = [line for line in HEAD.splitlines() if not line.startswith(f"{name}:")]
    with pytest.raises(Refusal, match=f"has no {name}"):
        check("\r\n".join([*lines, "", "Hello", ""]).encode())
    with pytest.raises(Refusal, match=f"has no {name}"):
        check("\r\n".join([*lines, f"{name}: ", "", "Hello", ""]).encode())


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Subject: again", "subject is there 2 times"),
        ("From: eve@desk.example", "from is there 2 times"),
        ("To: eve@acme.example", "to is there 2 times"),
        ("Bcc: eve@acme.example", "Bcc"),
        ("X-Note: =?utf-8?q?a=0D=0ABcc=3A_eve?=", "control character"),
        ("X-Note: =?utf-8?b?/w==?=", "encoded word"),
        ("X-Note: =?klingon?q?a?=", "encoded word"),
        ("X-Note: a\x07b", "control character"),
        ("X-Note: ü", "ASCII"),
        ("no header at all", "among the headers"),
        ("Bad Name: x", "among the headers"),
        ("References: one", "References"),
        ("In-Reply-To: <a@b>, <c@d>", "In-Reply-To"),
        ("Reply-To: nobody", "Malformed|Reply-To"),
        ("Cc: joe", "Malformed|Cc"),
        ("Content-Type: text/plain", "MIME-Version"),
        ("MIME-Version: 1.0\r\nContent-Type: nonsense", "Malformed"),
        ("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=klingon", "no text in"),
        ("MIME-Version: 1.0\r\nContent-Transfer-Encoding: rot13", "no relay takes|Malformed"),
    ],
)
def test_a_header_that_breaks_a_rule(header: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        check(f"{HEAD}{header}\r\n\r\nHello\r\n".encode())


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("From", "Deskbell", "Malformed|From"),
        ("From", "a@desk.example, b@desk.example", "more than one"),
        ("To", "undisclosed-recipients:;", "To has no address"),
        ("To", "joe@", "Malformed|cannot be read"),
        ("Date", "yesterday", "Date|Malformed"),
        ("Message-ID", "one@desk.example", "Message-ID|Malformed"),
        ("Message-ID", "<one>", "Message-ID|Malformed"),
    ],
)
def test_a_header_that_is_none(name: str, value: str, words: str) -> None:
    lines = [f"{name}: {value}" if line.startswith(f"{name}:") else line for line in HEAD.splitlines()]
    with pytest.raises(Refusal, match=words):
        check("\r\n".join([*lines, "", "Hello", ""]).encode())


@pytest.mark.parametrize("raw", ["Hello\nworld\r\n", "Hello\rworld\r\n", "Hello\0world\r\n"])
def test_lines_end_with_both(raw: str) -> None:
    with pytest.raises(Refusal, match=r"5\.6\.11"):
        check(f"{HEAD}\r\n{raw}".encode())


@pytest.mark.parametrize(
    ("mime", "words"),
    [
        (f"{MIXED}--b\r\n\r\nHello\r\n", "Malformed"),
        (f"{MIXED}no parts\r\n", "Malformed"),
        ("MIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\nx\r\n", "Malformed"),
        (f"{MIXED}--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--b--\r\n", "Malformed"),
        (f"{MIXED}--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJ\r\n--b--\r\n", "Malformed"),
        (f"{MIXED}--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n50 = 50\r\n--b--\r\n", "quoted-printable"),
        (
            f"{MIXED}--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n/w==\r\n--b--\r\n",
            "no text in",
        ),
    ],
)
def test_parts_that_are_none(mime: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        check(f"{HEAD}{mime}".encode())


def test_eight_bits_are_declared_twice() -> None:
    """On the envelope, and in the part that has them."""
    body = f"{HEAD}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    declared = f"{body}Content-Transfer-Encoding: 8bit\r\n\r\nü\r\n".encode()
    check(declared, eight_bit=True)
    with pytest.raises(Refusal, match="8BITMIME"):
        check(declared)
    with pytest.raises(Refusal, match="7bit"):
        check(f"{body}\r\nü\r\n".encode(), eight_bit=True)
