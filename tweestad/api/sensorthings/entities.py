"""The entities of SensorThings: what they are called, what they have, and to what they lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "Thing",
    "Location",
    "HistoricalLocation",
    "Datastream",
    "Sensor",
    "ObservedProperty",
    "Observation",
    "FeatureOfInterest",
]
ID_NAMES = frozenset({"id", "@iot.id"})
SELF_NAMES = frozenset({"selfLink", "@iot.selfLink"})


@dataclass(frozen=True, slots=True)
class Link:
    """To what it leads, and whether to many."""

    kind: Kind
    many: bool = False


@dataclass(frozen=True, slots=True)
class EntityType:
    """`plural` is the name of its collection; `deep` are the properties that hold others."""

    kind: Kind
    plural: str
    properties: tuple[str, ...]
    links: Mapping[str, Link]
    deep: frozenset[str] = field(default_factory=lambda: frozenset({"properties"}))


_THINGS, _LOCATIONS = Link("Thing", many=True), Link("Location", many=True)
_PAST, _STREAMS = Link("HistoricalLocation", many=True), Link("Datastream", many=True)
_OBSERVATIONS = Link("Observation", many=True)

TYPES: Mapping[Kind, EntityType] = {
    "Thing": EntityType(
        "Thing",
        "Things",
        ("name", "description", "properties"),
        {"Locations": _LOCATIONS, "HistoricalLocations": _PAST, "Datastreams": _STREAMS},
    ),
    "Location": EntityType(
        "Location",
        "Locations",
        ("name", "description", "encodingType", "location", "properties"),
        {"Things": _THINGS, "HistoricalLocations": _PAST},
        frozenset({"properties", "location"}),
    ),
    "HistoricalLocation": EntityType(
        "HistoricalLocation",
        "HistoricalLocations",
        ("time",),
        {"Thing": Link("Thing"), "Locations": _LOCATIONS},
    ),
    "Datastream": EntityType(
        "Datastream",
        "Datastreams",
        (
            "name",
            "description",
            "observationType",
            "unitOfMeasurement",
            "observedArea",
            "phenomenonTime",
            "resultTime",
            "properties",
        ),
        {
            "Thing": Link("Thing"),
            "Sensor": Link("Sensor"),
            "ObservedProperty": Link("ObservedProperty"),
            "Observations": _OBSERVATIONS,
        },
        frozenset({"properties", "unitOfMeasurement", "observedArea"}),
    ),
    "Sensor": EntityType(
        "Sensor",
        "Sensors",
        ("name", "description", "encodingType", "metadata", "properties"),
        {"Datastreams": _STREAMS},
    ),
    "ObservedProperty": EntityType(
        "ObservedProperty",
        "ObservedProperties",
        ("name", "definition", "description", "properties"),
        {"Datastreams": _STREAMS},
    ),
    "Observation": EntityType(
        "Observation",
        "Observations",
        ("phenomenonTime", "result", "resultTime", "resultQuality", "validTime", "parameters"),
        {"Datastream": Link("Datastream"), "FeatureOfInterest": Link("FeatureOfInterest")},
        frozenset({"resultQuality", "parameters"}),
    ),
    "FeatureOfInterest": EntityType(
        "FeatureOfInterest",
        "FeaturesOfInterest",
        ("name", "description", "encodingType", "feature", "properties"),
        {"Observations": _OBSERVATIONS},
        frozenset({"properties", "feature"}),
    ),
}

COLLECTIONS: Mapping[str, Kind] = {each.plural: each.kind for each in TYPES.values()}


def unknown_step(kind: Kind, steps: tuple[str, ...]) -> str | None:
    """The first step of a path from this entity that leads nowhere, or None when all of it is known."""
    for at, step in enumerate(steps):
        link = TYPES[kind].links.get(step)
        if link is not None:
            kind = link.kind
            continue
        rest = steps[at + 1 :]
        if step in ID_NAMES | SELF_NAMES or (step in TYPES[kind].properties and not rest):
            return rest[0] if rest else None
        # What `properties` holds differs from thing to thing: a name that is not there is null.
        return None if step in TYPES[kind].deep else step
    return steps[-1]
