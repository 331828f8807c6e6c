"""The one door for every payload holds what a `parse` makes to the rules that everybody relies on."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
import shapely

from tweestad.errors import SourceChanged
from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.sources import Parse, Source, get_source
from tweestad.model.observation import Flag, Observation
from tweestad.model.received import Facts, Follow, Parsed, Rejected, Skipped
from tweestad.model.thing import Datastream, Location, Thing

NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)
BOX = (5.0, 52.0, 5.2, 52.2)
STREAM = Datastream("luchtmeetnet:A", "pm10", "ug/m3")


@dataclasses.dataclass(frozen=True)
class Made(Source):
    """A source whose parse gives what the test says, whatever the payload."""

    items: tuple[Parsed, ...] = ()

    def load_parse(self) -> Parse:
        def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
            return iter(self.items)

        return parse


def door(
    *items: Parsed, bbox: tuple[float, float, float, float] | None = BOX, **manifest: object
) -> list[Parsed]:
    known = get_source("luchtmeetnet")
    facts = dataclasses.replace(known.manifest, **manifest)  # type: ignore[arg-type]
    source = Made(facts, Path(), "", items)
    return list(read_payload(source, io.BytesIO(), Facts("luchtmeetnet", NOW, bbox=bbox)))


def thing(key: str = "A", location: Location | None = None) -> Thing:
    return Thing("luchtmeetnet", key, location=location)


def value(result: float = 1.0, at: datetime = NOW, stream: str = STREAM.id) -> Observation:
    return Observation(stream, at, result, NOW)


def test_a_thing_elsewhere_is_counted_with_all_that_hangs_on_it() -> None:
    found = door(thing("A", Location(4.0, 52.1)), STREAM, value(), thing("B", Location(5.1, 52.1)))
    assert found == [thing("B", Location(5.1, 52.1)), Skipped("elsewhere: outside the municipality", 1)]


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (Location(5.1, 52.1), True),
        (Location(5.3, 52.1), False),
        (Location(140_000, 450_000, crs=28992), True),
        (Location(200_000, 450_000, crs=28992), False),
        (Location(4.5, 52.1, shape=shapely.to_wkb(shapely.LineString([(4.0, 52.1), (5.1, 52.1)]))), True),
        (Location(5.1, 52.1, shape=shapely.to_wkb(shapely.LineString([(4.0, 52.1), (4.5, 52.1)]))), False),
    ],
)
def test_what_touches_the_municipality_is_kept_in_degrees_and_in_rd(where: Location, kept: bool) -> None:
    assert (thing("A", where) in door(thing("A", where))) is kept


def test_exchanged_coordinates_are_told_and_never_placed() -> None:
    found = door(thing("A", Location(52.1, 5.1)), STREAM, value())
    assert [each.reason for each in found if isinstance(each, Rejected)] == [
        "longitude and latitude look exchanged"
    ]
    assert len(found) == 1
    assert door(thing("A", Location(24.9, 60.2)))[0] == Rejected(
        "it lies outside the Netherlands", "luchtmeetnet:A at 24.900000 60.200000"
    )


@pytest.mark.parametrize(("x", "y"), [(0, 0), (180, 90), (3.3135424, 47.974766), (5, 95), (float("nan"), 52)])
def test_a_placeholder_is_no_place(x: float, y: float) -> None:
    with pytest.raises(Exception, match="position"):
        Location(x, y)


def test_a_later_time_is_flagged_and_one_far_ahead_is_rejected() -> None:
    soon = value(at=NOW + timedelta(minutes=30))
    far = value(at=NOW + timedelta(days=3))
    found = door(thing(), STREAM, value(at=NOW + timedelta(minutes=5)), soon, far)
    flags = [each.flag for each in found if isinstance(each, Observation)]
    assert flags == [Flag.NOT_EVALUATED, Flag.SUSPECT]
    assert [each.reason for each in found if isinstance(each, Rejected)] == ["its time lies in the future"]


def test_the_same_value_twice_is_said_and_kept_once() -> None:
    found = door(thing(), STREAM, value(1), value(1), value(2), thing(), STREAM)
    assert sum(isinstance(each, Observation) for each in found) == 1
    assert [each.reason for each in found if isinstance(each, Rejected)] == [
        "the same value is given twice",
        "two values for one moment: the first is kept",
        "the same record is given twice",
    ]


def test_a_value_of_a_series_that_nobody_described_is_rejected() -> None:
    assert isinstance(door(value())[0], Rejected)
    channels = channels_of([STREAM, dataclasses.replace(STREAM, observed="no2", channels=("x",))])
    assert channels == {
        STREAM.id: (STREAM.id,),
        "luchtmeetnet:A:no2": ("luchtmeetnet:A:no2",),
        "x": ("luchtmeetnet:A:no2",),
    }


def test_an_address_on_another_host_is_not_followed() -> None:
    good = Follow("https://api.luchtmeetnet.nl/open_api/stations?page=2", "stations")
    bad = Follow("http://169.254.169.254/latest/meta-data", "stations")
    found = door(good, bad, good)
    assert found[0] == good
    assert all(isinstance(each, Rejected) for each in found[1:])
    assert len(found) == 3


def test_too_much_nothing_and_what_the_manifest_does_not_name_are_refused() -> None:
    with pytest.raises(SourceChanged, match="more than 3 records"):
        door(thing(), *(Rejected("x") for _ in range(5)), most_records=3)
    with pytest.raises(SourceChanged, match="nothing in it"):
        door()
    with pytest.raises(SourceChanged, match="manifest lacks: ‘waterstand’"):
        door(thing(), dataclasses.replace(STREAM, observed="waterstand"))
    with pytest.raises(SourceChanged, match="another source"):
        door(Thing("knmi", "A"))


def test_what_is_dropped_does_not_come_back_as_an_example() -> None:
    assert door(Rejected("x", "XX-99-XX"), personal_data="dropped") == [Rejected("x")]


def test_a_reader_that_gives_values_before_their_place_is_refused() -> None:
    with pytest.raises(SourceChanged, match="before the place"):
        door(STREAM, value(), thing("A", Location(4.0, 52.1)))
