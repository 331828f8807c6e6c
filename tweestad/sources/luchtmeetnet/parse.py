"""Luchtmeetnet: hourly values of the official stations.

The list of stations leads to a reply per station, which does not repeat its number: that stands in the
address. Values have no unit in the reply: µg/m³, and particles per cm³ for PS. `timestamp_measured` is the
end of the hour, UTC. Null is no value; a little below zero is a real value near what the instrument can see.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import BinaryIO
from urllib.parse import quote, urlsplit

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    Follow,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Skipped,
    Thing,
    each,
    read_json,
)

_STATIONS = "https://api.luchtmeetnet.nl/open_api/stations"
_HOUR = timedelta(hours=1)
_DOUBTFUL_PM = -5.0
_FORMULAS = {
    "PM10": "pm10", "PM25": "pm25", "PM2.5": "pm25", "NO2": "no2", "NO": "no", "O3": "o3", "SO2": "so2",
    "CO": "co", "H2S": "h2s", "NH3": "nh3", "C6H6": "benzeen", "C7H8": "tolueen", "C8H10": "xyleen",
    "FN": "zwarte-rook", "PS": "ultrafijnstof",
}  # fmt: skip


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The page of stations, one station, or a page of measurements, as `facts.part` says."""
    document = read_json(payload)
    if facts.part == "station":
        yield _station(document.record("data"), facts)
        return
    rows = document.records("data")
    if not rows:
        yield Skipped("the source has no values for the time that was asked", 0)
    read = _listed if facts.part == "stations" else partial(_measured, facts)
    yield from each(rows, read)
    yield from _next_page(document, facts)


def _listed(row: Record) -> Iterator[Parsed]:
    row.text("location")
    yield Follow(f"{_STATIONS}/{quote(row.text('number'), safe='')}", "station")


def _station(data: Record, facts: Facts) -> Thing:
    lon, lat = data.record("geometry").numbers("coordinates")[:2]
    name = data.text("location")
    facts_of = {
        "gemeente": "municipality",
        "soort": "type",
        "beheerder": "organisation",
        "sinds": "year_start",
    }
    return Thing(
        source=facts.source,
        key=urlsplit(facts.url).path.rsplit("/", 1)[-1],
        name=name,
        kind="station",
        location=Location(lon, lat),
        properties={ours: told for ours, field in facts_of.items() if (told := data.find_text(field))},
    )


def _measured(facts: Facts, row: Record) -> Iterator[Parsed]:
    formula = row.text("formula")
    observed = _FORMULAS.get(formula.upper())
    if observed is None:
        raise InputRejected("a component that the vocabulary does not have")
    unit = "/cm3" if observed == "ultrafijnstof" else "ug/m3"
    stream = Datastream(f"{facts.source}:{row.text('station_number')}", observed, unit, period_s=3600)
    end = row.time("timestamp_measured", "UTC")
    value = row.measured("value")
    flag = Flag.NOT_EVALUATED
    if value is None:
        flag = Flag.MISSING
    elif observed in ("pm10", "pm25") and value < _DOUBTFUL_PM:
        flag = Flag.SUSPECT
    yield stream
    yield Observation(
        stream.id, end, value, facts.received, phenomenon_start=end - _HOUR, flag=flag,
        original=row.find_text("value") or "",
    )  # fmt: skip


def _next_page(document: Record, facts: Facts) -> Iterator[Parsed]:
    paging = document.record("pagination")
    here = paging.whole("current_page")
    if here < paging.whole("last_page"):
        yield Follow(facts.url.replace(f"page={here}", f"page={here + 1}"), facts.part)
