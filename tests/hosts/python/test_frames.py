"""`xlsales.frames`: a plan as DataFrames, with the figures that the sheets and a refresh have."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xlsales as package
from tests.commands.books import REGIONS, WAN, Command, members, opened, plan
from xlsales.commands.plan_columns import PlanColumns
from xlsales.vocabulary.contract import PROGRESS_COLUMNS, STATUS

pytestmark = pytest.mark.unit
TREE = [
    {"dimension": "区域", "member": "华东", "weight": 3},
    {"dimension": "区域", "member": "上海", "parent": "华东", "weight": 2},
    {"dimension": "区域", "member": "杭州", "parent": "华东", "weight": 1},
    {"dimension": "区域", "member": "华北", "weight": 1},
    *members({"产品": {"甲": 1, "乙": 1}}),
]
SALES = (
    ("日期", "区域", "产品", "金额"),
    (dt.date(2026, 1, 30), "上海", "甲", 600_000.3),
    (dt.date(2026, 1, 31), "华北", "乙", 150_000),
    (dt.date(2026, 1, 31), "华中", "乙", 5_000),
    ("不知道", "华北", "乙", "待定"),
    ("合计", None, None, 755_000.3),
)


@pytest.fixture(name="book")
def _book(xlsales: Command, tmp_path: Path) -> Path:
    """1,200万 over twelve equal months, a January of 75万."""
    book = plan(tmp_path / "计划.xlsx", total=1200, dimensions=TREE, actuals=SALES)
    assert xlsales("split", book).code == 1
    return book


def rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """A frame's rows; None is what is blank."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def test_targets_are_tidy(book: Path) -> None:
    """A row for each month of the company and of each member, of types that allow blanks."""
    targets = package.frames(book).targets
    assert dict(targets.dtypes.astype(str)) == {
        **dict.fromkeys(("kind", "dimension", "member", "parent"), "string"),
        "level": "Int64",
        "leaf": "boolean",
        "period": "datetime64[s]",
        "period_end": "datetime64[s]",
        "target": "Float64",
    }
    february = targets[targets.period == "2026-02-01"]
    assert (february.period_end == "2026-02-28").all()
    assert [tuple(row.values()) for row in rows(february.drop(columns=["period", "period_end"]))] == [
        ("company", None, None, None, 0, False, 100.0 * WAN),
        ("member", "区域", "华东", None, 1, False, 75.0 * WAN),
        ("member", "区域", "上海", "华东", 2, True, 50.0 * WAN),
        ("member", "区域", "杭州", "华东", 2, True, 25.0 * WAN),
        ("member", "区域", "华北", None, 1, True, 25.0 * WAN),
        ("member", "产品", "甲", None, 1, True, 50.0 * WAN),
        ("member", "产品", "乙", None, 1, True, 50.0 * WAN),
    ]
    assert len(targets) == 7 * 12


def test_progress_of_periods_is_that_of_the_sheet(book: Path) -> None:
    """Line by line, from the year to the days, the figures of sheet 按时间; what is blank there is blank here."""
    sheet, lamps = opened(book).time, {word.zh: key for key, word in STATUS.items()}
    shown = [{key: sheet.value(row, key) for key in ("start", "end", *PROGRESS_COLUMNS)} for row in sheet.rows]
    shown = [{**line, "status": lamps.get(line["status"])} for line in shown if line["start"]]
    frame = package.frames(book).progress
    own = frame[frame.kind == "company"].rename(columns={"period": "start", "period_end": "end"})
    assert dict(own.grain.value_counts()).items() >= {"plan": 1, "year": 1, "month": 12, "day": 365}.items()

    def by_day(line: dict[str, Any]) -> tuple[Any, ...]:
        return line["start"], line["end"]

    figures = sorted(rows(own[["start", "end", *PROGRESS_COLUMNS]]), key=by_day)
    assert len(figures) == len(shown)
    for line, expected in zip(figures, sorted(shown, key=by_day), strict=True):
        assert by_day(line) == by_day(expected)
        assert {key: line[key] for key in PROGRESS_COLUMNS} == {
            key: pytest.approx(expected[key], abs=5e-4) for key in PROGRESS_COLUMNS
        }


@pytest.mark.parametrize("dimension", ["区域", "产品"])
def test_progress_of_members_is_that_of_the_sheet(book: Path, dimension: str, xlsales: Command) -> None:
    """Line by line, the figures that `show` reads out of the workbook."""
    shown = json.loads(xlsales("show", book, dimension, "--json").out)["rows"][1:]
    frame = package.frames(book).progress
    own = frame[(frame.dimension == dimension) & (frame.grain == "plan")]
    assert own.member.dropna().tolist() == [row["name"] for row in shown if row["key"].startswith("m:")]
    for line, expected in zip(rows(own), shown, strict=True):
        assert {key: line[key] for key in PROGRESS_COLUMNS} == {
            key: pytest.approx(expected[key], abs=5e-4) for key in PROGRESS_COLUMNS
        }


def test_a_month_of_a_member(book: Path) -> None:
    """Target, actual, attainment of the whole month, gap; a month that has not begun has no actual."""
    frame = package.frames(book).progress
    shanghai = frame[(frame.member == "上海") & (frame.grain == "month")]
    figures = ["target", "actual", "attainment", "gap"]
    assert rows(shanghai[figures])[0] == pytest.approx(
        {"target": 500_000.0, "actual": 600_000.3, "attainment": 1.2000006, "gap": -100_000.3}
    )
    assert rows(shanghai[figures])[1] == {"target": 500_000.0, "actual": None, "attainment": None, "gap": None}
    assert rows(shanghai)[0]["forecast"] is None


def test_actuals_are_the_accepted_rows(book: Path) -> None:
    """Each with its day, its amount to the last digit and its members; what was set aside is among the problems."""
    read = package.frames(book)
    assert rows(read.actuals) == [
        {"date": pd.Timestamp(2026, 1, 30), "amount": 600_000.3, "区域": "上海", "产品": "甲"},
        {"date": pd.Timestamp(2026, 1, 31), "amount": 150_000.0, "区域": "华北", "产品": "乙"},
    ]
    assert dict(read.actuals.dtypes.astype(str)) == {
        "date": "datetime64[s]",
        "amount": "Float64",
        "区域": "string",
        "产品": "string",
    }
    assert read.as_of == dt.date(2026, 1, 31)
    assert read.currency == "CNY"


def test_problems_are_those_of_a_refresh(book: Path, xlsales: Command) -> None:
    """The same sentences at the same places, with the same amounts; nothing is written."""
    before = book.read_bytes()
    problems = package.frames(book).problems
    assert book.read_bytes() == before
    reported = json.loads(xlsales("refresh", book, "--json").out)["problems"]
    assert [row["sentence"] for row in rows(problems)] == [one["sentence"] for one in reported]
    assert [row["amount"] for row in rows(problems)] == [one["amount"] for one in reported]
    places = [(row["sheet"], row["row"], row["column"]) for row in rows(problems)]
    assert places == [(one["sheet"], one["row"], one["column"]) for one in reported]
    effects = {"华中": "set_aside", "不知道": "set_aside", "合计": "totals"}
    assert {row["value"]: row["effect"] for row in rows(problems) if row["value"] in effects} == effects
    assert str(problems.amount.dtype) == "Float64"
    assert [str(problems[name].dtype) for name in ("row", "column", "rows")] == ["Int64"] * 3


def test_every_amount_is_accounted_for(book: Path) -> None:
    """Accepted + set aside + totals rows = all amounts that were found."""
    read = package.frames(book)
    aside = read.problems[read.problems.effect.isin(["set_aside", "totals"])]
    assert read.actuals.amount.sum() + aside.amount.sum() == 2 * 755_000.3


def test_levels_close(xlsales: Command, tmp_path: Path) -> None:
    """Leaves + unassigned - stretch = the company, in the plan and in each month, in targets and in actuals."""
    sales = (("日期", "产品", "金额"), (dt.date(2026, 1, 31), "甲", 5_000), (dt.date(2026, 1, 31), None, 700))
    tree = [{**row, "locked": 100} if row["member"] in ("甲", "乙") else row for row in TREE]
    book = plan(tmp_path / "p.xlsx", total=1200, dimensions=tree, actuals=sales, stretch_1=1.1)
    assert xlsales("split", book).code in (0, 1), xlsales("split", book).err
    read = package.frames(book)
    for frame, column in ((read.targets, "target"), (read.progress, "target"), (read.progress, "actual")):
        for (dimension, period, end), own in frame.dropna(subset="dimension").groupby(
            ["dimension", "period", "period_end"]
        ):
            lowest = own.level.max()
            apart = own[own.level == lowest].set_index("kind")[column].fillna(0)
            leaves = own[own.leaf][column].sum()
            closed = leaves + apart.get("unassigned", 0) - apart.get("stretch", 0)
            same = (frame.kind == "company") & (frame.period == period) & (frame.period_end == end)
            company = frame[same][column].iloc[0]
            if column == "target" or dimension == "产品":
                assert pd.isna(company) or closed == company, (column, dimension, period)
    assert set(read.targets.kind) == {"company", "member", "stretch", "unassigned"}


@pytest.mark.parametrize("step", [1, 1000])
def test_amounts_have_no_noise(step: int, xlsales: Command, tmp_path: Path) -> None:
    """An amount is a whole number of steps, and sums of a plan in yuan are exact."""
    book = plan(tmp_path / "p.xlsx", total=777_000, unit="yuan", step=step, dimensions=members({"区域": REGIONS}))
    assert xlsales("split", book).code == 0
    targets = package.frames(book).targets
    assert (targets.target % step == 0).all()
    assert targets[targets.leaf].target.sum() == 777_000 == targets[targets.kind == "company"].target.sum()


def test_cents_are_the_nearest_floats(xlsales: Command, tmp_path: Path) -> None:
    """A target of 0.1 is the float that Python writes as 0.1."""
    book = plan(tmp_path / "p.xlsx", total=100.1, unit="yuan", step=0.1, dimensions=members({"区域": REGIONS}))
    assert xlsales("split", book).code == 0
    targets = package.frames(book).targets.target.tolist()
    assert {repr(amount)[:-2] for amount in targets} == {str(int(amount)) for amount in targets}


def test_months_that_are_none_of_the_calendar(xlsales: Command, tmp_path: Path) -> None:
    """A 4-4-5 month begins and ends on its own days."""
    book = plan(tmp_path / "p.xlsx", month_pattern="4-4-5", start=dt.date(2025, 12, 29), end=dt.date(2026, 12, 27))
    assert xlsales("split", book).code == 0, xlsales("split", book).err
    company = package.frames(book).targets.query("kind == 'company'")
    assert company.period.iloc[1] == pd.Timestamp(2026, 1, 26)
    assert company.period_end.iloc[1] == pd.Timestamp(2026, 2, 22)


def test_without_actuals(xlsales: Command, tmp_path: Path) -> None:
    """Targets alone: actuals are an empty frame of the same types, progress has targets and blanks."""
    book = plan(tmp_path / "p.xlsx")
    assert xlsales("split", book).code == 0
    read = package.frames(book)
    assert read.as_of is None
    assert list(read.actuals.dtypes.astype(str)) == ["datetime64[s]", "Float64", "string"]
    assert len(read.actuals) == 0
    assert read.progress.actual.isna().all()
    assert read.progress.target.notna().all()
    assert len(read.problems) == 0


def test_a_dimension_that_the_actuals_do_not_name(xlsales: Command, tmp_path: Path) -> None:
    """Its column is blank, not missing."""
    sales = (("日期", "产品", "金额"), (dt.date(2026, 1, 31), "甲", 600_000))
    book = plan(tmp_path / "p.xlsx", dimensions=TREE, actuals=sales)
    assert xlsales("split", book).code in (0, 1)
    assert rows(package.frames(book).actuals[["区域", "产品"]]) == [{"区域": None, "产品": "甲"}]


def test_dimensions_named_like_columns(xlsales: Command, tmp_path: Path) -> None:
    """A dimension `date` does not hide the days."""
    book = plan(tmp_path / "p.xlsx", dimensions=members({"date": {"甲": 1}, "amount": {"A": 1}}))
    assert xlsales("split", book).code == 0
    assert list(package.frames(book).actuals) == ["date", "amount", "date (dimension)", "amount (dimension)"]


AS_OF = {
    "a date": dt.date(2026, 1, 30),
    "a time": dt.datetime(2026, 1, 30, 23, 59),
    "a timestamp": pd.Timestamp(2026, 1, 30),
    "a text": "2026-01-30",
    "a day of the plan": "1月30日",
}


@pytest.mark.parametrize("as_of", AS_OF.values(), ids=AS_OF)
def test_as_of(as_of: dt.date | str, book: Path) -> None:
    """Rows after the day are set aside, as a refresh does."""
    read = package.frames(book, as_of=as_of)
    assert read.actuals.amount.tolist() == [600_000.3]
    assert read.as_of == dt.date(2026, 1, 30)
    assert "AfterAsOf" in set(read.problems.fault)


@pytest.mark.parametrize("as_of", ["someday", "", pd.NaT, 5], ids=["a word", "nothing", "NaT", "a number"])
def test_as_of_is_no_day(as_of: Any, book: Path) -> None:
    """One sentence, which calls the argument by its name."""
    with pytest.raises(package.Fault, match=r'^"as_of" is ".*", not a date'):
        package.frames(book, as_of=as_of)


def test_actuals_of_another_file(book: Path, tmp_path: Path) -> None:
    """As `--actuals` takes it."""
    (tmp_path / "sales.csv").write_text("日期,区域,产品,金额\n2026-02-01,杭州,乙,12.34\n", encoding="utf-8")
    read = package.frames(book, actuals=tmp_path / "sales.csv")
    assert read.actuals.amount.tolist() == [12.34]


def test_actuals_are_read_when_they_are_needed(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets cost no reading of sales; a frame is made once."""
    monkeypatch.setattr(PlanColumns, "achieved", property(lambda self: pytest.fail("the actuals were read")))
    read = package.frames(book)
    assert read.targets is read.targets


REFUSED = {
    "no file": (lambda book: book.with_name("x.xlsx"), "x.xlsx"),
    "not split yet": (lambda book: plan(book.with_name("y.xlsx")), "Run split first"),
    "no plan": (lambda book: _other(book.with_name("z.xlsx")), "no plan workbook"),
    "no workbook": (lambda book: Path(shutil.copy(__file__, book.with_name("w.xlsx"))), "w.xlsx"),
}


def _other(path: Path) -> Path:
    from openpyxl import Workbook

    Workbook().save(path)
    return path


@pytest.mark.parametrize(("make", "says"), REFUSED.values(), ids=REFUSED)
def test_refused_in_a_sentence(make: object, says: str, book: Path) -> None:
    """What a person has to fix is a Fault or Refused."""
    with pytest.raises((package.Fault, package.Refused)) as refused:
        package.frames(make(book))  # type: ignore[operator]
    assert says in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def python(code: str) -> str:
    """What a fresh Python prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_xlsales_loads_nothing() -> None:
    """Neither pandas nor numpy nor a module of ours; the words of a fault load no pandas."""
    loaded = "import sys, xlsales; {}; print(sorted(name for name in sys.modules if name.split('.')[0] in {}))"
    assert python(loaded.format("0", {"numpy", "pandas", "polars", "xlsales", "lxml", "openpyxl"})) == "['xlsales']"
    assert python(loaded.format("xlsales.frames", {"pandas", "openpyxl", "xlwings"})) == "[]"


def test_names_are_offered() -> None:
    """`dir` has every name, as for completion in a notebook."""
    assert set(package.__all__) <= set(dir(package))
    assert all(getattr(package, name) for name in package.__all__)


def test_without_pandas() -> None:
    """One sentence, before anything is read."""
    code = "import sys; sys.modules['pandas'] = None; import xlsales\ntry: xlsales.frames('x')\n"
    said = python(code + "except xlsales.Fault as fault: print(fault)")
    assert said == "pandas is not installed. Run pip install pandas, then try again."
