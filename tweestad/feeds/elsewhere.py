"""Leaves aside what a reply says of things that another reply placed outside the municipality.

A list of places and what is free at them come in two payloads: the far places are dropped from the first, and
the second does not say where it speaks of.
"""

from __future__ import annotations

from collections.abc import Sequence

from tweestad.feeds.reading import ELSEWHERE
from tweestad.model.layer import Audience
from tweestad.model.observation import Observation
from tweestad.model.reading import ReadingsWhere
from tweestad.model.received import Parsed, Skipped
from tweestad.model.thing import Datastream, Thing
from tweestad.store.protocol import Store

_EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})
_PAGE = 1_000


def without_strangers(store: Store, source: str, items: Sequence[Parsed]) -> list[Parsed]:
    """The items without the series, and their values, of things that neither they nor the store know.

    The things that are left out are counted as Skipped.
    """
    told = {item.id for item in items if isinstance(item, Thing)}
    doubted = sorted({item.thing for item in items if isinstance(item, Datastream)} - told)
    strangers: set[str] = set()
    for start in range(0, len(doubted), _PAGE):
        part = tuple(doubted[start : start + _PAGE])
        where = ReadingsWhere(sources=(source,), things=part, audiences=_EVERYONE)
        strangers |= set(part) - {each.thing.id for each in store.things(where, limit=_PAGE)}
    if not strangers:
        return list(items)
    left = {item.id for item in items if isinstance(item, Datastream) and item.thing in strangers}
    kept = [
        item
        for item in items
        if not (isinstance(item, Datastream) and item.id in left)
        and not (isinstance(item, Observation) and item.datastream in left)
    ]
    return [*kept, Skipped(ELSEWHERE, len(strangers))]
