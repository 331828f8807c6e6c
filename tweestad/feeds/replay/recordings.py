"""How a recording is given: as it is, cut at the time of its clock, or written back from a table as replies.

Values and times are never changed. What lies after the clock of the recording is not yet told, where the form
of the file allows it.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

import orjson

Places = Mapping[str, tuple[str, float, float]]
Rows = Mapping[str, list[dict[str, str]]]
_MISSING = ("NA", "")


@dataclass(frozen=True, slots=True)
class Given:
    """A recorded file, the address it answers, facts it lacks about places, and where its clock began."""

    path: Path
    url: str = ""
    places: Places = field(default_factory=dict)
    begins: datetime | None = None


class Reader(Protocol):
    """Gives a recording. `last` is the word of the path that names a thing, `query` what stands behind it."""

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None: ...


class _Whole:
    """The file as it was recorded, byte for byte."""

    def __init__(self, given: Given) -> None:
        self._path, self.url, self.places = given.path, given.url, given.places
        self.begins = given.begins

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del clock, last, query
        return self._path.read_bytes()

    @property
    def plain(self) -> bytes:
        return _plain(self._path)


def _plain(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


class _GbfsIndex(_Whole):
    """A list of files whose addresses were made local by who recorded it: they are next to the list again."""

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del clock, last, query
        body = orjson.loads(self.plain)
        for feed in body["data"]["feeds"]:
            feed["url"] = f"{self.url.rpartition('/')[0]}/{feed['name']}.json"
        return orjson.dumps(body)


class _NedSlots(_Whole):
    """Slots of ten minutes that have ended."""

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del last, query
        body = orjson.loads(self.plain)
        slots = body["hydra:member"]
        body["hydra:member"] = [slot for slot in slots if datetime.fromisoformat(slot["validto"]) <= clock]
        return orjson.dumps(body)


class _WaterinfoExport(_Whole):
    """Lines that end in CR alone, of moments in winter time (+01:00) that have passed."""

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del last, query
        head, *lines = self.plain.decode("utf-8").split("\r")
        names = head.lstrip("\ufeff").split(";")
        day, time = names.index("WAARNEMINGDATUM"), names.index("WAARNEMINGTIJD")
        told = [line for line in lines if (cells := line.split(";")) and _past(cells, day, time, clock)]
        return "\r".join([head, *told, ""]).encode()


def _past(cells: list[str], day: int, time: int, clock: datetime) -> bool:
    if len(cells) <= max(day, time):
        return False
    moment = datetime.strptime(f"{cells[day]} {cells[time]} +0100", "%d-%m-%Y %H:%M:%S %z")
    return moment <= clock


class _Table(_Whole):
    """A table with a row per hour (`date`, UTC, the end of the hour), read once."""

    key = ""

    @property
    def rows(self) -> Rows:
        """The rows of each station or kit in order of time."""
        return _rows_of(self._path, self.key)

    def until(self, name: str, clock: datetime) -> list[dict[str, str]]:
        """What is known of a station or kit at that time."""
        now = clock.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        return [row for row in self.rows.get(name, ()) if row["date"] <= now]


# Several parts of a source, and several cities, give the same table.
@lru_cache(maxsize=4)
def _rows_of(path: Path, key: str) -> Rows:
    """The rows of a table by this column; those without a time tell of a failed request."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(_plain(path).decode("utf-8"))):
        if row["date"] not in _MISSING and row.get("error", "NA") == "NA":
            found.setdefault(row[key], []).append(row)
    for each in found.values():
        each.sort(key=lambda row: row["date"])
    return found


# Who asks for the first time gets the past too; who goes on gets what the service gives, `$top=72`.
_ALL_AT_FIRST, _TOP = timedelta(hours=3), 72
_KIT_KINDS = ("pm10", "pm10_kal", "pm25", "pm25_kal", "no2", "rh", "temp", "pres")


class _SamenMetenThings(_Table):
    """The kits of the table as things with their place and series."""

    key = "kit_id"

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del last, query
        return orjson.dumps(
            {"value": [self._thing(kit) for kit in sorted(self.rows) if self.until(kit, clock)]}
        )

    def _thing(self, kit: str) -> dict[str, Any]:
        """A kit whose place was never told has no location, as at the source."""
        row = next((row for row in self.rows[kit] if row["lon"] not in _MISSING), None)
        where = [] if row is None else [[float(row["lon"]), float(row["lat"])]]
        places = [{"type": "Point", "coordinates": each} for each in where]
        return {
            "name": kit,
            "properties": {"project": "Hollandse Luchten"},
            "Locations": [{"encodingType": "application/vnd.geo+json", "location": each} for each in places],
            "Datastreams": [{"name": f"{kit}-0-{kind}"} for kind in self.kinds(kit)],
        }

    def kinds(self, kit: str) -> list[str]:
        """What a kit has at least one value of."""
        return [
            kind for kind in _KIT_KINDS if any(row.get(kind, "") not in _MISSING for row in self.rows[kit])
        ]


class _SamenMetenValues(_SamenMetenThings):
    """The series of one kit: at first every hour that the clock has passed, later the last three days."""

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del query
        kit = unquote(last).partition("('")[2].rpartition("')")[0]
        if kit not in self.rows:
            return None
        rows = self.until(kit, clock)
        if self.begins is not None and clock - self.begins > _ALL_AT_FIRST:
            rows = rows[-_TOP:]
        series = [
            {
                "name": f"{kit}-0-{kind}",
                "Observations": [
                    {"phenomenonTime": f"{row['date'].replace(' ', 'T')}.000Z", "result": float(row[kind])}
                    for row in rows
                    if row[kind] not in _MISSING
                ],
            }
            for kind in self.kinds(kit)
        ]
        return orjson.dumps({"value": series})


_FORMULAS = {"pm10": "PM10", "pm25": "PM25"}


class _LuchtmeetnetStations(_Table):
    """The page of stations that the table has and whose place is known."""

    key = "station_number"

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del clock, last, query
        data = [
            {"number": key, "location": self.places[key][0]}
            for key in sorted(self.rows)
            if key in self.places
        ]
        return orjson.dumps({"pagination": _one_page(), "data": data})


class _LuchtmeetnetStation(_Table):
    """One station."""

    key = "station_number"

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del clock, query
        if last not in self.places:
            return None
        name, lon, lat = self.places[last]
        body = {"location": name, "geometry": {"type": "point", "coordinates": [lon, lat]}}
        return orjson.dumps({"data": body})


class _LuchtmeetnetValues(_Table):
    """Every hour of a station that the clock has passed, newest first, on one page."""

    key = "station_number"

    def give(self, clock: datetime, last: str, query: Mapping[str, str]) -> bytes | None:
        del last
        number = query.get("station_number", "")
        rows = reversed(self.until(number, clock))
        data = [value for row in rows for value in _values(number, row)]
        return orjson.dumps({"pagination": _one_page(), "data": data})


def _values(number: str, row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    stamp = f"{row['date'].replace(' ', 'T')}+00:00"
    for name, told in row.items():
        if name not in ("station_number", "date") and told not in _MISSING:
            formula = _FORMULAS.get(name, name)
            yield {
                "station_number": number,
                "value": float(told),
                "timestamp_measured": stamp,
                "formula": formula,
            }


def _one_page() -> dict[str, Any]:
    return {
        "current_page": 1,
        "last_page": 1,
        "first_page": 1,
        "next_page": 1,
        "prev_page": 1,
        "page_list": [1],
    }


READERS: Mapping[str, Callable[[Given], Reader]] = {
    "file": _Whole,
    "gbfs-index": _GbfsIndex,
    "ned-slots": _NedSlots,
    "waterinfo-export": _WaterinfoExport,
    "samen-meten-things": _SamenMetenThings,
    "samen-meten-values": _SamenMetenValues,
    "luchtmeetnet-stations": _LuchtmeetnetStations,
    "luchtmeetnet-station": _LuchtmeetnetStation,
    "luchtmeetnet-values": _LuchtmeetnetValues,
}
