"""Tiny CityJSON documents to read, break and write: a house of 10 by 10 m and 6 m high in Amsterdam."""

from __future__ import annotations

import json
from typing import Any

from tweestad.formats.cityjson.reading import read_city_bytes
from tweestad.model.city_object import CityObject
from tweestad.model.layer import Rejected

ORIGIN = (121_000.0, 487_000.0, 1.0)
# The eight corners in mm from the origin: four at the bottom, four at the top, both counterclockwise.
CORNERS = [[x, y, z] for z in (0, 6000) for x, y in ((0, 0), (10000, 0), (10000, 10000), (0, 10000))]
BOTTOM, TOP = [3, 2, 1, 0], [4, 5, 6, 7]
WALLS = [[0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
SURFACES = [[BOTTOM], [TOP], *([wall] for wall in WALLS)]

Json = dict[str, Any]


def solid(lod: str = "2.2") -> Json:
    """The house as a Solid with semantics."""
    return {
        "type": "Solid",
        "lod": lod,
        "boundaries": [json.loads(json.dumps(SURFACES))],
        "semantics": {
            "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}],
            "values": [[0, 1, 2, 2, 2, 2]],
        },
    }


def outline() -> Json:
    """The ground of the house at LoD 0."""
    return {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3]]]}


def house(*geometries: Json, **members: Any) -> Json:
    """A Building with the geometries given, a solid when there are none."""
    body: Json = {"type": "Building", "attributes": {"bouwjaar": 1905}}
    return {**body, "geometry": list(geometries) or [solid()], **members}


def document(objects: Json | None = None, **members: Any) -> Json:
    """A whole CityJSON 2.0 document with one house."""
    return {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
        "transform": {"scale": [0.001, 0.001, 0.001], "translate": list(ORIGIN)},
        "CityObjects": {"huis": house()} if objects is None else objects,
        "vertices": [list(corner) for corner in CORNERS],
        **members,
    }


def feature(key: str = "huis", **members: Any) -> Json:
    """One line of a CityJSONSeq with one house."""
    body = {"type": "CityJSONFeature", "id": key, "CityObjects": {key: house()}, "vertices": CORNERS}
    return {**body, **members}


def header(**members: Any) -> Json:
    """The first line of a CityJSONSeq."""
    return document({}, vertices=[], **members)


def seq(*lines: Json) -> bytes:
    """Join documents to a CityJSONSeq."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def read(body: Json | bytes, name: str = "stad.city.json", **options: Any) -> list[CityObject | Rejected]:
    """Read a document through the front door."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(read_city_bytes(data, name, **options))


def objects_of(found: list[CityObject | Rejected]) -> list[CityObject]:
    """Only what was taken over."""
    return [item for item in found if isinstance(item, CityObject)]


def reasons_of(found: list[CityObject | Rejected]) -> dict[str, str]:
    """Only what was rejected: reason by object."""
    return {item.object_id: item.reason for item in found if isinstance(item, Rejected)}
