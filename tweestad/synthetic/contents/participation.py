"""What residents gave, in every state that there is, and one decision of the council with its history.

Nobody is named: a giver is "bewoner" and a number, an official is a role. Places are middles of cells of
250 m.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import RECORDED, utc
from tweestad.synthetic.contents.layer_files import lonlat, write_json, write_lines
from tweestad.synthetic.contents.plans import Plan
from tweestad.synthetic.contents.setting import Setting

# The way to each state; the last one is where the contribution is now.
PATHS: dict[str, tuple[str, ...]] = {
    "concept": ("concept",),
    "ingediend": ("concept", "ingediend"),
    "in_beoordeling": ("concept", "ingediend", "in_beoordeling"),
    "gepubliceerd": ("concept", "ingediend", "in_beoordeling", "gepubliceerd"),
    "gepubliceerd_indicatief": ("concept", "ingediend", "in_beoordeling", "gepubliceerd_indicatief"),
    "aangepast": ("concept", "ingediend", "in_beoordeling", "gepubliceerd", "aangepast"),
    "afgewezen": ("concept", "ingediend", "in_beoordeling", "afgewezen"),
    "ingetrokken": ("concept", "ingediend", "ingetrokken"),
    "verborgen": ("concept", "ingediend", "in_beoordeling", "gepubliceerd", "verborgen"),
}
SENSOR_PATHS: dict[str, tuple[str, ...]] = {
    "registered": ("registered",),
    "trial": ("registered", "trial"),
    "published": ("registered", "trial", "published"),
    "paused": ("registered", "trial", "published", "paused"),
    "retired": ("registered", "trial", "published", "retired"),
    "refused": ("registered", "trial", "refused"),
    "private": ("registered", "trial", "private"),
}
_KINDS = {
    "correctie": ("Boom is gekapt", "Op deze plek staat geen boom meer."),
    "idee": ("Meer schaduw op het plein", "Zet hier bomen of een pergola."),
    "dataset": ("Telling van fietsen", "Wij telden een week lang fietsen bij de school."),
    "methode": ("Fijnstof bij vochtig weer", "Een formule die de meting bij mist verbetert."),
    "ervaring": ("Lawaai in de nacht", "Na elf uur rijden hier veel scooters."),
}
_REASONS = {
    "afgewezen": "De plek ligt buiten de gemeente.",
    "verborgen": "De tekst noemt een persoon.",
    "aangepast": "De beheerder heeft het register verbeterd.",
    "refused": "De meetwaarden zijn drie dagen lang gelijk.",
}


def write_participation(folder: Path, setting: Setting, plans: tuple[Plan, ...]) -> None:
    """Contributions as JSON lines, the decision as one JSON document."""
    write_lines(folder / "bijdragen.jsonl", _contributions(setting))
    write_json(folder / "besluit.json", _decision(setting, plans[0] if plans else None))


def _contributions(setting: Setting) -> Iterator[dict[str, Any]]:
    number = 0
    for kind, (title, text) in _KINDS.items():
        for path in PATHS.values():
            number += 1
            yield _contribution(setting, number, kind, title, text, path)
    for path in SENSOR_PATHS.values():
        number += 1
        yield _contribution(setting, number, "sensor", "Fijnstofmeter", "Zelf gebouwd, op het balkon.", path)


def _contribution(
    setting: Setting, number: int, kind: str, title: str, text: str, path: tuple[str, ...]
) -> dict[str, Any]:
    chance = Chance(setting.seed, "contribution", number)
    near = chance.one_of(setting.buildings)
    x, y = (math.floor(value / 250) * 250 + 125 for value in (near.x, near.y))
    given = RECORDED - dt.timedelta(days=chance.whole(10, 300), minutes=chance.whole(0, 900))
    giver = f"bewoner {number}"
    history = []
    for n, state in enumerate(path):
        handled = state in ("in_beoordeling", "afgewezen", "verborgen", "aangepast", "refused")
        step = {
            "state": state,
            "at": utc(given + dt.timedelta(days=2 * n)),
            "by": "moderator" if handled else giver,
            "reason": _REASONS.get(state),
        }
        history.append(step)
    return {
        "id": _id(setting.seed, "contribution", number),
        "kind": kind,
        "state": path[-1],
        "title": title,
        "text": text,
        "place": {"type": "Point", "coordinates": list(lonlat(x, y))},
        "layer": "bomen" if kind == "correctie" else None,
        "given": utc(given),
        "by": giver,
        "support": chance.whole(0, 60) if kind == "idee" else None,
        "licence": "CC0-1.0",
        "history": history,
    }


def _decision(setting: Setting, plan: Plan | None) -> dict[str, Any]:
    """A plan from first idea to council decision: each step with its date, and what changed by whom."""
    at = "https://voorbeeldstad.invalid/raad"
    steps = (
        ("2024-03-05", "idee", "college", "Startnotitie voor een school en woningen.", "startnotitie"),
        ("2024-09-17", "ter inzage", "college", "Ontwerp zes weken ter inzage; 23 reacties.", "ontwerp"),
        (
            "2025-01-14",
            "aangepast",
            "college",
            "School een bouwlaag lager; 14 bomen blijven.",
            "nota-van-antwoord",
        ),
        ("2025-04-22", "aangehouden", "raad", "De raad vraagt een berekening van de looptijd.", "motie"),
        ("2025-06-10", "vastgesteld", "raad", "Vastgesteld met 19 tegen 8 stemmen.", "raadsbesluit"),
        ("2025-09-01", "onherroepelijk", "rechtbank", "Geen beroep ingesteld.", "mededeling"),
    )
    return {
        "id": _id(setting.seed, "decision", 1),
        "number": "R2025-031",
        "title": {"nl": "School en woningen", "en": "School and homes"},
        "plan": plan.id if plan else None,
        "state": steps[-1][1],
        "history": [
            {"date": date, "state": state, "by": by, "what": what, "document": f"{at}/{name}"}
            for date, state, by, what, name in steps
        ],
        "consultation": {
            "opened": "2024-09-17",
            "closed": "2024-10-29",
            "reactions": [
                {"id": _id(setting.seed, "reaction", n), "about": about, "answer": answer, "changed": changed}
                for n, (about, answer, changed) in enumerate(_REACTIONS, start=1)
            ],
        },
        "design": "ontwerp-school.ifc",
        "runs": [],
    }


_REACTIONS = (
    ("De school wordt te hoog.", "De bovenste bouwlaag vervalt.", True),
    ("Er verdwijnen te veel bomen.", "Veertien bomen blijven staan.", True),
    ("Het wordt drukker in de straat.", "Het verkeer blijft onder de grens.", False),
)


def _id(seed: int, *purpose: object) -> str:
    """Sixteen base32 characters."""
    digest = hashlib.sha256("/".join(str(part) for part in (seed, *purpose)).encode()).digest()
    return base64.b32encode(digest[:10]).decode().lower()
