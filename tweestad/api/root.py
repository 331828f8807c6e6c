"""Where a twin is reached: below which address its own `/` lies.

A twin that is alone on its server has the root "". One of several, or one behind a proxy that serves it
below a path, has a root such as `/stad/alkmaar`: requests arrive without it, and every address that an
answer gives starts with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Scope

from tweestad.model.text import Text

_KEY = "tweestad.root"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A twin of this server: `address` is its root, `here` when it is this one, `ready` when it is built."""

    title: Text
    address: str
    here: bool
    ready: bool


Neighbours = Callable[[Request], tuple[Neighbour, ...]]
"""The twins of this server, in the order of the chooser, for the twin behind a request."""


def no_neighbours(_: Request) -> tuple[Neighbour, ...]:
    """A twin that is alone on its server."""
    return ()


def root_of(request: Request) -> str:
    """The root of the twin behind this request: empty, or a path that does not end in a slash."""
    root: str = request.scope.get(_KEY, "")
    return root


def below(request: Request, path: str) -> str:
    """The address of a path of this twin (`/lijst`) as the client must ask for it."""
    return root_of(request) + path


def moved_below(scope: Scope, root: str) -> Scope:
    """The same request as the twin below `root` sees it; the path of the scope must start with `root`."""
    rest = {**scope, _KEY: scope.get(_KEY, "") + root, "path": scope["path"].removeprefix(root) or "/"}
    if raw := scope.get("raw_path"):
        # What is encoded stays encoded; the root itself holds plain characters only.
        rest["raw_path"] = raw.removeprefix(root.encode()) or b"/"
    return rest
