"""Every sentence that people may read: no Chinese marks in English, the number of one, an end."""

from __future__ import annotations

import datetime as dt
import importlib
import pickle
import pkgutil
import re

import pytest

import xlsales
from xlsales.core.faults import DateRange, Fault, Listed, Several, raise_all

pytestmark = pytest.mark.unit

for module in pkgutil.walk_packages(xlsales.__path__, "xlsales."):
    if ".hosts." not in module.name and "libreoffice" not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)


def kinds(of: type[Fault] = Fault) -> list[type[Fault]]:
    found = []
    for kind in of.__subclasses__():
        found += [kind, *kinds(kind)]
    return found


SAID = [kind for kind in kinds() if "facts" not in kind.en and kind.__module__.startswith("xlsales.")]


@pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.__name__)
def test_the_english_of_a_fault(kind: type[Fault]) -> None:
    """Marks are those of English, the end is a full stop; a number of rows is never followed by a bare plural."""
    quoted = re.sub(r'"[^"]*"|\'[^\']*\'|“[^”]*”', "", kind.en)
    assert not re.search(r"[、。\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]", quoted), kind.en
    assert kind.en.rstrip().endswith((".", "?", "}")), kind.en
    assert not re.search(r"\{(count|n)\} [a-z]+s\b", kind.en), kind.en


@pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.__name__)
def test_the_chinese_of_a_fault(kind: type[Fault]) -> None:
    """A sentence ends as one, and says more than that something is wrong."""
    assert kind.zh.rstrip().endswith(("。", "?", "}")), kind.zh
    assert len(re.findall("[。?,;:(]", kind.zh)) >= 2 or "请" in kind.zh or kind.remark, kind.zh


def test_lists_of_names() -> None:
    """Names in a row are joined as each language does; what a person wrote is left as it is."""

    class Missing(Fault):
        zh = "缺少{names}:{value}。"
        en = "{names} are missing: {value}."

    fault = Missing(names=Listed(["甲", "乙"]), value="a、b")
    assert fault.say("zh") == "缺少甲、乙:a、b。"
    assert fault.say("en") == "甲, 乙 are missing: a、b."


def test_a_huge_fact_is_told_by_its_beginning() -> None:
    class Odd(Fault):
        zh = "“{value}”认不出。"
        en = '"{value}" is unreadable.'

    assert Odd(value="甲" * 1000).say("zh") == f"“{'甲' * 1000}”认不出。"
    assert Odd(value="甲" * 5_000_000).say("zh") == f"“{'甲' * 1000}…”认不出。"
    assert len(Odd(value="9" * 32_767).say("en")) < 1100


def test_numbers_with_their_nouns() -> None:
    """One row is no rows."""

    class Found(Fault):
        zh = "找到 {count} 行。"
        en = "Found {count:rows} of {year}."

    assert [Found(count=n, year=2026).say("en") for n in (1, 0, 2)] == [
        f"Found {n} {noun} of 2026." for n, noun in ((1, "row"), (0, "rows"), (2, "rows"))
    ]


def test_several_faults() -> None:
    """One is raised as it is, several with a line each, none not at all."""
    raise_all([])
    with pytest.raises(Several) as caught:
        raise_all([Fault(a=1), Fault(b=2)])
    assert len(caught.value.say("zh").splitlines()) == 2
    with pytest.raises(Fault) as one:
        raise_all([Fault(a=1)])
    assert type(one.value) is Fault


def test_a_fault_comes_out_of_a_process_as_it_went_in() -> None:
    """Every kind of fault, those retold for stores too, says the same after it was pickled."""
    facts = {"names": Listed(["甲", "乙"]), "days": DateRange(dt.date(2026, 1, 1), dt.date(2026, 1, 9)), "n": 5}
    every = {kind for kind in kinds() if kind.__module__.startswith("xlsales.")}
    for kind in every:
        fault = Fault(**facts).told_as(kind)
        again = pickle.loads(pickle.dumps(fault))
        assert type(again) is kind
        assert again.facts == facts
        assert (again.facts["names"].names, again.facts["days"].ends) == (facts["names"].names, facts["days"].ends)
    several = Several([Several([]), Fault(n=2)])
    assert pickle.loads(pickle.dumps(several)).say("zh") == several.say("zh")
