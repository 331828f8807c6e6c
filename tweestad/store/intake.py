"""The gate of the store: features, places and cells are checked and become rows, batch by batch.

What is refused here would be stored differently by the two backends, or could not be found again:
names with control characters, text that is not Unicode, numbers that are not finite, bytes that are not
WKB. Faults are InputRejected with the layer and id in `where`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.feature import FEATURE_ID_MAX, Feature, Value, check_layer_id
from tweestad.model.layer import Layer, Place
from tweestad.store.protocol import Cell
from tweestad.store.rows import layer_to_json, place_row

BATCH = 5_000
TEXT_MAX = 10_000
ATTRIBUTES_MAX = 256 * 1024
INTEGER_MAX = 2**63 - 1
COORDINATE_MAX_M = 10_000_000.0

_STATE = re.compile(r"[a-z][a-z_]{0,31}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_ATTRIBUTE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\"\\]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
# In JSON: an escaped character, half a character, a very long number.
_SUSPECT = re.compile(r"\\|[\ud800-\udfff]|[0-9]{18}")
_PLAIN = frozenset({str, int, float, bool, type(None)})
_SPOT_M = 64.0

Item = TypeVar("Item")


def storable(text: str) -> bool:
    """Whether both databases can hold this text: no NUL and no half of a character."""
    return not _UNSTORABLE.search(text)


def is_attribute_name(name: str) -> bool:
    """Whether an attribute may be called so; a quote would end the JSON path that sorts by it."""
    return 0 < len(name) <= FEATURE_ID_MAX and not _NO_ATTRIBUTE.search(name)


def check_layer(layer: Layer) -> None:
    """Raise InputRejected for a wrong id or audience, or words that cannot be stored."""
    check_layer_id(layer.id)
    if layer.audience not in ("public", "staff"):
        raise InputRejected(f"audience ‘{layer.audience}’ is not public or staff", where=layer.id)
    try:
        layer_to_json(layer).encode()
    except (TypeError, ValueError) as exc:
        raise InputRejected("the description of the layer cannot be written as JSON", where=layer.id) from exc


def feature_rows(layer_id: str, features: Iterable[Feature]) -> Iterator[list[tuple[Any, ...]]]:
    """Batches of rows in the order of the columns of `staged_feature`."""
    names: set[str] = set()
    for batch in _batches(features):
        texts = [_checked_attributes(layer_id, feature, names) for feature in batch]
        boxes, spots = _boxes(layer_id, batch)
        yield [
            (f.id, f.state, f.ref or None, *box, f.content_hash(text), f.title, text, f.geometry, spot)
            for f, text, box, spot in zip(batch, texts, boxes, spots, strict=True)
        ]


def faults_of(layer_id: str, features: Sequence[Feature]) -> dict[str, str]:
    """The reason why the store would refuse a feature, by feature id; empty when it takes them all."""
    faults: dict[str, str] = {}
    for batch in _batches(features):
        try:
            list(feature_rows(layer_id, batch))
        except InputRejected:
            # Only now one by one, which takes three times as long.
            for feature in batch:
                try:
                    list(feature_rows(layer_id, [feature]))
                except InputRejected as exc:
                    faults[feature.id] = exc.reason
    return faults


def place_rows(layer_id: str, places: Iterable[Place]) -> Iterator[list[tuple[Any, ...]]]:
    """Batches of rows in the order of the columns of `staged_place`."""
    for batch in _batches(places):
        for place in batch:
            _check_place(layer_id, place)
        yield [place_row(place) for place in batch]


def checked_cells(layer_id: str, cells: Iterable[Cell]) -> dict[str, str]:
    """The sha256 of the blob of each RD cell; there are few enough to hold (one per km²)."""
    shas: dict[str, str] = {}
    for cell in cells:
        where = f"{layer_id}/{cell.rd_cell[:FEATURE_ID_MAX]}"
        if cell.layer != layer_id:
            raise InputRejected(f"a cell of layer ‘{cell.layer[:80]}’ was offered", where=where)
        check_name(cell.rd_cell, "the name of a cell", where)
        if not _SHA256.match(cell.blob_sha):
            raise InputRejected("the solids of a cell are named by a sha256", where=where)
        if cell.rd_cell in shas:
            raise InputRejected("this cell comes twice", where=where)
        shas[cell.rd_cell] = cell.blob_sha
    return shas


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _checked_attributes(layer_id: str, feature: Feature, names: set[str]) -> str:
    """Check all of the feature but its geometry, and return its attributes as JSON.

    `names` are the attributes whose names were found right before.
    """
    where = f"{layer_id}/{feature.id[:FEATURE_ID_MAX]}"
    if feature.layer != layer_id:
        raise InputRejected(f"a feature of layer ‘{feature.layer[:80]}’ was offered", where=where)
    check_name(feature.id, "the id of a feature", where)
    if feature.ref:
        check_name(feature.ref, "the national id", where)
    if not _STATE.match(feature.state):
        raise InputRejected(f"‘{feature.state[:80]}’ is not a state", where=where)
    check_text(feature.title, "the title", where)
    if not names.issuperset(feature.attributes):
        for name in feature.attributes:
            check_attribute_name(name, where)
        names.update(feature.attributes)
    try:
        text = feature.attributes_json()
    except (TypeError, ValueError):
        text = ""
    if not text or not _is_plain(text, feature.attributes.values()):
        for name, value in feature.attributes.items():
            check_value(name, value, where)
    if len(text) > ATTRIBUTES_MAX:
        raise LimitExceeded(f"the attributes are longer than {ATTRIBUTES_MAX // 1024} kB", where=where)
    return text


def _is_plain(text: str, values: Iterable[Value]) -> bool:
    """Whether nothing in the JSON can be at fault: four looks at it whole instead of one at each value."""
    return len(text) <= TEXT_MAX and _PLAIN.issuperset(map(type, values)) and not _SUSPECT.search(text)


def _check_place(layer_id: str, place: Place) -> None:
    where = f"{layer_id}/{place.feature_id[:FEATURE_ID_MAX]}"
    if place.layer != layer_id:
        raise InputRejected(f"a place of layer ‘{place.layer[:80]}’ was offered", where=where)
    check_name(place.feature_id, "the feature of a place", where)
    check_name(place.kind, "the kind of a place", where)
    if place.ref:
        check_name(place.ref, "the national id", where)
    check_text(place.label, "the label of a place", where)
    if not all(math.isfinite(c) and abs(c) <= COORDINATE_MAX_M for c in (place.x, place.y)):
        raise InputRejected("a place needs two finite coordinates in RD", where=where)


def check_name(name: str, what: str, where: str) -> None:
    if not name:
        raise InputRejected(f"{what} is empty", where=where)
    if len(name) > FEATURE_ID_MAX:
        raise LimitExceeded(f"{what} is longer than {FEATURE_ID_MAX} characters", where=where)
    if _CONTROL.search(name) or _UNSTORABLE.search(name):
        raise InputRejected(f"{what} holds a control character", where=where)


def check_text(text: str, what: str, where: str) -> None:
    if len(text) > TEXT_MAX:
        raise LimitExceeded(f"{what} is longer than {TEXT_MAX:,} characters", where=where)
    if _UNSTORABLE.search(text):
        raise InputRejected(f"{what} holds a character that cannot be stored", where=where)


def check_attribute_name(name: str, where: str) -> None:
    check_name(name, "the name of an attribute", where)
    if not is_attribute_name(name):
        raise InputRejected(f"‘{name}’ is not a name for an attribute", where=where)


def check_value(name: str, value: Value, where: str) -> None:
    """Allow only what JSON and both databases keep exactly."""
    what = f"attribute ‘{name}’"
    for part in value if isinstance(value, tuple) else (value,):
        if isinstance(value, tuple) and not isinstance(part, str):
            raise InputRejected(f"{what} is a list of something else than text", where=where)
        _check_one(part, what, where)


def _check_one(value: Value, what: str, where: str) -> None:
    if isinstance(value, str):
        check_text(value, what, where)
    elif type(value) is float:
        if not math.isfinite(value):
            raise InputRejected(f"{what} is not a finite number", where=where)
    elif type(value) is int:
        if abs(value) > INTEGER_MAX:
            raise InputRejected(f"{what} is a whole number of more than 63 bits", where=where)
    elif value is not None and type(value) is not bool:
        raise InputRejected(f"{what} has a value of type {type(value).__name__}", where=where)


def _boxes(layer_id: str, batch: Sequence[Feature]) -> tuple[list[tuple[float | None, ...]], list[int]]:
    """For each feature its envelope (min x, min y, max x, max y; None without geometry) and its spot."""
    shapes = _shapes(layer_id, batch)
    bounds = shapely.bounds(shapes)
    boxes: list[tuple[float | None, ...]] = [
        (None, None, None, None) if f.geometry is None else tuple(box)
        for f, box in zip(batch, bounds.tolist(), strict=True)
    ]
    middle = np.nan_to_num((bounds[:, :2] + bounds[:, 2:]) / 2)
    return boxes, _spots(middle)


def _shapes(layer_id: str, batch: Sequence[Feature]) -> NDArray[np.object_]:
    """The geometries; raises InputRejected, naming the first feature at fault."""
    wkb = np.array([f.geometry for f in batch], dtype=object)
    shapes: NDArray[np.object_] = shapely.from_wkb(wkb, on_invalid="ignore")
    given = np.array([f.geometry is not None for f in batch])
    faults = (
        (given & shapely.is_missing(shapes), "the geometry is not WKB"),
        (given & shapely.is_empty(shapes), "the geometry is empty"),
        (given & (shapely.get_srid(shapes) > 0), "the WKB names a coordinate system; EPSG:28992 is meant"),
        (given & ~_finite(shapes), "a coordinate is not a finite number of metres in RD"),
    )
    for at_fault, reason in faults:
        if at_fault.any():
            first = batch[int(np.argmax(at_fault))]
            raise InputRejected(reason, where=f"{layer_id}/{first.id}")
    return shapes


def _finite(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether all coordinates of each geometry are finite and on the map, heights included."""
    good = np.ones(len(shapes), dtype=bool)
    for include_z in (False, True):
        chosen = np.flatnonzero(shapely.has_z(shapes)) if include_z else np.arange(len(shapes))
        points, owner = shapely.get_coordinates(shapes[chosen], include_z=include_z, return_index=True)
        # A comparison with NaN is false, so this finds both.
        wrong = ~(np.abs(points) <= COORDINATE_MAX_M).all(axis=1)
        good[chosen[owner[wrong]]] = False
    return good


def _spots(middle: NDArray[np.float64]) -> list[int]:
    """Numbers along a Z-order curve over squares of 64 m, for points (n, 2) in RD metres."""
    square = np.clip(np.floor(middle / _SPOT_M) + 2**19, 0, 2**20 - 1).astype(np.uint64)
    spread = np.zeros(len(square), dtype=np.uint64)
    for bit in range(20):
        for axis in (0, 1):
            spread |= ((square[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return [int(s) for s in spread]
