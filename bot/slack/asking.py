"""Asking Slack with one token, for examinations: what it says, and the headers that it says it with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

NO_ANSWER = (aiohttp.ClientError, TimeoutError, ValueError)
"""What a call raises where Slack does not answer, or something else answers in its place."""


@dataclass(frozen=True, slots=True)
class Asking:
    """`base`: the Web API's address, with a slash at its end."""

    http: aiohttp.ClientSession
    base: str
    token: str = field(repr=False)

    async def __call__(self, method: str, **arguments: str) -> tuple[dict[str, Any], Mapping[str, str]]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.http.post(f"{self.base}{method}", data=arguments, headers=headers) as answer:
            said = await answer.json(content_type=None)
            return said if isinstance(said, dict) else {}, answer.headers
