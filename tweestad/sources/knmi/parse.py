"""Weather of the KNMI stations: hour and rain files, and the last ten minutes as Buienradar passes them on.

The files write tenths (0.1 °C, 0.1 mm, 0.1 m/s); −1 for rain and sunshine is "less than 0.05"; spaces are no
value; wind from 0 is calm and from 990 variable. `HH` is 1 to 24, UTC, and names the end of its hour. Rain of
a day runs from 08 to 08 UTC. Snow codes 997 to 999 are not centimetres. Buienradar writes Dutch clock time
without a zone, and null for what a station does not measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    SourceChanged,
    Thing,
    each,
    read_csv,
    read_json,
)

# Column → property, unit, what one of the file is in that unit.
_HOURLY = {
    "DD": ("windrichting", "deg", 1.0), "FH": ("windsnelheid", "m/s", 0.1), "FX": ("windstoot", "m/s", 0.1),
    "T": ("temperatuur", "Cel", 0.1), "SQ": ("zonneschijn", "h", 0.1), "Q": ("zonnestraling", "J/cm2", 1.0),
    "DR": ("neerslagduur", "h", 0.1), "RH": ("neerslag", "mm", 0.1), "P": ("luchtdruk", "hPa", 0.1),
    "U": ("luchtvochtigheid", "%", 1.0),
}  # fmt: skip
_DAILY = {"RD": ("neerslag", "mm", 0.1), "SX": ("sneeuwdek", "cm", 1.0)}
_LIVE = {
    "temperature": ("temperatuur", "Cel"), "humidity": ("luchtvochtigheid", "%"),
    "airpressure": ("luchtdruk", "hPa"),
    "windspeed": ("windsnelheid", "m/s"), "windgusts": ("windstoot", "m/s"), "visibility": ("zicht", "m"),
    "winddirectiondegrees": ("windrichting", "deg"),
}  # fmt: skip
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TRACE = ("RH", "SQ")
_DATE = re.compile(r"\d{8}\Z")


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Stations with their last values, hours of a station, or days of rain, as `facts.part` says."""
    if facts.part == "stations":
        document = read_json(payload)
        yield from each(document.records("actual/stationmeasurements"), partial(_station, facts))
        return
    known: set[str] = set()
    read = partial(_hour if facts.part == "hours" else _rain, facts, known)
    yield from each(_rows(payload, "HH" if facts.part == "hours" else "RD"), read)


def _rows(payload: BinaryIO, needed: str) -> Iterator[Record]:
    """The rows below the line that begins with STN; what stands above it is an explanation."""
    header: list[str] = []
    for row in read_csv(payload, ()):
        cells = [(row.find_text(name) or "") for name in row.keys()]  # noqa: SIM118 a Record is no mapping
        if cells[0].lstrip("# ") == "STN":
            header = [cell.lstrip("# ") for cell in cells]
            if "YYYYMMDD" not in header or needed not in header:
                raise SourceChanged(f"the column ‘YYYYMMDD’ or ‘{needed}’ is not in its header")
        elif header:
            yield Record(dict(zip(header, cells, strict=False)))
    if not header:
        raise SourceChanged("it has no line that begins with STN")


def _values(
    facts: Facts, known: set[str], row: Record, columns: dict[str, tuple[str, str, float]],
    end: datetime, period: timedelta,
) -> Iterator[Parsed]:  # fmt: skip
    thing = f"{facts.source}:{row.whole('STN')}"
    found = [name for name in columns if name in row]
    if len(found) < min(2, len(columns)):
        raise InputRejected("a row has none of the known columns")
    for name in found:
        observed, unit, factor = columns[name]
        stream = Datastream(
            thing, observed, unit, "" if period == _HOUR else "dag", period_s=int(period.total_seconds())
        )
        if stream.id not in known:
            known.add(stream.id)
            yield stream
        number, told = _number(name, row)
        yield Observation(
            stream.id, end, None if number is None else round(number * factor, 6), facts.received,
            phenomenon_start=end - period, original=row.find_text(name) or "", told=told,
            flag=Flag.MISSING if number is None else Flag.NOT_EVALUATED,
        )  # fmt: skip


def _number(name: str, row: Record) -> tuple[float | None, str]:
    """A number in the unit of the file, and a word on it."""
    number = row.find_number(name)
    if number is None:
        return None, ""
    if name in _TRACE and number == -1:
        return 0.0, "minder dan 0,05"
    if name == "DD" and number in (0, 990):
        return None, "windstil" if number == 0 else "veranderlijk"
    if name == "SX" and number >= 997:
        return None, "gebroken sneeuwdek of sneeuwhopen"
    return number, ""


def _day(row: Record) -> datetime:
    told = row.text("YYYYMMDD")
    if not _DATE.match(told):
        raise InputRejected("a date is not eight digits")
    return Record({"day": f"{told[:4]}-{told[4:6]}-{told[6:]}"}).time("day", "UTC")


def _hour(facts: Facts, known: set[str], row: Record) -> Iterator[Parsed]:
    hour = row.whole("HH")
    if not 1 <= hour <= 24:
        raise InputRejected("an hour is not 1 to 24")
    yield from _values(facts, known, row, _HOURLY, _day(row) + hour * _HOUR, _HOUR)


def _rain(facts: Facts, known: set[str], row: Record) -> Iterator[Parsed]:
    yield from _values(facts, known, row, _DAILY, _day(row) + 8 * _HOUR, _DAY)


def _station(facts: Facts, row: Record) -> Iterator[Parsed]:
    # Buienradar writes the KNMI number after a 6.
    number = row.whole("stationid") - 6000
    name = row.text("stationname").removeprefix("Meetstation ")
    # The feed rounds positions to a tenth of a degree.
    where = Location(row.number("lon"), row.number("lat"), accuracy_m=8_000.0)
    moment = row.time("timestamp", "Europe/Amsterdam")
    thing = Thing(facts.source, str(number), name, where, "station")
    yield thing
    for field, (observed, unit) in _LIVE.items():
        stream = Datastream(thing.id, observed, unit, "actueel")
        value = row.measured(field)
        yield stream
        yield Observation(
            stream.id, moment, value, facts.received, original=row.find_text(field) or "",
            flag=Flag.MISSING if value is None else Flag.NOT_EVALUATED,
        )  # fmt: skip
