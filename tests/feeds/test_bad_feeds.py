"""Everything that goes wrong with real feeds, for every source, through the real fetch path.

In each case half of the sources misbehave while the other half is well, and then the other half does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.feeds.desk import Desk
from tests.feeds.feed_server import Change, FeedServer
from tests.sources.breaking import doubled, in_the_future, inside, numbers_replaced
from tests.sources.playing import samples
from tests.sources.test_bad_payloads import RECORDS
from tweestad.feeds.sources import Source, shipped_sources
from tweestad.model.observation import Flag
from tweestad.quality.accept import observed_of
from tweestad.store.opening import open_store
from tweestad.vocabulary.properties import get_property

FAILING = ["down", "error", "html", "slow", "endless", "bomb", "truncated", "cut"]
Seen = dict[str, tuple[dict[str, tuple[Any, ...]], list[str]]]


def whole_samples(source: Source) -> Source:
    """The source with those requests only that have a sample."""
    kept = tuple(each for each in source.manifest.requests if each.part in samples(source))
    return replace(source, manifest=replace(source.manifest, requests=kept))


SOURCES = [whole_samples(each) for each in shipped_sources() if not each.manifest.generic]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """All sources, asked once while all is well."""
    server, folder = FeedServer(), tmp_path_factory.mktemp("feeds")
    for source in SOURCES:
        server.add(source)
    store = open_store("", folder)
    desk = Desk(store, server, folder)
    for health in desk.run(SOURCES):
        assert (health.state, health.failure) == ("fresh", ""), health
    yield desk
    server.close()
    store.close()


@pytest.fixture(autouse=True)
def well_again(desk: Desk) -> Iterator[None]:
    """A test that failed leaves no trace in the next one."""
    yield
    desk.server.misbehaving, desk.server.changes = {}, {}
    if any((desk.store.find_document("feed", each.id) or {})["failure"] for each in SOURCES):
        desk.run(SOURCES)
        desk.run(SOURCES)


def seen(desk: Desk, sources: Sequence[Source]) -> Seen:
    return {each.id: (desk.latest(each), desk.things(each)) for each in sources}


def halves() -> list[tuple[list[Source], list[Source]]]:
    return [(SOURCES[::2], SOURCES[1::2]), (SOURCES[1::2], SOURCES[::2])]


def lines(caplog: pytest.LogCaptureFixture, source: Source) -> list[str]:
    named = [each for each in caplog.messages if each.startswith(f"source {source.id} ")]
    caplog.handler.records[:] = [each for each in caplog.records if each.getMessage() not in named]
    return named


@pytest.mark.parametrize("case", FAILING)
def test_a_source_that_fails_keeps_its_values_and_leaves_the_others(
    desk: Desk, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = seen(desk, SOURCES)
    for bad, well in halves():
        desk.server.misbehaving = {each.id: case for each in bad}
        told = {each.source: each for each in desk.run(SOURCES)}
        for source in bad:
            health = told[source.id]
            assert health.state in ("failing", "changed"), (case, health)
            assert health.failure
            assert health.why.nl
            assert health.failing_since
            assert health.next_try
        for source in well:
            assert told[source.id].state == "fresh", (case, told[source.id])
        assert seen(desk, SOURCES) == before
        for source in bad:
            assert len(lines(caplog, source)) == 1, source.id
    # The first half came back by itself while the second failed; now the second does.
    desk.server.misbehaving = {}
    for health in desk.run(SOURCES):
        assert health.state == "fresh", (case, health)
        assert health.outages[-1].why
        assert health.failing_since is None
    assert seen(desk, SOURCES) == before
    for source in SOURCES:
        assert len(lines(caplog, source)) == 1, source.id


def everything_renamed(data: bytes) -> bytes:
    """All fields under other names: JSON keys, XML elements, the header of a CSV."""

    def change(text: bytes) -> bytes:
        if text.lstrip()[:1] in (b"{", b"["):
            return re.sub(rb'"([^"\\]+)"(\s*:)', rb'"x-\1"\2', text)
        if text.lstrip()[:1] == b"<":
            return re.sub(rb"(</?(?:[\w-]+:)?)([A-Za-z_])", rb"\1x\2", text)
        return re.sub(rb"[A-Za-z_]{2,}", rb"xx", text)

    return inside(data, change)


CHANGES: dict[str, Change] = {
    "renamed": everything_renamed,
    "thousandfold": lambda data: numbers_replaced(data, b"98765432"),
    "future": in_the_future,
    "duplicates": lambda data: doubled(data, RECORDS),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_payload_that_is_wrong_never_becomes_a_good_value(desk: Desk, case: str) -> None:
    before = seen(desk, SOURCES)
    for bad, well in halves():
        desk.server.changes = {each.id: CHANGES[case] for each in bad}
        told = {each.source: each for each in desk.run(SOURCES)}
        for source in well:
            assert told[source.id].state == "fresh", (case, told[source.id])
        for source in bad:
            if case == "renamed":
                assert told[source.id].state == "changed", told[source.id]
                assert desk.things(source) == before[source.id][1], source.id
            check_values(desk, source, before[source.id][0])
    desk.server.changes = {}
    for health in [*desk.run(SOURCES), *desk.run(SOURCES)][len(SOURCES) :]:
        assert health.state == "fresh", (case, health)
    for source in SOURCES:
        values, things = before[source.id]
        after = desk.latest(source)
        assert {key: after[key][:2] for key in values} == {key: values[key][:2] for key in values}, source.id
        assert set(things) <= set(desk.things(source)), source.id


def check_values(desk: Desk, source: Source, before: Mapping[str, tuple[Any, ...]]) -> None:
    """What is shown as good is what was there, or lies within what is plausible."""
    for stream, (at, result, flag) in desk.latest(source).items():
        assert at <= datetime.now(UTC) + timedelta(days=1)
        name = observed_of(stream, source.manifest.properties)
        assert name is not None
        observed = get_property(name)
        if isinstance(result, float) and flag < Flag.SUSPECT and (at, result) != before.get(stream, ())[:2]:
            assert observed.low is not None
            assert observed.high is not None
            assert observed.low <= result <= observed.high, stream


def test_the_same_reply_twice_changes_nothing(desk: Desk) -> None:
    desk.run(SOURCES)
    number = desk.store.clock("readings")
    assert all(each.state == "fresh" for each in desk.run(SOURCES))
    assert desk.store.clock("readings") == number


def test_a_machine_that_is_not_there_is_a_source_that_fails(desk: Desk) -> None:
    (health,) = replace(desk, base="http://127.0.0.1:1").run(SOURCES[:1])
    assert (health.state, health.failure) == ("failing", "no connection could be made")
    assert desk.run(SOURCES[:1])[0].state == "fresh"
