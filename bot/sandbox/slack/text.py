"""What a person reads: the plain words of a message or view, after the platform's own markup was applied."""

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.world import World

Json = dict[str, Any]
_TOKEN = re.compile(r"<([^<>]+)>")
_CODE = re.compile(r"(```.+?```|`[^`\n]+`)", re.DOTALL)
_MARKS = [re.compile(rf"(?<![\w{m}]){m}(?=[^\s{m}])([^\n]*?)(?<=[^\s{m}]){m}(?![\w{m}])") for m in (r"\*", "_", "~")]
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")


def unescape(text: str) -> str:
    """The three entities that the platform knows, as characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """The three characters that the platform escapes in what people type."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(world: World, text: str) -> str:
    """Marked-up text as it reads on the screen: names instead of ids, no marks."""
    pieces = _CODE.split(text)
    shown = [piece.strip("`") if n % 2 else _unmark(_TOKEN.sub(lambda m: _token(world, m[1]), piece)) for n, piece in enumerate(pieces)]
    return _INVISIBLE.sub("", unescape("".join(shown)))


def _unmark(text: str) -> str:
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    return re.sub(r"(?m)^(&gt;|>) ?", "", text)


def _token(world: World, inside: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("!"):
        return label or "@" + target[1:].split("^")[0]
    if target.startswith("@"):
        return "@" + (world.users[target[1:]].real_name if target[1:] in world.users else label or target[1:])
    if target.startswith("#"):
        return "#" + (world.channels[target[1:]].name if target[1:] in world.channels else label or target[1:])
    return label or target.removeprefix("mailto:")


def pings(text: str) -> set[str]:
    """The user ids and group words (`channel`, `here`, `everyone`) that this marked-up text would notify."""
    found = set()
    for inside in _TOKEN.findall(_CODE.sub("", text)):
        target = inside.partition("|")[0]
        if target.startswith("@") or target in ("!channel", "!here", "!everyone"):
            found.add(target[1:])
    return found


def words(world: World, thing: Any) -> str:
    """All that can be read in blocks, attachments or a text object, one line per piece, in order."""
    return "\n".join(piece for piece in _read(world, thing) if piece)


def _read(world: World, thing: Any) -> Iterator[str]:
    if isinstance(thing, list):
        for inner in thing:
            yield from _read(world, inner)
    elif isinstance(thing, dict):
        kind = thing.get("type", "")
        if kind in ("mrkdwn", "plain_text", "markdown", "raw_text", "raw_number"):
            yield _text_object(world, kind, thing["text"])
        elif kind.startswith("rich_text_section") or kind in ("rich_text_quote", "rich_text_preformatted"):
            yield "".join(_inline(world, one) for one in thing["elements"])
        else:
            yield from _parts(world, thing)


def _text_object(world: World, kind: str, text: str) -> str:
    return mrkdwn(world, text) if kind in ("mrkdwn", "markdown") else _INVISIBLE.sub("", unescape(text))


_ORDER = ("pretext", "title", "label", "text", "fields", "rows", "elements", "accessory", "element", "options", "option_groups")
_REST = ("placeholder", "hint", "description", "alt_text", "blocks", "submit", "close")


def _parts(world: World, thing: Json) -> Iterator[str]:
    for name in (*_ORDER, *_REST):
        value = thing.get(name)
        if isinstance(value, str):
            yield mrkdwn(world, value)
        elif value is not None:
            yield from _read(world, value)


def _inline(world: World, one: Json) -> str:
    match one["type"]:
        case "user" | "channel":
            return _token(world, ("@" if one["type"] == "user" else "#") + str(one[f"{one['type']}_id"]))
        case "broadcast":
            return f"@{one['range']}"
        case "emoji":
            return f":{one['name']}:"
        case "date":
            return str(one.get("fallback", one["timestamp"]))
        case _:
            return str(one.get("text") or one.get("url", ""))
