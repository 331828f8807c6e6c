"""The invented town has a past: what its feeds would have given in the week before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tweestad.config import Config
from tweestad.feeds.replay import history
from tweestad.feeds.replay.history import fill_history
from tweestad.model.feed_plan import FEEDS_KEY, FEEDS_KIND, FeedPlan, feeds_body
from tweestad.model.layer import Twin
from tweestad.model.reading import ReadingsWhere
from tweestad.model.text import Text
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, twin_body
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store
from tweestad.synthetic.contents.making import write_contents
from tweestad.synthetic.town import write_town

NOW = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parents[2] / "demo/voorbeeldstad"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a small town."""
    folder = tmp_path_factory.mktemp("small-town")
    write_town(folder, seed=1, size=150)
    write_contents(folder, seed=1)
    return folder


@pytest.fixture
def config(tmp_path: Path, town: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A built town, of which four hours are enough."""
    monkeypatch.setattr(history, "WEEK", timedelta(hours=4))
    (tmp_path / "inputs").symlink_to(town)
    return Config(data_dir=tmp_path)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    opened = open_store("", config.data_dir)
    on = ("ndw-verkeer", "laadpunten", "luchtmeetnet", "parkeergarages", "rws-water", "knmi")
    opened.put_document(FEEDS_KIND, FEEDS_KEY, feeds_body(FeedPlan(on=on), str(FOLDER)))
    yield opened
    opened.close()


def built(store: Store, *, invented: bool) -> None:
    twin = Twin("stad", Text("Stad"), "GM9999", (150000.0, 528000.0), invented=invented)
    store.put_document(TWIN_KIND, TWIN_KEY, twin_body(twin))


def moments(store: Store, source: str, observed: str) -> list[datetime]:
    (stream, *_) = store.datastreams(ReadingsWhere(sources=(source,), observed=(observed,)), limit=1)
    return [each.observation.phenomenon for each in store.readings(stream.datastream.id, limit=1000)]


def test_each_hour_of_the_past_is_there_once(config: Config, store: Store) -> None:
    built(store, invented=True)
    assert fill_history(config, NOW) > 1000
    flows = moments(store, "ndw-verkeer", "verkeersintensiteit")
    assert [at.hour for at in flows] == [12, 13, 14, 15]
    assert {at.minute for at in flows} == {59}
    assert len(moments(store, "luchtmeetnet", "no2")) > 48, "hours that a source tells of itself come along"
    assert len(moments(store, "rws-water", "waterstand")) >= 144
    for source, observed in (("laadpunten", "laadpunten-totaal"), ("parkeergarages", "plaatsen-vrij")):
        assert moments(store, source, observed)


def test_what_was_filled_in_is_not_done_again_and_later_hours_are_added(config: Config, store: Store) -> None:
    built(store, invented=True)
    fill_history(config, NOW)
    assert fill_history(config, NOW) == 0
    assert fill_history(config, NOW + timedelta(hours=1)) > 0
    assert len(moments(store, "ndw-verkeer", "verkeersintensiteit")) == 5


def test_a_real_city_has_no_past_that_was_not_measured(config: Config, store: Store) -> None:
    built(store, invented=False)
    assert fill_history(config, NOW) == 0
    assert not store.things(ReadingsWhere(), limit=1)
