"""Whatever is asked of the routes of measurements, the answer is never an error of ours."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.api.conftest import Get
from tests.api.small_feeds import AIR, SERIES

ADDRESSES = (
    "live/lucht",
    "things",
    f"things/{AIR}",
    f"datastreams/{SERIES}",
    f"datastreams/{SERIES}/readings",
    f"datastreams/{SERIES}/readings.csv",
    f"datastreams/{SERIES}/statistics",
)
KEYS = (
    "bbox", "bboxCrs", "at", "after", "observed", "source", "kind", "cursor", "limit", "start", "end", "step",
    "order",
)  # fmt: skip
VALUES = (
    "", "\0", "\ud7ff", "ﷺ" * 90, "'; drop table thing; --", "-1", "0", "1e400", "NaN", "9" * 30, "%s", "..",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "1799-12-31T23:59:59Z",
    "2026-02-30T00:00:00Z", "2026-04-16T12:00:00+99:99", "2026-04-16T24:00:00Z", "2026-04-16t12:00:00z",
    "3,50,7,54", "-180,-90,180,90", "4.9,52.3,4.9,52.3", "0,0,0,0", "a,b,c,d", "no2", "lucht", "hour",
    "WyIvYXBpL3YxL3RoaW5ncyIsMCwiYSJd",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_odd_values_are_answered_or_refused(get: Get, address: str) -> None:
    for key in KEYS:
        for value in VALUES:
            answer = get(f"/api/v1/{address}?{key}={quote(value)}")
            assert answer.status in (200, 400), f"{key}={value!r}: {answer.text}"


@pytest.mark.parametrize("name", [*VALUES, "a" * 501, "%", "%FF", "//", "a/readings/readings", "proef:P1/"])
def test_odd_names_are_not_found(get: Get, name: str) -> None:
    for address in ("live/{}", "things/{}", "datastreams/{}", "datastreams/{}/readings"):
        answer = get("/api/v1/" + address.format(quote(name, safe="")))
        assert answer.status in (200, 404), f"{address} {name!r}: {answer.text}"


def test_a_span_at_the_ends_of_the_calendar_is_answered(get: Get) -> None:
    for step in ("day", "month", "year"):
        span = f"step={step}&start=2198-06-01T00:00:00Z&end=2199-12-31T23:59:59Z"
        assert get(f"/api/v1/datastreams/{SERIES}/statistics?{span}").json()["buckets"] == []
    early = "step=year&end=1801-06-01T00:00:00Z"
    assert get(f"/api/v1/datastreams/{SERIES}/statistics?{early}").status == 200
