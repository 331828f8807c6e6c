"""One catalogue of words for pages, errors and the web build: `nl.json` and `en.json`."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from tweestad.model.text import Language


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All messages of a language by key, such as `card.source`."""
    text = files("tweestad.i18n").joinpath(f"{language}.json").read_text(encoding="utf-8")
    messages: dict[str, str] = json.loads(text)
    return messages


def say(key: str, language: Language = "nl", **values: object) -> str:
    """The message for a key with its `{names}` filled in; raises KeyError for an unknown key."""
    return catalogue(language)[key].format(**values)
