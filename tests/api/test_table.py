"""The tables: order, pages, filter, the fragment for the app, and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from tests.api.asgi import call
from tests.api.conftest import Get
from tests.api.html_page import Page
from tests.api.small_twin import SCRIPT, STREETS, WATER, places_of
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.model.feature import Feature
from tweestad.model.layer import Column, Place, Style
from tweestad.model.text import Text
from tweestad.store.opening import open_store

COUNT = 123


@pytest.fixture(scope="module")
def long_list(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwinApp]:
    """A list of 123 streets, of which one in ten has no name."""
    folder = tmp_path_factory.mktemp("long")
    store = open_store("", folder)
    features = [
        Feature(
            "straten",
            f"s{n:03}",
            bytes(shapely.to_wkb(shapely.Point(120_000 + n, 487_000))),
            {"naam": None if n % 10 == 0 else f"Straat {(n * 37) % COUNT:03}"},
            title=f"Straat {n:03}",
        )
        for n in range(COUNT)
    ]
    store.put_layer(STREETS, features, places=places_of(features))
    yield create_app(Config(data_dir=folder), store=store)
    store.close()


def titles(app: TwinApp, query: str) -> list[str]:
    page = Page.of(call(app, f"/lijst/straten?{query}").text)
    return [e.text for e in page.all("th", scope="row")]


def cells(app: TwinApp, query: str) -> list[str]:
    page = Page.of(call(app, f"/lijst/straten?{query}").text)
    return [e.text for e in page.all("td")]


def test_turning_the_pages_shows_every_row_once(long_list: TwinApp) -> None:
    found = [title for n in (1, 2, 3) for title in titles(long_list, f"pagina={n}")]
    assert found == [f"Straat {n:03}" for n in range(COUNT)]
    assert len(titles(long_list, "pagina=1")) == 50


def test_the_page_says_where_you_are(long_list: TwinApp) -> None:
    page = Page.of(call(long_list, "/lijst/straten?pagina=2").text)
    assert "51 tot en met 100 van 123" in page.one("main").text
    assert "Pagina 2 van 3" in page.one("nav", class_="pages").text
    assert page.one("a", rel="prev").attributes["href"] == "/lijst/straten?pagina=1"
    assert page.one("a", rel="next").attributes["href"] == "/lijst/straten?pagina=3"


def test_past_the_end_there_is_a_way_back(long_list: TwinApp) -> None:
    answer = call(long_list, "/lijst/straten?pagina=9")
    page = Page.of(answer.text)
    assert answer.status == 200
    assert "Er zijn 3 pagina's." in page.one("main").text
    assert page.one("a", rel="prev").attributes["href"] == "/lijst/straten?pagina=3"


@pytest.mark.parametrize("direction", ["op", "af"])
def test_a_column_is_sorted_with_the_unknown_last(long_list: TwinApp, direction: str) -> None:
    pages = [cells(long_list, f"sorteer=naam&richting={direction}&pagina={n}") for n in (1, 2, 3)]
    found = [cell for page in pages for cell in page]
    known = [cell for cell in found if cell != "onbekend"]
    assert known == sorted(known, reverse=direction == "af")
    assert found[len(known) :] == ["onbekend"] * 13
    assert len(found) == COUNT


def test_the_head_says_the_order_and_turns_it_round(get: Get) -> None:
    page = Page.of(get("/lijst/gebouwen?sorteer=bouwjaar&q=p").text)
    head = page.one("th", aria_sort="ascending")
    assert head.text.startswith("Bouwjaar")
    links = [e.attributes["href"] for e in page.all("a", class_="sort")]
    assert "/lijst/gebouwen?sorteer=bouwjaar&richting=af&q=p" in links
    turned = Page.of(get("/lijst/gebouwen?sorteer=bouwjaar&richting=af").text)
    assert turned.one("th", aria_sort="descending").text.startswith("Bouwjaar")


@pytest.mark.parametrize("direction", ["op", "af"])
def test_objects_that_no_column_names_are_sorted_by_their_titles(get: Get, direction: str) -> None:
    page = Page.of(get(f"/lijst/gebouwen?sorteer=titel&richting={direction}").text)
    rows = [e.text for e in page.all("th", scope="row")]
    assert rows[:-1] == sorted(rows[:-1], key=str.lower, reverse=direction == "af")
    assert rows[-1] == "Gebouw zonder naam"
    assert page.one("th", aria_sort="descending" if direction == "af" else "ascending").text.startswith(
        "Naam"
    )


def test_a_year_that_means_unknown_is_sorted_as_unknown(get: Get) -> None:
    for direction in ("op", "af"):
        page = Page.of(get(f"/lijst/gebouwen?sorteer=bouwjaar&richting={direction}").text)
        years = [e.text for e in page.all("td")[::6] if e.text != "onbekend"]
        rows = [e.text for e in page.all("th", scope="row")]
        assert set(rows[3:]) == {SCRIPT, "Gebouw zonder naam"}
        assert years == (["1650", "1964", "2020"] if direction == "op" else ["2020", "1964", "1650"])


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("straat+01", [f"Straat {n:03}" for n in range(10, 20)]),
        ("STRAAT+007", ["Straat 007"]),
        ("s042", ["Straat 042"]),
        ("raat", []),
        ("!!", []),
        ("%00", [f"Straat {n:03}" for n in range(50)]),
    ],
)
def test_the_filter_finds_names_and_numbers(long_list: TwinApp, q: str, found: list[str]) -> None:
    assert titles(long_list, f"q={q}") == found


def test_the_filter_finds_national_numbers(get: Get) -> None:
    page = Page.of(get("/lijst/adressen?q=NL.IMBAG.Pand.0363100012000003").text)
    assert [e.text for e in page.all("th", scope="row")] == ["Gracht 3"]


def test_all_faults_of_a_table_come_on_one_page(get: Get) -> None:
    answer = get("/lijst/gebouwen?sorteer=onzin&richting=links&pagina=0&q=" + "a" * 201)
    assert answer.status == 400
    names = [e.text for e in Page.of(answer.text).all("b") if "ul" in e.inside]
    assert names == ["sorteer", "richting", "pagina", "q"]
    for page in ("-1", "een", "2001", "99999999999999", "1.5", "²", ""):
        assert get(f"/lijst/gebouwen?pagina={page}").status == 400


def test_the_fragment_is_the_same_table(get: Get) -> None:
    whole = get("/lijst/gebouwen?sorteer=hoogte").text
    part = get("/lijst/gebouwen?sorteer=hoogte&deel=tabel")
    assert part.text.strip() in whole
    assert Page.of(part.text).elements[0].tag == "section"
    assert part.headers["content-type"].startswith("text/html")


def test_a_long_text_is_cut_in_the_table(get: Get) -> None:
    page = Page.of(get("/lijst/gebouwen").text)
    assert max(len(e.text) for e in page.all("td")) <= 120


def test_a_wide_layer_shows_its_first_columns_and_says_where_the_rest_is(tmp_path: Path) -> None:
    names = [f"kolom{n}" for n in range(1, 10)]
    wide = replace(
        STREETS, columns=tuple(Column(name, Text(name.title()), "number", unit="m") for name in names)
    )
    store = open_store("", tmp_path)
    try:
        store.put_layer(wide, [Feature("straten", "s1", None, dict.fromkeys(names, 2.5), title="Kade")])
        app = create_app(Config(data_dir=tmp_path), store=store)
        page = Page.of(call(app, "/lijst/straten").text)
        assert [e.text for e in page.all("th", scope="col")] == ["Naam", *(n.title() for n in names[:6])]
        assert len(page.all("td")) == 6
        assert [e.text for e in page.all("span", class_="unit")] == [" m"] * 6
        assert "6 van de 9 kolommen" in page.one("main").text
        # What the rows are sorted by is always there.
        page = Page.of(call(app, "/lijst/straten?sorteer=kolom8").text)
        assert page.one("th", aria_sort="ascending").text.startswith("Kolom8")
        assert "7 van de 9 kolommen" in page.one("main").text
        assert rows_of(call(app, "/lijst/straten.csv").text)[0] == ["id", "ref", "title", *names]
        assert "Kolom9" in call(app, "/lijst/straten/s1").text
    finally:
        store.close()


def test_a_layer_that_fits_shows_all_columns_and_says_nothing(get: Get) -> None:
    page = Page.of(get("/lijst/gebouwen").text)
    assert len(page.all("th", scope="col")) == 7
    assert "kolommen" not in page.one("main").text


def test_a_search_in_one_list_is_not_crowded_out_by_others(tmp_path: Path) -> None:
    """Other layers have a thousand shorter names; the list is too long to be read through."""
    store = open_store("", tmp_path)
    try:
        for layer, count, label in ((WATER, 1_200, "Dam"), (STREETS, 6_000, "Damlaan")):
            features = [
                Feature(layer.id, f"f{n:04}", None, {}, title=f"{label} {n:04}") for n in range(count)
            ]
            named = features if layer is WATER else features[:1_100]
            places = [Place(f.title, "x", layer.id, f.id, 120_000.0, 487_000.0) for f in named]
            store.put_layer(layer, features, places=places)
        app = create_app(Config(data_dir=tmp_path), store=store)
        assert titles(app, "q=damlaan+0007") == ["Damlaan 0007"]
        cut = Page.of(call(app, "/lijst/straten?q=dam").text)
        assert len(cut.all("th", scope="row")) == 50
        assert "van meer dan 1.000" in cut.one("p", role="status").text
        assert "more than 1,000" in call(app, "/lijst/straten?q=dam&taal=en").text
        assert "meer dan" not in call(app, "/lijst/straten?q=damlaan+0007").text
    finally:
        store.close()


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_csv_file_holds_every_row_and_column(long_list: TwinApp, get: Get) -> None:
    answer = call(long_list, "/lijst/straten.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="straten.csv"'
    rows = rows_of(answer.text)
    assert rows[0] == ["id", "ref", "title", "naam"]
    assert [row[0] for row in rows[1:]] == [f"s{n:03}" for n in range(COUNT)]
    first = rows_of(get("/lijst/gebouwen.csv").text)[1]
    assert first[2:] == ["Pand aan de Gracht", "1964", "w; k", "1234.5", "false", "", ""]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+31 20",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        '=HYPERLINK("http://a.test")',
        "=cmd|' /C calc'!A0",
        "a",
        "",
        "1",
        "'=1",
        " =1",
    ],
)
def test_a_spreadsheet_runs_nothing_from_the_csv_file(tmp_path: Path, text: str) -> None:
    store = open_store("", tmp_path)
    try:
        feature = Feature("straten", "s1", None, {"naam": text}, title=text)
        store.put_layer(STREETS, [feature])
        answer = call(create_app(Config(data_dir=tmp_path), store=store), "/lijst/straten.csv")
    finally:
        store.close()
    row = rows_of(answer.text)[1]
    for cell in row:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert [cell.removeprefix("'") for cell in row] == ["s1", "", *[text.removeprefix("'")] * 2]


def test_a_list_starts_with_what_has_a_name_and_names_it_once(tmp_path: Path) -> None:
    layer = replace(STREETS, style=Style(label_column="naam"))
    layer = replace(layer, columns=(*layer.columns, Column("soort", Text("Soort"), "text")))
    shape = bytes(shapely.to_wkb(shapely.Point(120_000, 487_000)))
    named = {"a": "", "b": "Zuidvaart", "c": "", "d": "Amstel"}
    features = [Feature("straten", key, shape, {"naam": name}, title=name) for key, name in named.items()]
    with closing(open_store("", tmp_path)) as store:
        store.put_layer(layer, features)
        page = Page.of(call(create_app(Config(data_dir=tmp_path), store=store), "/lijst/straten").text)
    rows = [e.text for e in page.all("th", scope="row")]
    assert rows == ["Amstel", "Zuidvaart", "Straten zonder naam", "Straten zonder naam"]
    assert [e.text.strip() for e in page.all("th", scope="col")] == ["Naam ↑", "Soort"]
