"""A few layers and features to fill a store with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import shapely

from tweestad.model.feature import Feature, Value
from tweestad.model.layer import Audience, Column, Layer, Place, Style, StyleClass
from tweestad.model.text import Text
from tweestad.store.protocol import Cell, Store, Where

PUBLIC: frozenset[Audience] = frozenset({"public"})
EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})


def layer(layer_id: str = "gebouwen", *, audience: Audience = "public", title: str = "Gebouwen") -> Layer:
    return Layer(
        id=layer_id,
        title=Text(title),
        theme=Text("Gebouwen", "Buildings"),
        kind="buildings",
        source="BAG",
        licence="CC0-1.0",
        licence_class="A",
        date="2025-01-01",
        steward="Basisinformatie",
        audience=audience,
    )


def full_layer() -> Layer:
    """A layer in which every field of every part has a value of its own."""
    columns = (
        Column(
            "functie",
            Text("Functie", "Use"),
            "codes",
            term="functie",
            # Not in the order of the alphabet: a legend keeps the order of its writer.
            codes={"wonen": Text("Wonen", "Living"), "bijeenkomst": Text("Bijeenkomst", "Meeting")},
            missing=("", "onbekend", None),
        ),
        Column(
            "bouwjaar", Text("Bouwjaar"), "integer", unit="a", missing=(1005, 9999), note=Text("ruw", "raw")
        ),
        Column("hoogte", Text("Hoogte"), "number", unit="m", missing=(-1.5, True, ("a", "b"))),
    )
    classes = {
        "bouwjaar": (
            StyleClass("#aabbcc", Text("voor 1900"), upper=1900.0),
            StyleClass("#ddeeff", Text("1900 en later", "1900 and later"), lower=1900.0),
        ),
        "functie": (StyleClass("#001122", Text("Wonen"), value="wonen"),),
    }
    style = Style("building", classes=classes, width_m={"fiets": 2.5}, label_column="functie", visible=False)
    return replace(
        layer(audience="staff"),
        description=Text("Alle gebouwen “van de stad”", "All buildings"),
        missing=Text("Schuren", "Sheds"),
        columns=columns,
        style=style,
        invented=True,
        titles=(Text("Gebouw bij {naam}", "Building near {naam}"),),
    )


def feature(
    feature_id: str,
    values: Mapping[str, Value] | None = None,
    *,
    layer_id: str = "gebouwen",
    at: tuple[float, float] | None = (120_000.0, 487_000.0),
    ref: str | None = None,
    title: str = "",
    state: str = "published",
    **attributes: Value,
) -> Feature:
    """A feature at a point in RD, or without a geometry."""
    wkb = None if at is None else shapely.to_wkb(shapely.Point(at))
    return Feature(
        layer_id, feature_id, wkb, {**(values or {}), **attributes}, ref=ref, title=title, state=state
    )


def grid(count: int, *, layer_id: str = "gebouwen", step_m: float = 100.0) -> Iterator[Feature]:
    """Squares of 10 m in rows of 100, from RD 110,000 480,000."""
    for i in range(count):
        x, y = 110_000.0 + i % 100 * step_m, 480_000.0 + i // 100 * step_m
        wkb = shapely.to_wkb(shapely.box(x, y, x + 10, y + 10))
        yield Feature(layer_id, f"p{i:06d}", wkb, {"bouwjaar": 1900 + i % 100}, ref=f"NL.{i:06d}")


def place(label: str, feature_id: str = "a", *, layer_id: str = "gebouwen", kind: str = "straat") -> Place:
    return Place(label, kind, layer_id, feature_id, 120_000.25, 487_000.5)


def cell(name: str, digit: str, *, layer_id: str = "gebouwen") -> Cell:
    return Cell(layer_id, name, digit * 64)


def ids(store: Store, where: Where | None = None, *, limit: int = 1000) -> list[str]:
    found = store.features(where or Where(layer="gebouwen"), limit=limit)
    return [stored.feature.id for stored in found]


def snapshot(store: Store) -> list[object]:
    """All that a reader can learn of the layer `gebouwen`."""
    return [
        store.clock("city"),
        store.layers(EVERYONE),
        store.features(Where(layer="gebouwen", audiences=EVERYONE), limit=1000),
        store.cells("gebouwen"),
        store.find_places(["n"], audiences=EVERYONE, limit=100),
    ]
