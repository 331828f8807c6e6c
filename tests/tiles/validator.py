"""The public glTF validator, where the web part has installed it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = """
const validator = require(process.argv[1]);
const fs = require('fs');
(async () => {
  const out = [];
  for (const file of process.argv.slice(2)) {
    const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)));
    for (const m of report.issues.messages) if (m.severity < 2) out.push(m.code + ' ' + m.pointer);
  }
  console.log(JSON.stringify(out));
})();
"""


def gltf_faults(files: list[Path]) -> list[str]:
    """Errors and warnings of `gltf-validator` in these GLBs; skips the test where it is not installed."""
    folder = Path(os.environ.get("GLTF_VALIDATOR") or ROOT / "web/node_modules/gltf-validator")
    node = shutil.which("node")
    if node is None or not folder.is_dir():
        pytest.skip("gltf-validator is not installed (npm ci in web/, or set GLTF_VALIDATOR)")
    done = subprocess.run(
        [node, "-e", _SCRIPT, str(folder), *(str(f) for f in files)], capture_output=True, check=True
    )
    faults: list[str] = json.loads(done.stdout)
    return faults
