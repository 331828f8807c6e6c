"""A recording that is played back has a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tweestad.feeds.clock import ReplayClock, now_of
from tweestad.model.replay_clock import clock_body, parse_clock

RECORDED = datetime(2019, 12, 30, 8, tzinfo=UTC)
BEGAN = datetime(2026, 11, 24, 22, 40, tzinfo=UTC)
CLOCK = ReplayClock(RECORDED, BEGAN, RECORDED + timedelta(days=3))


@dataclass(frozen=True)
class Health:
    clock: ReplayClock | None = None


def test_now_is_the_wall_clock_for_what_is_measured_now() -> None:
    assert now_of(Health(), BEGAN) == BEGAN


def test_a_recording_goes_on_at_the_pace_of_a_clock_from_where_it_began() -> None:
    assert now_of(Health(CLOCK), BEGAN) == RECORDED
    assert now_of(Health(CLOCK), BEGAN + timedelta(hours=5)) == RECORDED + timedelta(hours=5)


def test_a_clock_stands_still_at_the_last_moment_of_its_recording() -> None:
    assert now_of(Health(CLOCK), BEGAN + timedelta(days=90)) == CLOCK.ends


def test_a_snapshot_never_grows_old() -> None:
    snapshot = ReplayClock(RECORDED, BEGAN, RECORDED)
    assert now_of(Health(snapshot), BEGAN + timedelta(days=1)) == RECORDED


def test_a_wall_clock_that_is_set_back_does_not_turn_a_recording_back() -> None:
    assert now_of(Health(CLOCK), BEGAN - timedelta(hours=1)) == RECORDED


def test_a_clock_that_is_kept_goes_on_after_a_restart() -> None:
    assert parse_clock(clock_body(CLOCK)) == CLOCK
