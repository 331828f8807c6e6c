"""A small twin with the oddities of real data: a year that means unknown, codes, markup in a name."""

from __future__ import annotations

import shapely

from tweestad.model.feature import Feature, Value
from tweestad.model.layer import Column, Kind, Layer, Noun, Place, Style, StyleClass, Twin
from tweestad.model.text import Text
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, twin_body
from tweestad.store.protocol import Store

X, Y = 121_900.0, 486_500.0
SCRIPT = "<script>alert('gracht')</script>"
FORMULA = '=HYPERLINK("http://voorbeeld.test")'
LONG = "Zeer lange omschrijving " * 400
SHARED_REF = "NL.IMBAG.Pand.0363100012000001"
HIDDEN_TITLE = "Geheime opslag Zwartjanssen"

TWIN = Twin(
    id="kleinstad",
    title=Text("Tweestad Kleinstad", "Tweestad Smalltown"),
    municipality="GM9999",
    centre=(X, Y),
    invented=True,
    notice=Text("Dit is een bedachte stad.", "This is an invented city."),
    contact="stad@voorbeeld.test",
)

USE = {"w": Text("wonen", "living"), "k": Text("kantoor", "office")}

FROM_AHN = Text("berekend uit AHN", "computed from AHN")

BUILDINGS = Layer(
    id="gebouwen",
    title=Text("Gebouwen", "Buildings"),
    theme=Text("Bouwen en wonen", "Building and living"),
    kind="buildings",
    source="BAG, Kadaster",
    licence="CC0 1.0",
    licence_class="A",
    date="2026-04-01",
    steward="Gemeente Kleinstad",
    description=Text("Alle panden.", "All buildings."),
    missing=Text("Energielabels", "Energy labels"),
    columns=(
        Column("bouwjaar", Text("Bouwjaar", "Built"), "integer", missing=(1005,)),
        Column("gebruik", Text("Gebruik", "Use"), "codes", codes=USE),
        Column("hoogte", Text("Hoogte", "Height"), "number", unit="m", note=FROM_AHN),
        Column("monument", Text("Monument", "Listed"), "boolean"),
        Column("ingemeten", Text("Ingemeten", "Surveyed"), "date"),
        Column("omschrijving", Text("Omschrijving", "Description"), "text"),
    ),
    style=Style(
        role="building",
        classes={"bouwjaar": (StyleClass("#41568c", Text("voor 1850", "before 1850"), upper=1850.0),)},
    ),
    quality="official",
    noun=Noun(Text("gebouw", "building"), Text("gebouwen", "buildings")),
)


def _layer(layer_id: str, title: str, kind: Kind, **facts: str) -> Layer:
    return Layer(
        id=layer_id,
        title=Text(title),
        theme=Text("Water, groen en straten", "Water, green and streets"),
        kind=kind,
        source="Basiskaart",
        licence=facts.get("licence", "CC0 1.0"),
        licence_class="B" if facts.get("licence_class") == "B" else "A",
        date="2015",
        steward="Gemeente Kleinstad",
        audience="staff" if facts.get("audience") == "staff" else "public",
        columns=(Column("naam", Text("Naam", "Name"), "text"),),
        place_kind=facts.get("place_kind", ""),
    )


WATER = _layer("water", "Water", "areas", licence="onbekend", licence_class="B", place_kind="water")
STREETS = _layer("straten", "Straten", "lines", place_kind="street")
ADDRESSES = _layer("adressen", "Adressen", "points")
COMPANIES = _layer("bedrijven", "Bedrijven", "points", audience="staff")


def square(x: float, y: float, size: float, z: float | None = None) -> bytes:
    """A square in RD with its lower left corner at (x, y), as WKB."""
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    shape = shapely.Polygon(corners if z is None else [(cx, cy, z) for cx, cy in corners])
    return bytes(shapely.to_wkb(shape))


def _wkb(shape: shapely.Geometry) -> bytes:
    return bytes(shapely.to_wkb(shape))


def buildings() -> list[Feature]:
    rows: list[tuple[str, dict[str, Value]]] = [
        (
            "Pand aan de Gracht",
            {"bouwjaar": 1964, "gebruik": ("w", "k"), "hoogte": 1234.5, "monument": False},
        ),
        (SCRIPT, {"bouwjaar": 1005, "gebruik": ("w",), "hoogte": None}),
        ("Café ’t Hoekje aan ’t IJ", {"bouwjaar": 1650, "monument": True, "ingemeten": "2026-04-01"}),
        (FORMULA, {"bouwjaar": 2020, "omschrijving": "+31 20 000 00 00"}),
        ("", {"omschrijving": LONG, "bron_id": "<b>7</b>"}),
    ]
    return [
        Feature(
            layer="gebouwen",
            id=f"NL.IMBAG.Pand.036310001200000{n}",
            geometry=square(X + 20 * n, Y, 10.0, z=1.25 if n == 1 else None),
            attributes=attributes,
            ref=f"NL.IMBAG.Pand.036310001200000{n}",
            title=title,
        )
        for n, (title, attributes) in enumerate(rows, 1)
    ]


def water() -> list[Feature]:
    shapes = [square(X - 500, Y - 500, 2000.0), *(square(X + 200 * n, Y + 300, 50.0) for n in range(4))]
    return [
        Feature("water", f"w/{n}", shape, {"naam": f"Vaart {n}"}, title=f"Vaart {n}")
        for n, shape in enumerate(shapes)
    ]


def streets() -> list[Feature]:
    shapes = [_wkb(shapely.LineString([(X, Y - 20 - 10 * n), (X + 200, Y - 20 - 10 * n)])) for n in range(5)]
    return [
        Feature("straten", f"s{n}", shape, {"naam": f"{n}e Dwarsstraat"}, title=f"{n}e Dwarsstraat")
        for n, shape in enumerate(shapes)
    ]


def addresses() -> list[Feature]:
    found = [
        Feature(
            "adressen",
            f"a{n}",
            _wkb(shapely.Point(X + 20 * n + 5, Y + 5)),
            {"naam": f"Gracht {n}"},
            ref=f"NL.IMBAG.Pand.036310001200000{n}",
            title=f"Gracht {n}",
        )
        for n in range(1, 5)
    ]
    return [*found, Feature("adressen", "a5", None, {"naam": "zonder plek"}, title="zonder plek")]


def companies() -> list[Feature]:
    return [
        Feature(
            "bedrijven",
            f"b{n}",
            _wkb(shapely.Point(X + 20 * n + 5, Y + 5)),
            {"naam": HIDDEN_TITLE},
            ref=f"NL.IMBAG.Pand.036310001200000{n}",
            title=HIDDEN_TITLE,
        )
        for n in range(1, 6)
    ]


def places_of(features: list[Feature]) -> list[Place]:
    found = []
    for feature in features:
        if feature.geometry is not None and feature.title:
            middle = shapely.from_wkb(feature.geometry).centroid
            found.append(
                Place(feature.title, "object", feature.layer, feature.id, middle.x, middle.y, feature.ref)
            )
    return found


def fill(store: Store) -> None:
    """Put the twin into an empty store: five layers, of which `bedrijven` is for staff."""
    store.put_document(TWIN_KIND, TWIN_KEY, twin_body(TWIN))
    for layer, features in (
        (BUILDINGS, buildings()),
        (WATER, water()),
        (STREETS, streets()),
        (ADDRESSES, addresses()),
        (COMPANIES, companies()),
    ):
        store.put_layer(layer, features, places=places_of(features))
