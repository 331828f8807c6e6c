"""Car parks as in the national register (NPR, at RDW), and disabled bays as Amsterdam publishes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import RECORDED, utc
from tweestad.synthetic.contents.layer_files import lonlat, write_geojson, write_json
from tweestad.synthetic.contents.setting import Setting

_DAYS = ["ma", "di", "wo", "do", "vr", "za", "zo"]
_NOW = int(RECORDED.timestamp())
_KIND = "Gehandicaptenparkeerplaats algemeen"


def write_parking(folder: Path, setting: Setting) -> None:
    """Per car park a static and a dynamic answer with an index, and the bays as one GeoJSON."""
    garages = [_garage(setting, number) for number in range(1, min(1 + setting.among(400), 12) + 1)]
    index = []
    for garage in garages:
        key = garage["identifier"]
        index.append(
            {
                "identifier": key,
                "name": garage["name"],
                "staticDataUrl": f"https://voorbeeldstad.invalid/parkingdata/v2/static/{key}",
                "dynamicDataUrl": f"https://voorbeeldstad.invalid/parkingdata/v2/dynamic/{key}",
                "limitedAccess": False,
            }
        )
        write_json(
            folder / f"live/parking/static-{key}.json", {"parkingFacilityInformation": _static(garage)}
        )
        write_json(folder / f"live/parking/dynamic-{key}.json", _dynamic(garage))
    write_json(folder / "live/parking/index.json", {"ParkingFacilities": index})
    rows = [
        {
            "id": garage["identifier"],
            "naam": garage["name"],
            "plaatsen": garage["capacity"],
            "vrij": garage["vacant"],
            "bijgewerkt": utc(RECORDED),
        }
        for garage in garages
    ]
    write_geojson(folder / "parkeergarages.geojson", rows, [shapely.Point(*g["at"]) for g in garages])
    _bays(folder, setting)


def _garage(setting: Setting, number: int) -> dict[str, Any]:
    chance = Chance(setting.seed, "garage", number)
    way = chance.one_of(setting.streets)
    at = way.line.interpolate(0.6, normalized=True)
    capacity = chance.whole(60, 480)
    return {
        "identifier": f"99990000-0000-4000-8000-{number:012d}",
        "name": f"P{number} {way.name} (Voorbeeldstad)",
        "capacity": capacity,
        "vacant": chance.whole(0, capacity),
        "at": (round(at.x, 3), round(at.y, 3)),
    }


def _static(garage: dict[str, Any]) -> dict[str, Any]:
    lon, lat = lonlat(*garage["at"])
    return {
        "identifier": garage["identifier"],
        "name": garage["name"],
        "description": "",
        "locationForDisplay": {"coordinatesType": "WGS84", "latitude": lat, "longitude": lon},
        "specifications": [
            {"capacity": garage["capacity"], "usage": "garage", "validityStartOfPeriod": 1577836800}
        ],
    }


def _dynamic(garage: dict[str, Any]) -> dict[str, Any]:
    status = {
        "parkingCapacity": garage["capacity"],
        "lastUpdated": _NOW,
        "vacantSpaces": garage["vacant"],
        "open": True,
        "statusDescription": "Full" if garage["vacant"] == 0 else "Free",
        "full": garage["vacant"] == 0,
    }
    return {
        "parkingFacilityDynamicInformation": {
            "identifier": garage["identifier"],
            "name": garage["name"],
            "facilityActualStatus": status,
            "description": "",
        }
    }


def _bays(folder: Path, setting: Setting) -> None:
    """Bays of 2 by 5.5 m along streets; no number plates, as reserved bays are left out."""
    rows, shapes = [], []
    quarters = shapely.STRtree([quarter.shape for quarter in setting.quarters])
    for number in range(1, min(4 + setting.among(35), 600) + 1):
        chance = Chance(setting.seed, "bay", number)
        way = chance.one_of(setting.streets)
        shapes.append(_bay(way.line, chance.between(0.1, 0.9) * way.line.length))
        quarter = quarters.nearest(shapes[-1])
        rows.append(
            {
                "id": f"9999{number:08d}",
                "buurtcode": setting.quarters[int(quarter)].code,
                "straatnaam": way.name,
                "type": "Langs",
                "soort": "MULDER",
                "eType": "E6a",
                "aantal": 1.0,
                "regimes": [_regime()],
            }
        )
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    ids = [f"parkeervakken.{row['id']}" for row in rows]
    write_geojson(folder / "invalideparkeerplaatsen.geojson", rows, shapes, ids=ids, crs=crs, _links=[])


def _bay(line: shapely.LineString, station: float) -> shapely.Polygon:
    at, ahead = line.interpolate(station), line.interpolate(station + 0.5)
    along = np.array([ahead.x - at.x, ahead.y - at.y])
    length = float(np.hypot(*along))
    along = along / length if length else np.array([1.0, 0.0])
    left = np.array([-along[1], along[0]])
    corner = np.array([at.x, at.y]) + left * 2.4
    ring = [corner, corner + along * 5.5, corner + along * 5.5 + left * 2, corner + left * 2]
    return shapely.Polygon(np.array(ring).round(3))


def _regime() -> dict[str, Any]:
    return {
        "soort": "MULDER",
        "eType": "E6a",
        "eTypeDescription": _KIND,
        "aantal": 1.0,
        "bord": "",
        "kenteken": None,
        "beginTijd": "00:00:00",
        "eindTijd": "23:59:00",
        "beginDatum": None,
        "eindDatum": None,
        "dagen": _DAYS,
        "opmerking": "",
    }
