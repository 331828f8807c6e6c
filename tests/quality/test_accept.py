"""The gate: places and units become ours, checks raise flags, and everything is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import shapely

from tweestad.model.observation import Flag, Observation
from tweestad.model.reading import Arrival
from tweestad.model.received import Parsed, Rejected, Skipped
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.quality.accept import Accepted, Gate, accept, observed_of

NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROPERTIES = frozenset(
    {"temperatuur", "waterstand", "pm25", "brug-open", "paneeltekst", "verkeersintensiteit"}
)


def gate(
    *items: Parsed, earlier: Sequence[Observation] = (), units: dict[str, str] | None = None
) -> Accepted:
    found = Gate(PROPERTIES, units or {}, lambda _, __: earlier)
    return accept(items, Arrival("s", NOW), found)


def thing(where: Location | None = None, key: str = "a") -> Thing:
    return Thing("s", key, location=where)


def value(
    result: float | None, hours: float = 0, observed: str = "temperatuur", **more: object
) -> Observation:
    return Observation(f"s:a:{observed}", NOW + hours * HOUR, result, NOW, **more)  # type: ignore[arg-type]


def flags(found: Accepted) -> list[Flag]:
    return [each.flag for each in found.arrival.observations]


def test_a_place_becomes_rd_whatever_it_was_told_in() -> None:
    line = shapely.to_wkb(shapely.LineString([(5.38720621, 52.15517440), (5.4, 52.16)]))
    found = gate(
        thing(Location(5.38720621, 52.15517440), "dom"),
        thing(Location(155_000, 463_000, crs=28992), "rd"),
        thing(Location(5.38720621, 52.15517440, shape=line), "line"),
        thing(None, "nowhere"),
    )
    dom, rd, drawn, nowhere = (each.location for each in found.arrival.things)
    assert dom is not None
    assert rd is not None
    assert drawn is not None
    assert drawn.shape is not None
    assert (dom.crs, rd.crs) == (28992, 28992)
    assert (dom.x, dom.y) == pytest.approx((155_000, 463_000), abs=0.2)
    assert (rd.x, rd.y) == (155_000, 463_000)
    first = shapely.get_coordinates(shapely.from_wkb(drawn.shape))[0]
    assert first == pytest.approx((155_000, 463_000), abs=0.2)
    assert nowhere is None


def test_what_has_no_place_in_rd_is_rejected_with_all_that_hangs_on_it() -> None:
    far = thing(Location(-74.0, 40.7), "far")
    found = gate(
        far,
        Datastream(far.id, "temperatuur", "Cel"),
        Observation("s:far:temperatuur", NOW, 1.0, NOW),
        thing(Location(5.1, 52.1)),
    )
    assert [each.key for each in found.arrival.things] == ["a"]
    assert found.arrival.datastreams == ()
    assert found.arrival.observations == ()
    assert found.counts.rejected == {"it lies outside the coordinates of the Netherlands": 1}


def test_a_value_in_another_unit_is_converted_and_keeps_what_was_written() -> None:
    stream = Datastream("s:a", "waterstand", "cm")
    found = gate(thing(), stream, value(132.0, observed="waterstand", original="+132"))
    (told,) = found.arrival.observations
    assert (told.result, told.original, told.flag) == (1.32, "+132 cm", Flag.GOOD)
    assert found.arrival.datastreams[0].unit == "m"
    # The next answer gives values only, in the unit of the source.
    (later,) = gate(value(95.0, 1, "waterstand"), units=dict(found.units)).arrival.observations
    assert (later.result, later.original) == (0.95, "95.0 cm")


def test_a_unit_that_nobody_knows_is_left_alone_and_not_judged() -> None:
    stream = Datastream("s:a", "temperatuur", "furlong")
    found = gate(thing(), stream, value(5_000.0))
    assert found.arrival.datastreams[0].unit == "furlong"
    assert found.arrival.observations[0].result == 5_000.0
    assert flags(found) == [Flag.NOT_EVALUATED]


@pytest.mark.parametrize(
    ("result", "given", "flag"),
    [
        (20.0, Flag.NOT_EVALUATED, Flag.GOOD),
        (51.0, Flag.NOT_EVALUATED, Flag.SUSPECT),
        (-31.0, Flag.GOOD, Flag.SUSPECT),
        (20.0, Flag.SUSPECT, Flag.SUSPECT),
        (20.0, Flag.FAIL, Flag.FAIL),
        (51.0, Flag.FAIL, Flag.FAIL),
        (None, Flag.NOT_EVALUATED, Flag.MISSING),
    ],
)
def test_a_check_raises_a_flag_and_never_lowers_one(result: float | None, given: Flag, flag: Flag) -> None:
    found = gate(thing(), Datastream("s:a", "temperatuur", "Cel"), value(result, flag=given, told="as told"))
    assert flags(found) == [flag]
    (kept,) = found.arrival.observations
    assert (kept.result, kept.told) == (result, "as told")


def test_a_spike_is_suspect_and_a_new_level_is_believed_at_the_third() -> None:
    stream = Datastream("s:a", "temperatuur", "Cel")
    spike = gate(thing(), stream, *(value(v, n) for n, v in enumerate([10.0, 11.0, 30.0, 11.5, 12.0])))
    assert flags(spike) == [Flag.GOOD, Flag.GOOD, Flag.SUSPECT, Flag.GOOD, Flag.GOOD]
    level = gate(thing(), stream, *(value(v, n) for n, v in enumerate([10.0, 30.0, 30.5, 31.0, 31.5])))
    assert flags(level) == [Flag.GOOD, Flag.SUSPECT, Flag.SUSPECT, Flag.GOOD, Flag.GOOD]


def test_a_spike_is_seen_next_to_what_was_stored_before() -> None:
    stream = Datastream("s:a", "temperatuur", "Cel")
    before = [value(10.0, -1, flag=Flag.GOOD)]
    assert flags(gate(thing(), stream, value(25.0), earlier=before)) == [Flag.SUSPECT]
    long_ago = [value(10.0, -30, flag=Flag.GOOD)]
    assert flags(gate(thing(), stream, value(25.0), earlier=long_ago)) == [Flag.GOOD]


def test_a_sensor_that_is_frozen_for_a_day_is_suspect_and_one_at_zero_is_not() -> None:
    stream = Datastream("s:a", "pm25", "ug/m3")
    frozen = [value(344.54, n, "pm25") for n in range(30)]
    found = flags(gate(thing(), stream, *frozen))
    assert found[:24] == [Flag.GOOD] * 24
    assert found[24:] == [Flag.SUSPECT] * 6
    assert set(flags(gate(thing(), stream, *(value(0.0, n, "pm25") for n in range(30))))) == {Flag.GOOD}
    stored = [value(344.54, n - 30, "pm25", flag=Flag.GOOD) for n in range(30)]
    assert flags(gate(value(344.54, 0, "pm25"), earlier=stored)) == [Flag.SUSPECT]


def test_the_flags_of_a_series_do_not_depend_on_how_it_was_cut_into_answers() -> None:
    stream = Datastream("s:a", "temperatuur", "Cel")
    told = [value(v, n) for n, v in enumerate([10.0, 11.0, 30.0, 11.5, 31.0, 31.5, 32.0, 32.0])]
    whole = flags(gate(thing(), stream, *told))
    apart: list[Observation] = []
    for each in told:
        apart.extend(gate(each, earlier=tuple(apart)).arrival.observations)
    assert [each.flag for each in apart] == whole


def test_everything_is_counted() -> None:
    found = gate(
        thing(),
        Datastream("s:a", "temperatuur", "Cel"),
        value(10.0),
        value(None, 1),
        value(99.0, 2),
        Rejected("no id"),
        Rejected("no id"),
        Skipped("elsewhere", 12),
    ).counts
    assert (found.accepted, found.flagged, found.rejected, found.skipped) == (4, 2, {"no id": 2}, 12)
    assert found.newest == NOW + 2 * HOUR


def test_the_property_is_found_in_the_id_of_a_series_also_behind_odd_ids() -> None:
    assert observed_of("s:urn:x:1:pm25", PROPERTIES) == "pm25"
    assert observed_of("s:urn:x:1:pm25:kal", PROPERTIES) == "pm25"
    assert observed_of("s:x", PROPERTIES) is None
