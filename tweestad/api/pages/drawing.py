"""Draws pages from templates. Everything from the data is text: Jinja escapes it, nothing is marked safe."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tweestad.api.assets import Assets
from tweestad.api.language import language_of_page, speak
from tweestad.api.limits import LIMITS
from tweestad.api.pages import wording
from tweestad.api.root import Neighbours, no_neighbours, root_of
from tweestad.model.layer import Twin
from tweestad.model.text import Language

PAGE_STYLE = "src/styles/pages.css"


class Drawing:
    """The templates, and what each may use: `say`, `link`, `number`, `date`, the twin, its neighbours."""

    def __init__(self, assets: Assets, neighbours: Neighbours = no_neighbours) -> None:
        self._assets = assets
        self._neighbours = neighbours
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, request: Request, twin: Twin, template: str, **values: Any) -> HTMLResponse:
        """The page in the language of the request."""
        language, root = language_of_page(request), root_of(request)
        text = self._environment.get_template(template).render(
            language=language,
            say=partial(speak, language),
            words=lambda text: text.in_language(language),
            link=partial(link, language, root),
            root=root,
            neighbours=self._neighbours(request),
            other_language=_other_language(request, language),
            number=lambda value: wording.number(value, language),
            date=lambda value: wording.date(value, language),
            twin=twin,
            findable=kinds_words(twin.place_kinds, language),
            brand=twin.title.in_language(language).removeprefix("Tweestad").strip(),
            styles=self._assets.entry(PAGE_STYLE).styles,
            **values,
        )
        return HTMLResponse(text, headers={"Content-Language": language, "Cache-Control": "no-cache"})


def kinds_words(kinds: Sequence[str], language: Language) -> str:
    """The kinds of places in words: “straat, buurt of water”; “plek” when there is nothing to find."""
    words = [speak(language, f"map.place.{kind}") for kind in kinds or ("place",)]
    if len(words) == 1:
        return words[0]
    return speak(language, "page.search.or", first=", ".join(words[:-1]), last=words[-1])


def link(language: Language, root: str, path: str, **query: object) -> str:
    """The address of a path below the root of the twin, keeping the language; empty values are left out.

    A list stands for a key that comes several times.
    """
    asked = {key: value for key, value in query.items() if value not in (None, "", [])}
    if language == "en":
        asked["taal"] = "en"
    address = root + path
    return f"{address}?{urlencode(asked, doseq=True)}" if asked else address


def feature_path(layer: str, feature_id: str) -> str:
    """The page of one feature. The slashes in an id stay: its route takes the whole rest."""
    return f"/lijst/{quote(layer, safe='')}/{quote(feature_id)}"


def object_path(ref: str) -> str:
    return f"/object/{quote(ref)}"


def map_path(layer: str, feature_id: str) -> str:
    """The map with this feature chosen; `link` adds the query."""
    return f"{layer}/{feature_id}"


def _other_language(request: Request, language: Language) -> str:
    """This same page in the other language; the map for an address that was refused for its length.

    One slash in front: `//x` would be another host.
    """
    address = len(request.scope["query_string"]) + len(request.scope.get("raw_path") or b"")
    if address > LIMITS.query_bytes:
        return link("en" if language == "nl" else "nl", root_of(request), "/")
    query = [(key, value) for key, value in request.query_params.multi_items() if key not in {"taal", "deel"}]
    if language == "nl":
        query.append(("taal", "en"))
    path = root_of(request) + "/" + quote(request.scope["path"].lstrip("/"))
    return f"{path}?{urlencode(query)}" if query else path
