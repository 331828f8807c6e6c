"""What happens on the roads: queues, breakdowns, works, a bridge that opens, and a zone. DATEX II v3."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from xml.sax.saxutils import escape

import orjson
import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import utc
from tweestad.synthetic.feeds.asked import Asked, Files, as_gzip
from tweestad.synthetic.feeds.rhythm import DAY, HOUR, MINUTE, floor_to, traffic_share

_BUSY = ("primary", "secondary", "tertiary")
_WORKS_DAYS = 14
_OPENS_EVERY = dt.timedelta(minutes=30)
_OPEN_FOR = dt.timedelta(minutes=6)
_QUEUE_FROM = 0.8
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<mc:messageContainer xmlns:mc="http://datex2.eu/schema/3/messageContainer" '
    'xmlns:sit="http://datex2.eu/schema/3/situation" xmlns:cz="http://datex2.eu/schema/3/controlledZone" '
    'xmlns:loc="http://datex2.eu/schema/3/locationReferencing" xmlns:com="http://datex2.eu/schema/3/common" '
    'modelBaseVersion="3"><mc:payload xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:type="{kind}" lang="nl" modelBaseVersion="3"><com:publicationTime>{time}</com:publicationTime>'
    "<com:publicationCreator><com:country>nl</com:country><com:nationalIdentifier>NLVBS"
    "</com:nationalIdentifier></com:publicationCreator>"
)
_FOOT = "</mc:payload></mc:messageContainer>"


class Situations:
    """Four snapshots: what happens now, open bridges, planned works, and zones."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._seed = files.seed

    @cached_property
    def _streets(self) -> list[tuple[str, str, shapely.LineString]]:
        """Name, kind and line (longitude, latitude) of the streets for cars, the longest first."""
        lines = [
            (str(row["properties"]["name"] or ""), str(row["properties"]["highway"]), line)
            for row in self._files.rows("straten.geojson")
            if isinstance(line := shapely.from_geojson(_text(row)), shapely.LineString)
        ]
        cars = [each for each in lines if each[0] and each[1] not in ("footway", "cycleway", "pedestrian")]
        return sorted(cars, key=lambda each: (-shapely.length(each[2]), each[0]))

    def now(self, asked: Asked) -> bytes:
        """Queues of the rush hour, and what broke down in the last hours, packed."""
        minute = floor_to(asked.moment, MINUTE)
        return _publication(
            "sit:SituationPublication", minute, [*self._queues(minute), *self._breakdowns(minute)]
        )

    def _queues(self, minute: dt.datetime) -> Iterator[str]:
        busy = [each for each in self._streets if each[1] in _BUSY][:6]
        for n, (name, _, line) in enumerate(busy, start=1):
            threshold = _QUEUE_FROM + 0.2 * Chance(self._seed, "queue", n, minute.date()).between(0, 1)
            if traffic_share(minute) < threshold:
                continue
            began = minute
            while traffic_share(began - MINUTE) >= threshold:
                began -= MINUTE
            yield _situation(
                f"VBS01_F{n}_{began:%Y%m%d%H}", "AbnormalTraffic", began, None, minute,
                f"Langzaam rijdend verkeer op {name}", _line(line),
                "<sit:abnormalTrafficType>slowTraffic</sit:abnormalTrafficType>",
            )  # fmt: skip

    def _breakdowns(self, minute: dt.datetime) -> Iterator[str]:
        """In each slot of two hours something may break down, for 20 to 70 minutes."""
        for back in range(2):
            slot = floor_to(minute, 2 * HOUR) - back * 2 * HOUR
            chance = Chance(self._seed, "breakdown", utc(slot))
            if not chance.happens(0.4):
                continue
            began = slot + chance.whole(0, 110) * MINUTE
            ends = began + chance.whole(20, 70) * MINUTE
            name, _, line = chance.one_of(self._streets[:20])
            if began <= minute < ends:
                at = shapely.line_interpolate_point(line, chance.between(0.2, 0.8), normalized=True)
                kind, told, extra = chance.one_of(_BREAKDOWNS)
                yield _situation(
                    f"VBS01_P_{began:%Y%m%d%H%M}",
                    kind,
                    began,
                    None,
                    began,
                    f"{told} op {name}",
                    _point(at),
                    extra,
                )

    def bridges(self, asked: Asked) -> bytes:
        """The bridges that are open at this moment, packed: one that is shut is absent."""
        minute = floor_to(asked.moment, MINUTE)
        slot = floor_to(minute, _OPENS_EVERY)
        told = []
        for n, (name, at) in enumerate(self._bridges, start=1):
            opens = Chance(self._seed, "bridge", n, utc(slot)).happens(0.45 if 5 <= slot.hour < 21 else 0.05)
            began = slot + (7 * n % 20) * MINUTE
            if opens and began <= minute < began + _OPEN_FOR:
                told.append(
                    _situation(
                        f"VBS01_NLVBS{n:04d}_{began:%Y%m%d%H%M}", "GeneralNetworkManagement", began,
                        began + _OPEN_FOR, began, f"{name} is open", _point(at),
                        "<sit:generalNetworkManagementType>bridgeSwingInOperation</sit:generalNetworkManagementType>",
                    )
                )  # fmt: skip
        return _publication("sit:SituationPublication", minute, told)

    @cached_property
    def _bridges(self) -> list[tuple[str, shapely.Point]]:
        """Where the longest streets cross a canal or a river: at most three."""
        rows = self._files.rows("water.geojson")
        waters = [
            (str(row["properties"]["name"]), shapely.from_geojson(_text(row)))
            for row in rows
            if row["properties"]["kind"] in ("canal", "river")
        ]
        found: dict[str, shapely.Point] = {}
        for _, _, line in self._streets:
            for water, shape in waters:
                crossing = shapely.intersection(line, shape)
                if not shapely.is_empty(crossing) and water not in found:
                    found[water] = shapely.centroid(shapely.get_parts(crossing)[0])
                    break
            if len(found) == 3:
                break
        return [(f"Brug over {water}", at) for water, at in found.items()]

    def works(self, asked: Asked) -> bytes:
        """Planned works: two weeks each, one of them going on and one to come, packed."""
        today = floor_to(asked.moment, DAY)
        period = today.toordinal() // _WORKS_DAYS
        told = []
        for n in (period, period + 1):
            chance = Chance(self._seed, "works", n)
            name, _, line = chance.one_of(self._streets[5:30] or self._streets)
            first = dt.datetime.fromordinal(n * _WORKS_DAYS).replace(tzinfo=dt.UTC) + 6 * HOUR
            told.append(
                _situation(
                    f"VBS01_W_{n}", "MaintenanceWorks", first, first + 11 * DAY, first - 20 * DAY,
                    f"Werk aan de riolering in de {name}", _line(line),
                    "<sit:roadMaintenanceType>maintenanceWork</sit:roadMaintenanceType>",
                )
            )  # fmt: skip
        return _publication("sit:SituationPublication", today, told)

    def zones(self, asked: Asked) -> bytes:
        """A zero-emission zone around the middle of the town, packed."""
        middle = shapely.centroid(shapely.union_all([line for _, _, line in self._streets]))
        x, y = middle.x, middle.y
        ring = " ".join(
            f"{y + dy:.6f} {x + dx:.6f}"
            for dx, dy in (
                (-0.004, -0.002),
                (0.004, -0.002),
                (0.004, 0.002),
                (-0.004, 0.002),
                (-0.004, -0.002),
            )
        )
        day = floor_to(asked.moment, DAY)
        zone = (
            "<cz:controlledZoneTable><cz:tableVersionTime>2026-01-01T00:00:00Z</cz:tableVersionTime>"
            '<cz:urbanVehicleAccessRegulation id="VBS11_zone" version="1"><cz:name><com:values>'
            '<com:value lang="nl">Zero-emissiezone Voorbeeldstad</com:value></com:values></cz:name>'
            "<cz:controlledZoneType>lowEmissionZone</cz:controlledZoneType><cz:controlledZoneRecordVersionTime>"
            "2026-01-01T00:00:00Z</cz:controlledZoneRecordVersionTime><cz:urlForFurtherInformation>"
            "https://voorbeeldstad.invalid/zone</cz:urlForFurtherInformation><cz:status>active</cz:status>"
            "<com:validityTimeSpecification><com:overallStartTime>2026-01-01T00:00:00Z</com:overallStartTime>"
            "</com:validityTimeSpecification><loc:gmlMultiPolygon><loc:gmlPolygon>"
            f'<loc:exterior srsName="WGS 84"><loc:posList>{ring}</loc:posList></loc:exterior>'
            "</loc:gmlPolygon></loc:gmlMultiPolygon></cz:urbanVehicleAccessRegulation></cz:controlledZoneTable>"
        )
        return _publication("cz:ControlledZoneTablePublication", day, [zone])


_BREAKDOWNS = (
    (
        "VehicleObstruction",
        "Pechgeval",
        "<sit:vehicleObstructionType>brokenDownVehicle</sit:vehicleObstructionType>",
    ),
    ("Accident", "Ongeval", "<sit:accidentType>accident</sit:accidentType>"),
    ("GeneralObstruction", "Voorwerp", "<sit:obstructionType>objectOnTheRoad</sit:obstructionType>"),
)


def _publication(kind: str, moment: dt.datetime, told: list[str]) -> bytes:
    return as_gzip(f"{_HEAD.format(kind=kind, time=utc(moment))}{''.join(told)}{_FOOT}".encode())


def _situation(  # noqa: PLR0913, PLR0917 a message is all of these
    key: str, kind: str, start: dt.datetime, end: dt.datetime | None, version: dt.datetime, comment: str,
    where: str, extra: str,
) -> str:  # fmt: skip
    """One situation with one record. The times are those of the message; without an end it is open."""
    until = "" if end is None else f"<com:overallEndTime>{utc(end)}</com:overallEndTime>"
    return (
        f'<sit:situation id="{key}_SIT"><sit:overallSeverity>medium</sit:overallSeverity>'
        f"<sit:situationVersionTime>{utc(version)}</sit:situationVersionTime>"
        f'<sit:situationRecord xsi:type="sit:{kind}" id="{key}_01" version="1">'
        f"<sit:situationRecordCreationTime>{utc(start)}</sit:situationRecordCreationTime>"
        f"<sit:situationRecordVersionTime>{utc(version)}</sit:situationRecordVersionTime>"
        "<sit:probabilityOfOccurrence>certain</sit:probabilityOfOccurrence><sit:source><com:sourceName>"
        '<com:values><com:value lang="nl">Voorbeeldstad</com:value></com:values></com:sourceName>'
        "</sit:source><sit:validity><com:validityStatus>definedByValidityTimeSpec</com:validityStatus>"
        f"<com:validityTimeSpecification><com:overallStartTime>{utc(start)}</com:overallStartTime>{until}"
        "</com:validityTimeSpecification></sit:validity><sit:generalPublicComment><sit:comment><com:values>"
        f'<com:value lang="nl">{escape(comment)}</com:value></com:values></sit:comment>'
        f"</sit:generalPublicComment>{where}{extra}</sit:situationRecord></sit:situation>"
    )


def _point(at: shapely.Point) -> str:
    return (
        '<sit:locationReference xsi:type="loc:PointLocation"><loc:pointByCoordinates><loc:pointCoordinates>'
        f"<loc:latitude>{at.y:.6f}</loc:latitude><loc:longitude>{at.x:.6f}</loc:longitude>"
        "</loc:pointCoordinates></loc:pointByCoordinates></sit:locationReference>"
    )


def _line(line: shapely.LineString) -> str:
    """Latitude first, as the real feed writes it although it says WGS 84."""
    told = " ".join(f"{lat:.6f} {lon:.6f}" for lon, lat in shapely.get_coordinates(line))
    return (
        '<sit:locationReference xsi:type="loc:LinearLocation"><loc:gmlLineString srsName="WGS 84">'
        f"<loc:posList>{told}</loc:posList></loc:gmlLineString></sit:locationReference>"
    )


def _text(row: dict[str, object]) -> str:
    return orjson.dumps(row["geometry"]).decode()
