"""Air as three networks publish it: Luchtmeetnet, RIVM Samen Meten (SensorThings) and Sensor.Community."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import RECORDED, utc
from tweestad.synthetic.contents.layer_files import lonlat, write_geojson, write_json
from tweestad.synthetic.contents.register import PLACE
from tweestad.synthetic.contents.setting import Setting

_HOURS = 48
_PAGE = 50
_FORMULAS = {"NO2": (8, 30), "PM10": (11, 26), "PM25": (5, 15), "O3": (30, 75)}
_KINDS = ("pm10", "pm10_kal", "pm25", "pm25_kal", "temp", "rh")
_UNIT = {"temp": "C", "rh": "%"}
_STA = "https://samenmeten.voorbeeldstad.invalid/v1.0"


@dataclass(frozen=True, slots=True)
class Spot:
    """A station or a home sensor in EPSG:28992; residents' places are rounded to 250 m cells."""

    number: int
    name: str
    x: float
    y: float

    @property
    def station(self) -> str:
        return f"NL99{self.number:03d}"


def write_air(folder: Path, setting: Setting) -> None:
    """The recorded answers of the three networks, and all their places as points."""
    stations = list(_stations(setting))
    _luchtmeetnet(folder / "live", stations, setting.seed)
    homes = list(_homes(setting, "samen meten", 3 + setting.among(80)))
    _samen_meten(folder / "live", homes, setting.seed)
    others = list(_homes(setting, "sensor community", 2 + setting.among(150)))
    write_json(folder / "live/sensor-community.json", list(_sensor_community(others, setting.seed)))
    named = [("Luchtmeetnet", s.station, s) for s in stations]
    named += [("Samen Meten", _kit(s), s) for s in homes]
    named += [("Sensor.Community", str(90_000 + s.number), s) for s in others]
    rows = [{"id": f"{net}/{code}", "netwerk": net, "code": code, "naam": s.name} for net, code, s in named]
    write_geojson(folder / "luchtmeters.geojson", rows, [shapely.Point(s.x, s.y) for _, _, s in named])


def _stations(setting: Setting) -> Iterator[Spot]:
    for number, name in ((1, "Hoofdstraat"), (2, "Stadspark")):
        way = Chance(setting.seed, "station", number).one_of(setting.streets)
        spot = way.line.interpolate(0.35, normalized=True)
        yield Spot(number, f"{PLACE}-{way.name or name}", round(spot.x, 1), round(spot.y, 1))


def _homes(setting: Setting, network: str, count: int) -> Iterator[Spot]:
    for number in range(1, min(count, 60) + 1):
        home = Chance(setting.seed, network, number).one_of(setting.buildings)
        x, y = (math.floor(v / 250) * 250 + 125 for v in (home.x, home.y))
        yield Spot(number, f"Sensor {number}", x, y)


def _luchtmeetnet(folder: Path, stations: list[Spot], seed: int) -> None:
    listed = [{"number": s.station, "location": s.name} for s in stations]
    write_json(folder / "luchtmeetnet-stations.json", {"pagination": _pages(1, 1), "data": listed})
    for spot in stations:
        lon, lat = lonlat(spot.x, spot.y)
        body: dict[str, Any] = {
            "type": "Traffic" if spot.number == 1 else "Municipal",
            "components": list(_FORMULAS),
            "geometry": {"type": "point", "coordinates": [round(lon, 5), round(lat, 5)]},
            "municipality": PLACE,
            "url": "",
            "province": None,
            "organisation": "Meetdienst Voorbeeldstad (bestaat niet)",
            "location": spot.name,
            "year_start": str(2008 + spot.number),
            "description": {"NL": spot.name, "EN": spot.name},
        }
        write_json(folder / f"luchtmeetnet-station-{spot.station}.json", {"data": body})
    rows = [row for spot in stations for row in _hourly(spot, seed)]
    last = math.ceil(len(rows) / _PAGE)
    for page in range(1, last + 1):
        answer = {"pagination": _pages(page, last), "data": rows[(page - 1) * _PAGE : page * _PAGE]}
        write_json(folder / f"luchtmeetnet-measurements-{page}.json", answer)


def _pages(page: int, last: int) -> dict[str, Any]:
    return {
        "last_page": last,
        "first_page": 1,
        "prev_page": max(page - 1, 1),
        "current_page": page,
        "page_list": list(range(1, last + 1)),
        "next_page": min(page + 1, last),
    }


def _hourly(spot: Spot, seed: int) -> Iterator[dict[str, Any]]:
    """Newest first; the time is UTC and names the end of the hour. One hour is empty, one just below zero."""
    for formula, (low, high) in _FORMULAS.items():
        chance = Chance(seed, "hourly", spot.station, formula)
        for hour in range(_HOURS):
            end = RECORDED - dt.timedelta(hours=hour)
            busy = 0.5 + 0.5 * math.cos((end.hour - 8) / 24 * 4 * math.pi)
            value: float | None = round(low + (high - low) * busy * chance.between(0.6, 1.2), 2)
            if chance.happens(0.02):
                value = None
            elif formula == "PM25" and chance.happens(0.02):
                value = -0.4
            stamp = end.strftime("%Y-%m-%dT%H:%M:%S+00:00")
            yield {
                "station_number": spot.station,
                "value": value,
                "timestamp_measured": stamp,
                "formula": formula,
            }


def _kit(spot: Spot) -> str:
    return f"VBS_hl_device_{spot.number:03d}"


def _samen_meten(folder: Path, homes: list[Spot], seed: int) -> None:
    things = [_thing(spot) for spot in homes]
    write_json(folder / "samenmeten-things.json", {"value": things})
    observed = {
        f"{_STA}/Datastreams({_stream(spot, k)})/Observations": {"value": _observations(spot, k, seed)}
        for spot in homes
        for k in range(len(_KINDS))
    }
    # One answer per address, as a recorder that asked for each datastream would keep them.
    write_json(folder / "samenmeten-observations.json", observed)


def _stream(spot: Spot, kind: int) -> int:
    return 990_000 + spot.number * 10 + kind


def _thing(spot: Spot) -> dict[str, Any]:
    lon, lat = lonlat(spot.x, spot.y)
    link = f"{_STA}/Things({99_000 + spot.number})"
    return {
        "@iot.id": 99_000 + spot.number,
        "@iot.selfLink": link,
        "name": _kit(spot),
        "description": _kit(spot),
        "properties": {
            "owner": "samenmeten",
            "project": "Voorbeeldstad meet",
            "codegemeente": "9999",
            "knmicode": None,
            "pm25regiocode": "NL99002",
            "pm25stadcode": None,
        },
        "Locations@iot.navigationLink": f"{link}/Locations",
        "Datastreams@iot.navigationLink": f"{link}/Datastreams",
        "Locations": [
            {
                "@iot.id": 98_000 + spot.number,
                "name": f"loc_{_kit(spot)}",
                "description": "",
                "encodingType": "application/vnd.geo+json",
                "location": {"type": "Point", "coordinates": [round(lon, 3), round(lat, 3)]},
            }
        ],
        "Datastreams": [
            {
                "@iot.id": _stream(spot, n),
                "@iot.selfLink": f"{_STA}/Datastreams({_stream(spot, n)})",
                "name": f"{_kit(spot)}-{spot.number}-{kind}",
                "description": f"{_kit(spot)}-{spot.number}-{kind}",
                "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
                "unitOfMeasurement": {"symbol": _UNIT.get(kind, "ug/m3"), "definition": ""},
                "Observations@iot.navigationLink": f"{_STA}/Datastreams({_stream(spot, n)})/Observations",
            }
            for n, kind in enumerate(_KINDS)
        ],
    }


def _observations(spot: Spot, kind: int, seed: int) -> list[dict[str, Any]]:
    """A day of hourly values; every ninth kit is frozen on one value, which its calibrated value hides."""
    chance = Chance(seed, "home", spot.number, _KINDS[kind])
    low, high = {"pm10": (9, 24), "pm25": (4, 14), "temp": (6, 16), "rh": (55, 90)}[
        _KINDS[kind].split("_")[0]
    ]
    frozen = spot.number % 9 == 0 and not _KINDS[kind].endswith("_kal")
    first = round(chance.between(low, high), 2)
    return [
        {
            "@iot.id": _stream(spot, kind) * 100 + hour,
            "phenomenonTime": utc(RECORDED - dt.timedelta(hours=hour)).replace("Z", ".000Z"),
            "resultTime": None,
            "result": first if frozen else round(chance.between(low, high), 2),
        }
        for hour in range(24)
    ]


def _sensor_community(homes: list[Spot], seed: int) -> Iterator[dict[str, Any]]:
    """Two sensors per home at one location: dust, and temperature with humidity. All numbers are texts."""
    for spot in homes:
        chance = Chance(seed, "community", spot.number)
        lon, lat = lonlat(spot.x, spot.y)
        pm10 = chance.between(9, 26)
        kinds = (
            (14, "SDS011", "Nova Fitness", (("P1", pm10), ("P2", pm10 * 0.6))),
            (
                9,
                "DHT22",
                "various",
                (("temperature", chance.between(8, 17)), ("humidity", chance.between(50, 90))),
            ),
        )
        for n, (kind, name, maker, values) in enumerate(kinds):
            number = spot.number * 2 + n
            yield {
                "id": 99_000_000_000 + number,
                "sampling_rate": None,
                "timestamp": (RECORDED - dt.timedelta(seconds=17 * number)).strftime("%Y-%m-%d %H:%M:%S"),
                "location": {
                    "id": 90_000 + spot.number,
                    "latitude": f"{lat:.3f}",
                    "longitude": f"{lon:.3f}",
                    "altitude": "1.2",
                    "country": "NL",
                    "exact_location": 0,
                    "indoor": 1 if spot.number % 7 == 0 else 0,
                },
                "sensor": {
                    "id": 80_000 + number,
                    "pin": "1" if n == 0 else "7",
                    "sensor_type": {"id": kind, "name": name, "manufacturer": maker},
                },
                "sensordatavalues": [
                    {"id": 99_000_000_000 + number * 10 + k, "value": f"{value:.2f}", "value_type": told}
                    for k, (told, value) in enumerate(values)
                ],
            }
