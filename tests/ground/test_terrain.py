"""Measured terrain: the drawn ground follows it, outliers and holes do no harm, and its edges join."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.formats.conftest import open_data  # noqa: F401 - a fixture
from tests.formats.terrain_samples import X, Y
from tweestad.errors import InputRejected
from tweestad.formats.terrain.heights import Thinning
from tweestad.formats.terrain.points import read_points
from tweestad.ground.cutting import Geometries
from tweestad.ground.height import GroundHeight, Measured
from tweestad.ground.parts import GroundInput, cut_ground
from tweestad.ground.quay import quay_walls
from tweestad.ground.terrain import SHORE_M, Terrain, filled, in_line
from tweestad.ground.tiles import ground_tiles
from tweestad.model.feature import BBox
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.frame import Frame

Floats = NDArray[np.float64]
NO_SAMPLES = (np.empty((0, 2)), np.empty(0))
SIZE = 210.0


def dyke(xy: Floats) -> Floats:
    """Flat land at NAP 0.2 m with a dyke of 3 m along the middle, its slopes 1 in 6."""
    return np.asarray(0.2 + np.clip(3 - np.abs(xy[:, 0] - X - SIZE / 2) / 6, 0, 3))


def measured(water: Geometries | None = None) -> Measured:
    """Samples of the dyke, one per cell of 1.75 m, in a square of 210 m."""
    along = np.arange(0.875, SIZE, 1.75)
    xy = np.stack(np.meshgrid(along + X, along + Y), axis=-1).reshape(-1, 2)
    return Measured(xy, dyke(xy), np.empty(0, dtype=object) if water is None else water)


def inner(count: int = 2000) -> Floats:
    """Random places away from the edge of the square."""
    return np.array([X, Y]) + np.random.default_rng(3).uniform(15, SIZE - 15, (count, 2))


def rd_of(frame: Frame, local: Floats) -> Floats:
    """Places in RD and NAP of places in a frame: over 300 m that is a linear map to a millimetre or two."""
    known = np.array([[x, y, z] for x in (X, X + SIZE) for y in (Y, Y + SIZE) for z in (0.0, 5.0)])
    base = np.column_stack([frame.local(known), np.ones(len(known))])
    solved, *_ = np.linalg.lstsq(base, known - [X, Y, 0], rcond=None)
    return np.asarray(np.column_stack([local, np.ones(len(local))]) @ solved + [X, Y, 0])


def test_the_ground_follows_measured_terrain_also_where_it_is_steep() -> None:
    height = GroundHeight.from_terrain(measured(), *NO_SAMPLES)
    assert np.abs(height.at(inner()) - dyke(inner())).max() < 0.25
    assert np.median(np.abs(height.at(inner()) - dyke(inner()))) < 0.01
    assert np.ptp(height.at(inner())) > 2.8


def test_terrain_fades_into_the_heights_at_buildings_without_a_step() -> None:
    xy = np.array([X, Y]) + np.random.default_rng(4).uniform(-400, 600, (300, 2))
    height = GroundHeight.from_terrain(measured(), xy, np.full(300, 1.0))
    line = np.column_stack([np.full(4000, X + 20), np.linspace(Y - 400, Y + SIZE + 400, 4000)])
    assert np.abs(np.diff(height.at(line))).max() < 0.03
    assert height.at(np.array([[X - 380, Y - 380]]))[0] == pytest.approx(1.0, abs=0.1)
    assert height.at(np.array([[X + 20, Y + 100]]))[0] == pytest.approx(0.2, abs=0.01)


def test_without_terrain_nothing_changes() -> None:
    xy = np.array([X, Y]) + np.random.default_rng(4).uniform(-400, 600, (300, 2))
    z = np.linspace(0.4, 1.1, 300)
    none = Measured(np.empty((0, 2)), np.empty(0))
    with_none = GroundHeight.from_terrain(none, xy, z)
    assert np.allclose(with_none.nodes, GroundHeight.from_samples(xy, z).nodes)
    assert with_none.terrain is None


def test_a_bird_and_a_light_well_do_not_dent_the_ground() -> None:
    given_, broken = measured(), measured()
    hurt = np.random.default_rng(7).choice(len(broken.z_nap), 200, replace=False)
    broken.z_nap[hurt] += np.where(np.arange(200) % 2, 9.0, -4.0)
    plain, dented = (GroundHeight.from_terrain(each, *NO_SAMPLES) for each in (given_, broken))
    assert np.abs(plain.at(inner()) - dented.at(inner())).max() < 0.3


def test_below_a_building_the_ground_lies_between_what_is_round_it() -> None:
    whole = measured()
    house = (np.abs(whole.xy - [X + 40, Y + 105]) < 14).all(axis=1)
    holed = Measured(whole.xy[~house], whole.z_nap[~house])
    height = GroundHeight.from_terrain(holed, *NO_SAMPLES)
    assert height.at(np.array([[X + 40, Y + 105]]))[0] == pytest.approx(0.2, abs=0.02)


def test_points_on_the_water_do_not_draw_the_quay_down() -> None:
    canal = shapely.box(X + 20, Y, X + 34, Y + SIZE)
    given_ = measured(np.array([canal], dtype=object))
    wet = shapely.contains_xy(canal, given_.xy[:, 0], given_.xy[:, 1])
    given_.z_nap[wet] = -0.45
    height = GroundHeight.from_terrain(given_, *NO_SAMPLES, water_nap_m=-0.44)
    shore = np.column_stack([np.full(50, X + 19.5), np.linspace(Y + 20, Y + 190, 50)])
    assert np.abs(height.at(shore) - 0.2).max() < 0.02


def test_land_beside_water_is_never_below_it_and_low_land_elsewhere_stays_low() -> None:
    given_ = measured(np.array([shapely.box(X + 20, Y, X + 34, Y + SIZE)], dtype=object))
    given_.z_nap[:] = -1.5
    height = GroundHeight.from_terrain(given_, *NO_SAMPLES, water_nap_m=-0.44)
    shore = np.column_stack([np.full(50, X + 20.0), np.linspace(Y + 20, Y + 190, 50)])
    assert height.at(shore).min() >= -0.44 + SHORE_M - 1e-6
    assert height.at(np.array([[X + 120, Y + 100]]))[0] == pytest.approx(-1.5, abs=0.01)


def test_every_corner_of_the_drawn_ground_lies_on_the_surface_and_facets_are_flat() -> None:
    height = GroundHeight.from_terrain(measured(), *NO_SAMPLES)
    cell = (X - 42, Y - 42, X + 378, Y + 378)
    facets = height.facets(*cell)
    assert shapely.area(shapely.polygons(facets)).sum() == pytest.approx(420 * 420)
    weights = np.random.default_rng(2).dirichlet([1, 1, 1], len(facets))
    corners = height.at((facets + (facets.mean(axis=1, keepdims=True) - facets) * 1e-9).reshape(-1, 2))
    inside = (facets * weights[:, :, None]).sum(axis=1)
    assert np.abs(height.at(inside) - (corners.reshape(-1, 3) * weights).sum(axis=1)).max() < 1e-6


def test_streets_and_quays_meet_on_the_terrain() -> None:
    canal = shapely.box(X + 20, Y, X + 34, Y + SIZE)
    height = GroundHeight.from_terrain(
        measured(np.array([canal], dtype=object)), *NO_SAMPLES, water_nap_m=-0.44
    )
    box = BBox(X - 30, Y - 30, X + SIZE + 30, Y + SIZE + 30)
    street = shapely.LineString([(X + 60, Y + 100), (X + 180, Y + 110)])
    parts = cut_ground(
        GroundInput(
            box,
            box,
            water=np.array([canal], dtype=object),
            streets=np.array([street], dtype=object),
            street_widths_m=np.array([6.0]),
        )
    )
    frame = Frame.at(X, Y)
    made = ground_tiles(parts, height, frame, water_nap_m=-0.44)
    (street_tile,) = made.roles["street"].contents()
    positions = decode_glb(street_tile.data).mesh.positions
    place = rd_of(frame, positions)
    assert len(positions) > 100
    assert np.abs(place[:, 2] - height.at(place[:, :2])).max() < 0.02
    assert np.ptp(place[:, 2]) > 2.5
    walls = quay_walls(parts, height, water_nap_m=-0.44)
    tops = walls.corners[:, 2:].reshape(-1, 3)
    assert np.abs(tops[:, 2] - height.at(tops[:, :2])).max() < 1e-9
    middle = walls.corners[:, 2:].mean(axis=1)
    assert np.abs(middle[:, 2] - height.at(middle[:, :2])).max() < 1e-6


def test_a_wide_terrain_gets_a_coarser_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tweestad.ground.terrain.FACETS_MAX", 3000)
    height = GroundHeight.from_terrain(measured(), *NO_SAMPLES)
    assert isinstance(height.terrain, Terrain)
    assert height.terrain.step_m == 7.0


def test_terrain_all_over_the_country_is_refused() -> None:
    far = Measured(np.array([[10_000.0, 310_000.0], [270_000.0, 610_000.0]]), np.ones(2))
    with pytest.raises(InputRejected, match="too far apart"):
        GroundHeight.from_terrain(far, *NO_SAMPLES)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-7, 320), min_size=1, max_size=40), st.integers(1, 40), st.integers(0, 9999))
def test_filling_keeps_what_is_known_and_stays_within_it(known: list[float], width: int, seed: int) -> None:
    grid = np.full((width, 41 - width + 1), np.nan)
    places = np.random.default_rng(seed).integers(0, grid.size, len(known))
    grid.ravel()[places] = known
    full = filled(grid)
    there = np.isfinite(grid)
    assert np.array_equal(full[there], grid[there])
    assert np.isfinite(full).all()
    assert full.min() >= grid[there].min() - 1e-9
    assert full.max() <= grid[there].max() + 1e-9


def test_a_lone_sample_is_in_line_with_itself() -> None:
    assert in_line(np.array([[X, Y]]), np.array([3.0])).tolist() == [True]


@pytest.mark.open_data
def test_the_ground_of_delft_lies_on_the_points_of_ahn(open_data: Path) -> None:  # noqa: F811
    import laspy

    into = Thinning()
    points = []
    for name in ("west", "oost"):
        path = open_data / "terrain" / f"delft-centrum_ahn3_{name}.laz"
        read_points(path, into, crs=7415)
        cloud = laspy.read(path)
        ground = np.asarray(cloud.classification) == 2
        points.append(np.column_stack([cloud.x, cloud.y, cloud.z])[ground])
    found = into.samples()
    height = GroundHeight.from_terrain(Measured(found.xy, found.z_nap), *NO_SAMPLES)
    xyz = np.concatenate(points)
    off = np.abs(height.at(xyz[:, :2]) - xyz[:, 2])
    assert np.median(off) < 0.03
    assert np.percentile(off, 95) < 0.15
