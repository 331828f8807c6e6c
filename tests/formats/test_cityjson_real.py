"""Real city models: every building in is a building out."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.formats.city_samples import objects_of, reasons_of
from tweestad.formats.cityjson.reading import read_city, read_city_bytes, write_seq
from tweestad.model.city_object import CityObject

pytestmark = pytest.mark.open_data

AMSTERDAM = "buildings3d/amsterdam-weesperbuurt_roofer-lod22_2026.city.jsonl.gz"
TILE_5907 = "buildings3d/delft-wippolder_3dbag-v210908-tile5907-subset.city.json.gz"
TILE_5908 = "buildings3d/delft-centrum_3dbag-v210908-tile5908-subset.city.jsonl.gz"
DELFT_LOD1 = "buildings3d/delft-centrum_bgt-3dfier-lod1.city.json.gz"
DEN_HAAG = "buildings3d/denhaag-scheveningen_tile01-lod2-terrain_cityjson10+citygml.zip"


def read_all(path: Path, crs: int | None = None) -> list[CityObject]:
    """Read a file from which nothing may be rejected."""
    found = list(read_city(path, crs=crs))
    assert reasons_of(found) == {}
    return objects_of(found)


def box_of(objects: list[CityObject]) -> list[float]:
    vertices = np.concatenate([item.shape.vertices for item in objects if item.shape is not None])
    return [*vertices.min(axis=0).tolist(), *vertices.max(axis=0).tolist()]


def test_amsterdam_has_449_solids_and_25_footprints(open_data: Path) -> None:
    objects = read_all(open_data / AMSTERDAM)
    assert Counter(item.type for item in objects) == {"Building": 474}
    assert sum(item.shape is not None for item in objects) == 449
    assert {item.shape.lod for item in objects if item.shape is not None} == {"2.2"}
    assert all(item.footprint is not None for item in objects)
    assert len({item.attributes["identificatie"] for item in objects}) == 474
    expected = [122_064.3, 485_853.6, -6.4, 122_701.4, 486_444.6, 59.9]
    assert np.abs(np.array(box_of(objects)) - expected).max() < 0.1


@pytest.mark.parametrize(("path", "count"), [(TILE_5907, 443), (TILE_5908, 99)])
def test_3dbag_tiles_keep_every_building_at_its_finest(open_data: Path, path: str, count: int) -> None:
    objects = read_all(open_data / path)
    assert Counter(item.type for item in objects) == {"Building": count}
    assert {item.shape.lod for item in objects if item.shape is not None} == {"2.2"}
    assert all(item.lods == ("0", "1.2", "1.3", "2.2") for item in objects)
    assert all(item.footprint is not None and item.shape is not None for item in objects)
    assert all("h_maaiveld" in item.attributes for item in objects)


def test_delft_lod1_keeps_every_type(open_data: Path) -> None:
    objects = read_all(open_data / DELFT_LOD1)
    assert Counter(item.type for item in objects) == {
        "Building": 160,
        "Road": 143,
        "PlantCover": 126,
        "LandUse": 81,
        "GenericCityObject": 54,
        "Bridge": 3,
        "WaterBody": 3,
    }
    footprints = shapely.from_wkb([item.footprint for item in objects])
    assert shapely.is_valid(footprints).all()
    assert shapely.area(footprints).min() > 0


def test_den_haag_in_the_oldest_cityjson_keeps_every_building(open_data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(open_data / DEN_HAAG) as archive:
        path = Path(archive.extract("DenHaag/DenHaag_01.json", tmp_path))
    objects = read_all(path, crs=7415)
    assert Counter(item.type for item in objects) == {"Building": 844, "TINRelief": 1}
    buildings = [item for item in objects if item.type == "Building"]
    assert all(item.shape is not None and item.footprint is not None for item in buildings)


@pytest.mark.parametrize("path", [AMSTERDAM, TILE_5907, DELFT_LOD1])
def test_a_city_written_and_read_again_is_the_same(open_data: Path, path: str) -> None:
    objects = read_all(open_data / path)
    written = write_seq(objects)
    back = objects_of(list(read_city_bytes(written, "stad.city.jsonl")))
    assert write_seq(back) == written
    for left, right in zip(objects, back, strict=True):
        assert left.footprint == right.footprint
        if left.shape is not None and right.shape is not None:
            assert np.array_equal(left.shape.vertices, right.shape.vertices)
            assert np.array_equal(left.shape.ring_vertices, right.shape.ring_vertices)
