"""The JSON of entities and collections, with what was asked to be expanded in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tweestad.api.sensorthings.addresses import entity_path, self_link
from tweestad.api.sensorthings.around import Around
from tweestad.api.sensorthings.entities import ID_NAMES, SELF_NAMES, TYPES, Kind
from tweestad.api.sensorthings.evaluation import Judge
from tweestad.api.sensorthings.graph import Graph, reach_of
from tweestad.api.sensorthings.options import Options
from tweestad.api.sensorthings.paging import Page, page_of
from tweestad.api.sensorthings.properties import names_of, value_of
from tweestad.api.sensorthings.reach import Budget, Reach
from tweestad.api.sensorthings.rows import Row
from tweestad.api.sensorthings.values import as_json

Body = dict[str, Any]
# What SensorThings lets be absent, and is when there is nothing to say.
MAY_BE_ABSENT = frozenset(
    {
        ("Datastream", "observedArea"),
        ("Datastream", "phenomenonTime"),
        ("Datastream", "resultTime"),
        ("Observation", "validTime"),
    }
)
# Stays readable in the link to a next page; what would end or change the query is encoded.
_CLEAR = "$(),;:@/='!*"
ARRAY_COMPONENTS = ("id", "phenomenonTime", "result", "resultTime", "resultQuality", "parameters")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes what a graph gives, with addresses as the client sees them."""

    graph: Graph
    judge: Judge
    around: Around

    @property
    def base(self) -> str:
        return self.around.base

    @property
    def budget(self) -> Budget:
        return self.graph.budget

    def collection(self, kind: Kind, reach: Reach, options: Options, address: str) -> Body:
        """A page of entities; `address` is that of the collection, for the link to the next page."""
        page = page_of(self.graph, self.judge, kind, reach, options)
        if options.data_array:
            return self._head(page, options, address) | {"value": self._arrays(page, options)}
        return self._head(page, options, address) | {"value": self._entities(page.rows, options)}

    def references(self, kind: Kind, reach: Reach, options: Options, address: str) -> Body:
        """The same page as addresses only."""
        address = f"{address}/$ref"
        page = page_of(self.graph, self.judge, kind, reach, options)
        self.budget.give(len(page.rows))
        links = [{"@iot.selfLink": self_link(self.base, row)} for row in page.rows]
        return self._head(page, options, address) | {"value": links}

    def entity(self, row: Row, options: Options) -> Body:
        """One entity: id, address, properties, and for each relation a link or what was expanded."""
        self.budget.give()
        asked = options.select
        body: Body = {}
        if asked is None or ID_NAMES & set(asked):
            body["@iot.id"] = row.id
        if asked is None or SELF_NAMES & set(asked):
            body["@iot.selfLink"] = self_link(self.base, row)
        for name in names_of(row.kind):
            if asked is None or name in asked:
                value = as_json(value_of(row, name, self.around))
                if value is not None or (row.kind, name) not in MAY_BE_ABSENT:
                    body[name] = value
        for name in TYPES[row.kind].links:
            if name in options.expand:
                body |= self._expanded(row, name, options.expand[name])
            elif asked is None or name in asked:
                body[f"{name}@iot.navigationLink"] = f"{self_link(self.base, row)}/{name}"
        return body

    def _entities(self, rows: Iterable[Row], options: Options) -> list[Body]:
        return [self.entity(row, options) for row in rows]

    def _expanded(self, row: Row, name: str, options: Options) -> Body:
        link = TYPES[row.kind].links[name]
        if not link.many:
            other = next(self.graph.related(row, name), None)
            return {name: None if other is None else self.entity(other, options)}
        page = page_of(self.graph, self.judge, link.kind, reach_of(row), options)
        head = self._head(page, options, f"{self_link(self.base, row)}/{name}")
        body = {f"{name}{key}": value for key, value in head.items()}
        return body | {name: self._entities(page.rows, options)}

    def _head(self, page: Page, options: Options, address: str) -> Body:
        head: Body = {}
        if page.count is not None:
            head["@iot.count"] = page.count
        if page.following:
            head["@iot.nextLink"] = _next_link(address, options.given, dict(page.following))
        return head

    def _arrays(self, page: Page, options: Options) -> list[Body]:
        """Observations as rows of values, one list for each datastream."""
        asked = options.select
        names = [
            n
            for n in ARRAY_COMPONENTS
            if asked is None or n in asked or (n == "id" and ID_NAMES & set(asked))
        ]
        arrays: dict[str, list[list[Any]]] = {}
        for row in page.rows:
            values = [as_json(value_of(row, name, self.around)) for name in names]
            arrays.setdefault(row.stream.datastream.id, []).append(values)
        self.budget.give(len(page.rows))
        return [
            {
                "Datastream@iot.navigationLink": f"{self.base}/{entity_path('Datastream', stream)}",
                "components": names,
                "dataArray@iot.count": len(values),
                "dataArray": values,
            }
            for stream, values in arrays.items()
        ]


def _next_link(address: str, given: Mapping[str, str], following: Mapping[str, str]) -> str:
    options = {name: text for name, text in given.items() if name not in {"$skip", "$skiptoken"}}
    options.update(following)
    query = "&".join(f"{name}={quote(text, safe=_CLEAR)}" for name, text in options.items())
    return f"{address}?{query}"
