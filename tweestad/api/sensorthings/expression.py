"""The expressions of `$filter` and `$orderby` (OData 4, as SensorThings 1.1 has them): from text to a tree.

The tree holds nothing but the shapes below, at most `DEPTH_MAX` of them inside one another: a chain of `and`,
`or` or `add` is one shape with many parts. Text that is not understood is refused with the place in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta

import numpy as np
import shapely

from tweestad.api.problems import refuse
from tweestad.api.sensorthings.functions import FUNCTIONS
from tweestad.api.sensorthings.values import Interval, Value, find_moment

TEXT_MAX = 4_000
DEPTH_MAX = 16
STEPS_MAX = 8
DEGREES_MAX = 1_000
_COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
_DIGITS_OF_A_WHOLE = 15

_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d)"
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<shape>(?:geography|geometry)'(?:[^']|'')*')"
    r"|(?P<duration>duration'[^']*')"
    r"|(?P<text>'(?:[^']|'')*')"
    rf"|(?P<interval>{_MOMENT}/{_MOMENT})"
    rf"|(?P<moment>{_MOMENT})"
    r"|(?P<day>\d{4}-\d\d-\d\d(?![\w-]))"
    r"|(?P<clock>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?![\w:]))"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<name>@?[^\W\d][\w.-]*)"
    r"|(?P<mark>[(),/])"
)
_DURATION = re.compile(
    r"(-?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?\Z"
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written out."""

    value: Value


@dataclass(frozen=True, slots=True)
class Path:
    """A property, perhaps of something that is related: `Thing/Locations/location`, `properties/kind`."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """`left eq|ne|gt|ge|lt|le right`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Join:
    """All parts hold (`and`), or one of them does (`or`)."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """`first add|sub|mul|div|mod …`, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


Node = Literal | Path | Call | Compare | Join | Not | Chain


@dataclass(frozen=True, slots=True)
class Order:
    """By what to order, and which way."""

    by: Node
    descending: bool


def parse_filter(text: str, option: str = "$filter") -> Node:
    """The condition; raises RequestValidationError that names `option`."""
    parser = _Parser(text, option)
    tree = parser.condition()
    parser.end()
    return tree


def parse_orders(text: str, option: str = "$orderby") -> tuple[Order, ...]:
    """`name, phenomenonTime desc`; raises RequestValidationError that names `option`."""
    parser = _Parser(text, option)
    orders = [parser.order()]
    while parser.takes("mark", ","):
        orders.append(parser.order())
    parser.end()
    return tuple(orders)


def paths_in(node: Node) -> Iterator[Path]:
    """All paths of a tree."""
    match node:
        case Path():
            yield node
        case Call(_, parts) | Join(_, parts):
            for part in parts:
                yield from paths_in(part)
        case Compare(_, left, right):
            yield from paths_in(left)
            yield from paths_in(right)
        case Not(part):
            yield from paths_in(part)
        case Chain(first, rest):
            yield from paths_in(first)
            for _, part in rest:
                yield from paths_in(part)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Parser:
    """Reads tokens from left to right, with one method for each level of binding."""

    def __init__(self, text: str, option: str) -> None:
        self._option = option
        if len(text) > TEXT_MAX:
            raise refuse(option, "sta_long", most=TEXT_MAX)
        self._tokens = list(self._read(text))
        self._next = 0
        self._depth = 0

    def _read(self, text: str) -> Iterator[_Token]:
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise refuse(self._option, "sta_syntax", at=at + 1, found=text[at : at + 20])
            if found.lastgroup != "space":
                yield _Token(str(found.lastgroup), found[0], at)
            at = found.end()
        yield _Token("end", "", len(text))

    @property
    def _now(self) -> _Token:
        return self._tokens[self._next]

    def takes(self, kind: str, *texts: str) -> str:
        """The text of the next token when it is one of these, and then it has been taken; else empty."""
        token = self._now
        if token.kind != kind or token.text not in texts:
            return ""
        self._next += 1
        return token.text

    def end(self) -> None:
        if self._now.kind != "end":
            raise self._fault()

    def _fault(self, token: _Token | None = None, code: str = "sta_syntax") -> Exception:
        found = token or self._now
        if found.kind == "end":
            return refuse(self._option, "sta_end")
        return refuse(self._option, code, at=found.at + 1, found=found.text[:40])

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise refuse(self._option, "sta_deep", most=DEPTH_MAX)

    def order(self) -> Order:
        by = self._sum()
        # Clients write the direction in either case.
        return Order(by, self.takes("name", "asc", "desc", "ASC", "DESC").lower() == "desc")

    def condition(self) -> Node:
        """Something that holds or not; anything else is refused."""
        token = self._now
        node = self._joined("or")
        if not _can_hold(node):
            raise self._fault(token, "sta_condition")
        return node

    def _joined(self, operator: str) -> Node:
        token = self._now
        parts = [self._joined("and") if operator == "or" else self._comparison()]
        while self.takes("name", operator):
            parts.append(self._joined("and") if operator == "or" else self._comparison())
        if len(parts) == 1:
            return parts[0]
        if not all(_can_hold(part) for part in parts):
            raise self._fault(token, "sta_condition")
        return Join(operator, tuple(parts))

    def _comparison(self) -> Node:
        token = self._now
        left = self._sum()
        operator = self.takes("name", *_COMPARISONS)
        if operator and isinstance(left, Not):
            # `not a eq 1` would be `(not a) eq 1`, which nobody means.
            raise self._fault(token, "sta_condition")
        return Compare(operator, left, self._sum()) if operator else left

    def _sum(self) -> Node:
        return self._chain(("add", "sub"), self._product)

    def _product(self) -> Node:
        return self._chain(("mul", "div", "mod"), self._single)

    def _chain(self, operators: tuple[str, ...], part: Callable[[], Node]) -> Node:
        first = part()
        rest: list[tuple[str, Node]] = []
        while operator := self.takes("name", *operators):
            rest.append((operator, part()))
        return Chain(first, tuple(rest)) if rest else first

    def _single(self) -> Node:
        self._deeper()
        token = self._now
        if self.takes("mark", "("):
            node = self._joined("or")
            self._close()
        elif token.kind == "name":
            self._next += 1
            node = self._named(token)
        else:
            self._next += 1
            node = Literal(self._value(token))
        self._depth -= 1
        return node

    def _close(self) -> None:
        if not self.takes("mark", ")"):
            raise self._fault()

    def _named(self, token: _Token) -> Node:
        if token.text in {"true", "false", "null"}:
            return Literal({"true": True, "false": False, "null": None}[token.text])
        if token.text == "not":
            return self._negated()
        if self.takes("mark", "("):
            return self._call(token)
        steps = [token.text]
        while self.takes("mark", "/"):
            if self._now.kind != "name":
                raise self._fault()
            steps.append(self._now.text)
            self._next += 1
            if len(steps) > STEPS_MAX:
                raise refuse(self._option, "sta_deep", most=STEPS_MAX)
        return Path(tuple(steps))

    def _negated(self) -> Node:
        """`not` binds tighter than `eq`, so it stands before brackets, a function or a yes-or-no."""
        token = self._now
        part = self._single()
        if not _can_hold(part):
            raise self._fault(token, "sta_condition")
        return Not(part)

    def _call(self, token: _Token) -> Node:
        function = FUNCTIONS.get(token.text)
        if function is None:
            raise self._fault(token, "sta_function")
        arguments: list[Node] = []
        if not self.takes("mark", ")"):
            arguments.append(self._joined("or"))
            while self.takes("mark", ","):
                arguments.append(self._joined("or"))
            self._close()
        if not function.least <= len(arguments) <= function.most:
            raise self._fault(token, "sta_arguments")
        return Call(token.text, tuple(arguments))

    def _value(self, token: _Token) -> Value:
        value = _LITERALS[token.kind](token.text) if token.kind in _LITERALS else None
        if value is None:
            raise self._fault(token, "sta_value" if token.kind in _LITERALS else "sta_syntax")
        return value


def _can_hold(node: Node) -> bool:
    match node:
        case Literal(value):
            return isinstance(value, bool)
        case Call(name, _):
            return FUNCTIONS[name].yes_or_no
        case Chain():
            return False
        case _:
            return True


def _unquoted(text: str) -> str:
    return text[text.index("'") + 1 : -1].replace("''", "'")


def _number(text: str) -> Value:
    if len(text) <= _DIGITS_OF_A_WHOLE and text.lstrip("-").isdecimal():
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None


def _interval(text: str) -> Value:
    start, end = (find_moment(part) for part in text.split("/"))
    return None if start is None or end is None or start > end else Interval(start, end)


def _clock(text: str) -> Value:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _duration(text: str) -> Value:
    found = _DURATION.match(_unquoted(text))
    if found is None or not any(found.groups()[1:]):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] else length


@np.errstate(all="ignore")  # a number that is none, or too large, gives a rectangle that lies nowhere
def _shape(text: str) -> Value:
    """Well-known text in degrees, longitude first."""
    srid, separator, rest = _unquoted(text).rpartition(";")
    if separator and srid.strip().upper() not in {"SRID=4326", "SRID=0"}:
        return None
    try:
        shape: shapely.Geometry = shapely.from_wkt(rest)
    except (shapely.GEOSException, ValueError):
        return None
    if shapely.is_empty(shape) or not shapely.is_valid(shape):
        return None
    west, south, east, north = shapely.bounds(shape)
    # A map that is zoomed out asks for more than the world; coordinates in metres are no degrees.
    inside = max(abs(west), abs(south), abs(east), abs(north)) <= DEGREES_MAX
    return shapely.force_2d(shape) if inside else None


_LITERALS = {
    "text": _unquoted,
    "number": _number,
    "moment": find_moment,
    "day": find_moment,
    "interval": _interval,
    "clock": _clock,
    "duration": _duration,
    "shape": _shape,
}
