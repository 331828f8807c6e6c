"""Every source against one set of bad payloads: it says what is wrong, and never fails in another way."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.sources.breaking import doubled, in_the_future, numbers_replaced, renamed, unreadable
from tests.sources.playing import RECEIVED, play, samples, source_named
from tweestad.errors import SourceChanged
from tweestad.feeds.sources import Source, shipped_sources
from tweestad.model.observation import Flag, Observation
from tweestad.model.received import Follow, Parsed, Rejected, Skipped
from tweestad.model.thing import Thing

PARTS = [(source.id, part) for source in shipped_sources() for part in samples(source)]
# What is one record in the XML feeds.
RECORDS = (
    "siteMeasurements", "measurementSite", "measurementSiteRecord", "situation", "vmsUnit", "vmsUnitRecord",
    "event", "parkingRecord", "parkingRecordStatus", "GMW_PO", "urbanVehicleAccessRegulation",
)  # fmt: skip

# What is often not there, so that nobody can tell its absence from a new name.
OPTIONAL = {
    ("samen-meten", "@iot.nextLink"),
    ("samen-meten", "Observations@iot.nextLink"),
    ("ndw-verkeer", "basicDataReferenceValue"),
    ("sensorthings", "@iot.nextLink"),
    ("instelbaar", "links"),
    ("ned", "hydra:next"),
}


def answer(source: Source, part: str, data: bytes) -> list[Parsed] | str:
    """What came out of one part, or why the payload was refused."""
    try:
        return [item for each, item in play(source, {part: data}) if each == part]
    except SourceChanged as exc:
        return str(exc).strip() or pytest.fail("it does not say why")


def complains(found: list[Parsed] | str) -> bool:
    return isinstance(found, str) or any(isinstance(each, Rejected) and each.reason for each in found)


@pytest.mark.parametrize(("source_id", "part"), PARTS)
def test_what_nobody_can_read_is_refused_with_a_reason(source_id: str, part: str) -> None:
    source = source_named(source_id)
    for name, data in unreadable(samples(source)[part].read_bytes()).items():
        assert complains(answer(source, part, data)), name


@pytest.mark.parametrize("number", [b"NaN", b"1e300", b"1e999", b"Infinity", b"-", b"0x10"])
@pytest.mark.parametrize(("source_id", "part"), PARTS)
def test_no_number_that_is_none_comes_through(source_id: str, part: str, number: bytes) -> None:
    source = source_named(source_id)
    data = samples(source)[part].read_bytes()
    broken = numbers_replaced(data, number)
    if broken == data:
        pytest.skip("it holds no numbers")
    found = answer(source, part, broken)
    good = answer(source, part, data)
    assert complains(found) or len(found) == len(good)
    if not isinstance(found, str):
        for each in found:
            if isinstance(each, Observation) and isinstance(each.result, float):
                assert abs(each.result) <= 1e12


@pytest.mark.parametrize(("source_id", "part"), PARTS)
def test_what_is_given_twice_is_kept_once_and_said(source_id: str, part: str) -> None:
    source = source_named(source_id)
    data = samples(source)[part].read_bytes()
    twice = doubled(data, RECORDS)
    assert twice != data
    found = answer(source, part, twice)
    if isinstance(found, str):
        return
    keys = Counter(each.key for each in found if isinstance(each, Observation))
    ids = Counter(each.id for each in found if isinstance(each, Thing))
    assert not [key for key, count in (keys + Counter()).items() if count > 1]
    assert not [key for key, count in ids.items() if count > 1]
    counted = sum(each.count for each in found if isinstance(each, Skipped))
    before = answer(source, part, data)
    assert not isinstance(before, str)
    skipped = sum(each.count for each in before if isinstance(each, Skipped))
    assert found == before or complains(found) or counted > skipped


@pytest.mark.parametrize(("source_id", "part"), PARTS)
def test_a_value_from_the_future_is_never_taken_for_good(source_id: str, part: str) -> None:
    source = source_named(source_id)
    data = samples(source)[part].read_bytes()
    before = answer(source, part, data)
    assert not isinstance(before, str)
    if not any(isinstance(each, Observation) for each in before):
        return
    found = answer(source, part, in_the_future(data))
    if isinstance(found, str):
        return
    for each in found:
        if isinstance(each, Observation) and each.phenomenon > RECEIVED + source.manifest.ahead:
            assert each.flag >= Flag.SUSPECT
    assert complains(found) or any(
        isinstance(each, Observation) and each.flag >= Flag.SUSPECT for each in found
    )


@pytest.mark.parametrize(("source_id", "part"), PARTS)
def test_a_renamed_field_never_makes_anything_vanish_in_silence(source_id: str, part: str) -> None:
    source = source_named(source_id)
    data = samples(source)[part].read_bytes()

    def counts(found: list[Parsed]) -> tuple[int, ...]:
        values = [each for each in found if isinstance(each, Observation)]
        things = [each for each in found if isinstance(each, Thing)]
        placed = [each for each in things if each.location is not None]
        return len(values), len(things), len(placed), sum(isinstance(each, Follow) for each in found)

    before = answer(source, part, data)
    assert not isinstance(before, str)
    complaints = sum(isinstance(each, Rejected) for each in before)
    skipped = sum(each.count for each in before if isinstance(each, Skipped))
    for name, changed in renamed(data):
        found = answer(source, part, changed)
        if isinstance(found, str) or (source_id, name) in OPTIONAL:
            continue
        louder = sum(isinstance(each, Rejected) for each in found) > complaints
        louder |= sum(each.count for each in found if isinstance(each, Skipped)) > skipped
        lost = [now < then for now, then in zip(counts(found), counts(before), strict=True)]
        assert louder or not any(lost), f"without ‘{name}’ something vanished"
