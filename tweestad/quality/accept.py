"""The one gate for all that comes in: units and places become ours, checks raise flags, all is counted.

What a source sends stays readable: a value that was converted keeps what was written and its unit in
`original`. Nothing is deleted for being odd; only a record that cannot be placed or counted is rejected.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import shapely

from tweestad.crs import ETRS89, RD, RD_NAP, WGS84, project, reproject_geometries
from tweestad.errors import InputRejected
from tweestad.model.observation import Flag, Observation
from tweestad.model.observed_property import ObservedProperty
from tweestad.model.reading import Arrival
from tweestad.model.received import Follow, Parsed, Rejected, Skipped
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.quality.checks import checked, needs_history
from tweestad.units import can_convert, convert, find_unit
from tweestad.vocabulary.properties import get_property

Earlier = Callable[[str, datetime], Sequence[Observation]]
"""The values of a datastream before a moment, oldest first: as many as are at hand."""
_OUTSIDE = "it lies outside the coordinates of the Netherlands"


@dataclass(frozen=True, slots=True)
class Counts:
    """Records of one answer. `flagged` are accepted values that are suspect, bad or missing."""

    accepted: int = 0
    flagged: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    skipped: int = 0
    newest: datetime | None = None

    @property
    def refused(self) -> int:
        return sum(self.rejected.values())


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate knows of a source. `properties` are those of its manifest.

    `units` are the units of datastreams that earlier answers described, where those are not ours.
    """

    properties: Collection[str]
    units: Mapping[str, str] = field(default_factory=dict)
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What may be stored, the counts, and the units of datastreams whose values have to be converted."""

    arrival: Arrival
    counts: Counts
    units: Mapping[str, str]


def accept(items: Iterable[Parsed], arrival: Arrival, gate: Gate) -> Accepted:
    """Check what came out of one answer and put it into `arrival`, which says whose it is and when it came.

    `Follow` is not for the gate: the caller has taken those out.
    """
    things: list[Thing] = []
    streams: list[Datastream] = []
    values: defaultdict[str, list[Observation]] = defaultdict(list)
    refused: Counter[str] = Counter()
    skipped = 0
    for item in items:
        if isinstance(item, Thing):
            things.append(item)
        elif isinstance(item, Datastream):
            streams.append(item)
        elif isinstance(item, Observation):
            values[item.datastream].append(item)
        elif isinstance(item, Rejected):
            refused[item.reason] += 1
        elif isinstance(item, Skipped):
            skipped += item.count
        elif isinstance(item, Follow):
            raise TypeError("a Follow is fetched, not accepted")
    placed, unplaced = _placed(things)
    if unplaced:
        refused[_OUTSIDE] += len(unplaced)
        streams = [each for each in streams if each.thing not in unplaced]
        values = _without(values, unplaced)
    units = dict(gate.units)
    ours = tuple(_in_our_unit(each, units) for each in streams)
    found = tuple(each for stream, told in values.items() for each in _valued(stream, told, units, gate))
    counts = Counts(
        accepted=len(placed) + len(found),
        flagged=sum(each.flag >= Flag.SUSPECT for each in found),
        rejected=dict(refused),
        skipped=skipped,
        newest=max((each.phenomenon for each in found if each.result is not None), default=None),
    )
    whole = replace(arrival, things=tuple(placed), datastreams=ours, observations=found)
    return Accepted(whole, counts, units)


def observed_of(stream: str, properties: Collection[str]) -> str | None:
    """The property in the id of a datastream, `{thing}:{property}[:{method}]`."""
    ends = stream.rsplit(":", 2)
    return next((each for each in (ends[-1], ends[-2] if len(ends) > 1 else "") if each in properties), None)


def _without(
    values: Mapping[str, list[Observation]], things: Collection[str]
) -> defaultdict[str, list[Observation]]:
    kept: defaultdict[str, list[Observation]] = defaultdict(list)
    for stream, told in values.items():
        if not any(stream.startswith(f"{each}:") for each in things):
            kept[stream] = told
    return kept


def _in_our_unit(stream: Datastream, units: dict[str, str]) -> Datastream:
    """The datastream in the unit of the vocabulary; one that cannot be converted stays as it is told."""
    observed = get_property(stream.observed)
    told = find_unit(stream.unit) if stream.unit else ""
    units.pop(stream.id, None)
    if told == observed.unit:
        return replace(stream, unit=observed.unit)
    units[stream.id] = told or stream.unit
    if told and observed.unit and can_convert(told, observed.unit):
        return replace(stream, unit=observed.unit)
    return stream


def _valued(
    stream: str, told: list[Observation], units: Mapping[str, str], gate: Gate
) -> Iterable[Observation]:
    name = observed_of(stream, gate.properties)
    if name is None:
        return told
    observed = get_property(name)
    unit = units.get(stream)
    if unit is not None and not (observed.unit and can_convert(unit, observed.unit)):
        # Of a number in a unit that nobody knows, nothing can be said.
        return [replace(each, flag=max(each.flag, Flag.NOT_EVALUATED)) for each in told]
    ours = sorted((_in_numbers(each, observed, unit) for each in told), key=lambda each: each.phenomenon)
    asks = gate.earlier if needs_history(observed) else None
    return checked(observed, ours, asks(stream, ours[0].phenomenon) if asks else ())


def _in_numbers(value: Observation, observed: ObservedProperty, unit: str | None) -> Observation:
    """The value in our unit. `original` keeps what was written, with its unit when that is another."""
    result = value.result
    if isinstance(result, int | float) and not isinstance(result, bool):
        result = float(result)
    written = value.original or ("" if result is None else f"{result}")
    if unit is None or not isinstance(result, float):
        return replace(value, result=result, original=written)
    turned = convert(result, unit, observed.unit)
    # Twelve digits: 1.32 m must not become 1.3200000000000001 m.
    return replace(value, result=float(f"{turned:.12g}"), original=f"{written} {unit}")


def _placed(things: Sequence[Thing]) -> tuple[list[Thing], set[str]]:
    """The things in RD, all at once; and the ids of those that have no place there."""
    try:
        return [replace(t, location=w) for t, w in zip(things, _in_rd(things), strict=True)], set()
    except InputRejected:
        placed, unplaced = [], set()
        for thing in things:
            try:
                placed.append(replace(thing, location=_in_rd([thing])[0]))
            except InputRejected:
                unplaced.add(thing.id)
        return placed, unplaced


def _in_rd(things: Sequence[Thing]) -> list[Location | None]:
    found: list[Location | None] = [each.location for each in things]
    for crs in {where.crs for where in found if where is not None}:
        which = [n for n, where in enumerate(found) if where is not None and where.crs == crs]
        there = [where for where in (found[n] for n in which) if where is not None]
        xy = project(np.array([(where.x, where.y) for where in there]), crs).round(3)
        shapes = _shapes(there, crs)
        for n, where, (x, y), shape in zip(which, there, xy, shapes, strict=True):
            found[n] = replace(where, x=float(x), y=float(y), crs=RD, shape=shape)
    return found


def _shapes(there: Sequence[Location], crs: int) -> list[bytes | None]:
    shapes = [where.shape for where in there]
    which = [n for n, shape in enumerate(shapes) if shape is not None]
    if which and crs in (WGS84, ETRS89, RD, RD_NAP):
        told = np.array([shapely.from_wkb(shapes[n]) for n in which], dtype=object)
        for n, shape in zip(which, reproject_geometries(shapely.force_2d(told), crs), strict=True):
            shapes[n] = shapely.to_wkb(shape)
    return shapes
