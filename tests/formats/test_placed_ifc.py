"""An IFC on the map: in the right place whatever its unit, or refused with what has to be given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.formats.city_samples import objects_of, reasons_of
from tests.formats.design_samples import NAP, WALL_ID, X, Y, ifc, written
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import Passed
from tweestad.formats.design.ifc import parse_ifc
from tweestad.formats.design.isolated import DEFAULT_ALLOWANCE, Allowance
from tweestad.formats.design.model import Place
from tweestad.formats.design.placed import read_placed
from tweestad.model.city_object import CityObject
from tweestad.model.layer import Rejected

ROTTERDAM = "planning/rotterdam-laan-op-zuid_massamodel_ifc4.ifc"
FOOT = (
    "#12=IFCCONVERSIONBASEDUNIT(#13,.LENGTHUNIT.,'METER',#14);\n#13=IFCDIMENSIONALEXPONENTS(1,0,0,0,0,0,0);\n"
)
FOOT += "#14=IFCMEASUREWITHUNIT(IFCRATIOMEASURE(0.3048),#15);\n#15=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);"
METRE = "#12=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);"
MM = (X * 1000, Y * 1000, NAP * 1000)


def read(
    path: Path, place: Place | None = None, allowance: Allowance = DEFAULT_ALLOWANCE
) -> list[CityObject | Rejected | Passed]:
    return list(read_placed(path, "ifc", place, allowance))


def box(found: list[CityObject | Rejected | Passed]) -> list[float]:
    [wall] = [each for each in found if isinstance(each, CityObject)]
    assert wall.shape is not None
    return [*wall.shape.vertices.min(axis=0).tolist(), *wall.shape.vertices.max(axis=0).tolist()]


@pytest.mark.parametrize(
    "text",
    [
        ifc(conversion=MM),
        ifc(conversion=MM, map_unit="#12", more=FOOT),  # "METER", but 0.3048 of one: seen in a real file
        ifc(conversion=(X, Y, NAP), map_unit="#12", scale="0.001", more=METRE),
        ifc(conversion=(X, Y, NAP), map_unit="#12", more=METRE),
        ifc(conversion=(X, Y, NAP)),
        ifc(metres=1.0),
        ifc(metres=1.0, scale="1.", crs="EPSG:7415"),
        ifc(conversion=(MM[0], MM[1], MM[2] + 2000), origin=2.0),  # its zero point is 2 m above its own zero
    ],
    ids=["mm", "mm, wrong unit", "m, scale", "m, named", "m, not named", "all m", "scale 1", "own zero"],
)
def test_a_wall_stands_in_the_same_place_whatever_unit_its_file_uses(tmp_path: Path, text: str) -> None:
    # In this process, which is safe with our own files and saves eight starts of another.
    design = parse_ifc(written(tmp_path, "a.ifc", text))
    assert design.matrix is not None
    xyz = design.vertices @ design.matrix[:3, :3].T + design.matrix[:3, 3]
    np.testing.assert_allclose(xyz.min(axis=0), [X - 5, Y - 3, NAP], atol=0.0011)
    np.testing.assert_allclose(xyz.max(axis=0), [X + 5, Y + 3, NAP + 3], atol=0.0011)


def test_a_wall_keeps_its_name_class_and_id_and_a_room_is_passed_over(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.ifc", ifc(conversion=MM)))
    [wall] = [each for each in found if isinstance(each, CityObject)]
    assert (wall.key, wall.type) == (WALL_ID, "IfcWall")
    assert wall.attributes == {
        "name": "Muur",
        "ifc_class": "IfcWall",
        "global_id": WALL_ID,
        "container": None,
    }
    assert [each.type for each in found if isinstance(each, Passed)] == ["IfcSpace"]
    assert shapely.area(shapely.from_wkb(wall.footprint)) == pytest.approx(60.0, abs=0.1)


def test_a_map_conversion_turns_the_model(tmp_path: Path) -> None:
    found = read(written(tmp_path, "a.ifc", ifc(conversion=MM, axis="0.,1.")))
    np.testing.assert_allclose(box(found)[:2], [X - 3, Y - 5], atol=0.001)


def test_a_model_without_a_map_conversion_asks_for_its_place_and_stands_there(tmp_path: Path) -> None:
    path = written(tmp_path, "a.ifc", ifc(conversion=None))
    with pytest.raises(InputRejected, match=r"give place = \{x = …, y = …, nap = …, rotation_deg = …\}"):
        read(path)
    found = read(path, Place(122_000, 486_000, -0.5, rotation_deg=90))
    np.testing.assert_allclose(box(found), [121_997, 485_995, -0.5, 122_003, 486_005, 2.5], atol=0.001)


@pytest.mark.parametrize(
    "text",
    [
        ifc(crs="EPSG:25832"),
        ifc(conversion=(500.0, 5_000.0, 0.0)),
        ifc(conversion=MM, scale="7."),
        ifc(conversion=MM),
    ],
    ids=["foreign", "elsewhere", "scaled", "good"],
)
def test_a_place_that_is_given_goes_before_whatever_the_file_says(tmp_path: Path, text: str) -> None:
    found = read(written(tmp_path, "a.ifc", text), Place(122_000, 486_000, -0.5, rotation_deg=90))
    np.testing.assert_allclose(box(found), [121_997, 485_995, -0.5, 122_003, 486_005, 2.5], atol=0.001)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ifc(crs="EPSG:25832"), "leads to ‘EPSG:25832’, not to Dutch RD"),
        (ifc(conversion=(500.0, 5_000.0, 0.0)), "leads out of the Netherlands in any unit"),
        (ifc(conversion=MM, scale="7."), "scale of its map conversion is 7"),
        ("hallo", "this is not IFC"),
        ("ISO-10303-21;\nHEADER;", "the program that reads it broke down"),
        (ifc().replace("IFCWALL(", "IFCTUIN("), "broke down|no product"),
        (ifc().split("#20=", maxsplit=1)[0], "no product with a shape|broke down"),
        (ifc().replace("#24=", "#99="), "broke down|no product|Rejected"),
    ],
)
def test_what_cannot_be_placed_or_read_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, "a.ifc", text)
    try:
        found = read(path)
    except InputRejected as exc:
        assert str(exc).startswith("a.ifc: ")  # noqa: PT017 - some of these are rejected as one object
        assert any(each in str(exc) for each in said.split("|"))  # noqa: PT017
    else:
        assert "Rejected" in said
        assert WALL_ID in reasons_of([each for each in found if not isinstance(each, Passed)])


def test_a_model_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    # Each solid is the union of the one before with itself, moved: twice the work at every step.
    steps = ["#100=IFCBOOLEANRESULT(.UNION.,#24,#24);"]
    steps += [f"#{n}=IFCBOOLEANRESULT(.UNION.,#{n - 1},#{n - 1});" for n in range(101, 160)]
    text = ifc(conversion=MM, more="\n".join(steps)).replace("'SweptSolid',(#24)", "'CSG',(#159)")
    with pytest.raises(InputRejected, match="took more than 2 s of computing"):
        read(written(tmp_path, "a.ifc", text), allowance=Allowance(cpu_s=2))


def test_a_part_outside_the_country_is_rejected_and_the_rest_kept(tmp_path: Path) -> None:
    far = "#30=IFCCARTESIANPOINT((900000000.,0.,0.));\n#31=IFCAXIS2PLACEMENT3D(#30,$,$);\n"
    far += "#32=IFCLOCALPLACEMENT($,#31);\n#33=IFCSLAB('3abcdefghijklmnopqrstu',$,$,$,$,#32,#26,$,$);"
    found = [
        e for e in read(written(tmp_path, "a.ifc", ifc(conversion=MM, more=far))) if not isinstance(e, Passed)
    ]
    assert [each.key for each in objects_of(found)] == [WALL_ID]
    assert "outside the Dutch RD grid" in reasons_of(found)["3abcdefghijklmnopqrstu"]


@pytest.mark.open_data
def test_the_plot_in_rotterdam_stands_where_its_millimetres_say(open_data: Path) -> None:
    found = objects_of([e for e in read(open_data / ROTTERDAM) if not isinstance(e, Passed)])
    assert [each.type for each in found] == ["IfcBuildingElementProxy"] * 3
    plot, cube, _ = found
    assert plot.shape is not None
    assert cube.shape is not None
    sides = np.sort(
        np.linalg.norm(np.diff(shapely.get_coordinates(shapely.from_wkb(plot.footprint)), axis=0), axis=1)
    )
    np.testing.assert_allclose(sides, [49.2, 49.2, 58.4, 58.4], atol=0.01)
    assert np.ptp(plot.shape.vertices[:, 2]) == pytest.approx(45.0)
    # The first reference cube has a corner in the origin of the map conversion and stands along RD's axes.
    np.testing.assert_allclose(cube.shape.vertices.min(axis=0), [X, Y, 0.0], atol=0.001)
    np.testing.assert_allclose(np.ptp(cube.shape.vertices, axis=0), [1.8, 1.5, 1.5], atol=0.001)
