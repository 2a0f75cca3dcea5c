"""An archive written many times: what changes is written, all else keeps its bytes, compressed as they are."""

from __future__ import annotations

import io
import pickle
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.ooxml.packed import changed_members
from xlsales.ooxml.archive import Refill, read_directory, same_contents

pytestmark = pytest.mark.unit


class Unseekable(io.BytesIO):
    """A target that makes zipfile write data descriptors."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError


def archive(contents: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, target: io.BytesIO | None = None) -> bytes:
    """An archive with comments and extra fields, as other programs write them."""
    out = target or io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in contents.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type, info.comment, info.extra = method, "注".encode(), b"\x55\x54\x01\x00\x07"
            file.writestr(info, data)
    return out.getvalue()


OLD = {"a.xml": b"<a/>" * 50, "表/b.xml": b"<b>1</b>", "c.bin": bytes(range(256)), "d.xml": b"<d/>"}


@given(st.binary(max_size=3000), st.binary(max_size=30), st.booleans())
@example(b"", b"", False)
@example("店".encode() * 200_000, b"<b/>", True)
def test_members_that_change_are_written(one: bytes, other: bytes, streamed: bool) -> None:
    """New contents are there, every other member has its compressed bytes, and the order stays."""
    old = archive(OLD, target=Unseekable() if streamed else None)
    refill = Refill(io.BytesIO(old), read_directory(io.BytesIO(old), 9), {"表/b.xml", "d.xml"})
    for new in ({"表/b.xml": one, "d.xml": other}, {"表/b.xml": other, "d.xml": one}):
        data = refill.filled(new)
        assert data == pickle.loads(pickle.dumps(refill)).filled(new)
        changed, added, gone = changed_members(old, data)
        assert changed <= {"表/b.xml", "d.xml"}
        assert not added | gone
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert {info.filename: file.read(info) for info in file.infolist()} == OLD | new
            kept = file.getinfo("c.bin")
            stamp = (2026, 1, 2, 3, 4, 6)
            assert (kept.comment, kept.extra, kept.date_time) == ("注".encode(), b"\x55\x54\x01\x00\x07", stamp)


ALIKE = {
    "packed otherwise": (archive(OLD, zipfile.ZIP_STORED), True),
    "other contents of one size": (archive(OLD | {"d.xml": b"<e/>"}), False),
    "a member more": (archive(OLD | {"e.xml": b""}), False),
    "a member less": (archive({"a.xml": OLD["a.xml"]}), False),
    "another order": (archive(dict(reversed(OLD.items()))), False),
}


@pytest.mark.parametrize("what", ALIKE)
def test_contents_are_told_apart_whatever_packed_them(what: str) -> None:
    other, alike = ALIKE[what]
    assert same_contents(io.BytesIO(archive(OLD)), io.BytesIO(other), 9) is alike
