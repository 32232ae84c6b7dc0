"""What a letter must be like, so that a relay takes it: RFC 5322 (headers), RFC 2045 (parts), and the habits of large providers.

Anything that one of them refuses or marks as spam for its form is refused here, with a sentence that says what is wrong.
"""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError, MessageDefect
from email.header import decode_header
from email.message import EmailMessage

from bot.sandbox.mail.faults import Refusal
from bot.sandbox.mail.reading import addresses, leaves, parse

ONCE = (
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "message-id",
    "in-reply-to",
    "references",
    "subject",
    "date",
    "mime-version",
    "content-type",
)
"""Headers that RFC 5322 (3.6) and RFC 2045 allow once at most. A second one is what an injected line makes."""
NEEDED = ("From", "To", "Date", "Message-ID")
PEOPLE = ("From", "Sender", "Reply-To", "To", "Cc")
STUMBLES = (IndexError, KeyError, ValueError, AttributeError, TypeError, AssertionError, HeaderParseError)
"""By these the standard library's parser falls over some headers, such as an address without its domain."""
ENCODINGS = ("7bit", "8bit", "quoted-printable", "base64")
_NAME = re.compile(rb"[!-9;-~]+:")
_ADDRESS = re.compile(r"[^@\s<>,;\"()\[\]\\]{1,64}@[a-z0-9.-]+\.[a-z0-9-]{2,}", re.ASCII | re.IGNORECASE)
_NUMBER = r"<[^<>@\s]+@[^<>@\s]+>"
_ONE, _SEVERAL = re.compile(_NUMBER), re.compile(rf"{_NUMBER}(\s+{_NUMBER})*")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_STRAY = re.compile(r"=(?![0-9A-Fa-f]{2}|\r?\n)")


def check(raw: bytes, *, eight_bit: bool = False) -> EmailMessage:
    """The letter, parsed. Raises `Refusal` with the first thing that is wrong. `eight_bit`: the sender declared BODY=8BITMIME."""
    _wire(raw, eight_bit)
    message = parse(raw)
    try:
        _headers(message)
        _people(message)
        _numbers(message)
        _mime(message)
    except STUMBLES as stumble:
        raise Refusal("550 5.6.0 A header cannot be read") from stumble
    return message


def _wire(raw: bytes, eight_bit: bool) -> None:
    """The bytes, before anything is understood."""
    if re.search(rb"\r(?!\n)|(?<!\r)\n|\x00", raw):
        raise Refusal("550 5.6.11 A line ends without CR LF, or there is a NUL: lines end with both")
    head, _, body = raw.partition(b"\r\n\r\n")
    if not head.isascii():
        raise Refusal("550 5.6.7 Headers are ASCII: other letters are encoded (RFC 2047)")
    for number, line in enumerate(head.split(b"\r\n")):
        if not _NAME.match(line) and not (number and line[:1] in b" \t" and line.strip()):
            raise Refusal("550 5.6.0 A line among the headers is none (RFC 5322, 2.2)")
    if not (body.isascii() or eight_bit):
        raise Refusal("554 5.6.3 The body has 8-bit letters, and BODY=8BITMIME was not said")


def _headers(message: EmailMessage) -> None:
    names = [name.lower() for name in message]
    for name in ONCE:
        if names.count(name) > 1:
            raise Refusal(f"550 5.6.0 The header {name} is there {names.count(name)} times (injected?)")
    for name in NEEDED:
        if not str(message[name] or "").strip():
            raise Refusal(f"550 5.6.0 The letter has no {name}")
    if "bcc" in names:
        raise Refusal("550 5.6.0 A Bcc must not travel with the letter")
    for name, value in message.raw_items():
        if _CONTROL.search(_decoded(str(value))):
            raise Refusal(f"550 5.6.0 The header {name} has a line or another control character in it (injected?)")
    if message["Date"].datetime is None:
        raise Refusal("550 5.6.0 The Date is none (RFC 5322, 3.3)")


def _decoded(value: str) -> str:
    """With all encoded words read; folding is no line of its own."""
    try:
        parts = decode_header(re.sub(r"\r\n(?=[ \t])", "", value))
        return "".join(one if isinstance(one, str) else one.decode(charset or "ascii", "strict") for one, charset in parts)
    except (HeaderParseError, LookupError, ValueError) as wrong:
        raise Refusal("550 5.6.0 A header has an encoded word that cannot be read (RFC 2047)") from wrong


def _people(message: EmailMessage) -> None:
    for name in PEOPLE:
        if name not in message:
            continue
        _sound(message[name].defects, name)
        found = addresses(message, name)
        if not found or not all(_ADDRESS.fullmatch(one.address) for one in found):
            raise Refusal(f"550 5.1.3 The header {name} has no address, or one that is none")
    if len(addresses(message, "From")) > 1:
        raise Refusal("550 5.7.1 From names more than one (many providers refuse that)")


def _numbers(message: EmailMessage) -> None:
    for name, shape in (("Message-ID", _ONE), ("In-Reply-To", _SEVERAL), ("References", _SEVERAL)):
        if name in message and not shape.fullmatch(str(message[name]).strip()):
            raise Refusal(f"550 5.6.0 The header {name} is not like <left@right>")


def _mime(message: EmailMessage) -> None:
    if "Content-Type" in message and str(message["MIME-Version"] or "").strip() != "1.0":
        raise Refusal("554 5.6.0 A Content-Type without MIME-Version: 1.0")
    for part in message.walk():
        _sound(part.defects, "a MIME part")
        for name in ("Content-Type", "Content-Disposition", "Content-Transfer-Encoding"):
            _sound(getattr(part[name], "defects", ()), name)
    for leaf in leaves(message):
        _leaf(leaf)


def _leaf(part: EmailMessage) -> None:
    encoding = str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    if encoding not in ENCODINGS:
        raise Refusal(f"554 5.6.1 A part is encoded as {encoding[:40]!r}, which no relay takes")
    if part.is_multipart():
        return
    written = part.get_payload()
    if encoding == "7bit" and not str(written).isascii():
        raise Refusal("554 5.6.0 A part has 8-bit letters and says 7bit")
    if encoding == "quoted-printable" and _STRAY.search(str(written)):
        raise Refusal("554 5.6.0 A part is no quoted-printable")
    data = part.get_payload(decode=True)
    _sound(part.defects, "a MIME part")
    if part.get_content_maintype() == "text" and isinstance(data, bytes) and part.get_content_disposition() != "attachment":
        _readable(data, str(part.get_content_charset("us-ascii")))


def _readable(data: bytes, charset: str) -> None:
    try:
        codecs.lookup(charset)
        data.decode(charset, "strict")
    except (LookupError, UnicodeError) as wrong:
        raise Refusal(f"554 5.6.0 A part is no text in {charset[:40]!r}") from wrong


def _sound(defects: object, what: str) -> None:
    found = [one for one in defects if isinstance(one, MessageDefect)] if isinstance(defects, list | tuple) else []
    if found:
        raise Refusal(f"554 5.6.0 Malformed: {what} ({type(found[0]).__name__})")
