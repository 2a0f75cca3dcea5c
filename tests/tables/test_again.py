"""Past sales that are read again are those of the last time, unless anything of them has changed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.commands.books import paste
from tests.tables.tables import CHANNEL, ERROR, REGION, dimension, write
from xlsales.core.plan import Dimension
from xlsales.plan.template.plan import write_template
from xlsales.tables import again
from xlsales.tables.again import read_past
from xlsales.tables.files.source import Source
from xlsales.tables.reading import Records, read_records

pytestmark = pytest.mark.unit

HEADER = ["日期", "区域", "渠道", "销售额"]
ROWS = [
    HEADER,
    [dt.date(2025, 1, 5), "上海", "线上", 100.25],
    [dt.date(2025, 2, 6), "北京", "线下", 200],
    [dt.date(2025, 3, 7), "火星", "线上", 50],
]


@pytest.fixture(autouse=True)
def nothing_read_yet() -> Iterator[None]:
    again.PAST.forget()
    yield
    again.PAST.forget()


def past(path: Path, *dimensions: Dimension, label: str = "历史", **options: Any) -> Records:
    records = read_past(Source(path, None, label), dimensions or (REGION, CHANNEL), **options)
    assert records is not None
    return records


def test_the_same_cells_are_read_once_wherever_the_file_lies(tmp_path: Path) -> None:
    first = past(write(tmp_path / "a.xlsx", ROWS))
    (tmp_path / "moved").mkdir()
    assert past(Path(shutil.copyfile(tmp_path / "a.xlsx", tmp_path / "moved/a.xlsx"))) is first
    assert (first.rows_accepted, first.rows_set_aside) == (2, 1)


CHANGED_ROWS = {
    "an amount": [*ROWS[:1], [dt.date(2025, 1, 5), "上海", "线上", 100.5], *ROWS[2:]],
    "a day": [*ROWS[:1], [dt.date(2025, 1, 6), "上海", "线上", 100.25], *ROWS[2:]],
    "a member": [*ROWS[:1], [dt.date(2025, 1, 5), "江苏", "线上", 100.25], *ROWS[2:]],
    "a number that is text": [*ROWS[:2], [dt.date(2025, 2, 6), "北京", "线下", "200"], *ROWS[3:]],
    "an error": [*ROWS[:2], [dt.date(2025, 2, 6), "北京", "线下", ERROR], *ROWS[3:]],
    "a row more": [*ROWS, [dt.date(2025, 4, 8), "天津", "线下", 1]],
    "a header": [["日期", "区域", "渠道", "销售额(万元)"], *ROWS[1:]],
}


@pytest.mark.parametrize("rows", CHANGED_ROWS.values(), ids=CHANGED_ROWS)
def test_changed_cells_are_read_anew(tmp_path: Path, rows: list[list[object]]) -> None:
    """The file has the same name, and may have the same time: cells decide."""
    path = tmp_path / "a.xlsx"
    first = past(write(path, ROWS))
    second = past(write(path, rows))
    assert second is not first
    same(second, read_records(Source(path, None, "历史"), (REGION, CHANNEL), past=True))


def test_what_they_are_read_by_counts(tmp_path: Path) -> None:
    """Other members, another name of the sheet, another unit: nothing of the last time is taken."""
    path = write(tmp_path / "a.xlsx", ROWS)
    mars = dimension("区域", ["上海", "北京", "火星"])
    first = past(path)
    assert past(path, mars, CHANNEL).rows_accepted == 3
    assert past(path).rows_accepted == 2
    assert past(path, label="去年").problems[0].place.sheet == "去年"
    assert past(path, factor=10_000).micros.tolist() == [10_000 * micros for micros in first.micros.tolist()]
    renamed = replace(REGION, members=(replace(REGION.members[0], aliases=("火星",)), *REGION.members[1:]))
    assert past(path, renamed, CHANNEL) is not first


def test_a_large_table_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "_MOST_BYTES", 300)
    path = write(tmp_path / "a.xlsx", ROWS)
    first = past(path)
    second = past(path)
    assert second is not first
    same(second, first)


def test_a_file_that_is_written_while_it_is_read_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read belongs to no content that is known."""
    path = write(tmp_path / "a.xlsx", ROWS)
    old, newer = path.read_bytes(), write(tmp_path / "b.xlsx", CHANGED_ROWS["a row more"]).read_bytes()

    def written_meanwhile(*args: Any, **options: Any) -> Records:
        path.write_bytes(newer)
        return read_records(*args, **options)

    monkeypatch.setattr(again, "read_records", written_meanwhile)
    assert past(path).rows_found == 4
    monkeypatch.undo()
    path.write_bytes(old)
    assert past(path).rows_found == 3


def test_an_empty_sheet_of_a_plan_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That there are no past sales is known as well; a row that is typed there is read."""
    path = tmp_path / "plan.xlsx"
    write_template(path, "zh")
    source = Source(path, "历史", "历史", pasted=True)
    assert read_past(source, (REGION,)) is None
    with monkeypatch.context() as patched:
        patched.setattr(again, "read_records", None)
        assert read_past(source, (REGION,)) is None
    paste(path, (("日期", "区域", "销售额"), (dt.date(2025, 1, 5), "上海", 5)), "历史")
    records = read_past(source, (REGION,))
    assert records is not None
    assert records.rows_accepted == 1


def same(one: Records, other: Records) -> None:
    assert one.day.tolist() == other.day.tolist()
    assert one.micros.tolist() == other.micros.tolist()
    assert {name: codes.tolist() for name, codes in one.codes.items()} == {
        n: c.tolist() for n, c in other.codes.items()
    }
    assert [str(p.fault) for p in one.problems] == [str(p.fault) for p in other.problems]
