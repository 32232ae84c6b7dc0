"""What a server of the bench is started with; handed over as one argument."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import orjson

Kind = Literal["bare", "issue", "behind", "echo", "teams"]


@dataclass(frozen=True, slots=True)
class Options:
    """`bare`: bolt's own server with a listener that only acknowledges. `issue`: the desk. `behind`: the desk with commands taken by bolt.
    `echo`: botbuilder's own way with a bot that echoes. `teams`: the desk in Teams.

    `inline`: bolt awaits the listener instead of looking every 10 ms whether it has acknowledged. `platform` is the Web API's address, to
    which the pump delivers; without it there is no pump. `tenant` is the address of `tests.bench.tenant`, which plays Teams; `pump`
    has the pump work there. `profile` is a file to which a profile of the main thread is written.
    """

    kind: Kind
    core: int
    inline: bool = False
    database: str = ""
    offices: int = 1
    platform: str = ""
    tenant: str = ""
    pump: bool = False
    profile: str = ""

    def packed(self) -> str:
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def unpacked(cls, text: str) -> Options:
        return cls(**orjson.loads(text))
