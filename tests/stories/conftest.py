"""Every story runs in an office of its own, on SQLite alone or on PostgreSQL with Redis, in the chats that its module names in CHATS.

Those that a module names in SLACKS_OWN are about Slack alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stories.world import Story, story, teams_story


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "chat" in metafunc.fixturenames:
        alone = metafunc.function.__name__ in getattr(metafunc.module, "SLACKS_OWN", ())
        metafunc.parametrize("chat", ("slack",) if alone else getattr(metafunc.module, "CHATS", ("slack",)))


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str, chat: str) -> AsyncIterator[Story]:
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    async with (teams_story if chat == "teams" else story)(database_url, redis) as told:
        yield told


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What both chats share is told once on each database: in Slack on PostgreSQL, in Teams on SQLite.

    What is about one chat alone is told on both; so is the light bulb in Slack.
    """
    shared = [one for one in items if isinstance(one, pytest.Function) and _is_twin(one)]
    if shared:
        config.hook.pytest_deselected(items=shared)
        items[:] = [one for one in items if one not in shared]


def _is_twin(item: pytest.Function) -> bool:
    values = item.callspec.params if hasattr(item, "callspec") else {}
    pair = (values.get("chat"), values.get("database_url"))
    told_in_both = "teams" in getattr(item.module, "CHATS", ()) and item.originalname not in getattr(item.module, "SLACKS_OWN", ())
    on_both = item.module.__name__.endswith("test_light_bulb")
    return pair == ("teams", "postgresql") or (pair == ("slack", "sqlite") and told_in_both and not on_both)
