"""auth.* and users.*"""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.methods.asked import Asked, page
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.shapes import user_json


def auth_test(asked: Asked) -> Json:
    """Who the token is."""
    world = asked.world
    names = {"team": world.team_name, "user": world.users[world.app.user].name, "url": f"https://{world.domain}.slack.com/"}
    ids = {"team_id": world.team, "user_id": world.app.user, "bot_id": world.app.bot_id, "app_id": world.app.id}
    return {"ok": True, "is_enterprise_install": False, **names, **ids}


def info(asked: Asked) -> Json:
    """One person; `user_not_found`."""
    user = asked.user()
    shape = user_json(asked.world, user)
    if asked.flag("include_locale"):
        shape["locale"] = user.locale
    return {"ok": True, "user": shape}


def everyone(asked: Asked) -> Json:
    """All people, the deactivated too."""
    return page(asked, [user_json(asked.world, user) for user in asked.world.users.values()], "members")


def lookup_by_email(asked: Asked) -> Json:
    """The person with this address; `users_not_found` also for the deactivated."""
    wanted = asked.text("email").casefold()
    for user in asked.world.users.values():
        if user.email and user.email.casefold() == wanted and not user.deleted:
            return {"ok": True, "user": user_json(asked.world, user)}
    raise SlackError("users_not_found")


def profile(asked: Asked) -> Json:
    """One person's profile with the workspace's own fields, which users.info leaves out; `user_not_found`."""
    user = asked.user()
    fields = {name: {"value": value, "alt": ""} for name, value in user.fields.items()}
    return {"ok": True, "profile": {**user_json(asked.world, user)["profile"], "fields": fields}}


def team_profile(asked: Asked) -> Json:
    """The workspace's own fields."""
    return {"ok": True, "profile": {"fields": asked.world.profile_fields, "sections": []}}
