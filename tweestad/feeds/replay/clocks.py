"""Keeps the clock of each replayed source, so that a recording goes on after a restart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tweestad.feeds.replay.plan import RecordedSource
from tweestad.model.replay_clock import REPLAY_KIND, ReplayClock, clock_body, parse_clock
from tweestad.store.protocol import Store


def keep_clocks(store: Store, recorded: Iterable[RecordedSource], wall: datetime) -> dict[str, ReplayClock]:
    """The clocks of these sources: as they are kept, or begun now when the recording is another."""
    found = {}
    for source in recorded:
        body = store.find_document(REPLAY_KIND, source.id)
        known = None if body is None else parse_clock(body)
        clock = source.clock(wall)
        if known is not None and (known.recorded, known.ends) == (clock.recorded, clock.ends):
            clock = known
        else:
            store.put_document(REPLAY_KIND, source.id, clock_body(clock))
        found[source.id] = clock
    return found
