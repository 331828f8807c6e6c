"""Water: the level of two gauges in the canals, and wells with their levels up to yesterday."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import orjson
import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import dutch
from tweestad.synthetic.feeds.asked import Asked, Files, as_json
from tweestad.synthetic.feeds.rhythm import DAY, HOUR, MINUTE, drift, floor_to

_TEN = 10 * MINUTE
_WINTER = dt.timezone(HOUR)
_VALUES = 144
_HOST = "https://publiek.broservices.nl/gm"
_LAST_FILED = dt.date(2025, 12, 31)
_FADES_IN_DAYS = 40.0


class CanalLevels:
    """Answers of the web services of Rijkswaterstaat."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @cached_property
    def _places(self) -> dict[str, tuple[str, float, float]]:
        """Code, then name, longitude and latitude of the gauges: in the middle of the two longest canals."""
        found: dict[str, tuple[str, float, float]] = {}
        for row in self._files.rows("water.geojson"):
            if row["properties"]["kind"] == "canal" and len(found) < 2:
                at = shapely.point_on_surface(shapely.from_geojson(orjson.dumps(row["geometry"]).decode()))
                name = str(row["properties"]["name"])
                code = f"voorbeeldstad.{name.lower().replace(' ', '')}"
                found.setdefault(code, (f"Voorbeeldstad, {name}", at.x, at.y))
        return found

    def catalogue(self, asked: Asked) -> bytes:
        """Where the gauges are."""
        del asked
        rows = [
            {
                "Locatie_MessageID": n,
                "Code": code,
                "Naam": name,
                "Coordinatenstelsel": "ETRS89",
                "Lat": lat,
                "Lon": lon,
            }
            for n, (code, (name, lon, lat)) in enumerate(self._places.items(), start=1)
        ]
        return as_json({"Succesvol": True, "LocatieLijst": rows})

    def latest(self, asked: Asked) -> bytes:
        """The last day of the gauge that the body names; a gap now and then, as a number of nines."""
        try:
            code = str(orjson.loads(asked.body)["LocatieLijst"][0]["Code"])
        except (ValueError, KeyError, IndexError, TypeError):
            code = ""
        if code not in self._places:
            return as_json({"Succesvol": False, "WaarnemingenLijst": []})
        last = floor_to(asked.moment - 4 * MINUTE, _TEN)
        values = [self._value(code, last - n * _TEN) for n in reversed(range(_VALUES))]
        aquo = {
            "Grootheid": {"Code": "WATHTE"},
            "Eenheid": {"Code": "cm"},
            "Hoedanigheid": {"Code": "NAP"},
            "ProcesType": "meting",
        }
        place = {"Code": code, "Naam": self._places[code][0]}
        series = {"Locatie": place, "AquoMetadata": aquo, "MetingenLijst": values}
        return as_json({"Succesvol": True, "WaarnemingenLijst": [series]})

    def _value(self, code: str, at: dt.datetime) -> dict[str, Any]:
        seed = self._files.seed
        gap = Chance(seed, "water gap", code, at.isoformat()).happens(0.01)
        level = -20 + 4 * drift(at, DAY, seed, "water", code) + 1.2 * drift(at, HOUR, seed, "ripple", code)
        return {
            "Tijdstip": at.astimezone(_WINTER).isoformat(timespec="milliseconds"),
            "Meetwaarde": {"Waarde_Numeriek": 999999999.0 if gap else float(round(level))},
            "WaarnemingMetadata": {
                "Statuswaarde": "Ongecontroleerd",
                "Kwaliteitswaardecode": "99" if gap else "00",
            },
        }


class Wells:
    """Answers of the public services of the BRO for wells (GMW) and their levels (GLD)."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @cached_property
    def _wells(self) -> dict[str, dict[str, Any]]:
        rows = self._files.rows("peilbuizen.geojson")
        return {str(row["properties"]["bro_id"]): row["properties"] for row in rows}

    def search(self, asked: Asked) -> bytes:
        """Every well of the town, whatever box is asked for: the town fits in any."""
        del asked
        documents = "".join(
            f"<dispatchDocument><GMW_C><brocom:broId>{key}</brocom:broId>"
            "<brocom:deregistered>nee</brocom:deregistered></GMW_C></dispatchDocument>"
            for key in self._wells
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><dispatchCharacteristicsResponse '
            'xmlns:brocom="http://www.broservices.nl/xsd/brocommon/3.0" '
            'xmlns="http://www.broservices.nl/xsd/dsgmw/1.1"><brocom:responseType>dispatch</brocom:responseType>'
            f"<numberOfDocuments>{len(self._wells)}</numberOfDocuments>{documents}"
            "</dispatchCharacteristicsResponse>"
        ).encode()

    def well(self, asked: Asked) -> bytes | None:
        """The registration object of a well."""
        return self._files.data(f"bro/{asked.last}.xml") if asked.last in self._wells else None

    def relations(self, asked: Asked) -> bytes | None:
        """Which file has the levels of a well."""
        well = self._wells.get(asked.last)
        if well is None:
            return None
        level = {"broId": well["gld_bro_id"], "url": f"{_HOST}/gld/v1/objects/{well['gld_bro_id']}"}
        tubes = [{"tubeNumber": 1, "gldReferences": [level], "gmnReferences": []}]
        return as_json({"gmwBroId": asked.last, "monitoringTubeReferences": tubes})

    def levels(self, asked: Asked) -> bytes | None:
        """The file of levels of eight years, and a block that was not judged yet for what came since."""
        if asked.last not in {well["gld_bro_id"] for well in self._wells.values()}:
            return None
        filed = self._files.data(f"bro/{asked.last}_full.csv.gz")
        rows = list(csv.reader(io.StringIO(filed.decode())))
        measured = [row for row in rows if len(row) == 6 and row[5] == "discontinu"]
        until = floor_to(asked.moment - DAY, DAY).date()
        block = list(self._since(asked.last, measured, until))
        if not block:
            return filed
        span = [f"({row[0][:10]}, JJJJ-MM-DD)" for row in (block[0], block[-1])]
        number = asked.last[-8:]
        head = [
            ["observatie ID", "start observatieperiode", "eind observatieperiode", "observatietype",
             "mate beoordeling", "observatieproces ID"],
            [f"_{number}-0000-4000-8000-000000009999", *span, "reguliereMeting", "voorlopig",
             f"_{number}-0000-4000-9000-000000000001"],
            [""] * 6,
            ["tijdstip meting", "waterstand", "status kwaliteitscontrole", "censuurreden",
             "censuurlimietwaarde", "interpolatietype"],
        ]  # fmt: skip
        told = "".join(_line(row) for row in (*head, *block, [""] * 6))
        return filed + told.encode()

    def _since(self, key: str, measured: list[list[str]], until: dt.date) -> Iterator[list[str]]:
        """A level a day since the file ends: it goes on from the last and comes back to the season's."""
        levels = [float(row[1]) for row in measured[-365:]]
        mean, swing = math.fsum(levels) / len(levels), (max(levels) - min(levels)) / 3
        gap = levels[-1] - mean - swing * _season(_LAST_FILED)
        for n in range(1, (until - _LAST_FILED).days + 1):
            day = _LAST_FILED + dt.timedelta(days=n)
            at = dutch(dt.datetime(day.year, day.month, day.day, 11, tzinfo=dt.UTC))
            if Chance(self._files.seed, "no level", key, day).happens(0.005):
                continue
            wander = 0.08 * drift(at, 20 * DAY, self._files.seed, "level", key)
            level = mean + swing * _season(day) + wander + gap * math.exp(-n / _FADES_IN_DAYS)
            yield [at.isoformat(), f"{level:.3f}", "nogNietBeoordeeld", "", "", "discontinu"]


def _season(day: dt.date) -> float:
    return math.cos(2 * math.pi * (day.timetuple().tm_yday - 35) / 365.25)


def _line(cells: list[str]) -> str:
    return ",".join(f'"{cell}"' if cell else "" for cell in cells) + "\n"
