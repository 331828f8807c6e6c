"""What the API tells of a source and of an observed property, in every answer that names one."""

from __future__ import annotations

from tweestad.api.v1.answers import Words
from tweestad.api.v1.live_answers import LiveClassAnswer, LivePropertyAnswer, NormAnswer, SourceAnswer
from tweestad.legend.live import LiveClass, classes_of
from tweestad.model.feed_health import FeedHealth
from tweestad.model.live_layer import LiveLayer
from tweestad.model.observed_property import Norm
from tweestad.model.text import Language
from tweestad.vocabulary.properties import get_property


def source_answer(health: FeedHealth, language: Language) -> SourceAnswer:
    return SourceAnswer(
        id=health.source,
        title=Words.of(health.title),
        publisher=health.publisher,
        licence=health.licence,
        attribution=health.attribution,
        recording=health.recording,
        invented=health.invented,
        state=health.state,
        failure=health.why.in_language(language),
    )


def property_answer(layer: LiveLayer, observed: str) -> LivePropertyAnswer:
    found = get_property(observed)
    norm = layer.norms.get(observed)
    return LivePropertyAnswer(
        id=observed,
        title=Words.of(found.title),
        unit=found.shown,
        ucum=found.unit,
        decimals=found.decimals,
        classes=[_class(each) for each in classes_of(layer, observed)],
        norm=None if norm is None else norm_answer(norm),
    )


def norm_answer(norm: Norm) -> NormAnswer:
    return NormAnswer(name=Words.of(norm.name), limit=norm.limit, period=norm.period, source=norm.source)


def _class(each: LiveClass) -> LiveClassAnswer:
    return LiveClassAnswer.model_validate(
        {"from": each.lower, "to": each.upper, "value": each.value, "label": Words.of(each.label)}
    )
