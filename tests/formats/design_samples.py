"""Small designs as text: an IFC in any unit with or without a map conversion, a glTF cube, an OBJ."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

X, Y, NAP = 93_869.354, 435_604.867, 4.25
WALL_ID = "0abcdefghijklmnopqrstu"
SPACE_ID = "1abcdefghijklmnopqrstu"

_IFC = """ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [ReferenceView]'),'2;1');
FILE_NAME('a','2026-01-01T00:00:00',(''),(''),'','','');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
#1=IFCSIUNIT(*,.LENGTHUNIT.,{prefix},.METRE.);
#2=IFCUNITASSIGNMENT((#1));
#3=IFCCARTESIANPOINT((0.,0.,0.));
#4=IFCAXIS2PLACEMENT3D(#3,$,$);
#5=IFCCARTESIANPOINT((0.,0.,{origin:.6f}));
#6=IFCAXIS2PLACEMENT3D(#5,$,$);
#7=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#6,$);
#8=IFCPROJECT('2abcdefghijklmnopqrstu',$,'P',$,$,$,$,(#7),#2);
{conversion}
#20=IFCCARTESIANPOINT((0.,0.));
#21=IFCAXIS2PLACEMENT2D(#20,$);
#22=IFCRECTANGLEPROFILEDEF(.AREA.,$,#21,{length:.6f},{width:.6f});
#23=IFCDIRECTION((0.,0.,1.));
#24=IFCEXTRUDEDAREASOLID(#22,#4,#23,{height:.6f});
#25=IFCSHAPEREPRESENTATION(#7,'Body','SweptSolid',(#24));
#26=IFCPRODUCTDEFINITIONSHAPE($,$,(#25));
#27=IFCLOCALPLACEMENT($,#4);
#28=IFCWALL('{wall}',$,'Muur',$,$,#27,#26,$,$);
#29=IFCSPACE('{space}',$,'Kamer',$,$,#27,#26,$,$,$,$);
{more}
ENDSEC;
END-ISO-10303-21;
"""


def ifc(
    *,
    metres: float = 0.001,
    conversion: tuple[float, float, float] | None = (X, Y, NAP),
    axis: str = "1.,0.",
    scale: str = "$",
    crs: str = "EPSG:28992",
    map_unit: str = "$",
    origin: float = 0.0,
    more: str = "",
) -> str:
    """A wall of 10 by 6 m and 3 m high around the origin, and a space inside it.

    `metres`: the length of the project's unit; `conversion` as it is written in the file; `origin`: the
    height of the context's own zero point, in metres.
    """
    lines = ""
    if conversion is not None:
        e, n, h = conversion
        lines = (
            f"#10=IFCPROJECTEDCRS('{crs}',$,$,$,$,$,{map_unit});\n"
            f"#11=IFCMAPCONVERSION(#7,#10,{e:.6f},{n:.6f},{h:.6f},{axis},{scale});"
        )
    return _IFC.format(
        prefix=".MILLI." if metres == 0.001 else "$",
        conversion=lines,
        length=10 / metres,
        width=6 / metres,
        height=3 / metres,
        origin=origin / metres,
        wall=WALL_ID,
        space=SPACE_ID,
        more=more,
    )


CUBE = [(x, y, z) for z in (0.0, 2.0) for y in (0.0, 6.0) for x in (0.0, 4.0)]
FACES = [
    *((0, 2, 3), (0, 3, 1), (4, 5, 7), (4, 7, 6), (0, 1, 5), (0, 5, 4)),
    *((2, 6, 7), (2, 7, 3), (0, 4, 6), (0, 6, 2), (1, 3, 7), (1, 7, 5)),
]


def gltf(faces: Sequence[tuple[int, int, int]] = FACES, *, binary: bool = True, **members: Any) -> bytes:
    """A block 4 m along x, 6 m up (y) and 2 m along z, as GLB or as glTF with its buffer inside."""
    points = np.array(CUBE, "<f4").tobytes()
    corners = np.array(faces, "<u4").tobytes()
    body: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"name": "blok", "mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": 8,
                "type": "VEC3",
                "min": [0, 0, 0],
                "max": [4, 6, 2],
            },
            {"bufferView": 1, "componentType": 5125, "count": 3 * len(faces), "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": len(points)},
            {"buffer": 0, "byteOffset": len(points), "byteLength": len(corners)},
        ],
        "buffers": [{"byteLength": len(points + corners)}],
    }
    if not binary:
        packed = base64.b64encode(points + corners).decode()
        body["buffers"][0]["uri"] = f"data:application/octet-stream;base64,{packed}"
    text = json.dumps({**body, **members}).encode()
    if not binary:
        return text
    text += b" " * (-len(text) % 4)
    data = points + corners
    chunks = (
        struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(data), 0x004E4942) + data
    )
    return b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks


def obj(more: str = "") -> str:
    """The same block with z up: 4 m by 6 m and 2 m high."""
    corners = "\n".join(f"v {x} {y} {z}" for x, y, z in CUBE)
    faces = "\n".join(f"f {a + 1} {b + 1} {c + 1}" for a, b, c in FACES)
    return f"mtllib kleur.mtl\n{corners}\no blok\n{faces}\n{more}\n"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
