"""What a column is like, and which classes to colour it by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.asgi import call
from tests.api.conftest import Get
from tests.api.small_twin import BUILDINGS, square
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.legend.facts import count_columns
from tweestad.model.column_facts import FACTS_KIND, facts_body, parse_facts
from tweestad.model.feature import Feature, Value
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

USES = ("w", "k")


def buildings(count: int) -> list[Feature]:
    return [
        Feature(
            "gebouwen",
            f"g{n:04}",
            square(120_000 + 20 * n, 487_000, 10),
            {
                "bouwjaar": 1005 if n % 10 == 0 else 1900 + n % 100,
                "gebruik": (USES[n % 2],) if n % 3 else USES,
                "hoogte": None if n % 4 == 0 else 3 + n / 10,
                "monument": n % 5 == 0,
                "omschrijving": f"Pand {n}",
            },
            title=f"Pand {n}",
        )
        for n in range(count)
    ]


@pytest.fixture
def own(tmp_path: Path) -> tuple[Store, TwinApp]:
    store = open_store("", tmp_path)
    store.put_layer(BUILDINGS, buildings(200))
    return store, create_app(Config(data_dir=tmp_path), store=store)


def column(app: TwinApp, name: str) -> dict[str, Any]:
    answer = call(app, f"/api/v1/layers/gebouwen/columns/{name}")
    assert answer.status == 200
    body: dict[str, Any] = answer.json()
    return body


def test_numbers_have_a_range_a_histogram_and_round_classes_with_their_unit(
    own: tuple[Store, TwinApp],
) -> None:
    heights = column(own[1], "hoogte")
    assert heights["kind"] == "number"
    assert (heights["count"], heights["missing"], heights["distinct"]) == (200, 50, 150)
    assert (heights["lowest"], heights["highest"]) == (3.1, 22.9)
    assert sum(bar["count"] for bar in heights["histogram"]) == 150
    assert [each["label"]["nl"] for each in heights["classes"]] == [
        "minder dan 5 m",
        "5 tot 10 m",
        "10 tot 15 m",
        "15 tot 20 m",
        "20 m en meer",
    ]
    assert heights["classes"][0]["label"]["en"] == "less than 5 m"
    assert heights["classes"][0]["lower"] is None
    assert heights["classes"][1]["lower"] == heights["classes"][0]["upper"] == 5


def test_the_classes_of_the_twin_come_before_those_made_here(own: tuple[Store, TwinApp]) -> None:
    years = column(own[1], "bouwjaar")
    assert [each["label"]["nl"] for each in years["classes"]] == ["voor 1850"]
    assert years["missing"] == 20
    assert years["lowest"] >= 1900


def test_codes_are_counted_each_and_named_in_words(own: tuple[Store, TwinApp]) -> None:
    uses = column(own[1], "gebruik")
    assert uses["kind"] == "category"
    assert [(each["value"], each["label"]["en"]) for each in uses["values"]] == [
        ("k", "office"),
        ("w", "living"),
    ]
    assert sum(each["count"] for each in uses["values"]) == 267
    # In the order of the code list.
    assert [each["value"] for each in uses["classes"]] == ["w", "k"]
    yes = column(own[1], "monument")
    assert {each["value"]: each["label"]["nl"] for each in yes["values"]} == {"false": "nee", "true": "ja"}


def test_names_have_no_classes_and_no_values(own: tuple[Store, TwinApp]) -> None:
    names = column(own[1], "omschrijving")
    assert names["kind"] == "text"
    assert names["distinct"] == 200
    assert names["classes"] == names["values"] == names["histogram"] == []


def test_the_layer_says_which_columns_can_be_coloured_by(own: tuple[Store, TwinApp]) -> None:
    columns = call(own[1], "/api/v1/layers").json()["layers"][0]["columns"]
    assert {each["name"]: each["colourable"] for each in columns} == {
        "bouwjaar": True,
        "gebruik": True,
        "hoogte": True,
        "monument": True,
        "ingemeten": False,
        "omschrijving": False,
    }


def test_a_change_of_the_layer_is_counted_anew(own: tuple[Store, TwinApp]) -> None:
    store, app = own
    assert column(app, "hoogte")["count"] == 200
    assert store.erase("gebouwen", "g0001") == 1
    assert column(app, "hoogte")["count"] == 199


def test_what_the_build_counted_is_served_while_the_layer_is_the_same(own: tuple[Store, TwinApp]) -> None:
    store, app = own
    (stored,) = store.layers(frozenset({"public"}))
    kept = count_columns(BUILDINGS, [{"hoogte": 1.0}, {"hoogte": 2.0}])
    store.put_document(FACTS_KIND, "gebouwen", facts_body(stored.version, kept))
    assert column(app, "hoogte")["count"] == 2
    assert store.erase("gebouwen", "g0001") == 1
    # Erasing is for good: what was counted named values too.
    assert store.find_document(FACTS_KIND, "gebouwen") is None
    assert column(app, "hoogte")["count"] == 199


def test_facts_come_back_from_their_document_as_they_were() -> None:
    facts = count_columns(BUILDINGS, [each.attributes for each in buildings(50)])
    assert parse_facts(facts_body(7, facts), 7) == facts
    assert parse_facts(facts_body(7, facts), 8) is None


def test_more_categories_than_colours_end_in_others(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    rows: list[dict[str, Value]] = [{"gebruik": (f"c{n % 12}",)} for n in range(100)]
    store.put_layer(BUILDINGS, [Feature("gebouwen", f"g{n}", None, row) for n, row in enumerate(rows)])
    classes = column(create_app(Config(data_dir=tmp_path), store=store), "gebruik")["classes"]
    assert len(classes) == 9
    assert len({each["colour"] for each in classes}) == 9
    assert classes[-1]["label"] == {"nl": "alle andere", "en": "all others"}
    assert classes[-1]["value"] is None


def test_one_category_too_many_has_its_own_name_and_not_that_of_others(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    rows: list[dict[str, Value]] = [{"gebruik": (f"c{n % 9}",)} for n in range(100)]
    store.put_layer(BUILDINGS, [Feature("gebouwen", f"g{n}", None, row) for n, row in enumerate(rows)])
    classes = column(create_app(Config(data_dir=tmp_path), store=store), "gebruik")["classes"]
    assert sorted(each["value"] for each in classes) == [f"c{n}" for n in range(9)]


def test_a_column_that_only_numbers_the_objects_is_no_amount() -> None:
    numbered = count_columns(BUILDINGS, [{"bouwjaar": n} for n in range(1000, 1100)])
    assert numbered[0].kind == "text"


def test_a_column_that_is_not_there_is_not_found_and_the_answer_is_kept_by_its_tag(get: Get) -> None:
    assert get("/api/v1/layers/gebouwen/columns/onzin").status == 404
    answer = get("/api/v1/layers/gebouwen/columns/gebruik")
    again = get("/api/v1/layers/gebouwen/columns/gebruik", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status == 304
