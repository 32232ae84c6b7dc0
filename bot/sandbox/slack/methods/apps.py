"""apps.*"""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.sockets import AppLevel


def open_connection(asked: Asked) -> Json:
    """A new address for Socket Mode. `not_allowed_token_type` for any but an app-level token, `missing_scope` without connections:write."""
    if not isinstance(asked.world, AppLevel):
        raise SlackError("not_allowed_token_type")
    asked.needs("connections:write")
    return {"ok": True, "url": asked.world.address()}
