"""What is told of a thing in a live layer: a value, its age and quality; and never an old one as current."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tweestad.legend.live import Clock, class_index, classes_of, is_there, live_value
from tweestad.legend.live_words import age_words, amount_words, result_words
from tweestad.model.observation import Flag, Observation, Result
from tweestad.model.reading import Latest, Reading, StoredDatastream, StoredThing
from tweestad.model.text import Text
from tweestad.model.thing import Datastream, Thing
from tweestad.vocabulary.live_layers import get_live_layer
from tweestad.vocabulary.properties import get_property

NOON = datetime(2026, 4, 16, 12, tzinfo=UTC)
STATION = StoredThing(Thing("luchtmeetnet", "NL1", "Hoofdstraat", kind="station"), "public", "stations", 3)


def last(
    observed: str,
    result: Result,
    *,
    minutes: float = 30,
    flag: Flag = Flag.GOOD,
    method: str = "",
    told_minutes: float = 1,
) -> Latest:
    """A last value, measured so many minutes before noon."""
    stream = Datastream(STATION.thing.id, observed, get_property(observed).unit, method=method)
    seen = Observation(
        stream.id,
        NOON - timedelta(minutes=minutes),
        result,
        NOON - timedelta(minutes=told_minutes),
        flag=flag,
    )
    return Latest(StoredDatastream(stream, "luchtmeetnet", "public"), Reading(seen), 7)


def clock(**more: timedelta) -> Clock:
    return Clock(now=NOON, wall=NOON, told=NOON - timedelta(minutes=1), **more)


AIR = get_live_layer("lucht")


def test_a_fresh_value_is_told_with_unit_age_quality_and_class() -> None:
    found = live_value(AIR, STATION, [last("pm25", 12.34)], clock())
    assert (found.value, found.observed, found.age_s, found.stale) == (12.34, "pm25", 1800, False)
    assert found.text == Text("12,3 µg/m³", "12.3 µg/m³")
    assert (found.quality, found.class_index, found.n) == ("good", 2, 7)
    assert found.expires == NOON + timedelta(minutes=150)
    assert classes_of(AIR, "pm25")[2].label == Text("10 tot 15 µg/m³", "10 to 15 µg/m³")


def test_a_value_past_its_limit_is_never_shown_as_current() -> None:
    found = live_value(AIR, STATION, [last("pm25", 12.34, minutes=181)], clock())
    assert found.stale
    assert found.text == Text("geen recente meting", "no recent measurement")
    assert found.class_index is None
    assert (found.value, found.phenomenon) == (12.34, NOON - timedelta(minutes=181))


def test_the_limit_of_the_source_goes_before_that_of_the_layer() -> None:
    value = [last("pm25", 12.0, minutes=45)]
    assert live_value(AIR, STATION, value, clock(stale_after=timedelta(minutes=30))).stale
    assert not live_value(AIR, STATION, value, clock(stale_after=timedelta(minutes=60))).stale


def test_a_recording_is_as_old_as_its_own_clock_says() -> None:
    years_later = replace(clock(), wall=NOON + timedelta(days=900))
    found = live_value(AIR, STATION, [last("pm25", 12.0)], years_later)
    assert (found.stale, found.age_s) == (False, 1800)


@pytest.mark.parametrize("flag", [Flag.FAIL, Flag.MISSING])
def test_what_cannot_be_true_or_is_missing_is_no_value(flag: Flag) -> None:
    found = live_value(AIR, STATION, [last("pm25", -110.0, flag=flag)], clock())
    assert (found.value, found.class_index) == (None, None)
    assert "110" not in found.text.nl
    assert found.quality == {Flag.FAIL: "fail", Flag.MISSING: "missing"}[flag]


def test_a_source_that_says_nothing_gives_no_zero() -> None:
    found = live_value(AIR, STATION, [last("pm25", None)], clock())
    assert (found.value, found.text.nl, found.quality) == (None, "geen meting", "missing")


def test_a_thing_without_any_value_says_so() -> None:
    assert live_value(AIR, STATION, [], clock()).text.nl == "geen meting"
    assert live_value(get_live_layer("gehandicaptenparkeren"), STATION, [], clock()).text.nl == ""


def test_the_first_property_of_choice_that_is_recent_speaks_for_the_thing() -> None:
    both = [last("no2", 30.0), last("pm25", 12.0)]
    assert live_value(AIR, STATION, both, clock()).observed == "pm25"
    old = [last("no2", 30.0), last("pm25", 12.0, minutes=500)]
    assert live_value(AIR, STATION, old, clock()).observed == "no2"


def test_only_the_property_of_the_legend_gets_its_colours() -> None:
    nitrogen = [last("no2", 30.0)]
    assert live_value(AIR, STATION, nitrogen, clock()).class_index is None
    assert live_value(AIR, STATION, nitrogen, clock(), asked="no2").class_index == 2
    assert live_value(AIR, STATION, nitrogen, clock(), asked="pm10").text.nl == "geen meting"


def test_of_raw_and_calibrated_the_calibrated_goes_first() -> None:
    both = [last("pm25", 30.0), last("pm25", 12.0, method="gekalibreerd")]
    assert live_value(AIR, STATION, both, clock()).value == 12.0


def test_a_status_of_last_week_holds_while_its_source_still_tells_of_it() -> None:
    layer = get_live_layer("laadpunten")
    values = [
        last("laadpunten-vrij", 3.0, minutes=60 * 24 * 7),
        last("laadpunten-totaal", 8.0, minutes=60 * 24 * 7),
    ]
    found = live_value(layer, STATION, values, clock())
    assert (found.text.nl, found.stale, found.class_index) == ("3 van 8 laadpunten vrij", False, 2)
    silent = replace(clock(), told=NOON - timedelta(minutes=31))
    assert live_value(layer, STATION, values, silent).stale
    unknown = replace(clock(), told=None)
    assert not live_value(layer, STATION, values, unknown).stale
    assert live_value(layer, STATION, [last("laadpunten-vrij", 3.0, told_minutes=31)], unknown).stale


def test_what_is_told_beside_a_value_is_as_recent() -> None:
    layer = get_live_layer("borden")
    sign = last("matrixbeeld", "speed")
    both = live_value(layer, STATION, [sign, last("matrixsnelheid", 70.0)], clock())
    assert both.text.nl == "Maximumsnelheid: 70 km/uur"
    assert both.class_index == 1
    old = live_value(layer, STATION, [sign, last("matrixsnelheid", 70.0, minutes=60)], clock())
    assert old.text.nl == "Maximumsnelheid"


def test_what_has_ended_or_has_yet_to_begin_is_not_there() -> None:
    def there(since: timedelta | None, until: timedelta | None) -> bool:
        thing = replace(
            STATION.thing,
            since=None if since is None else NOON + since,
            until=None if until is None else NOON + until,
        )
        return is_there(replace(STATION, thing=thing), NOON)

    hour = timedelta(hours=1)
    assert there(None, None)
    assert there(-hour, hour)
    assert not there(hour, None)
    assert not there(-hour, timedelta(0))


def test_every_break_begins_a_class() -> None:
    classes = classes_of(AIR, "pm25")
    assert [class_index(value, classes) for value in (-1.0, 4.99, 5.0, 14.9, 15.0, 900.0)] == [
        0, 0, 1, 2, 3, 5,
    ]  # fmt: skip
    assert class_index(None, classes) is None
    assert class_index("text", classes) is None


def test_codes_and_yes_or_no_have_a_class_each() -> None:
    bridges = classes_of(get_live_layer("bruggen"), "brug-open")
    assert [each.label.nl for each in bridges] == ["Brug open: ja", "Brug open: nee"]
    assert class_index(False, bridges) == 1
    assert class_index("works", classes_of(get_live_layer("werkzaamheden"), "verkeersmelding")) == 3
    assert classes_of(get_live_layer("energie"), "vermogen") == ()


@pytest.mark.parametrize(
    ("value", "observed", "dutch", "english"),
    [
        (1234.56, "pm10", "1.234,6 µg/m³", "1,234.6 µg/m³"),
        (-0.004, "waterstand", "0,00 m NAP", "0.00 m NAP"),
        (-1.5, "waterstand", "−1,50 m NAP", "−1.50 m NAP"),
        ("lane-closed", "matrixbeeld", "Rijstrook dicht", "Lane closed"),
        ("what-is-this", "matrixbeeld", "what-is-this", "what-is-this"),
        ("2026-04-16T09:12:30Z", "vertrek", "11:12", "11:12"),
        ("soon", "vertrek", "soon", "soon"),
        (True, "brug-open", "Brug open: ja", "Bridge open: yes"),
        ("Centrum\n4 min", "paneeltekst", "Centrum / 4 min", "Centrum / 4 min"),
        (None, "pm10", "", ""),
        (float("nan"), "pm10", "", ""),
    ],
)
def test_a_value_reads_as_people_write_it(value: Result, observed: str, dutch: str, english: str) -> None:
    assert result_words(value, get_property(observed)) == Text(dutch, english)


def test_a_part_is_not_told_of_a_smaller_total() -> None:
    assert result_words(9.0, get_property("laadpunten-vrij"), of=8.0).nl == "9 laadpunten"


def test_a_break_has_no_more_decimals_than_it_needs() -> None:
    assert [amount_words(each).nl for each in (0.1, 5.0, 1000.0, -0.5)] == ["0,1", "5", "1.000", "−0,5"]


@pytest.mark.parametrize(
    ("seconds", "dutch", "english"),
    [
        (0, "zojuist", "just now"),
        (60, "1 minuut geleden", "1 minute ago"),
        (719, "11 minuten geleden", "11 minutes ago"),
        (3600, "1 uur geleden", "1 hour ago"),
        (86_400, "1 dag geleden", "1 day ago"),
        (59 * 86_400, "59 dagen geleden", "59 days ago"),
        (100 * 86_400, "3 maanden geleden", "3 months ago"),
        (900 * 86_400, "2 jaar geleden", "2 years ago"),
    ],
)
def test_an_age_is_told_in_one_unit(seconds: float, dutch: str, english: str) -> None:
    assert age_words(seconds) == Text(dutch, english)
