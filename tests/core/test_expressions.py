"""Expressions that wait for their first use are those that `re` would have compiled."""

from __future__ import annotations

import gc
import pkgutil
import re
from importlib import import_module

import pytest

import xlsales
from xlsales.core import expressions
from xlsales.core.expressions import expression

pytestmark = pytest.mark.unit
ONLY_IN_THEIR_PROGRAM = ("xlsales.addin.libreoffice.xlsales_calc", "xlsales.hosts.libreoffice.")


def test_it_does_what_a_compiled_one_does() -> None:
    """Its methods and its attributes are those of the compiled expression, at each use."""
    word = expression("(?P<all>AB?)", re.IGNORECASE)
    compiled = re.compile("(?P<all>AB?)", re.IGNORECASE)
    for _ in range(2):
        assert word.findall("xabya") == ["ab", "a"]
        assert word.sub("-", "xaby") == "x-y"
        assert (word.pattern, word.flags, word.groups) == (compiled.pattern, compiled.flags, compiled.groups)
    assert expression(b"a+").split(b"xaay") == [b"x", b"y"]


def test_nothing_is_compiled_before_its_use() -> None:
    """A module pays for what it uses alone."""
    waiting = expression("(")
    with pytest.raises(re.error):
        waiting.search("")


def test_every_expression_of_the_product_is_one() -> None:
    """No mistake waits for its first use."""
    for module in pkgutil.walk_packages(xlsales.__path__, "xlsales."):
        if not module.name.startswith(ONLY_IN_THEIR_PROGRAM) and not module.name.endswith("__main__"):
            import_module(module.name)
    waiting = [one for one in gc.get_objects() if isinstance(one, expressions._Later) and one.pattern != "("]
    assert len(waiting) > 100
    for one in waiting:
        re.compile(one.pattern, one._flags)
