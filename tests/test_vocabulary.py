"""Every word of the vocabulary is there in Dutch and English, and can be found by its id."""

from __future__ import annotations

from typing import get_args

import pytest

from tweestad.errors import NotFound
from tweestad.model.layer import ColumnType
from tweestad.vocabulary.terms import GROUPS, get_term, term_ids


@pytest.mark.parametrize("term_id", sorted(term_ids()))
def test_a_term_has_words_in_both_languages(term_id: str) -> None:
    term = get_term(term_id)
    assert term.title.nl
    assert term.title.en
    assert term.type in get_args(ColumnType)
    assert term.group in GROUPS
    assert (term.type == "codes") == bool(term.codes)
    for code, words in (term.codes or {}).items():
        assert words.nl, code
        assert words.en, code
    if term.low is not None and term.high is not None:
        assert term.low < term.high


def test_an_unknown_term_is_not_found() -> None:
    with pytest.raises(NotFound, match="no term ‘hoogt’"):
        get_term("hoogt")
