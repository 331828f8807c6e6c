"""The NDW site table: which sites there are, and what each index of their measurements means.

What an index means is told here alone, and differs per site: only indexes of all vehicles together are used,
because a lorry index beside them counts the same vehicles again. A channel is
`{site}@{version}#{index}:{lane}`, so that a minute of another version of a site fits no channel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tweestad.plugin import Datastream, Facts, InputRejected, Location, Record, Thing

_FLOW, _SPEED, _TIME = "trafficFlow", "trafficSpeed", "travelTimeInformation"
STREAMS = {
    _FLOW: ("verkeersintensiteit", "/h"),
    _SPEED: ("verkeerssnelheid", "km/h"),
    _TIME: ("reistijd", "s"),
}


def position(element: Any) -> tuple[float, float] | None:
    """The first longitude and latitude inside an element; None when there are none."""
    lat = element.find(".//{*}latitude")
    lon = element.find(".//{*}longitude")
    if lat is None or lon is None:
        return None
    try:
        return float(lon.text), float(lat.text)
    except (TypeError, ValueError) as exc:
        raise InputRejected("a position cannot be read") from exc


def read_site(facts: Facts, element: Any) -> Iterator[Thing | Datastream]:
    """The thing of a site, and a datastream for each kind of value it gives for all vehicles together."""
    site = Record.of(element)
    key, version = site.text("@id"), site.text("@version")
    found = position(element)
    if found is None:
        raise InputRejected("it has no position")
    channels = _channels(site, f"{key}@{version}")
    if not channels:
        raise InputRejected("it measures nothing for all vehicles together")
    thing = Thing(
        source=facts.source,
        key=key,
        name=_name(site) or key,
        kind="segment" if _TIME in channels else "gauge",
        location=Location(*found),
        properties=_properties(site, element),
    )
    yield thing
    for kind, names in channels.items():
        observed, unit = STREAMS[kind]
        yield Datastream(thing.id, observed, unit, period_s=60, channels=tuple(names))
        if kind == _TIME:
            yield Datastream(thing.id, "reistijd-normaal", "s")


def _channels(site: Record, prefix: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for outer in site.records("measurementSpecificCharacteristics"):
        index = outer.whole("@index")
        told = outer.record("measurementSpecificCharacteristics")
        kind = told.text("specificMeasurementValueType")
        vehicles = told.find_record("specificVehicleCharacteristics")
        if kind in STREAMS and (vehicles is None or vehicles.values() == {"vehicleType": "anyVehicle"}):
            lane = told.find_text("specificLane/laneNumber") or told.find_text("specificLane") or "all"
            found.setdefault(kind, []).append(f"{prefix}#{index}:{lane}")
    return found


def _name(site: Record) -> str:
    return site.find_text("measurementSiteName/values/value") or ""


def _properties(site: Record, element: Any) -> dict[str, str | int | float | None]:
    found: dict[str, str | int | float | None] = {}
    if (direction := element.find(".//{*}alertCDirectionCoded")) is not None and direction.text:
        found["richting"] = direction.text.strip()
    if (bearing := element.find(".//{*}bearing")) is not None and bearing.text:
        found["koers"] = bearing.text.strip()
    if (lanes := site.find_number("measurementSiteNumberOfLanes")) is not None:
        found["rijstroken"] = int(lanes)
    return found
