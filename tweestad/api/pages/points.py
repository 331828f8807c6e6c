"""`/meetpunt/{thing}` and `/reeks/{datastream}.csv`: a measuring point, its chart, its table, its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tweestad.access.reader import Reader
from tweestad.api.conditional import caching
from tweestad.api.context import context_of, reader_of, twin_of
from tweestad.api.language import language_of_page, speak
from tweestad.api.measured import sources_now
from tweestad.api.middleware import HEAD_ONLY
from tweestad.api.names import checked_key
from tweestad.api.pages.measured_words import stream_title
from tweestad.api.pages.moments import moment_words
from tweestad.api.pages.point import Point, point_of
from tweestad.api.pages.point_neighbours import Choice, choices_of, default_choice
from tweestad.api.pages.point_series import SeriesView, is_drawn, view_of
from tweestad.api.pages.point_well import WellRegime, well_regime
from tweestad.api.pages.readings_csv import reading_pieces
from tweestad.api.pages.series import PERIODS, Period, Window, window_of
from tweestad.api.problems import RawFault, raw_fault
from tweestad.errors import NotFound
from tweestad.model.reading import StoredDatastream
from tweestad.model.text import Language

NOTHING = "geen"


@dataclass(frozen=True, slots=True)
class Asked:
    """`periode`, `reeks` (a datastream of the thing) and `met` (one to show beside it), as in the address."""

    period: Period | None
    stream: str
    beside: str


@dataclass(frozen=True, slots=True)
class Charted:
    """What the chart part of the page shows. `ends` says so when the
    time ends at the last value, long ago; `asked_beside` is what the address said."""

    stream: StoredDatastream
    view: SeriesView
    choices: tuple[Choice, ...]
    beside: str
    asked_beside: str
    name: str
    beside_title: str
    title: str
    span: str
    ends: str
    regime: WellRegime | None

    @property
    def csv(self) -> str:
        return f"/reeks/{quote(self.stream.datastream.id, safe='/:*')}.csv"

    @property
    def json(self) -> str:
        window = self.view.measured.window
        asked = {"start": _utc(window.start), "end": _utc(window.until)}
        stream = quote(self.stream.datastream.id, safe="/:*")
        return f"/api/v1/datastreams/{stream}/readings?{urlencode(asked)}"


def show_point(request: Request) -> Response:
    """A measuring point with all that it measures; `?deel=kaart` gives the card alone."""
    reader, language = reader_of(request), language_of_page(request)
    stored = reader.thing(checked_key(request.path_params["thing"]))
    asked = _asked(request)
    card = request.query_params.get("deel") == "kaart"
    point = point_of(reader, stored, sources_now(request, reader), language)
    page = context_of(request).drawing.page(
        request,
        twin_of(reader),
        "point_card.html" if card else "point.html",
        point=point,
        charted=_charted(reader, point, asked, language, alone=card),
        periods=PERIODS,
        nothing=NOTHING,
    )
    page.headers["Cache-Control"] = caching(request)
    return page


def download_series(request: Request) -> Response:
    """The values of one datastream over a period as CSV, as they were measured."""
    reader = reader_of(request)
    stream = reader.datastream(checked_key(request.path_params["datastream"]))
    period = _asked(request).period or "24u"
    clock = sources_now(request, reader).clock(stream.source)
    window, _ = _window(stream, period, clock.now)
    pieces = iter(()) if HEAD_ONLY in request.scope else reading_pieces(reader, stream, window)
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in stream.datastream.id)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{period}.csv"',
        "Cache-Control": caching(request),
    }
    return StreamingResponse(pieces, headers=headers, media_type="text/csv; header=present")


def _asked(request: Request) -> Asked:
    """Raises RequestValidationError for a period that there is not."""
    faults: list[RawFault] = []
    period = request.query_params.get("periode", "")
    if period and period not in PERIODS:
        faults.append(raw_fault("periode", "period"))
        raise RequestValidationError(faults)
    known = period if period in PERIODS else None
    return Asked(known, request.query_params.get("reeks", ""), request.query_params.get("met", ""))


def _charted(
    reader: Reader, point: Point, asked: Asked, language: Language, *, alone: bool
) -> Charted | None:
    """The chart of what was asked, else of the main value. `alone` looks for nothing beside it."""
    streams = [line.stream for line in point.lines]
    stream = next((each for each in streams if each.datastream.id == asked.stream), None)
    if asked.stream and stream is None:
        raise NotFound("")
    if stream is None and point.main is not None:
        stream = point.main.stream
    if stream is None:
        return None
    period = asked.period or fitting_period(reader, stream, point.clock.now)
    window, ends = _window(stream, period, point.clock.now)
    drawn = is_drawn(stream)
    choices = choices_of(reader, point.stored, stream, streams, language) if drawn and not alone else ()
    chosen = asked.beside or default_choice(stream, streams)
    beside = None
    if drawn and chosen != NOTHING:
        beside = _stream_beside(reader, chosen, stream, streams, choices)
    regime = well_regime(reader, point.stored, stream, language)
    view = view_of(reader, stream, window, language, beside, regime.marks if regime else ())
    name = stream_title(stream.datastream, language)
    return Charted(
        stream=stream,
        view=view,
        choices=choices,
        beside=beside.datastream.id if beside else NOTHING,
        asked_beside=asked.beside,
        name=name,
        beside_title=_beside_title(beside, choices, language),
        title=_title(name, view, language),
        span=speak(
            language,
            "point.span",
            start=moment_words(window.start, language),
            end=moment_words(window.end, language),
        ),
        regime=regime,
        ends=speak(language, "point.until-last", moment=moment_words(window.end, language)) if ends else "",
    )


def _title(name: str, view: SeriesView, language: Language) -> str:
    """“Fijnstof PM2,5 per 10 minuten, in µg/m³”."""
    title = speak(language, "point.chart.of", title=name, steps=view.steps) if view.steps else name
    return f"{title}, in {view.unit}" if view.unit else title


def _beside_title(beside: StoredDatastream | None, choices: Sequence[Choice], language: Language) -> str:
    if beside is None:
        return ""
    offered = next((each.title for each in choices if each.stream == beside.datastream.id), None)
    return offered or stream_title(beside.datastream, language)


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _stream_beside(
    reader: Reader,
    chosen: str,
    stream: StoredDatastream,
    streams: Sequence[StoredDatastream],
    choices: Sequence[Choice],
) -> StoredDatastream | None:
    """Only what the page offers, or the other series of the thing: it must be in the same unit."""
    if not chosen or chosen == stream.datastream.id:
        return None
    own = next((each for each in streams if each.datastream.id == chosen), None)
    if own is not None and own.datastream.unit == stream.datastream.unit:
        return own
    return reader.datastream(chosen) if any(each.stream == chosen for each in choices) else None


def fitting_period(reader: Reader, stream: StoredDatastream, now: datetime) -> Period:
    """The shortest period with at least two values in it; a year when there is none."""
    for period in PERIODS:
        window, _ = _window(stream, period, now)
        key = stream.datastream.id
        if reader.count_readings(key, start=window.start, end=window.until) >= 2:
            return period
    return "jaar"


def _window(stream: StoredDatastream, period: Period, now: datetime) -> tuple[Window, bool]:
    """Until now; of a series that ended more than a year ago until its last value."""
    last = stream.last
    ends = last is not None and last < now - timedelta(days=365)
    return window_of(period, last if ends and last is not None else now), ends
