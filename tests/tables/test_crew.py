"""Processes that share many orders: answers in order, whatever becomes of a process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.tables import orders
from tests.tables.orders import DIE, GRAB, SLEEP
from xlsales.tables.files import crew
from xlsales.tables.files.crew import Crew

pytestmark = pytest.mark.unit
BEGIN = "tests.tables.orders:begin"


def sums(numbers: list[int], count: int, begin: str = BEGIN) -> tuple[list[int | None], set[int]]:
    """Let processes add 100 to each number; return the sums, and the processes that made them."""
    with Crew[int, tuple[int, int]](begin, count) as one:
        answers = list(one.work(100, numbers, orders.begin(100)))
    return [answer and answer[0] for answer in answers], {answer[1] for answer in answers if answer}


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_answers_come_in_order(count: int) -> None:
    """However many processes there are, each number has its sum; without one, this process adds."""
    numbers = list(range(61))
    found, processes = sums(numbers, count)
    assert found == [number + 100 for number in numbers]
    assert (os.getpid() in processes) == (count == 0)
    assert len(processes) <= max(count, 1)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(
    "bad", [[DIE], [GRAB], [DIE, DIE, 5, DIE]], ids=["it dies", "it takes too much memory", "again and again"]
)
def test_a_bad_order_costs_itself(bad: list[int], count: int) -> None:
    """Its process is replaced; the orders before and behind it, of its own batch too, are answered."""
    numbers = [*range(3), *bad, *range(20)]
    found, processes = sums(numbers, count)
    assert found == [None if number < 0 else number + 100 for number in numbers]
    assert os.getpid() not in processes


def test_an_order_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "SECONDS", 1)
    assert sums([1, SLEEP, 2], 1)[0] == [101, None, 102]


def test_without_processes_the_work_is_done_here() -> None:
    """What cannot begin, or not be started, leaves all orders to this process."""
    found, processes = sums([1, 2, 3], 2, "tests.tables.orders:nothing")
    assert found == [101, 102, 103]
    assert processes == {os.getpid()}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_orders_are_made_when_there_is_room(count: int) -> None:
    """Of many orders only a few batches are under way at once; all are answered."""
    made, most, number = 0, 0, 0

    def numbers() -> Iterator[int]:
        nonlocal made
        while made < 300:
            made += 1
            yield made

    with Crew[int, tuple[int, int]](BEGIN, count) as one:
        for number, answer in enumerate(one.work(0, numbers(), orders.begin(0)), 1):
            assert answer is not None
            assert answer[0] == number
            most = max(most, made - number)
    assert number == 300
    assert most < max(1, crew.AHEAD * count * crew.BATCH)


@pytest.mark.parametrize("count", [0, 2])
def test_an_order_that_cannot_be_made_ends_the_run(count: int) -> None:
    """What is raised by the maker of orders reaches who waits for answers."""

    def numbers() -> Iterator[int]:
        yield from range(20)
        raise ZeroDivisionError

    with Crew[int, tuple[int, int]](BEGIN, count) as one, pytest.raises(ZeroDivisionError):
        list(one.work(0, numbers(), orders.begin(0)))


@pytest.mark.parametrize("count", [1, 2])
def test_orders_of_a_process_that_cannot_begin_again_are_done_here(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Its process died and no other can be started: the rest of its batch is done in this process, nothing waits."""
    with Crew[int, tuple[int, int]](BEGIN, count) as one:
        monkeypatch.setattr(crew, "python", lambda: "/nowhere/python")
        numbers = [*range(3), DIE, *range(100)]
        answers = list(one.work(100, numbers, orders.begin(100)))
    assert [answer and answer[0] for answer in answers] == [None if n == DIE else n + 100 for n in numbers]


def test_who_breaks_off_leaves_no_process() -> None:
    """A run that ends before its answers came ends its processes."""
    with Crew[int, tuple[int, int]](BEGIN, 2) as one:
        first = next(one.work(0, [7, *[SLEEP] * 20], orders.begin(0)))
        assert first is not None
    helpers = one._helpers
    assert len(helpers) == 2
    assert all(helper._process.poll() is not None for helper in helpers)
