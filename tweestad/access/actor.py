"""The person or system behind a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tweestad.model.layer import Audience

Role = Literal[
    "visitor", "contributor", "group", "reviewer", "moderator", "analyst", "data_steward", "administrator"
]
ROLES: tuple[Role, ...] = (
    "visitor",
    "contributor",
    "group",
    "reviewer",
    "moderator",
    "analyst",
    "data_steward",
    "administrator",
)
STAFF_ROLES: frozenset[Role] = frozenset({"moderator", "analyst", "data_steward", "administrator"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with roles. Without roles: a visitor, who sees what is public and nothing else."""

    kind: Literal["anonymous", "person", "device", "system"] = "anonymous"
    id: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)

    @property
    def audiences(self) -> frozenset[Audience]:
        """The layer audiences that this actor belongs to."""
        return frozenset({"public", "staff"}) if self.roles & STAFF_ROLES else frozenset({"public"})


VISITOR = Actor()
