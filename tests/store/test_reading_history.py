"""What was there at a moment is known afterwards: things that moved, changed, ended or came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tests.store.conftest import Open
from tests.store.small_feed import (
    ALL,
    HOUR,
    NOW,
    arrival,
    hourly,
    last,
    one_station,
    station,
    stream,
    there,
    value,
)
from tweestad.model.reading import ReadingsWhere
from tweestad.store.protocol import Store


def at(moment: datetime, **more: object) -> ReadingsWhere:
    return replace(ALL, at=moment, **more)  # type: ignore[arg-type]


def snapshot(store: Store, moment: datetime, *keys: str, part: str = "bikes", x: float = 120_000.0) -> int:
    told = arrival([station(k, x) for k in keys], whole=True, part=part, received=moment)
    return store.put_arrival(told).ended


def test_what_is_no_longer_in_a_whole_snapshot_has_ended(store: Store) -> None:
    snapshot(store, NOW, "a", "b")
    assert snapshot(store, NOW + HOUR, "b", "c") == 1
    assert there(store) == ["lucht:b", "lucht:c"]
    assert there(store, at(NOW)) == ["lucht:a", "lucht:b"]
    assert there(store, at(NOW + HOUR)) == ["lucht:b", "lucht:c"]
    assert there(store, at(NOW - HOUR)) == []
    assert store.count_things(at(NOW)) == 2


def test_a_snapshot_of_one_part_ends_nothing_of_another(store: Store) -> None:
    snapshot(store, NOW, "a", part="bikes")
    snapshot(store, NOW, "s", part="stations")
    assert snapshot(store, NOW + HOUR, part="bikes") == 1
    assert there(store) == ["lucht:s"]
    store.put_arrival(arrival(received=NOW + 2 * HOUR, part="stations"))
    assert there(store) == ["lucht:s"]


def test_what_went_can_be_asked_for_by_what_changed(store: Store) -> None:
    snapshot(store, NOW, "a", "b")
    n = store.clock("readings")
    snapshot(store, NOW + HOUR, "b")
    (gone,) = store.things(replace(ALL, changed_after=n, ended=True), limit=9)
    assert (gone.thing.id, gone.thing.until, gone.n) == ("lucht:a", NOW + HOUR, n + 1)
    assert there(store, replace(ALL, changed_after=n)) == []


def test_what_came_back_was_not_there_in_between(store: Store) -> None:
    snapshot(store, NOW, "a")
    snapshot(store, NOW + HOUR)
    snapshot(store, NOW + 2 * HOUR, "a")
    assert there(store) == ["lucht:a"]
    found = [there(store, at(NOW + h * HOUR)) for h in (0, 1, 2, 3)]
    assert found == [["lucht:a"], [], ["lucht:a"], ["lucht:a"]]
    assert store.things(ALL, limit=1)[0].thing.until is None


def test_what_moved_was_where_it_was(store: Store) -> None:
    snapshot(store, NOW, "a", x=120_000.0)
    snapshot(store, NOW + HOUR, "a", x=125_000.0)
    old, new = (119_000.0, 480_000.0, 121_000.0, 490_000.0), (124_000.0, 480_000.0, 126_000.0, 490_000.0)
    assert there(store, replace(ALL, bbox=old)) == []
    assert there(store, replace(ALL, bbox=new)) == ["lucht:a"]
    assert there(store, at(NOW, bbox=old)) == ["lucht:a"]
    assert there(store, at(NOW, bbox=new)) == []
    place = store.things(at(NOW), limit=1)[0].thing.location
    assert place is not None
    assert place.x == 120_000.0


def test_a_thing_is_there_from_its_since_until_its_until(store: Store) -> None:
    works = station("w", since=NOW - 24 * HOUR, until=NOW + 24 * HOUR)
    store.put_arrival(arrival([works]))
    assert there(store, at(NOW - 25 * HOUR)) == []
    assert there(store, at(NOW - 24 * HOUR)) == ["lucht:w"]
    assert there(store, at(NOW + 23 * HOUR)) == ["lucht:w"]
    assert there(store, at(NOW + 24 * HOUR)) == []


def test_planned_work_that_is_put_off_begins_when_it_is_put_off_to(store: Store) -> None:
    works = station("w", since=NOW + 24 * HOUR, until=NOW + 48 * HOUR)
    store.put_arrival(arrival([works]))
    later = replace(works, since=NOW + 72 * HOUR, until=NOW + 96 * HOUR)
    store.put_arrival(arrival([later], received=NOW + HOUR))
    found = [there(store, at(NOW + h * HOUR)) for h in (23, 25, 71, 72, 95, 96)]
    assert found == [[], [], [], ["lucht:w"], ["lucht:w"], []]


def test_work_that_goes_on_longer_was_there_all_the_time(store: Store) -> None:
    works = station("w", since=NOW - 24 * HOUR, until=NOW + 2 * HOUR)
    store.put_arrival(arrival([works]))
    store.put_arrival(arrival([replace(works, until=NOW + 48 * HOUR)], received=NOW + HOUR))
    assert all(there(store, at(NOW + h * HOUR)) for h in (-24, -1, 0, 1, 3, 47))
    assert there(store, at(NOW + 48 * HOUR)) == []


def test_an_older_answer_does_not_overwrite_what_is_known_since(store: Store) -> None:
    snapshot(store, NOW, "a", x=125_000.0)
    store.put_arrival(arrival([station("b", 125_000.0)], received=NOW))
    n = store.clock("readings")
    assert snapshot(store, NOW - HOUR, "b", x=120_000.0) == 0
    assert store.clock("readings") == n + 1  # b is of this part now
    for found in store.things(ALL, limit=9):
        assert found.thing.location is not None
        assert found.thing.location.x == 125_000.0
    assert there(store) == ["lucht:a", "lucht:b"]


def test_a_thing_without_since_was_there_when_the_first_value_was_measured_on_it(store: Store) -> None:
    one_station(store, [value(1.0, NOW - 48 * HOUR)])
    assert there(store, at(NOW - 48 * HOUR)) == ["lucht:a"]
    assert there(store, at(NOW - 49 * HOUR)) == []
    store.put_arrival(arrival(values=[value(0.0, NOW - 99 * HOUR)]))
    assert there(store, at(NOW - 99 * HOUR)) == ["lucht:a"]
    # Also when it has changed since: then the first version was there.
    store.put_arrival(arrival([replace(station(), name="Anders")], received=NOW + HOUR))
    store.put_arrival(arrival(values=[value(0.0, NOW - 200 * HOUR)]))
    (first,) = store.things(at(NOW - 200 * HOUR), limit=9)
    assert first.thing.name == "Station a"
    assert there(store, at(NOW - 201 * HOUR)) == []


def test_the_last_value_of_then_is_not_later_than_then(store: Store) -> None:
    store.put_arrival(arrival([station("a"), station("b")], [stream("a"), stream("b")], hourly(10)))
    assert last(store, at(NOW - 3 * HOUR)) == [("lucht:a:no2", 6.0)]
    assert last(store, at(NOW - 3 * HOUR - timedelta(minutes=1))) == [("lucht:a:no2", 5.0)]
    assert last(store, at(NOW + 99 * HOUR)) == [("lucht:a:no2", 9.0)]
    assert last(store, at(NOW - 99 * HOUR)) == []
    (found,) = store.latest(at(NOW - 3 * HOUR), limit=5)
    assert (found.datastream.first, found.datastream.last) == (NOW - 9 * HOUR, NOW)


def test_the_last_value_of_then_is_gone_with_its_thing(store: Store) -> None:
    store.put_arrival(arrival([station("a")], [stream("a")], [value()], whole=True))
    snapshot(store, NOW + HOUR, part="")
    assert last(store) == []
    assert last(store, at(NOW)) == [("lucht:a:no2", 12.5)]
    assert last(store, at(NOW + HOUR)) == []
    assert last(store, replace(ALL, ended=True)) == [("lucht:a:no2", 12.5)]
    assert store.count_readings("lucht:a:no2") == 1


def test_a_source_that_was_taken_out_ends_and_keeps_its_values(store: Store) -> None:
    one_station(store, hourly(3))
    n = store.clock("readings")
    assert store.end_source("water", NOW + HOUR) == 0
    assert store.clock("readings") == n
    assert store.end_source("lucht", NOW + HOUR) == 1
    assert store.end_source("lucht", NOW + HOUR) == 0
    assert store.clock("readings") == n + 1
    assert there(store) == []
    assert store.count_readings("lucht:a:no2") == 3
    assert store.channels("lucht") == {}


def test_an_erased_thing_leaves_nothing_behind(store: Store) -> None:
    store.put_arrival(arrival([station("a"), station("b")], [stream("a"), stream("b")], hourly(3)))
    store.put_arrival(arrival([replace(station(), name="B")], values=[value(99.0)], received=NOW + HOUR))
    store.put_arrival(arrival(values=[value(5.0, key="lucht:b:no2")]))
    assert len(last(store)) == 2
    assert store.erase_thing("lucht:a") == 3 + 1 + 1 + 1 + 1 + 1
    assert store.erase_thing("lucht:a") == 0
    assert there(store, replace(ALL, ended=True)) == ["lucht:b"]
    assert there(store, at(NOW)) == ["lucht:b"]
    assert last(store) == [("lucht:b:no2", 5.0)]
    assert store.readings("lucht:a:no2", limit=5) == []
    # What takes its place later does not inherit anything.
    store.put_arrival(arrival([station("c")], [stream("c")], [value(7.0, key="lucht:c:no2")]))
    assert last(store) == [("lucht:b:no2", 5.0), ("lucht:c:no2", 7.0)]


def test_a_changed_value_shows_in_another_process_at_once(open_again: Open) -> None:
    writer, reader = open_again(), open_again()
    one_station(writer, [value(1.0)])
    assert last(reader) == [("lucht:a:no2", 1.0)]
    writer.put_arrival(arrival(values=[value(2.0)]))
    assert last(reader) == [("lucht:a:no2", 2.0)]
    writer.put_arrival(arrival(values=[value(9.0, NOW - HOUR)]))
    assert reader.latest(ALL, limit=1)[0].datastream.first == NOW - HOUR
    writer.put_arrival(arrival(streams=[stream(name="NO2")]))
    assert reader.latest(ALL, limit=1)[0].datastream.datastream.name == "NO2"
    writer.put_arrival(arrival([station()], [stream(name="NO2")], audience="staff"))
    assert reader.latest(ALL, limit=1)[0].datastream.audience == "staff"
    assert reader.latest(ReadingsWhere(), limit=1) == []


def test_what_was_public_and_is_for_staff_now_is_hidden_in_the_past_too(store: Store) -> None:
    one_station(store, [value()])
    store.put_arrival(arrival([replace(station(), name="Anders")], received=NOW + HOUR))
    store.put_arrival(arrival([replace(station(), name="Anders")], audience="staff", received=NOW + HOUR))
    for moment in (NOW, NOW + HOUR):
        assert there(store, ReadingsWhere(at=moment)) == []
        assert last(store, ReadingsWhere(at=moment)) == []
    store.put_arrival(arrival([replace(station(), name="Anders")], [stream()], received=NOW + HOUR))
    assert there(store, ReadingsWhere()) == []
