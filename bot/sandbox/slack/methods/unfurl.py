"""chat.unfurl: https://docs.slack.dev/reference/methods/chat.unfurl"""

from urllib.parse import urlsplit

from bot.sandbox.slack.blockkit import message_faults, with_ids
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked
from bot.sandbox.slack.methods.chat import changed
from bot.sandbox.slack.model import Json, Message
from bot.sandbox.slack.shapes import message_json
from bot.sandbox.slack.text import unescape
from bot.sandbox.slack.world import World

SOURCES = ("composer", "conversations_history")
COMPOSER = "COMPOSER"
FIELDS = {"blocks", "preview", "hide_color", "color", "fallback", "text", "title", "title_link"}


def unfurl(asked: Asked) -> Json:
    """Put previews under a message's links, or into the composer in which they are being written.

    Errors: invalid_source, missing_channel, missing_ts, cannot_find_channel, cannot_find_message, missing_unfurls, invalid_unfurls_format,
    cannot_unfurl_url (of a domain that is not the app's), cannot_unfurl_message (an address that is not in it), invalid_blocks. The app
    needs not be in the conversation. A second call changes the same previews.
    """
    channel, ts = _which(asked)
    unfurls = _unfurls(asked)
    for url, one in unfurls.items():
        _right(asked.world, url, one)
    if channel == COMPOSER:
        asked.world.composers[ts] = {**asked.world.composers.get(ts, {}), **unfurls}
        return {"ok": True}
    message = _message(asked.world, channel, ts)
    if any(f"<{url}>" not in unescape(message.text) and f"<{url}|" not in unescape(message.text) for url in unfurls):
        raise SlackError("cannot_unfurl_message")
    before = message_json(asked.world, message)
    kept = [one for one in message.attachments if one.get("from_url") not in unfurls]
    added = [{**one, "blocks": with_ids(one.get("blocks", [])), "from_url": url, "is_app_unfurl": True} for url, one in unfurls.items()]
    message.attachments = kept + added
    shown = {"message": message_json(asked.world, message), "previous_message": before}
    asked.platform.emit(asked.world, changed(asked, asked.world.channels[channel], "message_changed", shown))
    return {"ok": True}


def _which(asked: Asked) -> tuple[str, str]:
    """The conversation and the message, by `unfurl_id` and `source` or by `channel` and `ts`."""
    if asked.maybe("unfurl_id") or asked.maybe("source"):
        if asked.maybe("source") not in SOURCES:
            raise SlackError("invalid_source")
        found = asked.world.unfurl_ids.get(asked.maybe("unfurl_id"))
        if found is None or (found[0] == COMPOSER) != (asked.maybe("source") == "composer"):
            raise SlackError("cannot_find_message")
        return found
    for name in ("channel", "ts"):
        if not asked.maybe(name):
            raise SlackError(f"missing_{name}")
    return asked.maybe("channel"), asked.maybe("ts")


def _message(world: World, channel: str, ts: str) -> Message:
    if channel not in world.channels:
        raise SlackError("cannot_find_channel")
    found = world.channels[channel].messages.get(ts)
    if found is None or found.subtype == "tombstone":
        raise SlackError("cannot_find_message")
    return found


def _unfurls(asked: Asked) -> dict[str, Json]:
    unfurls = asked.structure("unfurls")
    if unfurls is None or unfurls == {}:
        raise SlackError("missing_unfurls")
    if not isinstance(unfurls, dict) or not all(isinstance(one, dict) for one in unfurls.values()):
        raise SlackError("invalid_unfurls_format")
    return unfurls


def _right(world: World, url: str, one: Json) -> None:
    host = urlsplit(url).hostname or ""
    if not any(host == domain or host.endswith(f".{domain}") for domain in world.app.unfurl_domains):
        raise SlackError("cannot_unfurl_url")
    if not one.keys() <= FIELDS:
        raise SlackError("invalid_unfurls_format")
    if faults := message_faults(one.get("blocks", [])):
        raise SlackError("invalid_blocks", faults)
    if any(block["type"] in ("rich_text", "table", "markdown") for block in one.get("blocks", [])):
        raise SlackError("invalid_blocks")  # seen in slackapi/java-slack-sdk#948
