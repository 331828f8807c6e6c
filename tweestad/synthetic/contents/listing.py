"""Every file of the contents of Voorbeeldstad: its name, the format it follows, and what is in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A file under `{generated}`; a name with `*` stands for several alike."""

    name: str
    follows: str
    holds: str


CONTENTS = (
    ContentFile(
        "verblijfsobjecten.fgb", "BAG, FlatGeobuf", "units: use, area, building, address, energy class"
    ),
    ContentFile("adressen.fgb", "BAG, FlatGeobuf", "addresses: street, number, postcode, id of each"),
    ContentFile("energielabels.csv", "EP-Online", "energy labels of units, by BAG id"),
    ContentFile(
        "buurtcijfers.geojson", "CBS key figures", "buurten: inhabitants by age, households, homes, cars"
    ),
    ContentFile("wijkcijfers.geojson", "CBS key figures", "the same per wijk: sums of its buurten"),
    ContentFile("bevolking-leeftijd.csv", "CBS, long form", "inhabitants per wijk, year and age"),
    ContentFile(
        "energie-wijken.csv", "CBS energy per wijk", "power, gas, heat, solar and CO2 per wijk and year"
    ),
    ContentFile(
        "energie-wijken.geojson", "the same, as areas", "the newest year, with the shape of each wijk"
    ),
    ContentFile("energiedoel.csv", "own", "the council's target line: CO2 and renewable share by year"),
    ContentFile(
        "hoogtepunten.laz", "AHN, LAZ 1.4, EPSG:7415", "height points: ground (2), building (6), water (9)"
    ),
    ContentFile("bomen.fgb", "tree register, BGT ids", "trees: species, height, crown, year planted"),
    ContentFile("riolering.fgb", "GWSW", "sewers: kind, material, diameter, levels at both ends, year"),
    ContentFile("rioolputten.fgb", "GWSW", "manholes: ground level, bottom, depth"),
    ContentFile("leidingen.fgb", "IMKL-like", "mains for water, gas and power; the depth of some is unknown"),
    ContentFile("bro/GMW*.xml", "BRO GMW 1.1", "groundwater wells with their tube and screen"),
    ContentFile(
        "bro/GLD*_full.csv.gz", "BRO GLD report", "levels of a well, a day each, with their judgement"
    ),
    ContentFile("bro/GLD*_series.csv.gz", "BRO GLD series", "the same levels as one series"),
    ContentFile("bro/BHR*.xml", "BRO BHR-GT 2.1", "boreholes with their layers of soil"),
    ContentFile("peilbuizen.geojson", "points of the above", "wells"),
    ContentFile("boorgaten.geojson", "points of the above", "boreholes"),
    ContentFile(
        "live/snelheden_en_intensiteiten_meetgegevens.xml.gz", "NDW, DATEX II v3", "one minute of traffic"
    ),
    ContentFile(
        "live/snelheden_en_intensiteiten_configuratie_meetlocaties.xml.gz",
        "NDW, DATEX II v3",
        "the sites and what each index means",
    ),
    ContentFile("verkeersmeetpunten.geojson", "points of the above", "traffic gauges"),
    ContentFile("live/luchtmeetnet-stations.json", "Luchtmeetnet API", "the list of stations"),
    ContentFile("live/luchtmeetnet-station-*.json", "Luchtmeetnet API", "one station"),
    ContentFile("live/luchtmeetnet-measurements-*.json", "Luchtmeetnet API", "a page of hourly values"),
    ContentFile(
        "live/samenmeten-things.json", "SensorThings 1.0, RIVM", "home sensors with their datastreams"
    ),
    ContentFile("live/samenmeten-observations.json", "SensorThings 1.0, RIVM", "a day of values by address"),
    ContentFile("live/sensor-community.json", "Sensor.Community", "the newest values of home sensors"),
    ContentFile("luchtmeters.geojson", "points of the above", "stations and home sensors, in cells of 250 m"),
    ContentFile(
        "live/charging_point_locations_ocpi.json.gz", "OCPI 2.2.1 locations", "charging points and status"
    ),
    ContentFile("laadpalen.geojson", "points of the above", "charging points and how many are free"),
    ContentFile("live/gbfs-deelauto/*.json", "GBFS 3.0", "shared cars: stations and vehicles"),
    ContentFile("live/gbfs-deelfiets/*.json", "GBFS 3.0", "shared bikes: stations and vehicles"),
    ContentFile("deelvervoer.geojson", "points of the above", "stations and what is there"),
    ContentFile(
        "live/parking/*.json", "NPR open parking data", "car parks: index, static and dynamic answers"
    ),
    ContentFile("parkeergarages.geojson", "points of the above", "car parks and what is free"),
    ContentFile(
        "invalideparkeerplaatsen.geojson", "Amsterdam parkeervakken", "disabled bays with their regime"
    ),
    ContentFile("live/gtfs-voorbeeldstad.zip", "GTFS", "two bus lines with stops, trips and shapes"),
    ContentFile("haltes.geojson", "points of the above", "bus stops"),
    ContentFile("geluid.geojson", "noise map, Lden classes", "areas per class of 5 dB along streets"),
    ContentFile("live/rws-waterstand.csv", "RWS Waterinfo", "three days of the level of the canal"),
    ContentFile("scholen.geojson", "DUO with coordinates", "schools and how many pupils"),
    ContentFile(
        "voorzieningen.geojson", "OpenStreetMap tags", "schools, doctors, shops, library, sport, playgrounds"
    ),
    ContentFile(
        "maatschappelijk-vastgoed.csv", "own, keyed on BAG", "social real estate: use, condition, costs"
    ),
    ContentFile("maatschappelijk-vastgoed.geojson", "points of the above", "the same with a place"),
    ContentFile("plannen.geojson", "EIB housing plans", "plans: state, homes by kind and period"),
    ContentFile("plan-fasen.csv", "own", "the phases of each plan with their homes"),
    ContentFile("ontwerp-school.ifc", "IFC 4, millimetres", "the design of a school, placed in RD and NAP"),
    ContentFile("bijdragen.jsonl", "own, JSON lines", "contributions of residents in every state"),
    ContentFile("besluit.json", "own, JSON", "one decision of the council with its history"),
)
