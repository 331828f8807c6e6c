"""Shared cars and bikes as GBFS 3.0."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import RECORDED
from tweestad.synthetic.contents.layer_files import lonlat, write_geojson, write_json
from tweestad.synthetic.contents.setting import Setting

_UPDATED = RECORDED.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00")
_SYSTEMS = (
    ("deelauto", "Deelauto Voorbeeldstad", "car", "electric", 320_000.0),
    ("deelfiets", "Deelfiets Voorbeeldstad", "bicycle", "human", None),
)
_AT = "https://voorbeeldstad.invalid/gbfs"


def write_shared_mobility(folder: Path, setting: Setting) -> None:
    """One system of cars and one of bikes, each with stations and loose vehicles."""
    rows: list[dict[str, Any]] = []
    spots: list[shapely.Geometry] = []
    for system, title, form, power, reach in _SYSTEMS:
        stations = _stations(setting, system, title)
        vehicles = _vehicles(setting, system, reach)
        kind: dict[str, Any] = {
            "vehicle_type_id": system,
            "form_factor": form,
            "propulsion_type": power,
            "name": _text(title),
        }
        if reach:
            kind["max_range_meters"] = reach
        feeds = {
            "system_information": _about(system, title),
            "vehicle_types": {"vehicle_types": [kind]},
            "station_information": {"stations": [information for information, _, _ in stations]},
            "station_status": {"stations": [status for _, status, _ in stations]},
            "vehicle_status": {"vehicles": vehicles},
        }
        listed = [{"name": name, "url": f"{_AT}/{system}/{name}.json"} for name in feeds]
        for name, data in {"gbfs": {"feeds": listed}, **feeds}.items():
            body = {"data": data, "last_updated": _UPDATED, "ttl": 60, "version": "3.0"}
            write_json(folder / f"live/gbfs-{system}/{name}.json", body)
        rows += [_row(system, information, status) for information, status, _ in stations]
        spots += [spot for _, _, spot in stations]
    write_geojson(folder / "deelvervoer.geojson", rows, spots)


def _about(system: str, title: str) -> dict[str, Any]:
    return {
        "system_id": f"voorbeeldstad_{system}",
        "languages": ["nl"],
        "name": _text(title),
        "opening_hours": "24/7",
        "feed_contact_email": "gbfs@voorbeeldstad.invalid",
        "timezone": "Europe/Amsterdam",
    }


def _text(nl: str) -> list[dict[str, str]]:
    return [{"language": "nl", "text": nl}]


def _stations(
    setting: Setting, system: str, title: str
) -> list[tuple[dict[str, Any], dict[str, Any], shapely.Point]]:
    found = []
    for number in range(1, min(2 + setting.among(120), 80) + 1):
        chance = Chance(setting.seed, system, "station", number)
        way = chance.one_of(setting.streets)
        at = way.line.interpolate(chance.between(0.2, 0.8), normalized=True)
        lon, lat = lonlat(at.x, at.y)
        capacity = chance.whole(2, 4) if system == "deelauto" else chance.whole(6, 20)
        there = chance.whole(0, capacity)
        key = f"{system}-{number:03d}"
        information = {
            "station_id": key,
            "name": _text(f"{title.removesuffix(' Voorbeeldstad')} {way.name}"),
            "lat": lat,
            "lon": lon,
            "capacity": capacity,
        }
        status = {
            "station_id": key,
            "num_vehicles_available": there,
            "num_docks_available": capacity - there,
            "is_installed": True,
            "is_renting": not chance.happens(0.04),
            "is_returning": True,
            "last_reported": _UPDATED,
        }
        found.append((information, status, shapely.Point(round(at.x, 3), round(at.y, 3))))
    return found


def _vehicles(setting: Setting, system: str, reach: float | None) -> list[dict[str, Any]]:
    found = []
    for number in range(1, min(3 + setting.among(100), 300) + 1):
        chance = Chance(setting.seed, system, "vehicle", number)
        at = chance.one_of(setting.streets).line.interpolate(chance.between(0, 1), normalized=True)
        lon, lat = lonlat(at.x, at.y)
        digest = hashlib.sha256(f"{setting.seed}/{system}/{number}".encode()).hexdigest()
        vehicle: dict[str, Any] = {
            "vehicle_id": f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}",
            "lat": round(lat, 5),
            "lon": round(lon, 5),
            "is_reserved": chance.happens(0.1),
            "is_disabled": chance.happens(0.06),
            "vehicle_type_id": system,
            "last_reported": _UPDATED,
        }
        if reach:
            vehicle["current_range_meters"] = round(reach * chance.between(0.1, 1))
        found.append(vehicle)
    return found


def _row(system: str, information: dict[str, Any], status: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": information["station_id"],
        "soort": system,
        "naam": information["name"][0]["text"],
        "plaatsen": information["capacity"],
        "beschikbaar": status["num_vehicles_available"] if status["is_renting"] else None,
        "bijgewerkt": _UPDATED,
    }
