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
    grid = world.enterprise
    if grid is None:
        return {"ok": True, "is_enterprise_install": False, **names, **ids}
    over = {"team_id": grid.id, "team": grid.name} if grid.wide else {}
    return {"ok": True, **names, **ids, **over, "enterprise_id": grid.id, "is_enterprise_install": grid.wide}


def teams(asked: Asked) -> Json:
    """The workspaces in which the token may work."""
    world, grid = asked.world, asked.world.enterprise
    found = {team: grid.teams[team] for team in sorted(grid.granted)} if grid and grid.wide else {world.team: world.team_name}
    return page(asked, [{"id": team, "name": name} for team, name in found.items()], "teams")


def info(asked: Asked) -> Json:
    """One person; `user_not_found`."""
    user = asked.user()
    shape = user_json(asked.world, user)
    if asked.flag("include_locale"):
        shape["locale"] = user.locale
    return {"ok": True, "user": shape}


def everyone(asked: Asked) -> Json:
    """All people, the deactivated too. A token of a whole enterprise has to name one of its workspaces: `missing_argument`, and
    `team_access_not_granted`.
    """
    world, grid = asked.world, asked.world.enterprise
    users = list(world.users.values())
    if grid and grid.wide:
        team = asked.maybe("team_id")
        if not team:
            raise SlackError("missing_argument")
        if team not in grid.granted:
            raise SlackError("team_access_not_granted")
        users = [user for user in users if user.team == team or user.is_bot]
    return page(asked, [user_json(world, user) for user in users], "members")


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
