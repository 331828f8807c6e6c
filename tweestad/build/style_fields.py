"""Reads the style of a layer in twin.toml: its role on the map and the classes of its legends."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, cast, get_args

from tweestad.build.plan import ColumnPlan
from tweestad.formats.toml.fields import Fields
from tweestad.model.layer import Style, StyleClass

_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
StyleRole = Literal["building", "water", "street", "path", "park", "area", "boundary", "plain"]
ROLES: tuple[str, ...] = get_args(StyleRole)


def read_style(fields: Fields, columns: tuple[ColumnPlan, ...]) -> Style:
    """The style; faults are collected in `fields.faults`."""
    names = [plan.column.name for plan in columns]
    label = fields.text("label", "")
    if label and label not in names:
        fields.fault("label", f"there is no column ‘{label}’ in this layer")
    legends = fields.table("classes")
    classes: dict[str, tuple[StyleClass, ...]] = {}
    for column in legends.keys() if legends else ():
        assert legends is not None  # noqa: S101 - narrows the type: keys come from it
        if column not in names:
            legends.fault(column, f"there is no column ‘{column}’ in this layer")
        classes[column] = tuple(_class(each) for each in legends.tables(column))
        _check_order(legends, column, classes[column])
    widths = fields.table("width_m")
    style = Style(
        role=cast(StyleRole, fields.choice("role", ROLES, "plain")),
        classes=classes,
        width_m={name: widths.number(name) for name in widths.keys()} if widths else {},  # noqa: SIM118
        label_column=label,
        visible=fields.flag("visible", True),
    )
    fields.finish()
    return style


def _class(fields: Fields) -> StyleClass:
    colour = fields.text("colour")
    if colour and not _COLOUR.match(colour):
        fields.fault("colour", f"colour ‘{colour}’ must be # and six small hexadecimal digits")
    found = StyleClass(
        colour=colour,
        label=fields.words("label", required=True),
        lower=fields.number("lower") if fields.has("lower") else None,
        upper=fields.number("upper") if fields.has("upper") else None,
        value=fields.text("value") if fields.has("value") else None,
    )
    if found.value is not None and (found.lower is not None or found.upper is not None):
        fields.fault("value", "a class has one value, or a lower and upper bound, not both")
    if found.lower is not None and found.upper is not None and found.lower >= found.upper:
        fields.fault("upper", "upper must be more than lower")
    fields.finish()
    return found


def _check_order(legends: Fields, column: str, classes: tuple[StyleClass, ...]) -> None:
    """Classes with bounds follow each other without a gap or an overlap."""
    bounded = [c for c in classes if c.lower is not None or c.upper is not None]
    for before, after in pairwise(bounded):
        if before.upper is None or before.upper != after.lower:
            legends.fault(column, f"the classes of {column} must follow each other without a gap")
            return
