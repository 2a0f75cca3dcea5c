from __future__ import annotations

import math
from collections import deque

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlsales.core.allocation import AllWeightsZero, BadWeight, NotAnAmount, NotWholeSteps, allocate
from xlsales.core.faults import Fault
from xlsales.core.matrix import LockedAboveMargin, TotalsDisagree, UnreachableTotals, allocate_matrix

pytestmark = pytest.mark.unit

Rows = list[list[float]]


def fitted(rows: list[int], cols: list[int], weights: Rows) -> tuple[Rows, float]:
    """Scale rows and columns in turn, slowly; return the cells and how far the rows still are."""
    cells = [list(map(float, line)) for line in weights]
    missed = math.inf
    for _ in range(3000):
        for i, line in enumerate(cells):
            sum_ = sum(line)
            cells[i] = [x * rows[i] / sum_ if sum_ else 0.0 for x in line]
        for j, want in enumerate(cols):
            sum_ = sum(line[j] for line in cells)
            for line in cells:
                line[j] = line[j] * want / sum_ if sum_ else 0.0
        missed = sum(abs(sum(line) - want) for line, want in zip(cells, rows, strict=True))
        if missed < 1e-9:
            break
    return cells, missed


def feasible(rows: list[int], cols: list[int], support: np.ndarray) -> bool:
    """Whether any cells on the support meet both margins: plain maximum flow, one path at a time."""
    n, m = support.shape
    cells = np.zeros((n, m), int)
    left, room = list(rows), list(cols)
    while any(left):
        start = next(i for i in range(n) if left[i])
        origin: dict[int, int] = {start: start}
        queue, end = deque([start]), None
        while queue and end is None:
            node = queue.popleft()
            ahead = (
                [n + j for j in range(m) if support[node, j]]
                if node < n
                else [i for i in range(n) if cells[i, node - n] > 0]
            )
            for other in ahead:
                if other not in origin:
                    origin[other] = node
                    queue.append(other)
                    if other >= n and room[other - n]:
                        end = other
                        break
        if end is None:
            return False
        left[start] -= 1
        room[end - n] -= 1
        while end != start:
            before = origin[end]
            if before < n:
                cells[before, end - n] += 1
            else:
                cells[end, before - n] -= 1
            end = before
    return True


def closes(cells: np.ndarray, rows: list[int], cols: list[int]) -> bool:
    return (
        cells.sum(axis=1).tolist() == list(rows)
        and cells.sum(axis=0).tolist() == list(cols)
        and cells.min(initial=0) >= 0
    )


@st.composite
def margins(draw: st.DrawFn, greatest: int = 10**6) -> tuple[list[int], list[int]]:
    """Row and column totals with the same sum, some of them zero, often tiny."""
    n, m = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    total = draw(st.one_of(st.integers(0, 12), st.integers(0, greatest)))
    shape = st.integers(0, 9)
    row_weights = draw(st.lists(shape, min_size=n, max_size=n).filter(any))
    col_weights = draw(st.lists(shape, min_size=m, max_size=m).filter(any))
    return allocate(total, row_weights).tolist(), allocate(total, col_weights).tolist()


@st.composite
def positive_cases(draw: st.DrawFn) -> tuple[list[int], list[int], Rows]:
    rows, cols = draw(margins())
    weight = st.one_of(st.integers(1, 9).map(float), st.floats(0.01, 100))
    line = st.lists(weight, min_size=len(cols), max_size=len(cols))
    return rows, cols, draw(st.lists(line, min_size=len(rows), max_size=len(rows)))


@st.composite
def sparse_cases(draw: st.DrawFn) -> tuple[list[int], list[int], Rows]:
    rows, cols = draw(margins(greatest=60))
    weight = st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0, 7.5])
    line = st.lists(weight, min_size=len(cols), max_size=len(cols))
    return rows, cols, draw(st.lists(line, min_size=len(rows), max_size=len(rows)))


@given(positive_cases())
def test_both_margins_close_and_cells_stay_near_their_share(case: tuple[list[int], list[int], Rows]) -> None:
    """Rows and columns are exact, every cell within one step of the fitted share."""
    rows, cols, weights = case
    cells = allocate_matrix(rows, cols, weights)
    assert closes(cells, rows, cols)
    shares, missed = fitted(rows, cols, weights)
    assert missed < 1e-6
    assert (np.abs(cells - np.array(shares)) < 1 + 1e-6).all()


@example(
    (
        [40_763_032_990, 81_526_065_979, 366_867_296_907],
        [39_132_511_670, 156_530_046_680, 117_397_535_010, 176_096_302_516],
    )
)
@given(margins(greatest=2**40))
def test_without_weights_cells_follow_both_totals(case: tuple[list[int], list[int]]) -> None:
    """No weights: a cell's share is row total × column total ÷ grand total, rounded down or up."""
    rows, cols = case
    cells = allocate_matrix(rows, cols, None)
    assert closes(cells, rows, cols)
    total = sum(rows)
    for i, row in enumerate(rows):
        for j, col in enumerate(cols):
            low = row * col // total if total else 0
            assert low <= cells[i, j] <= low + 1
            assert row * col or not cells[i, j]


@given(sparse_cases())
def test_a_sparse_pattern_closes_whenever_it_can(case: tuple[list[int], list[int], Rows]) -> None:
    """Zero weights get zero; where they leave no way to close, and only there, the fault proves it."""
    rows, cols, weights = case
    support = np.array(weights) > 0
    if feasible(rows, cols, support):
        cells = allocate_matrix(rows, cols, weights)
        assert closes(cells, rows, cols)
        assert not cells[~support].any()
        shares, missed = fitted(rows, cols, weights)
        if missed < 1e-9:
            assert (np.abs(cells - np.array(shares)) < 1 + 1e-3).all()
    elif support.any():
        with pytest.raises(UnreachableTotals) as caught:
            allocate_matrix(rows, cols, weights)
        check_proof(caught.value, rows, cols, support)
    else:
        with pytest.raises(AllWeightsZero):
            allocate_matrix(rows, cols, weights)


def check_proof(fault: UnreachableTotals, rows: list[int], cols: list[int], support: np.ndarray) -> None:
    """The named lines have weight in the named crossing lines only, and these hold too little."""
    facts = fault.facts
    if facts["axis"] == "col":
        rows, cols, support = cols, rows, support.T
    givers, takers = list(facts["givers"]), list(facts["takers"])
    outside = [j for j in range(len(cols)) if j not in takers]
    assert not support[np.ix_(givers, outside)].any()
    assert facts["need"] == sum(rows[i] for i in givers)
    assert facts["room"] == sum(cols[j] for j in takers)
    assert facts["residual"] == facts["need"] - facts["room"] > 0
    assert "{" not in fault.say("zh") + fault.say("en")


@given(positive_cases(), st.data())
def test_locks_stand_and_the_rest_closes(case: tuple[list[int], list[int], Rows], data: st.DataObject) -> None:
    """Locked cells keep their lock while rows and columns close; impossible locks are explained."""
    rows, cols, weights = case
    first = allocate_matrix(rows, cols, weights)
    locks = np.full(first.shape, np.nan)
    for _ in range(data.draw(st.integers(1, 4))):
        i, j = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(cols) - 1))
        locks[i, j] = max(0, first[i, j] + data.draw(st.integers(-3, 3)))
    held = ~np.isnan(locks)
    kept = np.where(held, locks, 0).astype(int)
    row_rest, col_rest = (rows - kept.sum(axis=1)).tolist(), (cols - kept.sum(axis=0)).tolist()
    if min(row_rest + col_rest) < 0:
        with pytest.raises(LockedAboveMargin):
            allocate_matrix(rows, cols, weights, locked=locks)
    elif any(row_rest) and held.all():
        with pytest.raises(AllWeightsZero):
            allocate_matrix(rows, cols, weights, locked=locks)
    else:
        try:
            cells = allocate_matrix(rows, cols, weights, locked=locks)
        except UnreachableTotals as fault:
            check_proof(fault, row_rest, col_rest, ~held)
        else:
            assert closes(cells, rows, cols)
            assert (cells[held] == locks[held]).all()


@given(positive_cases())
def test_a_second_run_gives_the_same_cells(case: tuple[list[int], list[int], Rows]) -> None:
    """The same input gives the same cells, also with all weights doubled."""
    rows, cols, weights = case
    cells = allocate_matrix(rows, cols, weights)
    assert (allocate_matrix(np.array(rows), np.array(cols), np.array(weights)) == cells).all()
    assert (allocate_matrix(rows, cols, np.array(weights) * 2) == cells).all()


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_one_line_is_its_totals(totals: list[int]) -> None:
    """A single row or column has nothing to choose."""
    ones = np.ones((1, len(totals)))
    assert allocate_matrix([sum(totals)], totals, ones).tolist() == [totals]
    assert allocate_matrix(totals, [sum(totals)], ones.T).T.tolist() == [totals]


def test_regions_by_quarters() -> None:
    """Regions 150/200/300/250/100 by quarters 25/30/30/15 percent: whole cells, both margins exact."""
    regions, quarters = [150, 200, 300, 250, 100], [250, 300, 300, 150]
    cells = allocate_matrix(regions, quarters, None)
    assert closes(cells, regions, quarters)
    assert cells[1].tolist() == [50, 60, 60, 30]


def test_zeros_that_force_other_zeros() -> None:
    """A pattern may leave one solution only, though the fit alone would creep towards it forever."""
    cells = allocate_matrix([1000, 1000], [1000, 1000], [[1, 1], [0, 1]])
    assert cells.tolist() == [[1000, 0], [0, 1000]]
    cells = allocate_matrix([10**9, 10**9, 10**9], [10**9] * 3, [[1, 1, 1], [0, 1, 1], [0, 1, 1]])
    assert cells.tolist() == [[10**9, 0, 0], [0, 5 * 10**8, 5 * 10**8], [0, 5 * 10**8, 5 * 10**8]]


@pytest.mark.parametrize("seed", range(4))
def test_a_large_sparse_table_with_locks_closes(seed: int) -> None:
    """Stores × days, four cells in five without weight, some locked: exact all the same."""
    rng = np.random.default_rng(seed)
    weights = rng.random((80, 120)) * (rng.random((80, 120)) < 0.2)
    truth = rng.poisson(weights * 30)
    rows, cols = truth.sum(axis=1), truth.sum(axis=0)
    locks = np.where(rng.random(truth.shape) < 0.05, truth, np.nan)
    cells = allocate_matrix(rows, cols, weights, locked=locks)
    assert closes(cells, rows.tolist(), cols.tolist())
    assert not cells[(weights == 0)].any()
    assert (cells[~np.isnan(locks)] == truth[~np.isnan(locks)]).all()


def test_the_greatest_totals_close() -> None:
    """Totals up to 2**53 close, where a float no longer has room for the parts of a step."""
    rows, cols = allocate(2**53, [3, 1, 7]), allocate(2**53, [5, 2, 2, 9])
    cells = allocate_matrix(rows, cols, np.array([[1, 2, 3, 4], [0.1, 5, 7, 0], [3, 3, 3, 3]]))
    assert closes(cells, rows.tolist(), cols.tolist())


def test_weights_of_any_size_close() -> None:
    """Weights hundreds of orders of magnitude apart neither overflow nor leave a margin open."""
    weights = [[1e300, 1e-300, 1], [1e-300, 1e300, 1e-300], [1, 1e-300, 1e-300]]
    assert closes(allocate_matrix([50, 60, 70], [60, 60, 60], weights), [50, 60, 70], [60, 60, 60])


def test_margins_that_disagree_tell_by_how_much() -> None:
    """Rows of 100 and columns of 90 are 10 apart."""
    with pytest.raises(TotalsDisagree) as caught:
        allocate_matrix([60, 40], [50, 40], None)
    assert caught.value.facts["residual"] == 10
    assert caught.value.say("zh") == "行合计 100 与列合计 90 不相等,差 10。请先让两边的总数一致。"


def test_a_row_without_weight_is_named() -> None:
    """A row that must get 40 and has no weight anywhere is named, by number or by name."""
    with pytest.raises(UnreachableTotals) as caught:
        allocate_matrix([60, 40], [50, 50], [[1, 1], [0, 0]])
    assert "row 2: 40 more is needed, but every cell is locked or has no weight" in caught.value.say("en")
    named = caught.value.named(["华东", "华北"], ["1月", "2月"])
    assert named.say("zh").startswith("华北还缺 40,却没有地方放:格子都已锁定,或没有权重。")


def test_a_column_that_holds_too_little_is_named() -> None:
    """Two stores that only sell in May cannot place more than May's total."""
    with pytest.raises(UnreachableTotals) as caught:
        allocate_matrix([30, 30, 40], [50, 25, 25], [[1, 0, 0], [1, 0, 0], [1, 1, 1]])
    assert caught.value.facts["givers"] == (0, 1)
    assert caught.value.facts["takers"] == (0,)
    assert caught.value.facts["residual"] == 10


@pytest.mark.parametrize("turned", [False, True])
def test_locks_above_a_line_name_the_smallest_release(turned: bool) -> None:
    """Locks of 105 in a row of 100 name the one lock whose release is enough."""
    rows, cols = [100, 50], [70, 60, 20]
    locks = np.array([[60, 45, np.nan], [np.nan] * 3])
    arguments = (cols, rows, None, locks.T) if turned else (rows, cols, None, locks)
    with pytest.raises(LockedAboveMargin) as caught:
        allocate_matrix(*arguments[:3], locked=arguments[3])
    assert (caught.value.facts["axis"], caught.value.facts["position"]) == ("col" if turned else "row", 0)
    assert caught.value.facts["positions"] == (1,)
    assert caught.value.facts["excess"] == 5
    assert "锁定合计 105 > 合计 100,差 5" in caught.value.say("zh")
    names = (["1月", "2月", "3月"], ["华东", "华北"]) if turned else (["华东", "华北"], ["1月", "2月", "3月"])
    assert caught.value.named(*names).say("zh").startswith("华东锁定合计 105 > 合计 100,差 5。请放开 2月 45")


@pytest.mark.parametrize(
    ("fault", "rows", "cols", "weights", "locked"),
    [
        (NotAnAmount, [-1, 2], [1], None, None),
        (NotAnAmount, [1.5], [1.5], None, None),
        (NotAnAmount, [2**53, 1], [2**53, 1], None, None),
        (BadWeight, [1], [1], [[-1]], None),
        (NotWholeSteps, [1], [1], None, [[0.5]]),
        (AllWeightsZero, [1, 1], [2], [[0], [0]], None),
        (AllWeightsZero, [1, 1], [2], None, [[1], [0]]),
    ],
)
def test_what_cannot_be_done_is_explained(
    fault: type[Fault], rows: list[float], cols: list[float], weights: Rows | None, locked: Rows | None
) -> None:
    """Impossible requests are faults, never sums that do not close."""
    with pytest.raises(fault):
        allocate_matrix(rows, cols, weights, locked=locked)


def test_shapes_must_agree() -> None:
    """Weights of another shape are a programmer's error, not a person's."""
    with pytest.raises(ValueError, match="shape"):
        allocate_matrix([1], [1], [[1, 1]])
