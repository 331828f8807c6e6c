"""The frame of tiles: where a viewer puts local metres."""

from __future__ import annotations

import numpy as np
import pytest

from tweestad import crs
from tweestad.errors import InputRejected
from tweestad.tiles.frame import Frame


def test_local_metres_put_through_the_transform_are_geocentric_coordinates() -> None:
    frame = Frame.at(122_300.0, 486_000.0)
    points = np.array(
        [[122_300.0, 486_000.0, 0.0], [121_000.0, 487_500.0, 42.5], [140_000.0, 470_000.0, -6.0]]
    )
    matrix = np.array(frame.transform).reshape(4, 4).T
    local = np.column_stack([frame.local(points), np.ones(3)])
    np.testing.assert_allclose((local @ matrix.T)[:, :3], crs.to_ecef(points), atol=1e-6)
    np.testing.assert_allclose(frame.ecef(frame.local(points)), crs.to_ecef(points), atol=1e-6)


def test_the_axes_of_the_frame_are_east_north_and_up() -> None:
    frame = Frame.at(122_300.0, 486_000.0)
    steps = np.array(
        [[122_300.0, 486_000.0, 0.0], [122_310, 486_000, 0], [122_300, 486_010, 0], [122_300, 486_000, 10]]
    )
    local = frame.local(steps)
    np.testing.assert_allclose(local[0], 0.0, atol=1e-6)
    # RD north differs from true north by the grid's convergence, about half a degree here.
    np.testing.assert_allclose(local[1:], np.eye(3) * 10, atol=0.1)
    np.testing.assert_allclose(np.linalg.norm(local[1:], axis=1), 10.0, atol=0.002)


def test_nap_zero_lies_about_43_metres_above_the_ellipsoid_in_amsterdam() -> None:
    assert 42.0 < Frame.at(122_300.0, 486_000.0).height_m < 44.0


def test_a_point_gets_the_same_local_coordinates_alone_and_among_others() -> None:
    frame = Frame.at(122_300.0, 486_000.0)
    points = np.random.default_rng(3).uniform((121_000, 485_000, -3), (123_000, 487_000, 60), (1001, 3))
    alone = np.concatenate([frame.local(points[n : n + 1]) for n in range(0, 1001, 50)])
    np.testing.assert_array_equal(frame.local(points)[::50], alone)


def test_a_frame_outside_the_dutch_grid_is_refused() -> None:
    with pytest.raises(InputRejected):
        Frame.at(900_000.0, 486_000.0)


def test_no_points_give_no_points() -> None:
    assert Frame.at(122_300.0, 486_000.0).local(np.zeros((0, 3))).shape == (0, 3)
