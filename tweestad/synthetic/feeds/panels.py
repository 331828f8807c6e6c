"""Two route panels: how long it takes to the centre, and where one can park. A third is out of order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property

from tweestad.synthetic.contents.clock import dutch, utc
from tweestad.synthetic.feeds.asked import Asked, Files, as_gzip
from tweestad.synthetic.feeds.rhythm import floor_to, shopping_share, traffic_share

_FIVE = dt.timedelta(minutes=5)
_VERSION = "3"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body>'
    '<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" modelBaseVersion="2"><payloadPublication '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{kind}" lang="nl">'
    "<publicationTime>{time}</publicationTime>"
)
_FOOT = "</payloadPublication></d2LogicalModel></SOAP:Body></SOAP:Envelope>"


class Panels:
    """The table of panels and what they show."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @cached_property
    def _places(self) -> list[tuple[float, float, str]]:
        """Longitude, latitude and street of three traffic gauges, beside which a panel stands."""
        rows = self._files.rows("verkeersmeetpunten.geojson")[::4][:3]
        return [(*row["geometry"]["coordinates"][:2], str(row["properties"]["naam"])) for row in rows]

    def table(self, asked: Asked) -> bytes:
        """Where the panels are, packed."""
        units = "".join(
            f'<vmsUnitRecord id="VBS05_VMS_{n}" version="1"><numberOfVms>1</numberOfVms>'
            f'<vmsRecord vmsIndex="1"><vmsRecord>'
            f'<vmsDescription><values><value lang="nl">DRIP {n} - {name}</value></values>'
            "</vmsDescription><vmsPhysicalMounting>roadsideMounted</vmsPhysicalMounting>"
            '<vmsType>colourGraphic</vmsType><vmsLocation xsi:type="Point"><locationForDisplay>'
            f"<latitude>{lat}</latitude><longitude>{lon}</longitude></locationForDisplay></vmsLocation>"
            "</vmsRecord></vmsRecord></vmsUnitRecord>"
            for n, (lon, lat, name) in enumerate(self._places, start=1)
        )
        head = _HEAD.format(kind="VmsTablePublication", time=utc(asked.moment))
        table = f'<vmsUnitTable id="NDW02_VMST" version="{_VERSION}">{units}</vmsUnitTable>'
        return as_gzip(f"{head}{table}{_FOOT}".encode())

    def status(self, asked: Asked) -> bytes:
        """What the panels have shown since the last five minutes, packed."""
        set_at = floor_to(asked.moment, _FIVE)
        minutes = round(4 + 9 * traffic_share(set_at) ** 2)
        full = shopping_share(set_at) > 0.85
        texts = (("Centrum", f"{minutes} min"), ("P1", "VOL" if full else "VRIJ"), ())
        units = "".join(self._shown(n, texts[n - 1], set_at) for n in range(1, len(self._places) + 1))
        head = _HEAD.format(kind="VmsPublication", time=utc(asked.moment))
        return as_gzip(f"{head}{units}{_FOOT}".encode())

    @staticmethod
    def _shown(number: int, lines: Sequence[str], set_at: dt.datetime) -> str:
        """One panel; without lines it is out of order. Times differ in zone, as in the real feed."""
        text = "".join(
            f'<vmsTextLine lineIndex="{n}"><vmsTextLine><vmsTextLine>{line}</vmsTextLine></vmsTextLine>'
            "</vmsTextLine>"
            for n, line in enumerate(lines, start=1)
        )
        page = f'<textPage pageNumber="1"><vmsText>{text}</vmsText></textPage>' if lines else ""
        time = dutch(set_at).isoformat(timespec="seconds") if number % 2 else utc(set_at)
        return (
            f'<vmsUnit><vmsUnitTableReference id="NDW02_VMST" version="{_VERSION}" '
            'targetClass="VmsUnitTable"/>'
            f'<vmsUnitReference id="VBS05_VMS_{number}" version="1" targetClass="VmsUnitRecord"/>'
            f'<vms vmsIndex="1"><vms><vmsWorking>{"true" if lines else "false"}</vmsWorking>'
            f'<vmsMessage messageIndex="1"><vmsMessage><timeLastSet>{time}</timeLastSet>{page}'
            "</vmsMessage></vmsMessage></vms></vms></vmsUnit>"
        )
