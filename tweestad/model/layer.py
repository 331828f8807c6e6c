"""A layer: a named set of features of one kind, with its source, date, licence and steward."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from tweestad.model.feature import Value
from tweestad.model.text import Language, Text

Kind = Literal["buildings", "areas", "lines", "points", "trees", "tubes", "terrain"]
Audience = Literal["public", "staff"]
Quality = Literal["", "official", "calibrated", "citizen"]
ColumnType = Literal["text", "integer", "number", "boolean", "date", "codes"]

_FIELD = re.compile(r"\{([^{}]+)\}")
QUALITIES: tuple[Quality, ...] = ("", "official", "calibrated", "citizen")
KINDS: tuple[Kind, ...] = ("buildings", "areas", "lines", "points", "trees", "tubes", "terrain")

BUILT_TERM = "bouwjaar"
# What the first screen asks, in its order; a layer says which of them it bears on.
QUESTIONS = ("air", "groundwater", "traffic", "nearby", "plans", "energy")

# In the order in which a search field promises them.
PLACE_KINDS = ("street", "address", "neighbourhood", "park", "water", "building", "place")


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of a layer, in words.

    `term` is an entry of the vocabulary (`tweestad/vocabulary/attributes/<term>.toml`). `codes` maps a
    stored value to its words. `missing` lists stored values that mean "unknown" at the source.
    `note` is shown below the value ("berekend uit AHN").
    """

    name: str
    title: Text
    type: ColumnType
    term: str = ""
    unit: str = ""
    codes: Mapping[str, Text] = field(default_factory=dict)
    missing: tuple[Value, ...] = ()
    note: Text = field(default_factory=lambda: Text(""))

    def means_unknown(self, value: Value) -> bool:
        """Whether the source means "unknown" by this value (a year 1005)."""
        # In Python True == 1; at a source they are two different things.
        return any(value == m and isinstance(value, bool) == isinstance(m, bool) for m in self.missing)


@dataclass(frozen=True, slots=True)
class StyleClass:
    """One class of a legend: from `lower` (included) to `upper` (excluded), or one `value`."""

    colour: str
    label: Text
    lower: float | None = None
    upper: float | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """How a layer is drawn: its own quiet colour, and per column the classes of its legend."""

    role: Literal["building", "water", "street", "path", "park", "area", "boundary", "plain"] = "plain"
    classes: Mapping[str, tuple[StyleClass, ...]] = field(default_factory=dict)
    width_m: Mapping[str, float] = field(default_factory=dict)
    label_column: str = ""
    visible: bool = True


@dataclass(frozen=True, slots=True)
class LayerTime:
    """Which columns say from and until which year (both included) a feature is there; "" is always.

    `planned`: what the layer holds is still to come, and is drawn so.
    """

    since: str = ""
    until: str = ""
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Noun:
    """What one feature of a layer is called in a sentence, and what many are: “gebouw”, “gebouwen”."""

    one: Text
    many: Text


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as described in twin.toml. `invented` marks data made by the generator.

    `quality` says what the values are worth: from an official register, measured by calibrated
    instruments, or measured by citizens; empty when nobody has said so. `place_kind` is the kind of place
    under which its names can be searched for; empty when they cannot. `questions` are those of the first
    screen (`QUESTIONS`) that the layer bears on. `titles` are the forms after which
    titles of features were made ("Gebouw bij {naam}", "Building near {naam}"), so that a title, which is kept
    in Dutch, can be said in English too.
    """

    id: str
    title: Text
    theme: Text
    kind: Kind
    source: str
    licence: str
    licence_class: Literal["A", "B"]
    date: str
    steward: str
    audience: Audience = "public"
    description: Text = field(default_factory=lambda: Text(""))
    missing: Text = field(default_factory=lambda: Text(""))
    columns: tuple[Column, ...] = ()
    style: Style = field(default_factory=Style)
    invented: bool = False
    quality: Quality = ""
    noun: Noun | None = None
    place_kind: str = ""
    titles: tuple[Text, ...] = ()
    time: LayerTime | None = None
    questions: tuple[str, ...] = ()

    @property
    def in_time(self) -> LayerTime | None:
        """When its features are there: as declared, else by the column with the year of building, if any."""
        built = next((column.name for column in self.columns if column.term == BUILT_TERM), None)
        return self.time if self.time or built is None else LayerTime(built)

    def title_in(self, title: str, language: Language) -> str:
        """The title of a feature in a language; Dutch where none of `titles` tells how it was made."""
        if language == "nl":
            return title
        for form in self.titles:
            if form.en and (found := _pattern(form.nl).fullmatch(title)):
                names = dict.fromkeys(_FIELD.findall(form.nl))
                filled = dict(zip(names, found.groups(), strict=True))
                return _FIELD.sub(lambda field: filled[field[1]], form.en)  # noqa: B023 - used at once
        return title

    @property
    def called(self) -> Noun:
        """The nouns of the layer; without them its title in small letters stands for both."""
        small = Text(self.title.nl.lower(), self.title.in_language("en").lower())
        return self.noun or Noun(small, small)

    def column(self, name: str) -> Column | None:
        """The column called `name`, or None."""
        return next((c for c in self.columns if c.name == name), None)

    def name_in(self, column: str, values: Mapping[str, Value]) -> str:
        """The name that the values of a feature give it in a column; empty when that is no name."""
        name, known = values.get(column), self.column(column)
        if not isinstance(name, str) or (known is not None and known.means_unknown(name)):
            return ""
        return name.strip()


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """Reads back what was filled in; a column that comes twice counts where it comes first."""
    parts = _FIELD.split(form)
    seen: dict[str, str] = {}
    text = ""
    for n, part in enumerate(parts):
        if n % 2 == 0:
            text += re.escape(part)
        elif part in seen:
            text += f"(?P={seen[part]})"
        else:
            seen[part] = f"f{len(seen)}"
            text += f"(?P<{seen[part]}>.+)"
    return re.compile(text)


@dataclass(frozen=True, slots=True)
class StoredLayer:
    """A layer with what the store knows of it: number of its last change, count of features, box (RD)."""

    layer: Layer
    version: int
    count: int
    bbox: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was not taken over, with the reason in one sentence. A bad record is a value."""

    file: str
    object_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """Something a person can search for and fly to. `x`, `y` in EPSG:28992."""

    label: str
    kind: str
    layer: str
    feature_id: str
    x: float
    y: float
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A map from elsewhere that lies below the layers: tiles of 256 pixels in Web Mercator.

    `url` has `{z}`, `{x}` and `{y}`. Only maps that the administrator switched on are in a twin.
    """

    id: str
    title: Text
    url: str
    attribution: str
    licence: str


@dataclass(frozen=True, slots=True)
class Twin:
    """What the whole twin is: its name, municipality and centre (EPSG:28992, metres).

    `place_kinds` are the kinds of places that its reader can search for; they are not kept with it.
    """

    id: str
    title: Text
    municipality: str
    centre: tuple[float, float]
    languages: tuple[str, ...] = ("nl", "en")
    invented: bool = False
    notice: Text = field(default_factory=lambda: Text(""))
    contact: str = ""
    place_kinds: tuple[str, ...] = ()
    bases: tuple[BaseMap, ...] = ()
