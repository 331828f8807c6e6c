"""Units as UCUM knows them, for a closed list: spelled one way, and turned into one another.

Only what is in the tables below is a unit. Text of a feed or a user is looked up, never computed: a unit that
is not known stays as it was written, and its values are not converted.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """`value * factor + offset` is the value in the first unit of its `kind`."""

    kind: str
    factor: float
    offset: float = 0.0


UNITS: dict[str, Unit] = {
    "1": Unit("number", 1.0), "%": Unit("number", 0.01), "[ppth]": Unit("number", 1e-3),
    "ug/m3": Unit("mass in air", 1.0), "mg/m3": Unit("mass in air", 1e3),
    "ng/m3": Unit("mass in air", 1e-3),
    "/cm3": Unit("number in air", 1.0), "/m3": Unit("number in air", 1e-6),
    "m": Unit("length", 1.0), "km": Unit("length", 1e3), "dm": Unit("length", 0.1),
    "cm": Unit("length", 0.01), "mm": Unit("length", 1e-3),
    "m/s": Unit("speed", 1.0), "km/h": Unit("speed", 1 / 3.6), "[kn_i]": Unit("speed", 1852 / 3600),
    "Cel": Unit("temperature", 1.0), "K": Unit("temperature", 1.0, -273.15),
    "[degF]": Unit("temperature", 5 / 9, -160 / 9),
    "Pa": Unit("pressure", 1.0), "hPa": Unit("pressure", 100.0), "kPa": Unit("pressure", 1e3),
    "mbar": Unit("pressure", 100.0), "bar": Unit("pressure", 1e5),
    "s": Unit("time", 1.0), "min": Unit("time", 60.0), "h": Unit("time", 3600.0), "d": Unit("time", 86_400.0),
    "/h": Unit("rate", 1.0), "/min": Unit("rate", 60.0), "/s": Unit("rate", 3600.0),
    "m3/s": Unit("discharge", 1.0), "L/s": Unit("discharge", 1e-3), "m3/h": Unit("discharge", 1 / 3600),
    "W": Unit("power", 1.0), "kW": Unit("power", 1e3), "MW": Unit("power", 1e6), "GW": Unit("power", 1e9),
    "kW.h": Unit("energy", 1.0), "MW.h": Unit("energy", 1e3), "GW.h": Unit("energy", 1e6),
    "MJ": Unit("energy", 1 / 3.6), "J": Unit("energy", 1 / 3.6e6),
    "J/cm2": Unit("radiation", 1.0), "W/m2": Unit("irradiance", 1.0),
    "kg": Unit("mass", 1.0), "g": Unit("mass", 1e-3), "t": Unit("mass", 1e3),
    "kg/(kW.h)": Unit("mass per energy", 1.0), "g/(kW.h)": Unit("mass per energy", 1e-3),
    "uS/cm": Unit("conductivity", 1.0),
    "mS/cm": Unit("conductivity", 1e3), "S/m": Unit("conductivity", 1e4),
    "deg": Unit("angle", 1.0), "dB(A)": Unit("sound", 1.0), "[pH]": Unit("acidity", 1.0),
    "V": Unit("voltage", 1.0),
    "A": Unit("current", 1.0),
}  # fmt: skip

# What feeds write, after NFKC and in small letters (which makes the two Unicode signs for µ one).
_SPELLINGS = {
    "µg/m³": "ug/m3", "ug/m³": "ug/m3", "ug/m3": "ug/m3", "µg/m^3": "ug/m3", "ug/m^3": "ug/m3",
    "microgram/m3": "ug/m3", "µg/m3": "ug/m3", "ug.m-3": "ug/m3", "mg/m³": "mg/m3", "mg/m3": "mg/m3",
    "°c": "Cel", "c": "Cel", "degc": "Cel", "celsius": "Cel", "cel": "Cel", "oc": "Cel", "graden c": "Cel",
    "k": "K", "kelvin": "K", "°f": "[degF]",
    "%": "%", "percent": "%", "%rh": "%", "% rh": "%", "procent": "%",
    "hpa": "hPa", "pa": "Pa", "kpa": "kPa", "mbar": "mbar", "millibar": "mbar", "bar": "bar",
    "m": "m", "meter": "m", "metre": "m", "cm": "cm", "dm": "dm", "mm": "mm", "km": "km", "m nap": "m",
    "cm nap": "cm", "m/s": "m/s", "m s-1": "m/s", "km/h": "km/h", "km/u": "km/h", "knots": "[kn_i]",
    "m3/s": "m3/s", "l/s": "L/s", "s": "s", "sec": "s", "min": "min", "h": "h", "uur": "h",
    "us/cm": "uS/cm", "µs/cm": "uS/cm", "ms/cm": "mS/cm", "s/m": "S/m",
    "db(a)": "dB(A)", "dba": "dB(A)", "db": "dB(A)", "ph": "[pH]", "v": "V", "volt": "V", "a": "A",
    "w": "W", "kw": "kW", "kwh": "kW.h", "mwh": "MW.h", "w/m2": "W/m2", "kg": "kg", "°": "deg", "deg": "deg",
    "graden": "deg", "degree": "deg", "1": "1", "#/cm3": "/cm3", "1/cm3": "/cm3",
}  # fmt: skip


def find_unit(told: str) -> str | None:
    """The UCUM unit that a feed means, None when it is not in the list."""
    if told.strip() in UNITS:
        return told.strip()
    plain = unicodedata.normalize("NFKC", told).strip().casefold().replace("μ", "µ")
    return _SPELLINGS.get(plain)


def can_convert(source: str, target: str) -> bool:
    """Whether both are known and of one kind."""
    return source == target or (
        source in UNITS and target in UNITS and UNITS[source].kind == UNITS[target].kind
    )


def convert(value: float, source: str, target: str) -> float:
    """Turn a value in `source` into one in `target`; raises KeyError unless `can_convert`."""
    if source == target:
        return value
    if not can_convert(source, target):
        raise KeyError(f"{source} is not {target}")
    here, there = UNITS[source], UNITS[target]
    return (value * here.factor + here.offset - there.offset) / there.factor
