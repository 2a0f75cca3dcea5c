"""The search for circles among objects is off during a run, and afterwards as it was before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from xlsales.core.uncollected import uncollected

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize("on", [True, False])
def test_it_is_off_meanwhile_and_then_as_before(on: bool) -> None:
    (gc.enable if on else gc.disable)()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled() == on


def test_it_is_on_again_after_a_run_that_failed() -> None:
    gc.enable()
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()
