"""Composition objects: texts, options, confirmations, files, and the words inside rich text."""

from typing import Any

from bot.sandbox.rules import Check, Faults, exactly_one, flag, many, matching, number, one_of, shape, string, tagged

identifier = string(1, 255)
web_address = matching(r"https?://\S+", "must be a valid URL")
link = matching(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+", "must be a valid URL")


def plain(high: int = 3000) -> Check:
    """A `plain_text` object."""
    return tagged({"plain_text": shape({"text": string(1, high)}, {"emoji": flag})})


def words(high: int = 3000) -> Check:
    """A `plain_text` or `mrkdwn` object."""
    return tagged(
        {
            "plain_text": shape({"text": string(1, high)}, {"emoji": flag}),
            "mrkdwn": shape({"text": string(1, high)}, {"verbatim": flag}),
        }
    )


def option(text: Check, *, with_url: bool = False) -> Check:
    """An option; its `url` is allowed in overflow menus only, its description is plain text."""
    more: dict[str, Check] = {"value": string(1, 150), "description": plain(75)}
    return shape({"text": text}, more | ({"url": link} if with_url else {}))


plain_option = option(plain(75))
rich_option = option(words(75))
option_group = shape({"label": plain(75), "options": many(plain_option, 1, 100)})
colour = one_of("primary", "danger")
confirm = shape({"text": words(300)}, {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": colour})
slack_file = shape({}, {"id": string(1), "url": web_address}, exactly_one("id", "url"))
image_fields: dict[str, Check] = {"image_url": web_address, "slack_file": slack_file}


def initial_is_an_option(value: Any, path: str, faults: Faults) -> None:
    """A rule: what is chosen at the start is one of the options, letter for letter."""
    groups = value.get("option_groups", [])
    offered = [*value.get("options", []), *(one for group in groups for one in group["options"])]
    chosen = value.get("initial_options", []) + ([value["initial_option"]] if "initial_option" in value else [])
    for one in chosen:
        if one not in offered:
            faults.add(path, "initial option must match one of the options")


_style = shape({}, dict.fromkeys(("bold", "code", "italic", "strike", "underline", "highlight", "client_highlight", "unlink"), flag))


def _inline(required: dict[str, Check], **optional: Check) -> Check:
    return shape(required, {"style": _style, **optional})


INLINES: dict[str, Check] = {
    "text": _inline({"text": string(1)}),
    "link": _inline({"url": link}, text=string(), unsafe=flag),
    "user": _inline({"user_id": string(1)}),
    "usergroup": _inline({"usergroup_id": string(1)}),
    "channel": _inline({"channel_id": string(1)}),
    "team": _inline({"team_id": string(1)}),
    "emoji": _inline({"name": string(1)}, unicode=string(), url=string()),
    "broadcast": _inline({"range": one_of("here", "channel", "everyone")}),
    "date": _inline({"timestamp": number(), "format": string(1)}, url=string(), fallback=string()),
    "color": _inline({"value": string(1)}),
}
_section = shape({"elements": many(tagged(INLINES))})
_preformatted = many(tagged({"text": INLINES["text"], "link": INLINES["link"]}))
GROUPS: dict[str, Check] = {
    "rich_text_section": _section,
    "rich_text_quote": shape({"elements": many(tagged(INLINES))}, {"border": one_of(0, 1)}),
    "rich_text_preformatted": shape({"elements": _preformatted}, {"border": one_of(0, 1), "language": string()}),
    "rich_text_list": shape(
        {"elements": many(tagged({"rich_text_section": _section})), "style": one_of("bullet", "ordered")},
        {"indent": number(0, 8), "border": one_of(0, 1), "offset": number(0)},
    ),
}
rich_text_elements = many(tagged(GROUPS))
