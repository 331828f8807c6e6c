"""The address of a live list in values: order, page, words, the property and where to measure from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import QueryParams

from tweestad.api.limits import LIMITS
from tweestad.api.names import CONTROL
from tweestad.api.nearest import Origin, find_origin
from tweestad.api.pages.table_query import DISTANCE, page_number
from tweestad.api.problems import RawFault, raw_fault

NAME, VALUE, WHEN = "naam", "waarde", "gemeten"


@dataclass(frozen=True, slots=True)
class LiveQuery:
    """`sorteer`, `richting`, `pagina`, `q`, `meet` (a property of the layer) and `vanaf`."""

    sort: str
    descending: bool
    page: int
    q: str
    observed: str
    origin: Origin | None = None

    def kept(self, **changed: object) -> dict[str, object]:
        """The query of a link that keeps all of this but the page, with changes."""
        direction = "af" if self.descending else ""
        return {"sorteer": self.sort, "richting": direction, **self.narrowing(), **changed}

    def narrowing(self) -> dict[str, object]:
        """The part of the query that says which rows, and how far they are."""
        where = "" if self.origin is None else self.origin.text
        return {"q": self.q, "meet": self.observed, "vanaf": where}

    def not_from_here(self) -> dict[str, object]:
        """The query of a link that measures no distances."""
        return self.kept(vanaf="", sorteer="" if self.sort == DISTANCE else self.sort)


def parse_live_query(params: QueryParams, measured: Sequence[str]) -> LiveQuery:
    """Raises RequestValidationError with all faults; `measured` are the properties to choose from."""
    faults: list[RawFault] = []
    given = params.get("vanaf", "")
    origin = find_origin(given)
    if given and origin is None:
        faults.append(raw_fault("vanaf", "from"))
    sort = params.get("sorteer") or (DISTANCE if given else NAME)
    if sort not in (NAME, VALUE, WHEN, DISTANCE):
        faults.append(raw_fault("sorteer", "sort_unknown", column=sort))
    elif sort == DISTANCE and not given:
        faults.append(raw_fault("sorteer", "from_missing"))
    direction = params.get("richting") or "op"
    if direction not in {"op", "af"}:
        faults.append(raw_fault("richting", "direction"))
    page = page_number(params.get("pagina", "1"), faults)
    q = params.get("q", "")
    if len(q) > LIMITS.search_characters:
        faults.append(raw_fault("q", "string_too_long", max_length=LIMITS.search_characters))
    observed = params.get("meet", "")
    if observed and observed not in measured:
        faults.append(raw_fault("meet", "sort_unknown", column=observed))
    if faults:
        raise RequestValidationError(faults)
    return LiveQuery(sort, direction == "af", page, CONTROL.sub(" ", q).strip(), observed, origin)
