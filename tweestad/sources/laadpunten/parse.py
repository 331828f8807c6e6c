"""Charging points: an array of OCPI 2.2.1 locations, or DATEX II v3.6 (AFIR) as JSON.

A location is a thing; free are the EVSEs that say AVAILABLE, and only those: UNKNOWN is not free, and a
location without EVSEs is unknown. Coordinates are text and may be absent. The same location may be there
twice: the one that was updated last counts. A known fault of the feed is a power that is a thousand times too
large: an AC connector cannot give more than its voltage, current and phases allow, and that is then told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
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
    Thing,
    each,
    read_json,
)

_STATUSES = frozenset(
    [
        "AVAILABLE",
        "BLOCKED",
        "CHARGING",
        "INOPERATIVE",
        "OUTOFORDER",
        "PLANNED",
        "REMOVED",
        "RESERVED",
        "UNKNOWN",
    ]
)
_NOT_THERE = ("PLANNED", "REMOVED")
_PHASES = {"AC_1_PHASE": 1, "AC_2_PHASE": 2, "AC_2_PHASE_SPLIT": 2, "AC_3_PHASE": 3, "DC": 1}
_TOLERANCE = 1.05
_MOST_W = 1_500_000


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every location; what the payload is, is told by its form."""
    document = read_json(payload)
    if "payload" in document:
        tables = [
            table
            for message in document.records("payload")
            for table in message.records("egiEnergyInfrastructureTablePublication/energyInfrastructureTable")
        ]
        sites = [site for table in tables for site in table.records("energyInfrastructureSite")]
        yield from each(sites, partial(_site, facts))
        return
    latest: dict[str, tuple[datetime, Record]] = {}
    for row in document.records("items"):
        try:
            key, updated = _key(row), row.time("last_updated", "UTC")
        except InputRejected as exc:
            yield Rejected(exc.reason, row.raw())
            continue
        known = latest.get(key)
        if known is not None:
            yield Skipped("an older copy of a location")
        if known is None or updated > known[0]:
            latest[key] = (updated, row)
    yield from each((row for _, row in latest.values()), partial(_location, facts))


def _key(row: Record) -> str:
    parts = (row.find_text("country_code"), row.find_text("party_id"), row.text("id"))
    return "*".join(part for part in parts if part)


def _location(facts: Facts, row: Record) -> Iterator[Parsed]:
    evses = row.records("evses")
    where = row.record("coordinates")
    powers, doubts = [], []
    for evse in evses:
        for connector in evse.records("connectors"):
            power, doubt = _power_w(connector)
            powers.append(power)
            doubts += [Rejected(doubt, f"{_key(row)}: {connector.raw()}")] if doubt else []
    told = {
        "adres": row.find_text("address"),
        "plaats": row.find_text("city"),
        "exploitant": row.find_text("operator/name"),
        "laadvermogen": max(powers) / 1000 if powers else None,
    }
    thing = Thing(
        source=facts.source,
        key=_key(row),
        name=row.find_text("name") or row.find_text("address") or _key(row),
        location=Location(where.number("longitude"), where.number("latitude")),
        kind="charging",
        properties={name: value for name, value in told.items() if value is not None},
    )
    yield thing
    yield from doubts
    yield from _counts(facts, thing, row, evses)


def _counts(facts: Facts, thing: Thing, row: Record, evses: list[Record]) -> Iterator[Parsed]:
    statuses = [evse.text("status") for evse in evses]
    if unknown := [status for status in statuses if status not in _STATUSES]:
        raise InputRejected(f"a status that OCPI does not have: {unknown[0][:40]}")
    moment = max([row.time("last_updated", "UTC"), *(evse.time("last_updated", "UTC") for evse in evses)])
    there = [status for status in statuses if status not in _NOT_THERE]
    known = [status for status in there if status != "UNKNOWN"]
    free = float(there.count("AVAILABLE")) if known else None
    flag = Flag.MISSING if free is None else Flag.SUSPECT if len(known) < len(there) else Flag.NOT_EVALUATED
    words = ", ".join(sorted(set(statuses)))
    for observed, result, judged in (
        ("laadpunten-totaal", float(len(there)), Flag.NOT_EVALUATED),
        ("laadpunten-vrij", free, flag),
    ):
        stream = Datastream(thing.id, observed, "1")
        yield stream
        yield Observation(stream.id, moment, result, facts.received, flag=judged, told=words)


def _power_w(connector: Record) -> tuple[float, str]:
    """The power of a connector in watts, and what is wrong with what was told."""
    kind = connector.text("power_type")
    if kind not in _PHASES:
        raise InputRejected("a kind of power that OCPI does not have")
    reckoned = connector.number("max_voltage") * connector.number("max_amperage") * _PHASES[kind]
    told = connector.find_number("max_electric_power")
    if kind == "DC":
        power = reckoned if told is None else told
        return (power, "") if 0 < power <= _MOST_W else (0.0, "a DC power that no charging point has")
    if told is None:
        return reckoned, ""
    if told > reckoned * _TOLERANCE:
        return reckoned, "an AC power above what voltage, current and phases allow: reckoned from those"
    return told, ""


def _site(facts: Facts, row: Record) -> Iterator[Parsed]:
    where = row.record("locationReference/locPointLocation/pointByCoordinates/pointCoordinates")
    points = [
        point.record("egiElectricChargingPoint")
        for station in row.records("energyInfrastructureStation")
        for point in station.records("refillPoint")
    ]
    thing = Thing(
        source=facts.source,
        key=row.text("idG"),
        name=row.text("name/values/value"),
        location=Location(where.number("longitude"), where.number("latitude")),
        kind="charging",
    )
    yield thing
    stream = Datastream(thing.id, "laadpunten-totaal", "1")
    yield stream
    yield Observation(stream.id, row.time("lastUpdated"), float(len(points)), facts.received)
