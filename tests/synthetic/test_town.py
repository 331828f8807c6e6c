"""Voorbeeldstad: the same town every time, in the formats of real sources, and never taken for a real one."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from tweestad.formats.cityjson import read_city
from tweestad.formats.vector import VectorQuery, read_vector
from tweestad.model.city_object import CityObject
from tweestad.synthetic.town import CENTRE, FILES, write_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_town(folder, seed=1, size=200)
    return folder


def hashes(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def buildings(folder: Path) -> list[CityObject]:
    found = list(read_city(folder / FILES[0]))
    assert all(isinstance(each, CityObject) for each in found)
    return [each for each in found if isinstance(each, CityObject)]


def footprints(folder: Path) -> list[shapely.Polygon]:
    found = [shapely.from_wkb(each.footprint) for each in buildings(folder) if each.footprint]
    return [shape for shape in found if isinstance(shape, shapely.Polygon)]


def polygons(folder: Path, name: str) -> list[shapely.Geometry]:
    return [shape for batch in read_vector(folder / name, VectorQuery()) for shape in batch.geometries]


def test_the_same_seed_and_size_give_the_same_bytes_in_another_process(town: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tweestad.synthetic.town import write_town;"
        "write_town(Path(sys.argv[1]), seed=1, size=200)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, env=environment)
    assert hashes(tmp_path) == hashes(town)


def test_another_seed_gives_another_town(town: Path, tmp_path: Path) -> None:
    write_town(tmp_path, seed=2, size=200)
    assert all(hashes(tmp_path)[name] != hashes(town)[name] for name in FILES)


def test_a_larger_town_has_the_smaller_one_within_it(town: Path, tmp_path: Path) -> None:
    write_town(tmp_path, seed=1, size=450)
    large = {each.attributes["identificatie"]: each.footprint for each in buildings(tmp_path)}
    assert len(large) == 450
    for each in buildings(town):
        assert large[each.attributes["identificatie"]] == each.footprint


def test_every_building_is_read_without_a_fault_and_numbered_under_a_code_nobody_has(town: Path) -> None:
    found = buildings(town)
    numbers = [each.attributes["identificatie"] for each in found]
    assert len(set(numbers)) == 200
    assert all(isinstance(n, str) and n.startswith("9999") and len(n) == 16 for n in numbers)
    assert sum(each.shape is None for each in found) == 2
    assert sum(each.attributes["bouwjaar"] == 1005 for each in found) == 6
    assert sum(each.attributes["rf_h_roof_max"] is None for each in found) == 1


def test_every_shape_is_closed_and_points_outwards(town: Path) -> None:
    for each in buildings(town):
        if each.shape is None:
            continue
        shape = each.shape
        edges: dict[tuple[int, int], int] = {}
        volume = 0.0
        for ring in range(len(shape.ring_starts) - 1):
            numbers = shape.ring_vertices[shape.ring_starts[ring] : shape.ring_starts[ring + 1]]
            for a, b in zip(numbers, np.roll(numbers, -1), strict=True):
                edges[int(a), int(b)] = edges.get((int(a), int(b)), 0) + 1
            points = shape.vertices[numbers] - shape.vertices[0]
            fan = [np.dot(points[0], np.cross(points[n], points[n + 1])) for n in range(1, len(points) - 1)]
            volume += sum(fan) / 6
        # Each side of a face is the side of another one, walked the other way.
        assert all(edges.get((b, a)) == count for (a, b), count in edges.items()), each.key
        assert volume > 20, each.key


def test_houses_stand_free_of_water_and_of_each_other(town: Path) -> None:
    houses = footprints(town)
    water = shapely.union_all(polygons(town, "water.geojson"))
    assert not any(house.intersects(water) for house in houses)
    tree = shapely.STRtree(houses)
    for n, house in enumerate(houses):
        for m in tree.query(house):
            assert m <= n or house.intersection(houses[m]).area < 1.0


def test_the_town_has_what_a_dutch_town_has(town: Path) -> None:
    found = buildings(town)
    heights = [float(np.ptp(each.shape.vertices[:, 2])) for each in found if each.shape]
    assert max(heights) > 45
    uses = {use for each in found for use in str(each.attributes["gebruiksdoel"]).split(",")}
    assert {"woonfunctie", "winkelfunctie", "onderwijsfunctie", "bijeenkomstfunctie"} <= uses
    assert any(shapely.get_num_interior_rings(shape) for shape in footprints(town))
    assert len(polygons(town, "buurten.geojson")) == 3
    lines = next(iter(read_vector(town / "straten.geojson", VectorQuery("line", ("name", "highway")))))
    assert not lines.rejected
    assert {"Oude Gracht"} <= {
        str(name)
        for batch in read_vector(town / "water.geojson", VectorQuery(columns=("name",)))
        for name in batch.values["name"]
    }
    water = shapely.union_all(polygons(town, "water.geojson"))
    main = [
        line
        for line, name in zip(lines.geometries, lines.values["name"], strict=True)
        if name == "Hoofdstraat"
    ]
    assert any(line.intersects(water) for line in main), "a street without bridges"


def test_the_town_lies_in_a_lake_and_says_that_it_is_invented(town: Path) -> None:
    west, south, east, north = shapely.total_bounds(np.array(footprints(town)))
    assert west > CENTRE[0] - 400
    assert east < CENTRE[0] + 400
    assert south > CENTRE[1] - 400
    assert north < CENTRE[1] + 400
    for name in FILES[1:]:
        assert "invented" in json.loads((town / name).read_text(encoding="utf-8"))["name"]


def test_a_town_that_is_there_is_not_written_again(town: Path) -> None:
    times = {name: (town / name).stat().st_mtime_ns for name in FILES}
    write_town(town, seed=1, size=200)
    assert {name: (town / name).stat().st_mtime_ns for name in FILES} == times
