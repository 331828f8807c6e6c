"""GHG, GLG and GVG are those of `pastas`, which is too large (600 MB) to be installed for a test.

The figures were computed with pastas 2.0.0 and pandas 3.1.1 on Python 3.11: `pastas.stats.ghg(series)`, `glg`
and `gvg` with their own defaults, where `series` has the levels of `invented_levels.py`, or of the column
"Stand (cm t.o.v. NAP)" of the recording divided by 100, by day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.quality.invented_levels import every, invented
from tests.sources.recordings import read, recording, values
from tweestad.model.observation import Flag, Observation
from tweestad.model.reading import Reading
from tweestad.quality.groundwater_regime import daily_levels, regime_of

Figures = tuple[float | None, float | None, float | None]
BY_PASTAS: dict[str, Figures] = {
    "daily": (-0.023394351556, -0.753392935143, -0.104437186853),
    "every two weeks": (-0.040696362087, -0.766434093288, -0.112601964995),
    "every ten days": (-0.038155320189, -0.766400730921, -0.120413713466),
    "twice a month": (-0.022707863919, -0.756950012581, -0.097091663347),
    "with holes": (-0.035512713757, -0.748845552568, -0.093089057175),
    "some twice a day": (0.02106049063, -0.737754668484, -0.079927382932),
    "every three weeks": (-0.043277810218, -0.78954710091, -0.129966537012),
    "every nineteen days": (-0.048612151213, -0.787865266321, -0.131324346692),
    "monthly": (None, None, -0.120838585792),
    "seven years": (None, None, -0.123476574629),
    "eight years": (-0.022883094423, -0.768747003991, -0.120977059231),
    "one day": (None, None, None),
}
RECORDED_BY_PASTAS: dict[str, Figures] = {
    "dino-B33F0080001_1-2015.csv": (5.9020175439, 5.285745614, 5.6956001371),
    "dino2024-B31H0759001.csv": (-0.0188235294, -0.2643137255, -0.1139276702),
}


def equal(found: float | None, expected: float | None) -> bool:
    return found == expected if expected is None else found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("kind", sorted(BY_PASTAS))
def test_the_figures_are_those_of_pastas(kind: str) -> None:
    found = regime_of(invented()[kind])
    figures = (found.ghg, found.glg, found.gvg)
    assert all(map(equal, figures, BY_PASTAS[kind])), figures


@pytest.mark.open_data
@pytest.mark.parametrize("file", sorted(RECORDED_BY_PASTAS))
def test_the_figures_of_a_real_well_are_those_of_pastas(file: str) -> None:
    levels = read("dino-grondwater", recording(f"groundwater/{file}"), "levels")
    found = regime_of(daily_levels(Reading(each) for each in values(levels)))
    figures = (found.ghg, found.glg, found.gvg)
    assert all(map(equal, figures, RECORDED_BY_PASTAS[file])), figures


def test_fewer_than_eight_years_give_no_figure_and_say_how_many_there_were() -> None:
    found = regime_of(every(1, date(2010, 4, 1), date(2017, 3, 31)))
    assert (found.ghg, found.glg, found.years) == (None, None, 7)
    assert (found.first, found.last) == (date(2010, 4, 1), date(2017, 3, 31))
    spring = regime_of(every(1, date(2010, 5, 1), date(2017, 12, 31)))
    assert (spring.gvg, spring.springs) == (None, 7)


def test_nothing_gives_nothing() -> None:
    found = regime_of([])
    assert (found.ghg, found.glg, found.gvg, found.years, found.first) == (None, None, None, 0, None)


def test_the_order_of_the_levels_does_not_matter() -> None:
    levels = invented()["every ten days"]
    mixed = sorted(levels, key=lambda one: (one[0].toordinal() * 7919) % 1009)
    assert regime_of(mixed) == regime_of(levels)


def test_eight_years_of_one_level_have_that_level() -> None:
    flat = [(day, 1.5) for day, _ in every(1, date(2010, 1, 1), date(2019, 1, 1))]
    found = regime_of(flat)
    assert (found.ghg, found.glg, found.gvg) == (1.5, 1.5, 1.5)


def test_only_usable_numbers_count_on_their_day_in_the_netherlands() -> None:
    late = datetime(2020, 7, 1, 22, 30, tzinfo=UTC)
    told = [
        Reading(Observation("w", late, 1.0, late)),
        Reading(Observation("w", late + timedelta(days=1), 2.0, late, flag=Flag.FAIL)),
        Reading(Observation("w", late + timedelta(days=2), None, late)),
        Reading(Observation("w", late + timedelta(days=3), "droog", late)),
        Reading(Observation("w", late + timedelta(days=4), 3.0, late, flag=Flag.SUSPECT)),
    ]
    assert daily_levels(told) == [(date(2020, 7, 2), 1.0), (date(2020, 7, 6), 3.0)]


def test_the_level_of_a_whole_day_belongs_to_that_day() -> None:
    midnight = datetime(2020, 1, 1, 23, 0, tzinfo=UTC)
    whole = Observation("w", midnight, 1.0, midnight, phenomenon_start=midnight - timedelta(days=1))
    assert daily_levels([Reading(whole)]) == [(date(2020, 1, 1), 1.0)]
