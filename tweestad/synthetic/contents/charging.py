"""Charging points as the national access point has them: an array of OCPI 2.2.1 locations."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import RECORDED, utc
from tweestad.synthetic.contents.layer_files import lonlat, write_geojson, write_json
from tweestad.synthetic.contents.register import PLACE
from tweestad.synthetic.contents.setting import Setting

OCPI = "live/charging_point_locations_ocpi.json.gz"
_STATUSES = ("AVAILABLE", "AVAILABLE", "AVAILABLE", "CHARGING", "CHARGING", "OUTOFORDER", "UNKNOWN")


def write_charging(folder: Path, setting: Setting) -> None:
    """Charging points beside streets, and the same as points with what is free."""
    locations, rows, spots = [], [], []
    for number in range(1, min(3 + setting.among(45), 400) + 1):
        location, spot = _location(setting, number)
        locations.append(location)
        rows.append(_row(location))
        spots.append(spot)
    write_json(folder / OCPI, locations)
    write_geojson(folder / "laadpalen.geojson", rows, spots)


def _location(setting: Setting, number: int) -> tuple[dict[str, Any], shapely.Point]:
    chance = Chance(setting.seed, "charging", number)
    way = chance.one_of(setting.streets)
    station = chance.between(0.15, 0.85) * way.line.length
    at, ahead = way.line.interpolate(station), way.line.interpolate(station + 0.5)
    spot = shapely.Point(round(at.x + (ahead.y - at.y) * 6, 3), round(at.y - (ahead.x - at.x) * 6, 3))
    lon, lat = lonlat(spot.x, spot.y)
    fast = chance.happens(0.08)
    updated = utc(RECORDED - dt.timedelta(minutes=chance.whole(0, 90)))
    return {
        "id": f"VBS{number:05d}",
        "country_code": "NL",
        "party_id": "VBS",
        "publish": True,
        "name": f"{way.name} {number}",
        "address": way.name,
        "city": PLACE,
        "postal_code": "9999AA",
        "country": "NLD",
        "coordinates": {"latitude": f"{lat:.6f}", "longitude": f"{lon:.6f}"},
        "evses": [_evse(number, n, fast, chance, updated) for n in range(1, 3)],
        "operator": {"name": "Laadnet Voorbeeldstad (bestaat niet)"},
        "owner": {"name": "Gemeente Voorbeeldstad"},
        "opening_times": {"twentyfourseven": True},
        "time_zone": "Europe/Amsterdam",
        "last_updated": updated,
    }, spot


def _evse(number: int, place: int, fast: bool, chance: Chance, updated: str) -> dict[str, Any]:
    return {
        "uid": f"VBS{number:05d}-{place}",
        "evse_id": f"NL*VBS*E{number:05d}*{place}",
        "status": chance.one_of(_STATUSES),
        "capabilities": ["RFID_READER"],
        "connectors": [
            {
                "id": "1",
                "standard": "IEC_62196_T2_COMBO" if fast else "IEC_62196_T2",
                "format": "CABLE" if fast else "SOCKET",
                "power_type": "DC" if fast else "AC_3_PHASE",
                "max_voltage": 920 if fast else 230,
                "max_amperage": 200 if fast else 16,
                "max_electric_power": 150_000 if fast else 11_040,
                "tariff_ids": ["VBS-1"],
                "last_updated": updated,
            }
        ],
        "last_updated": updated,
    }


def _row(location: dict[str, Any]) -> dict[str, Any]:
    statuses = [evse["status"] for evse in location["evses"]]
    known = "UNKNOWN" not in statuses
    return {
        "id": location["id"],
        "naam": location["name"],
        "straat": location["address"],
        "punten": len(statuses),
        "vrij": statuses.count("AVAILABLE") if known else None,
        "vermogen_kw": location["evses"][0]["connectors"][0]["max_electric_power"] / 1000,
        "bijgewerkt": location["last_updated"],
    }
