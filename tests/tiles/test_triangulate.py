"""Triangles: together they are the polygon, whichever way it was cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.tiles.shapes import ROOF, Surface, shape_of
from tweestad.tiles.surfaces import Surfaces, join_shapes, newell_normals
from tweestad.tiles.triangulate import triangulate

Points = NDArray[np.float64]


def cut(rings: list[list[tuple[float, float, float]]]) -> tuple[Points, Points]:
    """The triangles (t, 3, 3) of one surface, and its normal."""
    numbers = np.cumsum([0, *(len(r) for r in rings)])
    named = [list(range(a, b)) for a, b in pairwise(numbers)]
    surfaces = join_shapes([shape_of([p for ring in rings for p in ring], [(ROOF, named)])])
    return triangles_of(surfaces)


def triangles_of(surfaces: Surfaces) -> tuple[Points, Points]:
    normals, _ = newell_normals(surfaces, surfaces.vertices)
    triangles, owners = triangulate(surfaces, surfaces.vertices, normals)
    assert (np.diff(owners) >= 0).all()
    return surfaces.vertices[surfaces.corners[triangles]], normals


def doubled_normals(triangles: Points) -> Points:
    return np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])


def area(triangles: Points) -> float:
    return float(np.linalg.norm(doubled_normals(triangles), axis=1).sum() / 2)


def flat(polygon: shapely.Polygon, height: float = 3.0) -> list[list[tuple[float, float, float]]]:
    rings = [polygon.exterior, *polygon.interiors]
    return [[(x, y, height) for x, y in list(ring.coords)[:-1]] for ring in rings]


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (4, 0), (0, 3)],
        [(0, 0), (4, 0), (4, 3), (0, 3)],
        [(0, 0), (4, 0), (1, 1), (0, 4)],  # dented at the third corner
        [(1, 1), (0, 4), (0, 0), (4, 0)],  # dented at the first corner
        [(4, 0), (1, 1), (0, 4), (0, 0)],  # dented at the second corner
        [(0, 0), (2, 0), (4, 0), (4, 3), (0, 3)],  # a corner on a straight side
        [(0, 0), (2, -1), (4, 0), (4, 3), (2, 4), (0, 3)],
        [(0, 0), (6, 0), (6, 6), (4, 6), (4, 2), (2, 2), (2, 6), (0, 6)],
    ],
)
@pytest.mark.parametrize("plane", ["ground", "wall", "slope"])
def test_the_triangles_of_a_ring_fill_it_and_face_its_way(
    corners: list[tuple[float, float]], plane: str
) -> None:
    def place(u: float, v: float) -> tuple[float, float, float]:
        return {"ground": (u, v, 3.0), "wall": (7.0, u, v), "slope": (u, v * 0.8, v * 0.6)}[plane]

    for ring in (corners, corners[::-1]):
        triangles, normals = cut([[place(u, v) for u, v in ring]])
        assert area(triangles) == pytest.approx(shapely.Polygon(corners).area)
        assert (doubled_normals(triangles) @ normals[0] > 0).all()


def test_a_hole_stays_open() -> None:
    polygon = shapely.Polygon(
        shapely.box(0, 0, 10, 10).exterior,
        [shapely.box(2, 2, 4, 4).exterior, shapely.box(6, 6, 9, 9).exterior],
    )
    triangles, _ = cut(flat(polygon))
    assert area(triangles) == pytest.approx(100 - 4 - 9)
    middles = shapely.points(triangles.mean(1)[:, :2])
    assert shapely.contains(polygon, middles).all()


def test_a_quad_that_is_not_flat_becomes_two_triangles_with_one_normal() -> None:
    triangles, normals = cut([[(0, 0, 0), (10, 0, 0.3), (10, 10, 0), (0, 10, 0.3)]])
    assert len(triangles) == 2
    assert normals[0] == pytest.approx([0, 0, 1])


def test_a_star_that_turns_one_way_twice_around_is_not_fanned() -> None:
    angles = np.arange(5) * 2 * 2 * np.pi / 5
    star = [(float(np.cos(a)) * 5, float(np.sin(a)) * 5, 0.0) for a in angles]
    triangles, _ = cut([star])
    assert area(triangles) < np.pi * 25


@pytest.mark.parametrize(
    "rings",
    [
        [[(0, 0, 0), (1, 0, 0)]],
        [[(0, 0, 0)]],
        [[]],
        [[(0, 0, 0), (1, 0, 0), (2, 0, 0)]],
        [[(5, 5, 5)] * 4],
        [[(0, 0, 0), (1, 0, 0), (0, 0, 0), (1, 0, 0), (0, 0, 0)]],
    ],
)
def test_a_surface_without_area_gives_no_triangles(rings: list[list[tuple[float, float, float]]]) -> None:
    assert len(cut(rings)[0]) == 0


def test_a_hole_of_two_points_is_ignored() -> None:
    square = [(0.0, 0.0, 0.0), (4.0, 0.0, 0.0), (4.0, 4.0, 0.0), (0.0, 4.0, 0.0)]
    assert area(cut([square, [(1.0, 1.0, 0.0), (2.0, 2.0, 0.0)]])[0]) == pytest.approx(16)


def test_broken_surfaces_among_good_ones_disturb_nothing() -> None:
    vertices = [(0, 0, 0), (4, 0, 0), (4, 4, 0), (0, 4, 0), (0, 0, 9), (4, 0, 9)]
    surfaces: list[Surface] = [
        (ROOF, [[0, 1]]),
        (ROOF, [[0, 1, 2, 3]]),
        (ROOF, []),
        (ROOF, [[0, 1, 5, 4], [2]]),
        (ROOF, [[3, 3, 3]]),
        (ROOF, [[0], [0, 1, 2]]),
    ]
    triangles, _ = triangles_of(join_shapes([shape_of(vertices, surfaces), shape_of(vertices, [])]))
    assert area(triangles) == pytest.approx(16 + 36)


def test_no_shapes_give_no_triangles() -> None:
    assert len(triangles_of(join_shapes([]))[0]) == 0


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 24), st.booleans())
def test_any_simple_polygon_is_filled_exactly(seed: int, corners: int, holed: bool) -> None:
    random = np.random.default_rng(seed)
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    distances = random.uniform(5, 20, corners)
    outline = shapely.Polygon(
        np.column_stack([np.cos(angles), np.sin(angles)]) * distances[:, None] + (130_000, 480_000)
    )
    if not outline.is_valid or outline.area < 1:
        return
    hole = shapely.intersection(outline.buffer(-1), shapely.box(130_000, 480_000, 130_004, 480_003))
    polygon = outline
    if holed and isinstance(hole, shapely.Polygon) and hole.area > 0.1:
        polygon = shapely.Polygon(outline.exterior, [hole.exterior])
    triangles, normals = cut(flat(polygon))
    assert area(triangles) == pytest.approx(polygon.area, rel=1e-6, abs=1e-4)
    assert (doubled_normals(triangles) @ normals[0] > -1e-6).all()
