"""`/api/v1/datastreams/{datastream}`: one series, its values over time, and numbers by hour to year."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, cast
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.reader import Reader
from tweestad.api.context import reader_of
from tweestad.api.factory import StrictRoute, json_router, refuse_late
from tweestad.api.limits import LIMITS
from tweestad.api.measured import answer_unless_known, measured_tag, sources_now
from tweestad.api.names import checked_name
from tweestad.api.pages.csv_file import BYTE_ORDER_MARK, safe
from tweestad.api.problems import RawFault, raw_fault
from tweestad.api.root import below, root_of
from tweestad.api.v1.answers import Link
from tweestad.api.v1.live_answers import BucketAnswer, DatastreamAnswer, ReadingsAnswer, StatisticsAnswer
from tweestad.api.v1.moments import MomentText, find_moment, written
from tweestad.api.v1.query import NO_QUERY, Keys, WholeNumber
from tweestad.api.v1.told_series import ADDRESS, datastream_answer, series_address, value_answer
from tweestad.legend.live import quality_word
from tweestad.model.reading import Bucket, Reading, ReadingsWhere, Step, StoredDatastream
from tweestad.vocabulary.properties import get_property

# How far back statistics look when nobody says: enough for one look at a chart.
_BACK: dict[Step, timedelta] = {
    "hour": timedelta(days=7),
    "day": timedelta(days=365),
    "month": timedelta(days=3_653),
    "year": timedelta(days=36_525),
}
_STEP: dict[Step, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "month": timedelta(days=28),
    "year": timedelta(days=365),
}
_MICROSECOND = timedelta(microseconds=1)
CSV_COLUMNS = (
    "phenomenon", "phenomenonStart", "value", "unit", "quality", "flag", "told", "original", "resultTime",
    "received", "first",
)  # fmt: skip


class SpanQuery(Keys):
    start: MomentText | None = Field(None, description="From this moment, included.")
    end: MomentText | None = Field(None, description="Up to this moment, excluded.")


class ReadingsQuery(SpanQuery):
    limit: WholeNumber = Field(LIMITS.readings_page_default, ge=1, le=LIMITS.readings_page_max)
    order: Literal["asc", "desc"] = Field("asc", description="Oldest first, or newest first.")


class StatisticsQuery(SpanQuery):
    step: Literal["hour", "day", "month", "year"] = Field(
        "hour", description="Without `start` a week of hours, a year of days, ten years of months."
    )


def late_faults_here(request: Request) -> list[RawFault]:
    """Of a span that ends before it starts, or that has more steps than one answer may hold."""
    asked = request.query_params
    start, end = (find_moment(asked.get(name, "")) for name in ("start", "end"))
    if start is None or end is None:
        return []
    if start >= end:
        return [raw_fault("end", "span_order")]
    step = asked.get("step", "hour")
    long = request.url.path.endswith("/statistics") and step in _STEP
    if long and (end - start) / _STEP[cast(Step, step)] > LIMITS.buckets_max:
        return [raw_fault("start", "span_long", most=LIMITS.buckets_max)]
    return []


router = json_router(ADDRESS, late=late_faults_here)
files = APIRouter(
    prefix=ADDRESS, route_class=type("StrictCsv", (StrictRoute,), {"late": staticmethod(late_faults_here)})
)
one = json_router(ADDRESS)


@router.get(
    "/{datastream:path}/readings",
    response_model=ReadingsAnswer,
    operation_id="listReadings",
    tags=["things"],
)
def list_readings(request: Request, datastream: str, query: Annotated[ReadingsQuery, Query()]) -> Response:
    """One page of the values of a datastream, in order of time. Follow `links` with rel `next`.

    The link with rel `alternate` gives the same as CSV.
    """
    refuse_late(request, late_faults_here)
    reader = reader_of(request)
    stored = reader.datastream(checked_name(datastream))
    address = series_address(stored.datastream.id) + "/readings"

    def make() -> bytes:
        values, following = _page(reader, stored, query)
        links = [
            Link(rel="self", href=_address(address, query, {})),
            Link(rel="alternate", href=_address(f"{address}.csv", query, {}), type="text/csv"),
        ]
        if following is not None:
            links.append(Link(rel="next", href=_address(address, query, following)))
        answer = ReadingsAnswer(
            datastream=stored.datastream.id,
            unit=get_property(stored.datastream.observed).shown,
            version=reader.readings_version,
            values=[value_answer(each) for each in values],
            links=links,
        )
        return orjson.dumps(answer.model_dump(mode="json", by_alias=True, context=root_of(request)))

    return answer_unless_known(request, measured_tag(request, reader, ages=False), make, "application/json")


@files.get(
    "/{datastream:path}/readings.csv",
    response_class=Response,
    include_in_schema=False,
)
def list_readings_as_csv(
    request: Request, datastream: str, query: Annotated[ReadingsQuery, Query()]
) -> Response:
    """The values as CSV. The header `Link` with rel `next` leads to the rest."""
    refuse_late(request, late_faults_here)
    reader = reader_of(request)
    stored = reader.datastream(checked_name(datastream))
    values, following = _page(reader, stored, query)
    headers = {"content_disposition": 'attachment; filename="metingen.csv"'}
    if following is not None:
        address = below(request, series_address(stored.datastream.id) + "/readings.csv")
        headers["link"] = f'<{_address(address, query, following)}>; rel="next"; type="text/csv"'
    tag = measured_tag(request, reader, ages=False)
    return answer_unless_known(request, tag, lambda: _csv(stored, values), "text/csv", **headers)


@router.get(
    "/{datastream:path}/statistics",
    response_model=StatisticsAnswer,
    operation_id="getStatistics",
    tags=["things"],
)
def get_statistics(request: Request, datastream: str, query: Annotated[StatisticsQuery, Query()]) -> Response:
    """Number, mean, lowest and highest per hour, day, month or year, in the time of the Netherlands."""
    refuse_late(request, late_faults_here)
    reader = reader_of(request)
    stored = reader.datastream(checked_name(datastream))

    def make() -> bytes:
        now = sources_now(request, reader).clock(stored.source).now
        start, end = _span(stored, query, now)
        buckets = reader.aggregate(stored.datastream.id, start=start, end=end, step=query.step)
        address = series_address(stored.datastream.id)
        answer = StatisticsAnswer(
            datastream=stored.datastream.id,
            unit=get_property(stored.datastream.observed).shown,
            step=query.step,
            start=start,
            end=end,
            version=reader.readings_version,
            buckets=[_bucket(each) for each in buckets],
            links=[
                Link(rel="self", href=_address(f"{address}/statistics", query, {})),
                Link(rel="collection", href=address),
            ],
        )
        return orjson.dumps(answer.model_dump(mode="json", by_alias=True, context=root_of(request)))

    return answer_unless_known(request, measured_tag(request, reader, ages=True), make, "application/json")


@one.get(
    "/{datastream:path}",
    response_model=DatastreamAnswer,
    operation_id="getDatastream",
    tags=["things"],
    dependencies=NO_QUERY,
)
def get_datastream(request: Request, datastream: str) -> Response:
    """One datastream with its last value."""
    reader = reader_of(request)
    stored = reader.datastream(checked_name(datastream))

    def make() -> bytes:
        thing = reader.thing(stored.datastream.thing)
        where = ReadingsWhere(datastreams=(stored.datastream.id,), ended=True)
        latest = next(iter(reader.latest(where, limit=1)), None)
        answer = datastream_answer(stored, thing, latest, sources_now(request, reader))
        return orjson.dumps(answer.model_dump(mode="json", by_alias=True, context=root_of(request)))

    return answer_unless_known(request, measured_tag(request, reader, ages=True), make, "application/json")


def _page(
    reader: Reader, stored: StoredDatastream, query: ReadingsQuery
) -> tuple[list[Reading], dict[str, str] | None]:
    """The values of a page, and what the query of the next page has instead; None when this was the last.

    A datastream has one value for each moment, so a page goes on where the one before it ended.
    """
    found = reader.readings(
        stored.datastream.id,
        start=_moment(query.start),
        end=_moment(query.end),
        limit=query.limit + 1,
        descending=query.order == "desc",
    )
    values = found[: query.limit]
    if len(found) == len(values):
        return values, None
    last = values[-1].observation.phenomenon
    if query.order == "desc":
        return values, {"end": written(last)}
    return values, {"start": written(last + _MICROSECOND)}


def _moment(text: str | None) -> datetime | None:
    return None if text is None else find_moment(text)


def _span(stored: StoredDatastream, query: StatisticsQuery, now: datetime) -> tuple[datetime, datetime]:
    """What is asked, else the last while before now by the clock of the source, or before its last value."""
    start, end = _moment(query.start), _moment(query.end)
    if end is None:
        end = now
        if stored.last is not None and start is None:
            end = min(end, stored.last + _MICROSECOND)
    if start is None or start >= end:
        start = end - _BACK[query.step]
    if (end - start) / _STEP[query.step] > LIMITS.buckets_max:
        start = end - LIMITS.buckets_max * _STEP[query.step]
    return start, end


def _address(path: str, query: SpanQuery, instead: dict[str, str]) -> str:
    asked = query.model_dump(by_alias=True, exclude_unset=True, exclude_none=True) | instead
    return f"{path}?{urlencode(asked)}" if asked else path


def _bucket(each: Bucket) -> BucketAnswer:
    return BucketAnswer(
        start=each.start.astimezone(UTC),
        end=each.end.astimezone(UTC),
        count=each.count,
        mean=each.mean,
        low=each.low,
        high=each.high,
        flagged=each.flagged,
        share=each.share,
    )


def _csv(stored: StoredDatastream, values: list[Reading]) -> bytes:
    buffer = io.StringIO()
    lines = csv.writer(buffer)
    lines.writerow(CSV_COLUMNS)
    unit = get_property(stored.datastream.observed).shown
    for each in values:
        seen = each.observation
        moments = [
            "" if moment is None else written(moment)
            for moment in (seen.phenomenon, seen.phenomenon_start, seen.result_time, seen.received)
        ]
        told = (seen.result, unit, quality_word(seen.flag), int(seen.flag), seen.told, seen.original)
        cells = [safe(value) for value in told]
        first = safe(each.first) if each.revised else ""
        lines.writerow([moments[0], moments[1], *cells, moments[2], moments[3], first])
    return (BYTE_ORDER_MARK + buffer.getvalue()).encode()
