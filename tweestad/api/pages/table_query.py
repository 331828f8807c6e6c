"""The address of a table in values: its order, page, words, conditions and the place to measure from."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import QueryParams

from tweestad.api.conditions import Asked, read_conditions
from tweestad.api.limits import LIMITS
from tweestad.api.names import CONTROL
from tweestad.api.nearest import Origin, find_origin
from tweestad.api.problems import RawFault, raw_fault
from tweestad.model.layer import Layer

PAGES_MAX = LIMITS.table_offset_max // LIMITS.table_rows
DISTANCE = "afstand"
TITLE = "titel"
"""What one sorts by where no column names the objects, unless there is a column of this name."""


@dataclass(frozen=True, slots=True)
class TableQuery:
    """`sorteer`, `richting`, `pagina`, `q`, `waar` (any number of times) and `vanaf`."""

    sort: str
    descending: bool
    page: int
    q: str
    conditions: tuple[Asked, ...] = ()
    origin: Origin | None = None

    @property
    def by_distance(self) -> bool:
        return self.origin is not None and self.sort == DISTANCE

    @property
    def narrowed(self) -> bool:
        """Whether this may be less than the whole layer."""
        return bool(self.q or self.conditions)

    def kept(self, **changed: object) -> dict[str, object]:
        """The query of a link that keeps all of this but the page, with changes."""
        return {"sorteer": self.sort, "richting": self._direction, **self.narrowing(), **changed}

    def narrowing(self) -> dict[str, object]:
        """The part of the query that says which rows, and how far they are."""
        return {"q": self.q, "waar": [each.text for each in self.conditions], "vanaf": self._from}

    def without(self, condition: Asked) -> dict[str, object]:
        """The query of a link that drops one condition."""
        return self.kept(waar=[each.text for each in self.conditions if each is not condition])

    def not_from_here(self) -> dict[str, object]:
        """The query of a link that measures no distances."""
        return self.kept(vanaf="", sorteer="" if self.by_distance else self.sort)

    @property
    def _direction(self) -> str:
        return "af" if self.descending else ""

    @property
    def _from(self) -> str:
        return self.origin.text if self.origin is not None else ""


def parse_table_query(params: QueryParams, layer: Layer) -> TableQuery:
    """Raises RequestValidationError with all faults."""
    faults: list[RawFault] = []
    given = params.get("vanaf", "")
    origin = find_origin(given)
    if given and origin is None:
        faults.append(raw_fault("vanaf", "from"))
    sort = _sort(params, layer, bool(given), faults)
    direction = params.get("richting") or "op"
    if direction not in {"op", "af"}:
        faults.append(raw_fault("richting", "direction"))
    page = page_number(params.get("pagina", "1"), faults)
    q = params.get("q", "")
    if len(q) > LIMITS.search_characters:
        faults.append(raw_fault("q", "string_too_long", max_length=LIMITS.search_characters))
    conditions, wrong = read_conditions([text for text in params.getlist("waar") if text], layer, "waar")
    faults.extend(wrong)
    if faults:
        raise RequestValidationError(faults)
    return TableQuery(sort, direction == "af", page, CONTROL.sub(" ", q).strip(), conditions, origin)


def _sort(params: QueryParams, layer: Layer, from_here: bool, faults: list[RawFault]) -> str:
    """The column to sort by: what was asked, else the distance, else the name: the nameless come last."""
    by_name = layer.style.label_column if layer.column(layer.style.label_column) else ""
    sort = params.get("sorteer", DISTANCE if from_here else by_name)
    if not sort or layer.column(sort) is not None or sort == TITLE or (sort == DISTANCE and from_here):
        return sort
    if sort == DISTANCE:
        faults.append(raw_fault("sorteer", "from_missing"))
    else:
        faults.append(raw_fault("sorteer", "sort_unknown", column=sort))
    return ""


def page_number(text: str, faults: list[RawFault]) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        faults.append(raw_fault("pagina", "int_parsing"))
    elif int(text) < 1:
        faults.append(raw_fault("pagina", "greater_than_equal", ge=1))
    elif int(text) > PAGES_MAX:
        faults.append(raw_fault("pagina", "less_than_equal", le=PAGES_MAX))
    else:
        return int(text)
    return 1
