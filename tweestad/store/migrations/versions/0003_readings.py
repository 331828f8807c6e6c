"""Measurements: things now and past, datastreams, observations, and the last value of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _things()
    _datastreams()
    for name in ("observation", "observation_first"):
        op.create_table(
            name,
            sa.Column("datastream", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("time", sa.BigInteger, primary_key=True, autoincrement=False),
            *_value_columns(),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "latest",
        sa.Column(
            "datastream",
            NUMBER,
            sa.ForeignKey("datastream.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("longest", sa.BigInteger, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        *_value_columns(),
    )


def _version_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("min_x", sa.Double),
        sa.Column("min_y", sa.Double),
        sa.Column("max_x", sa.Double),
        sa.Column("max_y", sa.Double),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("shape", sa.LargeBinary),
    ]


def _value_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("span", sa.BigInteger),
        sa.Column("result_time", sa.BigInteger),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("flag", sa.SmallInteger, nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("text", sa.String),
        sa.Column("told", sa.String),
        sa.Column("original", sa.String),
    ]


def _things() -> None:
    op.create_table(
        "thing",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("id", NAME, nullable=False, unique=True),
        sa.Column("source", NAME, nullable=False),
        sa.Column("part", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        *_version_columns(),
        sa.Column("until", sa.BigInteger),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_index("thing_source", "thing", ["source", "part"])
    op.create_table(
        "thing_past",
        sa.Column("thing", sa.BigInteger, sa.ForeignKey("thing.number"), nullable=False),
        *_version_columns(),
        sa.CheckConstraint("since < ended", name="thing_past_span"),
        sa.PrimaryKeyConstraint("thing", "since"),
    )
    op.create_index("thing_past_ended", "thing_past", ["ended"])


def _datastreams() -> None:
    op.create_table(
        "datastream",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("id", NAME, nullable=False, unique=True),
        sa.Column("thing", sa.BigInteger, sa.ForeignKey("thing.number"), nullable=False),
        sa.Column("observed", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("period_s", sa.BigInteger, nullable=False),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("method", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("channels", sa.String),
    )
    op.create_index("datastream_thing", "datastream", ["thing"])
