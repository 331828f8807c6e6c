"""Voorbeeldstad: the same town every time, in the formats of real sources, and never taken for a real one."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import shapely

from tweestad.formats.cityjson.reading import read_city
from tweestad.formats.vector.reading import VectorQuery, read_vector
from tweestad.model.city_object import CityObject
from tweestad.synthetic.form.bgt import surfaces
from tweestad.synthetic.form.ground import CENTRE, height_nap_m
from tweestad.synthetic.form.layout import lay_out, quarters_of
from tweestad.synthetic.form.model import Town
from tweestad.synthetic.form.plan import cells
from tweestad.synthetic.town import FILES, FORM_FILES, write_town

ROOT = Path(__file__).parents[2]
SIZE = 1450


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_town(folder, seed=1, size=SIZE)
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


def kinds_and_lines(folder: Path) -> list[tuple[str, shapely.Geometry]]:
    batches = read_vector(folder / "straten.geojson", VectorQuery("line", ("highway",)))
    return [
        (str(kind), line)
        for batch in batches
        for kind, line in zip(batch.values["highway"], batch.geometries, strict=True)
    ]


def lines(folder: Path) -> list[shapely.Geometry]:
    return [line for _, line in kinds_and_lines(folder)]


def test_the_same_seed_and_size_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tweestad.synthetic.town import write_town;"
        "write_town(Path(sys.argv[1]), seed=1, size=300)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    there, here = tmp_path / "there", tmp_path / "here"
    subprocess.run([sys.executable, "-c", program, str(there)], check=True, env=environment)
    write_town(here, seed=1, size=300)
    assert hashes(there) == hashes(here)


def test_another_seed_gives_another_town(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_town(tmp_path / str(seed), seed=seed, size=100)
    assert hashes(tmp_path / "1")[FILES[0]] != hashes(tmp_path / "2")[FILES[0]]


def test_a_larger_town_has_the_smaller_one_within_it(town: Path, tmp_path: Path) -> None:
    write_town(tmp_path, seed=1, size=450)
    large = {each.attributes["identificatie"]: each.footprint for each in buildings(town)}
    assert len(buildings(tmp_path)) == 450
    for each in buildings(tmp_path):
        assert large[each.attributes["identificatie"]] == each.footprint


def test_every_building_is_read_without_a_fault_and_numbered_under_a_code_nobody_has(town: Path) -> None:
    found = buildings(town)
    numbers = [each.attributes["identificatie"] for each in found]
    assert len(set(numbers)) == SIZE
    assert all(isinstance(n, str) and n.startswith("9999") and len(n) == 16 for n in numbers)
    assert sum(each.shape is None for each in found) == SIZE // 67
    assert sum(each.attributes["bouwjaar"] == 1005 for each in found) == SIZE // 29
    assert sum(each.attributes["rf_h_roof_max"] is None for each in found) == SIZE // 134


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


def test_houses_stand_free_of_water_of_streets_and_of_each_other(town: Path) -> None:
    houses = np.array(footprints(town))
    assert len(houses) == SIZE
    water = shapely.union_all(polygons(town, "water.geojson"))
    streets = shapely.union_all([shapely.buffer(line, 1.2) for line in lines(town)])
    for taken in (water, streets):
        shapely.prepare(taken)
        assert not shapely.intersects(taken, houses).any()
    for n, m in shapely.STRtree(houses).query(houses, predicate="intersects").T:
        assert m <= n or houses[n].intersection(houses[m]).area < 1.0


def test_every_building_stands_on_a_street_and_every_street_can_be_reached(town: Path) -> None:
    streets = lines(town)
    tree = shapely.STRtree(streets)
    _, distances = tree.query_nearest(footprints(town), return_distance=True, all_matches=False)
    assert distances.max() < 40
    parts = shapely.get_parts(shapely.union_all([shapely.buffer(line, 0.3) for line in streets]))
    assert shapely.area(parts).max() >= 0.98 * shapely.area(parts).sum()


def test_the_town_has_what_a_dutch_town_has(town: Path) -> None:
    found = buildings(town)
    heights = [float(np.ptp(each.shape.vertices[:, 2])) for each in found if each.shape]
    assert max(heights) > 45, "no church tower"
    uses = {use for each in found for use in str(each.attributes["gebruiksdoel"]).split(",")}
    assert {"woonfunctie", "winkelfunctie", "onderwijsfunctie", "bijeenkomstfunctie"} <= uses
    assert {"industriefunctie", "kantoorfunctie", "sportfunctie"} <= uses
    assert {"Bouw gestart", "Bouwvergunning verleend"} <= {each.attributes["status"] for each in found}
    years = [int(str(each.attributes["bouwjaar"])) for each in found]
    for first, last in ((1600, 1800), (1875, 1914), (1924, 1939), (1965, 1985), (2022, 2030)):
        assert sum(first <= year <= last for year in years) > 40, (first, last)
    water = shapely.union_all(polygons(town, "water.geojson"))
    kinds = {kind for kind, _ in kinds_and_lines(town)}
    assert {"secondary", "tertiary", "residential", "living_street", "pedestrian", "footway"} <= kinds
    walked = [line for kind, line in kinds_and_lines(town) if kind == "pedestrian"]
    assert any(shapely.intersects(line, water) for line in walked), "a street without bridges"
    assert len(polygons(town, "buurten.geojson")) == 9
    assert len(polygons(town, "wijken.geojson")) == 3


def test_the_town_lies_in_a_lake_and_says_that_it_is_invented(town: Path) -> None:
    west, south, east, north = shapely.total_bounds(np.array(footprints(town)))
    assert abs(west + east - 2 * CENTRE[0]) < 200
    assert abs(south + north - 2 * CENTRE[1]) < 200
    assert max(east - west, north - south) < 1000
    for name in FILES:
        if name.endswith(".geojson"):
            assert "invented" in json.loads((town / name).read_text(encoding="utf-8"))["name"]


def test_the_register_of_surfaces_covers_each_quarter_once() -> None:
    quarter = next(quarters_of(Town(1, 1)))
    shapes = []
    for kind, member in surfaces(quarter, []):
        if kind == "overbruggingsdeel":
            continue
        rings = re.findall(rb"<gml:(exterior|interior)>.*?<gml:posList[^>]*>([^<]*)", member)
        rows = [np.array(text.split(), dtype=float).reshape(-1, 2) for _, text in rings]
        shapes.append(shapely.Polygon(rows[0], rows[1:]))
    assert all(shape.is_valid for shape in shapes)
    total = sum(shape.area for shape in shapes)
    assert total == pytest.approx(quarter.outline.area, rel=1e-3)
    assert shapely.union_all(shapes).area == pytest.approx(total, rel=1e-4)


def test_every_file_of_the_form_is_written_and_described(town: Path) -> None:
    words = (ROOT / "docs" / "voorbeeldstad.md").read_text(encoding="utf-8")
    for name, line in FORM_FILES.items():
        assert (town / name).stat().st_size > 0
        assert line
        assert f"`{name}`" in words, name


@pytest.mark.parametrize("size", [1, 200])
def test_a_small_town_has_as_many_buildings_as_asked(tmp_path: Path, size: int) -> None:
    write_town(tmp_path, seed=3, size=size)
    assert len(buildings(tmp_path)) == size


def test_a_town_of_a_million_buildings_is_planned_without_building_it() -> None:
    quarters = quarters_of(Town(1, 1_000_000))
    first = list(islice(quarters, 3))
    small = list(islice(quarters_of(Town(1, 490)), 3))
    for large, same in zip(first, small, strict=True):
        for a, b in zip(large.houses, same.houses, strict=True):
            assert np.array_equal(a.outline, b.outline)
    planned = list(islice(cells(1), 12_000))
    assert len({(cell.column, cell.row) for cell in planned}) == 12_000
    far = lay_out(1, planned[11_113])
    assert re.fullmatch(r"BU9999[0-9A-Z]{4}", far.code)
    assert height_nap_m(np.array([far.outline.centroid.coords[0]])).min() > -1


def test_no_two_quarters_have_one_code_and_no_two_main_streets_of_the_town_one_name() -> None:
    planned = [lay_out(1, cell) for cell in islice(cells(1), 50)]
    assert len({quarter.code for quarter in planned}) == 50
    names = [{way.name for way in quarter.ways if way.highway == "residential"} for quarter in planned[:25]]
    together = [name for each in names for name in each if name]
    assert len(set(together)) > 0.9 * len(together)


def test_a_town_that_is_there_is_not_written_again(town: Path) -> None:
    times = {name: (town / name).stat().st_mtime_ns for name in FILES}
    write_town(town, seed=1, size=SIZE)
    assert {name: (town / name).stat().st_mtime_ns for name in FILES} == times
