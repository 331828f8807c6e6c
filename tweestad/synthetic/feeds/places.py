"""What is free: charging points, car parks, station bicycles and shared vehicles; and disabled bays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import orjson

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import utc
from tweestad.synthetic.feeds.asked import Asked, Files, as_gzip, as_json
from tweestad.synthetic.feeds.rhythm import DAY, HOUR, MINUTE, at_home_share, drift, floor_to, shopping_share

_OCPI = "live/charging_point_locations_ocpi.json.gz"
_HALF = 30 * MINUTE
_REGISTER = "https://npropendata.rdw.nl/parkingdata/v2"
GBFS = "https://gbfs.voorbeeldstad.invalid"
_BROKEN_POINT, _UNKNOWN_POINT = 7, 11


class Charging:
    """The charging points with the status of each."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def locations(self, asked: Asked) -> bytes:
        """All locations, packed. A status holds for half an hour; its time is when that began."""
        return as_gzip(
            orjson.dumps([self._location(n, each, asked.moment) for n, each in enumerate(self._known)])
        )

    @cached_property
    def _known(self) -> list[dict[str, Any]]:
        return list(self._files.json(_OCPI))

    def _location(self, number: int, location: dict[str, Any], moment: dt.datetime) -> dict[str, Any]:
        evses = [self._evse(number, n, evse, moment) for n, evse in enumerate(location["evses"])]
        return {**location, "evses": evses, "last_updated": max(evse["last_updated"] for evse in evses)}

    def _evse(self, number: int, place: int, evse: dict[str, Any], moment: dt.datetime) -> dict[str, Any]:
        shift = dt.timedelta(seconds=(97 * number + 641 * place) % 1800)
        began = floor_to(moment - shift, _HALF) + shift
        taken = 0.2 + 0.55 * at_home_share(began)
        busy = Chance(self._files.seed, "charging now", evse["uid"], utc(began)).happens(taken)
        status = "CHARGING" if busy else "AVAILABLE"
        if place == 0 and number % 17 == _BROKEN_POINT:
            status, began = "OUTOFORDER", floor_to(moment, DAY)
        elif number % 23 == _UNKNOWN_POINT:
            status, began = "UNKNOWN", floor_to(moment, DAY)
        return {**evse, "status": status, "last_updated": utc(began)}


class CarParks:
    """The national register: an index, and per car park a static and a dynamic answer."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def index(self, asked: Asked) -> bytes:
        """Which car parks there are, and where their answers are."""
        del asked
        listed = [
            {
                **each,
                "staticDataUrl": f"{_REGISTER}/static/{each['identifier']}",
                "dynamicDataUrl": f"{_REGISTER}/dynamic/{each['identifier']}",
            }
            for each in self._files.json("live/parking/index.json")["ParkingFacilities"]
        ]
        return as_json({"ParkingFacilities": listed})

    def static(self, asked: Asked) -> bytes | None:
        """Where a car park is."""
        return self._file("static", asked)

    def dynamic(self, asked: Asked) -> bytes | None:
        """How many places are free this minute."""
        data = self._file("dynamic", asked)
        if data is None:
            return None
        body = orjson.loads(data)
        told = body["parkingFacilityDynamicInformation"]
        status, minute = told["facilityActualStatus"], floor_to(asked.moment, MINUTE)
        share = shopping_share(minute) + 0.08 * drift(minute, HOUR, self._files.seed, "park", asked.last)
        free = max(0, round(status["parkingCapacity"] * (1 - min(share, 1.02))))
        told["facilityActualStatus"] = {
            **status,
            "lastUpdated": int(minute.timestamp()),
            "vacantSpaces": free,
            "full": free == 0,
            "statusDescription": "Full" if free == 0 else "Free",
        }
        return as_json(body)

    def _file(self, kind: str, asked: Asked) -> bytes | None:
        name = f"live/parking/{kind}-{asked.last}.json"
        return self._files.data(name) if name in self._files.names(f"live/parking/{kind}-*.json") else None


class Shared:
    """Shared cars and bicycles in GBFS 3.0."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def answer(self, asked: Asked) -> bytes | None:
        """A file of a system, by the last two words of the path: `/deelauto/gbfs.json`."""
        system, _, last = asked.path.strip("/").rpartition("/")
        name = f"live/gbfs-{system}/{last}"
        if name not in self._files.names("live/gbfs-*/*.json"):
            return None
        body = self._files.json(name)
        minute = floor_to(asked.moment, MINUTE)
        stamp = minute.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00")
        data = body["data"]
        if last == "gbfs.json":
            data = {
                "feeds": [{**feed, "url": f"{GBFS}/{system}/{feed['name']}.json"} for feed in data["feeds"]]
            }
        elif last == "station_status.json":
            room = self._room(system)
            data = {"stations": [self._station(each, room, minute, stamp) for each in data["stations"]]}
        elif last == "vehicle_status.json":
            data = {"vehicles": [self._vehicle(each, minute, stamp) for each in data["vehicles"]]}
        return as_json({**body, "last_updated": stamp, "data": data})

    def _room(self, system: str) -> dict[str, int]:
        rows = self._files.json(f"live/gbfs-{system}/station_information.json")["data"]["stations"]
        return {row["station_id"]: int(row["capacity"]) for row in rows}

    def _station(
        self, status: dict[str, Any], room: Mapping[str, int], minute: dt.datetime, stamp: str
    ) -> dict[str, Any]:
        """A few vehicles come and go in an hour; most are away when people are."""
        key = status["station_id"]
        share = (
            0.15 + 0.6 * at_home_share(minute) + 0.25 * drift(minute, 2 * HOUR, self._files.seed, "hub", key)
        )
        there = min(room[key], max(0, round(room[key] * share)))
        return {
            **status,
            "num_vehicles_available": there,
            "num_docks_available": room[key] - there,
            "last_reported": stamp,
        }

    def _vehicle(self, vehicle: dict[str, Any], minute: dt.datetime, stamp: str) -> dict[str, Any]:
        """A ride changes the id of a vehicle, by the rule of GBFS: here once in six hours."""
        shift = dt.timedelta(seconds=int(vehicle["vehicle_id"][:6], 16) % 21_600)
        ride = utc(floor_to(minute - shift, 6 * HOUR))
        chance = Chance(self._files.seed, "ride", vehicle["vehicle_id"], ride)
        fresh = f"{chance.whole(0, 2**32 - 1):08x}{vehicle['vehicle_id'][8:]}"
        return {**vehicle, "vehicle_id": fresh, "is_reserved": chance.happens(0.12), "last_reported": stamp}


class Bays:
    """Disabled bays as NDW has them: traffic signs E6 of one municipality."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def signs(self, asked: Asked) -> bytes:
        """Every sign; only where it stands and in which street."""
        del asked
        found = []
        for row in self._files.rows("invalideparkeerplaatsen.geojson"):
            lon, lat = row["geometry"]["coordinates"][0][0][:2]
            place = {
                "wgs84": {"latitude": lat, "longitude": lon},
                "road": {"name": row["properties"]["straatnaam"]},
            }
            key = f"99990000-0000-4000-9000-{row['properties']['id']}"
            found.append({"id": key, "rvvCode": "E6", "location": place, "textSigns": []})
        return as_json(found)


class StationBicycles:
    """A source that fell silent: it answers as ever, with a reading of yesterday morning."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def locations(self, asked: Asked) -> bytes:
        """The one rental place, by the first stop of the first line."""
        row = self._files.rows("haltes.geojson")[0]
        lon, lat = row["geometry"]["coordinates"][:2]
        silent_since = floor_to(asked.moment, DAY) - DAY + 5 * HOUR
        place = {
            "lat": lat,
            "lng": lon,
            "city": "Voorbeeldstad",
            "name": "OV-fiets Voorbeeldstad",
            "description": "Station Voorbeeldstad",
            "open": "Yes",
            "extra": {
                "fetchTime": int(silent_since.timestamp()),
                "rentalBikes": "14",
                "locationCode": "vbs001",
            },
        }
        return as_json({"locaties": {"vbs001": place}})
