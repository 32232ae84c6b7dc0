"""Addresses that open a message in Teams: https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams"""

from __future__ import annotations

from bot.teams.activity import Activity


def message_link(channel: str, message: str, tenant: str, thread: str = "") -> str:
    """The address of a message in a channel of a team. `thread`: the first message of its thread, if it is another."""
    under = f"&parentMessageId={thread}" if thread not in ("", message) else ""
    return f"https://teams.microsoft.com/l/message/{channel}/{message}?tenantId={tenant}{under}"


def link_to(activity: Activity) -> str:
    """The address of the message that an activity tells of; "" outside of channels, and where it does not name itself."""
    tenant = next(iter(activity.tenants), "")
    if not (activity.team and activity.id and tenant):
        return ""
    return message_link(activity.channel, activity.id, tenant, activity.thread or "")
