"""One CityJSON document or one line of a CityJSONSeq: its header, its vertices and its objects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tweestad.crs import RD, RD_NAP, parse_crs
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.cityjson_tree import Piece, pieces_of
from tweestad.formats.safe_json import Limits, collector_paused, parse_json
from tweestad.model.layer import Rejected

_VERSION = re.compile(r"(0\.8|0\.9|1\.0|1\.1|2\.0)(\.\d+)?\Z")
_WITH_TRANSFORM = ("1.1", "2.0")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Transform:
    """How the whole numbers of a file become metres: number x scale + translate, per axis."""

    scale: tuple[float, ...] = (1.0, 1.0, 1.0)
    translate: tuple[float, ...] = (0.0, 0.0, 0.0)

    def metres(self, numbers: Floats) -> Floats:
        """Return coordinates (n, 3) rounded to mm; numbers beyond float64 become infinite."""
        with np.errstate(all="ignore"):
            return (numbers * self.scale + self.translate).round(3)


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What one document holds: pieces and rejections in order, the keys they use up, and its vertices.

    `numbers`: float64 (n, 3), the vertices as they stand in the file, before the transform.
    """

    entries: list[Piece | Rejected]
    keys: frozenset[str]
    numbers: Floats


@collector_paused()
def read_document(text: bytes, name: str, crs: int | None, limits: Limits) -> tuple[Transform, Content]:
    """Read a whole CityJSON file, or the header of a Seq, which holds no objects.

    Raises InputRejected and LimitExceeded, with the file's name.
    """
    document = parse_json(text, name, limits)
    try:
        header = _header(document)
        _check_crs(header, crs)
        transform = _transform(header.get("transform"), required=header["version"][:3] in _WITH_TRANSFORM)
        return transform, _content(header, name, limits)
    except InputRejected as exc:
        raise type(exc)(exc.reason, where=name) from exc


@collector_paused()
def read_feature(line: bytes, number: int, name: str, limits: Limits) -> Content:
    """Read line `number` of a Seq; when it is JSON but no good feature, it is one rejection.

    Raises InputRejected for a line that is not JSON and LimitExceeded for one that is too large.
    """
    where = f"{name}, line {number}"
    document = parse_json(line, where, limits)
    try:
        if not isinstance(document, dict) or document.get("type") != "CityJSONFeature":
            raise InputRejected("this line is not a CityJSONFeature")
        return _content(document, name, limits)
    except LimitExceeded as exc:
        raise LimitExceeded(exc.reason, where=where) from exc
    except InputRejected as exc:
        return Content([Rejected(name, f"line {number}", exc.reason)], frozenset(), np.zeros((0, 3)))


def _content(body: Mapping[str, Any], name: str, limits: Limits) -> Content:
    objects = body.get("CityObjects")
    if not isinstance(objects, dict):
        raise InputRejected("'CityObjects' is missing or not an object")
    numbers = _vertices(body.get("vertices"), limits)
    return Content(list(pieces_of(objects, len(numbers), name, limits)), frozenset(objects), numbers)


def _header(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise InputRejected("this is not CityJSON: it is not an object")
    kind = document.get("type")
    if kind == "CityJSONFeature":
        raise InputRejected("the first line must be the CityJSON header, with transform and CRS")
    if kind != "CityJSON":
        raise InputRejected(f"this is not CityJSON: its type is {str(kind)[:40]!r}")
    version = document.get("version")
    if not isinstance(version, str) or not _VERSION.match(version):
        raise InputRejected(f"CityJSON version {str(version)[:20]!r} is not 0.8 to 2.0")
    return document


def _check_crs(document: Mapping[str, Any], crs: int | None) -> None:
    code = _stated_crs(document) if crs is None else crs
    if code is None:
        raise InputRejected("the file names no coordinate system: give it with --crs (28992 or 7415)")
    if code not in (RD, RD_NAP):
        raise InputRejected(
            f"the coordinates are EPSG:{code}; only Dutch RD (EPSG:28992 or EPSG:7415) can be read"
        )


def _stated_crs(document: Mapping[str, Any]) -> int | None:
    metadata = document.get("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise InputRejected("'metadata' is not an object")
    name = metadata.get("referenceSystem")
    if name is None and isinstance(old := metadata.get("crs"), dict):  # CityJSON 0.8
        name = str(old.get("epsg"))
    if name is None:
        return None
    if not isinstance(name, str):
        raise InputRejected("'referenceSystem' is not text")
    return parse_crs(name)


def _transform(given: object, *, required: bool) -> Transform:
    if given is None and not required:
        return Transform()
    if given is None:
        raise InputRejected("'transform' is missing")
    if not isinstance(given, dict):
        raise InputRejected("'transform' is not an object")
    scale, translate = (_three_numbers(given.get(key), key) for key in ("scale", "translate"))
    if 0 in scale:
        raise InputRejected("the scale of 'transform' holds a zero")
    return Transform(scale, translate)


def _three_numbers(value: object, key: str) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) != 3 or set(map(type, value)) - {int, float}:
        raise InputRejected(f"'{key}' of 'transform' is not three numbers")
    return tuple(float(number) for number in value)


def _vertices(given: object, limits: Limits) -> Floats:
    """Return the vertices as numbers (n, 3), as they stand in the file."""
    if not isinstance(given, list):
        raise InputRejected("'vertices' is missing or not a list")
    if len(given) > limits.vertices:
        raise LimitExceeded(f"more than {limits.vertices} vertices in one document")
    if not given:
        return np.zeros((0, 3))
    if set(map(type, given)) != {list} or set(map(len, given)) != {3}:
        raise InputRejected("a vertex is not a list of three numbers")
    flat = list(chain.from_iterable(given))
    if set(map(type, flat)) - {int, float}:
        raise InputRejected("a vertex is not a list of three numbers")
    return np.array(flat, dtype=np.float64).reshape(-1, 3)
