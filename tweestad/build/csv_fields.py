"""Reads from twin.toml how a CSV is written, and which CSV tables are joined to a layer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, cast

from tweestad.build.plan import InputFile, JoinPlan, LayerPlan
from tweestad.build.template import Template
from tweestad.formats.toml.fields import Fields
from tweestad.formats.vector.csv_points import ENCODINGS
from tweestad.formats.vector.query import CsvLayout

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_MOST_JOINS = 32


def read_layout(table: Fields, *, needs_place: bool) -> CsvLayout:
    """How the CSV is written; a table that is joined has no place of its own."""
    layout = CsvLayout(
        separator=table.text("separator", ""),
        encoding=table.choice("encoding", ENCODINGS, "utf-8"),
        decimal=cast(Literal[".", ","], table.choice("decimal", (".", ","), ".")),
        header=table.texts("header"),
        x=table.text("x", "") if needs_place else "",
        y=table.text("y", "") if needs_place else "",
        wkt=table.text("wkt", "") if needs_place else "",
    )
    if layout.separator and (len(layout.separator) != 1 or layout.separator in '\r\n"'):
        table.fault("separator", "separator must be one character")
    if bool(layout.x) != bool(layout.y):
        table.fault("x" if layout.x else "y", "a place needs both x and y")
    if layout.wkt and layout.x:
        table.fault("wkt", "give x and y, or wkt, not both")
    if needs_place and not layout.place and table.raw("without_place") != "keep":
        table.fault(
            "format", 'name the columns of the place (x and y, or wkt), or say without_place = "keep"'
        )
    if layout.place and not table.has("crs"):
        table.fault(
            "format", 'a CSV does not say its coordinate system: declare it, such as crs = "EPSG:4326"'
        )
    return layout


def read_joins(read: Fields, find: Callable[[Fields], InputFile | None]) -> tuple[JoinPlan, ...]:
    """The tables of `join`: one table, or a list of them. `find` reads the path of one."""
    told = read.raw("join")
    if told is None:
        return ()
    one = read.table("join") if isinstance(told, Mapping) else None
    tables = [one] if one is not None else read.tables("join")
    joins = [join for each in tables[:_MOST_JOINS] if (join := _join(each, find)) is not None]
    if len(tables) > _MOST_JOINS:
        read.fault("join", f"at most {_MOST_JOINS} tables can be joined to a layer")
    for n, join in enumerate(joins):
        if join.name in [before.name for before in joins[:n]]:
            read.fault("join", f"there are two joins called ‘{join.name}’")
    return tuple(joins)


def check_joined(fields: Fields, plan: LayerPlan) -> None:
    """Only rows of a table have joins, and an id must not depend on a table beside the layer."""
    if not plan.read.joins:
        return
    if plan.read.format not in ("vector", "csv"):
        fields.fault("read", 'join is for format = "vector" or "csv"')
    prefixes = tuple(f"{join.name}." for join in plan.read.joins)
    in_id = [*(plan.id.columns if plan.id else ()), *plan.id_from]
    for column in in_id:
        if column.startswith(prefixes):
            fields.fault("read", f"the id cannot be made from ‘{column}’, which is joined")


def _join(table: Fields, find: Callable[[Fields], InputFile | None]) -> JoinPlan | None:
    file = find(table)
    on = table.text("on")
    key = Template(table.text("key", f"{{{on}}}"))
    name = table.text("as")
    layout = read_layout(table, needs_place=False)
    keep = table.table("keep")
    chosen = {} if keep is None else {column: keep.texts(column) for column in keep.keys()}  # noqa: SIM118
    if fault := key.fault() or ("" if key.columns else f"‘{key.text}’ names no column in braces"):
        table.fault("key", fault)
    if name and not _NAME.match(name):
        table.fault("as", f"‘{name}’ must be small letters, digits and _")
    table.finish()
    return None if file is None else JoinPlan(file, on, key, name, layout, chosen)
