"""Which promise holds: chosen once for each combination of priority, category, department and vendor, then remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handlers.office.defaults import prefix
from handlers.office.policy import Contract, Sla

_Case = tuple[str, str, str | None, str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Promises:
    """The promises of an office. `named` is the promise that each category names; `contracts` those that cover each category.

    Departments without a promise of their own are all alike, so that what is remembered stays small.
    """

    slas: tuple[Sla, ...]
    named: Mapping[str, str | None]
    contracts: Mapping[str, tuple[Contract, ...]]
    _departments: frozenset[str] = field(init=False)
    _found: dict[_Case, Sla | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_departments", frozenset(key for sla in self.slas for key in sla.departments))

    def find(self, priority: str, category: str, department: str | None, vendor: str | None) -> Sla | None:
        case = (priority, category, department if department in self._departments else None, vendor)
        if case not in self._found:
            self._found[case] = self._best(case)
        return self._found[case]

    def _best(self, case: _Case) -> Sla | None:
        fitting = [sla for sla in self.slas if _fits(sla, case)]
        if not fitting:
            return _of_contract(self.contracts.get(case[1], ()), case[3])
        named = self.named.get(case[1])
        return min(fitting, key=lambda sla: (sla.key != named, -_particular(sla, case[1]), sla.key))


def _fits(sla: Sla, case: _Case) -> bool:
    priority, category, department, vendor = case
    return (
        sla.vendor == vendor
        and (not sla.priorities or priority in sla.priorities)
        and (not sla.departments or department in sla.departments)
        and (not sla.categories or category in sla.categories or prefix(category) in sla.categories)
    )


def _particular(sla: Sla, category: str) -> int:
    named = 8 if category in sla.categories else 4 if sla.categories else 0
    return named + (2 if sla.departments else 0) + (1 if sla.priorities else 0)


def _of_contract(contracts: Iterable[Contract], vendor: str | None) -> Sla | None:
    for contract in contracts:
        if contract.vendor == vendor and (contract.respond or contract.resolve):
            return Sla(contract.key, contract.respond, contract.resolve, contract.calendar, vendor=vendor)
    return None
