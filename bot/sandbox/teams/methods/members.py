"""Who is in a conversation."""

from typing import Any

from bot.sandbox.teams.errors import TeamsError
from bot.sandbox.teams.methods.asked import Asked
from bot.sandbox.teams.model import Json, User

SMALLEST, LARGEST = 50, 500
"""People on a page: whoever asks for fewer or more gets as many."""


def everyone(asked: Asked) -> tuple[int, Any]:
    """All members in one list."""
    return 200, _people(asked)


def page(asked: Asked) -> tuple[int, Any]:
    """The members page by page; chats give all at once."""
    conversation, _ = asked.conversation()
    people, start = _people(asked), _start(asked.query.get("continuationToken", ""))
    size = _size(asked.query.get("pageSize", "")) if conversation.kind == "channel" else max(len(people), 1)
    more = start + size < len(people)
    return 200, {"members": people[start : start + size], **({"continuationToken": f"page:{start + size}"} if more else {})}


def one(asked: Asked) -> tuple[int, Any]:
    """One member, by either id."""
    conversation, _ = asked.conversation()
    user = asked.member(conversation, asked.parts["member"])
    if user is None:
        raise TeamsError(404, "MemberNotFoundInConversation", "The member is not in this conversation.")
    return 200, member_json(user)


def _people(asked: Asked) -> list[Json]:
    conversation, _ = asked.conversation()
    people = (asked.world.users[one] for one in conversation.members)
    return [member_json(user) for user in people if not user.deleted]


def member_json(user: User) -> Json:
    """A person as rosters have them."""
    given, _, family = user.real_name.partition(" ")
    who = {"id": user.id, "name": user.real_name, "givenName": given, "surname": family, "tenantId": user.tenant}
    if user.aad is None:
        return who | {"userRole": "anonymous"}
    mail = {"email": user.email, "userPrincipalName": user.email} if user.email else {}
    return who | mail | {"objectId": user.aad, "aadObjectId": user.aad, "userRole": "guest" if user.guest else "user"}


def _size(text: str) -> int:
    if text and not text.isdigit():
        raise TeamsError(400, "BadArgument", "pageSize must be a number.")
    return min(max(int(text or LARGEST), SMALLEST), LARGEST)


def _start(token: str) -> int:
    if not token:
        return 0
    if not token.removeprefix("page:").isdigit():
        raise TeamsError(400, "BadArgument", "The continuation token is not valid.")
    return int(token.removeprefix("page:"))
