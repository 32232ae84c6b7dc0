"""What every test of the understanding works with."""

from __future__ import annotations

import pytest

from handlers.office.model import Office
from handlers.understanding.categorizer import KeywordCategorizer
from tests.handlers.understanding.samples import Labelled, MakeOffice, labelled, office_with


@pytest.fixture(scope="session")
def make_office() -> MakeOffice:
    return office_with


@pytest.fixture(scope="session")
def office() -> Office:
    return office_with()


@pytest.fixture(scope="session")
def categorizer() -> KeywordCategorizer:
    return KeywordCategorizer()


@pytest.fixture(scope="session")
def reports() -> tuple[Labelled, ...]:
    return labelled()
