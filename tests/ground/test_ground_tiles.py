"""The ground as a viewer sees it: tiles lie on the street level, water lower, quays in between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from tweestad import crs
from tweestad.ground.height import GroundHeight
from tweestad.ground.parts import GROUND_ROLES, GroundInput, GroundRole, cut_ground
from tweestad.ground.tiles import GRID_M, GroundTilesets, ground_tiles
from tweestad.model.feature import BBox
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.frame import Frame
from tweestad.tiles.tileset import Tileset

X, Y = 122_350.0, 486_150.0
BOX = BBox(X - 500, Y - 500, X + 500, Y + 500)
NEAR = BBox(X - 300, Y - 300, X + 300, Y + 300)
WATER_NAP_M = -0.4
CANAL = shapely.box(X - 20, Y - 450, X + 20, Y + 450)
STREET = shapely.LineString([(X - 600, Y - 30), (X + 600, Y + 40)])
HOUSES = [shapely.box(X + 60 + 25 * k, Y + 80, X + 75 + 25 * k, Y + 95) for k in range(6)]
DRY: tuple[GroundRole, ...] = ("land", "street", "path", "park")


def array(*geometries: shapely.Geometry) -> np.ndarray:
    made = np.empty(len(geometries), dtype=np.object_)
    made[:] = geometries
    return made


def town() -> GroundInput:
    return GroundInput(
        BOX,
        NEAR,
        water=array(CANAL),
        streets=array(STREET),
        street_widths_m=np.array([10.0]),
        paths=array(shapely.LineString([(X - 150, Y - 200), (X + 150, Y + 240)])),
        path_widths_m=np.array([2.2]),
        parks=array(shapely.Point(X - 200, Y + 100).buffer(90)),
        footprints=array(*HOUSES),
    )


def hilly() -> GroundHeight:
    rng = np.random.default_rng(6)
    xy = np.array([X, Y]) + rng.uniform(-250, 250, (300, 2))
    return GroundHeight.from_samples(xy, 1.5 + np.sin(xy[:, 0] / 60) * 1.2, water_nap_m=WATER_NAP_M)


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame.at(X, Y)


@pytest.fixture(scope="module")
def made(frame: Frame) -> GroundTilesets:
    return ground_tiles(cut_ground(town()), hilly(), frame, water_nap_m=WATER_NAP_M)


def to_rd(frame: Frame, local: np.ndarray) -> np.ndarray:
    """RD and NAP of local points, by a second-degree fit that is good to a millimetre over a kilometre."""
    rng = np.random.default_rng(0)
    rd = np.array([X, Y, 0.0]) + rng.uniform(-1, 1, (400, 3)) * [700, 700, 10]

    def terms(p: np.ndarray) -> np.ndarray:
        e, n, u = (p / 700).T
        return np.column_stack([np.ones(len(p)), e, n, u, e * e, n * n, e * n, e * u, n * u])

    fit, *_ = np.linalg.lstsq(terms(frame.local(rd)), rd, rcond=None)
    assert np.abs(terms(frame.local(rd)) @ fit - rd).max() < 0.002
    result: np.ndarray = terms(local) @ fit
    return result


def faces(frame: Frame, tileset: Tileset) -> np.ndarray:
    """All triangles of a tileset in RD and NAP, (n, 3, 3), as its decoded tiles give them."""
    found = []
    for content in tileset.contents():
        mesh = decode_glb(content.data).mesh
        found.append(to_rd(frame, mesh.positions)[mesh.indices].reshape(-1, 3, 3))
    return np.concatenate(found)


def area_m2(triangles: np.ndarray) -> float:
    u, v = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    return float((u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]).sum() / 2)


def test_the_triangles_cover_what_was_cut(frame: Frame, made: GroundTilesets) -> None:
    parts = cut_ground(town())
    for role in GROUND_ROLES:
        # A path of 2.2 m is drawn on a grid of 1.6 cm.
        assert area_m2(faces(frame, made.roles[role])) == pytest.approx(parts.area_m2(role), rel=0.003)


def test_everywhere_the_ground_is_at_street_level_without_cracks(frame: Frame, made: GroundTilesets) -> None:
    height = hilly()
    assert np.ptp(height.nodes) > 0.5
    dry = np.concatenate([faces(frame, made.roles[role]) for role in DRY])
    for place in np.random.default_rng(2).dirichlet([0.4, 0.4, 0.4], 10):
        points = (dry * place[:, None]).sum(axis=1)
        off = np.abs(points[:, 2] - height.at(points[:, :2]))
        assert off.max() < 0.01 + GRID_M / 2


def test_tiles_and_roles_that_meet_are_rounded_alike(made: GroundTilesets) -> None:
    for role in GROUND_ROLES:
        for content in made.roles[role].contents():
            positions = decode_glb(content.data).mesh.positions
            assert np.array_equal(positions, np.round(positions / GRID_M) * GRID_M)


def test_the_water_lies_at_least_sixty_centimetres_below_the_ground(
    frame: Frame, made: GroundTilesets
) -> None:
    water = faces(frame, made.roles["water"])[:, :, 2]
    assert water == pytest.approx(np.full(water.shape, WATER_NAP_M), abs=0.012)
    lowest = min(float(faces(frame, made.roles[role])[:, :, 2].min()) for role in DRY)
    assert lowest - WATER_NAP_M > 0.6


def test_every_triangle_looks_up(frame: Frame, made: GroundTilesets) -> None:
    for tileset in [*made.roles.values(), made.quays]:
        for content in tileset.contents():
            mesh = decode_glb(content.data).mesh
            assert mesh.normals is not None
            assert mesh.normals == pytest.approx(np.tile([0.0, 0.0, 1.0], (len(mesh.normals), 1)))
    for role in GROUND_ROLES:
        triangles = faces(frame, made.roles[role])
        u, v = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
        # Slivers thinner than the grid may turn over when rounded; they are not seen.
        turned = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0] < -0.02 * np.linalg.norm(u, axis=1).clip(1)
        assert turned.sum() == 0


def test_quays_stand_along_every_shore_near_the_centre_and_nowhere_else(
    frame: Frame, made: GroundTilesets
) -> None:
    walls = faces(frame, made.quays)
    shores = shapely.union_all(cut_ground(town()).of("water")).boundary
    near = shapely.box(NEAR.min_x, NEAR.min_y, NEAR.max_x, NEAR.max_y)
    top = np.array([w for w in walls.reshape(-1, 3) if w[2] > WATER_NAP_M + 0.5])
    foot = np.array([w for w in walls.reshape(-1, 3) if w[2] < WATER_NAP_M])
    assert len(top) == len(foot)
    assert shapely.distance(shapely.points(walls.reshape(-1, 3)[:, :2]), shores).max() < 0.02
    assert np.abs(top[:, 2] - hilly().at(top[:, :2])).max() < 0.03
    drawn = shapely.union_all([shapely.LineString(w[:, :2]).buffer(0.05) for w in walls])
    missing = shores.intersection(near.buffer(-60)).difference(drawn)
    assert missing.length < 0.5
    # A cell border runs through the canal; there the water goes on and no wall stands.
    assert (
        not shapely.Polygon(CANAL)
        .buffer(-1)
        .difference(
            shapely.union_all(
                [STREET.buffer(7), shapely.LineString([(X - 150, Y - 200), (X + 150, Y + 240)]).buffer(3)]
            )
        )
        .intersects(drawn)
    )


def test_quays_are_seen_from_the_water_only(frame: Frame, made: GroundTilesets) -> None:
    walls = faces(frame, made.quays)
    out = np.cross(walls[:, 1] - walls[:, 0], walls[:, 2] - walls[:, 0])
    out /= np.linalg.norm(out, axis=1)[:, None]
    before = (walls.mean(axis=1) + out * 0.2)[:, :2]
    assert shapely.contains(shapely.union_all(cut_ground(town()).of("water")), shapely.points(before)).all()
    assert all(b'"doubleSided":false' in content.data for content in made.quays.contents())


def test_the_ground_is_darker_against_a_wall(frame: Frame, made: GroundTilesets) -> None:
    by_distance: dict[bool, set[int]] = {True: set(), False: set()}
    for content in made.roles["land"].contents():
        mesh = decode_glb(content.data).mesh
        xy = to_rd(frame, mesh.positions)[:, :2]
        middle = shapely.points(xy[mesh.indices].reshape(-1, 3, 2).mean(axis=1))
        first = np.round(mesh.colours[mesh.indices].reshape(-1, 3, 3)[:, 0, 0] * 255).astype(int)
        distance = shapely.distance(middle, shapely.union_all(HOUSES))
        by_distance[True] |= set(first[distance < 0.75].tolist())
        by_distance[False] |= set(first[distance > 5.3].tolist())
    plain, dark = round(0.815 * 255), round(0.815 * 0.86 * 255)
    assert all(abs(v - plain) <= 1 for v in by_distance[False])
    assert by_distance[True]
    assert all(abs(v - dark) <= 1 for v in by_distance[True])


def test_a_city_without_water_has_no_water_and_no_quays(frame: Frame) -> None:
    made = ground_tiles(cut_ground(replace(town(), water=array())), hilly(), frame, water_nap_m=WATER_NAP_M)
    assert made.roles["water"].root is None
    assert made.quays.root is None
    assert made.roles["land"].root is not None


def test_one_changed_street_changes_few_tiles(frame: Frame) -> None:
    wide = replace(town(), box=BBox(X - 4500, Y - 4500, X + 4500, Y + 4500))
    extra = shapely.LineString([(X + 1800, Y + 1800), (X + 1900, Y + 1800)])
    more = replace(wide, streets=array(STREET, extra), street_widths_m=np.array([10.0, 5.0]))
    before, after = (
        {
            (role, content.data)
            for role, tileset in ground_tiles(
                cut_ground(g), hilly(), frame, water_nap_m=WATER_NAP_M
            ).roles.items()
            for content in tileset.contents()
        }
        for g in (wide, more)
    )
    assert len(before) > 30
    assert sorted(role for role, _ in after - before) == ["land", "street"]
    assert [role for role, _ in before - after] == ["land"]


def test_where_the_ground_lies_on_earth(frame: Frame, made: GroundTilesets) -> None:
    water = next(made.roles["water"].contents())
    ecef = frame.ecef(decode_glb(water.data).mesh.positions)
    expected = crs.to_ecef(np.array([[X, Y, WATER_NAP_M]]))[0]
    assert np.linalg.norm(ecef - expected, axis=1).min() < 600
    assert np.linalg.norm(ecef - expected, axis=1).max() < 1000
