"""Rows to nouns and back: the only place where a stored text becomes a Layer, Feature or Place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import orjson
from sqlalchemy import Row

from tweestad.model.feature import Feature, StoredFeature, Value, canonical_json
from tweestad.model.layer import Column, Layer, LayerTime, Noun, Place, StoredLayer, Style, StyleClass
from tweestad.model.text import Text
from tweestad.search import tokens
from tweestad.store.protocol import Cell

LABEL_WORDS_MAX = 32
# In the order of the fields of Feature and StoredFeature; `until` comes last and is None for what is now.
FEATURE_COLUMNS = ("layer", "id", "wkb", "attributes", "ref", "title", "state", "since")


def stored_feature(row: Sequence[Any]) -> StoredFeature:
    """A row of FEATURE_COLUMNS as a StoredFeature; by position, which takes a third of the time."""
    layer_id, feature_id, wkb, attributes, ref, title, state, since, until = row
    return StoredFeature(
        Feature(layer_id, feature_id, wkb, _attributes(attributes), ref, title, state), since, until
    )


def stored_layer(row: Row[Any]) -> StoredLayer:
    """A row of `layer` as a StoredLayer; its box is None when no feature has a geometry."""
    box = None if row.min_x is None else (row.min_x, row.min_y, row.max_x, row.max_y)
    return StoredLayer(layer_from_json(row.description), version=row.version, count=row.features, bbox=box)


def stored_cell(row: Row[Any]) -> Cell:
    return Cell(layer=row.layer, rd_cell=row.rd_cell, blob_sha=row.blob_sha)


def stored_place(row: Row[Any]) -> Place:
    return Place(
        label=row.label,
        kind=row.kind,
        layer=row.layer,
        feature_id=row.feature_id,
        x=row.x,
        y=row.y,
        ref=row.ref,
    )


def place_row(place: Place) -> tuple[Any, ...]:
    """A Place in the order of the columns of `place`; its key is a hash of all it says."""
    said = [place.layer, place.feature_id, place.ref, place.kind, place.x, place.y, place.label]
    words = tokens(place.label, limit=LABEL_WORDS_MAX)
    key = hashlib.blake2b(canonical_json([*said, words]).encode(), digest_size=16).digest()
    return (
        key,
        place.layer,
        place.feature_id,
        place.ref,
        place.kind,
        float(place.x),
        float(place.y),
        place.label,
        "".join(f" {word}" for word in words),
    )


def _attributes(text: str) -> dict[str, Value]:
    values: dict[str, Any] = orjson.loads(text)
    if "[" not in text:
        return values
    return {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}


def layer_to_json(layer: Layer) -> str:
    """The description as JSON, in the order in which it was written: legends and code lists have one."""
    return json.dumps(_plain(layer), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def layer_from_json(text: str) -> Layer:
    """The Layer that `layer_to_json` wrote, equal to the original."""
    body = orjson.loads(text)
    return Layer(
        **{
            **body,
            "title": Text(**body["title"]),
            "theme": Text(**body["theme"]),
            "description": Text(**body["description"]),
            "missing": Text(**body["missing"]),
            "columns": tuple(_column(c) for c in body["columns"]),
            "style": _style(body["style"]),
            "noun": _noun(body.get("noun")),
            "titles": tuple(Text(**title) for title in body.get("titles", ())),
            "time": None if body.get("time") is None else LayerTime(**body["time"]),
            "questions": tuple(body.get("questions", ())),
        }
    )


def _noun(body: Mapping[str, Any] | None) -> Noun | None:
    return None if body is None else Noun(Text(**body["one"]), Text(**body["many"]))


def _column(body: Mapping[str, Any]) -> Column:
    return Column(
        **{
            **body,
            "title": Text(**body["title"]),
            "note": Text(**body["note"]),
            "codes": {code: Text(**words) for code, words in body["codes"].items()},
            "missing": tuple(tuple(v) if isinstance(v, list) else v for v in body["missing"]),
        }
    )


def _style(body: Mapping[str, Any]) -> Style:
    return Style(
        **{
            **body,
            "classes": {
                name: tuple(StyleClass(**{**c, "label": Text(**c["label"])}) for c in classes)
                for name, classes in body["classes"].items()
            },
        }
    )


def _plain(value: Any) -> Any:
    """Dataclasses as objects, mappings and tuples as JSON knows them (slots have no `__dict__`)."""
    if isinstance(value, Layer | LayerTime | Column | Noun | Style | StyleClass | Text):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value
