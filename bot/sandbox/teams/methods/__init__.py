"""The methods of the connector, by the names of its contract."""

from bot.sandbox.teams.methods import conversations, members, sending
from bot.sandbox.teams.methods.asked import Asked, Method

CONVERSATIONS = "v3/conversations"
ONE = f"{CONVERSATIONS}/{{conversation}}"
METHODS: list[Method] = [
    Method("createConversation", "POST", CONVERSATIONS, conversations.create),
    Method("sendToConversation", "POST", f"{ONE}/activities", sending.send),
    Method("replyToActivity", "POST", f"{ONE}/activities/{{activity}}", sending.reply),
    Method("updateActivity", "PUT", f"{ONE}/activities/{{activity}}", sending.update),
    Method("deleteActivity", "DELETE", f"{ONE}/activities/{{activity}}", sending.delete),
    Method("getConversationMembers", "GET", f"{ONE}/members", members.everyone),
    Method("getConversationPagedMembers", "GET", f"{ONE}/pagedmembers", members.page),
    Method("getConversationMember", "GET", f"{ONE}/members/{{member}}", members.one),
    Method("getTeam", "GET", "v3/teams/{team}", conversations.team),
    Method("getTeamChannels", "GET", "v3/teams/{team}/conversations", conversations.channels),
]
"""`getConversationMember`, `getTeam` and `getTeamChannels` are what Teams has beyond the common contract."""

__all__ = ["METHODS", "Asked", "Method"]
