"""The compressed bytes of an archive's members, read without the code under test."""

from __future__ import annotations

import io
import struct
import zipfile


def packed(archive: bytes) -> dict[str, bytes]:
    """Return each member's bytes as they stand in the file, still compressed."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        for info in opened.infolist():
            names = struct.unpack_from("<2H", archive, info.header_offset + 26)
            start = info.header_offset + 30 + sum(names)
            found[info.filename] = archive[start : start + info.compress_size]
    return found


def changed_members(before: bytes, after: bytes) -> tuple[set[str], set[str], set[str]]:
    """Return the members whose compressed bytes changed, those that are new, and those that are gone."""
    old, new = packed(before), packed(after)
    kept = [name for name in old if name in new]
    assert kept == [name for name in new if name in old], "the order of members changed"
    return {n for n in kept if old[n] != new[n]}, new.keys() - old.keys(), old.keys() - new.keys()
