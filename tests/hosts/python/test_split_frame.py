"""`xlsales.split_frame`: a total over the rows of a DataFrame, closed in every group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import xlsales as package

pytestmark = pytest.mark.unit


def stores() -> pd.DataFrame:
    """Seven rows of three stores in two regions."""
    return pd.DataFrame(
        {
            "region": ["East", "East", "North", "East", "North", "North", "East"],
            "store": ["Hill", "Bay", "Lake", "Hill", "Lake", "Lake", "Bay"],
            "sales": [3.0, 2.0, 1.0, 3.0, 1.0, 1.0, 1.0],
        },
        index=[7, 7, 3, 2, 1, 0, 5],
    )


def test_every_group_closes() -> None:
    """1,000 over 9 : 3 is 750 and 250; 750 over 6 : 3 is 500 and 250; 250 over 2 : 1 is 167 and 83."""
    df = stores()
    before = df.copy()
    split = package.split_frame(df, 1000, by=["region", "store"], weight="sales")
    assert split.target.tolist() == [250, 167, 83, 250, 83, 84, 83]
    assert str(split.target.dtype) == "int64"
    assert split.groupby("region").target.sum().to_dict() == {"East": 750, "North": 250}
    assert split.groupby("store").target.sum().to_dict() == {"Hill": 500, "Bay": 250, "Lake": 250}
    pd.testing.assert_frame_equal(split.drop(columns="target"), before)
    pd.testing.assert_frame_equal(df, before)


def test_without_groups_and_weights() -> None:
    """Every row counts the same; of equal remainders the later row is served first."""
    assert package.split_frame(stores(), 1000).target.tolist() == [142, 143, 143, 143, 143, 143, 143]


def test_levels_may_be_named_in_many_ways() -> None:
    """One name, a tuple, a column that is called by a tuple."""
    df = stores()
    one = package.split_frame(df, 1000, "region", "sales").target
    assert package.split_frame(df, 1000, ("region",), "sales").target.equals(one)
    wide = df.rename(columns={"region": ("a", 1)})
    assert package.split_frame(wide, 1000, ("a", 1), "sales").target.equals(one)


def test_the_column_is_named() -> None:
    """`column=`; the row order and all other columns stay."""
    assert list(package.split_frame(stores(), 10, column="目标")) == ["region", "store", "sales", "目标"]


AMOUNTS: dict[str, tuple[Any, Any, list[float], str]] = {
    "cents": (100, Decimal("0.01"), [33.33, 33.33, 33.34], "float64"),
    "cents by a float": (100, 0.01, [33.33, 33.33, 33.34], "float64"),
    "a Decimal total": (Decimal("0.3"), Decimal("0.1"), [0.1, 0.1, 0.1], "float64"),
    "thousands": (10_000, 1000, [3000, 3000, 4000], "int64"),
    "zero": (0, 1, [0, 0, 0], "int64"),
    "numbers of numpy": (np.int64(10), np.float64(1), [3, 3, 4], "int64"),
    "a text as a cell has it": ("1万", 1, [3333, 3333, 3334], "int64"),
    "2**53 steps of a thousand": (2**53 * 1000, 1000, [2**53 // 3 * 1000, *[2**53 // 3 * 1000 + 1000] * 2], "int64"),
}  # fmt: skip


@pytest.mark.parametrize(("total", "step", "parts", "kind"), AMOUNTS.values(), ids=AMOUNTS)
def test_amounts_are_whole_steps(total: Any, step: Any, parts: list[float], kind: str) -> None:
    """Each part is the number nearest to the exact decimal."""
    split = package.split_frame(pd.DataFrame({"a": [1, 1, 1]}), total, weight="a", step=step)
    assert split.target.tolist() == parts
    assert str(split.target.dtype) == kind


WEIGHTS: dict[str, Any] = {
    "whole numbers": [1, 2, 1],
    "nullable": pd.array([1, 2, 1], dtype="Int64"),
    "nullable floats": pd.array([1, 2, 1], dtype="Float64"),
    "decimals": [Decimal(1), Decimal(2), Decimal(1)],
    "small floats": np.array([1, 2, 1], np.float32),
    "the greatest floats": [8e307, 1.6e308, 8e307],
}


@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
def test_weights_of_many_kinds(weights: Any) -> None:
    """Only their ratio counts."""
    df = pd.DataFrame({"w": weights, "g": ["a", "b", "a"]})
    assert package.split_frame(df, 100, by="g", weight="w").target.tolist() == [25, 50, 25]


GROUPS: dict[str, Any] = {
    "categories": pd.Categorical(["b", "a", "b"], categories=["a", "b", "c"]),
    "days": [dt.date(2026, 1, 1), dt.date(2025, 1, 1), dt.date(2026, 1, 1)],
    "strings": pd.array(["x", "y", "x"], dtype="string"),
    "mixed": [1, "1", 1],
}


@pytest.mark.parametrize("groups", GROUPS.values(), ids=GROUPS)
def test_groups_of_many_kinds(groups: Any) -> None:
    """A category without rows gets nothing, and no row is added."""
    df = pd.DataFrame({"g": groups})
    assert package.split_frame(df, 101, by="g").target.tolist() == [33, 34, 34]


def test_a_group_without_weight_gets_nothing() -> None:
    """Its rows get zero; all others share the total."""
    df = pd.DataFrame({"g": ["a", "b", "b"], "w": [0, 1, 2]})
    assert package.split_frame(df, 10, by="g", weight="w").target.tolist() == [0, 3, 7]


def test_no_rows() -> None:
    """Nothing over nothing is nothing; the column is there."""
    split = package.split_frame(stores().iloc[:0], 0, by="region", weight="sales")
    assert (list(split), len(split)) == (["region", "store", "sales", "target"], 0)


def test_columns_of_several_levels() -> None:
    """Names are tuples then."""
    df = pd.DataFrame([[1, 2], [3, 4]], columns=pd.MultiIndex.from_product([["x"], ["a", "b"]]))
    assert package.split_frame(df, 10, weight=("x", "a"))["target", ""].tolist() == [2, 8]


Refused = Callable[[pd.DataFrame], Any]
REFUSED: dict[str, tuple[Refused, str]] = {
    "polars": (lambda df: package.split_frame(pl.DataFrame({"a": [1]}), 1), "polars.DataFrame is no pandas DataFrame"),  # type: ignore[arg-type]
    "a column": (lambda df: package.split_frame(df.sales, 1), "pandas.Series is no pandas DataFrame"),  # type: ignore[arg-type]
    "a path": (lambda df: package.split_frame("x.csv", 1), "str is no pandas DataFrame"),  # type: ignore[arg-type]
    "no such group": (
        lambda df: package.split_frame(df, 1, by="Region"),
        'There is no column "Region". There are: region, store, sales.',
    ),
    "no such weight": (lambda df: package.split_frame(df, 1, weight="w"), 'no column "w"'),
    "a Series as weight": (lambda df: package.split_frame(df, 1, weight=df.sales), "not as pandas.Series"),  # type: ignore[arg-type]
    "an array as weight": (lambda df: package.split_frame(df, 1, weight=np.ones(7)), "not as numpy.ndarray"),  # type: ignore[arg-type]
    "an Index as by": (lambda df: package.split_frame(df, 1, by=pd.Index(["region"])), "not as pandas.Index"),  # type: ignore[arg-type]
    "a list as column": (lambda df: package.split_frame(df, 1, column=["t"]), "not as list"),  # type: ignore[arg-type]
    "a name that is a tuple": (lambda df: package.split_frame(df, 1, weight=("a", "b", "c")), "no column"),
    "a value of two lines": (
        lambda df: package.split_frame(df.assign(w="x\ny"), 1, weight="w"),
        'is "x y", not a weight',
    ),
    "the index as by": (lambda df: package.split_frame(df.set_index("region"), 1, by="region"), 'no column "region"'),
    "a name twice": (
        lambda df: package.split_frame(df.set_axis(["region", "x", "x"], axis=1), 1, weight="x"),
        '2 columns are called "x"',
    ),
    "a blank weight": (
        lambda df: package.split_frame(df.assign(sales=[1, 2, np.nan, 1, 1, 1, 1]), 1, weight="sales"),
        'Row 3 (index 3) of column "sales" is nan, not a weight.',
    ),
    "a weight that is NA": (
        lambda df: package.split_frame(df.assign(sales=pd.array([1, pd.NA] + [1] * 5, "Int64")), 1, weight="sales"),
        'Row 2 (index 7) of column "sales" is <NA>, not a weight.',
    ),
    "a negative weight": (
        lambda df: package.split_frame(df.assign(sales=[1, 2, 3, 4, 5, 6, -7]), 1, weight="sales"),
        'Row 7 (index 5) of column "sales" is -7, not a weight.',
    ),
    "an infinite weight": (
        lambda df: package.split_frame(df.assign(sales=[np.inf] * 7), 1, weight="sales"),
        "Row 1 (index 7)",
    ),
    "a text as a weight": (lambda df: package.split_frame(df, 1, weight="store"), 'is "Hill", not a weight'),
    "yes as a weight": (lambda df: package.split_frame(df.assign(w=True), 1, weight="w"), "is True, not a weight"),
    "days as weights": (
        lambda df: package.split_frame(df.assign(w=pd.Timestamp(2026, 1, 1)), 1, weight="w"),
        "is 2026-01-01 00:00:00, not a weight",
    ),
    "all zero": (
        lambda df: package.split_frame(df.assign(sales=0), 5, weight="sales"),
        'All weights of column "sales" are zero, so 5 has nowhere to go.',
    ),
    "no rows": (lambda df: package.split_frame(df.iloc[:0], 5), "The DataFrame has no rows, so 5 has nowhere to go."),
    "a blank group": (
        lambda df: package.split_frame(df.assign(region=["a", None] + ["b"] * 5), 5, by="region"),
        'Row 2 (index 7) of column "region" is',
    ),
    "a list as a group": (
        lambda df: package.split_frame(df.assign(region=[["a"]] * 7), 5, by="region"),
        "is ['a'], which is no group",
    ),
    "a column that is there": (
        lambda df: package.split_frame(df, 5, column="sales"),
        'There is a column "sales" already',
    ),
    "half a step": (
        lambda df: package.split_frame(df, Decimal("10.5")),
        "total is 10.5, not a multiple of the step 1. Set step to 0.1, or change it.",
    ),
    "a negative total": (lambda df: package.split_frame(df, -1), "total is -1. A target is zero or more."),
    "a blank total": (lambda df: package.split_frame(df, float("nan")), "total is blank"),
    "no total": (lambda df: package.split_frame(df, "x"), 'total is "x", not a number'),  # type: ignore[arg-type]
    "too many steps": (lambda df: package.split_frame(df, 2**60), "Enter a greater step."),
    "a step of zero": (lambda df: package.split_frame(df, 1, step=0), "step is 0"),
}


@pytest.mark.parametrize(("call", "says"), REFUSED.values(), ids=REFUSED)
def test_refused_in_a_sentence(call: Refused, says: str) -> None:
    """What is wrong, with its place, in one line and both languages."""
    df = stores()
    with pytest.raises(package.Fault) as refused:
        call(df)
    assert says in str(refused.value)
    for said in (refused.value.say("zh"), refused.value.say("en")):
        assert len(said.splitlines()) == 1
        assert "{" not in said
    pd.testing.assert_frame_equal(df, stores())


def test_the_same_again() -> None:
    """A second call gives the same targets."""
    rng = np.random.default_rng(7)
    df = pd.DataFrame({"g": rng.integers(0, 40, 2000), "h": rng.integers(0, 9, 2000), "w": rng.random(2000)})
    first = package.split_frame(df, 123_457, by=["g", "h"], weight="w")
    assert package.split_frame(df, 123_457, by=["g", "h"], weight="w").equals(first)
    of_groups = first.groupby("g")[["w", "target"]].sum()
    assert first.target.sum() == 123_457
    assert (abs(of_groups.target - 123_457 * of_groups.w / df.w.sum()) < 1).all()
