"""Old databases open and are brought up to date; the tables in the code are those that migrations make."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
import shapely
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.store.small_city import EVERYONE, cell, ids, layer, place
from tweestad.errors import StoreUnavailable
from tweestad.model.feature import BBox, Feature
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store, Where
from tweestad.store.queries import SqlStore
from tweestad.store.tables import metadata

CASES = sorted((Path(__file__).parent / "cases").glob("*.sql"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_an_old_database_opens_with_all_that_was_in_it(case: Path, tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "tweestad.sqlite")
    old.executescript(case.read_text(encoding="utf-8"))
    old.close()
    store = open_store("", tmp_path)
    assert store.clock("city") == 3
    assert [found.layer.id for found in store.layers(EVERYONE)] == ["gebouwen", "meldingen"]
    assert [found.layer.audience for found in store.layers(EVERYONE)] == ["public", "staff"]
    assert ids(store) == ["a", "c"]
    assert ids(store, Where(layer="gebouwen", at=1)) == ["a", "b"]
    assert ids(store, Where(bbox=BBox(120_000, 487_000, 120_010, 487_010), audiences=EVERYONE)) == ["a", "m"]
    assert store.find_places(["nieuwe"], audiences=EVERYONE, limit=5) == [place("Nieuwe Kade")]
    assert store.cells("gebouwen") == [cell("120_487", "b")]
    assert store.cells("gebouwen", at=1) == [cell("120_487", "a")]
    assert store.find_document("twin", "facts") == {"id": "stad"}
    store.put_layer(layer("water"), [])
    assert store.clock("city") == 4
    store.close()


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_the_tables_in_the_code_are_those_that_migrations_make(store: Store) -> None:
    assert isinstance(store, SqlStore)
    with store._backend.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_object": _is_ours, "compare_server_default": False},
        )
        assert compare_metadata(context, metadata) == []


def _is_ours(thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """The spatial index belongs to the backend, and PostGIS brings tables of its own."""
    return name not in {"feature_geom", "geom", "spatial_ref_sys"} and not (name or "").startswith(
        "feature_box"
    )


def test_a_database_of_a_newer_version_is_not_opened(tmp_path: Path) -> None:
    open_store("", tmp_path).close()
    newer = sqlite3.connect(tmp_path / "tweestad.sqlite")
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    with pytest.raises(StoreUnavailable, match="newer version"):
        open_store("", tmp_path)


@pytest.mark.postgres
def test_the_geometry_that_other_programs_read_follows_the_feature(postgres_url: str, tmp_path: Path) -> None:
    store = open_store(postgres_url, tmp_path)
    solid = shapely.to_wkb(shapely.from_wkt("LINESTRING Z (1 2 3, 4 5 6)"))
    flat = shapely.to_wkb(shapely.from_wkt("POINT (1 2)"))
    store.put_layer(layer(), [Feature("gebouwen", "a", solid), Feature("gebouwen", "b", flat)])
    with psycopg.connect(postgres_url) as other:
        query = "SELECT ST_AsText(geom), ST_SRID(geom), ST_NDims(geom) FROM feature ORDER BY id"
        rows = other.execute(query).fetchall()
    assert rows == [("LINESTRING Z (1 2 3,4 5 6)", 28992, 3), ("POINT Z (1 2 0)", 28992, 3)]
    store.close()
