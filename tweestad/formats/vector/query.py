"""What to read of a vector file, and the two questions every reader of one asks: which CRS, which columns."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tweestad.crs import SUPPORTED, parse_crs
from tweestad.errors import InputRejected
from tweestad.model.feature import BBox

Geometry = Literal["polygon", "line", "point"]


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How a CSV file is written. What is empty is told from the file, or is not there.

    `header` names the columns of a file that has no first line with names. A place is two columns (`x`, `y`:
    x or longitude first, whatever stands first in the file) or one column of WKT. With `decimal` “,” a cell
    that is wholly such a number (`1.234,5`, `12`, `1.234`) becomes a number, unless a zero in front makes it
    a code (`0363`); otherwise every cell is text.
    """

    separator: str = ""
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    header: tuple[str, ...] = ()
    x: str = ""
    y: str = ""
    wkt: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """The columns that say where a row is."""
        return tuple(name for name in (self.x, self.y, self.wkt) if name)


@dataclass(frozen=True, slots=True)
class VectorQuery:
    """What to read: the kind of geometry, the columns, and which rows.

    `crs` is the EPSG number of a file that does not say its own; when the file says another, that is
    InputRejected. `keep` takes only rows whose column, as text, is one of the values; `drop` leaves
    those out.
    `clip` keeps rows that touch the box (EPSG:28992), whole. `member` names the file inside a zip with many,
    `sublayer` the table of a database or the kind of object of a GML, `prop` the geometry property of a
    GML object with more than one. `csv` makes it a CSV, which no byte in a file gives away. `placeless`
    also takes rows without a place; `clip` leaves these out. `keep_z` keeps heights, which a file in RD
    gives in NAP.
    """

    geometry: Geometry = "polygon"
    columns: tuple[str, ...] = ()
    crs: int | None = None
    sublayer: str = ""
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clip: BBox | None = None
    member: str = ""
    prop: str = ""
    csv: CsvLayout | None = None
    placeless: bool = False
    keep_z: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """Every column that has to be read."""
        return tuple(dict.fromkeys([*self.columns, *self.keep, *self.drop]))


def agreed_crs(
    told: str,
    declared: int | None,
    name: str,
    standard: int | None,
    among: tuple[int, ...] = SUPPORTED,
) -> int:
    """The CRS that the file says, else the declared one, else the format's own standard.

    Raises InputRejected when file and twin.toml disagree, when neither says, or when it is not in `among`.
    """
    if told:
        try:
            found = parse_crs(told, among)
        except InputRejected as exc:
            raise InputRejected(_in_one_line(exc.reason), where=name, code=exc.code) from exc
        # RD with NAP heights is the same plane as RD.
        same = {7415: 28992, 4258: 4326}
        if declared is not None and same.get(found, found) != same.get(declared, declared):
            raise InputRejected(
                f"the file says EPSG:{found}, but twin.toml declares EPSG:{declared}", where=name
            )
        return found
    if declared is not None:
        return declared
    if standard is not None:
        return standard
    raise InputRejected("the file does not say its coordinate system: declare it with crs", where=name)


def check_columns(columns: Sequence[str], there: Sequence[str], name: str) -> None:
    """Raise InputRejected for the first column that is not there, with the nearest one that is."""
    for column in columns:
        if column not in there:
            near = difflib.get_close_matches(column, there, n=1)
            hint = f" (did you mean ‘{shown(near[0])}’?)" if near else f" (it has: {listed(there)})"
            raise InputRejected(f"there is no column ‘{column}’{hint}", where=name)


def listed(names: Sequence[str], most: int = 20) -> str:
    """The first names that a file gives, in one line."""
    return ", ".join(shown(name) for name in names[:most])


def shown(name: str) -> str:
    """A name that a stranger chose, fit for a sentence: short, and without line ends or other controls."""
    return _in_one_line(name[:80])


def _in_one_line(text: str) -> str:
    return "".join(each if each.isprintable() else "\ufffd" for each in text)
