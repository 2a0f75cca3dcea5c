"""A total over the rows of a pandas DataFrame; it closes in every group."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from xlsales.core.arrays import Floats, Steps
from xlsales.core.faults import Fault, Listed
from xlsales.core.nested import Codes, allocate_nested
from xlsales.functions.amounts import StepSize, read_step, read_total
from xlsales.functions.cells import cells
from xlsales.hosts.python.needed import load_pandas

if TYPE_CHECKING:
    import pandas as pd

_MOST_NAMES = 20
"""So many columns of a frame are named."""


class NotADataFrame(Fault):
    """Something else in the place of a DataFrame of pandas."""

    zh = "{found} 不是 pandas 的 DataFrame。请先转换,如 df.to_pandas()、series.to_frame()。"
    en = "{found} is no pandas DataFrame. Convert it first, as by df.to_pandas() or series.to_frame()."


class NoSuchColumn(Fault):
    """A column that the frame does not have."""

    zh = "没有列“{column}”。有这些:{columns}。"
    en = 'There is no column "{column}". There are: {columns}.'


class NotAName(Fault):
    """Something else in the place of a column's name: a Series, an array, a list."""

    zh = "列用它的名字给出,不是 {found}。请先把它加成 DataFrame 的一列,再给列名。"
    en = "A column is given by its name, not as {found}. Add it to the DataFrame as a column, then give its name."


class ColumnTwice(Fault):
    """A column name that the frame has more than once."""

    zh = "有 {count} 列都叫“{column}”。请改名,让它只有一列。"
    en = '{count} columns are called "{column}". Rename all but one.'


class ColumnThere(Fault):
    """The frame has a column of the name that the targets are to get."""

    zh = "已有列“{column}”,不会盖掉它。请用 column= 换一个名字,或先 drop 它。"
    en = 'There is a column "{column}" already, which stays as it is. Choose another name by column=, or drop it.'


class NoRows(Fault):
    """A total, and no row to share it over."""

    zh = "DataFrame 没有行,{amount} 分不出去。"
    en = "The DataFrame has no rows, so {amount} has nowhere to go."


class NotAWeight(Fault):
    """A weight that is blank, negative, infinite or no number."""

    zh = "列“{column}”第 {row} 行(索引 {index})是 {found},不是权重。请填零或正数,0 = 不分。"
    en = (
        'Row {row} (index {index}) of column "{column}" is {found}, not a weight. '
        "Enter a number of zero or more; 0 gets nothing."
    )


class NothingToShareBy(Fault):
    """A total, and no weight above zero."""

    zh = "列“{column}”的权重全是零,{amount} 分不出去。请至少填一个正数,要均分就不给 weight。"
    en = (
        'All weights of column "{column}" are zero, so {amount} has nowhere to go. '
        "Enter one above zero, or leave weight out for equal shares."
    )


class NoGroup(Fault):
    """A row that is in no group, or in a group that cannot be compared."""

    zh = "列“{column}”第 {row} 行(索引 {index})是 {found},分不了组。请填上组名,或去掉这一行。"
    en = 'Row {row} (index {index}) of column "{column}" is {found}, which is no group. Fill it in, or drop the row.'


def split_frame(
    df: pd.DataFrame,
    total: float | Decimal,
    by: Hashable | Sequence[Hashable] | None = None,
    weight: Hashable | None = None,
    *,
    step: float | Decimal = 1,
    column: str = "target",
) -> pd.DataFrame:
    """Split `total` over the rows of a DataFrame; return a copy with one column more, and close in every group.

    `by` names a column of groups, or several of nested ones, coarse to fine: `["region", "store"]`. The total is shared
    over the groups of the first by the sums of their weights, each of these over its groups of the next, and at last
    over its rows. So the parts of each group add up to it exactly, and each is within one `step` of its share. `weight`
    names the column of weights: numbers of zero or more, of which only the ratio counts; without it every row counts
    the same. `total` is a multiple of `step`, which may be a decimal (`Decimal("0.01")`, or 0.01).

    Steps go to the largest remainders; of equal ones the later group or row is served first, so that the same frame
    gives the same targets again. `column` is the name of the new column: `int64` if the step is a whole number, else
    `float64`, each the float nearest to the exact decimal. Index, order of rows and all other columns stay; `df` is
    not changed. Categories without rows get nothing.

    Raises a Fault of one sentence if the frame, a column, a weight, a group or an amount cannot be used.
    """
    load_pandas()
    rows = _Rows(df)
    size = read_step(cells("step", step))
    amount = read_total(cells("total", total), size)
    _check_name(column)
    if column in rows.frame.columns:
        raise ColumnThere(column=_line(column))
    levels = [rows.groups(one) for one in _several(by, rows.frame)]
    weights = np.ones(len(rows.frame)) if weight is None else rows.weights(weight)
    if amount and not len(weights):
        raise NoRows(amount=size.say(amount))
    if amount and not weights.any():
        raise NothingToShareBy(column=_line(weight), amount=size.say(amount))
    out = rows.frame.copy()
    out[_name_in(column, out)] = _amounts(allocate_nested(amount, weights, levels), size)
    return out


class _Rows:
    """A DataFrame whose columns are read with the places of what cannot be used."""

    def __init__(self, df: object) -> None:
        import pandas as pd

        if not isinstance(df, pd.DataFrame):
            raise NotADataFrame(found=_kind(df))
        self.frame = df

    def column(self, name: Hashable) -> pd.Series[Any]:
        """Return a column. Raises NoSuchColumn or ColumnTwice."""
        _check_name(name)
        columns = self.frame.columns
        count = sum(1 for one in columns if one == name)
        if not count:
            names = [_line(one) for one in columns]
            more = ["…"] if len(names) > _MOST_NAMES else []
            raise NoSuchColumn(column=_line(name), columns=Listed([*names[:_MOST_NAMES], *more]))
        if count > 1:
            raise ColumnTwice(column=_line(name), count=count)
        return self.frame[name]  # type: ignore[no-any-return, call-overload, index, unused-ignore]

    def groups(self, name: Hashable) -> Codes:
        """Return the group of each row, from 0. Raises NoGroup."""
        import pandas as pd

        column = self.column(name)
        try:
            codes, _ = pd.factorize(column)
        except TypeError:  # lists and the like
            odd = np.array([not isinstance(value, Hashable) for value in column])
            raise self._at(NoGroup, name, odd) from None
        if (codes < 0).any():
            raise self._at(NoGroup, name, codes < 0)
        return codes.astype(np.intp)

    def weights(self, name: Hashable) -> Floats:
        """Return the weight of each row. Raises NotAWeight."""
        column = self.column(name)
        if column.dtype.kind in "iuf":
            weights = column.to_numpy(np.float64, na_value=np.nan)
        else:
            weights = np.array([_number(value) for value in column], np.float64)
        wrong = ~((weights >= 0) & (weights < np.inf))
        if wrong.any():
            raise self._at(NotAWeight, name, wrong)
        return weights

    def _at(self, fault: type[Fault], name: Hashable, wrong: Any) -> Fault:
        """The fault of the first wrong row: its number from 1, its index, what it holds."""
        at = int(np.argmax(wrong))
        found = self.column(name).iloc[at]
        text = f'"{_line(found)}"' if isinstance(found, str) else _line(found)
        return fault(column=_line(name), row=at + 1, index=_line(self.frame.index[at]), found=text)


def _several(by: Hashable | Sequence[Hashable] | None, frame: pd.DataFrame) -> list[Hashable]:
    """The columns of groups; a tuple that is the name of a column is one."""
    if by is None:
        return []
    if isinstance(by, tuple) and by in frame.columns:
        return [by]
    return list(by) if isinstance(by, list | tuple) else [by]  # type: ignore[list-item, unused-ignore]


def _check_name(name: object) -> None:
    """Raise NotAName for what cannot be the name of a column."""
    if not isinstance(name, Hashable):
        raise NotAName(found=_kind(name))


def _kind(value: object) -> str:
    """What a value is: pandas.Series, numpy.ndarray, list."""
    kind = type(value)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"
    )


def _line(value: object) -> str:
    """A name or a value in one line."""
    return " ".join(str(value).split())


def _name_in(column: str, frame: pd.DataFrame) -> Hashable:
    """The name of a new column; in a frame with several levels of names the others are empty."""
    levels = frame.columns.nlevels
    return (column, *[""] * (levels - 1)) if levels > 1 else column


def _number(value: object) -> float:
    """A weight of a column of objects; NaN if it is none."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real | Decimal):
        return np.nan
    return float(value)


def _amounts(steps: Steps, size: StepSize) -> Steps | Floats:
    """Whole steps as amounts: whole numbers if the step is one, and they are not too large."""
    whole = int(size.size)
    if whole != size.size or int(steps.sum()) * whole > np.iinfo(np.int64).max:
        return size.amounts(steps)
    return steps * whole
