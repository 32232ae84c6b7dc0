"""A letter that came back: a report for people and for machines (RFC 3462, 3464)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from bot.sandbox.mail.model import Mailbox
from bot.sandbox.mail.reading import parse

WIRE = policy.SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Reason:
    """`status` is RFC 3463's, `diagnostic` what the other side said ("smtp; 550 …", "x-http; 404"), `sentence` the same for people."""

    status: str
    diagnostic: str
    sentence: str


def bounce(mailbox: Mailbox, raw: bytes, refused: list[str], reason: Reason, *, at: float, number: str) -> bytes:
    """What the sender's own server puts into their mailbox when `raw` could not be given to `refused`."""
    host = mailbox.address.rpartition("@")[2]
    original = parse(raw)
    report = MIMEMultipart("report", report_type="delivery-status", policy=WIRE)
    report["From"] = f"Mail Delivery System <mailer-daemon@{host}>"
    report["To"] = mailbox.address
    report["Subject"] = "Your letter came back"
    report["Date"] = format_datetime(datetime.fromtimestamp(at, UTC))
    report["Message-ID"] = f"<{number}.{int(at)}@{host}>"
    report["Auto-Submitted"] = "auto-replied"
    if number_of := str(original["Message-ID"] or "").strip():
        report["In-Reply-To"] = report["References"] = number_of
    report.attach(_for_people(original, refused, reason))
    report.attach(_for_machines(host, refused, reason))
    report.attach(MIMEText(_headers(raw), "rfc822-headers", "us-ascii", policy=WIRE))
    return report.as_bytes()


def _for_people(original: EmailMessage, refused: list[str], reason: Reason) -> Message:
    words = (
        f"Your letter “{original['Subject']}” did not reach {', '.join(refused)}.\n\n{reason.sentence}\n\n"
        "Nothing of it is lost: it is still among what you sent.\n"
    )
    return MIMEText(words, "plain", "utf-8", policy=WIRE)


def _for_machines(host: str, refused: list[str], reason: Reason) -> Message:
    part = MIMEBase("message", "delivery-status", policy=WIRE)
    part.set_payload([_block({"Reporting-MTA": f"dns; {host}"}), *(_block(_recipient(one, reason)) for one in refused)])
    return part


def _recipient(address: str, reason: Reason) -> dict[str, str]:
    facts = {"Final-Recipient": f"rfc822; {address}", "Action": "failed", "Status": reason.status}
    return facts | {"Diagnostic-Code": reason.diagnostic}


def _block(facts: dict[str, str]) -> Message:
    block = Message(policy=WIRE)
    for name, value in facts.items():
        block[name] = value
    return block


def _headers(raw: bytes) -> str:
    return raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n") + "\n"
