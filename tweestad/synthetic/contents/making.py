"""Writes all contents of the town, once: the same seed and the same form give the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tweestad.files import write_atomically
from tweestad.synthetic.contents.air import write_air
from tweestad.synthetic.contents.charging import write_charging
from tweestad.synthetic.contents.design import write_design
from tweestad.synthetic.contents.energy import write_energy
from tweestad.synthetic.contents.estate import write_estate
from tweestad.synthetic.contents.facilities import facilities_of, write_facilities
from tweestad.synthetic.contents.figures import write_figures
from tweestad.synthetic.contents.green import write_green
from tweestad.synthetic.contents.listing import CONTENTS
from tweestad.synthetic.contents.parking import write_parking
from tweestad.synthetic.contents.participation import write_participation
from tweestad.synthetic.contents.pipes import write_pipes
from tweestad.synthetic.contents.plans import plans_of, write_plans
from tweestad.synthetic.contents.register import register_of, write_register
from tweestad.synthetic.contents.setting import read_setting
from tweestad.synthetic.contents.shared_mobility import write_shared_mobility
from tweestad.synthetic.contents.subsurface import write_subsurface
from tweestad.synthetic.contents.surroundings import write_noise, write_water_level
from tweestad.synthetic.contents.terrain import write_terrain
from tweestad.synthetic.contents.traffic import write_traffic
from tweestad.synthetic.contents.transit import write_transit
from tweestad.synthetic.town import FILES

_STAMP = "contents.json"
_OPTIONAL = ("hoogtepunten.laz",)


def write_contents(folder: Path, *, seed: int) -> None:
    """Write the contents of the town whose form is in this folder, unless exactly these are there already."""
    stamp = {"seed": seed, "form": _hash_of([folder / name for name in FILES]), "program": _program()}
    done = folder / _STAMP
    if _stamp_of(done) == stamp and not missing_files(folder):
        return
    done.unlink(missing_ok=True)
    setting = read_setting(folder, seed=seed)
    register = register_of(setting)
    facilities, plans = facilities_of(register), plans_of(setting)
    write_register(folder, register)
    write_figures(folder, register)
    write_energy(folder, register)
    write_terrain(folder, setting)
    write_green(folder, setting)
    write_pipes(folder, setting)
    write_subsurface(folder, setting)
    write_traffic(folder, setting)
    write_air(folder, setting)
    write_charging(folder, setting)
    write_shared_mobility(folder, setting)
    write_parking(folder, setting)
    write_transit(folder, setting)
    write_noise(folder, setting)
    write_water_level(folder, setting)
    write_facilities(folder, facilities)
    write_estate(folder, register, facilities)
    write_plans(folder, plans)
    write_design(folder, setting, plans)
    write_participation(folder, setting, plans)
    write_atomically(done, json.dumps(stamp).encode())


def missing_files(folder: Path) -> list[str]:
    """The names in the listing of which there is no file; the point cloud may be left out."""
    names = (each.name for each in CONTENTS if each.name not in _OPTIONAL)
    return [name for name in names if not any(folder.glob(name))]


def _program() -> str:
    """A hash of the program that writes the contents."""
    return _hash_of(sorted(Path(__file__).parent.glob("*.py")))


def _hash_of(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _stamp_of(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
