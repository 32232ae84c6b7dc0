"""Every story runs in an office of its own: on SQLite alone, and on PostgreSQL with Redis; in the chats that its module names in CHATS.

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
    """Stories that both chats share are played in Teams on SQLite alone: what databases do otherwise, Slack's show, and Teams' own
    stories on both.
    """
    shared = [one for one in items if isinstance(one, pytest.Function) and _is_twin(one)]
    if shared:
        config.hook.pytest_deselected(items=shared)
        items[:] = [one for one in items if one not in shared]


def _is_twin(item: pytest.Function) -> bool:
    values = item.callspec.params if hasattr(item, "callspec") else {}
    return values.get("chat") == "teams" and values.get("database_url") == "postgresql"
