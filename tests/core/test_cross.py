"""Members × members: what a cross-breakdown keeps, whatever is crossed."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from xlsales.core.cross import cross_months, groups_of_units, is_place_of, past_sales
from xlsales.core.plan import Dimension, Member, Plan
from xlsales.core.shapes import History
from xlsales.core.tree import grow

pytestmark = pytest.mark.unit
Steps = NDArray[np.int64]


def dimension(name: str, members: dict[str, str | None], aliases: dict[str, str] | None = None) -> Dimension:
    """A dimension of members with their parents."""
    given = [Member(m, p, aliases=((aliases or {})[m],) if m in (aliases or {}) else ()) for m, p in members.items()]
    grown, faults = grow(name, given)
    assert grown is not None, faults
    return grown


@st.composite
def margins(draw: st.DrawFn, *, same: bool) -> tuple[Steps, Steps, Steps, NDArray[np.float64] | None]:
    """Months of rows and of columns, of the company, and past sales with zeros, returns and members without any."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m, months = draw(st.integers(1, 9)), draw(st.integers(1, 7)), draw(st.integers(1, 4))
    most = draw(st.sampled_from([1, 6, 400, 10**6]))
    rows = chance.integers(0, most + 1, (n, months))
    columns = chance.integers(0, most + 1, (m, months))
    company = np.maximum(rows.sum(axis=0), columns.sum(axis=0))
    if same:
        for month in range(months):  # the last member of a side brings it up to the other
            rows[-1, month] += company[month] - rows[:, month].sum()
            columns[-1, month] += company[month] - columns[:, month].sum()
    elif draw(st.booleans()):
        company = chance.integers(0, most * n + 1, months)
    past = None
    if draw(st.booleans()):
        past = np.round(chance.normal(3, 4, (n, m)), 1) * (chance.random((n, 1)) < 0.8) * (chance.random((1, m)) < 0.8)
    return rows, columns, company, past


@given(margins(same=True))
@settings(max_examples=300, deadline=None)
def test_both_margins_are_exact(given: tuple[Steps, Steps, Steps, NDArray[np.float64] | None]) -> None:
    """Over all stores a product's months are the plan's, and over all products a store's: nothing is left over."""
    rows, columns, company, past = given
    cells = cross_months(rows, columns, company, past)
    assert (cells >= 0).all()
    assert (cells[:-1].sum(axis=1) == rows).all()
    assert (cells[:, :-1].sum(axis=0) == columns).all()
    assert not cells[-1].any()
    assert not cells[:, -1].any()


@given(margins(same=False))
@settings(max_examples=300, deadline=None)
def test_rows_close_and_columns_keep_their_shares(
    given: tuple[Steps, Steps, Steps, NDArray[np.float64] | None],
) -> None:
    """Where the sides differ, rows still close; columns and what is unassigned keep their shares to a step."""
    rows, columns, company, past = given
    cells = cross_months(rows, columns, company, past)
    carried = rows.sum(axis=0) + np.maximum(company - rows.sum(axis=0), 0)
    asked = np.vstack([columns, np.maximum(company - columns.sum(axis=0), 0)])
    assert (cells >= 0).all()
    assert (cells[:-1].sum(axis=1) == rows).all()
    assert (cells.sum(axis=(0, 1)) == carried).all()
    for month in range(len(company)):
        whole = asked[:, month].sum()
        exact = asked[:, month] * carried[month] / whole if whole else np.zeros(len(asked))
        if whole:
            assert (np.abs(cells[:, :, month].sum(axis=0) - exact) < 1 + 1e-9 * carried[month]).all()
        else:
            assert not cells[:, :-1, month].any()
    if (asked.sum(axis=0) == carried).all():
        assert (cells[:, :-1].sum(axis=0) == columns).all()


@given(margins(same=True))
@settings(max_examples=150, deadline=None)
def test_without_past_sales_each_cell_is_within_a_step_of_the_product(
    given: tuple[Steps, Steps, Steps, NDArray[np.float64] | None],
) -> None:
    """Without past sales every store has the company's mix, to one step."""
    rows, columns, company, _ = given
    cells = cross_months(rows, columns, company)[:-1, :-1]
    exact = rows[:, None] * columns[None] / np.maximum(company, 1)
    assert (np.abs(cells - exact) < 1 + 1e-9 * np.maximum(exact, 1)).all()


def test_a_store_follows_what_it_sold() -> None:
    """A store that sold only phones last year gets phones; one that is new gets the mix of the others."""
    past = [[100.0, 0.0], [50.0, 50.0], [0.0, 0.0]]
    cells = cross_months([[400], [400], [400]], [[900], [300]], [1200], past)[:-1, :-1, 0]
    assert cells.sum(axis=1).tolist() == [400, 400, 400]
    assert cells.sum(axis=0).tolist() == [900, 300]
    assert cells[0].tolist() == [400, 0]
    assert cells[2].tolist() == [300, 100]


def test_past_sales_that_cannot_close_do_not_stop_the_plan() -> None:
    """Where nobody who sold phones has a target, phones still go to somebody: both margins stay exact."""
    cells = cross_months([[0], [500]], [[300], [200]], [500], [[7.0, 0.0], [0.0, 9.0]])[:, :, 0]
    assert cells.tolist() == [[0, 0, 0], [300, 200, 0], [0, 0, 0]]


def test_what_no_product_may_take_is_a_line_of_its_own() -> None:
    """Products locked to 70 of 100 leave 30 unassigned, which every store shares; products are not blown up."""
    cells = cross_months([[60], [40]], [[40], [30]], [100])[:, :, 0]
    assert cells.sum(axis=0).tolist() == [40, 30, 30]
    assert cells.sum(axis=1).tolist() == [60, 40, 0]


def test_stretched_stores_carry_their_products_along() -> None:
    """Stores that carry 8 % more than the task carry each product 8 % higher."""
    cells = cross_months([[540], [540]], [[600], [400]], [1000])[:-1, :, 0]
    assert cells.tolist() == [[324, 216, 0], [324, 216, 0]]


# --- what history tells ---------------------------------------------------------------------

STORES = dimension("门店", {"华东": None, "徐汇": "华东", "静安": "华东", "朝阳": None})
PRODUCTS = dimension("产品", {"笔": None, "纸": None})
PLAN = Plan("2026", 100, 10**6, dt.date(2026, 1, 1), dt.date(2026, 12, 31), (STORES, PRODUCTS))


def history(lines: list[tuple[str, str, str, int]], columns: Dimension = PRODUCTS) -> History:
    """Past sales: day, store, member of the other dimension, amount."""
    at = {d.name: {m.name: i for i, m in enumerate(d.members)} for d in (STORES, columns)}
    return History(
        np.array([line[0] for line in lines], dtype="datetime64[D]"),
        np.array([line[3] for line in lines], dtype=np.int64),
        {
            STORES.name: np.array([at[STORES.name][line[1]] for line in lines], dtype=np.int32),
            columns.name: np.array([at[columns.name][line[2]] for line in lines], dtype=np.int32),
        },
    )


def test_past_sales_are_those_of_the_reference() -> None:
    """Shares come from the reference period alone: last year's same days, of lowest members, returns taken off."""
    told = history(
        [
            ("2025-03-01", "徐汇", "笔", 30), ("2025-04-01", "徐汇", "笔", -10), ("2025-05-01", "朝阳", "纸", 60),
            ("2024-05-01", "静安", "纸", 999), ("2026-01-05", "静安", "笔", 999),
        ]
    )  # fmt: skip
    found = past_sales(PLAN, told, STORES, PRODUCTS)
    assert found is not None
    assert found.tolist() == [[0.25, 0], [0, 0], [0, 0.75]]
    assert past_sales(PLAN, history([("2024-05-01", "静安", "纸", 9)]), STORES, PRODUCTS) is None
    assert past_sales(PLAN, History(told.days, told.micros, {}), STORES, PRODUCTS) is None


def test_a_region_is_no_category() -> None:
    """A dimension that says where a store is gets no table: its names are those of the stores' groups, or history
    has each store under one of its members."""
    sold = np.array([[1.0, 0], [0, 2.0], [0, 0]])
    assert is_place_of(dimension("大区", {"华东": None, "华北": None}), STORES, None)
    assert is_place_of(PRODUCTS, STORES, sold)
    assert not is_place_of(PRODUCTS, STORES, None)
    assert not is_place_of(PRODUCTS, STORES, np.array([[1.0, 1.0], [0, 2.0], [0, 0]]))
    assert not is_place_of(PRODUCTS, STORES, np.array([[1.0, 0], [2.0, 0], [0, 0]]))


def test_persons_stand_below_the_name_of_their_store() -> None:
    """Groups that bear a store's name or alias hold its persons; teams between are passed through."""
    persons = dimension(
        "人员",
        {"华东区": None, "徐汇店": "华东区", "一组": "徐汇店", "张三": "一组", "李四": "徐汇店",
         "朝阳": None, "王五": "朝阳"},
    )  # fmt: skip
    stores = dimension("门店", {"徐汇": None, "静安": None, "朝阳": None}, {"徐汇": "徐汇店"})
    found = groups_of_units(persons, stores)
    named = {stores.members[unit].name: [persons.members[p].name for p in below] for unit, below in found.items()}
    assert named == {"徐汇": ["张三", "李四"], "朝阳": ["王五"]}
    assert not groups_of_units(PRODUCTS, STORES)
