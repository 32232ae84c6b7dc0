"""views.*: modals and home tabs."""

import json

from bot.sandbox.slack.blockkit import view_faults, with_ids
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked
from bot.sandbox.slack.model import Json, View
from bot.sandbox.slack.shapes import view_json
from bot.sandbox.slack.values import state_of
from bot.sandbox.slack.world import World

VIEW_BYTES = 250_000
STACKED = 3


def open_modal(asked: Asked) -> Json:
    """Open a modal for the person of `trigger_id`."""
    body = _body(asked, "modal")
    user = asked.platform.tokens.redeem(asked.text("trigger_id"), asked.world).user
    view = asked.world.new_view(user, body)
    asked.world.modals[user] = [view]
    return _answer(asked.world, view)


def push(asked: Asked) -> Json:
    """Lay a modal on the open one: at most three lie on each other (`push_limit_reached`)."""
    body = _body(asked, "modal")
    user = asked.platform.tokens.redeem(asked.text("trigger_id"), asked.world).user
    if not asked.world.modals.get(user):
        raise SlackError("not_found")
    return _answer(asked.world, stack(asked.world, user, body))


def stack(world: World, user: str, body: Json) -> View:
    """Lay a view on this person's open modal."""
    views = world.modals[user]
    if len(views) >= STACKED:
        raise SlackError("push_limit_reached")
    views.append(world.new_view(user, body, under=views[-1]))
    return views[-1]


def update(asked: Asked) -> Json:
    """Change an open view by `view_id` or `external_id`; with `hash`, only if nobody changed it since (`hash_conflict`)."""
    if not asked.maybe("view_id") and not asked.maybe("external_id"):
        raise SlackError("invalid_arguments", ["[ERROR] must provide either view_id or external_id"])
    view = asked.world.view(asked.maybe("view_id"), asked.maybe("external_id"))
    body = _body(asked, view.body["type"], view)
    _same_hash(asked, view)
    rewrite(asked.world, view, body)
    return _answer(asked.world, view)


def publish(asked: Asked) -> Json:
    """Show a home tab to `user_id`: `not_enabled`, `user_not_found`, `hash_conflict`."""
    if not asked.world.app.home_tab:
        raise SlackError("not_enabled")
    user = asked.user("user_id")
    body = _body(asked, "home")
    home = asked.world.homes.get(user.id)
    if home is None:
        home = asked.world.homes[user.id] = asked.world.new_view(user.id, body)
    else:
        _same_hash(asked, home)
        rewrite(asked.world, home, body)
    return _answer(asked.world, home)


def rewrite(world: World, view: View, body: Json) -> None:
    """Give a view a new body and hash; errors shown in it go away."""
    view.body, view.hash = body, world.new_hash()
    view.errors, view.trouble = {}, ""


def checked(world: World, body: object, kind: str, current: View | None = None) -> Json:
    """A view's body with ids, if the platform takes it: `view_too_large`, `invalid_arguments`, `duplicate_external_id`."""
    if not isinstance(body, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    if len(json.dumps(body, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    if faults := view_faults(body):
        raise SlackError("invalid_arguments", faults)
    if body["type"] != kind:
        raise SlackError("invalid_arguments", [f"[ERROR] view must be of type {kind} [json-pointer:/view/type]"])
    _own_external_id(world, body.get("external_id", ""), current)
    return body | {"blocks": with_ids(body["blocks"])}


def _own_external_id(world: World, external_id: str, current: View | None) -> None:
    if not external_id:
        return
    try:
        found = world.view("", external_id)
    except SlackError:
        return
    if found is not current:
        raise SlackError("duplicate_external_id")


def _body(asked: Asked, kind: str, current: View | None = None) -> Json:
    return checked(asked.world, asked.structure("view"), kind, current)


def _same_hash(asked: Asked, view: View) -> None:
    if asked.maybe("hash") and asked.maybe("hash") != view.hash:
        raise SlackError("hash_conflict")


def _answer(world: World, view: View) -> Json:
    return {"ok": True, "view": view_json(world, view, state_of(world, view.user, view.id, view.blocks))}
