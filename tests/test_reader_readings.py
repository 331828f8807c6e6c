"""Measurements for staff do not exist for others, in whatever way one asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.small_feed import HOUR, NOW, arrival, station, stream, value
from tweestad.access.actor import ROLES, STAFF_ROLES, VISITOR, Actor, Role
from tweestad.access.reader import Reader
from tweestad.errors import NotFound
from tweestad.model.layer import Audience
from tweestad.model.reading import ReadingsWhere
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

OTHERS = [role for role in ROLES if role not in STAFF_ROLES]
BOTH: frozenset[Audience] = frozenset({"public", "staff"})
PUBLIC_IDS = {"lucht:a:no2", "lucht:g:no2"}
STAFF_IDS = PUBLIC_IDS | {"lucht:a:pm10", "lucht:s:no2"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A public station with a datastream for staff, a station for staff, and a public one that is gone."""
    store = open_store("", tmp_path_factory.mktemp("city"))
    store.put_arrival(arrival([station("g")], [stream("g")], [value(key="lucht:g:no2")], part="gone"))
    store.put_arrival(arrival(whole=True, part="gone", received=NOW + HOUR))
    store.put_arrival(arrival([station("a")], [stream("a")], [value()]))
    hidden = [value(key="lucht:s:no2"), value(key="lucht:a:pm10")]
    told = arrival([station("s")], [stream("s"), stream("a", "pm10")], hidden, audience="staff")
    store.put_arrival(told)
    yield store
    store.close()


def actor(*roles: Role) -> Actor:
    return Actor("person", "somebody", frozenset(roles))


def seen(reader: Reader) -> set[str]:
    """The datastreams that come out of any question, also one that asks for more than one may see."""
    found: set[str] = set()
    for where in (
        ReadingsWhere(audiences=BOTH, ended=True),
        ReadingsWhere(audiences=BOTH, at=NOW),
        ReadingsWhere(audiences=BOTH, changed_after=0, ended=True),
        ReadingsWhere(audiences=BOTH, datastreams=tuple(STAFF_IDS), ended=True),
        ReadingsWhere(audiences=BOTH, things=("lucht:a", "lucht:s", "lucht:g"), ended=True),
    ):
        found |= {d.datastream.id for d in reader.datastreams(where, limit=99)}
        found |= {v.datastream.datastream.id for v in reader.latest(where, limit=99)}
        things = reader.things(where, limit=99)
        assert reader.count_things(where) == len(things)
        assert {t.thing.id for t in things} == {key.rpartition(":")[0] for key in found}
    for key in STAFF_IDS:
        numbers = reader.aggregate(key, start=NOW, end=NOW + HOUR, step="day")
        expected = int(key in found)
        assert len(reader.readings(key, limit=9)) == expected
        assert reader.count_readings(key) == expected
        assert len(numbers) == expected
    return found


@pytest.mark.parametrize("who", [VISITOR, actor(), *(actor(role) for role in OTHERS), actor(*OTHERS)])
def test_measurements_for_staff_do_not_exist_for_others(city: Store, who: Actor) -> None:
    reader = Reader(city, who)
    assert seen(reader) == PUBLIC_IDS
    for lost in (
        lambda: reader.thing("lucht:s"),
        lambda: reader.thing("lucht:s", at=NOW),
        lambda: reader.datastream("lucht:s:no2"),
        lambda: reader.datastream("lucht:a:pm10"),
    ):
        with pytest.raises(NotFound):
            lost()


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_sees_the_measurements_for_staff(city: Store, role: Role) -> None:
    reader = Reader(city, actor(role))
    assert seen(reader) == STAFF_IDS
    assert reader.thing("lucht:s").thing.name == "Station s"
    assert reader.datastream("lucht:a:pm10").audience == "staff"


def test_a_thing_that_has_ended_can_still_be_looked_at(city: Store) -> None:
    reader = Reader(city, VISITOR)
    assert reader.thing("lucht:g").thing.until == NOW + HOUR
    assert reader.datastream("lucht:g:no2").last == NOW
    assert [found.thing.id for found in reader.things(ReadingsWhere(), limit=9)] == ["lucht:a"]
    assert reader.readings_version == city.clock("readings")


def test_hidden_and_unknown_measurements_are_answered_in_the_same_words(city: Store) -> None:
    reader = Reader(city, VISITOR)
    for ask in (reader.thing, reader.datastream):
        said = []
        for key in ("lucht:s", "lucht:s:no2", "lucht:zz", "lucht:zz:no2"):
            with pytest.raises(NotFound) as caught:
                ask(key)
            assert key in str(caught.value)
            said.append(str(caught.value).replace(key, "…"))
        assert len(set(said)) == 1
