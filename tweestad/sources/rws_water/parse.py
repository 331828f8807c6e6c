"""Water levels of Rijkswaterstaat: the replies of its web services (ddapi20), and exports of Waterinfo.

Measured, astronomical and expected series come mixed: only measured ones are taken. Quality code 99 marks a
gap, whose value is then 999999999. Times are Dutch winter time all year (+01:00), in an export without saying
so. An export is written with a decimal comma and lines that end in CR alone, in UTM zone 31 (EPSG:25831).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import BinaryIO

import pyproj

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Skipped,
    Thing,
    each,
    read_csv,
    read_json,
)

# Grootheid and unit of the feed → our property, its unit, and what one of theirs is in ours.
_QUANTITIES = {
    ("WATHTE", "cm"): ("waterstand", "m", 0.01),
    ("WATHTE", "m"): ("waterstand", "m", 1.0),
    ("Q", "m3/s"): ("waterafvoer", "m3/s", 1.0),
    ("T", "oC"): ("watertemperatuur", "Cel", 1.0),
    ("Hm0", "cm"): ("golfhoogte", "cm", 1.0),
}
_GAP = "99"
_MISSING = ("999999999", "-999999999", "9999999999", "")
_NOT_MEASURED = "a computed, astronomical or expected series"
_COLUMNS = (
    "MEETPUNT_IDENTIFICATIE", "GROOTHEID_ CODE", "EENHEID_CODE", "HOEDANIGHEID_CODE", "WAARNEMINGDATUM",
    "NUMERIEKEWAARDE", "KWALITEITSOORDEEL_CODE", "STATUSWAARDE", "EPSG", "X", "Y",
)  # fmt: skip


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The locations there are, the last measured values, or an export, as `facts.part` says."""
    if facts.part == "export":
        known: set[str] = set()
        yield from each(read_csv(payload, _COLUMNS, ";"), partial(_exported, facts, known))
        return
    document = read_json(payload)
    if facts.part == "catalogue":
        yield from each(document.records("LocatieLijst"), partial(_place, facts))
        return
    series = document.records("WaarnemingenLijst")
    if not series:
        yield Skipped("the source has no values for the time that was asked", 0)
    yield from each(series, partial(_series, facts))


def _place(facts: Facts, row: Record) -> Iterator[Parsed]:
    system = row.text("Coordinatenstelsel")
    if system in ("ETRS89", "4258", "EPSG:4258"):
        where = Location(row.number("Lon"), row.number("Lat"), crs=4258)
    else:
        where = _from_utm(system, row.number("X"), row.number("Y"))
    yield Thing(facts.source, row.text("Code"), row.text("Naam"), where, "gauge")


def _from_utm(system: str, x: float, y: float) -> Location:
    if system not in ("25831", "EPSG:25831"):
        raise InputRejected("a position in a reference system that is not read")
    lon, lat = pyproj.Transformer.from_crs(25831, 4258, always_xy=True).transform(x, y)
    return Location(round(lon, 8), round(lat, 8), crs=4258)


def _series(facts: Facts, row: Record) -> Iterator[Parsed]:
    aquo = row.record("AquoMetadata")
    values = row.records("MetingenLijst")
    if (process := aquo.find_text("ProcesType")) is None:
        raise InputRejected("a series does not say whether it was measured")
    if process != "meting":
        yield Skipped(_NOT_MEASURED, len(values))
        return
    place = row.text("Locatie/Code")
    quantity, unit = aquo.text("Grootheid/Code"), aquo.text("Eenheid/Code")
    reference = aquo.find_text("Hoedanigheid/Code") or ""
    stream, factor = _stream(f"{facts.source}:{place}", quantity, unit, reference)
    yield stream
    for value in values:
        yield from each([value], partial(_value, facts, stream, factor))


def _stream(thing: str, quantity: str, unit: str, reference: str) -> tuple[Datastream, float]:
    found = _QUANTITIES.get((quantity, unit))
    if found is None:
        raise InputRejected("a quantity that the vocabulary does not have")
    observed, ours, factor = found
    if observed == "waterstand" and reference != "NAP":
        raise InputRejected("a water level that is not in NAP")
    return Datastream(thing, observed, ours), factor


def _value(facts: Facts, stream: Datastream, factor: float, row: Record) -> Iterator[Observation]:
    told = row.record("WaarnemingMetadata")
    quality = told.find_text("Kwaliteitswaardecode") or told.text("KwaliteitswaardecodeLijst/0")
    status = told.find_text("Statuswaarde") or "onbekend"
    value = row.find_number("Meetwaarde/Waarde_Numeriek", missing=_MISSING)
    if value is None and quality != _GAP and "Meetwaarde/Waarde_Numeriek" not in row:
        raise InputRejected("a value is missing without a gap")
    yield _observation(facts, stream, row.time("Tijdstip"), value, factor, quality, status,
                       row.find_text("Meetwaarde/Waarde_Numeriek") or "")  # fmt: skip


def _observation(  # noqa: PLR0913, PLR0917 a value is all of these
    facts: Facts, stream: Datastream, moment: datetime, value: float | None, factor: float, quality: str,
    status: str, original: str,
) -> Observation:  # fmt: skip
    if quality == _GAP:
        value = None
    flag = Flag.MISSING if value is None else Flag.GOOD if status == "Gecontroleerd" else Flag.NOT_EVALUATED
    return Observation(
        stream.id, moment, None if value is None else round(value * factor, 6), facts.received, flag=flag,
        told=f"{status}; {quality}", original=original,
    )  # fmt: skip


def _exported(facts: Facts, known: set[str], row: Record) -> Iterator[Parsed]:
    name = row.text("MEETPUNT_IDENTIFICATIE")
    quantity = row.text("GROOTHEID_ CODE")
    if quantity == "WATHTBRKD" or quantity.startswith("WATHTEVERWACHT"):
        yield Skipped(_NOT_MEASURED)
        return
    thing = Thing(
        facts.source, row.find_text("LOCATIE_CODE") or name, name,
        _from_utm(row.text("EPSG"), row.number("X", decimal=","), row.number("Y", decimal=",")), "gauge",
    )  # fmt: skip
    stream, factor = _stream(thing.id, quantity, row.text("EENHEID_CODE"), row.text("HOEDANIGHEID_CODE"))
    clock = row.find_text("WAARNEMINGTIJD") or row.text("WAARNEMINGTIJD (MET/CET)")
    moment = Record({"time": f"{row.text('WAARNEMINGDATUM')} {clock}"}).time("time", "+01:00")
    value = row.measured("NUMERIEKEWAARDE", missing=_MISSING, decimal=",")
    if thing.id not in known:
        known.add(thing.id)
        yield thing
        yield stream
    yield _observation(facts, stream, moment, value, factor, row.text("KWALITEITSOORDEEL_CODE"),
                       row.text("STATUSWAARDE"), row.find_text("NUMERIEKEWAARDE") or "")  # fmt: skip
