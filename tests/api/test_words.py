"""The words of pages and errors: both languages have all of them."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import tweestad.api
from tweestad.api.problems import INTERNAL, KINDS, REJECTIONS, SENTENCES
from tweestad.i18n import catalogue
from tweestad.model.layer import QUALITIES
from tweestad.vocabulary.terms import GROUPS

SOURCES = Path(tweestad.api.__file__).parent
OURS = ("page.", "card.", "table.", "error.")


def places_in(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def asked_for() -> set[str]:
    """Keys in templates and code, and those that the table of errors makes."""
    found: set[str] = set()
    for path in [*SOURCES.rglob("*.html"), *SOURCES.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"""["']((?:page|card|table|error)\.[a-z0-9.-]*[a-z0-9])["']""", text))
    for kind in [*KINDS.values(), INTERNAL]:
        found |= {f"error.{kind}.title", f"error.{kind}.detail"}
    found |= {f"error.rejected.{code}" for code in REJECTIONS} | {
        f"card.{each}" for each in QUALITIES if each
    }
    found |= {f"card.group.{group}" for group in GROUPS}
    return found | {f"error.fault.{code}" for code in [*SENTENCES.values(), "invalid"]}


def test_both_languages_have_the_same_messages_with_the_same_places() -> None:
    dutch, english = catalogue("nl"), catalogue("en")
    ours = {key for key in dutch if key.startswith(OURS)}
    assert ours == {key for key in english if key.startswith(OURS)}
    for key in ours:
        assert places_in(dutch[key]) == places_in(english[key]), key
        assert dutch[key].strip()
        assert english[key].strip()


def test_every_message_that_is_asked_for_is_there() -> None:
    assert asked_for() - {"table.html", "card.html", "error.html"} <= set(catalogue("nl"))


def test_no_message_is_left_over() -> None:
    ours = {key for key in catalogue("nl") if key.startswith(OURS)}
    assert ours - asked_for() == set()
