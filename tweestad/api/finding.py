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
from tweestad.search.normalise import tokens
from tweestad.store.protocol import Where

# The number of a building in the register of addresses and buildings (BAG), as its website shows it.
_BAG_BUILDING = re.compile(r"\d{16}")
_NATIONAL = re.compile(r"(?=.*\d)[\w.-]{6,100}", re.ASCII)
_POSTCODE = re.compile(r"\b([1-9]\d{3}) ([a-z]{2})\b")
_REGISTERED_POSTCODE = re.compile(r"[1-9]\d{3}[a-z]{2}")
# As many addresses as a long street has.
_STREET_MAX = 1_000
LABEL_WORDS = 32
_HOUSE_LETTER = re.compile(r"(?<=\w )(\d{1,5}) ([a-z])\b")
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

    A national number; else places by the first letters of their words, addresses spelled as registers do;
    else the same without the house number; else words that look like these. The first reading that finds
    something answers.
    """
    words = search_words(q)
    if not words:
        return Found((), "page.search.too-short")
    if numbered := _numbered(reader, q.strip(), limit):
        return Found(numbered)
    for spelled in (_as_address(words), words):
        if places := _places(reader, spelled, limit):
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


def _places(reader: Reader, words: list[str], limit: int) -> list[Place]:
    """Places by the first letters of their words; with a number in them the very number first.

    A postcode 1234AB starts with 12 too, and so does every address that has it.
    """
    numbers = [word for word in words if word[0].isdigit()]
    if not numbers:
        return reader.places(words, limit=limit)
    found = reader.places(words, limit=max(limit, _STREET_MAX))
    return sorted(found, key=lambda place: _other_number(place.label, numbers))[:limit]


def _other_number(label: str, numbers: list[str]) -> int:
    """0 when the label has these very numbers; more when it has one that only starts so, or a postcode."""
    own = tokens(label, limit=LABEL_WORDS)
    starts = [word for word in own if not _REGISTERED_POSTCODE.fullmatch(word)]
    return sum(0 if n in own else 1 if any(word.startswith(n) for word in starts) else 2 for n in numbers)


def _as_address(words: list[str]) -> list[str]:
    """A postcode and a house number with their letters, as registers write them.

    “1234 AB 12” gives “1234ab 12”, and “kerkstraat 12-A” “kerkstraat 12a”: a letter by itself would find
    every 12 in a town that starts with an A.
    """
    told = " ".join(words)
    return _HOUSE_LETTER.sub(r"\1\2", _POSTCODE.sub(r"\1\2", told)).split()


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
