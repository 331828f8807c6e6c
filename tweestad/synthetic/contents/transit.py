"""A small GTFS timetable: two bus lines along the longest streets, on weekdays and at the weekend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.contents.layer_files import csv_text, lonlat, write_geojson, write_zip
from tweestad.synthetic.contents.setting import Setting, Way

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "agency": (
        "agency_id", "agency_name", "agency_url", "agency_lang", "agency_phone", "agency_timezone",
        "agency_fare_url",
    ),
    "stops": (
        "stop_id", "stop_code", "stop_name", "stop_desc", "stop_lat", "stop_lon", "zone_id", "stop_url",
        "location_type", "parent_station", "stop_timezone", "wheelchair_boarding",
    ),
    "routes": (
        "agency_id", "route_id", "route_short_name", "route_long_name", "route_desc", "route_type",
        "route_url", "route_color", "route_text_color",
    ),
    "trips": (
        "route_id", "trip_id", "trip_headsign", "trip_short_name", "direction_id", "block_id", "shape_id",
        "bikes_allowed", "wheelchair_accessible", "service_id",
    ),
    "stop_times": (
        "trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "stop_headsign",
        "pickup_type", "drop_off_type", "shape_dist_traveled", "timepoint",
    ),
    "calendar": (
        "service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "start_date", "end_date",
    ),
    "shapes": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence", "shape_dist_traveled"),
}  # fmt: skip
_METRES_PER_SECOND = 6.0
_EVERY_MINUTES = {"werkdag": 15, "weekend": 30}
_FIRST, _LAST = 6 * 60, 24 * 60 + 15
_LINES = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A bus line in one direction: its stops (distance in metres, stop id) and its path in EPSG:28992."""

    route: str
    name: str
    direction: int
    path: shapely.LineString
    stops: tuple[tuple[float, str], ...]


def write_transit(folder: Path, setting: Setting) -> None:
    """The timetable as a zip, and its stops as points."""
    longest = sorted(setting.streets, key=lambda way: (-way.line.length, way.id))[:_LINES]
    stops: list[dict[str, Any]] = []
    spots: list[shapely.Geometry] = []
    lines = [each for n, way in enumerate(longest) for each in _both_ways(n + 1, way, stops, spots)]
    tables: dict[str, list[dict[str, Any]]] = {
        "agency": [_agency()],
        "stops": stops,
        "routes": [_route(n + 1, way) for n, way in enumerate(longest)],
        "trips": [],
        "stop_times": [],
        "calendar": _calendar(),
        "shapes": [row for line in lines for row in _shape(line)],
    }
    for line in lines:
        for trip, times in _trips(line):
            tables["trips"].append(trip)
            tables["stop_times"] += times
    members = {f"{name}.txt": csv_text(_COLUMNS[name], rows).encode() for name, rows in tables.items()}
    write_zip(folder / "live/gtfs-voorbeeldstad.zip", members)
    rows = [{"id": stop["stop_id"], "naam": stop["stop_name"], "code": stop["stop_code"]} for stop in stops]
    write_geojson(folder / "haltes.geojson", rows, spots)


def _agency() -> dict[str, Any]:
    return {
        "agency_id": "VBS",
        "agency_name": "Vervoer Voorbeeldstad (bestaat niet)",
        "agency_url": "https://voorbeeldstad.invalid/bus",
        "agency_lang": "nl",
        "agency_timezone": "Europe/Amsterdam",
    }


def _route(number: int, way: Way) -> dict[str, Any]:
    return {
        "agency_id": "VBS",
        "route_id": f"VBS{number}",
        "route_short_name": str(number),
        "route_long_name": f"Bus {number} {way.name}",
        "route_type": 3,
        "route_color": "2A5CAA",
        "route_text_color": "FFFFFF",
    }


def _calendar() -> list[dict[str, Any]]:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return [
        {
            "service_id": service,
            **{day: int((n < 5) == (service == "werkdag")) for n, day in enumerate(days)},
            "start_date": 20260101,
            "end_date": 20261231,
        }
        for service in _EVERY_MINUTES
    ]


def _both_ways(
    number: int, way: Way, stops: list[dict[str, Any]], spots: list[shapely.Geometry]
) -> Iterator[_Line]:
    """Both directions of a line, each with stops of its own on its own side of the street."""
    for direction, path in enumerate((way.line, shapely.reverse(way.line))):
        count = max(2, round(path.length / 180) + 1)
        found = []
        for n in range(count):
            distance = path.length * n / (count - 1)
            at = path.interpolate(distance)
            lon, lat = lonlat(at.x, at.y)
            key = f"VBS-{number}-{direction}-{n + 1:02d}"
            stops.append(
                {
                    "stop_id": key,
                    "stop_code": f"9999{len(stops) + 1:04d}",
                    "stop_name": f"Voorbeeldstad, {way.name} {n + 1}",
                    "stop_lat": f"{lat:.7f}",
                    "stop_lon": f"{lon:.7f}",
                    "location_type": 0,
                    "wheelchair_boarding": 1,
                }
            )
            spots.append(shapely.Point(round(at.x, 3), round(at.y, 3)))
            found.append((distance, key))
        yield _Line(f"VBS{number}", way.name, direction, path, tuple(found))


def _trips(line: _Line) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for service, every in _EVERY_MINUTES.items():
        for n, start in enumerate(range(_FIRST, _LAST, every)):
            trip = f"{line.route}-{line.direction}-{service}-{n + 1:03d}"
            times = []
            for place, (distance, stop) in enumerate(line.stops):
                clock = _clock(start * 60 + round(distance / _METRES_PER_SECOND) + 20 * place)
                times.append(
                    {
                        "trip_id": trip,
                        "arrival_time": clock,
                        "departure_time": clock,
                        "stop_id": stop,
                        "stop_sequence": place + 1,
                        "pickup_type": 0,
                        "drop_off_type": 0,
                        "shape_dist_traveled": f"{distance:.1f}",
                    }
                )
            yield (
                {
                    "route_id": line.route,
                    "trip_id": trip,
                    "trip_headsign": line.name,
                    "direction_id": line.direction,
                    "shape_id": f"{line.route}-{line.direction}",
                    "bikes_allowed": 2,
                    "wheelchair_accessible": 1,
                    "service_id": service,
                },
                times,
            )


def _clock(second: int) -> str:
    """The time of a service day, which runs past 24:00."""
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _shape(line: _Line) -> Iterator[dict[str, Any]]:
    for n, (x, y) in enumerate(shapely.get_coordinates(line.path)):
        lon, lat = lonlat(float(x), float(y))
        yield {
            "shape_id": f"{line.route}-{line.direction}",
            "shape_pt_lat": f"{lat:.7f}",
            "shape_pt_lon": f"{lon:.7f}",
            "shape_pt_sequence": n + 1,
            "shape_dist_traveled": f"{float(line.path.project(shapely.Point(x, y))):.1f}",
        }
