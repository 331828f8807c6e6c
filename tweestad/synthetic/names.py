"""Names for streets, water and neighbourhoods that could be anywhere and are nowhere in particular."""

from __future__ import annotations

from collections.abc import Sequence

_FIRST = (
    "Linden", "Kastanje", "Beuken", "Esdoorn", "Wilgen", "Meidoorn", "Vlier", "Hazelaar", "Populieren",
    "Merel", "Lijster", "Zwaluw", "Kievit", "Leeuwerik", "Reiger", "Ooievaar", "Spreeuwen", "Nachtegaal",
    "Wevers", "Smeden", "Kuipers", "Touwslagers", "Bakkers", "Looiers", "Zeilmakers", "Metselaars",
    "Molen", "Haven", "Brug", "Poort", "Toren", "School", "Boomgaard", "Weide", "Akker", "Duin",
    "Klaver", "Korenbloem", "Papaver", "Lavendel", "Tulpen", "Narcissen", "Irissen", "Rozen",
)  # fmt: skip
_LAST = ("straat", "laan", "weg", "hof", "plein", "pad", "dreef", "kade", "steeg", "singel", "gracht")
_BEFORE = ("", "Nieuwe ", "Korte ", "Lange ", "Kleine ", "Grote ", "Eerste ", "Tweede ", "Derde ")
_FOUNDERS = ("Geertrui", "Machteld", "Cornelis", "Aleida", "Wouter", "Hendrikje", "Barent")
_QUARTERS = ("kwartier", "wijk", "dorp", "buurt", "veld", "park", "hoek", "oord")

OLD_TOWN: dict[str, str] = {
    "canal": "Oude Gracht",
    "ring canal": "Singel",
    "main": "Hoofdstraat",
    "quay west": "Gracht Westzijde",
    "quay east": "Gracht Oostzijde",
    "ring": "Ringstraat",
    "outer": "Singelweg",
    "west arc": "Lindenlaan",
    "west arc 2": "Meidoornlaan",
    "east arc": "Stationsweg",
    "lane west": "Weverssteeg",
    "lane east": "Kerkstraat",
    "radial north-west": "Molenpad",
    "radial south-west": "Boomgaardstraat",
    "radial north-east": "Parkweg",
    "radial south-east": "Schoolstraat",
    "park": "Stadspark",
    "pond": "Parkvijver",
    "court": "Hofje van Barent",
    "centre": "Binnenstad",
    "west": "Tuindorp",
    "east": "Oosterkwartier",
}


def name_of(part: str, number: int) -> str:
    """The name of a part of neighbourhood `number` ("" for no part); the old town, 0, has its own names."""
    if not part:
        return ""
    if number == 0:
        return OLD_TOWN[part]
    keys: Sequence[str] = tuple(OLD_TOWN)
    n = number * len(keys) + keys.index(part)
    first = _FIRST[(n * 7) % len(_FIRST)]
    before = _BEFORE[(n // len(_FIRST)) % len(_BEFORE)]
    if part == "court":
        return f"Hofje van {_FOUNDERS[number % len(_FOUNDERS)]}"
    quarter = _QUARTERS[n % len(_QUARTERS)]
    last = {"canal": "gracht", "ring canal": "singel", "park": "park", "pond": "vijver"} | dict.fromkeys(
        ("centre", "west", "east"), quarter
    )
    return f"{before}{first}{last.get(part, _LAST[n % len(_LAST)])}"
