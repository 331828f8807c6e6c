"""The card: groups, where each value comes from, and what lies beside the object in other layers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from tests.api.asgi import call
from tests.api.conftest import Get
from tests.api.html_page import Page
from tests.api.small_twin import ADDRESSES, BUILDINGS, HIDDEN_TITLE, SHARED_REF, WATER, X, Y, fill, square
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.model.feature import Feature
from tweestad.model.layer import Column, Layer, Style
from tweestad.model.text import Text
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

CARD = f"/lijst/gebouwen/{SHARED_REF}?deel=kaart"


def areas(layer_id: str, *titles: str, audience: str = "public") -> tuple[Layer, list[Feature]]:
    layer = replace(
        WATER,
        id=layer_id,
        title=Text(layer_id.capitalize()),
        audience="staff" if audience == "staff" else "public",
        style=Style(role="area"),
    )
    return layer, [
        Feature(layer_id, f"{layer_id}-{n}", square(X - 100, Y - 100, 1000), title=title)
        for n, title in enumerate(titles)
    ]


@pytest.fixture
def town(tmp_path: Path) -> tuple[Store, TwinApp]:
    store = open_store("", tmp_path)
    fill(store)
    for layer, rows in (
        areas("buurten", "Oude buurt", ""),
        areas("plannen", "Nieuwe brug"),
        areas("onderzoek", "Geheim onderzoek", audience="staff"),
    ):
        store.put_layer(layer, rows)
    return store, create_app(Config(data_dir=tmp_path), store=store)


def test_a_card_says_in_which_areas_its_object_lies_and_nothing_of_hidden_ones(
    town: tuple[Store, TwinApp],
) -> None:
    page = Page.of(call(town[1], CARD).text)
    told = [e.text for e in page.all("section", class_="relations")]
    assert len(told) == 2
    assert "Buurten: Oude buurt" in told[1]
    assert "Plannen: Nieuwe brug" in told[1]
    assert "zonder naam" not in told[1]
    assert "Geheim" not in page.one("article").text
    links = {e.attributes["href"] for e in page.all("a")}
    assert {"/lijst/buurten/buurten-0", "/lijst/plannen/plannen-0"} <= links
    whole = Page.of(call(town[1], CARD.removesuffix("?deel=kaart")).text)
    assert "Plannen: Nieuwe brug" in whole.one("article").text


def test_only_areas_that_hold_a_point_of_the_object_count(town: tuple[Store, TwinApp]) -> None:
    store, app = town
    corner = shapely.Polygon([(X + 19, Y - 5), (X + 21, Y - 5), (X + 19, Y + 3)])
    layer, rows = areas("buurten", "Hoek")
    store.put_layer(layer, [replace(rows[0], geometry=bytes(shapely.to_wkb(corner)))])
    assert "Hoek" not in call(app, CARD).text


def test_a_card_names_what_other_layers_know_of_the_same_thing(get: Get) -> None:
    text = Page.of(get(CARD).text).one("article").text
    assert "Ook bekend in" in text
    assert "Adressen: Gracht 1" in text
    assert HIDDEN_TITLE not in text
    assert HIDDEN_TITLE in get(CARD, role="moderator").text


def test_a_national_number_among_the_values_leads_to_its_object(town: tuple[Store, TwinApp]) -> None:
    store, app = town
    layer = replace(ADDRESSES, columns=(Column("pand", Text("Gebouw", "Building"), "text"),))
    store.put_layer(layer, [Feature("adressen", "a1", None, {"pand": SHARED_REF}, title="Gracht 1")])
    page = Page.of(call(app, "/lijst/adressen/a1?deel=kaart").text)
    assert "Gebouw: Pand aan de Gracht" in page.one("section", class_="relations").text


def test_every_value_says_where_it_comes_from(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    years = replace(BUILDINGS.columns[0], term="bouwjaar")
    layer = replace(BUILDINGS, columns=(years, *BUILDINGS.columns[1:]))
    store.put_layer(layer, [Feature("gebouwen", "g", square(X, Y, 5), {"bouwjaar": 1900, "hoogte": 3.0})])
    page = Page.of(call(create_app(Config(data_dir=tmp_path), store=store), "/lijst/gebouwen/g").text)
    told = dict(zip((e.text for e in page.all("dt")), (e.text for e in page.all("dd")), strict=True))
    assert told["Bouwjaar"] == "opgegeven door de bron: BAG, oorspronkelijk bouwjaar"
    assert told["Hoogte"] == "berekend uit AHN"
    assert told["Gebruik"] == "opgegeven door de bron"
    assert [e.text for e in page.all("th", scope="rowgroup")] == ["Maten", "Tijd", "Kenmerken"]
    store.close()


FORMS = (Text("Gebouw bij {naam}", "Building near {naam}"), Text("{a} en {b}", "{b} after {a}"))


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("Gebouw bij ’t Hol (oud)", "Building near ’t Hol (oud)"),
        ("Noord en Zuid", "Zuid after Noord"),
        ("Stadhuis", "Stadhuis"),
        ("Gebouw bij ", "Gebouw bij "),
    ],
)
def test_a_made_title_is_said_in_english_and_any_other_stays(dutch: str, english: str) -> None:
    layer = replace(BUILDINGS, titles=FORMS)
    assert layer.title_in(dutch, "en") == english
    assert layer.title_in(dutch, "nl") == dutch


def test_two_buildings_with_the_same_title_are_told_apart(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    columns = (
        replace(BUILDINGS.columns[0], term="bouwjaar"),
        replace(BUILDINGS.columns[1], term="gebruiksdoel"),
    )
    layer = replace(BUILDINGS, titles=FORMS, columns=columns)
    rows = [
        Feature(
            "gebouwen",
            f"pand-{n:04}",
            square(X + n, Y, 1),
            {"bouwjaar": 1005 if n == 2 else 1900, "gebruik": ("w",)},
            ref=f"NL.{n}",
            title="Gebouw bij Kade" if n < 3 else "Stadhuis",
        )
        for n in range(1, 4)
    ]
    store.put_layer(layer, rows)
    app = create_app(Config(data_dir=tmp_path), store=store)
    page = Page.of(call(app, "/lijst/gebouwen?taal=en").text)
    heads = [e.text.strip() for e in page.all("th", scope="row")]
    # Year and use stand in the columns; who goes from link to link hears them.
    assert heads == ["Building near Kade, 1900, living …0001", "Building near Kade, living …0002", "Stadhuis"]
    picked = call(app, "/api/v1/pick?lon=4.90113&lat=52.36539&radius=100").json()["objects"]
    labels = {each["id"]: each["label"] for each in picked}
    assert labels["pand-0001"] == {
        "nl": "Gebouw bij Kade (1900, wonen, …0001)",
        "en": "Building near Kade (1900, living, …0001)",
    }
    assert labels["pand-0002"]["nl"] == "Gebouw bij Kade (wonen, …0002)"
    assert {each["title"] for each in picked} == {"Gebouw bij Kade", "Stadhuis"}
    assert "Building near Kade" in call(app, "/lijst/gebouwen/pand-0001?taal=en").text
    store.close()
