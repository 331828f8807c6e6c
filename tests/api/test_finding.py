"""Searching as people do it, through the API and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api.asgi import call
from tests.api.conftest import Get
from tests.api.html_page import Page
from tests.api.small_twin import ADDRESSES, HIDDEN_TITLE, SHARED_REF, X, Y, places_of, square
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.model.feature import Feature
from tweestad.store.opening import open_store


def found(get: Get, q: str) -> tuple[list[str], str | None]:
    body: dict[str, Any] = get(f"/api/v1/places?{urlencode({'q': q})}").json()
    hint = body["hint"]
    return [place["label"] for place in body["places"]], hint and hint["nl"]


@pytest.mark.parametrize("q", ["3e Dwarsstraat 12", "3e dwarsstraat 12-III", "3e Dwarsstraat 12 a Kleinstad"])
def test_a_house_number_that_is_not_known_still_finds_the_street_and_says_so(get: Get, q: str) -> None:
    assert found(get, q) == (["3e Dwarsstraat"], "Dit nummer vinden wij niet. Dit past bij de naam.")


def test_a_house_number_that_is_known_finds_the_address_itself(get: Get) -> None:
    assert found(get, "Gracht 2") == (["Gracht 2"], None)


@pytest.mark.parametrize("q", [SHARED_REF, SHARED_REF.removeprefix("NL.IMBAG.Pand."), SHARED_REF.lower()])
def test_a_national_number_finds_its_objects_and_none_of_the_staff(get: Get, q: str) -> None:
    labels, hint = found(get, q)
    if q.islower():
        assert labels == []
    else:
        assert (labels, hint) == (["Pand aan de Gracht", "Gracht 1"], None)
    assert HIDDEN_TITLE not in labels


@pytest.mark.parametrize("q", ["1e Dwarstraat", "1e Dwarssraat", "1e Dwarsstraaat", "1e Dwarsstarat 8"])
def test_a_typing_error_finds_what_looks_like_it_and_says_so(get: Get, q: str) -> None:
    assert found(get, q) == (["1e Dwarsstraat"], "Zo heet hier niets. Dit lijkt erop.")


@pytest.mark.parametrize("q", ["Zwartjansen", "Geheyme opslag"])
def test_a_typing_error_does_not_find_what_is_for_staff(get: Get, q: str) -> None:
    assert found(get, q) == ([], None)


def test_nothing_alike_finds_nothing(get: Get) -> None:
    assert found(get, "Quasimodo 1") == ([], None)


def test_the_search_field_promises_the_places_that_there_are(get: Get) -> None:
    for path in ("/lijst", "/", "/zoek"):
        assert "Zoek een straat of water" in get(path).text
        assert "Search for a street or water" in get(f"{path}?taal=en").text
        assert "Zoek een adres" not in get(path).text


def test_the_search_page_says_what_it_did_instead(get: Get) -> None:
    page = Page.of(get("/zoek?q=3e+Dwarsstraat+12").text)
    assert "Dit nummer vinden wij niet." in page.one("main").text
    assert page.all("a", href="/lijst/straten/s3")


def test_a_layer_says_under_which_kind_its_names_are_found(get: Get) -> None:
    layers = {layer["id"]: layer for layer in get("/api/v1/layers").json()["layers"]}
    assert (layers["straten"]["placeKind"], layers["adressen"]["placeKind"]) == ("street", "")
    assert layers["gebouwen"]["noun"]["one"] == {"nl": "gebouw", "en": "building"}
    assert layers["straten"]["noun"]["many"]["nl"] == "straten"


def test_the_pieces_of_a_name_are_one_street(get: Get) -> None:
    body = get("/api/v1/layers/water/pieces/w/1").json()
    assert [f["id"] for f in body["features"]] == ["w/1"]
    assert body["truncated"] is False
    assert get("/api/v1/layers/water/pieces/nergens").status == 404
    assert get("/api/v1/layers/bedrijven/pieces/b1").status == 404


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("Kerkstraat 12", "Kerkstraat 12, 1234AB Alblas"),
        ("kerkstraat 12 alblas", "Kerkstraat 12, 1234AB Alblas"),
        ("Kerkstraat 12-A", "Kerkstraat 12A, 1234AB Alblas"),
        ("Kerkstraat 12 a", "Kerkstraat 12A, 1234AB Alblas"),
        ("Kerkstraat 12A-2", "Kerkstraat 12A-2, 1234AB Alblas"),
        ("1234 AB 12", "Kerkstraat 12, 1234AB Alblas"),
        ("1234ab 120", "Kerkstraat 120, 1234AB Alblas"),
        ("1234 AB 12 A", "Kerkstraat 12A, 1234AB Alblas"),
        ("9876 zz 3", "Dorpsweg 3, 9876ZZ Alblas"),
        ("Kerkstraat", "Kerkstraat"),
    ],
)
def test_an_address_is_found_however_a_person_writes_its_number(tmp_path: Path, q: str, first: str) -> None:
    numbers = ("Kerkstraat 120", "Kerkstraat 12A-2", "Kerkstraat 12A", "Kerkstraat 12", "Kerkstraat 3")
    labels = [*(f"{number}, 1234AB Alblas" for number in numbers), "Dorpsweg 3, 9876ZZ Alblas", "Kerkstraat"]
    store = open_store("", tmp_path)
    rows = [Feature("adressen", f"a{n}", square(X, Y, 5), title=label) for n, label in enumerate(labels)]
    store.put_layer(ADDRESSES, rows, places=places_of(rows))
    answer = call(create_app(Config(data_dir=tmp_path), store=store), f"/api/v1/places?{urlencode({'q': q})}")
    body = answer.json()
    assert body["places"][0]["label"] == first
    assert body["hint"] is None
    store.close()
