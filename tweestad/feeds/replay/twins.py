"""Opens what is replayed for a built twin: its recordings by their clocks, or the invented feeds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from tweestad.config import Config
from tweestad.errors import TweestadError
from tweestad.feeds.replay.answering import Answers, InventedAnswers, RecordedAnswers
from tweestad.feeds.replay.clocks import keep_clocks
from tweestad.feeds.replay.plan import read_recordings
from tweestad.feeds.sources import shipped_sources, twin_sources
from tweestad.model.feed_plan import FEEDS_KEY, FEEDS_KIND, parse_feeds
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, parse_twin
from tweestad.store.opening import open_store

_LOG = logging.getLogger("tweestad.feeds")


class Twins:
    """What is replayed for each twin, by its name; opened at its first question once it is built."""

    def __init__(self, configs: Mapping[str, Config]) -> None:
        self._configs = configs
        self._opened: dict[str, Answers] = {}
        self._lock = threading.Lock()

    def find(self, name: str) -> Answers | None:
        """The answers for a twin; None for one that is not known, or is not built yet."""
        with self._lock:
            if name not in self._opened and name in self._configs:
                try:
                    found = open_answers(self._configs[name])
                except TweestadError as exc:
                    _LOG.warning("%s cannot be replayed: %s", name, exc)
                    return None
                if found is not None:
                    self._opened[name] = found
            return self._opened.get(name)


def open_answers(config: Config) -> Answers | None:
    """The answers for the twin in a data folder; None when it was not built. Its store keeps the clocks."""
    store = open_store(config.database_url, config.data_dir)
    try:
        body, facts = store.find_document(FEEDS_KIND, FEEDS_KEY), store.find_document(TWIN_KIND, TWIN_KEY)
        if body is None or facts is None:
            return None
        if parse_twin(facts).invented:
            return InventedAnswers(config.data_dir / "inputs")
        folder = Path(parse_feeds(body)[1])
        recorded = read_recordings(folder, config.open_data)
        known = {each.id: each for each in (*shipped_sources(), *twin_sources(folder))}
        return RecordedAnswers(recorded, known, keep_clocks(store, recorded, datetime.now(UTC)))
    finally:
        store.close()
