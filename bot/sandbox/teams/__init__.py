"""Microsoft Teams on loopback: the issuer, the sign-in and the connector, and the people who act on the bot with signed requests.

async with TeamsSandbox() as teams:
    teams.add_user("ana", real_name="Ana Silva")
    teams.add_channel("help", members=["ana"])
    teams.bot_url = "http://127.0.0.1:3000/api/messages"
    await teams.actor("ana").command("#help", "/issue", "light flickering")
    await teams.until(lambda: teams.actor("ana").sees("light flickering"))
"""

from bot.sandbox.clock import Clock, HandClock
from bot.sandbox.errors import ClientRefused
from bot.sandbox.teams.courier import Delivery, Tamper
from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.model import TeamsFile
from bot.sandbox.teams.people import Actor
from bot.sandbox.teams.seen import Seen
from bot.sandbox.teams.server import TeamsSandbox

__all__ = ["Actor", "ClientRefused", "Clock", "Delivery", "HandClock", "Seen", "Tamper", "TeamsError", "TeamsFile", "TeamsSandbox"]
