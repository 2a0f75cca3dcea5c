"""Who wrote a workbook last, as the file itself says it: program, version, person, time."""

from __future__ import annotations

from msgspec import Struct

from xlsales.ooxml.package import Package

_APPLICATION, _CORE = "docProps/app.xml", "docProps/core.xml"


class Written(Struct, frozen=True):
    """What a file's properties say; blank if they do not. `when` is as it is there, in universal time."""

    program: str = ""
    version: str = ""
    person: str = ""
    when: str = ""


def written_by(package: Package) -> Written:
    """Return what the properties say of the last program."""
    application, core = _texts(package, _APPLICATION), _texts(package, _CORE)
    return Written(
        application.get("Application", ""),
        application.get("AppVersion", ""),
        core.get("lastModifiedBy", ""),
        core.get("modified", ""),
    )


def _texts(package: Package, part: str) -> dict[str, str]:
    if part not in package:
        return {}
    elements = (element for element in package.parse(part) if isinstance(element.tag, str))
    return {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in elements}
