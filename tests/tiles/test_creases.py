"""Lines: on every fold that the eye sees, and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.tiles.drawing import build_city
from tests.tiles.shapes import ROOF, WALL, X, Y, courtyard, drawn_up, gabled, level, shape_of
from tweestad.model.city_object import CityObject, Shape
from tweestad.model.layer import Column
from tweestad.model.text import Text
from tweestad.tiles.block import Building, StreetLevel, prepare
from tweestad.tiles.creases import OUTWARD_M, find_creases
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.metadata import make_schema
from tweestad.tiles.plan import make_plan, schema_of_columns

PLAN = make_plan((X, Y), schema_of_columns("gebouw", ()))
CUBE = drawn_up("1", shapely.box(X, Y, X + 10, Y + 10), low=0.5, high=10.5)


def shape_in(city_object: CityObject) -> Shape:
    assert city_object.shape is not None
    return city_object.shape


def lines_of(shape: Shape, base: StreetLevel | None = None) -> np.ndarray:
    """The ends (n, 2, 3) of the lines of one building."""
    return find_creases(prepare([Building("1", shape)], PLAN.frame(), base)).ends


def test_a_block_has_four_corners_and_four_eaves() -> None:
    ends = lines_of(shape_in(CUBE))
    assert len(ends) == 8
    upright = np.abs(ends[:, 0, 2] - ends[:, 1, 2]) > 1
    assert upright.sum() == 4
    assert np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1) == pytest.approx(np.full(8, 10.0), abs=0.01)


def test_lines_lie_eight_centimetres_outside_the_building() -> None:
    ends = lines_of(shape_in(CUBE))
    corners = PLAN.frame().local(shape_in(CUBE).vertices)
    for line in ends:
        nearest = np.sqrt(((line[:, None] - corners[None]) ** 2).sum(2)).min(1)
        assert nearest == pytest.approx([OUTWARD_M, OUTWARD_M], abs=1e-3)
    middle = corners.mean(0)
    eaves = ends[np.abs(ends[:, 0, 2] - ends[:, 1, 2]) < 1].reshape(-1, 3)
    assert (np.linalg.norm(eaves[:, :2] - middle[:2], axis=1) > 5 * np.sqrt(2) + 0.03).all()
    assert (eaves[:, 2] > corners[:, 2].max() + 0.05).all()


def test_lines_at_street_level_are_left_out_with_a_lowered_foot_too() -> None:
    ends = lines_of(shape_in(CUBE), level(0.75))
    assert len(ends) == 8
    lowest = PLAN.frame().local(np.array([[X, Y, 0.75 - 1.35]]))[0, 2]
    assert ends[..., 2].min() == pytest.approx(lowest, abs=0.01)


def test_a_gable_has_its_ridge_eaves_verges_and_corners() -> None:
    assert len(lines_of(shape_in(gabled("1")))) == 1 + 2 + 4 + 4


def test_a_seam_in_a_flat_roof_draws_no_line_and_a_fold_of_more_than_20_degrees_does() -> None:
    def two_planes(degrees: float) -> Shape:
        rise = float(np.tan(np.radians(degrees)) * 5)
        across = [(0, 3), (5, 3), (10, 3 + rise)]
        vertices = [(X + a, Y + b, z) for b in (0, 10) for a, z in across]
        foot = (X, Y, 0.0)
        return shape_of([*vertices, foot], [(ROOF, [[0, 1, 4, 3]]), (ROOF, [[1, 2, 5, 4]])])

    around = 6
    assert len(lines_of(two_planes(0))) == around
    assert len(lines_of(two_planes(19))) == around
    assert len(lines_of(two_planes(21))) == around + 1


def test_parts_that_repeat_their_shared_corners_draw_no_line_between_them() -> None:
    wall = [(X, Y, 0), (X + 5, Y, 0), (X + 5, Y, 5), (X, Y, 5)]
    beside = [(X + 5, Y, 0), (X + 10, Y, 0), (X + 10, Y, 5), (X + 5, Y, 5)]
    shape = shape_of([*wall, *beside], [(WALL, [[0, 1, 2, 3]]), (WALL, [[4, 5, 6, 7]])])
    ends = lines_of(shape)
    upright = np.abs(ends[:, 0, 2] - ends[:, 1, 2]) > 1
    assert upright.sum() == 2
    assert len(ends) == 4


def test_a_party_wall_belongs_to_each_of_its_two_buildings() -> None:
    left, right = gabled("1"), gabled("2", X + 8)
    together = prepare([Building("1", shape_in(left)), Building("2", shape_in(right))], PLAN.frame(), None)
    assert np.bincount(find_creases(together).objects).tolist() == [11, 11]


def test_a_courtyard_has_lines_along_both_edges() -> None:
    assert len(lines_of(shape_in(drawn_up("1", courtyard())))) == 16


def test_a_shape_without_surfaces_that_count_has_no_lines() -> None:
    flat = shape_of([(X, Y, 0), (X + 1, Y, 0), (X + 2, Y, 0)], [(WALL, [[0, 1, 2]])])
    assert len(lines_of(flat)) == 0


def test_lines_are_written_unlit_with_the_id_of_their_building() -> None:
    objects = [gabled("b", X + 30), gabled("a")]
    ids = {"a": "pand-a", "b": "pand-b"}
    tileset = build_city(objects, ids, {}, (), PLAN.frame(), PLAN, None).creases
    (glb,) = tileset.contents()
    tile = decode_glb(glb.data)
    assert tile.mesh.lines
    assert tile.mesh.unlit
    assert tile.columns == {"id": ("pand-a", "pand-b")}
    assert tile.mesh.features is not None
    assert np.bincount(tile.mesh.features[tile.mesh.indices]).tolist() == [22, 22]
    assert tileset.lines == 22
    assert tileset.triangles == 0


def test_lines_carry_the_attributes_of_their_building_so_that_a_filter_hides_both() -> None:
    columns = (Column("bouwjaar", Text("Bouwjaar"), "integer", missing=(1005,)),)
    plan = make_plan((X, Y), make_schema("gebouw", [("bouwjaar", "integer")]))
    objects, ids = [gabled("a"), gabled("b", X + 30)], {"a": "a", "b": "b"}
    rows = {"a": {"bouwjaar": 1900}, "b": {"bouwjaar": 1005}}
    city = build_city(objects, ids, rows, columns, plan.frame(), plan, None)
    (lines,), (walls,) = city.creases.contents(), city.buildings.contents()
    assert decode_glb(lines.data).columns == decode_glb(walls.data).columns
    assert decode_glb(lines.data).columns == {"id": ("a", "b"), "bouwjaar": (1900, None)}


def test_changing_one_building_changes_exactly_one_tile_of_lines() -> None:
    objects = [gabled(str(n), X + 120 * n) for n in range(12)]
    ids = {o.key: o.key for o in objects}
    changed = [*objects[:5], gabled("5", X + 120 * 5, wide=7.0), *objects[6:]]
    before, after = (
        [g.data for g in build_city(o, ids, {}, (), PLAN.frame(), PLAN, level(0.7)).creases.contents()]
        for o in (objects, changed)
    )
    assert len(before) == len(after) > 3
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
