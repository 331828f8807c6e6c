"""`/readyz` says ok only when a visitor would see a city; `/robots.txt` lets everybody look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.api.asgi import call
from tests.api.conftest import Get
from tests.api.small_twin import STREETS, TWIN, fill, streets
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.errors import StoreUnavailable
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, twin_body
from tweestad.store.opening import open_store


def test_a_twin_is_ready_once_its_facts_and_a_layer_are_there(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    try:
        app = create_app(Config(data_dir=tmp_path), store=store)
        statuses = [call(app, "/readyz").status]
        store.put_layer(STREETS, streets())
        statuses.append(call(app, "/readyz").status)
        store.put_document(TWIN_KIND, TWIN_KEY, twin_body(TWIN))
        statuses.append(call(app, "/readyz").status)
        store.remove_layer("straten")
        statuses.append(call(app, "/readyz").status)
        assert call(app, "/healthz").status == 200
    finally:
        store.close()
    assert statuses == [503, 503, 200, 503]


def test_a_twin_of_which_the_features_cannot_be_read_is_not_ready(tmp_path: Path) -> None:
    store = open_store("", tmp_path)

    class BrokenPages:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def features(self, *_: object, **__: object) -> None:
            raise StoreUnavailable("database disk image is malformed")

    try:
        fill(store)
        broken: Any = BrokenPages()
        assert call(create_app(Config(data_dir=tmp_path), store=store), "/readyz").status == 200
        assert call(create_app(Config(data_dir=tmp_path), store=broken), "/readyz").status == 503
    finally:
        store.close()


def test_everybody_may_look_everywhere(get: Get) -> None:
    answer = get("/robots.txt")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "User-agent: *\nAllow: /\n"
