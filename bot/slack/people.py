"""Who somebody is, from Slack's user object: https://docs.slack.dev/reference/objects/user-object"""

from __future__ import annotations

from typing import Any

from bot.chats import Profile
from bot.slack.text import Json
from bot.words import cut, received
from handlers.core import Standing

NAME = 200
SLACKBOT = "USLACKBOT"


def profile_of(user: Json, workspace: str, enterprise: str = "") -> Profile:
    """The person as we keep them. `workspace` is the one that looks, `enterprise` the one that it is part of ("": none): whoever belongs to
    neither is an outsider there.
    """
    facts = _part(user, "profile")
    name = _first(facts.get("real_name"), user.get("real_name"), facts.get("display_name"), user.get("name"), user.get("id"))
    language = _first(user.get("locale")).partition("-")[0].lower()
    return Profile(
        name=cut(received(name), NAME),
        email=_first(facts.get("email")).lower() or None,
        zone=_first(user.get("tz")),
        language=language,
        standing=standing_of(user, workspace, enterprise),
    )


def standing_of(user: Json, workspace: str, enterprise: str = "") -> Standing:
    """What they may be to us. Somebody who is two of these is the one that may less."""
    if user.get("deleted"):
        return Standing.gone
    if user.get("is_bot") or user.get("id") == SLACKBOT or user.get("is_workflow_bot"):
        return Standing.bot
    if user.get("is_stranger") or not _belongs(user, {workspace, enterprise}):
        return Standing.outsider
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.guest
    return Standing.member


def _belongs(user: Json, ours: set[str]) -> bool:
    """In an enterprise a person has one home and is in several workspaces: these stand in `enterprise_user`."""
    grid = _part(user, "enterprise_user")
    teams = grid.get("teams")
    homes = (user.get("team_id"), grid.get("enterprise_id"), *(teams if isinstance(teams, list) else ()))
    return any(home in ours - {""} for home in homes if isinstance(home, str))


def _part(user: Json, name: str) -> Json:
    found = user.get(name)
    return found if isinstance(found, dict) else {}


def _first(*values: Any) -> str:
    return next((value for value in values if isinstance(value, str) and value), "")
