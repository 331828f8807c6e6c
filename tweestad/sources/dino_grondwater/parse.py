"""Groundwater levels and staff gauges of DINOloket: CSV in its old layout and that of 2024.

A file has blocks that each begin with a line `Locatie`: where the well is (once for each time at which its
measuring point moved) and its levels in cm. Only the level to NAP counts, because the measuring point moves.
The first block may be absent, and a well without levels is one sentence. Dates have no time: a value covers
its day, in Dutch winter time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
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
)

_NO_LEVELS = "Van deze put zijn geen standen opgenomen"
_WELL = ("Locatie", "Externe aanduiding", "X-coordinaat", "Y-coordinaat")
_LEVEL = ("Locatie", "Peildatum", "Bijzonderheid")
_TUBE = "Filternummer"
_NAP = ("Stand (cm t.o.v. NAP)", "Stand (cm t.o.v NAP)")
_HEIGHTS = {
    "maaiveld": "Maaiveld (cm t.o.v. NAP)",
    "filter-boven": "Bovenkant filter (cm t.o.v. NAP)",
    "filter-onder": "Onderkant filter (cm t.o.v. NAP)",
}
_DAY = timedelta(days=1)


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The well of one download, and its levels."""
    reading = _Reading(facts)
    yield from each(read_csv(payload, ()), reading.read)
    yield from reading.rest()


class _Reading:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.header: list[str] = []
        self.well: Thing | None = None
        self.streams: set[str] = set()
        self.empty = False

    def read(self, line: Record) -> Iterator[Parsed]:
        """One line: what it is, is told by the last header above it."""
        cells = [line.find_text(name) or "" for name in line.keys()]  # noqa: SIM118 a Record is no mapping
        if cells[0] == "Locatie":
            self.header = cells
            if not self._has(_WELL) and not self._has(_LEVEL):
                raise SourceChanged("a block has columns that are not known")
            if self._has(_LEVEL) and self.well is not None:
                # Before its levels; the last line said where it is now.
                yield self.well
        elif cells[0].startswith(_NO_LEVELS):
            self.empty = True
        elif self.header:
            row = Record(dict(zip(self.header, cells, strict=False)))
            if self._has(_WELL):
                # The last line is the well as it is now.
                self.well = self._thing(row)
            else:
                yield from self._level(row)

    def rest(self) -> Iterator[Parsed]:
        """What there is to say at the end."""
        if not self.header and not self.empty:
            raise SourceChanged("it has no line that begins with Locatie")
        if self.empty:
            yield Skipped("a well without levels", 1)
        elif self.well is None:
            yield Rejected("a well whose place is not told")

    def _has(self, names: tuple[str, ...]) -> bool:
        return all(name in self.header for name in names)

    def _key(self, row: Record) -> str:
        tube = row.text(_TUBE) if _TUBE in self.header else ""
        return f"{row.text('Locatie')}-{tube}" if tube else row.text("Locatie")

    def _thing(self, row: Record) -> Thing:
        heights = {ours: row.find_number(name) for ours, name in _HEIGHTS.items()}
        key = self._key(row)
        return Thing(
            source=self.facts.source,
            key=key,
            name=row.find_text("Externe aanduiding") or key,
            location=Location(row.number("X-coordinaat"), row.number("Y-coordinaat"), crs=28992),
            kind="well" if _TUBE in self.header else "gauge",
            properties={name: cm / 100 for name, cm in heights.items() if cm is not None},
        )

    def _level(self, row: Record) -> Iterator[Parsed]:
        name = next((name for name in _NAP if name in self.header), None)
        if name is None:
            raise SourceChanged("the levels have no column to NAP")
        start = row.time("Peildatum", "+01:00")
        remark = row.find_text("Bijzonderheid") or ""
        cm = row.find_number(name)
        if cm is None and row.find_text("Stand (cm t.o.v. MP)"):
            raise InputRejected("a level that is not told to NAP")
        thing = f"{self.facts.source}:{self._key(row)}"
        observed = "grondwaterstand" if _TUBE in self.header else "waterstand"
        stream = Datastream(thing, observed, "m", period_s=86_400)
        if stream.id not in self.streams:
            self.streams.add(stream.id)
            yield stream
        yield Observation(
            stream.id, start + _DAY, None if cm is None else cm / 100, self.facts.received,
            phenomenon_start=start, told=remark, original=row.find_text(name) or "",
            flag=Flag.MISSING if cm is None else Flag.NOT_EVALUATED,
        )  # fmt: skip
