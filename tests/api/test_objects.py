"""An object with very many parts, and what a layer says that its values are worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.api.asgi import call
from tests.api.conftest import Get
from tests.api.html_page import Page
from tests.api.small_twin import SHARED_REF, STREETS
from tweestad.access.actor import VISITOR
from tweestad.access.reader import OBJECT_FEATURES_MAX, Reader
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.model.feature import Feature
from tweestad.model.layer import Layer, Quality, Twin
from tweestad.model.text import Text
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, twin_body
from tweestad.store.opening import open_store
from tweestad.store.rows import layer_from_json, layer_to_json


@pytest.mark.parametrize("count", [150, 1_000, 1_003])
def test_an_object_of_many_parts_is_shown_up_to_a_stated_number(tmp_path: Path, count: int) -> None:
    store = open_store("", tmp_path)
    try:
        parts = [Feature("straten", f"s{n:04}", None, {}, ref="NL.weg", title="Weg") for n in range(count)]
        store.put_layer(STREETS, parts)
        app = create_app(Config(data_dir=tmp_path), store=store)
        body = call(app, "/api/v1/objects/NL.weg").json()
        assert body["numberMatched"] == count
        assert body["numberReturned"] == len(body["features"]) == min(count, OBJECT_FEATURES_MAX)
        cut = "Er zijn er 1.003." in call(app, "/object/NL.weg").text
        assert cut == ("There are 1,003." in call(app, "/object/NL.weg?deel=kaart&taal=en").text)
        assert cut == (count == 1_003)
        assert call(app, "/api/v1/limits").json()["objectFeaturesMax"] == OBJECT_FEATURES_MAX
    finally:
        store.close()


def badges(app: TwinApp, address: str) -> list[str]:
    classes = ("q q-official", "q q-calibrated", "q q-citizen", "q q-suspect")
    page = Page.of(call(app, address).text)
    return [e.text for c in classes for e in page.all("span", class_=c)]


@pytest.mark.parametrize(
    ("quality", "invented", "shown"),
    [
        ("", False, []),
        ("official", False, ["officieel"]),
        ("calibrated", False, ["gekalibreerd"]),
        ("citizen", False, ["burgermeting"]),
        ("official", True, ["bedacht"]),
        ("", True, ["bedacht"]),
    ],
)
def test_a_layer_is_official_only_where_it_says_so(
    tmp_path: Path, quality: Quality, invented: bool, shown: list[str]
) -> None:
    """A national number alone makes nothing official."""
    store = open_store("", tmp_path)
    try:
        layer = replace(STREETS, quality=quality, invented=invented)
        store.put_layer(layer, [Feature("straten", "s1", None, {}, ref="NL.1", title="Kade")])
        app = create_app(Config(data_dir=tmp_path), store=store)
        for address in (
            "/lijst/straten/s1",
            "/lijst/straten/s1?deel=kaart",
            "/object/NL.1",
            "/lijst/straten",
        ):
            assert badges(app, address) == shown
        assert call(app, "/api/v1/layers/straten").json()["quality"] == quality
    finally:
        store.close()


def test_a_layer_that_was_kept_before_there_was_a_quality_still_loads() -> None:
    official: Layer = replace(STREETS, quality="official")
    assert layer_from_json(layer_to_json(official)) == official
    old = layer_to_json(STREETS).replace(',"quality":""', "")
    assert "quality" not in old
    assert layer_from_json(old) == STREETS


def test_a_reader_gives_the_two_public_documents_and_no_other(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    try:
        reader = Reader(store, VISITOR)
        assert (reader.twin_facts(), reader.build_report()) == (None, None)
        store.put_document("twin", "facts", {"id": "stad"})
        store.put_document("build", "report", {"version": 3})
        assert (reader.twin_facts(), reader.build_report()) == ({"id": "stad"}, {"version": 3})
        assert not hasattr(reader, "document")
    finally:
        store.close()


@pytest.mark.parametrize(
    ("contact", "email", "url"),
    [
        ("", None, "/bronnen"),
        ("stad@voorbeeld.test", "stad@voorbeeld.test", "/bronnen"),
        ("https://voorbeeld.test/@stad", None, "https://voorbeeld.test/@stad"),
        ("bel 14 020 @ stadhuis", None, "/bronnen"),
    ],
)
def test_the_contact_of_the_api_has_an_email_only_when_the_twin_gives_one(
    tmp_path: Path, contact: str, email: str | None, url: str
) -> None:
    store = open_store("", tmp_path)
    try:
        twin = Twin("stad", Text("Stad"), "GM9999", (121_900.0, 486_500.0), contact=contact)
        store.put_document(TWIN_KIND, TWIN_KEY, twin_body(twin))
        app = create_app(Config(data_dir=tmp_path), store=store)
        info = call(app, "/api/v1/openapi.json").json()["info"]
    finally:
        store.close()
    assert info["contact"].get("email") == email
    assert info["contact"]["url"] == url


def test_the_host_that_a_client_names_is_not_repeated(get: Get) -> None:
    for address in ("/api/v1/openapi.json", "/openapi.json", "/api/v1/docs", "/api/v1"):
        assert "elders.test" not in get(address, headers={"Host": "elders.test"}).text


def test_an_object_with_few_parts_tells_how_many(get: Get) -> None:
    body = get(f"/api/v1/objects/{SHARED_REF}").json()
    assert (body["numberMatched"], body["numberReturned"]) == (2, 2)
    assert "Hier staan de eerste" not in get(f"/object/{SHARED_REF}").text
