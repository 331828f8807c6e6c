"""The recurring conditions of the queries, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, false, func, literal, not_, or_, select

from tweestad.model.feature import BBox
from tweestad.model.layer import Audience
from tweestad.store import tables
from tweestad.store.backend import Parts
from tweestad.store.intake import INTEGER_MAX, storable
from tweestad.store.protocol import Condition, Where

# Comes after everything that starts with a prefix, in byte order.
_LAST = "\U0010ffff"
WORDS_MAX = 5_000


def may_be_found(audiences: frozenset[Audience]) -> ColumnElement[bool]:
    """Search must not tell of a draft: the feature itself has to be there and be published."""
    place, feature = tables.place, tables.feature
    published = (
        select(literal(1))
        .select_from(feature)
        .where(
            feature.c.layer == place.c.layer,
            feature.c.id == place.c.feature_id,
            feature.c.state == "published",
        )
        .correlate(place)
        .exists()
    )
    return published & audible(place.c.layer, audiences)


def kept_count(layer_id: str, audiences: frozenset[Audience]) -> Select[Any]:
    row = tables.layer.c
    return select(row.features).where(row.id == layer_id, row.audience.in_(sorted(audiences)))


def starting(word: str) -> Select[Any]:
    token = tables.place_token.c
    return select(token.place).where(token.token >= word, token.token < word + _LAST)


def words_from(start: str, audiences: frozenset[Audience]) -> Select[Any]:
    """The different words that start like this in places that may be found, at most WORDS_MAX in their order.

    Jumps from word to word along the index: a street of three hundred houses counts once. A word of which
    every place is hidden counts as not there, or it would take the room of one that can be found.
    """
    token, last = tables.place_token.c, start + _LAST

    def next_word(*after: ColumnElement[bool]) -> Select[Any]:
        place = tables.place
        shown = select(literal(1)).where(place.c.hash == token.place, may_be_found(audiences))
        # OFFSET 0 keeps PostgreSQL from joining all places before it takes the first word.
        shown = shown.correlate(tables.place_token).offset(0)
        found = select(token.token.label("word")).where(*after, token.token < last, shown.exists())
        return found.order_by(token.token).limit(1)

    first = select(next_word(token.token >= start).scalar_subquery().label("word")).cte(recursive=True)
    following = next_word(token.token > first.c.word).correlate(first).scalar_subquery()
    each = first.union_all(select(following).where(first.c.word.is_not(None)))
    return select(each.c.word).where(each.c.word.is_not(None)).limit(WORDS_MAX)


def answerable(where: Where, *texts: str | None) -> bool:
    """Whether anything stored could match: a name that cannot be stored is no error but names nothing."""
    if where.at is not None and not 0 <= where.at <= INTEGER_MAX:
        return False
    return all(storable(text) for text in (where.layer, where.ref, where.title, *texts) if text)


def audible(
    layer_id: ColumnElement[Any], audiences: frozenset[Audience], at: int | None = None
) -> ColumnElement[bool]:
    """Whether the layer is for any of these audiences; without a layer: no.

    As of a change number, the public sees a layer only from the number on which it became public.
    """
    row = tables.layer
    which = [row.c.id == layer_id, row.c.audience.in_(sorted(audiences))]
    if at is not None and "staff" not in audiences:
        which.append(row.c.public_since <= at)
    return select(literal(1)).select_from(row).where(*which).correlate_except(row).exists()


def touches(table: Table, box: BBox) -> Iterator[ColumnElement[bool]]:
    """The exact answer, in float64: touching counts."""
    yield table.c.min_x <= box.max_x
    yield table.c.max_x >= box.min_x
    yield table.c.min_y <= box.max_y
    yield table.c.max_y >= box.min_y


def covers(outer: BBox, inner: BBox) -> bool:
    return (
        outer.min_x <= inner.min_x
        and outer.min_y <= inner.min_y
        and outer.max_x >= inner.max_x
        and outer.max_y >= inner.max_y
    )


def meets(parts: Parts, condition: Condition) -> ColumnElement[bool]:
    """Whether one of the parts is known and asked for, or none is known and that is asked for.

    A number of the source that means "unknown" lies in no range.
    """
    known = or_(parts.text != "", parts.number.is_not(None), parts.flag.is_not(None))
    nothing = or_(false(), *_equal(parts, condition.missing))
    known &= not_(func.coalesce(nothing, false()))
    asked: list[ColumnElement[bool]] = _equal(parts, condition.values)
    bounds = [parts.number >= condition.lower] if condition.lower is not None else []
    bounds += [parts.number <= condition.upper] if condition.upper is not None else []
    if bounds:
        asked.append(and_(*bounds))
    one = select(literal(1)).select_from(parts.rows)
    found = one.where(known, or_(false(), *asked)).exists()
    return or_(found, not_(one.where(known).exists())) if condition.unknown else found


def _equal(parts: Parts, values: Sequence[Any]) -> list[ColumnElement[bool]]:
    """Whether the part is one of these values, of the same kind."""
    texts = [v for v in values if isinstance(v, str) and storable(v)]
    flags = [int(v) for v in values if isinstance(v, bool)]
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    kinds = ((parts.text, texts), (parts.flag, flags), (parts.number, numbers))
    return [part.in_(wanted) for part, wanted in kinds if wanted]


def cells_of(table: Table, layer_id: str) -> Select[Any]:
    return select(table.c.layer, table.c.rd_cell, table.c.blob_sha).where(table.c.layer == layer_id)
