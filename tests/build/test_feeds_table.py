"""`[feeds]` of a twin.toml says which sources are on; the build keeps it for whoever fetches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.build.tiny_city import TWIN, TinyCity
from tweestad.build.pipeline import build
from tweestad.build.twin import read_twin
from tweestad.errors import TwinConfigInvalid
from tweestad.model.feed_plan import FEEDS_KEY, FEEDS_KIND, FeedPlan, parse_feeds
from tweestad.store.opening import open_store


def plan_of(tmp_path: Path, table: str) -> FeedPlan:
    city = TinyCity(tmp_path, twin=TWIN + table)
    city.write()
    return read_twin(city.folder, city.config).feeds


def test_without_the_table_nothing_is_asked(tmp_path: Path) -> None:
    assert plan_of(tmp_path, "") == FeedPlan()
    assert not FeedPlan().asks


def test_with_an_empty_table_everything_is_on_and_nothing_is_asked_yet(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "\n[feeds]\n")
    assert plan == FeedPlan(on=None)
    assert not plan.asks


def test_a_server_on_this_machine_can_stand_for_the_services(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, '\n[feeds]\non = ["knmi"]\nbase = "http://127.0.0.1:8100"\nbox = [0, 1, 2, 3]\n')
    assert plan == FeedPlan(("knmi",), base="http://127.0.0.1:8100", box=(0, 1, 2, 3))
    assert plan.asks


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('on = ["knmy"]', "there is no source ‘knmy’ \\(did you mean ‘knmi’"),
        ('base = "http://10.0.0.1:80"', "of a server on this machine"),
        ('base = "http://127.0.0.1:80@evil.example"', "of a server on this machine"),
        ("lives = true", "unknown key ‘lives’ in feeds \\(did you mean ‘live’"),
    ],
)
def test_a_fault_is_told(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(TwinConfigInvalid, match=said):
        plan_of(tmp_path, f"\n[feeds]\n{table}\n")


def test_the_build_keeps_the_table_for_whoever_fetches(tmp_path: Path) -> None:
    city = TinyCity(tmp_path, twin=TWIN + '\n[feeds]\non = ["luchtmeetnet"]\nlive = true\n')
    city.write()
    build(city.folder, city.config)
    store = open_store("", city.config.data_dir)
    try:
        plan, folder = parse_feeds(store.find_document(FEEDS_KIND, FEEDS_KEY) or {})
    finally:
        store.close()
    assert plan == FeedPlan(("luchtmeetnet",), live=True)
    assert Path(folder) == city.folder.resolve()
