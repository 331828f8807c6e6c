"""The first tables: layers, features now and past, cells, places, the clock and documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tweestad.errors import StoreUnavailable

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _clock_and_layer()
    _features()
    _cells()
    _places()
    op.create_table(
        "document",
        sa.Column("kind", NAME, primary_key=True),
        sa.Column("key", NAME, primary_key=True),
        sa.Column("body", sa.String, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _spatial_index_sqlite()
    else:
        _spatial_index_postgis()


def _clock_and_layer() -> None:
    clock = op.create_table(
        "clock",
        sa.Column("domain", NAME, primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(clock, [{"domain": "city", "n": 0}, {"domain": "readings", "n": 0}])
    op.create_table(
        "layer",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.Column("features", sa.Integer, nullable=False),
        sa.Column("min_x", sa.Double),
        sa.Column("min_y", sa.Double),
        sa.Column("max_x", sa.Double),
        sa.Column("max_y", sa.Double),
        sa.Column("description", sa.String, nullable=False),
    )


def _feature_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("layer", NAME, sa.ForeignKey("layer.id"), nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("ref", NAME),
        sa.Column("min_x", sa.Double),
        sa.Column("min_y", sa.Double),
        sa.Column("max_x", sa.Double),
        sa.Column("max_y", sa.Double),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("attributes", sa.String, nullable=False),
        sa.Column("wkb", sa.LargeBinary),
    ]


def _features() -> None:
    op.create_table("feature", *_feature_columns())
    op.create_table(
        "feature_past",
        *_feature_columns(),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.CheckConstraint("since < until", name="feature_past_span"),
    )
    op.create_index("feature_key", "feature", ["layer", "id"], unique=True)
    op.create_index("feature_past_key", "feature_past", ["layer", "id", "since"], unique=True)
    given = sa.text("ref IS NOT NULL")
    for table in ("feature", "feature_past"):
        op.create_index(
            f"{table}_ref", table, ["ref", "layer", "id"], sqlite_where=given, postgresql_where=given
        )


def _cells() -> None:
    op.create_table(
        "cell",
        sa.Column("layer", NAME, sa.ForeignKey("layer.id"), primary_key=True),
        sa.Column("rd_cell", NAME, primary_key=True),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("blob_sha", NAME, nullable=False),
    )
    op.create_table(
        "cell_past",
        sa.Column("layer", NAME, sa.ForeignKey("layer.id"), primary_key=True),
        sa.Column("rd_cell", NAME, primary_key=True),
        sa.Column("since", sa.BigInteger, primary_key=True),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("blob_sha", NAME, nullable=False),
        sa.CheckConstraint("since < until", name="cell_past_span"),
    )


def _places() -> None:
    op.create_table(
        "place",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("layer", NAME, sa.ForeignKey("layer.id"), nullable=False),
        sa.Column("feature_id", NAME, nullable=False),
        sa.Column("ref", NAME),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("x", sa.Double, nullable=False),
        sa.Column("y", sa.Double, nullable=False),
        sa.Column("label", NAME, nullable=False),
        sa.Column("words", NAME, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("place_feature", "place", ["layer", "feature_id"])
    op.create_table(
        "place_token",
        sa.Column("token", NAME, primary_key=True),
        sa.Column("place", sa.LargeBinary, primary_key=True),
        sqlite_with_rowid=False,
    )


def _spatial_index_sqlite() -> None:
    """An R*Tree, kept by triggers so that no way of writing can forget it.

    The third dimension is the layer: number n lies from 4096 n to 4096 n + 1024. So a window in one of
    ten layers reads a tenth (measured: 1.0 instead of 13.9 ms). The numbers are exact in float32, the gap
    keeps layers apart, and the thickness keeps the volumes by which the tree chooses from being zero.
    """
    values = (
        "SELECT NEW.number, NEW.min_x, NEW.max_x, NEW.min_y, NEW.max_y, "
        "4096 * layer.number, 4096 * layer.number + 1024 "
        "FROM layer WHERE layer.id = NEW.layer AND NEW.min_x IS NOT NULL"
    )
    forget = "DELETE FROM feature_box WHERE number = OLD.number"
    op.execute(
        "CREATE VIRTUAL TABLE feature_box "
        "USING rtree(number, min_x, max_x, min_y, max_y, min_layer, max_layer)"
    )
    op.execute(
        "CREATE TRIGGER feature_box_insert AFTER INSERT ON feature "
        f"BEGIN INSERT INTO feature_box {values}; END"
    )
    op.execute(f"CREATE TRIGGER feature_box_delete AFTER DELETE ON feature BEGIN {forget}; END")
    op.execute(
        "CREATE TRIGGER feature_box_update "
        "AFTER UPDATE OF number, layer, min_x, min_y, max_x, max_y ON feature "
        f"BEGIN {forget}; INSERT INTO feature_box {values}; END"
    )


def _spatial_index_postgis() -> None:
    """A column that PostGIS derives from the WKB: QGIS reads it, and GiST indexes it."""
    try:
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    except sa.exc.DBAPIError as exc:
        raise StoreUnavailable(
            "the database has no PostGIS and this user may not add it; "
            "let an administrator run CREATE EXTENSION postgis"
        ) from exc
    op.execute(
        "ALTER TABLE feature ADD COLUMN geom geometry(GeometryZ, 28992) "
        "GENERATED ALWAYS AS (ST_Force3D(ST_GeomFromWKB(wkb, 28992))) STORED"
    )
    op.execute("CREATE INDEX feature_geom ON feature USING gist (geom)")
