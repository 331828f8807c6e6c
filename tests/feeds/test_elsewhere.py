"""What a reply says of things that were left out as elsewhere is left out too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tweestad.feeds.elsewhere import without_strangers
from tweestad.model.observation import Observation
from tweestad.model.reading import Arrival
from tweestad.model.received import Parsed, Skipped
from tweestad.model.thing import Datastream, Thing
from tweestad.store.opening import open_store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def told(key: str) -> list[Parsed]:
    stream = Datastream(f"bron:{key}", "plaatsen-vrij", "1")
    return [stream, Observation(stream.id, NOW, 3.0, NOW)]


def test_only_things_that_an_answer_or_the_store_knows_keep_their_values(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    try:
        store.put_arrival(Arrival("bron", NOW, "static", things=(Thing("bron", "stored"),)))
        items: list[Parsed] = [
            Thing("bron", "new"), *told("new"), *told("stored"), *told("far"), *told("farther"),
        ]  # fmt: skip
        found = without_strangers(store, "bron", items)
        assert found[:-1] == items[:5]
        assert found[-1] == Skipped("elsewhere: outside the municipality", 2)
        assert without_strangers(store, "bron", items[:5]) == items[:5]
    finally:
        store.close()
