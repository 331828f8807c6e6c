"""Land, street, path, park and water lie beside each other: nothing on top of anything, nothing missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from tweestad.errors import InputRejected
from tweestad.ground.parts import GROUND_ROLES, GroundInput, GroundParts, cut_ground
from tweestad.model.feature import BBox

X, Y = 122_350.0, 486_150.0
BOX = BBox(X - 700, Y - 700, X + 700, Y + 700)
NEAR = BBox(X - 300, Y - 300, X + 300, Y + 300)
CANAL = shapely.box(X - 20, Y - 650, X + 20, Y + 650)
STREET = shapely.LineString([(X - 600, Y), (X + 600, Y)])
PATH = shapely.LineString([(X - 100, Y - 200), (X - 100, Y + 200)])
PARK = shapely.box(X - 250, Y - 150, X - 50, Y + 150)
HOUSE = shapely.box(X + 100, Y + 100, X + 120, Y + 110)


def array(*geometries: shapely.Geometry | None) -> np.ndarray:
    """An array of geometries as a reader would give it."""
    made = np.empty(len(geometries), dtype=np.object_)
    made[:] = geometries
    return made


def town() -> GroundInput:
    """One canal, one street across it, a park with a path through it, and one house."""
    return GroundInput(
        BOX,
        NEAR,
        water=array(CANAL),
        streets=array(STREET),
        street_widths_m=np.array([10.0]),
        paths=array(PATH),
        path_widths_m=np.array([2.2]),
        parks=array(PARK),
        footprints=array(HOUSE),
    )


def role_at(parts: GroundParts, x: float, y: float) -> list[str]:
    """The roles of all polygons that hold this place."""
    found = shapely.STRtree(parts.polygons).query(shapely.Point(x, y), predicate="within")
    return [GROUND_ROLES[parts.roles[n]] for n in found]


def overlap_m2(parts: GroundParts) -> float:
    """How many square metres are covered twice."""
    one, two = shapely.STRtree(parts.polygons).query(parts.polygons, predicate="intersects")
    pair = one < two
    return float(
        shapely.area(shapely.intersection(parts.polygons[one[pair]], parts.polygons[two[pair]])).sum()
    )


def assert_covers_the_box_once(parts: GroundParts) -> None:
    box = parts.box
    whole = (box.max_x - box.min_x) * (box.max_y - box.min_y)
    assert sum(parts.area_m2(role) for role in GROUND_ROLES) == pytest.approx(whole, rel=1e-6)
    assert overlap_m2(parts) < 0.01
    assert shapely.is_valid(parts.polygons).all()


def test_the_parts_fill_the_box_once() -> None:
    parts = cut_ground(town())
    assert_covers_the_box_once(parts)
    assert all(parts.area_m2(role) > 0 for role in GROUND_ROLES)
    assert parts.area_m2("street") == pytest.approx(1200 * 10 + np.pi * 25, rel=0.01)


def test_a_street_crosses_the_water_at_street_level() -> None:
    parts = cut_ground(town())
    assert role_at(parts, X, Y) == ["street"]
    assert role_at(parts, X, Y + 6) == ["water"]


def test_a_path_gives_way_to_a_street_and_a_park_to_both() -> None:
    parts = cut_ground(town())
    assert role_at(parts, X - 100, Y) == ["street"]
    assert role_at(parts, X - 100, Y + 50) == ["path"]
    assert role_at(parts, X - 110, Y + 50) == ["park"]
    assert role_at(parts, X - 110, Y) == ["street"]


def test_a_path_crosses_water_and_a_park_does_not() -> None:
    given = town()
    given = replace(given, parks=array(shapely.box(X - 100, Y + 20, X + 100, Y + 60)))
    given = replace(given, paths=array(shapely.LineString([(X - 100, Y + 100), (X + 100, Y + 100)])))
    parts = cut_ground(given)
    assert role_at(parts, X, Y + 40) == ["water"]
    assert role_at(parts, X, Y + 100) == ["path"]
    assert_covers_the_box_once(parts)


def test_water_that_crosses_itself_is_repaired() -> None:
    bow_tie = shapely.Polygon(
        [(X - 200, Y + 200), (X + 200, Y + 300), (X + 200, Y + 200), (X - 200, Y + 300)]
    )
    assert not bow_tie.is_valid
    parts = cut_ground(replace(town(), water=array(bow_tie)))
    assert_covers_the_box_once(parts)
    assert role_at(parts, X - 150, Y + 250) == ["water"]
    assert role_at(parts, X + 150, Y + 250) == ["water"]


def test_what_is_no_surface_and_no_line_is_dropped() -> None:
    point, empty = shapely.Point(X, Y), shapely.Polygon()
    spike = shapely.Polygon([(X, Y), (X + 50, Y), (X, Y)])
    with np.errstate(invalid="ignore"):
        not_finite = shapely.Polygon([(X, Y), (X + 50, Y), (X + 50, np.nan), (X, Y)])
    mixed = shapely.GeometryCollection([point, CANAL, STREET])
    lost = shapely.LineString([(X, Y), (X, Y)])
    parts = cut_ground(
        GroundInput(
            BOX,
            NEAR,
            water=array(point, empty, None, spike, not_finite, mixed),
            streets=array(lost, point, None, shapely.MultiLineString([STREET])),
            street_widths_m=np.array([3.0, 3.0, 3.0, 10.0]),
        )
    )
    assert_covers_the_box_once(parts)
    assert role_at(parts, X, Y + 100) == ["water"]
    assert parts.area_m2("street") == pytest.approx(1200 * 10 + np.pi * 25, rel=0.01)


def test_a_street_given_as_a_surface_is_taken_as_it_is() -> None:
    square = shapely.box(X + 200, Y + 200, X + 260, Y + 240)
    parts = cut_ground(GroundInput(BOX, NEAR, streets=array(square), street_widths_m=np.array([5.0])))
    assert parts.area_m2("street") == pytest.approx(60 * 40)


def test_a_city_without_anything_is_all_land() -> None:
    parts = cut_ground(GroundInput(BOX, NEAR))
    assert parts.area_m2("land") == pytest.approx(1400 * 1400)
    assert {GROUND_ROLES[r] for r in np.unique(parts.roles)} == {"land"}


def test_a_city_without_one_layer_is_still_whole() -> None:
    dry, treeless = cut_ground(replace(town(), water=array())), cut_ground(replace(town(), parks=array()))
    assert_covers_the_box_once(dry)
    assert_covers_the_box_once(treeless)
    assert dry.area_m2("water") == treeless.area_m2("park") == 0


def test_contact_shade_surrounds_a_house_in_four_rings() -> None:
    parts = cut_ground(town())
    assert sorted(np.unique(parts.shades)) == [0, 1, 2, 3, 4]
    shaded = shapely.union_all(parts.polygons[parts.shades > 0])
    assert shaded.area == pytest.approx(HOUSE.buffer(5.2).area, rel=0.02)
    darkest = shapely.union_all(parts.polygons[parts.shades == 4])
    assert darkest.area == pytest.approx(HOUSE.buffer(0.8).area, rel=0.02)


def test_a_house_far_from_the_centre_and_water_get_no_shade() -> None:
    parts = cut_ground(replace(town(), footprints=array(shapely.box(X + 500, Y + 500, X + 510, Y + 510))))
    assert not parts.shades.any()
    parts = cut_ground(replace(town(), footprints=array(shapely.box(X - 30, Y + 50, X - 21, Y + 60))))
    assert parts.shades.any()
    assert not parts.shades[parts.roles == GROUND_ROLES.index("water")].any()


def test_a_changed_street_changes_only_its_own_cells() -> None:
    before = cut_ground(town())
    extra = shapely.LineString([(X + 450, Y + 450), (X + 600, Y + 450)])
    after = cut_ground(replace(town(), streets=array(STREET, extra), street_widths_m=np.array([10.0, 5.0])))
    touched = {
        tuple(cell)
        for cell in np.unique(np.vstack([before.cells, after.cells]), axis=0).tolist()
        if _shapes(before, cell) != _shapes(after, cell)
    }
    assert touched == {(292, 1158)}


def _shapes(parts: GroundParts, cell: list[int]) -> list[bytes]:
    inside = (parts.cells == cell).all(axis=1)
    return [shapely.to_wkb(p) for p in parts.polygons[inside]]


def test_simplifying_far_away_leaves_no_gaps() -> None:
    rng = np.random.default_rng(8)
    x = np.linspace(X - 690, X + 690, 900)
    shore = np.column_stack([x, Y + 500 + rng.normal(0, 0.3, len(x))])
    wobbly = shapely.Polygon([*shore.tolist(), (X + 690, Y + 650), (X - 690, Y + 650)])
    exact = replace(town(), water=array(wobbly), far_tolerance_m=0.0)
    parts, full = cut_ground(replace(exact, far_tolerance_m=1.0)), cut_ground(exact)
    assert_covers_the_box_once(parts)
    counts = [shapely.get_num_coordinates(p.of("water")).sum() for p in (parts, full)]
    assert counts[0] < counts[1] / 3
    assert parts.area_m2("water") == pytest.approx(full.area_m2("water"), rel=0.01)


@pytest.mark.parametrize("widths", [[], [0.0], [float("nan")], [3.0, 3.0]])
def test_a_street_without_a_width_is_refused(widths: list[float]) -> None:
    with pytest.raises(InputRejected, match="width"):
        GroundInput(BOX, NEAR, streets=array(STREET), street_widths_m=np.array(widths))
