"""Buildings: what stands in a tile is what the source says, as the recipe draws it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest
import shapely

from tests.tiles.drawing import build_city
from tests.tiles.shapes import (
    GROUND,
    ROOF,
    UNKNOWN,
    WALL,
    X,
    Y,
    courtyard,
    drawn_up,
    gabled,
    level,
    only_footprint,
    shape_of,
)
from tweestad import crs
from tweestad.model.city_object import CityObject
from tweestad.model.feature import Value
from tweestad.model.layer import Column
from tweestad.model.text import Text
from tweestad.tiles import colour
from tweestad.tiles.block import StreetLevel
from tweestad.tiles.buildings import known_values
from tweestad.tiles.decode import DecodedTile, decode_glb
from tweestad.tiles.plan import Plan, make_plan, schema_of_columns
from tweestad.tiles.tileset import Tile, Tileset

COLUMNS = (
    Column("bouwjaar", Text("Bouwjaar"), "integer", missing=(1005,)),
    Column("status", Text("Status"), "codes"),
    Column("hoogte_m", Text("Hoogte"), "number", unit="m"),
)
PLAN = make_plan((X, Y), schema_of_columns("gebouw", COLUMNS))


def build(
    objects: Sequence[CityObject],
    rows: Mapping[str, Mapping[str, Value]] | None = None,
    base: StreetLevel | None = None,
    plan: Plan = PLAN,
) -> Tileset:
    ids = {o.key: f"pand-{o.key}" for o in objects}
    return build_city(objects, ids, rows or {}, COLUMNS, plan.frame(), plan, base).buildings


def decoded(tileset: Tileset) -> list[DecodedTile]:
    return [decode_glb(glb.data) for glb in tileset.contents()]


def geocentric(tile: DecodedTile, plan: Plan = PLAN) -> np.ndarray:
    """Geocentric coordinates of each vertex of a tile."""
    return plan.frame().ecef(tile.mesh.positions)


def furthest_from(points: np.ndarray, others: np.ndarray) -> float:
    """The largest distance from a point to the nearest of the others."""
    return float(np.sqrt(((points[:, None] - others[None]) ** 2).sum(2)).min(1).max())


def test_every_vertex_lies_where_the_source_says_in_geocentric_coordinates() -> None:
    house = gabled("1")
    assert house.shape is not None
    (tile,) = decoded(build([house]))
    source = crs.to_ecef(house.shape.vertices)
    # Rounding on a grid of 2^-6 m moves a corner at most half its diagonal.
    within = tile.step_m * np.sqrt(3) / 2 + 1e-6
    assert furthest_from(geocentric(tile), source) <= within
    assert furthest_from(source, geocentric(tile)) <= within


def test_walls_and_roofs_are_drawn_with_their_area_and_ground_is_not() -> None:
    (tile,) = decoded(build([gabled("1")]))
    triangles = tile.mesh.positions[tile.mesh.indices.reshape(-1, 3)]
    doubled = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    walls = 2 * 10 * 6 + 2 * (8 * 6 + 8 * 3 / 2)
    assert np.linalg.norm(doubled, axis=1).sum() / 2 == pytest.approx(walls + 2 * 10 * 5, rel=2e-3)
    assert tile.mesh.normals is not None
    assert tile.mesh.normals[:, 2].min() > -0.1
    # Seen from outside each triangle turns counter-clockwise: its own normal is the one written.
    written = tile.mesh.normals[tile.mesh.indices[::3]]
    own = doubled / np.linalg.norm(doubled, axis=1)[:, None]
    assert (written * own).sum(1).min() > 0.999


def test_what_hangs_above_the_street_is_not_drawn_down_to_it() -> None:
    roof = drawn_up("dak", shapely.box(X, Y, X + 10, Y + 6), low=6.5, high=8.0)
    (tile,) = decoded(build([roof], base=level(0.0)))
    foot = PLAN.frame().local(np.array([[X + 5.0, Y + 3.0, 6.5]]))[0, 2]
    assert tile.mesh.positions[:, 2].min() == pytest.approx(foot, abs=0.05)


def test_each_vertex_carries_the_id_and_attributes_of_its_own_building() -> None:
    objects = [gabled("b", X + 30), gabled("a", X), gabled("c", X + 60)]
    rows: dict[str, dict[str, Value]] = {
        "pand-a": {"bouwjaar": 1620, "status": "in gebruik", "hoogte_m": 9.0, "onbekend": 1},
        "pand-b": {"bouwjaar": 1005, "hoogte_m": -2.5},
    }
    (tile,) = decoded(build(objects, rows))
    assert tile.columns["id"] == ("pand-a", "pand-b", "pand-c")
    assert tile.columns["bouwjaar"] == (1620, None, None)
    assert tile.columns["status"] == ("in gebruik", None, None)
    assert tile.columns["hoogte_m"] == (9.0, -2.5, None)
    assert "onbekend" not in tile.columns
    assert tile.mesh.features is not None
    east = PLAN.frame().local(np.array([[X + 4, Y, 0], [X + 34, Y, 0], [X + 64, Y, 0]]))[:, 0]
    for feature, middle in enumerate(east):
        own = tile.mesh.positions[tile.mesh.features == feature]
        assert own[:, 0].mean() == pytest.approx(middle, abs=0.3)


def test_an_object_that_is_no_feature_of_the_layer_is_not_drawn() -> None:
    objects = [gabled("a"), gabled("secret", X + 30)]
    tileset = build_city(objects, {"a": "pand-a"}, {}, COLUMNS, PLAN.frame(), PLAN, None).buildings
    assert [t.columns["id"] for t in decoded(tileset)] == [("pand-a",)]


def test_walls_darken_towards_the_foot_and_roofs_are_one_tone() -> None:
    (tile,) = decoded(build([gabled("1", wide=8.0)]))
    mesh = tile.mesh
    assert mesh.normals is not None
    own = colour.lightness("pand-1")
    roof = mesh.normals[:, 2] > 0.2
    assert mesh.colours[roof] == pytest.approx(
        np.tile(np.array(colour.linear(colour.ROOF)) * own, (roof.sum(), 1)), abs=0.003
    )
    wall_top = np.array(colour.linear(colour.WALL_TOP)) * own
    lowest = mesh.positions[:, 2].min()
    foot = ~roof & (mesh.positions[:, 2] < lowest + 0.1)
    assert mesh.colours[foot] == pytest.approx(np.tile(wall_top * 0.80, (foot.sum(), 1)), abs=0.003)
    eaves = ~roof & (np.abs(mesh.positions[:, 2] - lowest - 6.0) < 0.1)
    shade = 0.8 + 0.2 * round(6.0 / 11.0 * 8) / 8
    assert mesh.colours[eaves] == pytest.approx(np.tile(wall_top * shade, (eaves.sum(), 1)), abs=0.003)


def test_neighbours_differ_a_little_in_lightness_and_always_the_same() -> None:
    factors = np.array([colour.lightness(f"pand-{n}") for n in range(500)])
    assert factors.min() >= 0.97
    assert factors.max() <= 1.03
    assert factors.std() > 0.01
    assert colour.lightness("NL.IMBAG.Pand.0363100012165753") == pytest.approx(1.02667, abs=1e-5)


def test_the_foot_is_pulled_below_the_street_and_nothing_else_moves() -> None:
    street = 0.75
    (plain,) = decoded(build([gabled("1", ground=1.3)]))
    (lowered,) = decoded(build([gabled("1", ground=1.3)], base=level(street)))
    assert lowered.mesh.positions[:, 2].max() == pytest.approx(plain.mesh.positions[:, 2].max(), abs=0.02)
    drop = plain.mesh.positions[:, 2].min() - lowered.mesh.positions[:, 2].min()
    assert drop == pytest.approx(1.3 - (street - 1.35), abs=0.02)


def test_a_foot_that_is_already_deeper_stays_where_it_is() -> None:
    (plain,) = decoded(build([gabled("1", ground=-5.5)]))
    (lowered,) = decoded(build([gabled("1", ground=-5.5)], base=level(0.75)))
    assert lowered.mesh.positions[:, 2].min() == plain.mesh.positions[:, 2].min()


def test_a_roof_steeper_than_78_degrees_has_the_colour_of_a_wall() -> None:
    def sloped(degrees: float) -> CityObject:
        run = float(10 / np.tan(np.radians(degrees)))
        corners = [(X, Y, 0), (X + 10, Y, 0), (X + 10, Y + run, 10), (X, Y + run, 10)]
        return CityObject("1", "Building", {}, None, shape_of(corners, [(ROOF, [[0, 1, 2, 3]])]))

    roof = np.array(colour.linear(colour.ROOF)) * colour.lightness("pand-1")
    (steep,) = decoded(build([sloped(79.0)]))
    (less,) = decoded(build([sloped(77.0)]))
    assert np.abs(less.mesh.colours - roof).max() < 0.003
    assert np.abs(steep.mesh.colours - roof).max(1).min() > 0.05


def test_surfaces_without_a_name_are_judged_by_where_they_face() -> None:
    house = gabled("1")
    assert house.shape is not None
    shape = house.shape
    nameless = shape_of(
        shape.vertices.tolist(),
        [
            (UNKNOWN, [shape.ring_vertices[a:b].tolist()])
            for a, b in zip(shape.ring_starts, shape.ring_starts[1:], strict=False)
        ],
    )
    same = CityObject("1", "Building", {}, None, nameless)
    assert [g.data for g in build([same]).contents()] == [g.data for g in build([house]).contents()]


def test_the_underside_of_a_balcony_is_drawn() -> None:
    low = [(X + a, Y + b, 0.0) for a, b in ((0, 0), (4, 0), (4, 4), (0, 4))]
    high = [(x, y, 5.0) for x, y, _ in low]
    shape = shape_of([*low, *high], [(UNKNOWN, [[3, 2, 1, 0]]), (UNKNOWN, [[7, 6, 5, 4]])])
    (tile,) = decoded(build([CityObject("1", "Building", {}, None, shape)]))
    assert len(tile.mesh.indices) == 6


def test_a_courtyard_stays_open() -> None:
    (tile,) = decoded(build([drawn_up("1", courtyard())]))
    mesh = tile.mesh
    assert mesh.normals is not None
    triangles = mesh.positions[mesh.indices.reshape(-1, 3)]
    up = mesh.normals[mesh.indices[::3]][:, 2] > 0.9
    doubled = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    areas = np.linalg.norm(doubled, axis=1) / 2
    assert areas[up].sum() == pytest.approx(400 - 64, rel=5e-3)
    assert areas[~up].sum() == pytest.approx((80 + 32) * 8, rel=5e-3)


def test_a_footprint_with_a_height_becomes_a_block_that_says_so() -> None:
    rows: dict[str, dict[str, Value]] = {"pand-1": {"hoogte_m": 7.0}}
    (tile,) = decoded(build([only_footprint("1", {"rf_h_ground": 0.4})], rows))
    heights = tile.mesh.positions[:, 2]
    assert heights.max() - heights.min() == pytest.approx(7.0, abs=0.02)
    assert tile.columns["vorm"] == ("uit plattegrond",)


def test_a_roof_height_in_nap_counts_from_the_given_or_the_street_ground() -> None:
    given = only_footprint("1", {"rf_h_roof_70p": 9.4, "rf_h_ground": 0.4})
    (tile,) = decoded(build([given]))
    assert np.ptp(tile.mesh.positions[:, 2]) == pytest.approx(9.0, abs=0.02)
    (tile,) = decoded(build([only_footprint("1", {"dak_nap_m": 9.4})], base=level(1.4)))
    assert np.ptp(tile.mesh.positions[:, 2]) == pytest.approx(8.0 + 1.35, abs=0.02)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"hoogte_m": None},
        {"hoogte_m": "hoog"},
        {"hoogte_m": True},
        {"hoogte_m": 0.0},
        {"hoogte_m": -3.0},
        {"hoogte_m": 9000.0},
    ],
)
def test_a_footprint_without_a_believable_height_is_not_drawn_but_counted(
    attributes: dict[str, Value],
) -> None:
    objects = [gabled("a"), only_footprint("b", attributes)]
    ids = {"a": "pand-a", "b": "pand-b"}
    city = build_city(objects, ids, {}, COLUMNS, PLAN.frame(), PLAN, None)
    assert city.shapeless == ("pand-b",)
    assert city.extruded == ()
    assert city.buildings.features == 1


def test_a_building_of_which_no_surface_has_area_is_not_drawn_but_counted() -> None:
    flat = shape_of([(X, Y, 0), (X + 1, Y, 0), (X + 2, Y, 0)], [(WALL, [[0, 1, 2]]), (GROUND, [[2, 1, 0]])])
    objects = [CityObject("a", "Building", {}, None, flat), gabled("b", X + 30)]
    city = build_city(objects, {"a": "pand-a", "b": "pand-b"}, {}, COLUMNS, PLAN.frame(), PLAN, None)
    assert city.shapeless == ("pand-a",)
    assert [t.columns["id"] for t in decoded(city.buildings)] == [("pand-b",)]


def test_a_yes_is_not_the_number_one_that_means_unknown() -> None:
    column = Column("aantal", Text("Aantal"), "text", missing=(1,))
    rows: dict[str, dict[str, Value]] = {"a": {"aantal": 1}, "b": {"aantal": True}}
    assert known_values(rows, (column,)) == {"a": {}, "b": {"aantal": True}}


def test_no_buildings_give_an_empty_tileset() -> None:
    tileset = build([])
    assert tileset.root is None
    assert (tileset.features, tileset.triangles) == (0, 0)
    assert tileset.body(lambda _: "")["root"]["transform"] == PLAN.frame().transform


def test_large_buildings_stand_above_small_ones_in_the_tree() -> None:
    hall = drawn_up("hall", shapely.box(X, Y, X + 80, Y + 40))
    tileset = build([gabled("1"), gabled("2", X + 400), hall])
    assert tileset.root is not None
    by_id = {
        identifier: (depth, tile)
        for depth, tile in with_depth(tileset.root)
        if tile.content
        for identifier in decode_glb(tile.content.data).columns["id"]
    }
    assert by_id["pand-hall"][0] < by_id["pand-1"][0]
    assert by_id["pand-1"][1] is not by_id["pand-2"][1]
    assert by_id["pand-hall"][1].geometric_error_m > by_id["pand-1"][1].geometric_error_m == 0


def with_depth(tile: Tile, depth: int = 0) -> Iterator[tuple[int, Tile]]:
    """A tile and all below it, each with how deep it lies."""
    yield depth, tile
    for child in tile.children:
        yield from with_depth(child, depth + 1)


def changed(objects: list[CityObject], n: int) -> list[CityObject]:
    moved = gabled(objects[n].key, X + 120 * n + 0.5)
    return [*objects[:n], moved, *objects[n + 1 :]]


def test_changing_one_building_changes_exactly_one_tile() -> None:
    objects = [gabled(str(n), X + 120 * n) for n in range(12)]
    before = [g.data for g in build(objects, base=level(0.7)).contents()]
    after = [g.data for g in build(changed(objects, 5), base=level(0.7)).contents()]
    assert len(before) == len(after) == 6
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_changing_one_attribute_changes_exactly_one_tile() -> None:
    objects = [gabled(str(n), X + 120 * n) for n in range(12)]
    rows: dict[str, dict[str, Value]] = {f"pand-{n}": {"bouwjaar": 1900 + n} for n in range(12)}
    before = {g.data for g in build(objects, rows).contents()}
    after = {g.data for g in build(objects, {**rows, "pand-3": {"bouwjaar": 2020}}).contents()}
    assert len(before - after) == len(after - before) == 1


def test_the_order_in_which_buildings_come_does_not_matter() -> None:
    objects = [gabled(str(n), X + 30 * n) for n in range(9)]
    forward = [g.data for g in build(objects).contents()]
    assert forward == [g.data for g in build(objects[::-1]).contents()]


def test_the_same_building_is_cut_alike_next_to_any_other() -> None:
    alone = decoded(build([gabled("1")]))[0].mesh
    among = decoded(build([gabled("1"), *(gabled(f"2{n}", X + 9 * n, Y + 20) for n in range(9))]))[0].mesh
    assert among.features is not None
    own = among.positions[among.features == 0]
    np.testing.assert_array_equal(np.unique(own, axis=0), np.unique(alone.positions, axis=0))
