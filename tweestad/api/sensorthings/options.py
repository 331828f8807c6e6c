"""The query options of SensorThings, of a whole request or inside an `$expand`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException

from tweestad.api.problems import refuse
from tweestad.api.sensorthings.entities import ID_NAMES, SELF_NAMES, TYPES, Kind, unknown_step
from tweestad.api.sensorthings.expression import (
    TEXT_MAX,
    Node,
    Order,
    parse_filter,
    parse_orders,
    paths_in,
)
from tweestad.api.sensorthings.reach import EXPAND_DEPTH_MAX, TOP_DEFAULT, TOP_MAX
from tweestad.api.sensorthings.rows import split_reading_id

OPTIONS = frozenset(
    {"$filter", "$orderby", "$top", "$skip", "$count", "$select", "$expand", "$skiptoken", "$resultFormat"}
)
OF_ONE = frozenset({"$select", "$expand"})
NUMBER_MAX = 1_000_000_000
TOKEN_MAX = 400
_WHOLE = re.compile(r"[0-9]{1,10}\Z")


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked. `given` are the options as they were written, for the link to the next page.

    `top` is what one page holds, never more than TOP_MAX; `after` is the id at which the page before ended.
    """

    filter: Node | None = None
    orders: tuple[Order, ...] = ()
    top: int = TOP_DEFAULT
    skip: int = 0
    count: bool = False
    select: tuple[str, ...] | None = None
    expand: Mapping[str, Options] = field(default_factory=dict)
    after: str | None = None
    data_array: bool = False
    given: Mapping[str, str] = field(default_factory=dict)


def parse_options(given: Mapping[str, str], kind: Kind, *, one: bool = False, depth: int = 0) -> Options:
    """Reads options; `one` when a single entity is asked, `depth` inside how many `$expand` they stand.

    Raises RequestValidationError for what is not understood, HTTPException(501) for what is not here.
    """
    for name in given:
        # An option of OData that is not supported is a 501 (9.3.1); what is no option at all is a fault.
        if name.startswith("$") and name not in OPTIONS:
            raise HTTPException(501)
        if name not in OPTIONS or (one and name not in OF_ONE):
            raise refuse(name, "extra_forbidden")
    condition = parse_filter(given["$filter"]) if "$filter" in given else None
    orders = parse_orders(given["$orderby"]) if "$orderby" in given else ()
    _check_paths("$filter", kind, [condition] if condition else [])
    _check_paths("$orderby", kind, [order.by for order in orders])
    return Options(
        filter=condition,
        orders=orders,
        top=min(_whole(given, "$top", TOP_DEFAULT), TOP_MAX),
        skip=_whole(given, "$skip", 0),
        count=_yes(given, "$count"),
        select=_selected(given["$select"], kind) if "$select" in given else None,
        expand=_expanded(given["$expand"], kind, depth) if "$expand" in given else {},
        after=_token(given, kind),
        data_array=_data_array(given, kind, depth),
        given=given,
    )


def _check_paths(option: str, kind: Kind, nodes: Iterable[Node]) -> None:
    for node in nodes:
        for path in paths_in(node):
            if (unknown := unknown_step(kind, path.steps)) is not None:
                raise refuse(option, "sta_name", found=unknown, entity=kind)


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not _WHOLE.match(text) or int(text) > NUMBER_MAX:
        raise refuse(name, "whole_number")
    return int(text)


def _yes(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "false")
    if text not in {"true", "false"}:
        raise refuse(name, "sta_yes")
    return text == "true"


def _token(given: Mapping[str, str], kind: Kind) -> str | None:
    text = given.get("$skiptoken")
    if text is None:
        return None
    if not 0 < len(text) <= TOKEN_MAX or (kind == "Observation" and split_reading_id(text) is None):
        raise refuse("$skiptoken", "cursor")
    return text


def _data_array(given: Mapping[str, str], kind: Kind, depth: int) -> bool:
    text = given.get("$resultFormat")
    if text is None:
        return False
    if text != "dataArray":
        raise HTTPException(501)
    if kind != "Observation" or depth or "$expand" in given:
        raise refuse("$resultFormat", "sta_data_array")
    return True


def _selected(text: str, kind: Kind) -> tuple[str, ...]:
    names = [part.strip() for part in text.split(",")]
    known = {*TYPES[kind].properties, *TYPES[kind].links, *ID_NAMES, *SELF_NAMES}
    for name in names:
        if name not in known:
            raise refuse("$select", "sta_name", found=name, entity=kind)
    return tuple(dict.fromkeys(names))


def _expanded(text: str, kind: Kind, depth: int) -> dict[str, Options]:
    """`Datastreams($top=1;$expand=Observations),Locations`, or `Datastreams/Sensor` for short."""
    if len(text) > TEXT_MAX:
        raise refuse("$expand", "sta_long", most=TEXT_MAX)
    if depth >= EXPAND_DEPTH_MAX:
        raise refuse("$expand", "sta_deep", most=EXPAND_DEPTH_MAX)
    asked: dict[str, dict[str, str]] = {}
    for item in _split(text, ","):
        path, inner = _parted(item)
        name, _, rest = path.partition("/")
        if name not in TYPES[kind].links:
            raise refuse("$expand", "sta_name", found=name, entity=kind)
        options = {"$expand": f"{rest}({inner})" if inner else rest} if rest else _inner(inner)
        before = asked.setdefault(name, {})
        if "$expand" in before and "$expand" in options:
            options["$expand"] = f"{before['$expand']},{options['$expand']}"
        before.update(options)
    return {
        name: parse_options(
            options, TYPES[kind].links[name].kind, one=not TYPES[kind].links[name].many, depth=depth + 1
        )
        for name, options in asked.items()
    }


def _inner(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for part in _split(text, ";") if text else ():
        name, separator, value = part.partition("=")
        if not separator or name.strip() in options:
            raise refuse("$expand", "sta_expand", found=part)
        options[name.strip()] = value.strip()
    return options


def _parted(item: str) -> tuple[str, str]:
    """The path of an item of `$expand`, and what stands between its brackets."""
    path, bracket, inner = item.partition("(")
    if bracket and not inner.endswith(")"):
        raise refuse("$expand", "sta_expand", found=item)
    return path.strip(), inner[:-1] if bracket else ""


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators that stand outside brackets and quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for at, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth < 0:
                raise refuse("$expand", "sta_expand", found=text[at:])
        elif character == separator and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    if depth or quoted:
        raise refuse("$expand", "sta_end")
    return [*parts, text[start:].strip()]
