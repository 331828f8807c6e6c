"""Which feed of the town answers which address of the real services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from tweestad.synthetic.feeds.air import Air
from tweestad.synthetic.feeds.asked import Asked, Files
from tweestad.synthetic.feeds.panels import Panels
from tweestad.synthetic.feeds.places import Bays, CarParks, Charging, Shared, StationBicycles
from tweestad.synthetic.feeds.situations import Situations
from tweestad.synthetic.feeds.traffic import Traffic
from tweestad.synthetic.feeds.transit import Transit
from tweestad.synthetic.feeds.water import CanalLevels, Wells
from tweestad.synthetic.feeds.weather import Weather

Answer = Callable[[Asked], bytes | None]

PARTS: Mapping[str, tuple[str, ...]] = {
    "bro-grondwater": ("search",),
    "gehandicaptenplaatsen": ("ndw",),
    "knmi": ("stations",),
    "laadpunten": ("locations",),
    "luchtmeetnet": ("stations", "measurements"),
    "ndw-routeborden": ("panels", "status"),
    "ndw-situaties": ("situations", "bridges", "works", "zones"),
    "ndw-verkeer": ("sites", "minute"),
    "ov-fiets": ("locations",),
    "ov-haltes": ("stops", "departures"),
    "parkeergarages": ("index",),
    "rws-water": ("catalogue", "latest"),
    "samen-meten": ("things", "values"),
    "sensor-community": ("values",),
    "deelauto": ("index",),
    "deelfiets": ("index",),
}
"""The requests of the sources that the town answers; it has no other sources."""


class TownFeeds:
    """All feeds of the town whose files are in a folder."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self._files = Files(folder, seed)

    def find(self, asked: Asked) -> bytes | None:
        """The answer, packed where the real file is; None for an address that no feed of the town has."""
        path = asked.path.rstrip("/")
        exact = self._exact.get((asked.host, path))
        if exact is not None:
            return exact(asked)
        for (host, start), answer in self._below.items():
            if asked.host == host and path.startswith(start):
                return answer(asked)
        return None

    @cached_property
    def _exact(self) -> Mapping[tuple[str, str], Answer]:
        traffic, panels, situations = Traffic(self._files), Panels(self._files), Situations(self._files)
        air, canals = self._air, CanalLevels(self._files)
        ndw, rws = "opendata.ndw.nu", "ddapi20-waterwebservices.rijkswaterstaat.nl"
        return {
            (ndw, "/measurement_current.xml.gz"): traffic.table,
            (ndw, "/trafficspeed.xml.gz"): traffic.minute,
            (ndw, "/LocatietabelDRIPS.xml.gz"): panels.table,
            (ndw, "/DRIPS.xml.gz"): panels.status,
            (ndw, "/actueel_beeld.xml.gz"): situations.now,
            (ndw, "/planningsfeed_brugopeningen.xml.gz"): situations.bridges,
            (ndw, "/planningsfeed_wegwerkzaamheden_en_evenementen.xml.gz"): situations.works,
            (ndw, "/emissiezones.xml.gz"): situations.zones,
            (ndw, "/charging_point_locations_ocpi.json.gz"): Charging(self._files).locations,
            ("data.ndw.nu", "/api/rest/static-road-data/traffic-signs/v4/current-state"): Bays(
                self._files
            ).signs,
            ("api.luchtmeetnet.nl", "/open_api/stations"): air.stations,
            ("api.luchtmeetnet.nl", "/open_api/measurements"): air.measurements,
            ("api-samenmeten.rivm.nl", "/v1.0/Things"): air.things,
            ("data.buienradar.nl", "/2.0/feed/json"): Weather(self._files).stations,
            ("fiets.openov.nl", "/locaties.json"): StationBicycles(self._files).locations,
            ("gtfs.ovapi.nl", "/govi/gtfs-kv7-latest.zip"): self._transit.stops,
            ("npropendata.rdw.nl", "/parkingdata/v2"): self._parks.index,
            ("publiek.broservices.nl", "/gm/gmw/v1/characteristics/searches"): self._wells.search,
            (rws, "/METADATASERVICES/OphalenCatalogus"): canals.catalogue,
            (rws, "/ONLINEWAARNEMINGENSERVICES/OphalenLaatsteWaarnemingen"): canals.latest,
        }

    @cached_property
    def _below(self) -> Mapping[tuple[str, str], Answer]:
        """Addresses that end in a name of their own."""
        return {
            ("api.luchtmeetnet.nl", "/open_api/stations/"): self._air.station,
            ("api-samenmeten.rivm.nl", "/v1.0/Things("): self._air.values,
            ("data.sensor.community", "/airrohr/v1/filter/"): self._air.community,
            ("gbfs.voorbeeldstad.invalid", "/"): Shared(self._files).answer,
            ("npropendata.rdw.nl", "/parkingdata/v2/static/"): self._parks.static,
            ("npropendata.rdw.nl", "/parkingdata/v2/dynamic/"): self._parks.dynamic,
            ("publiek.broservices.nl", "/gm/gmw/v1/objects/"): self._wells.well,
            ("publiek.broservices.nl", "/gm/v1/gmw-relations/"): self._wells.relations,
            ("publiek.broservices.nl", "/gm/gld/v1/objectsAsCsv/"): self._wells.levels,
            ("v0.ovapi.nl", "/tpc/"): self._transit.departures,
        }

    @cached_property
    def _air(self) -> Air:
        return Air(self._files)

    @cached_property
    def _parks(self) -> CarParks:
        return CarParks(self._files)

    @cached_property
    def _transit(self) -> Transit:
        return Transit(self._files)

    @cached_property
    def _wells(self) -> Wells:
        return Wells(self._files)
