"""Attributes of features as the property table of a tile (EXT_structural_metadata)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tweestad.model.feature import Value

Storage = Literal["text", "integer", "number", "number64", "flag"]

INT32_MISSING = -(2**31)
FLAG_MISSING = 255
ID_PROPERTY = "id"

_SCALARS: dict[Storage, tuple[str, str, float]] = {
    "integer": ("INT32", "<i4", INT32_MISSING),
    "number": ("FLOAT32", "<f4", float(np.finfo(np.float32).min)),
    "number64": ("FLOAT64", "<f8", float(np.finfo(np.float64).min)),
    "flag": ("UINT8", "<u1", FLAG_MISSING),
}


@dataclass(frozen=True, slots=True)
class Property:
    """One column of the table. `id` is what a style names, `name` is the attribute's own name.

    A flag is 0 or 1. Whatever is missing is the column's `noData`, which no real value can be.
    """

    id: str
    name: str
    storage: Storage


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of every tile of one tileset: `id` first, then the attributes."""

    class_id: str
    properties: tuple[Property, ...]

    def as_json(self) -> dict[str, Any]:
        """The schema as it stands in each GLB."""
        described = {p.id: _describe(p) for p in self.properties}
        return {
            "id": "tweestad",
            "classes": {self.class_id: {"name": self.class_id, "properties": described}},
        }


@dataclass(frozen=True, slots=True)
class EncodedColumn:
    """The bytes of a column; texts have `offsets` (uint32, one more than there are rows)."""

    property_id: str
    values: bytes
    offsets: bytes | None = None


@dataclass(frozen=True, slots=True)
class PropertyTable:
    """A table ready to be written: one row per feature, in the order of the feature numbers."""

    schema: Schema
    count: int
    columns: tuple[EncodedColumn, ...]


def make_schema(class_id: str, columns: Iterable[tuple[str, Storage]]) -> Schema:
    """A schema with `id` and the named columns; names become identifiers that are all different."""
    properties = [Property(ID_PROPERTY, ID_PROPERTY, "text")]
    taken = {ID_PROPERTY}
    for name, storage in columns:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        identifier = stem = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
        number = 2
        while identifier in taken:
            identifier, number = f"{stem}_{number}", number + 1
        taken.add(identifier)
        properties.append(Property(identifier, name, storage))
    # A layer id may have hyphens; a viewer writes the name of the class into the program of its shader.
    return Schema(re.sub(r"[^A-Za-z0-9_]", "_", class_id), tuple(properties))


def storage_of(kinds: Set[Storage]) -> Storage:
    """The narrowest storage that keeps values of all these kinds, of which there is at least one."""
    if kinds == {"flag"}:
        return "flag"
    if "text" in kinds or "flag" in kinds:
        return "text"
    return "number64" if "number64" in kinds else "number" if "number" in kinds else "integer"


def encode_table(schema: Schema, ids: Sequence[str], rows: Sequence[Mapping[str, Value]]) -> PropertyTable:
    """The table of features `ids` with attributes `rows`, by attribute name; absent means missing.

    A column without any value is left out of the table: it stays in the schema.
    """
    columns = []
    for prop in schema.properties:
        values: list[Value] = list(ids) if prop.id == ID_PROPERTY else [row.get(prop.name) for row in rows]
        column = _encode_text(prop, values) if prop.storage == "text" else _encode_scalar(prop, values)
        if column is not None:
            columns.append(column)
    return PropertyTable(schema, len(ids), tuple(columns))


def as_text(value: Value) -> str:
    """A value as text; missing is empty, a list is joined by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _describe(prop: Property) -> dict[str, Any]:
    if prop.storage == "text":
        return {"name": prop.name, "type": "STRING", "noData": ""}
    component, _, missing = _SCALARS[prop.storage]
    return {"name": prop.name, "type": "SCALAR", "componentType": component, "noData": missing}


def kind_of(value: Value) -> Storage:
    """The narrowest storage that keeps one value, which is there."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "integer" if INT32_MISSING < value < 2**31 else "number64" if abs(value) <= 2**53 else "text"
    if isinstance(value, float):
        return "number" if abs(value) < 2**24 else "number64"
    return "text"


def _encode_text(prop: Property, values: Sequence[Value]) -> EncodedColumn | None:
    encoded = [(v if isinstance(v, str) else as_text(v)).encode() for v in values]
    offsets = np.zeros(len(encoded) + 1, "<u4")
    np.cumsum([len(e) for e in encoded], out=offsets[1:])
    if not offsets[-1]:
        return None
    return EncodedColumn(prop.id, b"".join(encoded), offsets.tobytes())


def _encode_scalar(prop: Property, values: Sequence[Value]) -> EncodedColumn | None:
    _, dtype, missing = _SCALARS[prop.storage]
    numbers = np.array([v if isinstance(v, float) else _as_float(v) for v in values], np.float64)
    held = _held(numbers, prop.storage)
    if not held.any():
        return None
    return EncodedColumn(prop.id, np.where(held, numbers, missing).astype(dtype).tobytes())


def _as_float(value: Value) -> float:
    # Above 2^53 an integer would change on the way: missing is better than wrong.
    return float(value) if isinstance(value, int) and abs(value) <= 2**53 else math.nan


def _held(numbers: NDArray[np.float64], storage: Storage) -> NDArray[np.bool_]:
    """Which of the numbers the column can hold: a wrong number would be worse than none."""
    held: NDArray[np.bool_]
    with np.errstate(invalid="ignore"):
        if storage == "flag":
            held = (numbers == 0) | (numbers == 1)
        elif storage == "integer":
            held = (numbers == np.round(numbers)) & (numbers > INT32_MISSING) & (numbers < 2**31)
        else:
            held = np.abs(numbers) < (3.4e38 if storage == "number" else 1.7e308)
    return held
