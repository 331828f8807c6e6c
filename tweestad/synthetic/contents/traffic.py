"""Traffic gauges as NDW publishes them: DATEX II v3, a site table and the measured data of one minute.

What an index means is told by the site table alone, so the order of lanes and kinds differs per site here
too. Among the sites are the awkward ones of a real feed: a lane without vehicles (speed -1), a broken
value (dataError), a site that the table knows but the data does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import RECORDED, utc
from tweestad.synthetic.contents.layer_files import lonlat, write_bytes, write_geojson
from tweestad.synthetic.contents.setting import Setting, Way

DATA = "live/snelheden_en_intensiteiten_meetgegevens.xml.gz"
TABLE = "live/snelheden_en_intensiteiten_configuratie_meetlocaties.xml.gz"
TABLE_VERSION = "9"
_MOST = 40
_BUSY = ("primary", "secondary", "tertiary", "residential", "unclassified", "pedestrian")
DATEX_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<mc:messageContainer xmlns:mc="http://datex2.eu/schema/3/messageContainer" '
    'xmlns:roa="http://datex2.eu/schema/3/roadTrafficData" '
    'xmlns:loc="http://datex2.eu/schema/3/locationReferencing" '
    'xmlns:com="http://datex2.eu/schema/3/common" '
    'xmlns:ex="http://datex2.eu/schema/3/exchangeInformation" modelBaseVersion="3">'
    '<mc:payload xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="roa:{kind}" lang="nl" '
    'modelBaseVersion="3"><com:publicationTime>{time}</com:publicationTime><com:publicationCreator>'
    "<com:country>nl</com:country><com:nationalIdentifier>NLVBS</com:nationalIdentifier>"
    "</com:publicationCreator>"
)
DATEX_FOOT = (
    '</mc:payload><mc:exchangeInformation modelBaseVersion="3"><ex:exchangeContext>'
    "<ex:codedExchangeProtocol>snapshotPull</ex:codedExchangeProtocol>"
    "<ex:exchangeSpecificationVersion>3</ex:exchangeSpecificationVersion>"
    "<ex:supplierOrCisRequester><ex:internationalIdentifier><com:country>nl</com:country>"
    "<com:nationalIdentifier>NLVBS</com:nationalIdentifier></ex:internationalIdentifier>"
    "</ex:supplierOrCisRequester></ex:exchangeContext><ex:dynamicInformation>"
    "<ex:exchangeStatus>online</ex:exchangeStatus>"
    "<ex:messageGenerationTimestamp>{time}</ex:messageGenerationTimestamp>"
    "</ex:dynamicInformation></mc:exchangeInformation></mc:messageContainer>"
)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One site in EPSG:28992; `indexes` are (lane, "trafficFlow" or "trafficSpeed", vehicle) from 1 up."""

    id: str
    version: int
    name: str
    x: float
    y: float
    bearing: int
    positive: bool
    indexes: tuple[tuple[int, str, str], ...]
    busy: float


def write_traffic(folder: Path, setting: Setting) -> None:
    """The site table, one minute of measurements, and the sites as points."""
    gauges = list(gauges_of(setting))
    write_bytes(folder / TABLE, _table(gauges).encode())
    write_bytes(folder / DATA, _data(gauges, setting.seed).encode())
    write_geojson(
        folder / "verkeersmeetpunten.geojson",
        [_row(gauge) for gauge in gauges],
        [shapely.Point(gauge.x, gauge.y) for gauge in gauges],
    )


def gauges_of(setting: Setting) -> Iterator[Gauge]:
    """Two sites (one per direction) on each of the busiest and longest streets."""
    ways = sorted(
        (way for way in setting.streets if way.kind in _BUSY),
        key=lambda way: (_BUSY.index(way.kind), -way.line.length, way.id),
    )
    number = 0
    for way in ways[: min(2 + setting.among(60), _MOST) // 2]:
        for positive in (True, False):
            number += 1
            yield _gauge(number, way, positive, setting.seed)


def _gauge(number: int, way: Way, positive: bool, seed: int) -> Gauge:
    chance = Chance(seed, "gauge", number)
    at = way.line.interpolate(0.5, normalized=True)
    ahead = way.line.interpolate(way.line.length / 2 + 1)
    east, north = (ahead.x - at.x, ahead.y - at.y) if positive else (at.x - ahead.x, at.y - ahead.y)
    pairs = [
        (lane, kind, vehicle)
        for lane in range(1, chance.whole(1, 2) + 1)
        for kind in ("trafficFlow", "trafficSpeed")
        for vehicle in ("lorry", "anyVehicle")
    ]
    if number % 2:
        pairs.reverse()
    return Gauge(
        id=f"GMV99_MST_{number:04d}_{'00' if positive else '01'}",
        version=chance.whole(1, 20),
        name=f"{way.name} {'heen' if positive else 'terug'}",
        x=round(at.x + north * 1.8, 3),
        y=round(at.y - east * 1.8, 3),
        bearing=round(_degrees(east, north)),
        positive=positive,
        indexes=tuple(pairs),
        busy=chance.between(0.2, 1.0) * (1.0 if way.kind in _BUSY[:3] else 0.3),
    )


def _degrees(east: float, north: float) -> float:
    """The direction clockwise from north, 0 to 359."""
    return math.degrees(math.atan2(east, north)) % 359.5


def _table(gauges: list[Gauge]) -> str:
    sites = "".join(_site(gauge) for gauge in gauges)
    head = DATEX_HEAD.format(kind="MeasurementSiteTablePublication", time=utc(RECORDED))
    table = f'<roa:measurementSiteTable id="NDW01_MT" version="{TABLE_VERSION}">'
    return f"{head}{table}{sites}</roa:measurementSiteTable>{DATEX_FOOT.format(time=utc(RECORDED))}"


def _site(gauge: Gauge) -> str:
    lon, lat = lonlat(gauge.x, gauge.y)
    indexes = "".join(_characteristics(n + 1, *told) for n, told in enumerate(gauge.indexes))
    lanes = max(lane for lane, _, _ in gauge.indexes)
    direction = "positive" if gauge.positive else "negative"
    return (
        f'<roa:measurementSite id="{gauge.id}" version="{gauge.version}">'
        "<roa:measurementSiteRecordVersionTime>2026-01-01T00:00:00Z</roa:measurementSiteRecordVersionTime>"
        "<roa:computationMethod>arithmeticAverageOfSamplesInATimePeriod</roa:computationMethod>"
        '<roa:measurementEquipmentTypeUsed><com:values><com:value lang="nl">lus</com:value></com:values>'
        "</roa:measurementEquipmentTypeUsed>"
        f'<roa:measurementSiteName><com:values><com:value lang="nl">{gauge.name}</com:value></com:values>'
        f"</roa:measurementSiteName><roa:measurementSiteNumberOfLanes>{lanes}</roa:measurementSiteNumberOfLanes>"
        f'{indexes}<roa:measurementSiteLocation xsi:type="loc:PointLocation"><loc:pointByCoordinates>'
        f"<loc:bearing>{gauge.bearing}</loc:bearing><loc:pointCoordinates><loc:latitude>{lat}</loc:latitude>"
        f"<loc:longitude>{lon}</loc:longitude></loc:pointCoordinates></loc:pointByCoordinates>"
        '<loc:alertCPoint xsi:type="loc:AlertCMethod4Point"><loc:alertCDirection>'
        f"<loc:alertCDirectionCoded>{direction}</loc:alertCDirectionCoded></loc:alertCDirection>"
        "</loc:alertCPoint></roa:measurementSiteLocation></roa:measurementSite>"
    )


def _characteristics(index: int, lane: int, kind: str, vehicle: str) -> str:
    return (
        f'<roa:measurementSpecificCharacteristics index="{index}"><roa:measurementSpecificCharacteristics>'
        f"<roa:accuracy>95.0</roa:accuracy><roa:period>60.0</roa:period><roa:specificLane><com:laneNumber>{lane}"
        "</com:laneNumber></roa:specificLane>"
        f"<roa:specificMeasurementValueType>{kind}</roa:specificMeasurementValueType>"
        f"<roa:specificVehicleCharacteristics><com:vehicleType>{vehicle}</com:vehicleType>"
        "</roa:specificVehicleCharacteristics></roa:measurementSpecificCharacteristics>"
        "</roa:measurementSpecificCharacteristics>"
    )


def _data(gauges: list[Gauge], seed: int) -> str:
    head = DATEX_HEAD.format(kind="MeasuredDataPublication", time=utc(RECORDED))
    reference = (
        f'<roa:measurementSiteTableReference targetClass="roa:MeasurementSiteTable" id="NDW01_MT" '
        f'version="{TABLE_VERSION}"/><roa:headerInformation><com:confidentiality>noRestriction'
        "</com:confidentiality><com:informationStatus>real</com:informationStatus></roa:headerInformation>"
    )
    silent = gauges[-1].id
    sites = "".join(_measured(gauge, seed) for gauge in gauges if gauge.id != silent)
    return f"{head}{reference}{sites}{DATEX_FOOT.format(time=utc(RECORDED))}"


def _measured(gauge: Gauge, seed: int) -> str:
    chance = Chance(seed, "minute", gauge.id)
    empty = chance.happens(0.12)
    values = []
    for n, (_, kind, vehicle) in enumerate(gauge.indexes):
        share = 0.08 if vehicle == "lorry" else 1.0
        count = 0 if empty else round(16 * gauge.busy * share * chance.between(0.6, 1.4))
        speed = round(chance.between(24, 52), 1) if count else -1
        broken = chance.happens(0.02)
        values.append(quantity(n + 1, kind, 0 if broken else count, 0 if broken else speed, broken))
    return (
        '<roa:siteMeasurements><roa:measurementSiteReference targetClass="roa:MeasurementSite" '
        f'id="{gauge.id}" version="{gauge.version}"/>{"".join(values)}'
        "<roa:measurementTimeDefault><roa:timeValue>"
        f"{utc(RECORDED.replace(hour=8, minute=58))}</roa:timeValue></roa:measurementTimeDefault>"
        "</roa:siteMeasurements>"
    )


def quantity(index: int, kind: str, count: int, speed: float, broken: bool) -> str:
    """A flow in vehicles per hour (a minute's count times 60) or a mean speed in km/h."""
    error = "<com:dataError>true</com:dataError>" if broken else ""
    if kind == "trafficFlow":
        name, value = "vehicleFlow", f"<com:vehicleFlowRate>{count * 60}</com:vehicleFlowRate>"
    else:
        name, value = "averageVehicleSpeed", f"<com:speed>{speed}</com:speed>"
    told = f'<roa:{name} accuracy="0.0" numberOfInputValuesUsed="{count}">{error}{value}</roa:{name}>'
    return (
        f'<roa:physicalQuantity index="{index}"><roa:physicalQuantity xsi:type="roa:SinglePhysicalQuantity">'
        f'<roa:basicData xsi:type="roa:{kind[0].upper()}{kind[1:]}">{told}</roa:basicData>'
        "</roa:physicalQuantity></roa:physicalQuantity>"
    )


def _row(gauge: Gauge) -> dict[str, Any]:
    return {
        "id": gauge.id,
        "naam": gauge.name,
        "richting_graden": gauge.bearing,
        "rijstroken": max(lane for lane, _, _ in gauge.indexes),
        "bron": "NDW",
    }
