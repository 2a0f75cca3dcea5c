"""Tasks on working days: lengths, order, what holds up the whole, the time scale of a chart."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from xlsales.core.plan import DayRule
from xlsales.core.schedule import MOST_CELLS, Task, WorkDays, axis, cycles, overlaps, schedule

pytestmark = pytest.mark.unit

D = dt.date
YEAR = WorkDays.between(D(2025, 12, 1), D(2027, 12, 31), ())


def last_day(first: dt.date, length: int, days: WorkDays = YEAR) -> dt.date | None:
    """The last day of so many working days from a day on."""
    return days.day(days.before(first) + length - 1)


@pytest.mark.parametrize(
    ("first", "length", "last"),
    [
        (D(2026, 9, 30), 3, D(2026, 10, 9)),  # 1 to 7 October are off
        (D(2026, 9, 30), 1, D(2026, 9, 30)),
        (D(2026, 9, 30), 4, D(2026, 10, 10)),  # a Saturday that is worked on
        (D(2026, 10, 3), 1, D(2026, 10, 8)),
        (D(2026, 2, 13), 2, D(2026, 2, 14)),  # likewise, before the Spring Festival
        (D(2026, 2, 14), 2, D(2026, 2, 24)),
        (D(2026, 12, 31), 2, D(2027, 1, 4)),  # not announced: Monday to Friday, but New Year is off
        (D(2027, 2, 4), 2, D(2027, 2, 9)),  # 除夕 to 初三 are 5 to 8 February
        (D(2027, 4, 30), 3, D(2027, 5, 4)),  # 1 and 2 May are at the weekend: the day off instead is not known
        (D(2027, 9, 14), 2, D(2027, 9, 16)),
    ],
)
def test_working_days_follow_the_notices(first: dt.date, length: int, last: dt.date) -> None:
    """Make-up days are worked on, holidays are not."""
    assert last_day(first, length) == last


def test_a_plan_s_own_days_count() -> None:
    """A holiday of the company's own, and a Saturday that it works on."""
    rules = (DayRule(D(2026, 3, 3), "holiday"), DayRule(D(2026, 3, 7), "make_up"))
    days = WorkDays.between(D(2026, 1, 1), D(2026, 12, 31), rules)
    assert last_day(D(2026, 3, 2), 5, days) == D(2026, 3, 7)
    assert days.exceptions(D(2026, 3, 1), D(2026, 3, 31)) == ([D(2026, 3, 3)], [D(2026, 3, 7)])


@pytest.mark.parametrize(
    ("after", "circles"),
    [
        ([(), (0,), (0, 1)], []),
        ([(1,), (0,)], [{0, 1}]),
        ([(0,)], [{0}]),
        ([(2,), (0,), (1,)], [{0, 1, 2}]),
        ([(1,), (0,), (3,), (2,), (0, 2)], [{0, 1}, {2, 3}]),
    ],
)
def test_circles_are_found_each_by_itself(after: list[tuple[int, ...]], circles: list[set[int]]) -> None:
    """A circle ends with its first task, and each depends on the one before."""
    found = cycles(after)
    assert sorted(map(set, found), key=min) == circles
    for circle in found:
        assert circle[0] == circle[-1]
        assert all(before in after[task] for before, task in itertools.pairwise(circle))


NETWORKS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        *(
            st.builds(
                Task,
                length=st.integers(0, 9),
                buffer=st.integers(0, 4),
                release=st.integers(0, 30) if i == 0 else st.one_of(st.none(), st.integers(0, 30)),
                after=st.sets(st.integers(0, i - 1), max_size=3).map(tuple) if i else st.just(()),
            )
            for i in range(n)
        )
    )
)


def longest(tasks: tuple[Task, ...], i: int) -> int:
    """The length of the longest path to the end of a task, from point 0 on."""
    task = tasks[i]
    begins = max([task.release or 0, *(longest(tasks, other) for other in task.after)])
    return begins + task.length + task.buffer


@given(NETWORKS)
def test_no_task_begins_before_what_it_depends_on_ends(tasks: tuple[Task, ...]) -> None:
    """The law: nothing overlaps, nothing waits longer than it must, the longest path is the finish of the whole."""
    planned = schedule(tasks)
    finish = max(one.until for one in planned)
    assert finish == max(longest(tasks, i) for i in range(len(tasks)))
    for task, one in zip(tasks, planned, strict=True):
        assert one.start == max([task.release or 0, *(planned[other].until for other in task.after)])
        assert (one.finish, one.until) == (one.start + task.length, one.start + task.length + task.buffer)
        assert one.slack >= 0
    last = next(i for i, one in enumerate(planned) if one.until == finish)
    while True:  # back along the path that decides
        one = planned[last]
        assert one.critical
        if one.held_by < 0:
            assert one.start == (tasks[last].release or 0)
            break
        assert planned[one.held_by].until == one.start
        last = one.held_by


@given(NETWORKS, st.data())
def test_slack_is_how_far_a_task_may_slip(tasks: tuple[Task, ...], data: st.DataObject) -> None:
    """A slip of as many days puts off nothing; one day more puts off the whole by a day."""
    i = data.draw(st.integers(0, len(tasks) - 1))
    planned = schedule(tasks)
    finish = max(one.until for one in planned)

    def finish_if_late(days: int) -> int:
        late = replace(tasks[i], release=planned[i].start + days)
        return max(one.until for one in schedule([*tasks[:i], late, *tasks[i + 1 :]]))

    assert finish_if_late(planned[i].slack) == finish
    assert finish_if_late(planned[i].slack + 1) == finish + 1


@pytest.mark.parametrize(
    ("first", "last", "start", "cells", "count", "months", "begins"),
    [
        (D(2026, 9, 30), D(2026, 12, 25), 0, 0, 16, 0, D(2026, 9, 28)),
        (D(2026, 9, 30), D(2026, 12, 25), 6, 0, 16, 0, D(2026, 9, 27)),  # weeks from Sunday
        (D(2026, 9, 30), D(2026, 12, 25), 0, 20, 20, 0, D(2026, 9, 28)),  # as long as it was
        (D(2026, 9, 30), D(2026, 12, 25), 0, 53, 16, 0, D(2026, 9, 28)),  # far too long
        (D(2026, 3, 8), D(2026, 3, 8), 0, 0, 12, 0, D(2026, 3, 2)),
        (D(2026, 1, 1), D(2026, 12, 31), 0, 0, 53, 0, D(2025, 12, 29)),
        (D(2026, 1, 1), D(2027, 1, 4), 0, 0, 18, 1, D(2026, 1, 1)),
        (D(2026, 2, 11), D(2030, 11, 30), 0, 0, 30, 2, D(2026, 2, 1)),
    ],
)
def test_a_scale_has_as_many_cells_as_a_page_takes(
    first: dt.date, last: dt.date, start: int, cells: int, count: int, months: int, begins: dt.date
) -> None:
    """Weeks of the plan up to a year, then months."""
    scale = axis(first, last, start, {False: cells})
    assert (scale.count, scale.months, scale.days[0]) == (count, months, begins)
    assert scale.count <= MOST_CELLS
    assert scale.days[0] <= first
    assert last < scale.days[-1]


@pytest.mark.parametrize(
    ("spans", "pairs"),
    [
        ([(0, 3), (3, 5)], []),
        ([(0, 4), (3, 5)], [(0, 1)]),
        ([(3, 5), (0, 4)], [(1, 0)]),
        ([(0, 9), (1, 2), (5, 6)], [(0, 1), (0, 2)]),
        ([(0, 4), (2, 2)], []),  # a milestone takes no time
        ([], []),
    ],
)
def test_spans_that_have_time_in_common(spans: list[tuple[int, int]], pairs: list[tuple[int, int]]) -> None:
    """Each with the first one that is not over yet."""
    assert list(overlaps(spans)) == pairs
