"""Settings that are refused before anything starts."""

from __future__ import annotations

import pytest

from tweestad.config import Config, parse_origins
from tweestad.errors import InputRejected


def test_websites_that_may_embed_are_listed_between_commas() -> None:
    config = Config.from_environment({"TWEESTAD_EMBED": " https://www.voorbeeld.nl, http://localhost:9000 "})
    assert config.embed_origins == ("https://www.voorbeeld.nl", "http://localhost:9000")
    assert Config.from_environment({}).embed_origins == ()


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.voorbeeld.nl",
        "www.voorbeeld.nl",
        "http://www.voorbeeld.nl",
        "https://www.voorbeeld.nl/pad",
        "https://u:p@voorbeeld.nl",
        "https://voorbeeld.nl; script-src *",
        "'self'",
    ],
)
def test_what_is_no_website_is_refused(origin: str) -> None:
    with pytest.raises(InputRejected, match="TWEESTAD_EMBED"):
        parse_origins(origin)
