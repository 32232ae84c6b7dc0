"""Alembic revisions: how the tables came to be what `storage/tables.py` says."""
