"""Functions for workers: they must stand at the top of a module."""

from __future__ import annotations

import os
import signal
import time

from tweestad.errors import InputRejected


def shout(key: str) -> tuple[str, int]:
    """The key in capitals, and the process that did it."""
    return key.upper(), os.getpid()


def refuse(key: str) -> str:
    """Nothing is right here."""
    raise InputRejected("this is wrong", where=key)


def die(key: str) -> str:
    """End as the kernel ends a process that takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return key


def sleep(key: str) -> str:
    """Take far longer than a test may."""
    time.sleep(60)
    return key
