"""The tables, the same on both backends; `migrations/` makes them.

`feature` and `cell` hold what is true now (`since`), `feature_past` and `cell_past` what was (`since` up
to, not including, `until`). The spatial index is on current rows only and belongs to the backend: an
R*Tree `feature_box` in SQLite, a generated column `geom` in PostGIS. Small columns stand before large
ones, because SQLite reads a row from its beginning.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
)

# Names sort by their UTF-8 bytes on both backends, so that pages and cursors are the same on both.
NAME = String().with_variant(String(collation="C"), "postgresql")
# SQLite gives a table its own number only when the type is spelled INTEGER.
NUMBER = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()


def _version_columns() -> list[Column[object]]:
    """What a thing was from `since` until `ended`."""
    return [
        Column("since", BigInteger, nullable=False),
        Column("ended", BigInteger),
        Column("kind", NAME, nullable=False),
        Column("min_x", Double),
        Column("min_y", Double),
        Column("max_x", Double),
        Column("max_y", Double),
        Column("body", String, nullable=False),
        Column("shape", LargeBinary),
    ]


def _value_columns() -> list[Column[object]]:
    """One value: `kind` says whether it is `value`, `text`, a yes or no in `value`, or nothing."""
    return [
        # The length of its interval, NULL for a moment.
        Column("span", BigInteger),
        Column("result_time", BigInteger),
        Column("received", BigInteger, nullable=False),
        Column("kind", SmallInteger, nullable=False),
        Column("flag", SmallInteger, nullable=False),
        Column("value", Double),
        Column("text", String),
        Column("told", String),
        # NULL when it is the value as Python writes it, which is most of the time.
        Column("original", String),
    ]


clock = Table(
    "clock",
    metadata,
    Column("domain", NAME, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

layer = Table(
    "layer",
    metadata,
    Column("id", NAME, primary_key=True),
    # Never given again: the spatial index of SQLite knows a layer by it.
    Column("number", Integer, nullable=False, unique=True),
    Column("position", Integer, nullable=False),
    Column("audience", NAME, nullable=False),
    Column("version", BigInteger, nullable=False),
    # Set when the layer was removed: it is no longer listed, its past can still be read.
    Column("until", BigInteger),
    # Of the published features, so that a list of layers does not tell of drafts.
    Column("features", Integer, nullable=False),
    Column("min_x", Double),
    Column("min_y", Double),
    Column("max_x", Double),
    Column("max_y", Double),
    Column("description", String, nullable=False),
    # From which change number on the public may read it: its past as a staff layer stays with staff.
    Column("public_since", BigInteger),
)


def _feature_columns() -> list[Column[object]]:
    return [
        Column("layer", NAME, ForeignKey("layer.id"), nullable=False),
        Column("id", NAME, nullable=False),
        Column("state", NAME, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("ref", NAME),
        Column("min_x", Double),
        Column("min_y", Double),
        Column("max_x", Double),
        Column("max_y", Double),
        Column("hash", LargeBinary, nullable=False),
        Column("title", String, nullable=False),
        Column("attributes", String, nullable=False),
        Column("wkb", LargeBinary),
    ]


feature = Table(
    "feature",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    *_feature_columns(),
)
Index("feature_key", feature.c.layer, feature.c.id, unique=True)
Index(
    "feature_ref",
    feature.c.ref,
    feature.c.layer,
    feature.c.id,
    sqlite_where=feature.c.ref.is_not(None),
    postgresql_where=feature.c.ref.is_not(None),
)

feature_past = Table(
    "feature_past",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    *_feature_columns(),
    Column("until", BigInteger, nullable=False),
    CheckConstraint("since < until", name="feature_past_span"),
)
Index("feature_past_key", feature_past.c.layer, feature_past.c.id, feature_past.c.since, unique=True)
Index(
    "feature_past_ref",
    feature_past.c.ref,
    feature_past.c.layer,
    feature_past.c.id,
    sqlite_where=feature_past.c.ref.is_not(None),
    postgresql_where=feature_past.c.ref.is_not(None),
)

cell = Table(
    "cell",
    metadata,
    Column("layer", NAME, ForeignKey("layer.id"), primary_key=True),
    Column("rd_cell", NAME, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("blob_sha", NAME, nullable=False),
)

cell_past = Table(
    "cell_past",
    metadata,
    Column("layer", NAME, ForeignKey("layer.id"), primary_key=True),
    Column("rd_cell", NAME, primary_key=True),
    Column("since", BigInteger, primary_key=True),
    Column("until", BigInteger, nullable=False),
    Column("blob_sha", NAME, nullable=False),
    CheckConstraint("since < until", name="cell_past_span"),
)

place = Table(
    "place",
    metadata,
    # 16 bytes of BLAKE2 over all fields: a place that did not change is not written again.
    Column("hash", LargeBinary, primary_key=True),
    Column("layer", NAME, ForeignKey("layer.id"), nullable=False),
    Column("feature_id", NAME, nullable=False),
    Column("ref", NAME),
    Column("kind", NAME, nullable=False),
    Column("x", Double, nullable=False),
    Column("y", Double, nullable=False),
    Column("label", NAME, nullable=False),
    # The label as search sees it: its words with a space before each.
    Column("words", NAME, nullable=False),
    sqlite_with_rowid=False,
)
Index("place_feature", place.c.layer, place.c.feature_id)

place_token = Table(
    "place_token",
    metadata,
    Column("token", NAME, primary_key=True),
    # No foreign key: it would need an index of its own, larger than the table.
    Column("place", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)

document = Table(
    "document",
    metadata,
    Column("kind", NAME, primary_key=True),
    Column("key", NAME, primary_key=True),
    Column("body", String, nullable=False),
)

# Measurements. Inside they are known by number: an observation of 60 bytes cannot carry an id of 60 more.
# Moments are microseconds since 1970 in UTC: whole numbers, which both backends compare alike.

thing = Table(
    "thing",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("id", NAME, nullable=False, unique=True),
    Column("source", NAME, nullable=False),
    Column("part", NAME, nullable=False),
    Column("audience", NAME, nullable=False),
    # The change number of `readings` at which it last changed, ended or came back.
    Column("n", BigInteger, nullable=False),
    *_version_columns(),
    # As it was told; `ended` is what was found.
    Column("until", BigInteger),
    Column("hash", LargeBinary, nullable=False),
    # When the answer came that told this version: an older one does not overwrite it.
    Column("heard", BigInteger, nullable=False, server_default="0"),
)
Index("thing_source", thing.c.source, thing.c.part)

thing_past = Table(
    "thing_past",
    metadata,
    Column("thing", BigInteger, ForeignKey("thing.number"), nullable=False),
    *_version_columns(),
    CheckConstraint("since < ended", name="thing_past_span"),
    PrimaryKeyConstraint("thing", "since"),
)

# What has ended since a moment is little when the moment is recent, which is what a time bar asks.
Index("thing_past_ended", thing_past.c.ended)

datastream = Table(
    "datastream",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("id", NAME, nullable=False, unique=True),
    Column("thing", BigInteger, ForeignKey("thing.number"), nullable=False),
    Column("observed", NAME, nullable=False),
    Column("audience", NAME, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("period_s", BigInteger, nullable=False),
    Column("unit", String, nullable=False),
    Column("method", String, nullable=False),
    Column("name", String, nullable=False),
    # A JSON list, NULL for none.
    Column("channels", String),
)
Index("datastream_thing", datastream.c.thing)

# The values, clustered by what is asked: one series over a time.
observation = Table(
    "observation",
    metadata,
    Column("datastream", BigInteger, primary_key=True, autoincrement=False),
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    *_value_columns(),
    sqlite_with_rowid=False,
)

# What a value was before it was revised for the first time.
observation_first = Table(
    "observation_first",
    metadata,
    Column("datastream", BigInteger, primary_key=True, autoincrement=False),
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    *_value_columns(),
    sqlite_with_rowid=False,
)

# The last value of each datastream, for the map, and what is known of all its values together.
latest = Table(
    "latest",
    metadata,
    Column("datastream", NUMBER, ForeignKey("datastream.number"), primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    # The longest interval that a value of it covers.
    Column("longest", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    *_value_columns(),
)

# Staging: temporary tables of one connection. They take no lock on the twin while a source is read, and
# vanish with the connection when an import breaks off. No keys: duplicates are looked for afterwards.
staging = MetaData()

staged_feature = Table(
    "staged_feature",
    staging,
    Column("id", NAME),
    Column("state", NAME),
    Column("ref", NAME),
    Column("min_x", Double),
    Column("min_y", Double),
    Column("max_x", Double),
    Column("max_y", Double),
    Column("hash", LargeBinary),
    Column("title", String),
    Column("attributes", String),
    Column("wkb", LargeBinary),
    # Neighbours on the map become neighbours on disk, so that a window touches few pages.
    Column("spot", BigInteger),
    prefixes=["TEMPORARY"],
)

staged_place = Table(
    "staged_place",
    staging,
    *(Column(c.name, c.type) for c in place.columns),
    prefixes=["TEMPORARY"],
)

staged_token = Table(
    "staged_token",
    staging,
    *(Column(c.name, c.type) for c in place_token.columns),
    prefixes=["TEMPORARY"],
)

# Made after filling: by one sort instead of row by row.
staged_keys = (
    Index("staged_feature_key", staged_feature.c.id),
    Index("staged_place_key", staged_place.c.hash),
    Index("staged_token_place", staged_token.c.place),
)
