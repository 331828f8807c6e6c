"""Whatever arrives in whatever order, the store says what a plain list of it would say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.small_feed import ALL, HOUR, arrival, station, stream
from tweestad.model.observation import Flag, Observation, Result
from tweestad.store.protocol import Store

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# Around the night in which three o'clock becomes two.
FIRST = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
KEYS = ("a", "b")
Key = tuple[str, datetime]


@dataclass(slots=True)
class Model:
    """The same promises, kept in two dictionaries."""

    values: dict[Key, Observation] = field(default_factory=dict)
    first: dict[Key, Result] = field(default_factory=dict)

    def put(self, one: Observation) -> None:
        old = self.values.get(one.key)
        if old is None:
            self.values[one.key] = one
            return
        told, known = one.result_time, old.result_time
        if told is not None and known is not None and told <= known:
            return
        if (one.result, one.flag, one.phenomenon_start) == (old.result, old.flag, old.phenomenon_start):
            return
        if one.result != old.result:
            self.first.setdefault(one.key, old.result)
        self.values[one.key] = one

    def series(self, key: str) -> list[Observation]:
        return [one for _, one in sorted(self.values.items()) if one.datastream == key]

    def days(self, key: str) -> dict[str, tuple[int, float | None, int]]:
        kept: dict[str, list[float]] = defaultdict(list)
        flagged: dict[str, int] = defaultdict(int)
        for one in self.series(key):
            moment = (one.phenomenon_start or one.phenomenon).astimezone(AMSTERDAM)
            day = f"{moment:%Y-%m-%d}"
            if one.flag >= Flag.FAIL:
                flagged[day] += 1
            elif isinstance(one.result, float):
                kept[day].append(one.result)
        return {
            day: (len(kept[day]), fmean(kept[day]) if kept[day] else None, flagged[day])
            for day in sorted(kept.keys() | flagged.keys())
        }


def observed(part: tuple[str, int, Any, int | None, Flag, bool]) -> Observation:
    key, minutes, result, published, flag, interval = part
    at = FIRST + minutes * timedelta(minutes=30)
    return Observation(
        f"lucht:{key}:no2",
        at,
        result,
        FIRST,
        at - HOUR if interval else None,
        None if published is None else FIRST + published * HOUR,
        flag,
    )


one_value = st.tuples(
    st.sampled_from(KEYS),
    st.integers(0, 11),
    st.one_of(st.sampled_from([1.0, 2.0, 3.5, -0.0]), st.none(), st.just("kapot")),
    st.one_of(st.none(), st.integers(0, 3)),
    st.sampled_from([Flag.GOOD, Flag.SUSPECT, Flag.FAIL]),
    st.booleans(),
).map(observed)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(answers=st.lists(st.lists(one_value, max_size=12, unique_by=lambda one: one.key), max_size=5))
def test_the_store_says_what_a_list_would_say(store: Store, answers: list[list[Observation]]) -> None:
    store.erase_thing("lucht:a")
    store.erase_thing("lucht:b")
    model = Model()
    told = arrival([station(k) for k in KEYS], [stream(k) for k in KEYS])
    store.put_arrival(told)
    for answer in answers:
        store.put_arrival(arrival(values=answer))
        for one in answer:
            model.put(one)
    for key in (f"lucht:{k}:no2" for k in KEYS):
        found = store.readings(key, limit=1_000)
        assert [r.observation for r in found] == model.series(key)
        assert [r.first for r in found] == [model.first.get(o.key) for o in model.series(key)]
        assert [r.revised for r in found] == [o.key in model.first for o in model.series(key)]
        days = store.aggregate(key, start=FIRST - 24 * HOUR, end=FIRST + 48 * HOUR, step="day")
        expected = model.days(key)
        assert {f"{b.start:%Y-%m-%d}": (b.count, b.flagged) for b in days} == {
            day: (count, flagged) for day, (count, _, flagged) in expected.items()
        }
        assert [b.mean for b in days] == [
            mean if mean is None else pytest.approx(mean) for _, mean, _ in expected.values()
        ]
    last = {v.datastream.datastream.id: v.reading.observation for v in store.latest(ALL, limit=9)}
    assert last == {s[-1].datastream: s[-1] for k in KEYS if (s := model.series(f"lucht:{k}:no2"))}
    for known in store.datastreams(ALL, limit=9):
        series = model.series(known.datastream.id)
        bounds = (series[0].phenomenon, series[-1].phenomenon) if series else (None, None)
        assert (known.first, known.last) == bounds
