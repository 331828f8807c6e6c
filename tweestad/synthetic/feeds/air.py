"""Air: two official stations, citizens' sensors with raw and calibrated values, and Sensor.Community."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import utc
from tweestad.synthetic.feeds.asked import Asked, Files, as_json
from tweestad.synthetic.feeds.rhythm import DAY, HOUR, MINUTE, drift, floor_to, traffic_share

_PAGE = 50
_LONGEST = 8 * DAY
_TOLD_AFTER = 25 * MINUTE
_WEATHER = 2 * DAY
# What a formula is at its lowest, and what traffic and the weather add to it, in µg/m³.
_LEVELS = {
    "NO2": (9.0, 22.0, 5.0),
    "PM10": (14.0, 6.0, 9.0),
    "PM25": (7.0, 3.0, 6.0),
    "O3": (46.0, -18.0, 14.0),
}
_HOURS_OF_A_KIT = 72
_KIT = re.compile(r"Things\('([A-Za-z0-9_]{1,60})'\)/Datastreams")
_FACTOR_OF = {"pm10": 1.25, "pm10_kal": 1.0, "pm25": 1.4, "pm25_kal": 1.0}
_FROZEN = 9


class Air:
    """Answers of Luchtmeetnet, RIVM Samen Meten and Sensor.Community."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._seed = files.seed

    def _level(self, formula: str, end: dt.datetime, place: str) -> float:
        """The mean of the hour that ends then, in µg/m³, at a place."""
        low, cars, weather = _LEVELS[formula]
        here = Chance(self._seed, "air", place).between(0.8, 1.2)
        share = traffic_share(end - HOUR / 2)
        wander = drift(end, _WEATHER, self._seed, "weather", formula)
        return max(
            -0.6,
            (low + cars * share) * here + weather * wander + drift(end, HOUR, self._seed, place, formula),
        )

    def stations(self, asked: Asked) -> bytes:
        """The page of stations."""
        del asked
        return self._files.data("live/luchtmeetnet-stations.json")

    def station(self, asked: Asked) -> bytes | None:
        """One station, by the last word of the path."""
        name = f"live/luchtmeetnet-station-{asked.last}.json"
        return (
            self._files.data(name) if name in self._files.names("live/luchtmeetnet-station-*.json") else None
        )

    def measurements(self, asked: Asked) -> bytes:
        """A page of 50 hourly values, newest first, of the station and the time that are asked for."""
        number = asked.query.get("station_number", "")
        last = floor_to(
            min(_moment(asked.query.get("end")) or asked.moment, asked.moment) - _TOLD_AFTER, HOUR
        )
        first = max(_moment(asked.query.get("start")) or last - DAY, last - _LONGEST)
        rows = list(self._hours(number, first, last))
        pages = max(1, math.ceil(len(rows) / _PAGE))
        told = asked.query.get("page", "1")
        page = min(max(int(told), 1), pages) if told.isdecimal() and len(told) < 6 else 1
        paging = {
            "last_page": pages if rows else 0,
            "first_page": 1,
            "prev_page": max(page - 1, 1),
            "current_page": page,
            "page_list": list(range(1, pages + 1)),
            "next_page": min(page + 1, pages),
        }
        return as_json({"pagination": paging, "data": rows[(page - 1) * _PAGE : page * _PAGE]})

    def _hours(self, number: str, first: dt.datetime, last: dt.datetime) -> Iterator[dict[str, Any]]:
        """Some hours have no value; the second station is silent in the first hours of a Sunday."""
        if f"live/luchtmeetnet-station-{number}.json" not in self._files.names(
            "live/luchtmeetnet-station-*.json"
        ):
            return
        end = last
        while end > first:
            served = end.weekday() == 6 and end.hour < 4 and number.endswith("2")
            for formula in () if served else _LEVELS:
                value: float | None = round(self._level(formula, end, number), 2)
                if Chance(self._seed, "gap", number, formula, utc(end)).happens(0.015):
                    value = None
                yield {
                    "station_number": number,
                    "value": value,
                    "timestamp_measured": end.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
                    "formula": formula,
                }
            end -= HOUR

    def things(self, asked: Asked) -> bytes:
        """The kits of residents."""
        del asked
        return as_json({"value": self._kits})

    @cached_property
    def _kits(self) -> list[dict[str, Any]]:
        return list(self._files.json("live/samenmeten-things.json")["value"])

    def values(self, asked: Asked) -> bytes | None:
        """The series of one kit with three days of hours. Every ninth kit hangs on one raw value."""
        found = _KIT.search(unquote(asked.path))
        kits = [kit for kit in self._kits if found and kit["name"] == found[1]]
        if not kits:
            return None
        number = int(kits[0]["name"].rpartition("_")[2])
        last = floor_to(asked.moment - _TOLD_AFTER, HOUR)
        return as_json(
            {
                "value": [
                    {
                        **stream,
                        "Observations": list(self._observations(stream, kits[0]["name"], number, last)),
                    }
                    for stream in kits[0]["Datastreams"]
                ]
            }
        )

    def _observations(
        self, stream: dict[str, Any], kit: str, number: int, last: dt.datetime
    ) -> Iterator[dict[str, Any]]:
        kind = stream["name"].rpartition("-")[2]
        frozen = number % _FROZEN == 0 and not kind.endswith("_kal")
        for back in range(_HOURS_OF_A_KIT):
            end = last - back * HOUR
            if Chance(self._seed, "no hour", kit, utc(end)).happens(0.03):
                continue
            yield {
                "@iot.id": stream["@iot.id"] * 100_000 + int(end.timestamp() // 3600) % 100_000,
                "phenomenonTime": end.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                "resultTime": None,
                "result": round(
                    self._kit_value(kind, kit, dt.datetime(2026, 1, 1, tzinfo=dt.UTC) if frozen else end), 2
                ),
            }

    def _kit_value(self, kind: str, kit: str, end: dt.datetime) -> float:
        if kind in _FACTOR_OF:
            return max(0.2, self._level(kind.split("_", maxsplit=1)[0].upper(), end, kit) * _FACTOR_OF[kind])
        return temperature(self._seed, end) if kind == "temp" else humidity(self._seed, end)

    def community(self, asked: Asked) -> bytes:
        """The last messages of Sensor.Community: each sensor in turn, within the last five minutes."""
        found = []
        for n, message in enumerate(self._files.json("live/sensor-community.json")):
            sent = floor_to(asked.moment, 5 * MINUTE) - dt.timedelta(seconds=17 * n % 150)
            values = [
                self._told(value, message["location"]["id"], sent) for value in message["sensordatavalues"]
            ]
            found.append(
                {**message, "timestamp": sent.strftime("%Y-%m-%d %H:%M:%S"), "sensordatavalues": values}
            )
        return as_json(found)

    def _told(self, value: dict[str, Any], place: int, sent: dt.datetime) -> dict[str, Any]:
        kind = value["value_type"]
        number = {
            "P1": lambda: self._level("PM10", sent, str(place)) * 1.3,
            "P2": lambda: self._level("PM25", sent, str(place)) * 1.4,
            "temperature": lambda: temperature(self._seed, sent),
            "humidity": lambda: humidity(self._seed, sent),
        }[kind]()
        return {**value, "value": f"{max(0.2, number):.2f}"}


def temperature(seed: int, moment: dt.datetime) -> float:
    """Degrees Celsius: the season, the hour, and the weather of the days."""
    season = 10.5 - 7.5 * math.cos(2 * math.pi * (moment.timetuple().tm_yday - 20) / 365.25)
    day = -3.2 * math.cos(2 * math.pi * (moment.hour + moment.minute / 60 - 3) / 24)
    return season + day + 4 * drift(moment, 3 * DAY, seed, "warmth")


def humidity(seed: int, moment: dt.datetime) -> float:
    """Per cent: damp in the night, dry in the afternoon."""
    day = 11 * math.cos(2 * math.pi * (moment.hour + moment.minute / 60 - 3) / 24)
    return min(99.0, max(30.0, 78 + day + 9 * drift(moment, 2 * DAY, seed, "damp")))


def _moment(text: str | None) -> dt.datetime | None:
    """The moment in a query, UTC when it names no zone; None when it is none."""
    try:
        found = dt.datetime.fromisoformat((text or "").replace(" ", "+"))
    except ValueError:
        return None
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
