"""What a live layer shows, what changed in it and whom a change concerns are the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.api.small_feeds import NOON, STAFF_THING, arrivals, fill_feeds, seen
from tweestad.access.actor import VISITOR, Actor
from tweestad.access.reader import Reader
from tweestad.api.changes import WATCHER
from tweestad.api.live_reading import LiveQuestion, LiveState, read_changes, read_live
from tweestad.api.live_shelf import LiveShelf
from tweestad.api.measured import Sources
from tweestad.api.touched import Places, touched_after
from tweestad.api.v1.positions import window
from tweestad.model.layer import Audience
from tweestad.store.protocol import Store
from tweestad.vocabulary.live_layers import get_live_layer

STAFF = Actor("person", "p1", frozenset({"moderator"}))
PUBLIC: frozenset[Audience] = frozenset({"public"})
AIR = get_live_layer("lucht")


def shown(state: LiveState) -> dict[str, str]:
    return {each.thing.thing.id: each.text.nl for each in state.values}


def test_a_live_layer_is_the_same_on_both(store: Store) -> None:
    fill_feeds(store)
    visitor, staff = Reader(store, VISITOR), Reader(store, STAFF)
    sources = Sources.of(visitor, NOON)
    air = {"luchtmeetnet:NL1": "10,0 µg/m³", "luchtmeetnet:NL2": "geen recente meting"}
    assert shown(read_live(visitor, AIR, LiveQuestion(), sources)) == air
    assert shown(read_live(staff, AIR, LiveQuestion(), sources)) == {**air, STAFF_THING: "99,5 µg/m³"}
    here = LiveQuestion(window=window((121_749, 486_749, 121_751, 486_751), "EPSG:28992"))
    assert set(shown(read_live(visitor, AIR, here, sources))) == {"luchtmeetnet:NL1"}
    back = LiveQuestion(at=NOON - timedelta(hours=9.5))
    assert shown(read_live(visitor, AIR, back, sources))["luchtmeetnet:NL2"] == "55,5 µg/m³"
    listed = LiveShelf().of(visitor, PUBLIC, sources.health)
    assert [(each.layer.id, each.count, each.legend) for each in listed] == [
        ("lucht", 2, "pm25"),
        ("verkeer", 1, "verkeerssnelheid"),
        ("incidenten", 3, "verkeersmelding"),
        ("waterstand", 1, "waterstand"),
        ("laadpunten", 2, "laadpunten-vrij"),
        ("gehandicaptenparkeren", 4, None),
    ]


def test_what_changed_is_the_same_on_both(store: Store) -> None:
    fill_feeds(store)
    visitor = Reader(store, VISITOR)
    sources = Sources.of(visitor, NOON)
    before = visitor.readings_version
    store.put_arrival(replace(arrivals()[0], observations=(seen("luchtmeetnet:NL2:pm25", 5.0, age=1),)))
    touched = touched_after(Reader(store, WATCHER), before, Places())
    assert touched.everywhere == frozenset()
    assert {key: points.tolist() for key, points in touched.points.items()} == {
        ("lucht", "public"): [[122_250.0, 486_750.0]]
    }
    assert shown(read_changes(visitor, AIR, LiveQuestion(), sources, before)) == {
        "luchtmeetnet:NL2": "5,0 µg/m³"
    }
    before = visitor.readings_version
    store.end_source("proef", NOON)
    touched = touched_after(Reader(store, WATCHER), before, Places())
    assert ("lucht", "staff") in touched.everywhere
    assert touched.layers(frozenset({"lucht"}), None, PUBLIC) == set()
    assert read_changes(visitor, AIR, LiveQuestion(), sources, before).removed == ()
    store.end_source("luchtmeetnet", NOON)
    ended = read_changes(visitor, AIR, LiveQuestion(), sources, before)
    assert ended.removed == ("luchtmeetnet:NL1", "luchtmeetnet:NL2")


def test_layers_are_counted_again_for_new_things_and_other_sources_but_not_for_values(store: Store) -> None:
    fill_feeds(store)
    visitor, shelf = Reader(store, VISITOR), LiveShelf()
    sources = Sources.of(visitor, NOON).health
    first = shelf.of(visitor, PUBLIC, sources)
    air = arrivals()[0]
    store.put_arrival(replace(air, observations=(seen("luchtmeetnet:NL2:pm25", 5.0, age=1),)))
    assert shelf.of(visitor, PUBLIC, sources) is first
    assert shelf.of(visitor, PUBLIC, [])[0].sources == {}
    moved = replace(air.things[1], key="NL3")
    store.put_arrival(replace(air, things=(moved,), datastreams=(), observations=()))
    assert [each.count for each in shelf.of(visitor, PUBLIC, sources)] == [each.count for each in first]
    store.end_source("luchtmeetnet", NOON)
    assert "lucht" not in {each.layer.id for each in shelf.of(visitor, PUBLIC, sources)}
