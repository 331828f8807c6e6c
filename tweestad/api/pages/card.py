"""What a card shows of a feature: every attribute in words; the layer's source stands once, below them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from tweestad.api.language import speak
from tweestad.api.pages.drawing import feature_path, map_path, object_path
from tweestad.api.pages.wording import show
from tweestad.legend.facts import holds_numbers, speaks_of_years
from tweestad.model.feature import StoredFeature, Value
from tweestad.model.layer import Column, Layer, StoredLayer
from tweestad.model.text import Language, Text
from tweestad.vocabulary.terms import GROUPS, Group, get_term, term_ids

# So few lines need no headings.
_FEW = 4
# What a person knows a building by, next to where it stands.
_TELLING = ("bouwjaar", "gebruiksdoel")
_LENGTHS = frozenset({"m", "m2", "m3", "mm", "cm", "km", "km2", "har", "deg"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the card. `note` is there when the value comes from elsewhere than the layer's source.

    `origin` says whether the source gives the value, by which register or norm, or what computed it.
    """

    title: str
    text: str
    unknown: bool
    note: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The lines about one thing (use, sizes, time). The title is empty when it is the only group."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one layer says about an object; `kind` is what such an object is called.

    A row that only repeats the title is left out. `others` are attributes that the layer does not describe.
    """

    layer: StoredLayer
    feature: StoredFeature
    title: str
    kind: str
    groups: tuple[RowGroup, ...]
    others: tuple[Row, ...]
    page: str
    object_page: str
    choice: str
    json: str


def part_of(row: StoredFeature, layer: StoredLayer, language: Language) -> Part:
    feature = row.feature
    described = {column.name for column in layer.layer.columns}
    extra = [name for name in sorted(feature.attributes) if name not in described]
    return Part(
        layer=layer,
        feature=row,
        title=title_of(row, layer, language),
        groups=_groups(row, layer.layer, language),
        kind=capitalised(layer.layer.called.one.in_language(language)),
        others=tuple(_row(row, Column(name, Text(name), "text"), language) for name in extra),
        page=feature_path(feature.layer, feature.id),
        object_page=object_path(feature.ref) if feature.ref else "",
        choice=map_path(feature.layer, feature.id),
        json=f"/api/v1/layers/{quote(feature.layer, safe='')}/features/{quote(feature.id)}",
    )


def _groups(row: StoredFeature, layer: Layer, language: Language) -> tuple[RowGroup, ...]:
    """The attributes by what they are about, each group in the order of the layer."""
    about: dict[Group, list[Row]] = {group: [] for group in GROUPS}
    for column in layer.columns:
        if not _is_title(row.feature.attributes.get(column.name), row.feature.title):
            shown = _row(row, column, language)
            about[group_of(column)].append(replace(shown, origin=_origin(column, shown, language)))
    filled = [(group, rows) for group, rows in about.items() if rows]
    alone = len(filled) == 1 or sum(len(rows) for _, rows in filled) <= _FEW
    if alone:
        return (RowGroup("", tuple(row for _, rows in filled for row in rows)),)
    return tuple(RowGroup(speak(language, f"card.group.{group}"), tuple(rows)) for group, rows in filled)


def group_of(column: Column) -> Group:
    """What an attribute is about: by the vocabulary, else by its unit and name."""
    if column.term in term_ids():
        return get_term(column.term).group
    if column.type == "date" or speaks_of_years(column):
        return "time"
    return "size" if holds_numbers(column) and column.unit in _LENGTHS else "trait"


def _origin(column: Column, shown: Row, language: Language) -> str:
    """“berekend uit AHN” for what was computed; else that the source says so, with the register or norm."""
    if column.note.nl or shown.note:
        return column.note.in_language(language) or shown.note
    standard = get_term(column.term).standard if column.term in term_ids() else ""
    return speak(language, "card.declared-as" if standard else "card.declared", standard=standard)


def title_of(row: StoredFeature, layer: StoredLayer, language: Language) -> str:
    """The feature's own title, else “Weg zonder naam”: an id says nothing to a person."""
    if row.feature.title:
        return layer.layer.title_in(row.feature.title, language)
    return speak(language, "card.nameless", what=capitalised(layer.layer.called.one.in_language(language)))


def told_apart(row: StoredFeature, layer: StoredLayer, language: Language) -> str:
    """A title that others may have too, with what tells it apart: “Gebouw bij Kade (1905, wonen, …4937)”."""
    title = title_of(row, layer, language)
    if not layer.layer.titles and row.feature.title:
        return title
    return f"{title} ({', '.join(particulars(row, layer, language))})"


def particulars(row: StoredFeature, layer: StoredLayer, language: Language) -> list[str]:
    """The year and the use where they are known, and the last digits of the id."""
    told = []
    for term in _TELLING:
        column = next((c for c in layer.layer.columns if c.term == term), None)
        if column is not None:
            shown = show(row.feature.attributes.get(column.name), column, language)
            told += [] if shown.unknown else [shown.text]
    return [*told, f"…{row.feature.id[-4:]}"]


def capitalised(text: str) -> str:
    """With a capital at the start of a sentence; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def _is_title(value: Value, title: str) -> bool:
    return bool(title) and value == title


def _row(row: StoredFeature, column: Column, language: Language) -> Row:
    """What is unknown was not computed from anything; but a source's own "unknown" as a number is told."""
    value = row.feature.attributes.get(column.name)
    shown = show(value, column, language)
    note = "" if shown.unknown else column.note.in_language(language)
    if shown.source_value and isinstance(value, int | float):
        note = speak(language, "card.source-says", value=shown.source_value)
    return Row(column.title.in_language(language), shown.text, shown.unknown, note)
