"""Who somebody is, as the connector tells: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context"""

from __future__ import annotations

from bot.chats import Profile
from bot.teams.activity import Body, directory_id, word
from bot.teams.lines import Hint
from handlers.core import Standing

EXTERNAL = "#ext#"
"""Stands in the sign-in name of everybody who is a guest in a directory."""
NOTHING = Hint()


def profile_of(member: Body, tenant: str, hint: Hint = NOTHING) -> Profile:
    """Of somebody in a conversation of this tenant. Only those of its own directory are members."""
    address = word(member, "email") or word(member, "userPrincipalName")
    standing = _standing(member, tenant)
    email = address.lower() if standing is Standing.member and "@" in address and EXTERNAL not in address.lower() else None
    return Profile(_name(member), email, hint.zone, hint.language, standing)


def _name(member: Body) -> str:
    whole = " ".join(filter(None, (word(member, "givenName"), word(member, "surname"))))
    return (word(member, "name") or whole or word(member, "userPrincipalName")).strip()[:200]


def _standing(member: Body, tenant: str) -> Standing:
    """Guests stand in the directory too, with a sign-in name that says so; people of other companies do not, and the anonymous nowhere."""
    home, role = word(member, "tenantId").lower(), word(member, "userRole").lower()
    if word(member, "id").startswith("28:") or role == "bot":
        return Standing.bot
    if not directory_id(member) or (home and home != tenant) or role in ("anonymous", "federated"):
        return Standing.outsider
    if role == "guest" or EXTERNAL in word(member, "userPrincipalName").lower():
        return Standing.guest
    return Standing.member
