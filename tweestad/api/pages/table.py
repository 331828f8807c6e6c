"""What the table of a layer shows: one page of rows in a chosen order, filtered by words and conditions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tweestad.access.reader import Reader
from tweestad.api.conditions import Asked
from tweestad.api.language import speak
from tweestad.api.limits import LIMITS
from tweestad.api.nearest import distances, in_order, nearest
from tweestad.api.pages.card import particulars, title_of
from tweestad.api.pages.drawing import feature_path
from tweestad.api.pages.table_query import DISTANCE, PAGES_MAX, TITLE, TableQuery
from tweestad.api.pages.wording import NUMERIC, Shown, show, show_distance
from tweestad.model.feature import StoredFeature
from tweestad.model.layer import Column, Layer, StoredLayer
from tweestad.model.text import Language
from tweestad.search.normalise import tokens
from tweestad.store.protocol import Sort, Where

SCAN_MAX = 5_000
SCAN_PAGE = 1_000
CELL_CHARACTERS = 120
COLUMNS_MAX = 6


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head. `sort` is what its link sorts by, empty when it cannot."""

    title: str
    numeric: bool
    sort: str
    order: Literal["", "ascending", "descending"]


@dataclass(frozen=True, slots=True)
class Line:
    """A row. `apart` are the last digits of its id where others have the same title; `spoken` is what else
    tells it apart, for who goes from link to link and sees no columns.
    """

    title: str
    address: str
    cells: tuple[Shown, ...]
    apart: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One page. `total` counts all rows that match, `pages` what one can turn to.

    `name` heads the first column, which links to the objects; it sorts by the column that names them.
    `more` says that a search found more rows than `total`; `hidden` counts the columns of the layer that
    do not fit here. `conditions` come with their words.
    """

    layer: StoredLayer
    query: TableQuery
    conditions: tuple[tuple[Asked, str], ...]
    name: Head
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    total: int
    pages: int
    more: bool
    hidden: int

    @property
    def first(self) -> int:
        return (self.query.page - 1) * LIMITS.table_rows + 1


def table_of(reader: Reader, stored: StoredLayer, query: TableQuery, language: Language) -> Table:
    """The page of the table that the query asks for."""
    where, more = where_of(reader, stored, query)
    total = reader.count(where) if where.ids != () else 0
    most = PAGES_MAX
    if query.by_distance and total > LIMITS.nearest_max:
        most = LIMITS.nearest_max // LIMITS.table_rows
    page = min(query.page, most)
    rows = _rows(reader, stored.layer, where, replace(query, page=page)) if total else []
    columns = shown_columns(stored.layer, query)
    metres: Sequence[float | None] = [None] * len(rows)
    if query.origin is not None:
        metres = distances(rows, query.origin)
    return Table(
        layer=stored,
        query=query,
        conditions=tuple((each, each.words(language)) for each in query.conditions),
        name=_name_head(stored.layer, query, language),
        heads=_heads(columns, query, language),
        lines=_told_apart(
            [_line(row, stored, columns, far, language) for row, far in zip(rows, metres, strict=True)],
            [particulars(row, stored, language) if row.feature.ref else [] for row in rows],
        ),
        total=total,
        pages=min(most, -(-total // LIMITS.table_rows)),
        more=more,
        hidden=len(_beside_name(stored.layer)) - len(columns),
    )


def where_of(reader: Reader, stored: StoredLayer, query: TableQuery) -> tuple[Where, bool]:
    """Which rows the query asks for, and whether its words found more than can be shown."""
    conditions = tuple(each.condition() for each in query.conditions)
    where = Where(layer=stored.layer.id, conditions=conditions)
    if not query.q:
        return where, False
    ids, more = _matching(reader, stored, query.q)
    return replace(where, ids=ids), more


def _rows(reader: Reader, layer: Layer, where: Where, query: TableQuery) -> list[StoredFeature]:
    size = LIMITS.table_rows
    offset = (query.page - 1) * size
    if query.origin is None or query.sort != DISTANCE:
        sort = sort_of(layer, query)
        return reader.sorted_features(where, sort, limit=size, offset=offset)
    if query.descending:
        near = [each for each in in_order(reader, where, query.origin) if each.metres < math.inf][::-1]
    else:
        near = nearest(reader, where, query.origin, wanted=offset + size)
    ids = [each.id for each in near[offset : offset + size]]
    found = {row.feature.id: row for row in reader.features(replace(where, ids=tuple(ids)), limit=size)}
    return [found[each] for each in ids if each in found]


def sort_of(layer: Layer, query: TableQuery) -> Sort:
    """The order of the rows, where it is not that of distance."""
    column = layer.column(query.sort)
    if column is None and query.sort == TITLE:
        return Sort(descending=query.descending, by_title=True)
    return Sort(query.sort or None, query.descending, () if column is None else column.missing)


def shown_columns(layer: Layer, query: TableQuery) -> tuple[Column, ...]:
    """The first columns of the layer, and those that the rows are sorted or chosen by: a table has to fit."""
    asked = {query.sort, *(each.column.name for each in query.conditions)}
    return tuple(c for n, c in enumerate(_beside_name(layer)) if n < COLUMNS_MAX or c.name in asked)


def _beside_name(layer: Layer) -> list[Column]:
    """The columns but the one that names the objects: that one is the head of each row already."""
    return [c for c in layer.columns if c.name != layer.style.label_column]


def _name_head(layer: Layer, query: TableQuery, language: Language) -> Head:
    label = layer.column(layer.style.label_column)
    sort = TITLE if label is None else label.name
    return Head(speak(language, "table.name"), False, sort, _order(query, sort))


def _heads(columns: tuple[Column, ...], query: TableQuery, language: Language) -> tuple[Head, ...]:
    measured: tuple[Head, ...] = ()
    if query.origin is not None:
        title = speak(language, "table.distance")
        measured = (Head(title, numeric=True, sort=DISTANCE, order=_order(query, DISTANCE)),)
    return measured + tuple(
        Head(
            title=column.title.in_language(language),
            numeric=is_numeric(column),
            sort=column.name,
            order=_order(query, column.name),
        )
        for column in columns
    )


def _order(query: TableQuery, name: str) -> Literal["", "ascending", "descending"]:
    if query.sort != name:
        return ""
    return "descending" if query.descending else "ascending"


def is_numeric(column: Column) -> bool:
    """Numbers stand to the right; codes are numbers only at the source."""
    return column.type in NUMERIC and not column.codes


def _line(
    row: StoredFeature,
    stored: StoredLayer,
    columns: tuple[Column, ...],
    metres: float | None,
    language: Language,
) -> Line:
    feature = row.feature
    cells = tuple(_short(show(feature.attributes.get(c.name), c, language)) for c in columns)
    return Line(
        title=title_of(row, stored, language),
        address=feature_path(feature.layer, feature.id),
        cells=cells if metres is None else (show_distance(metres, language), *cells),
    )


def _told_apart(lines: list[Line], told: list[list[str]]) -> tuple[Line, ...]:
    """Objects with the same title get the last digits of their id: year and use stand in the columns.

    Not the pieces of a street, which are one thing and have no national id.
    """
    often = Counter(line.title for line in lines)
    return tuple(
        replace(line, apart=words[-1], spoken=", ".join(words[:-1]))
        if words and often[line.title] > 1
        else line
        for line, words in zip(lines, told, strict=True)
    )


def _short(shown: Shown) -> Shown:
    """A long text is cut in the table; the object's own page has all of it."""
    if len(shown.text) <= CELL_CHARACTERS:
        return shown
    return replace(shown, value=shown.text[: CELL_CHARACTERS - 1].rstrip() + "…", unit="")


def _matching(reader: Reader, stored: StoredLayer, q: str) -> tuple[tuple[str, ...], bool]:
    """Ids of features whose title, number or place starts with every word, and whether there are more.

    The register of places answers for every layer; a small layer is also read through, because not
    every feature of it is a place.
    """
    layer, words, most = stored.layer.id, tokens(q), LIMITS.table_filter_max
    if not words:
        return (), False
    places = reader.places(words, limit=most + 1, layer=layer)
    found = {place.feature_id for place in places}
    for where in (Where(layer=layer, ids=(q,)), Where(layer=layer, ref=q)):
        found.update(row.feature.id for row in reader.features(where, limit=most + 1))
    if stored.count <= SCAN_MAX:
        found.update(_read_through(reader, layer, words))
    return tuple(sorted(found))[:most], len(found) > most or len(places) > most


def _read_through(reader: Reader, layer: str, words: list[str]) -> list[str]:
    found: list[str] = []
    after: str | None = None
    for _ in range(SCAN_MAX // SCAN_PAGE):
        rows = reader.features(Where(layer=layer), limit=SCAN_PAGE, after=after)
        for row in rows:
            own = tokens(f"{row.feature.title} {row.feature.ref or ''} {row.feature.id}", limit=50)
            if all(any(token.startswith(word) for token in own) for word in words):
                found.append(row.feature.id)
        if len(rows) < SCAN_PAGE:
            break
        after = rows[-1].feature.id
    return found
