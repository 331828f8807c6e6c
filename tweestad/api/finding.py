"""Searching as people do it: by name, by number, with a house number, with a typing error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import shapely

from tweestad.access.reader import Reader
from tweestad.api.words import search_words
from tweestad.model.feature import StoredFeature
from tweestad.model.layer import PLACE_KINDS, Place, StoredLayer
from tweestad.store.protocol import Where

# The number of a building in the register of addresses and buildings (BAG), as its website shows it.
_BAG_BUILDING = re.compile(r"\d{16}")
_NATIONAL = re.compile(r"(?=.*\d)[\w.-]{6,100}", re.ASCII)
_KIND_OF_ROLE = {"building": "building", "water": "water", "park": "park", "street": "street"}

Note = Literal["", "page.search.too-short", "page.search.number", "page.search.alike"]


@dataclass(frozen=True, slots=True)
class Found:
    """Places, best first. `note` says what was not as asked: nothing looked for, another name than typed;
    it is the key of its sentence.
    """

    places: tuple[Place, ...]
    note: Note = ""


def find(reader: Reader, q: str, *, limit: int) -> Found:
    """What a person can mean by `q`, the plainest reading first.

    A national number; else places by the first letters of their words; else the same without the house
    number; else words that look like these. The first reading that finds something answers.
    """
    words = search_words(q)
    if not words:
        return Found((), "page.search.too-short")
    if numbered := _numbered(reader, q.strip(), limit):
        return Found(numbered)
    if places := reader.places(words, limit=limit):
        return Found(tuple(places))
    street = _without_number(words)
    if street != words and (places := reader.places(street, limit=limit)):
        return Found(tuple(places), "page.search.number")
    places = reader.places_alike(street, limit=limit)
    return Found(tuple(places), "page.search.alike" if places else "")


def place_kinds(layers: list[StoredLayer]) -> tuple[str, ...]:
    """The kinds of places that can be found, in the order in which a search field names them."""
    there = {stored.layer.place_kind for stored in layers}
    return tuple(kind for kind in PLACE_KINDS if kind in there)


def _without_number(words: list[str]) -> list[str]:
    """The words before the house number: “weesperstraat 1 a amsterdam” gives “weesperstraat”."""
    number = next((n for n, word in enumerate(words) if n > 0 and word[0].isdigit()), len(words))
    return words[:number]


def _numbered(reader: Reader, text: str, limit: int) -> tuple[Place, ...]:
    """The objects with a national number, in the order of the twin's layers."""
    if not _NATIONAL.fullmatch(text):
        return ()
    refs = [text, text.upper()]
    if _BAG_BUILDING.fullmatch(text):
        refs.append(f"NL.IMBAG.Pand.{text}")
    rows: list[StoredFeature] = []
    for ref in dict.fromkeys(refs):
        rows = rows or reader.features(Where(ref=ref), limit=limit)
    places = [
        _place(row, stored)
        for stored in reader.layers()
        for row in rows
        if row.feature.layer == stored.layer.id and row.feature.geometry is not None
    ]
    return tuple(places)


def _place(row: StoredFeature, stored: StoredLayer) -> Place:
    feature, layer = row.feature, stored.layer
    spot = shapely.get_coordinates(shapely.point_on_surface(shapely.from_wkb(feature.geometry)))[0]
    kind = layer.place_kind or _KIND_OF_ROLE.get(layer.style.role, "place")
    label = feature.title or feature.ref or feature.id
    return Place(label, kind, layer.id, feature.id, float(spot[0]), float(spot[1]), feature.ref)
