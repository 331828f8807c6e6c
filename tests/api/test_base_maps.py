"""Base maps from elsewhere: told, and let through the content security policy, only when they are on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.api.asgi import Answer, call
from tests.api.small_twin import TWIN, fill
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.model.layer import BaseMap
from tweestad.model.text import Text
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, twin_body
from tweestad.store.opening import open_store

BASE = BaseMap("lucht", Text("Luchtfoto", "Picture"), "https://t.test:81/{z}/{x}/{y}.png", "Maker", "CC0-1.0")


def _ask(tmp_path: Path, bases: tuple[BaseMap, ...], *addresses: str) -> list[Answer]:
    store = open_store("", tmp_path)
    try:
        fill(store)
        store.put_document(TWIN_KIND, TWIN_KEY, twin_body(replace(TWIN, bases=bases)))
        app = create_app(Config(data_dir=tmp_path), store=store)
        return [call(app, address) for address in addresses]
    finally:
        store.close()


def test_the_map_may_show_pictures_of_a_base_map_that_is_on_and_no_other_page_may(tmp_path: Path) -> None:
    home, lists, api = _ask(tmp_path, (BASE,), "/", "/lijst", "/api/v1")
    own = "img-src 'self' data: blob:"
    assert f"{own} https://t.test:81;" in home.headers["content-security-policy"]
    assert f"{own};" in lists.headers["content-security-policy"]
    assert [base["url"] for base in api.json()["bases"]] == [BASE.url]


def test_without_base_maps_from_elsewhere_only_pictures_of_our_own_are_let_through(tmp_path: Path) -> None:
    home, api = _ask(tmp_path, (), "/", "/api/v1")
    assert "img-src 'self' data: blob:;" in home.headers["content-security-policy"]
    assert api.json()["bases"] == []
