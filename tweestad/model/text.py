"""A text for people, in Dutch and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["nl", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Dutch and English. English falls back to Dutch when it is empty."""

    nl: str
    en: str = ""

    def in_language(self, language: Language) -> str:
        return (self.en or self.nl) if language == "en" else self.nl
