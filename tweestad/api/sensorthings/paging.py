"""One page of a collection: filtered, ordered, counted, with where the next one starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from tweestad.api.sensorthings.entities import ID_NAMES, Kind
from tweestad.api.sensorthings.evaluation import Judge
from tweestad.api.sensorthings.expression import Order, Path
from tweestad.api.sensorthings.graph import Graph
from tweestad.api.sensorthings.merging import Way
from tweestad.api.sensorthings.narrowing import narrowed
from tweestad.api.sensorthings.options import Options
from tweestad.api.sensorthings.reach import Reach
from tweestad.api.sensorthings.rows import Row
from tweestad.api.sensorthings.values import sort_key

PAGE_HINT = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """`following` are the options that make this request one for the next page; empty at the end.

    It names the last row where the order is that of the store, so that what is added or goes meanwhile
    moves nothing; in another order it is a number of rows to skip.
    """

    rows: tuple[Row, ...]
    count: int | None = None
    following: tuple[tuple[str, str], ...] = ()


def page_of(graph: Graph, judge: Judge, kind: Kind, reach: Reach, options: Options) -> Page:
    """The page that the options ask for; raises RequestValidationError when it would cost too much."""
    within = reach.meet(narrowed(options.filter, kind))
    way = _way_of(kind, options.orders)
    if way is None:
        return _sorted_page(graph, judge, kind, within, options)
    hint = PAGE_HINT if options.filter else options.skip + options.top + 1
    rows = _kept(graph.rows(kind, within, way=way, after=options.after, hint=hint), judge, options)
    found = list(islice(rows, options.skip, options.skip + options.top))
    count = _count(graph, judge, kind, within, options) if options.count else None
    more = bool(found) and not _is_first_of_all(found[-1], way, within) and next(rows, None) is not None
    if not more:
        return Page(tuple(found), count)
    return Page(tuple(found), count, (("$skiptoken", found[-1].id),))


def _kept(rows: Iterator[Row], judge: Judge, options: Options) -> Iterator[Row]:
    condition = options.filter
    return rows if condition is None else (row for row in rows if judge.holds(condition, row))


def _is_first_of_all(row: Row, way: Way, within: Reach) -> bool:
    """Going back in time, the first reading of the only datastream has none before it: no need to look."""
    if way != "-time" or within.of_stream is None:
        return False
    return row.kind == "Observation" and row.stream.first == row.reading.observation.phenomenon


def _way_of(kind: Kind, orders: tuple[Order, ...]) -> Way | None:
    """The order in which the store itself can give them, or None when all must be sorted here."""
    if not orders:
        return "id"
    first, *rest = orders
    if not isinstance(first.by, Path) or len(first.by.steps) != 1:
        return None
    (name,) = first.by.steps
    if name in ID_NAMES and not first.descending and not (rest or kind == "Observation"):
        return "id"
    # Within one moment they come in order of id, which is what is asked or as good as any.
    by_id = all(isinstance(o.by, Path) and o.by.steps[0] in ID_NAMES and not o.descending for o in rest)
    if kind == "Observation" and name == "phenomenonTime" and by_id:
        return "-time" if first.descending else "time"
    return None


def _sorted_page(graph: Graph, judge: Judge, kind: Kind, within: Reach, options: Options) -> Page:
    found = list(_kept(graph.rows(kind, within), judge, options))
    found.sort(key=lambda row: row.id)
    for order in reversed(options.orders):
        found.sort(key=lambda row: _key(judge, order, row), reverse=order.descending)
    end = options.skip + options.top
    more = end < len(found) and options.top > 0
    return Page(
        tuple(found[options.skip : end]),
        len(found) if options.count else None,
        (("$skip", str(end)),) if more else (),
    )


def _key(judge: Judge, order: Order, row: Row) -> tuple[int, object]:
    return min((sort_key(value) for value in judge.values(order.by, row)), default=(0, 0))


def _count(graph: Graph, judge: Judge, kind: Kind, within: Reach, options: Options) -> int:
    if options.filter is None:
        return graph.count(kind, within)
    return sum(1 for _ in _kept(graph.rows(kind, within), judge, options))
