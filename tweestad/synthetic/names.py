"""Names for streets, water and quarters that could be anywhere and are nowhere in particular."""

from __future__ import annotations

_CRAFTS = (
    "Wevers", "Smeden", "Kuipers", "Touwslagers", "Bakkers", "Looiers", "Zeilmakers", "Metselaars",
    "Vissers", "Turf", "Kaas", "Wol", "Hout", "Appel", "Zout", "Korte", "Lange", "Brouwers", "Molenaars",
    "Schippers", "Manden", "Boter", "Ververs", "Klokken",
)  # fmt: skip
_TREES = (
    "Linden", "Kastanje", "Beuken", "Esdoorn", "Wilgen", "Meidoorn", "Vlier", "Hazelaar", "Populieren",
    "Iepen", "Elzen", "Berken", "Acacia", "Eiken", "Sparren", "Olmen", "Platanen", "Lijsterbes", "Jasmijn",
    "Seringen", "Ligusters", "Hulst", "Taxus", "Notelaar",
)  # fmt: skip
_BIRDS = (
    "Merel", "Lijster", "Zwaluw", "Kievit", "Leeuwerik", "Reiger", "Ooievaar", "Spreeuwen", "Nachtegaal",
    "Vinken", "Meeuwen", "Roerdomp", "Grutto", "Tureluur", "Wulpen", "Sperwer", "Valken", "Koekoek",
    "Fazanten", "Kwartel", "Zwanen", "Eider", "Fuut", "Scholekster",
)  # fmt: skip
_FLOWERS = (
    "Klaver", "Korenbloem", "Papaver", "Lavendel", "Tulpen", "Narcissen", "Irissen", "Rozen", "Dotterbloem",
    "Lisdodde", "Zuring", "Kamille", "Munt", "Salie", "Tijm", "Boterbloem", "Margriet", "Klaproos", "Vlas",
    "Riet", "Zegge", "Waterlelie", "Zonnedauw", "Kalmoes",
)  # fmt: skip
_WORKS = (
    "Ambachts", "Nijverheids", "Handels", "Energie", "Zuivel", "Graan", "Staal", "Turbine", "Transport",
    "Magazijn", "Weeg", "Kranen", "Draaibank", "Hamer", "Aambeeld", "Vijl", "Radar", "Meter", "Machine",
    "Werk", "Pers", "Zaag", "Lood", "Koper",
)  # fmt: skip
_LAND = (
    "Weide", "Akker", "Polder", "Sloot", "Dijk", "Hooi", "Koeien", "Gruttoland", "Terp", "Veen", "Klei",
    "Boomgaard", "Wetering", "Kade", "Meent", "Kamp", "Broek", "Horst", "Eng", "Wei", "Laar", "Rietland",
    "Maat", "Hoeve",
)  # fmt: skip
_THEMES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "centre": (_CRAFTS, ("straat", "steeg", "straat"), "Binnenstad"),
    "streets": (_CRAFTS[7:] + _CRAFTS[:7], ("straat",), "kwartier"),
    "station": (_LAND[11:] + _LAND[:11], ("straat",), "Stationsbuurt"),
    "garden": (_TREES, ("laan", "laan", "hof"), "park"),
    "park": (_TREES[12:] + _TREES[:12], ("laan", "pad"), "oord"),
    "woonerf": (_BIRDS, ("erf", "hof", "meent"), "buurt"),
    "flats": (_BIRDS[12:] + _BIRDS[:12], ("dreef",), "flats"),
    "new": (_FLOWERS, ("kade", "straat", "hof"), "veld"),
    "business": (_WORKS, ("weg", "weg", "straat"), "terrein"),
    "sports": (_FLOWERS[12:] + _FLOWERS[:12], ("pad", "weg"), "sportpark"),
    "farm": (_LAND, ("weg", "laan"), "polder"),
}
_BEFORE = (
    "", "Nieuwe ", "Kleine ", "Grote ", "Eerste ", "Tweede ", "Derde ", "Verre ", "Hoge ", "Lage ", "Groene ",
    "Stille ", "Noorder", "Ooster", "Zuider", "Wester", "Midden", "Achter", "Voor", "Over",
)  # fmt: skip
_RING = {-1: "Wester", 2: "Ooster"}, {-1: "Zuider", 2: "Noorder"}
_MAIN = {0: "Westersingel", 1: "Oostersingel"}, {0: "Zuidersingel", 1: "Stationsweg"}
_PLACES = ("Meer", "Veen", "Water", "Zand", "Hoog", "Laag", "Oud", "Nieuw", "Rijs", "Lis", "Wolf", "Heer")
_ENDS = ("dorp", "wijk", "hoven", "broek", "woude", "rade", "hem", "kerke", "dam", "lo", "horst", "zijl")


def street_name(kind: str, ordinal: int, district: int, n: int) -> str:
    """The n-th street of the cell that is the `ordinal`-th of its kind in its district."""
    words, ends, _ = _THEMES[kind]
    k = ordinal * 8 + n
    word = words[k % len(words)]
    end = ends[(n + district) % len(ends)]
    before = _BEFORE[(k // len(words) + district) % len(_BEFORE)]
    return _joined(before, word + end)


def quarter_name(kind: str, ordinal: int, district: int) -> str:
    """The name of a buurt."""
    words, _, end = _THEMES[kind]
    before = _BEFORE[district % len(_BEFORE)]
    if end[0].isupper():
        return _joined(before, end)
    return _joined(before, words[(ordinal * 8) % len(words)] + end)


def district_name(district: int, part: int) -> str:
    """The name of a wijk: the town itself has three, every other district is one."""
    if district == 0:
        return ("Centrum", "West", "Oost")[part]
    k = district - 1
    name = _PLACES[k % len(_PLACES)] + _ENDS[(k // len(_PLACES) + k) % len(_ENDS)]
    return _joined(_BEFORE[k // 144], name)


def road_name(axis: int, line: int, district: int) -> str:
    """The name of a main road: `axis` 0 runs north, 1 runs east; `line` counts within the district."""
    before = _BEFORE[district % len(_BEFORE)]
    if line in (-1, 2):
        return _joined(before, _RING[axis][line] + "ring")
    if line in (0, 1):
        return _joined(before, _MAIN[axis][line])
    return _joined(before, _LAND[(district * 2 + axis) % len(_LAND)] + "weg")


def _joined(before: str, name: str) -> str:
    return before + name if before.endswith(" ") or not before else before + name.lower()
