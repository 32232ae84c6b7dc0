"""Example cards about one file."""

from __future__ import annotations

from datetime import UTC, datetime

from handlers.cards import Sample
from handlers.core import Attached
from handlers.files.cards import GONE, copied, handed
from handlers.frozen import replace

NOW = datetime(2026, 11, 16, 17, 30, tzinfo=UTC)
PLAN = Attached(
    "f1", "acme", "t1", None, "plan *v2* <b>.pdf", "application/pdf", 1_234_567, NOW, "slack", "T1", "C1", "F1",
    "https://acme.slack.com/files/U1/F1/plan.pdf", "kept", "c" * 64,
)  # fmt: skip
LAMP = replace(PLAN, name="lamp.jpg", mime="image/jpeg")


def samples() -> tuple[Sample, ...]:
    named = (
        ("file, for each who asks", copied(PLAN, "Ana Silva")),
        ("file, a picture", copied(LAMP, "Ana *Silva*")),
        ("file, gone", GONE),
        ("file, handed over", handed(PLAN, "https://desk.example.com/f/signed_a-b")),
        ("file, where it was sent", handed(PLAN, "")),
        ("file, nowhere to be had", handed(replace(PLAN, link=""), "")),
    )
    return tuple(Sample(name, card) for name, card in named)
