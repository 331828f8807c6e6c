"""The public documents of a twin by name, and its facts as such a document: kind `twin`, key `facts`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tweestad.model.layer import BaseMap, Twin
from tweestad.model.text import Text

TWIN_KIND = "twin"
TWIN_KEY = "facts"
# What the last build did, as far as everybody may know.
REPORT_KIND = "build"
REPORT_KEY = "report"


def twin_body(twin: Twin) -> dict[str, Any]:
    """The twin as plain JSON values; `parse_twin` gives it back."""
    return {
        "id": twin.id,
        "title": {"nl": twin.title.nl, "en": twin.title.en},
        "municipality": twin.municipality,
        "centre": [twin.centre[0], twin.centre[1]],
        "languages": list(twin.languages),
        "invented": twin.invented,
        "notice": {"nl": twin.notice.nl, "en": twin.notice.en},
        "contact": twin.contact,
        "bases": [
            {
                "id": base.id,
                "title": {"nl": base.title.nl, "en": base.title.en},
                "url": base.url,
                "attribution": base.attribution,
                "licence": base.licence,
            }
            for base in twin.bases
        ],
    }


def parse_twin(body: Mapping[str, Any]) -> Twin:
    """The twin of a document that `twin_body` made."""
    x, y = body["centre"]
    return Twin(
        id=body["id"],
        title=Text(body["title"]["nl"], body["title"]["en"]),
        municipality=body["municipality"],
        centre=(float(x), float(y)),
        languages=tuple(body["languages"]),
        invented=body["invented"],
        notice=Text(body["notice"]["nl"], body["notice"]["en"]),
        contact=body["contact"],
        bases=tuple(_base(each) for each in body.get("bases", ())),
    )


def _base(body: Mapping[str, Any]) -> BaseMap:
    title = Text(body["title"]["nl"], body["title"]["en"])
    return BaseMap(body["id"], title, body["url"], body["attribution"], body["licence"])
