"""What the API answers about measurements, as documented in its OpenAPI description."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from tweestad.api.v1.answers import Answer, Link, Words

QualityWord = Literal["good", "unchecked", "suspect", "fail", "missing"]
State = Literal["fresh", "late", "silent", "failing", "changed", "off"]
ResultValue = float | bool | str | None

QUALITY = "How far the value can be trusted: `unchecked` is a value that no check has looked at."
RECORDING = "Date of the recording that is played back as a demonstration; null for what is measured now."


class LiveClassAnswer(Answer):
    """A class of a legend: numbers from `from` up to `to`, or one `value`."""

    from_: float | None = Field(alias="from", description="From here, included; null: no bound.")
    to: float | None = Field(description="Up to here, excluded; null: no bound.")
    value: str | None = Field(description="Of codes, and of yes (`true`) and no (`false`).")
    label: Words


class NormAnswer(Answer):
    name: Words
    limit: float
    period: str = Field(description="Over which the average is taken: `hour`, `8 hours`, `day`, `year`.")
    source: str


class LivePropertyAnswer(Answer):
    """A property that a layer can show: ask for it with `observed`."""

    id: str
    title: Words
    unit: str = Field(description="As people write it.")
    ucum: str = Field(description="UCUM code of the unit; empty when there is none.")
    decimals: int
    classes: list[LiveClassAnswer]
    norm: NormAnswer | None


class SourceAnswer(Answer):
    id: str
    title: Words
    publisher: str
    licence: str
    attribution: str
    recording: date | None = Field(description=RECORDING)
    invented: bool = Field(description="Whether the data describe no real place.")
    state: State
    failure: str = Field(description="What is wrong, in plain words of the answer's language; else empty.")


class LiveLayerAnswer(Answer):
    id: str
    title: Words
    description: Words
    theme: Words
    symbol: Literal["dot", "line", "sign"]
    observed: Words | None = Field(description="What colours it; null for places without values.")
    unit: str
    classes: list[LiveClassAnswer]
    norm: NormAnswer | None
    properties: list[LivePropertyAnswer] = Field(description="All that it can show, in order of choice.")
    stale_after_s: int = Field(
        description="Past this age a value is not shown as current, unless its source has a limit of its own."
    )
    counts_from: Literal["measured", "told"] = Field(
        description="Whether a value is too old by its own age, or when its source falls silent."
    )
    sources: list[SourceAnswer]
    count: int
    links: list[Link]


class LiveListAnswer(Answer):
    version: int = Field(description="Change number of the measurements.")
    layers: list[LiveLayerAnswer]


class PlaceOfThing(Answer):
    """Where a thing is: CRS84 in degrees and EPSG:28992 in metres."""

    lon: float | None
    lat: float | None
    x: float
    y: float
    height_nap_m: float | None
    accuracy_m: float | None = Field(description="How far off it may be, in metres; null when not told.")


class ThingAnswer(Answer):
    id: str
    source: str
    key: str = Field(description="The source's own id.")
    name: str
    kind: str
    ref: str | None = Field(description="National id.")
    place: PlaceOfThing | None
    properties: dict[str, str | float | bool | list[str] | None]
    since: datetime | None
    until: datetime | None
    version: int = Field(description="Change number at which it last changed.")
    links: list[Link]


class ThingsAnswer(Answer):
    things: list[ThingAnswer]
    links: list[Link]


class ValueOfTime(Answer):
    """A value with its three times and what is known of its quality."""

    value: ResultValue = Field(description="In the unit of the datastream; null when there is none.")
    phenomenon: datetime = Field(description="When it was measured; of an interval its end.")
    phenomenon_start: datetime | None
    result_time: datetime | None = Field(description="When the source published or last revised it.")
    received: datetime
    quality: QualityWord = Field(description=QUALITY)
    flag: int = Field(description="QARTOD: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing.")
    told: str = Field(description="The source's own word on its quality.")
    original: str = Field(description="The value as the source wrote it.")
    revised: bool
    first: ResultValue = Field(description="The value as first received, when it was revised.")


class LatestAnswer(ValueOfTime):
    text: Words = Field(description="In words with its unit; of a stale value: no recent measurement.")
    words: Words = Field(description="The value in words with its unit, whatever its age.")
    age_s: int = Field(description="Age in seconds, by the clock of its source.")
    age: Words = Field(description="The same in words.")
    stale: bool = Field(description="Whether it is too old to be shown as what is there now.")


class DatastreamAnswer(Answer):
    id: str
    thing: str
    observed: str
    title: Words
    unit: str = Field(description="As people write it.")
    ucum: str = Field(description="UCUM code of the unit of its values; empty when there is none.")
    decimals: int
    method: str
    name: str
    period_s: int = Field(description="Length of the interval that a value covers; 0 for a moment.")
    first: datetime | None = Field(description="Its first value is of this moment.")
    last: datetime | None
    norms: list[NormAnswer]
    latest: LatestAnswer | None
    links: list[Link]


class WholeThingAnswer(ThingAnswer):
    layers: list[str] = Field(description="The live layers that show it.")
    source_facts: SourceAnswer | None
    datastreams: list[DatastreamAnswer]


class ReadingsAnswer(Answer):
    datastream: str
    unit: str
    version: int
    values: list[ValueOfTime]
    links: list[Link]


class BucketAnswer(Answer):
    start: datetime
    end: datetime
    count: int = Field(description="Values that counted: not those that failed a check or are missing.")
    mean: float | None
    low: float | None
    high: float | None
    flagged: int
    share: float | None = Field(description="Part that is covered, 0 to 1; null when that is not known.")


class StatisticsAnswer(Answer):
    datastream: str
    unit: str
    step: Literal["hour", "day", "month", "year"] = Field(description="In the time of the Netherlands.")
    start: datetime
    end: datetime
    version: int
    buckets: list[BucketAnswer] = Field(description="A step without values is left out.")
    links: list[Link]


class OutageAnswer(Answer):
    start: datetime
    end: datetime
    why: str


class FeedAnswer(SourceAnswer):
    last_try: datetime | None
    last_success: datetime | None
    newest: datetime | None = Field(description="The youngest time of measurement.")
    next_try: datetime | None
    accepted: int
    flagged: int
    rejected: dict[str, int] = Field(description="How many records, by reason.")
    skipped: int
    detail: str = Field(description="What exactly is wrong, in English.")
    why: Words
    failing_since: datetime | None
    stale_after_s: int
    outages: list[OutageAnswer] = Field(description="The last fifty.")
    links: list[Link]


class FeedsAnswer(Answer):
    feeds: list[FeedAnswer]
    links: list[Link]
