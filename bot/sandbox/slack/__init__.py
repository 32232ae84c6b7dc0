"""A Slack workspace on loopback: the Web API that a bot calls, and the people who act on the bot with signed requests.

async with SlackSandbox() as slack:
    ana = slack.add_user("ana", real_name="Ana Silva")
    slack.add_channel("help", members=["ana"])
    slack.bot_url = "http://127.0.0.1:3000/slack/events"
    await slack.actor("ana").command("#help", "/issue", "light flickering")
    await slack.until(lambda: slack.actor("ana").sees("light flickering"))
"""

from bot.sandbox.clock import Clock, HandClock
from bot.sandbox.errors import ClientRefused
from bot.sandbox.slack.courier import Delivery, Tamper, sign
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import SlackFile
from bot.sandbox.slack.people import Actor
from bot.sandbox.slack.seen import Seen
from bot.sandbox.slack.server import SlackSandbox

__all__ = ["Actor", "ClientRefused", "Clock", "Delivery", "HandClock", "Seen", "SlackError", "SlackFile", "SlackSandbox", "Tamper", "sign"]
