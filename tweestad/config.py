"""The settings of one running twin, read once at the edge and passed on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """Where the twin keeps its data and how it is served.

    `data_dir` holds `tweestad.sqlite`, `blobs/` and `tiles/`. `database_url` empty means that SQLite
    file; else `postgresql://…`. `open_data` is the folder that `{open_data}` in twin.toml stands for.
    `processes` draw buildings; 0 is one per core, at most four.
    """

    data_dir: Path
    database_url: str = ""
    open_data: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Config:
        """Read TWEESTAD_DATA, TWEESTAD_DATABASE, TWEESTAD_PROCESSES, OPEN_DATA, HOST and PORT."""
        env = os.environ if environment is None else environment
        open_data = env.get("OPEN_DATA", "")
        return cls(
            data_dir=Path(env.get("TWEESTAD_DATA", "var/twin")),
            database_url=env.get("TWEESTAD_DATABASE", ""),
            open_data=Path(open_data) if open_data else None,
            host=env.get("HOST", "127.0.0.1"),
            port=int(env.get("PORT", "8000")),
            processes=int(env.get("TWEESTAD_PROCESSES", "0")),
        )

    @property
    def tiles_dir(self) -> Path:
        """Public files only: everything below this folder is served to anyone."""
        return self.data_dir / "tiles"

    @property
    def blobs_dir(self) -> Path:
        return self.data_dir / "blobs"
