"""What the table of a layer shows: one page of rows in a chosen order, filtered by words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import QueryParams

from tweestad.access.reader import Reader
from tweestad.api.language import speak
from tweestad.api.limits import LIMITS
from tweestad.api.names import CONTROL
from tweestad.api.pages.card import title_of
from tweestad.api.pages.drawing import feature_path
from tweestad.api.pages.wording import NUMERIC, Shown, show
from tweestad.model.feature import StoredFeature
from tweestad.model.layer import Column, Layer, StoredLayer
from tweestad.model.text import Language
from tweestad.search.normalise import tokens
from tweestad.store.protocol import Sort, Where

PAGES_MAX = LIMITS.table_offset_max // LIMITS.table_rows
SCAN_MAX = 5_000
SCAN_PAGE = 1_000
CELL_CHARACTERS = 120
COLUMNS_MAX = 6


@dataclass(frozen=True, slots=True)
class TableQuery:
    """The table's address in values: `sorteer`, `richting`, `pagina`, `q`."""

    sort: str
    descending: bool
    page: int
    q: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head. `sort` is what its link sorts by, empty when it cannot."""

    title: str
    numeric: bool
    sort: str
    order: Literal["", "ascending", "descending"]


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    address: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One page. `total` counts all rows that match, `pages` what one can turn to.

    `name` heads the first column, which links to the objects; it sorts by the column that names them.
    `more` says that a search found more rows than `total`; `hidden` counts the columns of the layer that
    do not fit here.
    """

    layer: StoredLayer
    query: TableQuery
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


def parse_table_query(params: QueryParams, layer: Layer) -> TableQuery:
    """Raises RequestValidationError with all faults."""
    faults: list[dict[str, object]] = []
    # Without a choice by name: what has a name comes first, what has none last.
    by_name = layer.style.label_column if layer.column(layer.style.label_column) else ""
    sort = params.get("sorteer", by_name)
    if sort and layer.column(sort) is None:
        faults.append({"type": "sort_unknown", "loc": ("query", "sorteer"), "ctx": {"column": sort}})
    direction = params.get("richting", "op")
    if direction not in {"op", "af"}:
        faults.append({"type": "direction", "loc": ("query", "richting")})
    page = params.get("pagina", "1")
    if not (page.isascii() and page.isdigit() and len(page) < 10):
        faults.append({"type": "int_parsing", "loc": ("query", "pagina")})
    elif int(page) < 1:
        faults.append({"type": "greater_than_equal", "loc": ("query", "pagina"), "ctx": {"ge": 1}})
    elif int(page) > PAGES_MAX:
        faults.append({"type": "less_than_equal", "loc": ("query", "pagina"), "ctx": {"le": PAGES_MAX}})
    q = params.get("q", "")
    if len(q) > LIMITS.search_characters:
        limit = {"max_length": LIMITS.search_characters}
        faults.append({"type": "string_too_long", "loc": ("query", "q"), "ctx": limit})
    if faults:
        raise RequestValidationError(faults)
    return TableQuery(sort, direction == "af", int(page), CONTROL.sub(" ", q).strip())


def table_of(reader: Reader, stored: StoredLayer, query: TableQuery, language: Language) -> Table:
    """The page of the table that the query asks for."""
    where, more = Where(layer=stored.layer.id), False
    if query.q:
        ids, more = _matching(reader, stored, query.q)
        where = Where(layer=stored.layer.id, ids=ids)
    total = reader.count(where) if where.ids != () else 0
    column = stored.layer.column(query.sort)
    sort = Sort(query.sort or None, query.descending, () if column is None else column.missing)
    offset = (query.page - 1) * LIMITS.table_rows
    rows = reader.sorted_features(where, sort, limit=LIMITS.table_rows, offset=offset) if total else []
    columns = shown_columns(stored.layer, query.sort)
    return Table(
        layer=stored,
        query=query,
        name=_name_head(stored.layer, query, language),
        heads=_heads(columns, query, language),
        lines=tuple(_line(row, stored, columns, language) for row in rows),
        total=total,
        pages=min(PAGES_MAX, -(-total // LIMITS.table_rows)),
        more=more,
        hidden=len(_beside_name(stored.layer)) - len(columns),
    )


def shown_columns(layer: Layer, sort: str) -> tuple[Column, ...]:
    """The first columns of the layer, and the one that the rows are sorted by: a table has to fit."""
    return tuple(c for n, c in enumerate(_beside_name(layer)) if n < COLUMNS_MAX or c.name == sort)


def _beside_name(layer: Layer) -> list[Column]:
    """The columns but the one that names the objects: that one is the head of each row already."""
    return [c for c in layer.columns if c.name != layer.style.label_column]


def _name_head(layer: Layer, query: TableQuery, language: Language) -> Head:
    label = layer.column(layer.style.label_column)
    sort = "" if label is None else label.name
    return Head(speak(language, "table.name"), False, sort, _order(query, sort) if sort else "")


def _heads(columns: tuple[Column, ...], query: TableQuery, language: Language) -> tuple[Head, ...]:
    return tuple(
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


def _line(row: StoredFeature, stored: StoredLayer, columns: tuple[Column, ...], language: Language) -> Line:
    feature = row.feature
    return Line(
        title=title_of(row, stored, language),
        address=feature_path(feature.layer, feature.id),
        cells=tuple(_short(show(feature.attributes.get(c.name), c, language)) for c in columns),
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
