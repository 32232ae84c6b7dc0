"""A desk that has been in use for years: hundreds of thousands of closed tickets with all that belongs to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from sqlalchemy import Connection, Table, insert

from handlers.core import Affected, Kind, Ticket
from storage.database import open_database
from storage.encoding import to_json
from storage.ids import new_id
from storage.rows import AFFECTED, TICKETS
from storage.searching import enter
from storage.tables import affected, counters, history, outbox, tickets

Row = dict[str, Any]
