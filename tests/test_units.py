"""Units are looked up in a closed list, and converted by its tables."""

from __future__ import annotations

import pytest

from tweestad.units import UNITS, can_convert, convert, find_unit


@pytest.mark.parametrize(
    ("told", "unit"),
    [
        ("µg/m³", "ug/m3"), ("μg/m³", "ug/m3"), ("uG/M3", "ug/m3"), (" ug/m3 ", "ug/m3"), ("°C", "Cel"),
        ("℃", "Cel"), ("mBar", "mbar"), ("kW.h", "kW.h"), ("km/u", "km/h"),
    ],
)  # fmt: skip
def test_a_unit_is_known_under_every_spelling_of_the_feeds(told: str, unit: str) -> None:
    assert find_unit(told) == unit


@pytest.mark.parametrize(
    "told", ["9**9**9", "", "furlong", "m; drop table", "µ" * 100_000, "__import__('os')"]
)
def test_a_unit_that_is_not_in_the_list_is_not_one(told: str) -> None:
    assert find_unit(told) is None


@pytest.mark.parametrize(
    ("value", "source", "target", "result"),
    [
        (101325, "Pa", "hPa", 1013.25), (-54, "cm", "m", -0.54), (273.15, "K", "Cel", 0),
        (50, "[degF]", "Cel", 10),
        (36, "km/h", "m/s", 10), (1, "MW.h", "kW.h", 1000), (3.6, "MJ", "kW.h", 1), (7, "Cel", "Cel", 7),
    ],
)  # fmt: skip
def test_a_value_is_turned_into_another_unit(value: float, source: str, target: str, result: float) -> None:
    assert convert(value, source, target) == pytest.approx(result, abs=1e-9)


def test_units_of_another_kind_are_never_converted() -> None:
    assert not can_convert("m", "ug/m3")
    with pytest.raises(KeyError):
        convert(1, "m", "ug/m3")


def test_there_and_back_is_the_same_for_every_pair() -> None:
    for source in UNITS:
        for target in UNITS:
            if can_convert(source, target):
                assert convert(convert(12.5, source, target), target, source) == pytest.approx(12.5)
