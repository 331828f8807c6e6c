"""Run by Alembic: applies revisions on the connection that `migrate` was given."""

from __future__ import annotations

from alembic import context

from tweestad.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
