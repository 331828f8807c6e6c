"""What the API answers, as documented in its OpenAPI description. All keys are camelCase."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SerializationInfo, field_serializer
from pydantic.alias_generators import to_camel

from tweestad.model.text import Text


class Answer(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class Words(Answer):
    """A text in Dutch and English."""

    nl: str
    en: str

    @classmethod
    def of(cls, text: Text) -> Words:
        return cls(nl=text.nl, en=text.in_language("en"))


class Link(Answer):
    rel: str
    href: str
    type: str = "application/json"
    title: str | None = None

    @field_serializer("href")
    def _below_root(self, href: str, info: SerializationInfo) -> str:
        """The address as the client asks for it: below the root of the twin, which is the context."""
        return f"{info.context or ''}{href}"


class Centre(Answer):
    """The middle of the twin: EPSG:28992 in metres and CRS84 in degrees."""

    x: float
    y: float
    lon: float
    lat: float


class BaseMapAnswer(Answer):
    """A map from elsewhere that may lie below the layers."""

    id: str
    title: Words
    url: str = Field(description="Of its tiles, with {z}, {x} and {y} (Web Mercator, 256 pixels).")
    attribution: str
    licence: str


class TwinAnswer(Answer):
    id: str
    title: Words
    municipality: str = Field(description="Code of the municipality, such as GM0363.")
    centre: Centre
    languages: list[str]
    invented: bool = Field(description="True when all data is made up by the generator.")
    notice: Words
    embed_origins: list[str] = Field(
        description="The websites that may show the map in a frame, as scheme and host."
    )
    bases: list[BaseMapAnswer] = Field(description="Only those that the administrator switched on.")
    version: int = Field(description="Change number of the city as it is now.")
    links: list[Link]


class ColumnAnswer(Answer):
    name: str
    title: Words
    type: Literal["text", "integer", "number", "boolean", "date", "codes"]
    term: str
    unit: str = Field(description="UCUM code of the unit; empty when there is none.")
    codes: dict[str, Words] = Field(description="Words for each stored code.")
    missing: list[str | int | float | bool | None] = Field(
        description="Stored values that mean ‘unknown’ at the source."
    )
    note: Words
    colourable: bool = Field(description="Whether its summary has classes to colour by.")


class StyleClassAnswer(Answer):
    colour: str
    label: Words
    lower: float | None = Field(description="From here, included.")
    upper: float | None = Field(description="Up to here, excluded.")
    value: str | None


class BarAnswer(Answer):
    """A bar of a histogram."""

    lower: float = Field(description="From here, included.")
    upper: float = Field(description="Up to here, excluded; in the last bar included.")
    count: int


class ValueAnswer(Answer):
    """A value of a category; booleans are `true` and `false`."""

    value: str
    label: Words
    count: int


class ColumnSummary(Answer):
    layer: str
    name: str
    kind: Literal["number", "category", "text"]
    count: int = Field(description="All objects of the layer.")
    missing: int = Field(description="How many of them have no known value.")
    lowest: float | None
    highest: float | None
    distinct: int = Field(description="How many different values there are.")
    classes: list[StyleClassAnswer]
    histogram: list[BarAnswer] = Field(description="Of numbers.")
    values: list[ValueAnswer] = Field(
        description=(
            "Of a category, the most frequent first, at most 60. An object with several values counts "
            "for each."
        )
    )


class StyleAnswer(Answer):
    role: str
    visible: bool
    label_column: str
    classes: dict[str, list[StyleClassAnswer]]


class NounAnswer(Answer):
    """What one object of a layer is called in a sentence, and what many are."""

    one: Words
    many: Words


class TimeAnswer(Answer):
    """Which columns say in which years an object is there; both years are included."""

    from_: str = Field(alias="from", description="Column of the first year; empty: always.")
    until: str = Field(description="Column of the last year; empty: still.")
    planned: bool = Field(description="Whether the objects are still to come.")


class LayerAnswer(Answer):
    id: str
    title: Words
    noun: NounAnswer
    theme: Words
    kind: Literal["buildings", "areas", "lines", "points", "trees", "tubes", "terrain"]
    source: str
    licence: str
    licence_class: Literal["A", "B"] = Field(description="B: the licence is not confirmed.")
    date: str
    steward: str
    description: Words
    missing: Words
    invented: bool
    quality: Literal["", "official", "calibrated", "citizen"] = Field(
        description="What the values are worth; empty when nobody has said so."
    )
    audience: Literal["public", "staff"]
    place_kind: str = Field(description="As what its names can be searched for; empty when they cannot.")
    questions: list[str] = Field(description="The questions of the first screen that the layer bears on.")
    version: int = Field(description="Change number of the last change of this layer.")
    count: int
    bbox: tuple[float, float, float, float] | None = Field(
        description="west, south, east, north in CRS84; null when there is no such box."
    )
    columns: list[ColumnAnswer]
    style: StyleAnswer
    time: TimeAnswer | None = Field(description="Null when no column says when its objects are there.")
    links: list[Link]


class LayersAnswer(Answer):
    layers: list[LayerAnswer]


class PlaceAnswer(Answer):
    label: str
    kind: str
    layer: str
    id: str
    ref: str | None
    lon: float
    lat: float


class PlacesAnswer(Answer):
    places: list[PlaceAnswer]
    hint: Words | None = Field(
        None, description="What a person must know: nothing was looked for, or something else than asked."
    )


class PickedAnswer(Answer):
    layer: str
    id: str
    ref: str | None
    title: str
    label: Words = Field(
        description="The title, and where others may have the same the year, the use and the last digits."
    )
    distance_m: float = Field(description="0 when the point lies in or on the object; metres otherwise.")


class PickAnswer(Answer):
    objects: list[PickedAnswer] = Field(description="Nearest first; equally near: the smallest first.")


class HeightAnswer(Answer):
    lon: float
    lat: float
    nap_m: float | None = Field(description="Metres NAP; null where the ground was not measured.")


class HeightsAnswer(Answer):
    layer: str | None = Field(description="The layer of measured terrain; null when the twin has none.")
    heights: list[HeightAnswer] = Field(description="As many as points, in the same order.")


class FaultAnswer(Answer):
    in_: str = Field(alias="in")
    name: str
    code: str
    detail: str


class Problem(Answer):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = Field(description="Mention this when you report the error.")
    errors: list[FaultAnswer] = Field(default=[], description="All faults of the request.")
