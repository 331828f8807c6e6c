"""From which change number on a layer is public, so that its past as a staff layer stays with staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("layer", sa.Column("public_since", sa.BigInteger))
    op.execute("UPDATE layer SET public_since = 0 WHERE audience = 'public'")
