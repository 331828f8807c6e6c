"""What an expression is for one row.

A path over a link to many gives many values: a comparison holds when it holds for one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from tweestad.api.sensorthings.addresses import self_link
from tweestad.api.sensorthings.around import Around
from tweestad.api.sensorthings.entities import SELF_NAMES, TYPES
from tweestad.api.sensorthings.expression import Call, Chain, Compare, Join, Literal, Node, Not, Path
from tweestad.api.sensorthings.functions import FUNCTIONS, calculate
from tweestad.api.sensorthings.graph import Graph
from tweestad.api.sensorthings.properties import value_of
from tweestad.api.sensorthings.rows import Row
from tweestad.api.sensorthings.values import Value, as_json, compare


def constant(node: Node) -> Value:
    """The value of an expression in which there is no path."""
    match node:
        case Literal(value):
            return value
        case Call(name, arguments):
            return FUNCTIONS[name].compute(*(constant(each) for each in arguments))
        case Chain(first, rest):
            value = constant(first)
            for operator, part in rest:
                value = calculate(operator, value, constant(part))
            return value
        case _:
            return None


class Judge:
    """Evaluates expressions over rows of a graph."""

    def __init__(self, graph: Graph, around: Around) -> None:
        self._graph = graph
        self._around = around

    def holds(self, node: Node, row: Row) -> bool:
        """Whether the condition holds for the row."""
        match node:
            case Join("and", parts):
                return all(self.holds(part, row) for part in parts)
            case Join(_, parts):
                return any(self.holds(part, row) for part in parts)
            case Not(part):
                return not self.holds(part, row)
            case Compare(operator, left, right):
                pairs = self._combined((left, right), row)
                return any(compare(operator, a, b) for a, b in pairs)
            case _:
                return any(value is True for value in self.values(node, row))

    def values(self, node: Node, row: Row) -> tuple[Value, ...]:
        """The values of an expression: one, or as many as its paths lead to."""
        match node:
            case Literal(value):
                return (value,)
            case Path(steps):
                return tuple(self._follow(steps, row))
            case Call(name, arguments):
                compute = FUNCTIONS[name].compute
                return tuple(compute(*given) for given in self._combined(arguments, row))
            case Chain(first, rest):
                found = self.values(first, row)
                for operator, part in rest:
                    others = self.values(part, row)
                    self._graph.budget.look(len(found) * len(others) // 100)
                    found = tuple(calculate(operator, a, b) for a, b in product(found, others))
                return found
            case _:
                return (self.holds(node, row),)

    def _combined(self, nodes: tuple[Node, ...], row: Row) -> Iterator[tuple[Value, ...]]:
        """Every combination of the values of these; each costs, so that many times many is refused."""
        lists = [self.values(node, row) for node in nodes]
        for n, combination in enumerate(product(*lists), 1):
            if n % 100 == 0:
                self._graph.budget.look()
            yield combination

    def _follow(self, steps: tuple[str, ...], row: Row) -> Iterator[Value]:
        step, *rest = steps
        if step in TYPES[row.kind].links:
            for other in self._graph.related(row, step):
                yield from self._follow(tuple(rest), other)
        elif step in SELF_NAMES:
            yield self_link(self._around.base, row)
        else:
            value = value_of(row, step, self._around)
            if rest:
                value = as_json(value)
            for key in rest:
                value = value.get(key) if isinstance(value, Mapping) else None
            yield value
