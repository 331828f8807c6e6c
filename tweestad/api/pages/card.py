"""What a card shows of a feature: every attribute in words; the layer's source stands once, below them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from tweestad.api.language import speak
from tweestad.api.pages.drawing import feature_path, map_path, object_path
from tweestad.api.pages.wording import show
from tweestad.model.feature import StoredFeature, Value
from tweestad.model.layer import Column, StoredLayer
from tweestad.model.text import Language, Text


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the card. `note` is there when the value comes from elsewhere than the layer's source."""

    title: str
    text: str
    unknown: bool
    note: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one layer says about an object; `kind` is what such an object is called.

    A row that only repeats the title is left out. `others` are attributes that the layer does not describe.
    """

    layer: StoredLayer
    feature: StoredFeature
    title: str
    kind: str
    rows: tuple[Row, ...]
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
        rows=tuple(
            _row(row, column, language)
            for column in layer.layer.columns
            if not _is_title(feature.attributes.get(column.name), feature.title)
        ),
        kind=capitalised(layer.layer.called.one.in_language(language)),
        others=tuple(_row(row, Column(name, Text(name), "text"), language) for name in extra),
        page=feature_path(feature.layer, feature.id),
        object_page=object_path(feature.ref) if feature.ref else "",
        choice=map_path(feature.layer, feature.id),
        json=f"/api/v1/layers/{quote(feature.layer, safe='')}/features/{quote(feature.id)}",
    )


def title_of(row: StoredFeature, layer: StoredLayer, language: Language) -> str:
    """The feature's own title, else “Weg zonder naam”: an id says nothing to a person."""
    if row.feature.title:
        return row.feature.title
    return speak(language, "card.nameless", what=capitalised(layer.layer.called.one.in_language(language)))


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
