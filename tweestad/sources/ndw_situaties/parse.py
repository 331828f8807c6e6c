"""NDW traffic messages in DATEX II v2.3 and v3: incidents, queues, works, detours, bridges and zones.

One physical work is several records (a closure, its detour, a lower speed): each is a thing, and `groep`
holds the id of their situation. Many have no end, and some have no place: both are normal. The line of a
detour is no closure. A bridge is the same thing every time it opens; when it is not in the snapshot it is
closed. Elements are read by local name, without a schema: emission zones use one that no schema has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    InputRejected,
    Observation,
    Parsed,
    Record,
    Rejected,
    Skipped,
    SourceChanged,
    Thing,
    read_xml,
)
from tweestad.sources.ndw_situaties.places import find_location

_ROOTS = ("Envelope", "d2LogicalModel", "messageContainer", "payload")
_FRAMES = ("payload", "payloadPublication", "controlledZoneTable")
_HEAD = frozenset(
    {"publicationTime", "publicationCreator", "headerInformation", "controlledZoneTable", "tableVersionTime"}
)
_KINDS = {
    "Accident": "incident", "VehicleObstruction": "incident", "GeneralObstruction": "incident",
    "AnimalPresenceObstruction": "incident", "EnvironmentalObstruction": "incident",
    "InfrastructureDamageObstruction": "incident", "AbnormalTraffic": "queue",
    "RoadOrCarriagewayOrLaneManagement": "closure", "MaintenanceWorks": "works", "ConstructionWorks": "works",
    "ReroutingManagement": "detour", "SpeedManagement": "speed", "PublicEvent": "event",
    "PoorEnvironmentConditions": "conditions", "NonWeatherRelatedRoadConditions": "conditions",
    "WeatherRelatedRoadConditions": "conditions",
}  # fmt: skip
_SUBTYPE = re.compile(r"(?:.*[a-z])?Type\Z|obstructionType\Z")
_NEVER = "2999"
_RAW = 400


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every situation record or zone; a snapshot without any is whole too, as at a quiet night."""
    count = 0
    framed = False
    for element in read_xml(payload, ("situation", "urbanVehicleAccessRegulation", *_FRAMES), _ROOTS):
        name = element.tag.rpartition("}")[2]
        if name in _FRAMES:
            framed = True
            _check(element, count)
            continue
        count += 1
        if name == "situation":
            yield from _situation(facts, element)
        else:
            yield from _guarded(element, partial(_zone, facts))
    if not framed:
        raise SourceChanged("it holds no publication")
    if not count:
        yield Skipped("there are no messages", 0)


def _check(frame: Any, count: int) -> None:
    """What has not been read is still in the frame: a new name for a message must not look like silence."""
    unknown = {child.tag.rpartition("}")[2] for child in frame if isinstance(child.tag, str)} - _HEAD
    unknown -= {"situation", "urbanVehicleAccessRegulation"}
    if unknown and not count:
        raise SourceChanged(f"it holds ‘{min(unknown)[:80]}’ and no message")


def _situation(facts: Facts, situation: Any) -> Iterator[Parsed]:
    group = situation.get("id") or ""
    records = situation.findall("{*}situationRecord")
    severity = situation.find("{*}overallSeverity")
    if not records:
        yield Rejected("a situation without records", group[:_RAW])
    for record in records:
        read = partial(_record, facts, group, "" if severity is None else severity.text or "")
        yield from _guarded(record, read)


def _guarded(element: Any, read: Any) -> Iterator[Parsed]:
    try:
        yield from list(read(element))
    except InputRejected as exc:
        yield Rejected(exc.reason, f"{element.get('id')} version {element.get('version')}"[:_RAW])


def _record(facts: Facts, group: str, severity: str, element: Any) -> Iterator[Parsed]:
    record = Record.of(element)
    kind = record.text("@type").rpartition(":")[2]
    subtype = _subtype(record)
    bridge = subtype == "bridgeSwingInOperation"
    category = "bridge" if bridge else _KINDS.get(kind, "other")
    key = record.text("@id")
    told = {
        "groep": group,
        "soort": kind,
        "type": subtype,
        "oorzaak": record.find_text("cause/causeType") or "",
        "toelichting": _comment(record),
        "ernst": severity if severity != "unknown" else "",
        "bron": record.find_text("source/sourceName/values/value") or "",
    }
    period = record.record("validity/validityTimeSpecification")
    thing = Thing(
        source=facts.source,
        key=_bridge_key(key) if bridge else key,
        name=told["toelichting"],
        kind=category,
        location=find_location(element),
        properties={name: text for name, text in told.items() if text},
        since=period.time("overallStartTime"),
        until=_end(period),
    )
    moment = record.time("situationRecordVersionTime")
    yield thing
    stream = Datastream(thing.id, "brug-open" if bridge else "verkeersmelding", "")
    yield stream
    yield Observation(stream.id, moment, True if bridge else category, facts.received, original=kind)


def _bridge_key(key: str) -> str:
    """`<prefix>_<bridge>_<event>[_<record>]`: without the event it is the bridge."""
    parts = key.split("_")
    return "_".join(parts[:2]) if len(parts) > 2 else key


def _subtype(record: Record) -> str:
    for name in record.keys():  # noqa: SIM118 a Record is no mapping
        if _SUBTYPE.match(name) and (told := record.find_text(name)):
            return told
    return ""


def _comment(record: Record) -> str:
    told = [
        text
        for comment in record.find_records("generalPublicComment")
        if (text := comment.find_text("comment/values/value"))
    ]
    return " ".join(dict.fromkeys(told))


def _end(period: Record) -> datetime | None:
    told = period.find_text("overallEndTime")
    return None if told is None or told.startswith(_NEVER) else period.time("overallEndTime")


def _zone(facts: Facts, element: Any) -> Iterator[Parsed]:
    record = Record.of(element)
    where = find_location(element)
    if where is None:
        raise InputRejected("a zone without an area")
    period = next(element.iter("{*}validityTimeSpecification"), None)
    validity = Record({}) if period is None else Record.of(period)
    thing = Thing(
        source=facts.source,
        key=record.text("@id"),
        name=record.text("name/values/value"),
        kind="zone",
        location=where,
        properties={
            name: text
            for name, path in {"soort": "controlledZoneType", "uitleg": "urlForFurtherInformation"}.items()
            if (text := record.find_text(path))
        },
        since=validity.find_time("overallStartTime"),
        until=_end(validity),
    )
    yield thing
    stream = Datastream(thing.id, "verkeersmelding", "")
    yield stream
    moment = record.time("controlledZoneRecordVersionTime")
    yield Observation(stream.id, moment, "zone", facts.received, original=record.text("status"))
