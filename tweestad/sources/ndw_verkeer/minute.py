"""One minute of NDW measurements, joined with the site table by site, version and index.

A flow is vehicles per hour, summed over the lanes: without one of them there is no sum. A speed is the mean
over lanes weighted by their flow. −1, `dataError` and no input values mean that there is no speed; a flow of
0 without `dataError` is a real 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tweestad.plugin import Datastream, Facts, Flag, InputRejected, Observation, Record, Thing

_VALUES = ("measuredValue", "physicalQuantity")
_FLOW, _SPEED, _DURATION = "vehicleFlowRate", "speed", "duration"
_LARGEST = 100_000.0


@dataclass(slots=True)
class Site:
    """What the table says of one site: its version, and per index the datastream and the lane."""

    version: str
    indexes: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Value:
    """One value: what kind it is, the number (None when there is none), and what the source says of it."""

    kind: str
    number: float | None
    text: str
    told: str = ""
    reference: float | None = None


def sites_of(channels: Mapping[str, tuple[str, ...]]) -> dict[str, Site]:
    """The sites of the loaded table, read from the channels `{site}@{version}#{index}:{lane}`."""
    found: dict[str, Site] = {}
    for channel, streams in channels.items():
        head, mark, tail = channel.rpartition("#")
        if mark:
            key, _, version = head.rpartition("@")
            index, _, lane = tail.partition(":")
            found.setdefault(key, Site(version)).indexes[index] = (streams[0], lane)
    return found


def read_minute(
    facts: Facts, site: Site, element: Any, moment: datetime, published: datetime | None
) -> Iterator[Observation]:
    """The flow, speed or travel time of one site."""
    lanes: dict[str, dict[str, _Value]] = {}
    for value in element:
        index = value.get("index")
        if index in site.indexes:
            stream, lane = site.indexes[index]
            lanes.setdefault(stream, {})[lane] = _read(value)
    if not lanes:
        raise InputRejected("none of its indexes is in the site table")
    flows = next((values for stream, values in lanes.items() if _kind(values) == _FLOW), {})
    expected = _lanes_expected(site)
    for stream, values in lanes.items():
        told = ", ".join(sorted({value.told for value in values.values() if value.told}))
        result = _together(values, flows, expected[stream])
        yield Observation(
            stream, moment, result, facts.received, result_time=published, told=told,
            flag=Flag.MISSING if result is None else Flag.NOT_EVALUATED, original=_original(values),
        )  # fmt: skip
        usual = next((value.reference for value in values.values() if value.reference is not None), None)
        if usual is not None:
            yield Observation(f"{stream}-normaal", moment, usual, facts.received, result_time=published)


def read_untold(
    facts: Facts, key: str, element: Any, moment: datetime, published: datetime | None
) -> Iterator[Thing | Datastream | Observation]:
    """A site of a feed without a site table: its first flow and its first speed, told apart by their kind."""
    thing = Thing(facts.source, key, kind="gauge")
    yield thing
    names = {_FLOW: ("verkeersintensiteit", "/h"), _SPEED: ("verkeerssnelheid", "km/h")}
    for child in element:
        if child.get("index") is None or not names:
            continue
        value = _read(child)
        if value.kind in names:
            stream = Datastream(thing.id, *names.pop(value.kind), period_s=60)
            yield stream
            yield Observation(
                stream.id, moment, value.number, facts.received, result_time=published, told=value.told,
                flag=Flag.MISSING if value.number is None else Flag.NOT_EVALUATED,
            )  # fmt: skip


def moment_of(element: Any, field_name: str = "measurementTimeDefault") -> datetime:
    """The time of a site's measurements: the text itself (v2) or the `timeValue` in it (v3)."""
    found = element.find(f"{{*}}{field_name}")
    if found is None:
        raise InputRejected("it has no time of measurement")
    inner = found.find("{*}timeValue")
    return Record({"time": (found if inner is None else inner).text}).time("time")


def _read(value: Any) -> _Value:
    basic = value.find(".//{*}basicData")
    if basic is None:
        raise InputRejected("a value has no basicData")
    broken = (error := basic.find(".//{*}dataError")) is not None and error.text == "true"
    for kind in (_FLOW, _SPEED, _DURATION):
        found = basic.find(f".//{{*}}{kind}")
        if found is not None:
            told_text = (found.text or "").strip()
            number = _number(told_text)
            if broken:
                return _Value(kind, None, told_text, "dataError")
            if kind != _FLOW and (number == -1 or found.getparent().get("numberOfInputValuesUsed") == "0"):
                return _Value(kind, None, told_text, "geen voertuigen" if kind == _SPEED else "-1")
            if number < 0:
                raise InputRejected("a value is negative")
            return _Value(kind, number, told_text, reference=_reference(value) if kind == _DURATION else None)
    if broken:
        # Some feeds leave the value out beside the error.
        return _Value(_FLOW if basic.find("{*}vehicleFlow") is not None else _SPEED, None, "", "dataError")
    raise InputRejected("a value is neither a flow, a speed nor a travel time")


def _number(text: str | None) -> float:
    try:
        number = float(text or "")
    except ValueError as exc:
        raise InputRejected("a value is not a number") from exc
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise InputRejected("a value is not a number that can be measured")
    return number


def _reference(value: Any) -> float | None:
    found = value.find(".//{*}basicDataReferenceValue//{*}duration")
    return None if found is None else _number(found.text)


def _kind(values: Mapping[str, _Value]) -> str:
    return next(iter(values.values())).kind


def _lanes_expected(site: Site) -> dict[str, int]:
    found: dict[str, int] = {}
    for stream, _ in site.indexes.values():
        found[stream] = found.get(stream, 0) + 1
    return found


def _together(values: Mapping[str, _Value], flows: Mapping[str, _Value], lanes: int) -> float | None:
    numbers = {lane: value.number for lane, value in values.items() if value.number is not None}
    if _kind(values) != _SPEED:
        return math.fsum(numbers.values()) if len(numbers) == lanes else None
    if not numbers:
        return None
    weights = {lane: (flow.number or 0.0) if (flow := flows.get(lane)) else 0.0 for lane in numbers}
    weight = math.fsum(weights.values())
    if not weight:
        return round(math.fsum(numbers.values()) / len(numbers), 3)
    return round(math.fsum(numbers[lane] * weights[lane] for lane in numbers) / weight, 3)


def _original(values: Mapping[str, _Value]) -> str:
    return "; ".join(value.text for _, value in sorted(values.items()))
