from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.store.manifest import Line, Manifest, ManifestUnreadable

pytestmark = pytest.mark.unit
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
FILE = TEXT.filter(lambda name: not set(name) & set("/\\:\0")).map(lambda name: f"{name}.xlsx")
LINES = st.lists(
    st.builds(Line, TEXT, FILE, st.integers(1, 99), TEXT, TEXT, st.floats(0, 1e12)),
    max_size=6,
    unique_by=(lambda s: s.code, lambda s: s.file),
)


@given(LINES, LINES)
def test_a_manifest_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, one: list[Line], new: list[Line]
) -> None:
    """What was handed out is known on the next run; new lines take the place of the same stores' old ones."""
    folder = tmp_path_factory.mktemp("m")
    first = Manifest("计划", "门店", "zh", tuple(one))
    first.save(folder)
    assert Manifest.load(folder) == first
    second = first.with_lines(new)
    assert second.by_code == {**first.by_code, **{line.code: line for line in new}}
    assert [line.code for line in second.stores[: len(one)]] == [line.code for line in one]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": "2", "plan": "", "dimension": "", "lang": "zh", "stores": []}']
)
def test_a_damaged_manifest_is_told(tmp_path: Path, text: str) -> None:
    """A manifest that cannot be read stops the run, for it keeps the versions."""
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ManifestUnreadable) as found:
        Manifest.load(tmp_path)
    assert "manifest.json" in found.value.say("zh")


@pytest.mark.parametrize("name", ["../计划.xlsx", "/tmp/x.xlsx", "C:\\x.xlsx", "a/b.xlsx", "..", "", "x.xlsx:流"])
def test_a_name_that_leads_elsewhere_is_told(tmp_path: Path, name: str) -> None:
    """A manifest names files of its own folder; whoever made it name others gets nothing written there."""
    Manifest("计划", "门店", "zh", (Line("甲", name, 1, "f", "s", 1.0),)).save(tmp_path)
    with pytest.raises(ManifestUnreadable) as found:
        Manifest.load(tmp_path)
    assert repr(name) in found.value.say("zh")


ODD: dict[str, list[object]] = {
    "code": [None, 5, {"a": 1}, "\ud800"],
    "file": ["\ud800.xlsx", "甲" * 90 + ".xlsx", "manifest.json", "下发清单.xlsx", "甲.txt", None, "b.xlsx"],
    "version": [10**400, 0, -5, 1.5, "1", float("nan")],
    "fingerprint": [None, ["a"]],
    "sha256": [None, "\ud800"],
    "target": ["1", float("nan"), float("inf"), 10**400, None],
    "seal": [None, 7],
}
"""What a line may not say; `b.xlsx` is another store's."""


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in ODD for value in ODD[key]], ids=ascii)
def test_a_line_of_odd_values_is_told(tmp_path: Path, key: str, value: object) -> None:
    """Nothing that could not be written again, and no two stores with one file, is taken from a manifest."""
    lines = [Line(name, f"{name}.xlsx", 1, "f", "s", 1.0) for name in "ab"]
    found = json.loads(Manifest("计划", "门店", "zh", tuple(lines)).as_text())
    found["stores"][0][key] = value
    (tmp_path / "manifest.json").write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(ManifestUnreadable) as fault:
        Manifest.load(tmp_path)
    assert len(fault.value.say("zh")) < 200
