"""When the store hangs, fails or refuses: what others notice of it, and what the one who asked reads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.api.asgi import Answer, call, call_async
from tests.api.small_twin import STREETS
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.errors import InputRejected, LimitExceeded, StoreUnavailable
from tweestad.i18n import catalogue, say
from tweestad.model.feature import BBox, Feature, check_layer_id
from tweestad.model.layer import Place
from tweestad.model.text import Language
from tweestad.store.opening import open_store

PATIENCE_S = 10.0


class StoreThatAnswers:
    """A store of which every answer is what `answer` says."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __getattr__(self, name: str) -> Any:
        return self._answer


def refusing(exc: Exception) -> Any:
    def refuse(*args: object, **kwargs: object) -> None:
        raise exc

    return StoreThatAnswers(refuse)


def test_a_store_that_hangs_holds_up_nobody_else(tmp_path: Path) -> None:
    """The page of an error reads the twin's facts; meanwhile the server goes on serving."""
    asked, released = threading.Event(), threading.Event()
    in_time: list[bool] = []

    def hang(*args: object, **kwargs: object) -> Mapping[str, Any] | None:
        asked.set()
        in_time.append(released.wait(PATIENCE_S))
        return None

    hanging: Any = StoreThatAnswers(hang)
    app = create_app(Config(data_dir=tmp_path), store=hanging)

    async def both() -> tuple[Answer, Answer]:
        first = asyncio.create_task(call_async(app, "/bestaat/niet"))
        while not asked.is_set():
            await asyncio.sleep(0.01)
        health = await call_async(app, "/healthz")
        released.set()
        return await first, health

    page, health = asyncio.run(both())
    assert (page.status, health.status) == (404, 200)
    assert in_time == [True]


def test_a_page_of_an_error_is_there_without_the_store(tmp_path: Path) -> None:
    app = create_app(Config(data_dir=tmp_path), store=refusing(StoreUnavailable("de kabel ligt eruit")))
    answer = call(app, "/bestaat/niet")
    assert answer.status == 404
    assert catalogue("nl")["error.not-found.title"] in answer.text
    assert call(app, "/lijst").status == 503
    assert "kabel" not in call(app, "/lijst").text


def rejections() -> list[tuple[Exception, str]]:
    found: list[tuple[Exception, str]] = [(LimitExceeded("too deep"), "too-much")]
    for wrong in (
        lambda: BBox(1, 0, 0, 1),
        lambda: BBox(0, 0, float("nan"), 1),
        lambda: check_layer_id("Nee"),
    ):
        with pytest.raises(InputRejected) as caught:
            wrong()
        found.append((caught.value, "layer-id" if len(found) == 3 else "bbox"))
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("exc", "code"), rejections(), ids=lambda value: str(value)[:20])
def test_what_is_refused_below_is_said_in_the_language_of_the_client(
    tmp_path: Path, exc: InputRejected, code: str, language: Language
) -> None:
    app = create_app(Config(data_dir=tmp_path), store=refusing(exc))
    answer = call(app, "/api/v1/layers", headers={"Accept-Language": language})
    assert answer.status == 400
    assert answer.json()["detail"] == say(f"error.rejected.{code}", language)
    page = call(app, "/lijst?taal=en" if language == "en" else "/lijst")
    assert exc.reason not in page.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_any_other_refusal_is_a_general_sentence_with_a_number(tmp_path: Path, language: Language) -> None:
    app = create_app(Config(data_dir=tmp_path), store=refusing(InputRejected("row 7 of /srv/prive")))
    body = call(app, "/api/v1/layers", headers={"Accept-Language": language}).json()
    assert "prive" not in str(body)
    assert body["detail"].startswith(say("error.invalid-input.detail", language))
    assert body["instance"].removeprefix("urn:tweestad:error:") in body["detail"]


def test_one_object_far_away_leaves_the_layers_and_the_search_alone(tmp_path: Path) -> None:
    """A stray coordinate has no degrees: its layer has no bbox, and the screen still starts."""
    far = _point(2_000_000.0, 2_000_000.0)
    store = open_store("", tmp_path)
    try:
        near = Place("Kade", "straat", "straten", "s1", 121_900.0, 486_500.0)
        stray = Place("Kade ver weg", "straat", "straten", "s2", 2_000_000.0, 2_000_000.0)
        store.put_layer(
            STREETS, [Feature("straten", "s1", far), Feature("straten", "s2", far)], places=[near, stray]
        )
        app = create_app(Config(data_dir=tmp_path), store=store)
        layers = call(app, "/api/v1/layers")
        assert layers.status == 200
        assert layers.json()["layers"][0]["bbox"] is None
        places = call(app, "/api/v1/places?q=kade")
        assert [place["id"] for place in places.json()["places"]] == ["s1"]
        rows = call(app, "/api/v1/layers/straten/features", headers={"Accept-Language": "en"})
        assert rows.status == 400
        assert rows.json()["detail"] == say("error.rejected.outside-rd", "en")
        assert call(app, "/api/v1/layers/straten/features?crs=EPSG:28992").status == 200
    finally:
        store.close()


def _point(x: float, y: float) -> bytes:
    return bytes(shapely.to_wkb(shapely.Point(x, y)))
