"""The settings of one running twin, read once at the edge and passed on."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tweestad.errors import InputRejected

# Scheme and host as a browser names them in `Origin`: no path, no user, no wildcard.
_ORIGIN = re.compile(
    r"(https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|http://(?:localhost|127\.0\.0\.1))(?::\d{1,5})?"
)


@dataclass(frozen=True, slots=True)
class Config:
    """Where the twin keeps its data and how it is served.

    `data_dir` holds `tweestad.sqlite`, `blobs/` and `tiles/`. `database_url` empty means that SQLite
    file; else `postgresql://…`. `open_data` is the folder that `{open_data}` in twin.toml stands for.
    `processes` draw buildings; 0 is one per core, at most four. `embed_origins` are the websites that
    may show the map in a frame. `stream_clients` is how many may follow changes at once, in all and from
    one address. `public_url` is scheme and host by which others reach the server; empty is
    as each of them named it.
    """

    data_dir: Path
    database_url: str = ""
    open_data: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 0
    embed_origins: tuple[str, ...] = ()
    stream_clients: int = 2_000
    stream_clients_per_address: int = 50
    public_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Config:
        """Read the variables of docs/settings.md.

        Raises InputRejected for a website that is no origin.
        """
        env = os.environ if environment is None else environment
        open_data = env.get("OPEN_DATA", "")
        return cls(
            data_dir=Path(env.get("TWEESTAD_DATA", "var/twin")),
            database_url=env.get("TWEESTAD_DATABASE", ""),
            open_data=Path(open_data) if open_data else None,
            host=env.get("HOST", "127.0.0.1"),
            port=int(env.get("PORT", "8000")),
            processes=int(env.get("TWEESTAD_PROCESSES", "0")),
            embed_origins=parse_origins(env.get("TWEESTAD_EMBED", "")),
            stream_clients=int(env.get("TWEESTAD_STREAM_CLIENTS", "2000")),
            stream_clients_per_address=int(env.get("TWEESTAD_STREAM_CLIENTS_PER_ADDRESS", "50")),
            public_url=parse_public_url(env.get("TWEESTAD_URL", "")),
        )

    @property
    def tiles_dir(self) -> Path:
        """Public files only: everything below this folder is served to anyone."""
        return self.data_dir / "tiles"

    @property
    def blobs_dir(self) -> Path:
        return self.data_dir / "blobs"


def parse_public_url(text: str) -> str:
    """Scheme and host of this server, or nothing; raises InputRejected for anything else."""
    if text and not _ORIGIN.fullmatch(text):
        raise InputRejected(
            f"{text!r} is not scheme and host: write https:// and the host", where="TWEESTAD_URL"
        )
    return text


def parse_origins(text: str) -> tuple[str, ...]:
    """Websites between commas, such as `https://www.example.nl`; raises InputRejected for anything else."""
    origins = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise InputRejected(
                f"{origin!r} is not a website: write https:// and the host, without a path or a *",
                where="TWEESTAD_EMBED",
            )
    return origins
