"""Conditions and distance, in the API and on the pages, on both databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from urllib.parse import quote

import pytest
import shapely

from tests.api.asgi import Answer, call
from tests.api.conftest import Get
from tests.api.html_page import Page
from tests.api.small_twin import BUILDINGS, STREETS, X, Y, fill
from tests.api.test_api_rules import faults
from tests.postgres_server import Cluster
from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.api.conditions import condition_text, read_conditions
from tweestad.api.nearest import Near, Origin, find_origin, in_order, nearest
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.model.feature import Feature
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store, Where

HERE = "4.90160032,52.36543405"
Ask = Callable[[str], Answer]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgis", marks=pytest.mark.postgres)])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    cluster: Cluster | None = None
    if request.param == "postgis":
        cluster = request.getfixturevalue("postgres_cluster")
    url = cluster.new_database() if cluster else ""
    store = open_store(url, tmp_path_factory.mktemp("conditions"))
    fill(store)
    yield store
    store.close()
    if cluster:
        cluster.drop(url)


@pytest.fixture(scope="module")
def ask(both: Store, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    app = create_app(Config(data_dir=tmp_path_factory.mktemp("app")), store=both)
    return lambda address: call(app, address)


def numbers(answer: Answer) -> str:
    """The last digits of the ids found."""
    assert answer.status == 200, answer.text
    return "".join(each["id"][-1] for each in answer.json()["features"])


CASES = [
    (["bouwjaar:1900..1964"], "1"),
    (["bouwjaar:1964.."], "14"),
    (["bouwjaar:..1700"], "3"),
    (["bouwjaar:1650|2020"], "34"),
    (["bouwjaar:1005"], ""),
    (["bouwjaar:?"], "25"),
    (["bouwjaar:2000..|?"], "245"),
    (["gebruik:k"], "1"),
    (["gebruik:w"], "12"),
    (["gebruik:w", "bouwjaar:?"], "2"),
    (["monument:true"], "3"),
    (["monument:false|?"], "1245"),
    (["hoogte:1234.5"], "1"),
    (["omschrijving:+31 20 000 00 00"], "4"),
]


@pytest.mark.parametrize(("texts", "found"), CASES, ids=str)
def test_the_api_and_the_pages_find_the_same(ask: Ask, texts: list[str], found: str) -> None:
    asked = "&".join(f"where={quote(text, safe='')}" for text in texts)
    assert numbers(ask(f"/api/v1/layers/gebouwen/features?{asked}")) == found
    told = asked.replace("where=", "waar=")
    page = Page.of(ask(f"/lijst/gebouwen?sorteer=&{told}").text)
    links = [link.attributes["href"] for link in page.all("a") if "Pand.0" in link.attributes["href"]]
    assert "".join(link.split("?")[0][-1] for link in links) == found
    rows = list(csv.reader(io.StringIO(ask(f"/lijst/gebouwen.csv?{told}").text)))
    assert "".join(row[0][-1] for row in rows[1:]) == found


def test_the_first_page_tells_how_many_pass_the_conditions(ask: Ask) -> None:
    address = "/api/v1/layers/gebouwen/features?limit=1"
    first = ask(f"{address}&where=bouwjaar:1900..").json()
    assert (first["numberMatched"], first["numberReturned"]) == (2, 1)
    (onward,) = [link["href"] for link in first["links"] if link["rel"] == "next"]
    assert "numberMatched" not in ask(onward).json()
    assert "numberMatched" not in ask(address).json()
    assert ask(f"{address}&where=bouwjaar:?").json()["numberMatched"] == 2


def test_conditions_stay_with_the_next_page_and_inside_a_window(ask: Ask) -> None:
    first = ask(
        "/api/v1/layers/gebouwen/features?where=bouwjaar:1600..2000&where=monument:true|false&limit=1"
    )
    assert numbers(first) == "1"
    following = next(link["href"] for link in first.json()["links"] if link["rel"] == "next")
    assert following.count("where=") == 2
    second = ask(following)
    assert numbers(second) == "3"
    window = f"{X + 55},{Y},{X + 75},{Y + 5}"
    here = f"/api/v1/layers/gebouwen/features?bbox={window}&bboxCrs=EPSG:28992&where=bouwjaar:1600.."
    assert numbers(ask(here)) == "3"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bouwjaar", "condition-form"),
        (":1900", "condition-form"),
        ("bouwjaar:", "condition-form"),
        ("bouwjaar:1900||1950", "condition-form"),
        ("onzin:1", "sort-unknown"),
        ("bouwjaar:oud", "condition-number"),
        ("bouwjaar:1950..1900", "condition-number"),
        ("bouwjaar:..", "condition-number"),
        ("bouwjaar:1e3..", "condition-number"),
        ("bouwjaar:nan..inf", "condition-number"),
        ("bouwjaar:1..2|3..4", "condition-number"),
        ("bouwjaar:" + "9" * 16 + "..", "condition-number"),
        ("gebruik:" + "|".join("w" * 51), "condition-values"),
        ("gebruik:" + "w" * 2_000, "too-long"),
    ],
)
def test_what_is_no_condition_is_refused_with_a_sentence(get: Get, text: str, code: str) -> None:
    coded = quote(text, safe="")
    answer = get(f"/api/v1/layers/gebouwen/features?where={coded}")
    assert answer.status == 400
    assert faults(answer) == {"where": code}
    page = get(f"/lijst/gebouwen?waar={coded}")
    assert page.status == 400
    assert answer.json()["errors"][0]["detail"] in Page.of(page.text).one("main").text


def test_every_fault_is_told_at_once(get: Get) -> None:
    answer = get("/api/v1/layers/gebouwen/features?where=a:1&where=b:2&limit=0&at=999999&onzin=1")
    told = [(each["name"], each["code"]) for each in answer.json()["errors"]]
    assert told.count(("where", "sort-unknown")) == 2
    assert {name for name, _ in told} == {"where", "limit", "at", "onzin"}


def test_more_than_ten_conditions_are_refused(get: Get) -> None:
    ten = "&".join(["where=bouwjaar:1900.."] * 10)
    assert get(f"/api/v1/layers/gebouwen/features?{ten}").status == 200
    answer = get(f"/api/v1/layers/gebouwen/features?{ten}&where=bouwjaar:1900..")
    assert faults(answer) == {"where": "conditions-many"}


def test_a_condition_does_not_tell_that_a_layer_for_staff_is_there(get: Get) -> None:
    hidden = get("/api/v1/layers/bedrijven/features?where=onzin:1")
    absent = get("/api/v1/layers/bestaatniet/features?where=onzin:1")
    assert (hidden.status, absent.status) == (404, 404)


def test_marks_in_a_value_are_encoded_and_come_back() -> None:
    layer = BUILDINGS
    value = "50% | korting: a,b? ü"
    text = condition_text("omschrijving", value, "tweede")
    assert text == "omschrijving:50%25 %7C korting%3A a%2Cb%3F %C3%BC|tweede"
    (asked,), wrong = read_conditions([text], layer, "where")
    assert not wrong
    assert asked.values == (value, "tweede")


def test_the_page_says_each_condition_in_words_with_a_link_to_drop_it(ask: Ask) -> None:
    page = Page.of(ask("/lijst/gebouwen?waar=bouwjaar:1900..|%3F&waar=gebruik:w|k&q=p&sorteer=hoogte").text)
    told = page.one("ul", class_="conditions").text
    assert "Bouwjaar: 1900 of meer of onbekend" in told
    assert "Gebruik: wonen of kantoor" in told
    drop = [
        link.attributes
        for link in page.all("a")
        if link.attributes.get("aria-label", "").startswith("Haal weg")
    ]
    assert drop[0]["aria-label"] == "Haal weg: Bouwjaar: 1900 of meer of onbekend"
    assert drop[0]["href"] == "/lijst/gebouwen?sorteer=hoogte&q=p&waar=gebruik%3Aw%7Ck"
    hidden = {(e.attributes["name"], e.attributes["value"]) for e in page.all("input", type="hidden")}
    assert hidden == {("sorteer", "hoogte"), ("waar", "bouwjaar:1900..|?"), ("waar", "gebruik:w|k")}
    english = Page.of(ask("/lijst/gebouwen?taal=en&waar=hoogte:..12").text)
    assert "Height: at most 12 m" in english.one("ul", class_="conditions").text


def test_distance_is_measured_from_the_place_and_sorts_the_table(ask: Ask) -> None:
    page = Page.of(ask(f"/lijst/adressen?vanaf={HERE}").text)
    rows = [e.text for e in page.all("th", scope="row")]
    assert rows == ["Gracht 1", "Gracht 2", "Gracht 3", "Gracht 4", "zonder plek"]
    assert page.one("th", aria_sort="ascending").text.startswith("Afstand")
    cells = [e.text for e in page.all("td")]
    assert cells[0].endswith(" m")
    far = [int(cell.removesuffix(" m")) for cell in cells[::2][:4]]
    assert [b - a for a, b in pairwise(far)] == [20, 20, 20]
    assert cells[-2] == "onbekend"
    turned = Page.of(ask(f"/lijst/adressen?vanaf={HERE}&sorteer=afstand&richting=af").text)
    assert [e.text for e in turned.all("th", scope="row")] == rows[3::-1]
    named = Page.of(ask(f"/lijst/adressen?vanaf={HERE}&sorteer=naam&richting=af").text)
    assert "Afstand" in named.one("table").text
    assert next(e.text for e in named.all("th", scope="row")) == "zonder plek"
    file = list(csv.reader(io.StringIO(ask(f"/lijst/adressen.csv?vanaf={HERE}").text)))
    assert file[0][-1] == "afstand_m"
    assert float(file[1][-1]) < float(file[2][-1])
    assert file[-1][-1] == ""


@pytest.mark.parametrize("text", ["4.9", "52.4,4.9", "a,b", "4.9,52.4,1", "nan,52", "0,0"])
def test_a_place_that_is_none_is_refused(get: Get, text: str) -> None:
    assert get(f"/lijst/adressen?vanaf={text}").status == 400
    assert get("/lijst/adressen?sorteer=afstand").status == 400


def test_the_nearest_are_the_nearest_however_they_lie(both: Store) -> None:
    """Against measuring all of them: diagonals, long shapes whose box is near and a point inside."""
    away = [0.0, 30, 176, 249, 250, 251, 300, 353, 600, 1200, 5000]
    shapes: list[shapely.Geometry] = [
        shapely.Point(X + d * c, Y + d * s) for d in away for c, s in ((1, 0), (0.7071, 0.7071), (0, -1))
    ]
    shapes.append(shapely.LineString([(X - 240, Y - 2000), (X - 240, Y + 245), (X + 2000, Y + 245)]))
    shapes.append(shapely.box(X - 5, Y - 5, X + 5, Y + 5))
    features = [
        Feature("straten", f"n{n:02}", bytes(shapely.to_wkb(shape))) for n, shape in enumerate(shapes)
    ]
    both.put_layer(STREETS, [*features, Feature("straten", "zonder", None)])
    reader, where, origin = Reader(both, VISITOR), Where(layer="straten"), Origin(X, Y, "")
    whole = in_order(reader, where, origin)
    assert len(whole) == len(shapes) + 1
    assert whole[-1] == Near(float("inf"), "zonder")
    for wanted in range(1, len(whole) + 1):
        assert nearest(reader, where, origin, wanted=wanted)[:wanted] == whole[:wanted]


def test_a_place_in_an_address_is_longitude_and_latitude() -> None:
    found = find_origin(HERE)
    assert found is not None
    assert abs(found.x - X) < 500
    assert find_origin("52.36,4.9") is None
