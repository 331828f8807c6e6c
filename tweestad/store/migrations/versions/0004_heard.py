"""When the present version of a thing was told, so that an older answer does not overwrite it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("thing", sa.Column("heard", sa.BigInteger, nullable=False, server_default="0"))
