"""Several twins on one server: the first at `/`, the others below `/stad/{id}`.

Each twin keeps its own data folder, store and tiles; they share nothing but the process and the screen's own
files. A twin that is still being built is named in the chooser of the header and opens as soon as its build
is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from anyio import to_thread
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from tweestad.api.root import Neighbour, moved_below, root_of
from tweestad.app import TwinApp, create_app
from tweestad.build.presence import check_built
from tweestad.config import Config
from tweestad.errors import InputRejected, TweestadError
from tweestad.model.text import Text
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, parse_twin
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

PREFIX = "/stad/"


@dataclass(frozen=True, slots=True)
class Member:
    """A twin of the region: its id in the address, its name in the chooser, and where its data is."""

    id: str
    title: Text
    config: Config


def member_of(config: Config) -> Member:
    """The built twin in a data folder; raises InputRejected when there is none."""
    check_built(config)
    store = open_store(config.database_url, config.data_dir)
    try:
        twin = parse_twin(store.find_document(TWIN_KIND, TWIN_KEY) or {})
    finally:
        store.close()
    return Member(twin.id, twin.title, config)


class Region:
    """An ASGI app over twins; raises InputRejected when two of them have the same id."""

    def __init__(self, first: Member, others: Sequence[Member]) -> None:
        self._members = (first, *others)
        ids = [member.id for member in self._members]
        if len(set(ids)) < len(ids):
            raise InputRejected(f"two of these twins have the same id: {', '.join(sorted(ids))}")
        self._first = create_app(first.config, neighbours=self._neighbours)
        self._others = {member.id: member for member in others}
        self._apps: dict[str, TwinApp] = {}
        self._stores: list[Store] = []
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            try:
                await self._first(scope, receive, send)
            finally:
                for store in self._stores:
                    store.close()
            return
        member = self._member_at(scope["path"])
        app = await to_thread.run_sync(self._find_app, member) if member else None
        if member is None or app is None:
            await self._first(scope, receive, send)
        else:
            await app(moved_below(scope, PREFIX + member.id), receive, send)

    def end_streams(self) -> None:
        """Let those who follow changes go, so that the server can stop."""
        for app in (self._first, *self._apps.values()):
            app.end_streams()

    def _member_at(self, path: str) -> Member | None:
        if not path.startswith(PREFIX):
            return None
        return self._others.get(path.removeprefix(PREFIX).split("/", 1)[0])

    def _find_app(self, member: Member) -> TwinApp | None:
        """The app of a twin, opened at its first request; None while it is not built."""
        with self._lock:
            if member.id not in self._apps and is_ready(member):
                store = open_store(member.config.database_url, member.config.data_dir)
                self._stores.append(store)
                self._apps[member.id] = create_app(member.config, store=store, neighbours=self._neighbours)
            return self._apps.get(member.id)

    def _neighbours(self, request: Request) -> tuple[Neighbour, ...]:
        here = root_of(request)
        listed = []
        for member in self._members:
            first = member is self._members[0]
            address = "" if first else PREFIX + member.id
            ready = first or member.id in self._apps or is_ready(member)
            listed.append(Neighbour(member.title, address, here=here == address, ready=ready))
        return tuple(listed)


def is_ready(member: Member) -> bool:
    """Whether a build of this twin can be served."""
    with suppress(TweestadError):
        check_built(member.config)
        return True
    return False
