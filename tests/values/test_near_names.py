"""Names that may be meant by one that nobody has."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.core.text import identity
from xlsales.values.near_names import near_names

pytestmark = pytest.mark.unit
STORES = ["成都春熙店", "成都太古里店", "重庆解放碑店", "长沙五一店", "上海旗舰店"]


@pytest.mark.parametrize(
    ("typed", "names", "near"),
    [
        ("华冬", ["华北", "华南", "华西", "华东"], ["华东"]),
        ("成都春曦店", STORES, ["成都春熙店"]),
        ("成都淳西店", STORES, ["成都春熙店"]),
        ("淳西", ["春天", "春熙"], ["春熙"]),
        ("虫庆", ["重阳", "重庆"], ["重庆"]),
        ("崇庆", ["国庆", "重庆"], ["重庆"]),
        ("华冬大区", ["华北大区", "华东大区", "华南大区"], ["华东大区"]),
        ("华x", ["华北", "华东"], ["华北", "华东"]),
        ("陕西店", ["山西店", "陕北店"], ["山西店"]),
        ("山东店", ["山西店", "山南店"], ["山西店", "山南店"]),
        ("华南第1店", ["华南第01店", "华南第10店", "华南第11店", "华北第01店"], ["华南第01店"]),
        ("华南第010店", ["华南第01店", "华南第10店"], ["华南第10店"]),
        ("huadong", ["华北", "华东"], ["华东"]),
        ("noth", ["north", "south"], ["north"]),
        ("产品甲型", ["产品甲号", "礼品卡"], ["产品甲号"]),
        ("花园", ["华东", "华北"], []),
        ("其他", ["华东", "华北"], []),
    ],
)
def test_slips_of_eye_and_ear(typed: str, names: list[str], near: list[str]) -> None:
    """The name with most characters in common, or the one of the same sound, which then stands alone."""
    assert near_names(typed, names) == near


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("sku-002", ["sku-001", "sku-003"]),
        ("a12", ["a13", "北京"]),
        ("第2店", ["第1店", "第3店"]),
        ("门店b", ["门店a", "门店c"]),
        ("store b", ["store a"]),
        ("一店", ["二店", "三店"]),
        ("产品乙", ["产品甲", "产品丙"]),
    ],
)
def test_codes_and_numbers_are_no_slips(typed: str, names: list[str]) -> None:
    """A number that is not in the list is not another one of the list."""
    assert near_names(typed, names) == []


@given(st.text(max_size=8).map(identity), st.lists(st.text(min_size=1, max_size=8).map(identity), max_size=6))
def test_any_text_is_answered_by_names_of_the_list(typed: str, names: list[str]) -> None:
    """Whatever is typed, the answer holds names of the list, none twice."""
    near = near_names(typed, names)
    assert set(near) <= set(names)
    assert len(near) <= len(names)


def modules_after(code: str) -> set[str]:
    script = f"{code}\nimport sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import xlsales.hosts.cli, xlsales.tables.reading, xlsales.commands.handout", set()),
        ("from xlsales.values.near_names import near_names as n; n('noth', ['north'])", {"rapidfuzz"}),
        ("from xlsales.values.near_names import near_names as n; n('华冬', ['华东'])", {"rapidfuzz"}),
    ],
    ids=["no unknown name", "Latin names", "Chinese names"],
)
def test_the_libraries_are_loaded_for_an_unknown_name_alone(code: str, loaded: set[str]) -> None:
    """A run without an unknown name does not pay for comparing, and none pays for the dictionary of pypinyin."""
    assert modules_after(code) & {"rapidfuzz", "pypinyin"} == loaded
