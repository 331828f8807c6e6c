"""The keys of `read` that are for one format only: which objects of a city model, where a design stands."""

from __future__ import annotations

from collections.abc import Mapping

from tweestad.formats.cityjson.choice import KNOWN_TYPES, LOD
from tweestad.formats.design.model import Place
from tweestad.formats.design.placed import DESIGN_FORMATS
from tweestad.formats.toml.fields import Fields, suggestion

_TERRAIN = ("pointcloud", "raster")
_KEYS_OF: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("vector", "csv"): ("geometry", "keep", "drop", "member", "property", "without_place"),
    ("vector", "csv", *_TERRAIN): ("clip",),
    ("vector", "csv", "polygons3d"): ("sublayer",),
    ("cityjson",): ("types", "lod", "validity"),
    ("cityjson", "vector", "csv", "polygons3d", *_TERRAIN): ("crs",),
    DESIGN_FORMATS: ("place",),
}


def check_read_keys(table: Fields, told: str) -> None:
    """A key that this format does not know is a fault, and not silence."""
    place = table.table("place")
    if told == "ifc" and place is not None and place.has("up"):
        table.fault("place", "up is not for ifc, which always has z up")
    if told in ("gltf", "obj") and not table.has("place"):
        table.fault("place", f"place is missing: {told} does not say where it stands")
    for formats, keys in _KEYS_OF.items():
        for key in keys if told not in formats else ():
            if table.has(key):
                named = " or ".join(f'"{each}"' for each in formats)
                table.fault(key, f'{key} is not for format = "{told}", but for {named}')


def read_place(table: Fields) -> Place | None:
    """Where a design stands, or None when that is not told."""
    fields = table.table("place")
    if fields is None:
        return None
    place = Place(
        x=fields.number("x"),
        y=fields.number("y"),
        nap=fields.number("nap"),
        rotation_deg=fields.number("rotation_deg", 0.0),
        scale=fields.number("scale", 1.0),
        up=fields.choice("up", ("y", "z"), ""),
    )
    if not 1e-4 <= place.scale <= 1e4:
        fields.fault("scale", "scale must be between 0.0001 and 10000: metres per unit of the file")
    fields.finish()
    return place


def read_types(table: Fields) -> tuple[str, ...]:
    """The types of CityJSON object that are asked for; none for those that the layer's kind is made of."""
    types = table.texts("types")
    for kind in types:
        if kind not in KNOWN_TYPES and not kind.startswith("+"):
            hint = suggestion(kind, KNOWN_TYPES)
            table.fault("types", f"CityJSON has no type ‘{kind}’{hint}; one of an extension starts with +")
    return types


def read_lod(table: Fields) -> str:
    """The level of detail that is asked for; empty for the finest."""
    lod = table.text("lod", "")
    if lod and not LOD.match(lod):
        table.fault("lod", f"lod ‘{lod}’ must be 0 to 4, or 0.0 to 3.3, as text")
    return lod
