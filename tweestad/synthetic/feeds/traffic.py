"""The traffic gauges: their table, and any minute of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import utc
from tweestad.synthetic.contents.traffic import DATEX_FOOT, DATEX_HEAD, TABLE, TABLE_VERSION, quantity
from tweestad.synthetic.feeds.asked import Asked, Files, as_gzip
from tweestad.synthetic.feeds.rhythm import MINUTE, drift, floor_to, traffic_share

_ROA = "{http://datex2.eu/schema/3/roadTrafficData}"
_COM = "{http://datex2.eu/schema/3/common}"
_QUARTER = dt.timedelta(minutes=15)
_PER_MINUTE = 19
# The one that is always broken, and the one that the table knows and no minute does, counted from the end.
_BROKEN, _SILENT = 3, 1


@dataclass(frozen=True, slots=True)
class _Site:
    """A site of the table: per index the lane, the kind of value, and the vehicles it counts."""

    id: str
    version: str
    indexes: tuple[tuple[str, str, str], ...]


class Traffic:
    """The site table, and any minute of its sites."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def table(self, asked: Asked) -> bytes:
        """The site table, packed as it is published."""
        del asked
        return as_gzip(self._table)

    @cached_property
    def _table(self) -> bytes:
        return self._files.data(TABLE)

    @cached_property
    def sites(self) -> list[_Site]:
        """The sites of the table, in its order."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        document: Any = etree.fromstring(self._table, parser)
        return [
            _Site(site.get("id"), site.get("version"), tuple(_indexes(site)))
            for site in document.iter(f"{_ROA}measurementSite")
        ]

    def minute(self, asked: Asked) -> bytes:
        """The last whole minute, packed."""
        published = floor_to(asked.moment, MINUTE)
        measured = published - MINUTE
        head = DATEX_HEAD.format(kind="MeasuredDataPublication", time=utc(published))
        reference = (
            '<roa:measurementSiteTableReference targetClass="roa:MeasurementSiteTable" id="NDW01_MT" '
            f'version="{TABLE_VERSION}"/>'
        )
        told = "".join(
            self._measured(n, site, measured) for n, site in enumerate(self.sites[: -_SILENT or None])
        )
        return as_gzip(f"{head}{reference}{told}{DATEX_FOOT.format(time=utc(published))}".encode())

    def _measured(self, number: int, site: _Site, minute: dt.datetime) -> str:
        seed = self._files.seed
        chance = Chance(seed, "minute", site.id, utc(minute))
        share = traffic_share(minute) * Chance(seed, "busy", site.id).between(0.3, 1.0)
        share *= 1 + 0.25 * drift(minute, _QUARTER, seed, "flow", site.id)
        free = Chance(seed, "speed", site.id).between(38, 50)
        broken = number == _BROKEN
        values = []
        for index, (lane, kind, vehicle) in enumerate(site.indexes, start=1):
            cars = Chance(seed, "lane", site.id, utc(minute), lane).between(0.6, 1.4) * _PER_MINUTE * share
            count = 0 if broken else round(cars * (0.07 if vehicle == "lorry" else 1))
            speed = free * (1 - 0.5 * share**2) + chance.between(-3, 3)
            told = 0.0 if broken else round(speed, 1) if count else -1.0
            values.append(quantity(index, kind, count, told, broken))
        return (
            '<roa:siteMeasurements><roa:measurementSiteReference targetClass="roa:MeasurementSite" '
            f'id="{site.id}" version="{site.version}"/>{"".join(values)}'
            f"<roa:measurementTimeDefault><roa:timeValue>{utc(minute)}</roa:timeValue>"
            "</roa:measurementTimeDefault></roa:siteMeasurements>"
        )


def _indexes(site: Any) -> Iterator[tuple[str, str, str]]:
    for told in site.findall(f"{_ROA}measurementSpecificCharacteristics"):
        yield (
            told.findtext(f".//{_COM}laneNumber") or "1",
            told.findtext(f".//{_ROA}specificMeasurementValueType") or "",
            told.findtext(f".//{_COM}vehicleType") or "",
        )
