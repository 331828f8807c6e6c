"""The weather at one invented station, as Buienradar passes it on."""

from __future__ import annotations

from tweestad.synthetic.contents.clock import dutch
from tweestad.synthetic.feeds.air import humidity, temperature
from tweestad.synthetic.feeds.asked import Asked, Files, as_json
from tweestad.synthetic.feeds.rhythm import DAY, HOUR, MINUTE, drift, floor_to


class Weather:
    """One station, every ten minutes."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def stations(self, asked: Asked) -> bytes:
        """The list of stations with what they measured last: this one measures no sight."""
        seed, at = self._files.seed, floor_to(asked.moment, 10 * MINUTE)
        lon, lat = self._files.rows("luchtmeters.geojson")[0]["geometry"]["coordinates"][:2]
        wind = max(0.4, 4.5 + 3.5 * drift(at, DAY, seed, "wind") + drift(at, HOUR, seed, "wind"))
        told = {
            "stationid": 6999,
            "stationname": "Meetstation Voorbeeldstad",
            "lat": round(lat, 2),
            "lon": round(lon, 2),
            "timestamp": dutch(at).strftime("%Y-%m-%dT%H:%M:%S"),
            "temperature": round(temperature(seed, at), 1),
            "humidity": round(humidity(seed, at)),
            "airpressure": round(1013 + 18 * drift(at, 4 * DAY, seed, "pressure"), 1),
            "windspeed": round(wind, 1),
            "windgusts": round(wind * 1.6, 1),
            "visibility": None,
            "winddirectiondegrees": round(220 + 120 * drift(at, 2 * DAY, seed, "direction")) % 360,
        }
        return as_json({"actual": {"stationmeasurements": [told]}})
