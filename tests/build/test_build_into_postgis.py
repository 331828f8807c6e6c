"""The same twin built into PostGIS: the same features, and the same files to the byte."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.build.tiny_city import TinyCity, X, Y
from tweestad.build.pipeline import build
from tweestad.model.layer import Audience
from tweestad.store.opening import open_store
from tweestad.store.protocol import Where

pytestmark = pytest.mark.postgres


def public_files(tiles: Path) -> dict[str, str]:
    return {
        path.relative_to(tiles).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(tiles.rglob("*"))
        if path.is_file()
    }


def test_both_databases_give_the_same_city(tmp_path: Path, postgres_url: str) -> None:
    in_file, in_server = TinyCity(tmp_path / "sqlite"), TinyCity(tmp_path / "postgis")
    configs = [in_file.config, replace(in_server.config, database_url=postgres_url)]
    found = []
    for city, config in zip((in_file, in_server), configs, strict=True):
        city.write()
        build(city.folder, config)
        store = open_store(config.database_url, config.data_dir)
        try:
            staff: frozenset[Audience] = frozenset({"public", "staff"})
            found.append(
                [store.features(Where(layer=x, audiences=staff), limit=100) for x in ("gebouwen", "kabels")]
            )
        finally:
            store.close()
    assert len(found[0][0]) == 12
    assert found[0] == found[1]
    assert public_files(configs[0].tiles_dir) == public_files(configs[1].tiles_dir)


def test_a_second_build_into_postgis_changes_one_feature_only(tmp_path: Path, postgres_url: str) -> None:
    city = TinyCity(tmp_path)
    city.write()
    config = replace(city.config, database_url=postgres_url)
    build(city.folder, config)
    replace(city, years={3: 2020}).write_houses()
    report = build(city.folder, config)
    buildings = report.layers[0]
    assert (buildings.out, buildings.added, buildings.changed, buildings.removed) == (12, 0, 1, 0)
    assert [each.id for each in report.layers if not each.kept] == ["gebouwen"]


def test_what_another_folder_has_built_into_the_database_is_not_taken_for_ones_own(
    tmp_path: Path, postgres_url: str
) -> None:
    first, second = TinyCity(tmp_path / "a", houses=2), TinyCity(tmp_path / "b", houses=2, years={1: 2020})
    one, other = (replace(city.config, database_url=postgres_url) for city in (first, second))
    first.write()
    second.write()
    build(first.folder, one)
    # The solids are in the folder of the first, so there is nothing to keep of the buildings.
    assert "gebouwen" in [each.id for each in build(second.folder, other).layers if not each.kept]
    street = [[X - 60, Y - 8], [X + 400, Y - 8]]
    first.write_geojson("kabels", "LineString", [({"nr": 2, "naam": "geheimekabel"}, street)])
    report = build(first.folder, one)
    assert [each.id for each in report.layers if not each.kept] == ["gebouwen", "kabels"]
    assert report.layers[0].changed == 1
