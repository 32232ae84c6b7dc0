"""Dataclasses that are frozen to the type checker and plain at run time.

Python's frozen dataclasses set every field through `object.__setattr__`, which makes them three to four times slower to make; a request
makes some hundreds of spans, sentences, buttons and rows. `mypy --strict` still refuses every assignment to a field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(*, frozen: bool = False, **options: Any) -> Any:
        """As `dataclasses.dataclass`; what is declared frozen can be hashed, and must not be changed."""
        return dataclasses.dataclass(**options, unsafe_hash=frozen)


__all__ = ["dataclass"]
