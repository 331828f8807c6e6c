"""Departures of the buses: the timetable, and how late each is when the streets are full."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import dutch
from tweestad.synthetic.feeds.asked import Asked, Files, as_json
from tweestad.synthetic.feeds.rhythm import DAY, HOUR, MINUTE, drift, floor_to, traffic_share

_GTFS = "live/gtfs-voorbeeldstad.zip"
_AHEAD = HOUR


@dataclass(frozen=True, slots=True)
class _Call:
    """A trip that calls at a stop: seconds after midnight on Dutch clocks, on weekdays or at the weekend."""

    seconds: int
    trip: str
    line: str
    towards: str
    service: str


class Transit:
    """The stops, and what leaves from each in the next hour."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def stops(self, asked: Asked) -> bytes:
        """The timetable as a zip."""
        del asked
        return self._files.data(_GTFS)

    @cached_property
    def _stops(self) -> dict[str, dict[str, str]]:
        return {row["stop_code"]: row for row in self._table("stops")}

    @cached_property
    def _calls(self) -> dict[str, list[_Call]]:
        """The calls at each stop, by its id, in order of time."""
        lines = {row["route_id"]: row["route_short_name"] for row in self._table("routes")}
        trips = {row["trip_id"]: row for row in self._table("trips")}
        names = {row["stop_id"]: row["stop_name"] for row in self._stops.values()}
        times = self._table("stop_times")
        last: dict[str, str] = {row["trip_id"]: names[row["stop_id"]] for row in times}
        found: dict[str, list[_Call]] = {}
        for row in times:
            trip = trips[row["trip_id"]]
            hour, minute, second = (int(each) for each in row["departure_time"].split(":"))
            call = _Call(
                hour * 3600 + minute * 60 + second,
                row["trip_id"],
                lines[trip["route_id"]],
                last[row["trip_id"]].partition(", ")[2] or last[row["trip_id"]],
                trip["service_id"],
            )
            found.setdefault(row["stop_id"], []).append(call)
        return {
            stop: sorted(calls, key=lambda call: (call.seconds, call.trip)) for stop, calls in found.items()
        }

    def _table(self, name: str) -> list[dict[str, str]]:
        with zipfile.ZipFile(io.BytesIO(self._files.data(_GTFS))) as archive:
            return list(csv.DictReader(io.StringIO(archive.read(f"{name}.txt").decode())))

    def departures(self, asked: Asked) -> bytes | None:
        """What leaves from the stop in the last word of the path."""
        stop = self._stops.get(asked.last)
        if stop is None:
            return None
        minute = floor_to(asked.moment, MINUTE)
        told = {
            "Longitude": float(stop["stop_lon"]),
            "Latitude": float(stop["stop_lat"]),
            "TimingPointTown": "Voorbeeldstad",
            "TimingPointName": stop["stop_name"],
            "TimingPointCode": asked.last,
            "StopAreaCode": None,
        }
        passes = dict(self._passes(stop["stop_id"], asked.last, minute))
        return as_json({asked.last: {"Stop": told, "Passes": passes, "GeneralMessages": {}}})

    def _passes(self, stop: str, code: str, minute: dt.datetime) -> Iterator[tuple[str, dict[str, Any]]]:
        """Trips of today, and those of yesterday that run past midnight."""
        today = dutch(minute).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        for day in (today - DAY, today):
            service = "werkdag" if day.weekday() < 5 else "weekend"
            for call in self._calls.get(stop, ()):
                if call.service != service:
                    continue
                planned = day + dt.timedelta(seconds=call.seconds)
                now = dutch(minute).replace(tzinfo=None)
                if not now - 10 * MINUTE <= planned <= now + _AHEAD:
                    continue
                late = self._late(call, minute)
                if planned + late < now:
                    continue
                key = f"VBS_{day:%Y%m%d}_{call.line}_{call.trip}_0"
                yield key, self._told(call, code, day, planned, late, minute)

    def _late(self, call: _Call, minute: dt.datetime) -> dt.timedelta:
        """A bus is late as far as the streets are full; it never leaves before its time."""
        seed = self._files.seed
        seconds = 200 * traffic_share(minute) + 90 * drift(minute, 20 * MINUTE, seed, "late", call.trip)
        return dt.timedelta(seconds=max(0, round(seconds / 10) * 10))

    def _told(
        self, call: _Call, code: str, day: dt.datetime, planned: dt.datetime, late: dt.timedelta,
        minute: dt.datetime,
    ) -> dict[str, Any]:  # fmt: skip
        cancelled = Chance(self._files.seed, "cancelled", call.trip, day.date()).happens(0.01)
        near = planned - dutch(minute).replace(tzinfo=None) < 15 * MINUTE
        return {
            "DestinationName50": call.towards,
            "DataOwnerCode": "VBS",
            "OperatorCode": "VBS",
            "TransportType": "BUS",
            "JourneyNumber": int(Chance(self._files.seed, "journey", call.trip).between(1, 9999)),
            "OperationDate": f"{day:%Y-%m-%d}",
            "TimingPointCode": code,
            "LinePublicNumber": call.line,
            "LastUpdateTimeStamp": dutch(minute).strftime("%Y-%m-%dT%H:%M:%S%z"),
            "ExpectedDepartureTime": (planned + late).isoformat(),
            "TargetDepartureTime": planned.isoformat(),
            "TripStopStatus": "CANCEL" if cancelled else "DRIVING" if near else "PLANNED",
            "NumberOfCoaches": 0,
        }
