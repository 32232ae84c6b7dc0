"""E-mail on loopback: mailboxes of an office and of the people it deals with, the relay that a bot sends by (SMTP), and the service that
hands it what people write to the desk (a signed webhook).

async with MailSandbox(domain="desk.example") as mail:
    mail.add_mailbox("joe@sparks.example", "Joe Sparks", "Sparks Ltd")
    mail.bot_url = "http://127.0.0.1:3000/mail/inbound"
    ...                                          # the bot sends by SMTP to 127.0.0.1, mail.port, as mail.user with mail.password
    await mail.until(lambda: mail.actor("joe@sparks.example").sees("Light flickering"))
    await mail.actor("joe@sparks.example").reply("Light flickering", "I come at two.")
"""

from bot.sandbox.mail.courier import Delivery, Tamper, sign
from bot.sandbox.mail.faults import Refusal
from bot.sandbox.mail.model import Letter, Mailbox
from bot.sandbox.mail.people import Actor
from bot.sandbox.mail.server import MailSandbox

__all__ = ["Actor", "Delivery", "Letter", "MailSandbox", "Mailbox", "Refusal", "Tamper", "sign"]
