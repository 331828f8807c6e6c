"""Every feed of the invented town, over loopback and through the real way in, into a store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from tests.feeds.test_replay_history import FOLDER, built, town
from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.config import Config
from tweestad.feeds.replay.answering import InventedAnswers
from tweestad.feeds.replay.server import create_replay
from tweestad.feeds.working import pull
from tweestad.model.feed_plan import FEEDS_KEY, FEEDS_KIND, FeedPlan, feeds_body
from tweestad.serving import open_port
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store
from tweestad.synthetic.feeds.answers import PARTS

__all__ = ["town"]


@pytest.fixture
def base(town: Path) -> Iterator[str]:
    """The address of a replay server that answers for the town."""
    opened = open_port("127.0.0.1", 0)
    answers = InventedAnswers(town)
    app = create_replay({"stad": answers}.get)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{opened.getsockname()[1]}/stad"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store("", tmp_path)
    opened.put_document(FEEDS_KIND, FEEDS_KEY, feeds_body(FeedPlan(on=None), str(FOLDER)))
    built(opened, invented=True)
    yield opened
    opened.close()


def test_all_feeds_of_the_town_come_in_and_say_that_they_are_invented(
    base: str, store: Store, tmp_path: Path
) -> None:
    pull(Config(data_dir=tmp_path), base=base)
    feeds = {each.source: each for each in Reader(store, VISITOR).feeds()}
    on = {name: each for name, each in feeds.items() if each.state != "off"}
    assert set(on) == set(PARTS)
    assert {name: each.failure for name, each in on.items() if each.failure} == {}
    assert all(each.invented and each.recording is None and each.clock is None for each in on.values())
    assert {name: dict(each.rejected) for name, each in on.items() if each.rejected} == {}
    assert feeds["ov-fiets"].state == "silent", "the one that stopped yesterday"
    assert feeds["ndw-verkeer"].accepted >= 10
    assert feeds["ned"].why.nl == "De bedachte stad heeft deze bron niet."
