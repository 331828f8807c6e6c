"""The terrain of a city model as heights."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tests.formats.city_samples import document, house, seq
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.reading import read_city
from tweestad.formats.terrain.heights import CELL_M, Thinning
from tweestad.formats.terrain.relief import read_relief
from tweestad.model.city_object import CityObject

OPEN_DATA = Path(os.environ.get("OPEN_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
THE_HAGUE = OPEN_DATA / "buildings3d/denhaag-scheveningen_tile01-lod2-terrain_cityjson10+citygml.zip"


def test_a_terrain_is_sampled_as_a_surface_and_not_only_at_its_corners(tmp_path: Path) -> None:
    path = tmp_path / "stad.city.json"
    tin = {"type": "CompositeSurface", "lod": "1", "boundaries": [[[0, 1, 2]], [[0, 2, 3]]]}
    path.write_bytes(seq(document({"tin": house(tin, type="TINRelief"), "huis": house()})).strip())
    thinning = Thinning()
    counts = read_relief(path, thinning)
    samples = thinning.samples()
    assert counts.read == counts.used > 4
    assert set(samples.z_nap.tolist()) == {1.0}
    # Ten metres square: every cell that lies wholly in it has a height.
    assert len(samples.z_nap) >= int(10 / CELL_M - 1) ** 2


def test_a_slope_keeps_its_height_between_the_corners(tmp_path: Path) -> None:
    path = tmp_path / "helling.city.json"
    tin = {"type": "CompositeSurface", "lod": "1", "boundaries": [[[0, 1, 6, 7]]]}
    path.write_bytes(seq(document({"tin": house(tin, type="TINRelief")})).strip())
    thinning = Thinning()
    read_relief(path, thinning)
    z = thinning.samples().z_nap
    assert z.max() - z.min() > 2.0
    assert len(np.unique(np.round(z, 1))) > 4


def terrain(tmp_path: Path, corners: list[list[float]]) -> Path:
    """A file of one triangle, in metres from a corner of the country."""
    tin = house({"type": "CompositeSurface", "lod": "1", "boundaries": [[[0, 1, 2]]]}, type="TINRelief")
    body = document({"tin": tin})
    body["vertices"] = np.round(np.array(corners) / body["transform"]["scale"]).astype(int).tolist()
    path = tmp_path / "terrein.city.json"
    path.write_bytes(seq(body).strip())
    return path


@pytest.mark.parametrize("angle", [0.0, 0.3, 0.785, 1.2])
def test_every_cell_that_a_triangle_covers_wholly_has_a_height(tmp_path: Path, angle: float) -> None:
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    flat = np.array([[0.0, 0], [61, 3], [17, 40]]) @ turn
    path = terrain(tmp_path, np.column_stack([flat + 60, [1.0, 2, 3]]).tolist())
    asked = Thinning()
    read_relief(path, asked)
    found = asked.samples()
    cells = {(int(x), int(y)) for x, y in np.floor(found.xy / CELL_M).tolist()}
    (shape,) = [e.shape for e in read_city(path) if isinstance(e, CityObject) and e.shape is not None]
    triangle = shapely.Polygon(shape.vertices[:, :2])
    west, south, east, north = (int(side // CELL_M) for side in triangle.bounds)
    whole = {
        (x, y)
        for x in range(west, east + 1)
        for y in range(south, north + 1)
        if triangle.contains(shapely.box(x * CELL_M, y * CELL_M, (x + 1) * CELL_M, (y + 1) * CELL_M))
    }
    assert len(whole) > 100
    assert whole <= cells


def test_a_large_triangle_is_sampled_a_part_at_a_time(tmp_path: Path) -> None:
    side = 1800 * CELL_M
    asked: list[int] = [0]
    read_relief(
        terrain(tmp_path, [[0, 0, 1], [side, 0, 1], [0, side, 1]]), Thinning(), on_points=asked.append
    )
    assert asked[-1] > 2_500_000
    assert max(np.diff(asked)) <= 1_000_000


def test_a_sliver_takes_samples_along_it_only(tmp_path: Path) -> None:
    length = 2000 * CELL_M
    counts = read_relief(terrain(tmp_path, [[0, 0, 1], [length, 0, 1], [length / 3, 0.1, 1]]), Thinning())
    assert 2000 < counts.read < 10_000


def test_a_model_without_terrain_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stad.city.json"
    path.write_bytes(seq(document()).strip())
    with pytest.raises(InputRejected, match="no TINRelief"):
        read_relief(path, Thinning())


@pytest.mark.open_data
@pytest.mark.skipif(not THE_HAGUE.is_file(), reason="the open-data folder is not there (OPEN_DATA)")
def test_the_terrain_of_the_hague_covers_its_tile(tmp_path: Path) -> None:
    with zipfile.ZipFile(THE_HAGUE) as archive:
        (name,) = [n for n in archive.namelist() if n == "DenHaag/DenHaag_01.json"]
        body = json.loads(archive.read(name))
    body["CityObjects"] = {k: v for k, v in body["CityObjects"].items() if v["type"] == "TINRelief"}
    path = tmp_path / "denhaag.city.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    thinning = Thinning()
    read_relief(path, thinning, crs=7415)
    samples = thinning.samples()
    # What the triangles cover seen from above; a cell on the edge counts whole.
    assert len(samples.z_nap) * CELL_M**2 == pytest.approx(area_of(body), rel=0.06)
    assert 2.0 < np.median(samples.z_nap) < 15.0


def area_of(body: dict[str, Any]) -> float:
    """Square metres of the triangles of all terrain in a CityJSON document, seen from above."""
    (scale, *_), corners = body["transform"]["scale"], np.array(body["vertices"], dtype=float)
    total = 0.0
    for each in body["CityObjects"].values():
        for geometry in each["geometry"]:
            numbers = np.array([ring for surface in geometry["boundaries"] for ring in surface])
            a, b, c = (corners[numbers[:, n], :2] * scale for n in range(3))
            total += float(np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]).sum()) / 2
    return total
