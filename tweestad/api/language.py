"""Which language an answer is in: Dutch, unless the reader asks for English."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from tweestad.i18n import say
from tweestad.model.text import Language


def language_of_page(request: Request) -> Language:
    """Pages follow `?taal=en` in their own address, so that a link keeps its language."""
    return "en" if request.query_params.get("taal") == "en" else "nl"


def language_of_answer(request: Request) -> Language:
    """The API follows Accept-Language (RFC 9110, 12.5.4); Dutch where both are equally welcome."""
    weights = {"nl": 0.0, "en": 0.0}
    for part in request.headers.get("accept-language", "")[:500].split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], quality(parameters))
    return "en" if weights["en"] > weights["nl"] else "nl"


def quality(parameters: str) -> float:
    """The `q` of an Accept-like header part: 1 when it is not there, 0 when it is no number."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def speak(language: Language, key: str, **values: Any) -> str:
    """The message for a key; braces in the values are left alone."""
    return say(key, language, **values)
