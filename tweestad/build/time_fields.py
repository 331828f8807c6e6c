"""Reads `[layer.time]` of twin.toml: which columns say in which years a feature is there."""

from __future__ import annotations

from collections.abc import Sequence

from tweestad.build.plan import ColumnPlan
from tweestad.formats.toml.fields import Fields, suggestion
from tweestad.model.layer import Column, LayerTime
from tweestad.model.text import Text
from tweestad.vocabulary.terms import get_term

FIRST_PHASE = "eerste_fase"
_NUMBERS = ("integer", "number")
_YEARS = range(900, 2201)


def read_time(
    fields: Fields, columns: Sequence[ColumnPlan]
) -> tuple[LayerTime | None, tuple[ColumnPlan, ...]]:
    """When features are there, and the column that follows from phases: the year of the first one.

    Faults are collected in `fields.faults`.
    """
    table = fields.table("time")
    if table is None:
        return None, ()
    since, until = (_column(table, key, columns) for key in ("from", "until"))
    phases = _phases(table, columns)
    made: tuple[ColumnPlan, ...] = ()
    if phases and since:
        table.fault("phases", "give from or phases, not both")
    elif phases:
        since, made = FIRST_PHASE, (_first_phase(phases),)
    if not since and not until:
        table.fault("from", "time needs from, phases or until")
    time = LayerTime(since, until, table.flag("planned", False))
    table.finish()
    return time, made


def _column(table: Fields, key: str, columns: Sequence[ColumnPlan]) -> str:
    name = table.text(key, "")
    if name:
        _check(table, key, name, columns)
    return name


def _phases(table: Fields, columns: Sequence[ColumnPlan]) -> tuple[tuple[str, int], ...]:
    """Columns at the source with the year in which their phase starts, in order of year."""
    phases = table.table("phases")
    if phases is None:
        return ()
    found: list[tuple[str, int]] = []
    for name in phases.keys():  # noqa: SIM118 - a Fields, not a dict
        year = phases.whole(name, 0)
        if year not in _YEARS:
            phases.fault(name, f"{name} must be the year in which the phase starts")
        plan = _check(phases, name, name, columns)
        if plan is not None:
            found.append((plan.source, year))
    if not found:
        table.fault("phases", "phases names at least one column with the year in which its phase starts")
    return tuple(sorted(found, key=lambda phase: phase[1]))


def _check(table: Fields, key: str, name: str, columns: Sequence[ColumnPlan]) -> ColumnPlan | None:
    plan = next((each for each in columns if each.column.name == name), None)
    if plan is None:
        known = [each.column.name for each in columns if each.column.type in _NUMBERS]
        table.fault(key, f"there is no column ‘{name}’ in this layer{suggestion(name, known)}")
    elif plan.column.type not in _NUMBERS:
        table.fault(key, f"the column ‘{name}’ must be of type integer or number")
    return plan


def _first_phase(phases: tuple[tuple[str, int], ...]) -> ColumnPlan:
    term = get_term("start-bouw")
    title = Text("Eerste fase vanaf", "First phase from")
    column = Column(FIRST_PHASE, title, "integer", term=term.id)
    return ColumnPlan(column, source=phases[0][0], phases=phases)
