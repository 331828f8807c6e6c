"""Records of feeds: typed access, times as feeds write them, and readers that stay within their limits."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from tweestad.errors import InputRejected, SourceChanged
from tweestad.formats.records.csv_records import read_csv
from tweestad.formats.records.json_records import read_json
from tweestad.formats.records.moments import Zone, read_moment
from tweestad.formats.records.record import Record, each
from tweestad.formats.records.xml_records import read_xml
from tweestad.model.received import Rejected

NINE = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "zone", "moment"),
    [
        ("2026-04-16T09:00:00Z", "", NINE),
        ("2026-04-16T11:00:00+02:00", "", NINE),
        ("2026-04-16T11:00:00+0200", "", NINE),
        ("2026-04-16T09:00:00.000000000Z", "", NINE),
        ("2026-04-16T09:00:00.123456789Z", "", NINE.replace(microsecond=123456)),
        ("2026-04-16 09:00:00", "UTC", NINE),
        ("2026-04-16T10:00", "+01:00", NINE),
        ("2026-04-16T11:00:00", "Europe/Amsterdam", NINE),
        ("2026-01-16T10:00:00", "Europe/Amsterdam", datetime(2026, 1, 16, 9, tzinfo=UTC)),
        ("16-04-2026 11:00:00", "Europe/Amsterdam", NINE),
        ("7-5-2020", "UTC", datetime(2020, 5, 7, tzinfo=UTC)),
        ("2026-04-15T24:00:00Z", "", datetime(2026, 4, 16, tzinfo=UTC)),
        ("1776330000", "epoch", NINE),
        ("1776330000000", "epoch-ms", NINE),
        # The hour that happens twice is the first of the two.
        ("2026-10-25T02:30:00", "Europe/Amsterdam", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T03:00:00", "Europe/Amsterdam", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("2026-03-29T03:00:00", "Europe/Amsterdam", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", "", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_its_feed_means_it(told: str, zone: Zone, moment: datetime) -> None:
    assert read_moment(told, zone) == moment


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ("2026-04-16T09:00:00", ""), ("2026-03-29T02:30:00", "Europe/Amsterdam"),
        ("2026-02-30T00:00:00Z", ""),
        ("2026-04-16T24:30:00Z", ""), ("2026-04-16T25:00:00Z", ""), ("0001-01-01T00:00:00Z", ""), ("", "UTC"),
        ("9999-12-31T23:59:59Z", ""), ("gisteren", "UTC"), ("1e400", "epoch"), ("nan", "epoch"),
        ("2026-04-16T09:00:00+99:00", ""), ("2026-W16-4", "UTC"), ("2026-04-16T09:00:00Z; DROP", ""),
    ],
)  # fmt: skip
def test_what_is_no_time_is_rejected_and_never_guessed(told: str, zone: Zone) -> None:
    with pytest.raises(InputRejected, match="time"):
        read_moment(told, zone)


def test_a_record_tells_absent_empty_and_wrong_apart() -> None:
    record = Record(
        {"a": None, "b": " 3,5 ", "c": "x", "d": {"e": [{"f": 1}, {"f": 2}]}, "t": True, "g/h": "7"}
    )
    assert record.measured("a") is None
    assert record.number("b", decimal=",") == 3.5
    assert record.number("d/e/f") == 1
    assert [each.whole("f") for each in record.records("d/e")] == [1, 2]
    assert record.text("g/h") == "7"
    for path, said in (("z", "missing"), ("a", "empty")):
        with pytest.raises(InputRejected, match=f"‘{path}’ is {said}"):
            record.number(path)
    for path in ("c", "t"):
        with pytest.raises(InputRejected, match="not a number"):
            record.number(path)


@pytest.mark.parametrize("told", ["NaN", "Infinity", "-inf", "1e999", "1e300", "0x10", "1_0e999"])
def test_a_number_that_cannot_be_measured_is_rejected(told: str) -> None:
    with pytest.raises(InputRejected):
        Record({"v": told}).number("v")


def test_one_bad_record_costs_one_record() -> None:
    rows = [Record({"v": value}) for value in (1, "x", 3)]
    found = list(each(rows, lambda row: [row.number("v")]))
    assert found == [1.0, Rejected("‘v’ is not a number", '{"v":"x"}'), 3.0]


def test_a_csv_may_end_its_lines_in_cr_alone_and_need_not_be_closed() -> None:
    file = io.BytesIO("a;b\r1;é\r2;ü".encode())
    assert [row.text("b") for row in read_csv(file, ("a", "b"), ";")] == ["é", "ü"]
    assert not file.closed


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"), (b"a,c\n1,2\n", "column ‘b’"), (b"a,b\n\xff\xfe,1\n", "not UTF-8"),
        (b'a,b\n"' + b"x" * 200_000, "not CSV|cell is longer"),
        (b"a,b\n" + b"," * 600 + b"\n", "more than 500 columns"),
    ],
)  # fmt: skip
def test_what_is_no_csv_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SourceChanged, match=reason):
        list(read_csv(io.BytesIO(data), ("a", "b")))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"), (b"[" * 10_000, "deeper than 32"), (b'{"a":NaN}', "NaN"), (b'{"a":1', "truncated"),
        (b"<html></html>", "not JSON"), (b'{"a":1,"a":2}', "given twice"), (b"3", "not"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SourceChanged, match=reason):
        read_json(io.BytesIO(data))


def test_xml_is_streamed_by_local_name_with_little_memory_held() -> None:
    data = b'<a xmlns="urn:x">' + b"<b n='1'><c>2</c></b>" * 5000 + b"</a>"
    seen = 0
    for element in read_xml(io.BytesIO(data), ("b",), ("a",)):
        seen += 1
        assert Record.of(element).whole("c") == 2
        before = element.getprevious()
        assert before is None or len(before) == 0
    assert seen == 5000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<x><b/></x>", "begins with ‘x’"),
        (b"<a><b></a>", "not sound XML"),
        (b"<a><b/>", "not sound XML"),
        (b"<!DOCTYPE a [<!ENTITY e 'x'>]><a><b>&e;</b></a>", "DOCTYPE"),
        (b"<!--" + b"-" * 0 + b"x" * 70_000 + b"--><!DOCTYPE a><a><b/></a>", "DOCTYPE"),
        ("<!DOCTYPE a><a><b/></a>".encode("utf-16"), "DOCTYPE"),
        (b"<a>" + b"<b>" * 5_000, "not sound XML"),
        (b"<a><b>" + b"<c/>" * 30_000 + b"</b></a>", "more than 20000 elements"),
    ],
)
def test_what_is_no_harmless_xml_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SourceChanged, match=reason):
        list(map(Record.of, read_xml(io.BytesIO(data), ("b",), ("a",))))
