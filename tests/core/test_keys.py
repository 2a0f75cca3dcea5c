"""Keys of several parts come apart again into just these parts, whatever people call things."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.keys import joined, parted
from xlsales.layout.model import Row
from xlsales.plan.sheets.versions import _key as version_key
from xlsales.store.sealing import Identity, digest
from xlsales.store.tables import DimensionTable

pytestmark = pytest.mark.unit

ODD = ["", "A", "A:B", ":", "B:C", "A ← B", " ← ", "←", "a\\b", "\\", "\\:", "\\\\", "：", "%3A", "|", "\n", '"',
       '"\\n"', " A ", "A\nB", "…", "2026-01", "total"]  # fmt: skip
texts = st.one_of(st.sampled_from(ODD), st.text(alphabet=':\\←| \n"A', max_size=6), st.text(max_size=8))
separators = st.sampled_from([":", " ← ", "|", "/"])


@given(st.lists(texts, min_size=1, max_size=5), separators)
def test_what_is_joined_comes_apart(parts: list[str], by: str) -> None:
    assert parted(joined(*parts, by=by), len(parts), by) == tuple(parts)


@given(st.lists(texts, min_size=1, max_size=4), st.lists(texts, min_size=1, max_size=4), separators)
def test_different_parts_make_different_keys(one: list[str], other: list[str], by: str) -> None:
    if len(one) == len(other):
        assert (joined(*one, by=by) == joined(*other, by=by)) == (one == other)


@pytest.mark.parametrize(
    ("parts", "by", "key"),
    [
        (("产品", "男装"), ":", "产品:男装"),
        (("产品", "iPhone 15:128G"), ":", "产品:iPhone 15:128G"),
        (("徐汇店", "徐汇店.xlsx"), " ← ", "徐汇店 ← 徐汇店.xlsx"),
        (("A:B", "C"), ":", r"A\:B:C"),
        (("a\\b", "C"), ":", r"a\\b:C"),
        (("A ← B", "C ← D"), " ← ", r"A \← B ← C ← D"),
    ],
)
def test_keys_of_common_names_read_as_they_did(parts: tuple[str, ...], by: str, key: str) -> None:
    assert joined(*parts, by=by) == key


@pytest.mark.parametrize("key", ["", "A", "A\\", r"A\B:C"])
def test_what_is_no_key_has_no_parts(key: str) -> None:
    assert parted(key, 2) is None


# --- the keys of the product ------------------------------------------------


def distinct(keys: Iterable[str]) -> bool:
    found = list(keys)
    return len(set(found)) == len(found)


@given(st.lists(st.tuples(texts, texts), unique=True, max_size=6))
def test_members_of_all_dimensions_have_keys_of_their_own(named: list[tuple[str, str]]) -> None:
    assert distinct(DimensionTable(dimension, 1).row_key(member) for dimension, member in named)


@given(
    st.lists(st.tuples(texts, st.sampled_from(["", "2026-01", "2026-01 – 2026-03"]), texts), unique=True, max_size=6)
)
def test_lines_of_a_version_have_keys_of_their_own(lines: list[tuple[str, str, str]]) -> None:
    rest = {dimension for dimension, _, _ in lines}
    keys = [version_key(3, *line) for line in lines] + [version_key(3, dimension, "…", "") for dimension in rest]
    assert distinct([*keys, "v:3", *(version_key(2, *line) for line in lines)])
    assert all(Row(key, {}).key.split(":", 2)[1] == "3" for key in keys)


targets = st.lists(
    st.tuples(texts, texts, st.sampled_from(["2026-01", "2026-02"]), st.integers(0, 9)),
    unique_by=lambda cell: cell[:3],
    max_size=4,
)
identities = st.builds(Identity, texts, texts, texts)


@given(identities, targets, identities, targets)
def test_a_digest_tells_whose_and_which_targets(
    one: Identity, cells: list[tuple[str, str, str, int]], other: Identity, others: list[tuple[str, str, str, int]]
) -> None:
    def sealed(of: list[tuple[str, str, str, int]]) -> set[tuple[str, str, float]]:
        return {(DimensionTable(dimension, 1).row_key(member), month, float(n)) for dimension, member, month, n in of}

    same = one == other and sealed(cells) == sealed(others)
    assert (digest(one, sealed(cells)) == digest(other, sealed(others))) == same


def test_a_digest_of_common_names_is_what_it_was() -> None:
    sealed = digest(
        Identity("2026年度", "门店", "徐汇店"), [("2026-01-01", "target", 1.5), ("member:品类:A:B", "2026-01", 2)]
    )
    assert sealed == "0ccb40b333586b2218273efaa02eaf6c44044335cb2149e2aac27125b44b167b"
