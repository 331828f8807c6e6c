"""One CityJSON document or one line of a CityJSONSeq: its header, its vertices and its objects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tweestad.crs import RD, RD_NAP, epsg_of
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.cityjson.choice import Choice
from tweestad.formats.cityjson.instances import Pool, Templates, read_templates
from tweestad.formats.cityjson.tree import Entry, pieces_of
from tweestad.formats.cityjson.vertices import Transform, read_transform, vertex_list
from tweestad.formats.json_faults import TOO_DEEP, TRUNCATED
from tweestad.formats.safe_json import Limits, collector_paused, parse_json
from tweestad.model.layer import Rejected

_VERSION = re.compile(r"(0\.8|0\.9|1\.0|1\.1|2\.0)(\.\d+)?\Z")
_ONLY_RD = "a city model is read in Dutch RD only (EPSG:28992 or EPSG:7415)"
_WITH_TRANSFORM = ("1.1", "2.0")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """What holds for every object of a file: the transform, and the templates that they may place."""

    transform: Transform
    templates: Templates


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What one document holds: its entries in order, the keys they use up, and its vertices.

    `numbers`: float64 (n, 3), the vertices as they stand in the file, before the transform.
    """

    entries: list[Entry]
    keys: frozenset[str]
    numbers: Floats


@collector_paused()
def read_document(
    text: bytes, name: str, crs: int | None, choice: Choice, limits: Limits
) -> tuple[Header, Content]:
    """Read a whole CityJSON file, or the header of a Seq, which holds no objects.

    Raises InputRejected and LimitExceeded, with the file's name.
    """
    document = parse_json(text, name, limits)
    try:
        body = _header(document)
        _check_crs(body, crs)
        header = Header(
            read_transform(body.get("transform"), required=body["version"][:3] in _WITH_TRANSFORM),
            read_templates(body.get("geometry-templates"), limits),
        )
        return header, _content(body, header, name, choice, limits)
    except InputRejected as exc:
        raise type(exc)(exc.reason, where=name) from exc


@collector_paused()
def read_feature(
    line: bytes, place: tuple[str, int], header: Header, choice: Choice, limits: Limits
) -> Content:
    """Read a line of a Seq; when it is no good feature, or not even JSON, it is one rejection.

    `place`: the file and the number of the line.
    Raises InputRejected with code TRUNCATED for a line that stops halfway, which in the last one means
    that the file does, and LimitExceeded for one that is too large.
    """
    name, number = place
    where = f"{name}, line {number}"
    try:
        document = parse_json(line, where, limits)
        if not isinstance(document, dict) or document.get("type") != "CityJSONFeature":
            raise InputRejected("this line is not a CityJSONFeature")
        return _content(document, header, name, choice, limits)
    except InputRejected as exc:
        if exc.code == TRUNCATED or (isinstance(exc, LimitExceeded) and exc.code != TOO_DEEP):
            raise type(exc)(exc.reason, where=where, code=exc.code) from exc
        return rejected_line(name, number, exc.reason)


def rejected_line(name: str, number: int, reason: str) -> Content:
    """What a line of a Seq holds that cannot be read."""
    return Content([Rejected(name, f"line {number}", reason)], frozenset(), np.zeros((0, 3)))


def _content(body: Mapping[str, Any], header: Header, name: str, choice: Choice, limits: Limits) -> Content:
    objects = body.get("CityObjects")
    if not isinstance(objects, dict):
        raise InputRejected("'CityObjects' is missing or not an object")
    pool = Pool(vertex_list(body.get("vertices"), limits), header.transform, header.templates, limits)
    entries = list(pieces_of(objects, pool, name, choice))
    return Content(entries, frozenset(objects), pool.all_numbers())


def _header(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise InputRejected("this is not CityJSON: it is not an object")
    kind = document.get("type")
    if kind == "CityJSONFeature":
        raise InputRejected("the first line must be the CityJSON header, with transform and CRS")
    if kind != "CityJSON":
        has = f"its type is {str(kind)[:40]!r}" if "type" in document else "it has no type"
        raise InputRejected(f"this is not CityJSON: {has}")
    version = document.get("version")
    if not isinstance(version, str) or not _VERSION.match(version):
        raise InputRejected(f"CityJSON version {str(version)[:20]!r} is not 0.8 to 2.0")
    return document


def _check_crs(document: Mapping[str, Any], crs: int | None) -> None:
    """Accept Dutch RD, said by the file or by `crs`, which may only add to a name that says nothing."""
    stated = _stated_crs(document)
    if crs is None and stated is None:
        raise InputRejected("the file names no coordinate system: give it with --crs (28992 or 7415)")
    code = None if stated is None else epsg_of(stated)
    if crs not in (None, RD, RD_NAP):
        raise InputRejected(f"EPSG:{crs} was given, but {_ONLY_RD}")
    if crs is not None and code not in (None, RD, RD_NAP):
        raise InputRejected(f"the file says '{_shortened(stated)}', but EPSG:{crs} was given")
    if crs is None and code not in (RD, RD_NAP):
        raise InputRejected(f"the coordinate system is '{_shortened(stated)}', but {_ONLY_RD}")


def _shortened(name: str | None) -> str:
    return (name or "").strip()[:80]


def _stated_crs(document: Mapping[str, Any]) -> str | None:
    metadata = document.get("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise InputRejected("'metadata' is not an object")
    name = metadata.get("referenceSystem")
    old = metadata.get("crs")
    if name is None and isinstance(old, dict) and old.get("epsg") is not None:  # CityJSON 0.8
        name = str(old["epsg"])
    if name is not None and not isinstance(name, str):
        raise InputRejected("'referenceSystem' is not text")
    return name
