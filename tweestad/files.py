"""Writing a file so that nobody ever reads half of it."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def write_atomically(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write beside the file, flush to disk, and rename: a reader sees the old bytes or the new ones.

    After a power cut either can be there, but whole. `durable` also flushes the folder, so that it is
    the new one; that is for what cannot be made again, not for each of a thousand tiles.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        flush_folder(path.parent)


def remove_durably(path: Path) -> None:
    """Remove a file, if it is there, so that it is not back after a power cut."""
    if path.exists():
        path.unlink()
        flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to disk: a rename is not safe before that."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
