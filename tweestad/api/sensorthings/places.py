"""Where a path of the service leads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException

from tweestad.api.sensorthings.addresses import Segment, entity_path
from tweestad.api.sensorthings.entities import COLLECTIONS, ID_NAMES, SELF_NAMES, TYPES, Kind
from tweestad.api.sensorthings.graph import Graph, reach_of
from tweestad.api.sensorthings.reach import Reach
from tweestad.api.sensorthings.rows import Row
from tweestad.errors import NotFound

# Parts of SensorThings that other servers have: to name them is no mistake of the client.
ELSEWHERE = frozenset(
    {
        "MultiDatastreams",
        "Actuators",
        "TaskingCapabilities",
        "Tasks",
        "CreateObservations",
        "$batch",
        "$metadata",
    }
)
REF, VALUE = Segment("$ref"), Segment("$value")


@dataclass(frozen=True, slots=True)
class Place:
    """A collection within `reach`, or one entity `row`, or its property `name`.

    `form` is `$ref` or `$value` when the path ends in one. `address` is the path as answers write it.
    """

    kind: Kind
    address: str
    reach: Reach
    row: Row | None = None
    name: str = ""
    form: str = ""


def find_place(graph: Graph, steps: tuple[Segment, ...]) -> Place:
    """The end of a path; raises NotFound, or HTTPException(501) for what other servers have."""
    if not steps or steps[0].name not in COLLECTIONS:
        if steps and steps[0].name in ELSEWHERE:
            raise HTTPException(501)
        raise NotFound("")
    first, *rest = steps
    place = _entered(graph, Place(COLLECTIONS[first.name], first.name, Reach()), first)
    for step in rest:
        place = _onward(graph, place, step)
    return place


def _entered(graph: Graph, collection: Place, step: Segment) -> Place:
    """The collection, or the entity of it that the step names."""
    if step.id is None:
        return collection
    row = graph.find(collection.kind, step.id, collection.reach)
    if row is None:
        raise NotFound(f"Er is geen {collection.kind} ‘{step.id[:200]}’.")
    return _at(row)


def _at(row: Row) -> Place:
    return Place(row.kind, entity_path(row.kind, row.id), Reach(), row)


def _onward(graph: Graph, place: Place, step: Segment) -> Place:
    if place.row is None or place.name or place.form:
        if place.form or step != (VALUE if place.name else REF):
            raise NotFound("")
        return replace(place, form=step.name)
    if step.name in TYPES[place.kind].links:
        return _followed(graph, place, place.row, step)
    if step == REF:
        return replace(place, form=step.name)
    if step.id is None and step.name in {*TYPES[place.kind].properties, *ID_NAMES, *SELF_NAMES}:
        return replace(place, name=step.name)
    raise NotFound(f"Een {place.kind} heeft geen ‘{step.name[:80]}’.")


def _followed(graph: Graph, place: Place, row: Row, step: Segment) -> Place:
    link = TYPES[row.kind].links[step.name]
    if link.many:
        return _entered(graph, Place(link.kind, f"{place.address}/{step.name}", reach_of(row)), step)
    other = next(graph.related(row, step.name), None)
    if other is None or step.id is not None:
        raise NotFound(f"Deze {row.kind} heeft geen {step.name}.")
    return _at(other)
