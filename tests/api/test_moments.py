"""Times in words, by the clock of the Netherlands, also when that is set back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tweestad.api.pages.moments import moment_words, span_words, tick_words
from tweestad.legend.time_axis import time_ticks


@pytest.mark.parametrize(
    ("moment", "dutch", "english"),
    [
        (datetime(2026, 4, 16, 9, 5, tzinfo=UTC), "16 april 2026, 11.05 uur", "16 April 2026, 11:05"),
        (datetime(2026, 1, 1, 23, 0, tzinfo=UTC), "2 januari 2026, 0.00 uur", "2 January 2026, 0:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 oktober 2026, 2.30 uur", "25 October 2026, 2:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 oktober 2026, 2.30 uur", "25 October 2026, 2:30"),
    ],
)
def test_a_moment_is_told_in_local_time(moment: datetime, dutch: str, english: str) -> None:
    assert moment_words(moment, "nl") == dutch
    assert moment_words(moment, "en") == english


def test_what_holds_for_a_day_has_no_hour_also_when_the_day_is_short() -> None:
    midnight = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert moment_words(midnight, "nl", period_s=23 * 3600) == "29 maart 2026"
    assert moment_words(midnight, "nl", period_s=3600) == "29 maart 2026, 0.00 uur"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (600, "10 minuten"),
        (3600, "1 uur"),
        (10_800, "3 uur"),
        (86_400, "1 dag"),
        (7_776_000, "90 dagen"),
        (90, "90 seconden"),
    ],
)
def test_a_length_of_time_is_told_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert span_words(seconds, "nl") == words


def test_the_words_below_an_axis_fit_its_length() -> None:
    start = datetime(2026, 3, 14, 22, 0, tzinfo=UTC)

    def words(days: int) -> list[str]:
        span = timedelta(days=days)
        return [
            tick_words(each, span.total_seconds(), "nl") for each in time_ticks(start, start + span, words=12)
        ]

    assert words(1)[:3] == ["15 mrt", "3.00", "6.00"]
    assert words(7)[:3] == ["za", "zo", "ma"]
    assert words(30)[1].endswith(("mrt", "apr"))
    assert words(365)[:2] == ["mrt", "apr"]
    assert "2027" in words(365)
