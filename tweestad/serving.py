"""Serves built twins: one web process on one port."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Callable, Mapping, Sequence

import uvicorn

from tweestad.app import create_app
from tweestad.build.presence import check_built
from tweestad.config import Config
from tweestad.errors import TweestadError
from tweestad.region import Member, Region, member_of

_SHUTDOWN_S = 5


class _Announcing(uvicorn.Server):
    """Says where the twin is as soon as it answers there, and ends open streams before it stops."""

    def __init__(
        self,
        config: uvicorn.Config,
        name: str,
        address: str,
        *,
        when_ready: Callable[[], None] = lambda: None,
        end_streams: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(config)
        self._name = name
        self._address = address
        self._when_ready = when_ready
        self._end_streams = end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"{self._name} is ready: {self._address}", flush=True)
            self._when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)


def serve(
    config: Config, others: Sequence[Member] = (), *, when_ready: Callable[[], None] = lambda: None
) -> int:
    """Serve until interrupted; returns the exit code. The other twins are served below `/stad/{id}`.

    Raises InputRejected when there is no built twin in the data folder, and TweestadError when the port
    cannot be had.
    """
    check_built(config)
    opened = open_port(config.host, config.port)
    port = opened.getsockname()[1]
    shown = "localhost" if config.host in ("127.0.0.1", "0.0.0.0", "::", "") else config.host  # noqa: S104
    # Warnings only: a line per request would tell who looked at what.
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = Region(member_of(config), others) if others else create_app(config)
    settings = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_S,
    )
    address = f"http://{shown}:{port}"
    server = _Announcing(settings, "Tweestad", address, when_ready=when_ready, end_streams=app.end_streams)
    server.run(sockets=[opened])
    return 0 if server.started else 1


def serve_replay(configs: Mapping[str, Config], port: int) -> int:
    """Replay recordings for these twins, by name, on this machine alone, until interrupted."""
    from tweestad.feeds.replay.server import create_replay  # noqa: PLC0415 - the twin itself starts without
    from tweestad.feeds.replay.twins import Twins  # noqa: PLC0415

    opened = open_port("127.0.0.1", port)
    settings = uvicorn.Config(
        create_replay(Twins(configs).find),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = _Announcing(settings, "Replay", f"http://127.0.0.1:{opened.getsockname()[1]}")
    server.run(sockets=[opened])
    return 0 if server.started else 1


def open_port(host: str, port: int) -> socket.socket:
    """A socket bound to the address; raises TweestadError with one sentence when that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except (OSError, OverflowError) as exc:
        opened.close()
        if isinstance(exc, OSError) and exc.errno == errno.EADDRINUSE:
            raise TweestadError(
                f"port {port} is in use: stop what is there, or choose another with --port or PORT"
            ) from exc
        raise TweestadError(f"{host}:{port} cannot be listened on: {exc}") from exc
    return opened
