"""Where classes break, on the kinds of numbers that a city has."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tweestad.legend.breaks import CLASSES_MAX, round_breaks

CHANCE = np.random.default_rng(7)


def shares(values: np.ndarray, breaks: tuple[float, ...]) -> list[float]:
    edges = [-np.inf, *breaks, np.inf]
    return [float(np.mean((values >= a) & (values < b))) for a, b in pairwise(edges)]


def test_evenly_spread_numbers_break_in_equal_round_steps() -> None:
    assert round_breaks(np.linspace(0, 100, 1001), whole=False) == (20, 40, 60, 80)
    assert round_breaks(np.arange(0.0, 31.0), whole=True) == (5, 10, 15, 20, 25)
    assert round_breaks(np.linspace(0.1, 0.9, 500), whole=False) == (0.2, 0.4, 0.6, 0.8)


def test_skewed_numbers_break_near_their_quantiles_at_round_numbers() -> None:
    areas = np.exp(CHANCE.normal(4.6, 1.2, 20_000))
    breaks = round_breaks(areas, whole=False)
    assert 3 <= len(breaks) < CLASSES_MAX
    assert max(shares(areas, breaks)) < 0.45
    assert min(shares(areas, breaks)) > 0.02
    for each in breaks:
        assert float(f"{each:.2g}") == each


def test_years_break_at_years_that_a_person_would_choose() -> None:
    built = np.concatenate(
        [
            CHANCE.integers(1650, 1850, 300),
            CHANCE.integers(1880, 1935, 5000),
            CHANCE.integers(1960, 2022, 2500),
        ]
    ).astype(float)
    breaks = round_breaks(built, whole=True, years=True)
    assert 3 <= len(breaks) < CLASSES_MAX
    assert all(each % 5 == 0 for each in breaks)
    assert max(shares(built, breaks)) < 0.45


def test_few_whole_numbers_have_a_class_each() -> None:
    assert round_breaks(np.array([1.0, 1, 2, 3, 4, 4]), whole=True) == (2, 3, 4)


def test_many_zeros_have_a_class_of_their_own() -> None:
    values = np.concatenate([np.zeros(8000), np.round(np.exp(CHANCE.normal(3, 1, 2000)))])
    breaks = round_breaks(values, whole=True)
    assert breaks[0] == 1
    assert len(breaks) >= 3


def test_one_value_and_no_value_have_no_classes() -> None:
    assert round_breaks(np.array([3.0, 3.0]), whole=False) == ()
    assert round_breaks(np.array([]), whole=False) == ()


def test_a_single_far_off_value_makes_no_class_for_nobody() -> None:
    heights = np.concatenate([CHANCE.uniform(3, 20, 5000), [999.0]])
    breaks = round_breaks(heights, whole=False)
    assert max(breaks) < 30


@pytest.mark.parametrize("whole", [False, True])
@given(
    values=st.lists(
        st.one_of(
            st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False).filter(
                lambda x: x == 0 or abs(x) > 1e-9
            ),
            st.integers(-5, 5).map(float),
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=300, deadline=None)
def test_whatever_the_numbers_every_break_parts_them(values: list[float], whole: bool) -> None:
    numbers = np.round(np.array(values)) if whole else np.array(values)
    breaks = round_breaks(numbers, whole=whole)
    assert list(breaks) == sorted(set(breaks))
    assert len(breaks) < CLASSES_MAX
    assert bool(breaks) == (numbers.min() < numbers.max())
    assert all(numbers.min() < each <= numbers.max() for each in breaks)
    if whole:
        assert all(each == int(each) for each in breaks)
