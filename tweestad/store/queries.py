"""The store over a relational database: every query once, for SQLite and PostGIS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    case,
    cast,
    delete,
    func,
    literal,
    null,
    select,
    union_all,
    update,
)

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.column_facts import FACTS_KIND
from tweestad.model.feature import BBox, Feature, StoredFeature, canonical_json
from tweestad.model.layer import Audience, Layer, Place, StoredLayer
from tweestad.search import alike, slips_after_first
from tweestad.search.normalise import TOKENS_MAX
from tweestad.store import tables
from tweestad.store.clauses import (
    WORDS_MAX,
    answerable,
    audible,
    cells_of,
    covers,
    kept_count,
    may_be_found,
    meets,
    starting,
    touches,
    words_from,
)
from tweestad.store.intake import INTEGER_MAX, check_layer, checked_cells, is_attribute_name, storable
from tweestad.store.protocol import Cell, Change, Condition, Domain, Sort, Where
from tweestad.store.readings import SqlReadings
from tweestad.store.rows import FEATURE_COLUMNS, stored_cell, stored_feature, stored_layer, stored_place
from tweestad.store.swap import (
    close_features,
    drop_places,
    hold_city,
    replace_layer,
    stage,
    swap_cells,
    take_number,
    touch_layer,
)

OFFSET_MAX = 100_000
IDS_MAX = 10_000
_MANY = 1_000
_READINGS = 3


class SqlStore(SqlReadings):
    """Keeps layers, features, places, cells and documents in the database behind a Backend.

    Safe to share between threads. Each read is one statement, so it sees one consistent state, and it
    holds no transaction once it has returned. Raises StoreUnavailable when the database does not answer.
    """

    # Writing

    def put_layer(
        self,
        layer: Layer,
        features: Iterable[Feature],
        *,
        places: Iterable[Place] = (),
        cells: Iterable[Cell] = (),
        position: int | None = None,
    ) -> Change:
        """Replace a whole layer; see `Store.put_layer`."""
        check_layer(layer)
        shas = checked_cells(layer.id, cells)
        with self._writer() as connection:
            # Closed for good at the end: the staging tables go with it, whatever happens.
            connection.detach()
            stage(self._backend, connection, layer.id, features, places)
            with self._backend.writing(connection):
                hold_city(connection)
                change = replace_layer(self._backend, connection, layer, shas, position)
        return change

    def remove_layer(self, layer: str) -> None:
        """Close all features of a layer; nothing happens when it is not listed."""
        row, feature, place = tables.layer, tables.feature, tables.place
        with self._writer() as connection, self._backend.writing(connection):
            hold_city(connection)
            listed = select(row.c.id).where(row.c.id == layer, row.c.until.is_(None))
            if connection.scalar(listed) is None:
                return
            n = take_number(connection)
            close_features(connection, feature.c.layer == layer, n)
            drop_places(connection, place.c.layer == layer)
            swap_cells(connection, layer, {}, n)
            touch_layer(connection, layer, n)
            connection.execute(update(row).where(row.c.id == layer).values(until=n))
            _forget_facts(connection, layer)

    def erase(self, layer: str, feature_id: str) -> int:
        """Remove a feature and its places from the present and the past for good."""
        gone = 0
        with self._writer() as connection, self._backend.writing(connection):
            hold_city(connection)
            for table in (tables.feature, tables.feature_past):
                which = (table.c.layer == layer) & (table.c.id == feature_id)
                gone += connection.execute(delete(table).where(which)).rowcount
            place = tables.place
            which = (place.c.layer == layer) & (place.c.feature_id == feature_id)
            # What was counted in the layer names values too.
            _forget_facts(connection, layer)
            if drop_places(connection, which) or gone:
                touch_layer(connection, layer, take_number(connection))
        return gone

    def put_document(self, kind: str, key: str, body: Mapping[str, Any]) -> None:
        """Keep one small JSON document; raises InputRejected when it is not JSON."""
        try:
            text = canonical_json(body)
            text.encode()
        except (TypeError, ValueError) as exc:
            raise InputRejected("the document cannot be written as JSON", where=f"{kind}/{key}") from exc
        values = {"kind": kind, "key": key, "body": text}
        with self._writer() as connection, self._backend.writing(connection):
            connection.execute(self._backend.upsert(tables.document, values))

    # Reading

    def layers(self, audiences: frozenset[Audience]) -> list[StoredLayer]:
        """All listed layers for these audiences, in the order of the twin."""
        row = tables.layer
        listed = select(row).where(row.c.until.is_(None), row.c.audience.in_(sorted(audiences)))
        with self._reader() as connection:
            found = connection.execute(listed.order_by(row.c.position, row.c.id)).all()
        return [stored_layer(r) for r in found]

    def features(self, where: Where, *, limit: int, after: str | None = None) -> list[StoredFeature]:
        """One page in order of (layer, id), starting after the id `after`."""
        if after is not None and where.layer is None:
            raise InputRejected("a page after an id needs a layer")
        if not answerable(where, after):
            return []
        with self._reader() as connection:
            indexed = self._window_is_worth_it(connection, where)
            page = self._page(where, after=after, indexed=indexed, limit=limit)
            found = connection.execute(page).all()
        return [stored_feature(r) for r in found]

    def sorted_features(self, where: Where, sort: Sort, *, limit: int, offset: int) -> list[StoredFeature]:
        """One page by one attribute: numbers, then texts, then empty and missing values; then by id."""
        if offset > OFFSET_MAX:
            raise LimitExceeded(f"Verder dan {OFFSET_MAX} rijen bladeren kan niet; zoek of filter eerst.")
        if sort.attribute is not None and not is_attribute_name(sort.attribute):
            raise InputRejected("Zo kan een kolom niet heten.")
        if not answerable(where, sort.attribute):
            return []
        with self._reader() as connection:
            indexed = self._window_is_worth_it(connection, where)
            rows = union_all(*self._arms(where, indexed=indexed)).subquery("rows")
            if sort.by_title:
                ordered = self._backend.titled(rows, sort).order_by("layer", "id")
            elif sort.attribute is not None:
                ordered = self._backend.ordered(rows, sort.attribute, sort).order_by("layer", "id")
            else:
                key = (rows.c.layer, rows.c.id)
                ordered = select(rows).order_by(*(c.desc() if sort.descending else c for c in key))
            found = connection.execute(ordered.limit(limit).offset(offset)).all()
        return [stored_feature(r) for r in found]

    def count(self, where: Where) -> int:
        """How many features there are; of a whole layer it is kept, of a window it is counted."""
        if not answerable(where):
            return 0
        with self._reader() as connection:
            if where == Where(layer=where.layer, audiences=where.audiences) and where.layer is not None:
                return connection.scalar(kept_count(where.layer, where.audiences)) or 0
            indexed = self._window_is_worth_it(connection, where)
            arms = self._arms(where, indexed=indexed)
            # One statement, so that a swap between the present and the past counts nothing twice.
            counts = [
                arm.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
                for arm in arms
            ]
            return int(connection.scalar(select(sum(counts[1:], counts[0]))) or 0)

    def find_places(
        self,
        tokens: Sequence[str],
        *,
        audiences: frozenset[Audience],
        limit: int,
        layer: str | None = None,
    ) -> list[Place]:
        """Places of published features; every token starts a word. Exact labels first, then short ones."""
        words = [token for token in tokens if token and storable(token)][:TOKENS_MAX]
        if not words or not storable(layer or ""):
            return []
        place = tables.place
        exact = case((place.c.words == "".join(f" {word}" for word in words), 0), else_=1)
        order = (exact, func.length(place.c.label), place.c.label, place.c.layer, place.c.feature_id)
        with self._reader() as connection:
            rarest = self._rarest(connection, words)
            found = select(place).where(place.c.hash.in_(starting(rarest)), may_be_found(audiences))
            for word in words:
                if word != rarest:
                    found = found.where(place.c.words.contains(f" {word}", autoescape=True))
            if layer is not None:
                found = found.where(place.c.layer == layer)
            rows = connection.execute(found.order_by(*order, place.c.hash).limit(limit)).all()
        return [stored_place(r) for r in rows]

    def find_places_alike(
        self, tokens: Sequence[str], *, audiences: frozenset[Audience], limit: int
    ) -> list[Place]:
        """Tries the likeliest reading of the words first; the first one that finds something answers."""
        words = [token for token in tokens if token and storable(token)][:TOKENS_MAX]
        with self._reader() as connection:
            readings = [
                alike(word, _words_near(connection, word, audiences), limit=_READINGS) or [word]
                for word in words
            ]
        for reading in islice(product(*readings), _READINGS**2):
            found = self.find_places(reading, audiences=audiences, limit=limit)
            if found:
                return found
        return []

    def cells(self, layer: str, *, at: int | None = None) -> list[Cell]:
        """The solid cells of a layer, now or as of a change number, in order of name."""
        if not storable(layer) or (at is not None and not 0 <= at <= INTEGER_MAX):
            return []
        arms = [cells_of(tables.cell, layer)]
        if at is not None:
            arms[0] = arms[0].where(tables.cell.c.since <= at)
            past = tables.cell_past.c
            arms.append(cells_of(tables.cell_past, layer).where(past.since <= at, past.until > at))
        with self._reader() as connection:
            return [stored_cell(r) for r in connection.execute(union_all(*arms).order_by("rd_cell"))]

    def clock(self, domain: Domain) -> int:
        """The change number of the last committed change."""
        with self._reader() as connection:
            found = connection.scalar(select(tables.clock.c.n).where(tables.clock.c.domain == domain))
        return int(found or 0)

    def changes_since(self, n: int) -> Mapping[str, int]:
        """Layers that changed after change number n, removed ones too, each with its version."""
        row = tables.layer
        with self._reader() as connection:
            later = row.c.version > min(n, INTEGER_MAX)
            found = connection.execute(select(row.c.id, row.c.version).where(later)).all()
        return {r.id: r.version for r in found}

    def find_document(self, kind: str, key: str) -> Mapping[str, Any] | None:
        """The document, or None."""
        if not storable(kind + key):
            return None
        row = tables.document
        with self._reader() as connection:
            found = connection.scalar(select(row.c.body).where(row.c.kind == kind, row.c.key == key))
        return None if found is None else orjson.loads(found)

    # What the queries are made of

    def _window_is_worth_it(self, connection: Connection, where: Where) -> bool:
        """Whether to ask the spatial index: not for the whole layer, nor for a few named features."""
        if where.bbox is None or where.ids is not None or where.ref is not None:
            return False
        if where.layer is None:
            return True
        row = tables.layer
        box = (row.c.min_x, row.c.min_y, row.c.max_x, row.c.max_y)
        found = connection.execute(select(*box).where(row.c.id == where.layer)).one_or_none()
        return not (found and found.min_x is not None and covers(where.bbox, BBox(*found)))

    def _page(self, where: Where, *, after: str | None, indexed: bool, limit: int) -> Select[Any]:
        arms = []
        for arm in self._arms(where, after=after, indexed=indexed):
            layer_id, key = arm.selected_columns.layer, arm.selected_columns.id
            if indexed:
                layer_id, key = self._backend.unordered(layer_id), self._backend.unordered(key)
            arms.append(arm.order_by(layer_id, key).limit(limit))
        if len(arms) == 1:
            return arms[0]
        # Each arm reads no more than a page along its own index.
        both = union_all(*(select(arm.subquery()) for arm in arms)).subquery("both")
        return select(both).order_by(both.c.layer, both.c.id).limit(limit)

    def _arms(self, where: Where, *, indexed: bool, after: str | None = None) -> list[Select[Any]]:
        """The current rows and, as of a change number, the past ones too: only what `where` allows."""
        arms = []
        for table in (tables.feature, tables.feature_past)[: 1 if where.at is None else 2]:
            current = table is tables.feature
            until = cast(null(), BigInteger) if current else table.c.until
            arm = select(*(table.c[name] for name in FEATURE_COLUMNS), until.label("until"))
            arm = arm.where(*self._conditions(table, where, after, indexed=indexed and current))
            if where.at is not None:
                arm = arm.where(table.c.since <= where.at)
                arm = arm if current else arm.where(table.c.until > where.at)
            arms.append(arm)
        return arms

    def _conditions(
        self, table: Table, where: Where, after: str | None, *, indexed: bool
    ) -> Iterator[ColumnElement[bool]]:
        layer: ColumnElement[Any] = table.c.layer
        key: ColumnElement[Any] = table.c.id
        if indexed and where.bbox is not None:
            yield self._backend.near(where.bbox, where.layer)
            layer, key = self._backend.unordered(layer), self._backend.unordered(key)
        if where.layer is not None:
            yield layer == where.layer
        if where.ids is not None:
            if len(where.ids) > IDS_MAX:
                raise LimitExceeded(f"Hoogstens {IDS_MAX} objecten in één vraag.")
            yield key.in_([key for key in where.ids if storable(key)])
        if where.ref is not None:
            yield table.c.ref == where.ref
        if where.title is not None:
            yield table.c.title == where.title
        if after is not None:
            yield key > after
        if where.bbox is not None:
            yield from touches(table, where.bbox)
        yield from (self._met(table, condition) for condition in where.conditions)
        yield table.c.state.in_(sorted(where.states))
        of = literal(where.layer) if where.layer is not None else table.c.layer
        yield audible(of, where.audiences, where.at)

    def _met(self, table: Table, condition: Condition) -> ColumnElement[bool]:
        if not is_attribute_name(condition.attribute):
            raise InputRejected("Zo kan een kolom niet heten.")
        return meets(self._backend.parts(table.c.attributes, condition.attribute), condition)

    def _rarest(self, connection: Connection, words: Sequence[str]) -> str:
        """The word that starts the fewest words of places, counted no further than needed."""
        if len(words) == 1:
            return words[0]
        few = (starting(word).limit(_MANY).subquery() for word in words)
        counts = connection.execute(
            select(*(select(func.count()).select_from(f).scalar_subquery() for f in few))
        )
        return min(zip(counts.one(), words, strict=True))[1]


def _forget_facts(connection: Connection, layer: str) -> None:
    row = tables.document
    connection.execute(delete(row).where(row.c.kind == FACTS_KIND, row.c.key == layer))


def _words_near(connection: Connection, word: str, audiences: frozenset[Audience]) -> list[str]:
    """The words of findable places with the first letter of this one; of too many, those most alike.

    One question answers for most cities. Where a letter has more than WORDS_MAX words, further questions
    look below the longer starts that this word, or a slip right after its first letter, would have.
    """
    found: set[str] = set()
    for length in range(1, len(word) + 1):
        words = connection.scalars(words_from(word[:length], audiences)).all()
        found.update(words)
        if len(words) < WORDS_MAX:
            break
    if length > 1:
        for start in slips_after_first(word):
            found.update(connection.scalars(words_from(start, audiences)))
    return sorted(found)
