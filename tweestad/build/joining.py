"""Adds the columns of CSV tables to the rows of a layer, by a code, and counts what had no partner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tweestad.build.plan import JoinPlan, LayerPlan
from tweestad.build.template import plain
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.vector.csv_points import csv_table
from tweestad.model.feature import Value

_MOST_ROWS = 1_000_000
_NAMED = 5


class Joined:
    """The tables that are joined to one layer, read whole, with what has been matched so far."""

    def __init__(self, plan: LayerPlan) -> None:
        """Read the tables. Raises InputRejected for one that cannot be read or has a code twice."""
        self._tables = [_Table(join, plan.source_columns) for join in plan.read.joins]

    def of(self, row: Mapping[str, Value]) -> dict[str, Value]:
        """The row with the columns of every table beside its own; empty where it has no partner."""
        values = dict(row)
        for table in self._tables:
            values |= table.columns_for(row)
        return values

    def notes(self) -> tuple[str, ...]:
        """One or two sentences per table: how many rows found each other, and who was left alone."""
        return tuple(note for table in self._tables for note in table.notes())


class _Table:
    def __init__(self, join: JoinPlan, wanted: Sequence[str]) -> None:
        prefix = f"{join.name}."
        self._join = join
        self._columns = [name.removeprefix(prefix) for name in wanted if name.startswith(prefix)]
        self._rows: dict[str, dict[str, Value]] = {}
        self._faulty = 0
        self._used: set[str] = set()
        self._matched = 0
        self._alone: list[str] = []
        self._codeless = 0
        self._read()

    def _read(self) -> None:
        join, file = self._join, self._join.file.path.name
        for row in csv_table(join.file.path, file, join.csv, (*self._columns, join.on, *join.keep)):
            code = row.values[join.on]
            if row.fault or code is None:
                self._faulty += 1
                continue
            if any(plain(row.values[column]) not in allowed for column, allowed in join.keep.items()):
                continue
            if plain(code) in self._rows:
                raise InputRejected(
                    f"line {row.line}: the code ‘{plain(code)[:80]}’ is there twice", where=file
                )
            if len(self._rows) >= _MOST_ROWS:
                raise LimitExceeded(f"more than {_MOST_ROWS:,} rows to join", where=file)
            self._rows[plain(code)] = {f"{join.name}.{name}": row.values[name] for name in self._columns}

    def columns_for(self, row: Mapping[str, Value]) -> dict[str, Value]:
        code = self._join.key.fill(row)
        found = None if code is None else self._rows.get(code)
        if found is None:
            self._codeless += code is None
            self._alone += [] if code is None else [code]
            return {f"{self._join.name}.{name}": None for name in self._columns}
        self._matched += 1
        self._used.add(code or "")
        return found

    def notes(self) -> list[str]:
        """Also of the rows of the table that no row of the layer asked for: often another year's codes."""
        name = self._join.name
        total = self._matched + len(self._alone) + self._codeless
        told = [f"{name}: {self._matched} of {total} rows found their row in {self._join.file.path.name}"]
        if self._alone:
            told.append(
                f"{name}: {len(self._alone)} rows have a code that the table lacks ({_some(self._alone)})"
            )
        if self._codeless:
            told.append(f"{name}: {self._codeless} rows have no code")
        unused = [code for code in self._rows if code not in self._used]
        if unused:
            told.append(f"{name}: {len(unused)} rows of the table are not used ({_some(unused)})")
        if self._faulty:
            told.append(f"{name}: {self._faulty} rows of the table have no code or a wrong number of cells")
        return told


def _some(codes: Sequence[str]) -> str:
    named = ", ".join(sorted(dict.fromkeys(codes))[:_NAMED])
    return f"{named} …" if len(set(codes)) > _NAMED else named
