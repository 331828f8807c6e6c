"""Where lines, bands, gaps, norms and axes lie, in numbers that can be checked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tweestad.legend.chart import Frame, Mark, Series, Spot, joined_within, lay_out, round_levels
from tweestad.legend.time_axis import ZONE, time_ticks

# One hour is 10 wide and one unit is 10 high.
FRAME = Frame(width=260, height=130, left=10, right=10, top=10, bottom=20)
START = datetime(2026, 4, 16, 0, 0, tzinfo=UTC)
END = START + timedelta(hours=24)
HOUR = timedelta(hours=1)


def spots(*values: float | None) -> tuple[Spot, ...]:
    """One value at each whole hour; None for none."""
    return tuple(Spot(START + n * HOUR, value) for n, value in enumerate(values) if value is not None)


def test_a_value_stands_where_its_time_and_its_size_say() -> None:
    chart = lay_out([Series(spots(0.0, 10.0, 5.0), HOUR * 1.5)], START, END, frame=FRAME)
    assert [level.value for level in chart.levels] == [0, 5, 10]
    assert [level.y for level in chart.levels] == [110, 60, 10]
    assert chart.series[0].lines == ("M10.0 110.0L20.0 10.0L30.0 60.0",)
    assert chart.series[0].last == (30, 60)


def test_what_holds_until_the_next_value_goes_in_steps() -> None:
    chart = lay_out([Series(spots(0.0, 10.0, 5.0), HOUR * 1.5, holds=True)], START, END, frame=FRAME)
    assert chart.series[0].lines == ("M10.0 110.0H20.0V10.0H30.0V60.0",)


def test_a_line_is_open_where_nothing_was_measured_and_a_lone_value_is_a_dot() -> None:
    series = Series(spots(1, 2, None, None, 3, None, None, 4, 5), HOUR * 1.5)
    chart = lay_out([series], START, END, frame=FRAME)
    (first, second), (lone,) = chart.series[0].lines, chart.series[0].lone
    assert first.startswith("M10.0 ")
    assert first.count("L") == 1
    assert second.startswith("M80.0 ")
    assert lone[0] == 50
    assert [(gap.x, gap.width) for gap in chart.gaps] == [(20, 30), (50, 30), (90, 160)]


def test_before_the_first_value_and_after_the_last_there_is_a_gap_too() -> None:
    late = (Spot(START + 5 * HOUR, 1.0), Spot(START + 6 * HOUR, 2.0))
    chart = lay_out([Series(late, HOUR * 1.5)], START, END, frame=FRAME)
    assert [(gap.x, gap.width) for gap in chart.gaps] == [(10, 50), (70, 180)]


def test_values_outside_the_time_are_left_out() -> None:
    outside = (Spot(START - HOUR, 900.0), *spots(1, 2), Spot(END + HOUR, 900.0))
    chart = lay_out([Series(outside, HOUR * 1.5)], START, END, frame=FRAME)
    assert chart.levels[-1].value == 2


def test_a_band_goes_forth_along_the_highest_and_back_along_the_lowest_values() -> None:
    means = tuple(Spot(START + n * HOUR, 5.0, low=0.0, high=10.0) for n in range(2))
    chart = lay_out([Series(means, HOUR * 1.5)], START, END, frame=FRAME)
    assert chart.series[0].bands == ("M10.0 10.0L20.0 10.0L20.0 110.0L10.0 110.0Z",)


def test_flagged_values_are_marked_where_they_stand() -> None:
    odd = (Spot(START, 0.0), Spot(START + HOUR, 10.0, flagged=True))
    assert lay_out([Series(odd, HOUR * 1.5)], START, END, frame=FRAME).series[0].flagged == ((20, 10),)


def test_a_norm_is_a_line_unless_it_lies_far_above_the_values() -> None:
    who, eu = Mark("WHO", 10.0), Mark("EU", 200.0)
    chart = lay_out([Series(spots(6, 8), HOUR * 1.5)], START, END, marks=(who, eu), frame=FRAME)
    assert [(each.y, each.mark) for each in chart.marks] == [(10.0, who)]
    assert chart.beyond == (eu,)


def test_the_name_of_a_norm_stands_where_it_covers_no_values() -> None:
    falling = Series(spots(*(20 - n * 0.6 for n in range(24))), HOUR * 1.5)
    rising = Series(spots(*(6 + n * 0.6 for n in range(24))), HOUR * 1.5)
    mark = Mark("WHO", 15.0, name_px=100)
    first, second = (
        lay_out([each], START, END, marks=[mark], frame=FRAME).marks[0] for each in (falling, rising)
    )
    assert (first.at_end, first.below) == (True, False)
    assert (second.at_end, second.below) == (False, False)


def test_two_series_share_one_axis() -> None:
    low, high = Series(spots(1, 2), HOUR * 1.5), Series(spots(9, 10), HOUR * 1.5)
    chart = lay_out([low, high], START, END, frame=FRAME)
    assert chart.series[1].lines == ("M10.0 20.0L20.0 10.0",)
    assert chart.series[0].lines == ("M10.0 100.0L20.0 90.0",)


def test_nothing_measured_gives_axes_and_one_gap() -> None:
    chart = lay_out([Series((), HOUR)], START, END, frame=FRAME)
    assert chart.series[0].last is None
    assert [(gap.x, gap.width) for gap in chart.gaps] == [(10, 240)]
    assert chart.levels


@pytest.mark.parametrize(
    ("low", "high", "most", "whole", "levels"),
    [
        (0, 27, 4, False, (0, 10, 20, 30)),
        (0, 100, 4, False, (0, 25, 50, 75, 100)),
        (-0.71, -0.52, 4, False, (-0.75, -0.7, -0.65, -0.6, -0.55, -0.5)),
        (0, 3, 4, True, (0, 1, 2, 3)),
        (0, 1, 4, True, (0, 1)),
        (0, 10, 4, True, (0, 5, 10)),
        (995, 1021, 4, False, (990, 1000, 1010, 1020, 1030)),
        (0, 2e-7, 4, False, (0, 5e-8, 1e-7, 1.5e-7, 2e-7)),
    ],
)
def test_the_axis_breaks_at_round_numbers(
    low: float, high: float, most: int, whole: bool, levels: tuple[float, ...]
) -> None:
    assert round_levels(low, high, most=most, whole=whole) == levels


def test_values_that_are_all_equal_lie_in_the_middle() -> None:
    chart = lay_out([Series(spots(7, 7, 7), HOUR * 1.5)], START, END, frame=FRAME)
    assert chart.levels[0].value < 7 < chart.levels[-1].value


def test_levels_far_from_zero_do_not_start_at_zero_and_those_near_it_do() -> None:
    far = lay_out([Series(spots(995, 1021), HOUR * 1.5)], START, END, frame=FRAME)
    near = lay_out([Series(spots(3, 27), HOUR * 1.5)], START, END, frame=FRAME)
    assert far.levels[0].value > 0
    assert near.levels[0].value == 0


def test_neighbours_are_told_by_the_period_and_by_their_usual_distance() -> None:
    minutes = [START + timedelta(minutes=5 * n) for n in range(10)]
    assert joined_within(minutes, 60) == timedelta(minutes=12.5)
    assert joined_within([START, START + HOUR], 3600) == timedelta(hours=2.5)
    assert joined_within([], 3600) == timedelta(hours=1.5)


def test_a_day_has_marks_at_whole_local_hours() -> None:
    start = datetime(2026, 4, 15, 12, 20, tzinfo=UTC)
    ticks = time_ticks(start, start + timedelta(days=1), words=5)
    assert [tick.moment.strftime("%d %H:%M") for tick in ticks] == [
        "15 18:00",
        "16 00:00",
        "16 06:00",
        "16 12:00",
    ]
    assert ticks[0].share == pytest.approx((3 * 60 + 40) / 1440)


def test_a_week_has_a_word_in_the_middle_of_each_day_and_none_in_a_cut_one() -> None:
    start = datetime(2026, 4, 8, 20, 0, tzinfo=UTC)
    ticks = time_ticks(start, start + timedelta(days=7), words=9)
    assert [tick.moment.day for tick in ticks] == [8, 9, 10, 11, 12, 13, 14, 15]
    assert ticks[0].label is None
    assert ticks[1].label == pytest.approx((2 + 12) / 168)


def test_the_days_of_the_clock_change_have_23_and_25_hours() -> None:
    spring = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    ticks = time_ticks(spring, spring + timedelta(days=3), words=9)
    shares = [tick.share * 72 for tick in ticks]
    assert shares == pytest.approx([0, 23, 47, 71])
    autumn = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    shares = [tick.share * 72 for tick in time_ticks(autumn, autumn + timedelta(days=3), words=9)]
    assert shares == pytest.approx([0, 25, 49])


def test_a_year_has_its_months_and_a_century_its_decades() -> None:
    start = datetime(2025, 4, 16, tzinfo=UTC)
    ticks = time_ticks(start, datetime(2026, 4, 16, tzinfo=UTC), words=13)
    assert [tick.moment.month for tick in ticks] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4]
    assert all(tick.moment.tzinfo == ZONE for tick in ticks)
    long = time_ticks(datetime(1952, 1, 1, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC), words=7)
    assert [tick.moment.year for tick in long] == [1950, 1960, 1970, 1980, 1990, 2000, 2010]
