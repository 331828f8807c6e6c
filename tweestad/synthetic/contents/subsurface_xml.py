"""Dispatch documents of the BRO as XML text: GMW 1.1 and BHR-GT 2.1.

Written as text because the values are our own and never hold a character that XML keeps for itself.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tweestad.synthetic.contents.subsurface import Borehole, Layer, Well

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SENT = "2026-04-16T11:00:00+02:00"
_COMMON = (
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:brocom="http://www.broservices.nl/xsd/brocommon/3.0" '
    'xmlns:gml="http://www.opengis.net/gml/3.2"'
)
_NOT_DONE = "".join(
    f"<brocom:{name}>nee</brocom:{name}>"
    for name in ("corrected", "underReview", "deregistered", "reregistered")
)


def well_document(well: Well, lonlat: tuple[float, float], owner: str) -> bytes:
    """A groundwater monitoring well (GMW_PO) with one tube."""
    registered = f"{well.built + dt.timedelta(days=30)}T10:17:39+02:00"
    body = (
        f'<GMW_PO gml:id="BRO_0003"><brocom:broId>{well.bro_id}</brocom:broId>{_party(owner)}'
        "<withPrehistory>nee</withPrehistory>"
        + _gmw("deliveryContext", "publiekeTaak")
        + _gmw("constructionStandard", "STOWAgwst")
        + _gmw("initialFunction", "stand")
        + "<removed>nee</removed><numberOfMonitoringTubes>1</numberOfMonitoringTubes>"
        f"<groundLevelStable>ja</groundLevelStable><wellCode>{well.code}</wellCode><owner>{owner}</owner>"
        + _gmw("wellHeadProtector", "potNietWaterdicht")
        + '<deliveredLocation><gmwcommon:location srsName="urn:ogc:def:crs:EPSG::28992" gml:id="BRO_0001">'
        f"<gml:pos>{well.x:.3f} {well.y:.3f}</gml:pos></gmwcommon:location>"
        + _gmw("gmwcommon:horizontalPositioningMethod", "RTKGPS0tot2cm")
        + "</deliveredLocation><deliveredVerticalPosition>"
        + _gmw("gmwcommon:localVerticalReferencePoint", "NAP")
        + '<gmwcommon:offset uom="m">0.000</gmwcommon:offset>'
        + _gmw("gmwcommon:verticalDatum", "NAP")
        + f'<gmwcommon:groundLevelPosition uom="m">{well.ground_nap_m:.3f}</gmwcommon:groundLevelPosition>'
        + _gmw("gmwcommon:groundLevelPositioningMethod", "RTKGPS0tot4cm")
        + f"</deliveredVerticalPosition>{_standardized(lonlat)}"
        f"{_registration(registered, 'geregistreerd', '')}"
        f"<wellHistory><wellConstructionDate><brocom:date>{well.built}</brocom:date></wellConstructionDate>"
        f"</wellHistory>{_tube(well)}</GMW_PO>"
    )
    spaces = (
        f'{_COMMON} xmlns:gmwcommon="http://www.broservices.nl/xsd/gmwcommon/1.1" '
        'xmlns="http://www.broservices.nl/xsd/dsgmw/1.1"'
    )
    return _dispatch(spaces, body)


def _tube(well: Well) -> str:
    plain = well.tube_top_nap_m - well.screen_top_nap_m
    return (
        "<monitoringTube><tubeNumber>1</tubeNumber>"
        + _gmw("tubeType", "standaardbuis")
        + "<artesianWellCapPresent>nee</artesianWellCapPresent><sedimentSumpPresent>nee</sedimentSumpPresent>"
        '<numberOfGeoOhmCables>0</numberOfGeoOhmCables><tubeTopDiameter uom="mm">63</tubeTopDiameter>'
        "<variableDiameter>nee</variableDiameter>"
        + _gmw("tubeStatus", "gebruiksklaar")
        + f'<tubeTopPosition uom="m">{well.tube_top_nap_m:.3f}</tubeTopPosition>'
        + _gmw("tubeTopPositioningMethod", "RTKGPS0tot4cm")
        + "<tubePartInserted>nee</tubePartInserted><tubeInUse>ja</tubeInUse><materialUsed>"
        + _gmw("gmwcommon:tubePackingMaterial", "bentoniet")
        + _gmw("gmwcommon:tubeMaterial", "peHighDensity")
        + _gmw("gmwcommon:glue", "geen")
        + '</materialUsed><screen><screenLength uom="m">1.000</screenLength>'
        + _gmw("sockMaterial", "nylon")
        + f'<screenTopPosition uom="m">{well.screen_top_nap_m:.3f}</screenTopPosition>'
        f'<screenBottomPosition uom="m">{well.screen_bottom_nap_m:.3f}</screenBottomPosition></screen>'
        f'<plainTubePart><gmwcommon:plainTubePartLength uom="m">{plain:.3f}</gmwcommon:plainTubePartLength>'
        "</plainTubePart></monitoringTube>"
    )


def borehole_document(hole: Borehole, lonlat: tuple[float, float], owner: str) -> bytes:
    """A geotechnical borehole with its described layers (BHR_GT_O)."""
    registered = f"{hole.date + dt.timedelta(days=14)}T11:22:45+02:00"
    day = f"<brocom:date>{hole.date}</brocom:date>"
    completed = f"<brocom:registrationCompletionTime>{registered}</brocom:registrationCompletionTime>"
    body = (
        f'<BHR_GT_O gml:id="BRO_0003"><brocom:broId>{hole.bro_id}</brocom:broId>{_party(owner)}'
        + _bhr("deliveryContext", "publiekeTaak", "")
        + _bhr("surveyPurpose", "bouwwerkConstructie", "")
        + _bhr("discipline", "geotechniek", "")
        + _bhr("surveyProcedure", "EN1997d2v2007", "")
        + f"<researchReportDate>{day}</researchReportDate>"
        "<siteCharacteristicDetermined>nee</siteCharacteristicDetermined>"
        f"{_registration(registered, 'voltooid', completed)}"
        f"<reportHistory><reportStartDate>{day}</reportStartDate><reportEndDate>{day}</reportEndDate>"
        "</reportHistory><deliveredLocation><bhrgtcom:location>"
        '<gml:Point srsName="urn:ogc:def:crs:EPSG::28992" gml:id="BRO_0001">'
        f"<gml:pos>{hole.x:.3f} {hole.y:.3f}</gml:pos></gml:Point></bhrgtcom:location>"
        f"<bhrgtcom:horizontalPositioningDate>{day}</bhrgtcom:horizontalPositioningDate>"
        + _bhr("horizontalPositioningMethod", "RTKGPS0tot2cm")
        + "</deliveredLocation><deliveredVerticalPosition>"
        + _bhr("localVerticalReferencePoint", "maaiveld")
        + f'<bhrgtcom:offset uom="m">{hole.ground_nap_m:.3f}</bhrgtcom:offset>'
        + _bhr("verticalDatum", "NAP")
        + f"<bhrgtcom:verticalPositioningDate>{day}</bhrgtcom:verticalPositioningDate>"
        + _bhr("verticalPositioningMethod", "RTKGPS0tot4cm")
        + f"</deliveredVerticalPosition>{_standardized(lonlat)}{_boring(hole, day)}{_log(hole, day)}"
        + "</BHR_GT_O>"
    )
    spaces = (
        f'xmlns:swe="http://www.opengis.net/swe/2.0" {_COMMON} '
        'xmlns:bhrgtcom="http://www.broservices.nl/xsd/bhrgtcommon/2.1" '
        'xmlns="http://www.broservices.nl/xsd/dsbhr-gt/2.1"'
    )
    return _dispatch(spaces, body)


def _boring(hole: Borehole, day: str) -> str:
    depth = f"{hole.depth_m:.2f}"
    interval = (
        '<bhrgtcom:beginDepth uom="m">0.00</bhrgtcom:beginDepth>'
        f'<bhrgtcom:endDepth uom="m">{depth}</bhrgtcom:endDepth>'
    )
    return (
        f"<boring><bhrgtcom:boringStartDate>{day}</bhrgtcom:boringStartDate>"
        f"<bhrgtcom:boringEndDate>{day}</bhrgtcom:boringEndDate>"
        + _bhr("preparation", "geen")
        + "<bhrgtcom:trajectoryExcavated>nee</bhrgtcom:trajectoryExcavated>"
        "<bhrgtcom:rockReached>nee</bhrgtcom:rockReached>"
        + _bhr("boringProcedure", "SIKB2101vanafV3.3")
        + f'<bhrgtcom:finalDepthBoring uom="m">{depth}</bhrgtcom:finalDepthBoring>'
        + _bhr("stopCriterion", "einddoel")
        + '<bhrgtcom:groundwaterLevel uom="m">1.20</bhrgtcom:groundwaterLevel>'
        + _bhr("samplingProcedure", "ISO22475d1v2019")
        + f'<bhrgtcom:finalDepthSampling uom="m">{depth}</bhrgtcom:finalDepthSampling>'
        "<bhrgtcom:subsurfaceContaminated>nee</bhrgtcom:subsurfaceContaminated>"
        f"<bhrgtcom:boreholeCompleted>ja</bhrgtcom:boreholeCompleted><bhrgtcom:boredInterval>{interval}"
        + _bhr("boringTechnique", "mechanischPulsen")
        + '<bhrgtcom:boredDiameter uom="mm">133</bhrgtcom:boredDiameter></bhrgtcom:boredInterval>'
        f"<bhrgtcom:sampledInterval>{interval}"
        + _bhr("preTreatment", "geen")
        + _bhr("samplingMethod", "opDiepteLosroeren")
        + _bhr("samplingQuality", "klasseE")
        + "</bhrgtcom:sampledInterval></boring>"
    )


def _log(hole: Borehole, day: str) -> str:
    return (
        f"<boreholeSampleDescription><bhrgtcom:descriptionReportDate>{day}</bhrgtcom:descriptionReportDate>"
        + _bhr("descriptionProcedure", "ISO14688d1v2019c2020")
        + "<bhrgtcom:descriptiveBoreholeLog>"
        + _bhr("descriptionQuality", "klasse2geroerd")
        + "<bhrgtcom:continuouslySampled>ja</bhrgtcom:continuouslySampled>"
        + _bhr("descriptionLocation", "veld")
        + _bhr("describedMaterial", "grond")
        + _bhr("sampleMoistness", "veldvochtig")
        + "<bhrgtcom:boreholeLogChecked>nee</bhrgtcom:boreholeLogChecked>"
        + "".join(_layer(layer) for layer in hole.layers)
        + "</bhrgtcom:descriptiveBoreholeLog></boreholeSampleDescription>"
    )


def _layer(layer: Layer) -> str:
    return (
        f'<bhrgtcom:layer><bhrgtcom:upperBoundary uom="m">{layer.top_m:.2f}</bhrgtcom:upperBoundary>'
        + _boundary("upperBoundaryDetermination")
        + f'<bhrgtcom:lowerBoundary uom="m">{layer.bottom_m:.2f}</bhrgtcom:lowerBoundary>'
        + _boundary("lowerBoundaryDetermination")
        + f"<bhrgtcom:anthropogenic>{'ja' if layer.made else 'nee'}</bhrgtcom:anthropogenic><bhrgtcom:soil>"
        + _bhr("geotechnicalSoilName", layer.soil)
        + _bhr("tertiaryConstituent", "puin" if layer.made else "geen")
        + _bhr("colour", layer.colour)
        + _bhr("dispersedInhomogeneity", "geen")
        + "</bhrgtcom:soil></bhrgtcom:layer>"
    )


def _dispatch(spaces: str, body: str) -> bytes:
    text = (
        f"{_HEAD}<dispatchDataResponse {spaces}><brocom:responseType>dispatch</brocom:responseType>"
        "<brocom:requestReference>-</brocom:requestReference>"
        f"<brocom:dispatchTime>{_SENT}</brocom:dispatchTime><dispatchDocument>{body}</dispatchDocument>"
        "</dispatchDataResponse>"
    )
    return text.encode()


def _party(owner: str) -> str:
    return (
        f"<brocom:deliveryAccountableParty>{owner}</brocom:deliveryAccountableParty>"
        "<brocom:qualityRegime>IMBRO</brocom:qualityRegime>"
    )


def _registration(registered: str, status: str, completed: str) -> str:
    return (
        f"<registrationHistory><brocom:objectRegistrationTime>{registered}</brocom:objectRegistrationTime>"
        f'<brocom:registrationStatus codeSpace="urn:bro:RegistrationStatus">{status}'
        f"</brocom:registrationStatus>{completed}{_NOT_DONE}</registrationHistory>"
    )


def _standardized(lonlat: tuple[float, float]) -> str:
    """The place in ETRS89, latitude first, as the register adds it."""
    lon, lat = lonlat
    return (
        '<standardizedLocation><brocom:location srsName="urn:ogc:def:crs:EPSG::4258" gml:id="BRO_0002">'
        f"<gml:pos>{lat:.9f} {lon:.9f}</gml:pos></brocom:location>"
        '<brocom:coordinateTransformation codeSpace="urn:bro:CoordinateTransformation">RDNAPTRANS2018'
        "</brocom:coordinateTransformation></standardizedLocation>"
    )


def _gmw(name: str, value: str) -> str:
    local = name.rpartition(":")[2]
    return f'<{name} codeSpace="urn:bro:gmw:{local[0].upper()}{local[1:]}">{value}</{name}>'


def _bhr(name: str, value: str, prefix: str = "bhrgtcom:") -> str:
    code = f"urn:bro:bhrgt:{name[0].upper()}{name[1:]}"
    return f'<{prefix}{name} codeSpace="{code}">{value}</{prefix}{name}>'


def _boundary(name: str) -> str:
    code = "urn:bro:bhrgt:BoundaryPositioningMethod"
    return f'<bhrgtcom:{name} codeSpace="{code}">afgeleid</bhrgtcom:{name}>'
