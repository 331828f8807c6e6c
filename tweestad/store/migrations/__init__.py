"""The history of the tables, and bringing a database up to date with it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from tweestad.errors import StoreUnavailable

# Any number will do, as long as nobody else in this database locks by it.
_LOCK = 28992_7415


def migrate(connection: Connection) -> None:
    """Run the revisions that this database has not had, in the transaction of the connection.

    Raises StoreUnavailable for a database that a newer version of Tweestad has written: reading it with
    old eyes could show what was meant to be hidden.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        # Two processes that start at once: the second waits, and finds the work done.
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    scripts = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present == scripts.get_current_head():
        return
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreUnavailable(f"the database is of a newer version of Tweestad (revision {present})")
    command.upgrade(config, "head")
