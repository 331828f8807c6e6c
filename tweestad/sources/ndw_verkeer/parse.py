"""NDW traffic data in DATEX II v2.3 and v3: the site table and the measurements of a minute.

What a file is, is told by its root element and by what stands in it, never by its name: NDW moves file by
file from v2.3 (`Envelope`, `d2LogicalModel`) to v3 (`messageContainer`, `payload`), and has files with both a
table and measurements. Sites outside the municipality are left aside as early as possible: 20,000 sites pass
every minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Follow,
    InputRejected,
    Parsed,
    Record,
    Rejected,
    Skipped,
    SourceChanged,
    read_xml,
)
from tweestad.sources.ndw_verkeer.minute import Site, moment_of, read_minute, read_untold, sites_of
from tweestad.sources.ndw_verkeer.sites import position, read_site

_ROOTS = ("Envelope", "d2LogicalModel", "messageContainer", "payload")
_TABLE = ("measurementSiteRecord", "measurementSite")
_DATA = "siteMeasurements"
_RAW = 300


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every site of the table as things, and every measurement of a site that the table knows."""
    reading = _Reading(facts)
    for element in read_xml(payload, (*_TABLE, _DATA, "publicationTime"), _ROOTS):
        name = element.tag.rpartition("}")[2]
        if name == "publicationTime":
            reading.published = Record({"time": element.text}).time("time")
            continue
        reading.count += 1
        read = reading.measured if name == _DATA else reading.site
        try:
            yield from list(read(element))
        except InputRejected as exc:
            yield Rejected(exc.reason, _raw(element))
    yield from reading.rest()


class _Reading:
    """One payload being read: which sites are known, and how many were left aside."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.sites: dict[str, Site] = sites_of(facts.channels)
        self.published: datetime | None = None
        self.count = 0
        self.elsewhere = 0
        self.moved = 0

    def site(self, element: Any) -> Iterator[Parsed]:
        """A site of the table; one that lies outside the municipality is only counted."""
        found = position(element)
        if found is not None and self.facts.bbox is not None:
            west, south, east, north = self.facts.bbox
            if not (west <= found[0] <= east and south <= found[1] <= north):
                self.elsewhere += 1
                return
        channels: dict[str, tuple[str, ...]] = {}
        for item in read_site(self.facts, element):
            if isinstance(item, Datastream):
                channels.update(dict.fromkeys(item.channels, (item.id,)))
            yield item
        self.sites.update(sites_of(channels))

    def measured(self, element: Any) -> Iterator[Parsed]:
        """What was measured at one site."""
        reference = element.find("{*}measurementSiteReference")
        key = None if reference is None else reference.get("id")
        if not key:
            raise InputRejected("it does not say of which site it is")
        if self.facts.settings.get("without_table"):
            yield from read_untold(self.facts, key, element, moment_of(element), self.published)
            return
        site = self.sites.get(key)
        if site is None:
            self.elsewhere += 1
            return
        if reference.get("version") != site.version:
            self.moved += 1
            raise InputRejected("the site has another version than in the site table")
        yield from read_minute(self.facts, site, element, moment_of(element), self.published)

    def rest(self) -> Iterator[Parsed]:
        """What there is to say at the end."""
        if not self.count:
            raise SourceChanged("it holds no site and no measurement")
        if self.elsewhere:
            yield Skipped("elsewhere: not a site of this municipality", self.elsewhere)
        if self.facts.part != "sites" and not self.sites and not self.facts.settings.get("without_table"):
            yield Rejected("the site table has not been read, or has no site here")
        table = self.facts.settings.get("table_url")
        if self.moved and isinstance(table, str):
            yield Follow(table, "sites")


def _raw(element: Any) -> str:
    reference = element.find("{*}measurementSiteReference")
    told = element if reference is None else reference
    return f"{told.get('id')} version {told.get('version')}"[:_RAW]
