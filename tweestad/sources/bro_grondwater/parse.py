"""Groundwater from the BRO: monitoring wells (GMW) and the files of their levels (GLD).

A search gives wells; each leads to its registration object, and to which level files (GLD) its tubes have. A
thing is a tube of a well, because a well may have several, each with a screen at its own depth. Levels are
metres NAP, at Dutch clock times that carry their offset. One file holds many blocks that overlap: of a moment
given twice the value that was fully assessed comes first. What the owner rejected is kept and flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO
from urllib.parse import urlsplit

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    Follow,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Rejected,
    Skipped,
    SourceChanged,
    Thing,
    each,
    read_csv,
    read_json,
    read_xml,
)

_HOST = "https://publiek.broservices.nl/gm"
_ROOTS = ("dispatchDataResponse", "dispatchCharacteristicsResponse")
_FLAGS = {
    "goedgekeurd": Flag.GOOD, "afgekeurd": Flag.FAIL, "onbeslist": Flag.SUSPECT,
    "onbekend": Flag.NOT_EVALUATED, "nogNietBeoordeeld": Flag.NOT_EVALUATED, "": Flag.NOT_EVALUATED,
}  # fmt: skip
_ASSESSED = ("volledigBeoordeeld", "voorlopig", "controlemeting", "onbekend")
_MEASUREMENTS = "tijdstip meting"


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Found wells, one well, which levels a well has, or one file of levels, as `facts.part` says."""
    if facts.part == "levels":
        yield from _Levels(facts).read(payload)
        return
    if facts.part == "relations":
        yield from each(read_json(payload).records("monitoringTubeReferences"), partial(_relations, facts))
        return
    count = 0
    elements = read_xml(payload, ("GMW_C", "GMW_PO", "numberOfDocuments"), _ROOTS)
    for element in elements:
        count += 1
        record = Record.of(element)
        name = element.tag.rpartition("}")[2]
        if name == "numberOfDocuments":
            if record.text("#text") == "0":
                yield Skipped("there are no wells here", 0)
            continue
        yield from each([record], _found if name == "GMW_C" else partial(_well, facts))
    if not count:
        raise SourceChanged("it holds no wells")


def _found(record: Record) -> Iterator[Parsed]:
    key = record.text("broId")
    yield Follow(f"{_HOST}/gmw/v1/objects/{key}", "well")
    yield Follow(f"{_HOST}/v1/gmw-relations/{key}", "relations")


def _well(facts: Facts, record: Record) -> Iterator[Parsed]:
    key = record.text("broId")
    where = _location(record)
    tubes = record.records("monitoringTube")
    if not tubes:
        raise InputRejected("a well without tubes")
    for tube in tubes:
        number = tube.whole("tubeNumber")
        heights = {
            "maaiveld": record.find_number("deliveredVerticalPosition/groundLevelPosition"),
            "bovenkant-buis": tube.find_number("tubeTopPosition"),
            "filter-boven": tube.find_number("screen/screenTopPosition"),
            "filter-onder": tube.find_number("screen/screenBottomPosition"),
        }
        thing = Thing(
            source=facts.source,
            key=f"{key}-{number}",
            name=f"{record.find_text('wellCode') or key} buis {number}",
            kind="well",
            location=where,
            ref=key,
            properties={name: told for name, told in heights.items() if told is not None},
        )
        yield thing
        yield Datastream(thing.id, "grondwaterstand", "m")


def _location(record: Record) -> Location:
    """As it was delivered, in RD x y; else as the BRO wrote it, in ETRS89 with the latitude first."""
    for path in ("deliveredLocation/location", "standardizedLocation/location"):
        place = record.find_record(path)
        if place is None:
            continue
        told = place.text("pos").split()
        if len(told) != 2:
            raise InputRejected("a position is not two numbers")
        first, second = (Record({"pos": each}).number("pos") for each in told)
        if place.text("@srsName").endswith("28992"):
            return Location(first, second, crs=28992)
        if place.text("@srsName").endswith(("4258", "4326")):
            return Location(second, first, crs=4258)
    raise InputRejected("it has no position that can be read")


def _relations(facts: Facts, row: Record) -> Iterator[Parsed]:
    number = row.whole("tubeNumber")
    well = urlsplit(facts.url).path.rsplit("/", 1)[-1]
    for level in row.records("gldReferences"):
        # The well and tube are repeated in the file; here they only make the address tell for whom it is.
        yield Follow(
            f"{_HOST}/gld/v1/objectsAsCsv/{level.text('broId')}?rapportagetype=volledig#{well}-{number}",
            "levels",
        )


class _Levels:
    """One file of levels: a head, and blocks that each begin with who assessed it and how."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.stream = ""
        self.assessed = ""
        self.expects = ""
        self.found: dict[object, tuple[int, Observation]] = {}
        self.twice = 0

    def read(self, payload: BinaryIO) -> Iterator[Parsed]:
        """Every moment once, in the order of time."""
        yield from each(read_csv(payload, ()), self._line)
        if not self.stream:
            raise SourceChanged("it does not say of which well it is")
        if self.expects != _MEASUREMENTS and not self.found:
            raise SourceChanged("it holds no block of measurements")
        thing = self.stream.rpartition(":")[0]
        yield Datastream(thing, "grondwaterstand", "m")
        for _, value in sorted(self.found.values(), key=lambda pair: pair[1].phenomenon):
            yield value
        if self.twice:
            yield Skipped("a moment that overlapping blocks give twice", self.twice)

    def _line(self, row: Record) -> Iterator[Rejected]:
        first = row.find_text("0") or ""
        if first in ("BRO-ID", "put BRO-ID", "observatie ID", _MEASUREMENTS):
            self.expects = first
            if first == "observatie ID" and row.find_text("4") != "mate beoordeling":
                raise SourceChanged("the column ‘mate beoordeling’ is not in the head of a block")
            if first == _MEASUREMENTS and (row.find_text("1"), row.find_text("2")) != (
                "waterstand", "status kwaliteitscontrole",
            ):  # fmt: skip
                raise SourceChanged("the columns of the measurements have other names")
        elif self.expects == "put BRO-ID" and first:
            self.stream = f"{self.facts.source}:{first}-{row.whole('1')}:grondwaterstand"
        elif self.expects == "observatie ID" and first:
            self.assessed = row.text("4")
            if self.assessed not in _ASSESSED:
                raise InputRejected("an assessment that is not known")
        elif self.expects == _MEASUREMENTS and first:
            self._value(row)
        elif first and self.expects != "BRO-ID":
            raise InputRejected("a line that belongs to nothing")
        return iter(())

    def _value(self, row: Record) -> None:
        if not self.stream:
            raise InputRejected("a value before it is told of which well")
        moment = row.time("0")
        status = row.find_text("2") or ""
        if status not in _FLAGS:
            raise InputRejected("a status that is not known")
        level = row.measured("1")
        value = Observation(
            self.stream, moment, level, self.facts.received, original=row.find_text("1") or "",
            flag=Flag.MISSING if level is None else _FLAGS[status], told="; ".join((self.assessed, status)),
        )  # fmt: skip
        rank = _ASSESSED.index(self.assessed) if self.assessed in _ASSESSED else len(_ASSESSED)
        known = self.found.get(moment)
        self.twice += known is not None
        if known is None or rank < known[0]:
            self.found[moment] = (rank, value)
