"""Messages of Calc that fit the screen."""

from __future__ import annotations

import pytest

from xlsales.hosts.libreoffice.fitting import fitting

pytestmark = pytest.mark.unit
LOG = "/data/calc.log"


def test_what_fits_stays() -> None:
    """A text of as many lines as there is room for is not touched."""
    text = "\n".join(["一" * 30] * 20)
    assert fitting(text, 20, "zh", LOG) == text


def test_the_last_details_go_first() -> None:
    """Heads, the closing lines and the first details stay; a line says how many went and where all of it is."""
    details = [f"  {n}: " + "长" * 40 for n in range(10)]  # two lines of a box each
    text = "\n".join(["总目标", "数据问题 10 条:", *details, "已写入", "现在就看吗?"])
    shown = fitting(text, 20, "zh", LOG).split("\n")
    assert shown == ["总目标", "数据问题 10 条:", *details[:7], f"  …… 另有 3 条,全文见 {LOG}", "已写入", "现在就看吗?"]
    english = fitting(text, 20, "en", LOG)
    assert f"  … 3 more; all of it is in {LOG}" in english


def test_a_text_without_details_stays_whole() -> None:
    """Nothing is left out that is not a detail: a question is never cut."""
    text = "\n".join(["Yes or no?"] * 50)
    assert fitting(text, 20, "en", LOG) == text
