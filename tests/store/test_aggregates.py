"""Numbers per hour, day, month and year are those of the clock on the wall, gaps and summer time included."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest

from tests.store.small_feed import ALL, HOUR, NOW, arrival, one_station, station, stream, value
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.observation import Flag, Observation
from tweestad.model.reading import Bucket, Step
from tweestad.store.protocol import Store

KEY = "lucht:a:no2"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOURLY = stream(period_s=3600)


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=AMSTERDAM)


def hours_of(start: datetime, end: datetime) -> list[Observation]:
    """A value for each hour between two moments: how many hours have passed since the first one."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    count = (last - first) // HOUR
    return [value(float(i), first + (i + 1) * HOUR, phenomenon_start=first + i * HOUR) for i in range(count)]


def filled(store: Store, values: list[Observation]) -> None:
    store.put_arrival(arrival([station()], [HOURLY], values))


def asked(store: Store, start: datetime, end: datetime, step: Step) -> list[Bucket]:
    return store.aggregate(KEY, start=start, end=end, step=step)


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 28), 24), ((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 10, 26), 24)]
)
def test_a_day_has_the_hours_that_it_has_on_the_clock(
    store: Store, day: tuple[int, int, int], hours: int
) -> None:
    start = local(*day)
    filled(store, hours_of(start - 2 * HOUR, start + timedelta(days=1, hours=2)))
    (found,) = asked(store, start, start + timedelta(days=1), "day")
    assert (found.count, found.share) == (hours, 1.0)
    assert (found.end - found.start) == hours * HOUR
    assert found.start.isoformat()[:19] == f"{start:%Y-%m-%d}T00:00:00"
    assert (found.low, found.high) == (2.0, hours + 1.0)
    assert found.mean == pytest.approx(fmean(range(2, hours + 2)))


def test_the_hour_that_comes_twice_in_october_is_two_hours(store: Store) -> None:
    start = local(2026, 10, 25)
    filled(store, hours_of(start, start + timedelta(days=1)))
    found = asked(store, start, start + timedelta(hours=5), "hour")
    assert [(b.start.strftime("%H:%M%z"), b.mean) for b in found] == [
        ("00:00+0200", 0.0),
        ("01:00+0200", 1.0),
        ("02:00+0200", 2.0),
        ("02:00+0100", 3.0),
        ("03:00+0100", 4.0),
        ("04:00+0100", 5.0),
    ]
    assert all(b.end - b.start == HOUR for b in found)


def test_the_hour_that_march_skips_is_not_there(store: Store) -> None:
    start = local(2026, 3, 29)
    filled(store, hours_of(start, start + timedelta(days=1)))
    found = asked(store, start, start + timedelta(hours=4), "hour")
    assert [b.start.strftime("%H:%M%z") for b in found] == [
        "00:00+0100",
        "01:00+0100",
        "03:00+0200",
    ]


def test_a_gap_is_left_out_and_a_part_says_how_much_it_covers(store: Store) -> None:
    start = local(2026, 6, 1)
    values = hours_of(start, start + timedelta(days=4))
    filled(store, [*values[:24], *values[72:78]])
    found = asked(store, start, start + timedelta(days=4), "day")
    assert [(b.start.day, b.count, b.share) for b in found] == [(1, 24, 1.0), (4, 6, 0.25)]


def test_a_value_belongs_to_the_step_in_which_its_interval_began(store: Store) -> None:
    midnight = local(2026, 6, 2)
    filled(store, [value(5.0, midnight.astimezone(UTC), phenomenon_start=midnight.astimezone(UTC) - HOUR)])
    (found,) = asked(store, local(2026, 6, 1), local(2026, 6, 3), "day")
    assert found.start.day == 1
    assert asked(store, local(2026, 6, 2), local(2026, 6, 3), "day") == []


def test_a_moment_at_midnight_belongs_to_the_day_that_begins(store: Store) -> None:
    one_station(store, [value(5.0, local(2026, 6, 2).astimezone(UTC))])
    (found,) = asked(store, local(2026, 6, 1), local(2026, 6, 3), "day")
    assert (found.start.day, found.share) == (2, None)


def test_months_and_years_are_those_of_the_calendar(store: Store) -> None:
    filled(store, hours_of(local(2023, 12, 31), local(2024, 4, 2)))
    found = asked(store, local(2023, 12, 1), local(2024, 4, 1, 1), "month")
    assert [(f"{b.start:%Y-%m}", b.count) for b in found] == [
        ("2023-12", 24),
        ("2024-01", 31 * 24),
        ("2024-02", 29 * 24),
        ("2024-03", 31 * 24 - 1),
        ("2024-04", 24),
    ]
    assert [b.share for b in found][1:4] == [1.0, 1.0, 1.0]
    years = asked(store, local(2023, 6, 1), local(2024, 2, 1), "year")
    assert [(b.start.year, b.count) for b in years] == [(2023, 24), (2024, 92 * 24 - 1)]
    assert [b.start.isoformat() for b in years] == ["2023-01-01T00:00:00+01:00", "2024-01-01T00:00:00+01:00"]


def test_what_a_check_rejected_is_counted_apart_and_not_in_the_mean(store: Store) -> None:
    start = local(2026, 6, 1).astimezone(UTC)
    flags = [Flag.GOOD, Flag.NOT_EVALUATED, Flag.SUSPECT, Flag.FAIL, Flag.MISSING]
    values = [value(10.0**i, start + i * HOUR, flag=flag) for i, flag in enumerate(flags)]
    values[4] = replace(values[4], result=None)
    filled(store, [*values, value(None, start + 6 * HOUR), value("kapot", start + 7 * HOUR)])
    (found,) = asked(store, start, start + HOUR, "day")
    assert (found.count, found.mean, found.low, found.high, found.flagged) == (3, 37.0, 1.0, 100.0, 2)


def test_a_day_of_which_all_was_rejected_says_so(store: Store) -> None:
    filled(store, [value(999.0, flag=Flag.FAIL)])
    (found,) = asked(store, NOW, NOW + HOUR, "day")
    assert (found.count, found.mean, found.flagged, found.share) == (0, None, 1, 0.0)


def test_yes_and_no_add_up_to_the_part_of_yes(store: Store) -> None:
    one_station(store, [value(i < 3, NOW + i * timedelta(minutes=1)) for i in range(4)])
    (found,) = asked(store, NOW, NOW + HOUR, "hour")
    assert found.mean == 0.75


def test_days_before_the_war_had_their_midnight_at_an_odd_minute(store: Store) -> None:
    midnight = local(1936, 5, 2)
    before, after = midnight.astimezone(UTC) - timedelta(seconds=1), midnight.astimezone(UTC)
    one_station(store, [value(1.0, before), value(2.0, after)])
    found = asked(store, local(1936, 5, 1), local(1936, 5, 3), "day")
    assert [(b.start.day, b.mean) for b in found] == [(1, 1.0), (2, 2.0)]
    hours = asked(store, before, after + HOUR, "hour")
    assert [b.mean for b in hours] == [1.0, 2.0]


def test_a_time_without_length_or_with_too_many_steps_is_refused(store: Store) -> None:
    with pytest.raises(InputRejected):
        asked(store, NOW, NOW, "day")
    with pytest.raises(InputRejected):
        asked(store, datetime(1, 1, 1, tzinfo=UTC), NOW, "year")
    with pytest.raises(LimitExceeded):
        asked(store, local(1990, 1, 1), local(2026, 1, 1), "hour")


def test_numbers_of_what_is_for_staff_are_not_for_the_public(store: Store) -> None:
    store.put_arrival(arrival([station()], [HOURLY], [value()], audience="staff"))
    assert asked(store, NOW, NOW + HOUR, "day") == []
    assert len(store.aggregate(KEY, start=NOW, end=NOW + HOUR, step="day", audiences=ALL.audiences)) == 1
