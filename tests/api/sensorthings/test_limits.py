"""What one question may cost: rows that are looked through, entities that are answered, depth and time."""

from __future__ import annotations

import pytest
from fastapi.exceptions import RequestValidationError

from tests.api.sensorthings.conftest import Ask, Read, codes
from tests.api.sensorthings.measured_twin import SERIES
from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.api.sensorthings import reach
from tweestad.api.sensorthings.around import Around
from tweestad.api.sensorthings.entities import Kind
from tweestad.api.sensorthings.evaluation import Judge
from tweestad.api.sensorthings.expression import DEPTH_MAX, TEXT_MAX
from tweestad.api.sensorthings.graph import Graph
from tweestad.api.sensorthings.options import parse_options
from tweestad.api.sensorthings.paging import page_of
from tweestad.api.sensorthings.reach import EXPAND_DEPTH_MAX, TOP_DEFAULT, TOP_MAX, Budget, Reach
from tweestad.store.protocol import Store


def cost(store: Store, kind: Kind, budget: Budget, **options: str) -> int:
    """How many rows the question looked through."""
    graph = Graph(Reader(store, VISITOR), budget)
    given = {f"${name}": text for name, text in options.items()}
    page_of(graph, Judge(graph, Around("")), kind, Reach(), parse_options(given, kind))
    return budget.looked


def test_the_limits_are_those_that_the_documentation_tells() -> None:
    assert (TOP_DEFAULT, TOP_MAX, reach.LOOKED_MAX, reach.ENTITIES_MAX) == (100, 1_000, 100_000, 10_000)
    assert (EXPAND_DEPTH_MAX, DEPTH_MAX, TEXT_MAX, reach.SECONDS_MAX) == (3, 16, 4_000, 10.0)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("Observation", {"filter": "result gt 1000"}),
        ("Observation", {"orderby": "result"}),
        ("Observation", {"filter": "result gt 1000", "count": "true"}),
        ("Thing", {"filter": "Datastreams/Observations/result gt 1000"}),
        ("Thing", {"orderby": "Datastreams/Observations/result"}),
        ("Sensor", {"filter": "Datastreams/Observations/result gt 1000"}),
        (
            "Observation",
            {"filter": "Datastream/Observations/result add Datastream/Observations/result eq -1"},
        ),
    ],
)
def test_a_question_that_looks_through_too_much_is_refused(
    measured: Store, kind: Kind, options: dict[str, str]
) -> None:
    needed = cost(measured, kind, Budget(), **options)
    assert cost(measured, kind, Budget(looked_max=needed), **options) == needed
    with pytest.raises(RequestValidationError) as refused:
        cost(measured, kind, Budget(looked_max=min(50, needed - 1)), **options)
    assert [fault["type"] for fault in refused.value.errors()] == ["sta_many_rows"]


@pytest.mark.parametrize(
    ("options", "most"),
    [
        ({"filter": f"Datastream/id eq '{SERIES}' and phenomenonTime ge 2026-04-16T10:00:00Z"}, 10),
        ({"filter": f"id eq '{SERIES}@2026-04-16T12:00:00Z'"}, 4),
        ({"orderby": "phenomenonTime desc", "top": "2"}, 40),
        ({"top": "1"}, 12),
    ],
)
def test_what_the_store_can_do_is_not_looked_through(
    measured: Store, options: dict[str, str], most: int
) -> None:
    assert cost(measured, "Observation", Budget(), **options) <= most


def test_a_question_that_takes_too_long_is_refused(measured: Store) -> None:
    seconds = iter(range(0, 1_000, 6))
    with pytest.raises(RequestValidationError) as refused:
        cost(measured, "Observation", Budget(clock=lambda: float(next(seconds))), filter="result gt 1000")
    assert [fault["type"] for fault in refused.value.errors()] == ["sta_slow"]


def test_an_answer_holds_no_more_entities_than_it_may(ask: Ask, read: Read) -> None:
    inner = "Observations($expand=FeatureOfInterest,Datastream)"
    assert len(read(f"Observations?$top=20&$expand=Datastream($expand={inner})")["value"]) == 20
    question = f"Observations?$expand=Datastream($expand={inner}),FeatureOfInterest($expand={inner})"
    assert codes(ask(question)) == {"$expand": "sta-many"}


def test_nothing_is_expanded_deeper_than_three(ask: Ask, read: Read) -> None:
    assert read("Things?$expand=Datastreams($expand=Observations($expand=FeatureOfInterest))")
    too_deep = (
        "Things?$expand=Datastreams($expand=Observations($expand=FeatureOfInterest($expand=Observations)))"
    )
    assert codes(ask(too_deep)) == {"$expand": "sta-deep"}


def test_a_long_text_is_refused_before_it_is_read(ask: Ask) -> None:
    assert codes(ask(f"Things?$filter=name eq '{'x' * TEXT_MAX}'")) == {"$filter": "sta-long"}
    assert codes(ask(f"Things?$expand={'Datastreams,' * 400}Locations")) == {"$expand": "sta-long"}
    assert ask(f"Things?$filter=name eq '{'x' * 9000}'").status == 414
