"""The street level is smooth, forgives outliers and is exact between the lines of its grid."""

from __future__ import annotations

import numpy as np
import pytest

from tweestad.errors import InputRejected
from tweestad.ground.height import CLEARANCE_M, GroundHeight

CENTRE = np.array([122_350.0, 486_150.0])


def town(count: int = 400, *, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Samples on a gentle slope of about half a percent, with a few centimetres of noise."""
    rng = np.random.default_rng(seed)
    xy = CENTRE + rng.uniform(-300, 300, (count, 2))
    z = 0.8 + (xy[:, 0] - CENTRE[0]) * 0.004 + rng.normal(0, 0.03, count)
    return xy, z


def steepest(height: GroundHeight) -> float:
    """The steepest facet, as rise over run."""
    z, step = height.nodes, height.step_m
    east, north = np.diff(z, axis=1) / step, np.diff(z, axis=0) / step
    below = np.hypot(east[:-1], north[:, 1:])
    above = np.hypot(east[1:], north[:, :-1])
    return float(max(below.max(), above.max()))


def test_the_surface_follows_the_samples() -> None:
    xy, z = town()
    height = GroundHeight.from_samples(xy, z)
    inner = np.abs(xy - CENTRE).max(axis=1) < 200
    assert np.abs(height.at(xy[inner]) - z[inner]).max() < 0.35
    assert np.abs((height.at(xy[inner]) - z[inner]).mean()) < 0.05


def test_far_from_samples_it_is_level_at_the_median() -> None:
    xy, z = town()
    height = GroundHeight.from_samples(xy, z)
    far = CENTRE + np.array([[3000.0, 0.0], [0.0, -90_000.0], [700.0, 700.0]])
    assert height.at(far) == pytest.approx(np.full(3, np.median(z)), abs=0.001)
    assert height.is_level(123_500.0, 486_000.0, 123_920.0, 486_420.0)
    assert not height.is_level(122_200.0, 486_000.0, 122_620.0, 486_420.0)


def test_one_outlier_does_not_dent_the_street() -> None:
    xy, z = town()
    plain = GroundHeight.from_samples(xy, z)
    with_outlier = GroundHeight.from_samples(np.vstack([xy, CENTRE]), np.append(z, -5.5))
    around = CENTRE + np.random.default_rng(1).uniform(-300, 300, (500, 2))
    assert np.abs(plain.at(around) - with_outlier.at(around)).max() < 0.02


def test_samples_that_are_not_numbers_are_left_out() -> None:
    xy, z = town(50)
    broken = np.append(z, np.nan), np.vstack([xy, CENTRE])
    assert np.array_equal(
        GroundHeight.from_samples(broken[1], broken[0]).nodes, GroundHeight.from_samples(xy, z).nodes
    )


def test_without_samples_it_is_flat_at_the_default() -> None:
    height = GroundHeight.from_samples(np.zeros((0, 2)), np.zeros(0), default_nap_m=1.25)
    assert height.at(CENTRE[None]) == pytest.approx([1.25])
    assert height.is_level(0.0, 300_000.0, 280_000.0, 620_000.0)


def test_a_cliff_becomes_a_ramp_of_at_most_eight_percent() -> None:
    rng = np.random.default_rng(5)
    xy = CENTRE + rng.uniform(-400, 400, (1200, 2))
    z = np.where(xy[:, 0] > CENTRE[0], 30.0, 2.0)
    height = GroundHeight.from_samples(xy, z)
    assert 0.02 < steepest(height) < 0.08


def test_the_ground_stays_clear_of_the_water() -> None:
    xy, z = town()
    height = GroundHeight.from_samples(xy, z - 1.5, water_nap_m=-0.4)
    around = CENTRE + np.random.default_rng(1).uniform(-2000, 2000, (3000, 2))
    assert height.at(around).min() >= -0.4 + CLEARANCE_M - 1e-9


def test_it_is_flat_within_a_facet() -> None:
    height = GroundHeight.from_samples(*town())
    facets = height.facets(122_220.0, 486_000.0, 122_640.0, 486_420.0)
    assert len(facets) == 2 * (420 / height.step_m) ** 2 or len(facets) > 100
    corners = height.at(facets.reshape(-1, 2)).reshape(-1, 3)
    weights = np.random.default_rng(2).dirichlet([1, 1, 1], len(facets))
    inside = (facets * weights[:, :, None]).sum(axis=1)
    assert np.abs(height.at(inside) - (corners * weights).sum(axis=1)).max() < 1e-9


def test_the_order_of_the_samples_does_not_matter() -> None:
    xy, z = town()
    turned = np.random.default_rng(9).permutation(len(z))
    assert np.allclose(
        GroundHeight.from_samples(xy, z).nodes, GroundHeight.from_samples(xy[turned], z[turned]).nodes
    )


def test_a_whole_city_of_samples_gets_a_coarser_grid() -> None:
    rng = np.random.default_rng(4)
    xy = CENTRE + rng.uniform(-4000, 4000, (20_000, 2))
    height = GroundHeight.from_samples(xy, rng.normal(1.0, 0.2, len(xy)))
    assert height.step_m > 42.0
    assert steepest(height) < 0.08


def test_samples_all_over_the_country_are_refused() -> None:
    xy = np.array([[10_000.0, 310_000.0], [270_000.0, 610_000.0], [120_000.0, 480_000.0]])
    with pytest.raises(InputRejected, match="too far apart"):
        GroundHeight.from_samples(xy, np.ones(3))
