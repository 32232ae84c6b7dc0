"""Runs the revisions over the connection that `storage.migrate` hands in. It begins and commits nothing: that is the caller's."""

from __future__ import annotations

from alembic import context

from storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
