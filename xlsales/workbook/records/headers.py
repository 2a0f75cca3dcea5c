"""Which column holds what: found by header and content, below title rows; asked about where it is in doubt."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlsales.core.faults import Fault, column_letters
from xlsales.core.text import identity as plain
from xlsales.workbook.records import units, wide
from xlsales.workbook.records.contents import holds_amounts, holds_dates
from xlsales.workbook.records.dates import Span, Stamp
from xlsales.workbook.records.header_words import DIMENSIONS, FIELD_NAMES, FIELDS, PAY_DATES, normal, synonyms, tier_of
from xlsales.workbook.records.matching import Matcher
from xlsales.workbook.records.meaning_words import meaning_columns
from xlsales.workbook.records.source import HEAD_ROWS, Grid, text_of
from xlsales.workbook.records.told import Told, value_of

SAMPLE_ROWS = 4000
"""So many rows, spread over the table, tell what a column contains."""
FITS = 0.5
"""From this share of members among its distinct values a column with a fitting name belongs to a dimension …"""
FITS_UNNAMED = 0.8
"""… and from this share a column of any name."""

Row = Sequence[str | None]


class ColumnMissing(Fault):
    """No column can be told to hold a field."""

    zh = "“{label}”里认不出{field_zh}列(表头:{headers})。请在设置的“列对应”里填写:字段 {field_zh},表头 {candidates}。"
    en = (
        "No column of '{label}' can be told to be the {field_en} (headers: {headers}). "
        "In table Column mapping of Settings, enter field {field_en} and its header: {candidates}."
    )


class NotOnFirstSheet(ColumnMissing):
    """No column of a file's first sheet can be told to hold a field; it was read for want of a name."""

    zh = (
        "“{label}”的第一张工作表里认不出{field_zh}列(另有:{others})。"
        "请在设置里填写工作表名;就是这张表的话,在“列对应”里填写:字段 {field_zh},表头 {candidates}。"
    )
    en = (
        "No column of the first sheet of '{label}' can be told to be the {field_en} (other sheets: {others}). "
        "Name the sheet in Settings; if it is this one, enter in Column mapping field {field_en} "
        "and its header: {candidates}."
    )


class NoDates(ColumnMissing):
    """A table in which no column holds dates."""

    zh = (
        "“{label}”里没有日期列(表头:{headers})。整张表是同一天或同一个月的话,"
        "请在“列对应”里填写:字段 日期,值 2026年9月(或 2026-09-30)。"
    )
    en = (
        "No column of '{label}' holds dates (headers: {headers}). If all of it is of one day or month, enter in table "
        "Column mapping field date and value 2026-09 (or 2026-09-30)."
    )


class NoAmounts(ColumnMissing):
    """A table in which no column holds amounts."""

    zh = "“{label}”里没有一列是金额(表头:{headers})。请粘贴带金额的数据。"
    en = "No column of '{label}' holds amounts (headers: {headers}). Paste data with amounts."


class NothingOnFirstSheet(NotOnFirstSheet):
    """A file's first sheet in which no column can be a field; it was read for want of a name."""

    zh = "“{label}”的第一张工作表里没有{field_zh}列(表头:{headers};另有:{others})。请在设置里填写工作表名。"
    en = (
        "The first sheet of '{label}' has no column of the {field_en} (headers: {headers}; other sheets: {others}). "
        "Name the sheet in Settings."
    )


class ColumnInDoubt(Fault):
    """Several columns fit a field equally."""

    zh = "“{label}”里有几列都像{field_zh}:{candidates}。请在设置的“列对应”里填写:字段 {field_zh},表头填其中一列。"
    en = (
        "Several columns of '{label}' may be the {field_en}: {candidates}. "
        "In table Column mapping of Settings, enter field {field_en} and one of these headers."
    )


class HeadersAlike(Fault):
    """Several columns that may hold a field have the same header, so that no mapping can tell them apart."""

    zh = "“{label}”的 {letters} 列表头都是“{header}”,分不清哪一列是{field_zh}。请给不用的那列改个表头。"
    en = (
        "Columns {letters} of '{label}' are all headed '{header}', so the {field_en} cannot be told. "
        "Rename the headers of those that are not meant."
    )


class MappedHeaderMissing(Fault):
    """The mapping table names a header that is not there, or is there twice."""

    zh = "“列对应”里的表头“{header}”在“{label}”里找到 {count} 列。请改为其中一列:{candidates}。"
    en = "Header '{header}' of Column mapping was found {count} times in '{label}'. Enter one of: {candidates}."


class MappedFieldUnknown(Fault):
    """The mapping table names a field that is neither a field nor a dimension."""

    zh = (
        "“列对应”里的字段“{field}”不认识。"
        "请填 日期、金额、数量、单价、符号、排除、计入、汇率、单位 或维度名:{dimensions}。"
    )
    en = (
        "Field '{field}' of Column mapping is unknown. "
        "Enter date, amount, quantity, price, sign, exclude, include, rate, unit or a dimension: {dimensions}."
    )


@dataclass(frozen=True)
class Columns:
    """Which columns of a grid serve what; positions count from 0 within the grid.

    `dimensions` holds for each dimension the columns that give its members, the one to trust first.
    `periods` is filled for wide tables: column → the day its amounts are dated at.
    `totals` are columns left out because they sum others. `unit` is the unit the table names itself (per 1 of its
    amounts, in yuan or, where `foreign` names a currency, in that). `meanings` are columns that may change what an
    amount means: column → kind.
    """

    header_row: int
    headers: tuple[str | None, ...]
    fields: dict[str, int] = field(default_factory=dict)
    dimensions: dict[str, tuple[int, ...]] = field(default_factory=dict)
    periods: dict[int, dt.date] = field(default_factory=dict)
    totals: tuple[int, ...] = ()
    unit: int | None = None
    foreign: str | None = None
    meanings: dict[int, str] = field(default_factory=dict)

    @property
    def served(self) -> dict[str, str]:
        """Field or dimension → the header that serves it, for people to check."""
        found = {name: self.headers[column] or "" for name, column in self.fields.items()}
        found |= {name: self.headers[columns[0]] or "" for name, columns in self.dimensions.items()}
        if not self.periods and "amount" not in self.fields:
            found["amount"] = f"{found['quantity']}×{found['price']}"
        if self.periods:
            first, last = min(self.periods), max(self.periods)
            found["amount"] = f"{self.headers[first]} … {self.headers[last]}"
        return found


def recognise(
    grid: Grid,
    matchers: Sequence[Matcher],
    span: Span,
    mapping: Mapping[str, str] | None = None,
    label: str = "",
    told: Sequence[Told] = (),
) -> Columns:
    """Find the header row and the columns of a table.

    `mapping` (field or dimension → header) and `told` override everything. Raises a fault that names the candidates
    where a date, an amount or a dimension is in doubt; dimensions without a column are just absent.
    """
    head = [[_shown(cell) for cell in row] for row in grid.top(HEAD_ROWS)]
    mapped = _mapped_fields(mapping or {}, matchers)
    at = _header_row(head, matchers, mapped)
    headers = tuple(head[at])
    fixed = _mapped_columns(headers, mapped, grid, label)
    fields, periods = _fields(headers, grid, at, fixed, label)
    titles = [cell for row in head[:at] for cell in row if cell is not None]
    days = wide.dates_of(periods, headers, span, titles) if periods else {}
    taken = {*fields.values(), *periods, *fixed.values()}
    dimensions = _dimensions(headers, grid, at, matchers, fixed, taken, label)
    totals = wide.total_columns(headers, periods) if periods else []
    served = {column for group in dimensions.values() for column in group} | taken
    amount = fields.get("amount", fields.get("price"))
    unit, foreign = _unit([headers[i] for i in ([amount] if amount is not None else periods)], head, at, label, told)
    meanings = meaning_columns(headers, served, told)
    return Columns(at, headers, fields, dimensions, days, tuple(totals), unit, foreign, meanings)


def _shown(cell: str | None) -> str | None:
    text = " ".join(cell.split()) if cell is not None else ""
    return text or None


def _header_row(head: Sequence[Row], matchers: Sequence[Matcher], mapped: Mapping[str, str]) -> int:
    """The first row that names the most columns; a sheet without any known name: its first full row."""
    names = frozenset().union(*(synonyms(m.dimension.name) for m in matchers)) | frozenset().union(*DIMENSIONS)
    wanted = {normal(header) for header in mapped.values()}

    def score(row: Row) -> tuple[int, int]:
        texts = [cell for cell in row if cell is not None]
        fields = sum(any(tier_of(name, text) is not None for text in texts) for name in FIELDS)
        words = [normal(text) for text in texts]
        named = sum(word in names for word in words)
        chosen = sum(word in wanted for word in words)
        return 3 * chosen + 2 * fields + named + (2 if wide.period_columns(row) else 0), min(len(texts), 2)

    scores = [score(row) for row in head]
    return scores.index(max(scores))


def _mapped_fields(mapping: Mapping[str, str], matchers: Sequence[Matcher]) -> dict[str, str]:
    """The mapping by field key or dimension name."""
    keys = {plain(word): key for key, words in FIELD_NAMES.items() for word in words}
    keys |= {plain("销售额"): "amount", plain("sales"): "amount", plain("unit price"): "price"}
    keys |= {plain(matcher.dimension.name): matcher.dimension.name for matcher in matchers}
    found = {}
    for name, header in mapping.items():
        key = keys.get(plain(name))
        if key is None:
            raise MappedFieldUnknown(field=name, dimensions=_listed(m.dimension.name for m in matchers))
        found[key] = header
    return found


def _mapped_columns(headers: Row, mapped: Mapping[str, str], grid: Grid, label: str) -> dict[str, int]:
    fixed = {}
    for key, header in mapped.items():
        exact = [i for i, text in enumerate(headers) if text is not None and plain(text) == plain(header)]
        if len(exact) > 1:
            raise _doubt(key, dict.fromkeys(exact, header), grid, label)
        columns = exact or [i for i, text in enumerate(headers) if text is not None and normal(text) == normal(header)]
        if len(columns) != 1:
            raise MappedHeaderMissing(label=label, header=header, count=len(columns), candidates=_listed(headers))
        fixed[key] = columns[0]
    return fixed


def _fields(
    headers: Row, grid: Grid, at: int, fixed: Mapping[str, int], label: str
) -> tuple[dict[str, int], Mapping[int, Stamp | int]]:
    """The columns of date, amount, quantity and price; for a wide table its period columns instead."""
    rows = grid.below(at)
    free = [header if i not in fixed.values() else None for i, header in enumerate(headers)]
    filled = [i for i in range(len(headers)) if rows[:, i].count() > 0]
    best = {name: [fixed[name]] if name in fixed else _best(name, free, filled) for name in FIELDS}
    periods = wide.period_columns(headers)
    if periods and not best["date"]:
        return {}, periods
    fields = {}
    for name in ("date", "amount", "quantity", "price"):
        product = name == "amount" and bool(best["quantity"] and best["price"])
        optional = name in ("quantity", "price")
        if len(best[name]) == 1:
            fields[name] = best[name][0]
        elif len(best[name]) > 1 and not (optional and best["amount"]):
            raise _doubt(name, {i: headers[i] or "" for i in best[name]}, grid, label)
        elif not (product or optional or best[name]):
            raise _missing(name, headers, grid, at, taken=fields.values(), label=label)
    return fields, {}


def _missing(name: str, headers: Row, grid: Grid, at: int, taken: Iterable[int], label: str) -> Fault:
    """What to ask where no column is known to be a field: which of those whose cells bear it out."""
    fits = holds_dates if name == "date" else holds_amounts
    sample = _sample(grid, at)
    free = [i for i, header in enumerate(headers) if header is not None and i not in taken and fits(sample[i])]
    about = {**_about(name, label), "others": _listed(grid.others), "headers": _listed(headers)}
    if not free:
        kind = NothingOnFirstSheet if grid.others else (NoDates if name == "date" else NoAmounts)
        return kind(**about)
    missing = NotOnFirstSheet if grid.others else ColumnMissing
    return missing(**about, candidates=_listed((headers[i] for i in free), " / "))


def _best(name: str, headers: Row, filled: Sequence[int]) -> list[int]:
    """The columns of the first tier that a field's words are found in; blank columns only where nothing else is.

    A date of payment is never behind another date.
    """
    tiers = {i: tier_of(name, header) for i, header in enumerate(headers) if header is not None}
    ranked = {i: tier for i, tier in tiers.items() if tier is not None}
    ranked = {i: tier for i, tier in ranked.items() if i in filled} or ranked
    first = min(ranked.values(), default=0)
    return [
        i for i, tier in ranked.items()
        if tier == first or (name == "date" and normal(headers[i] or "") in PAY_DATES)
    ]  # fmt: skip


def _about(name: str, label: str) -> dict[str, str]:
    zh, en = FIELD_NAMES.get(name, (name, name))
    return {"label": label, "field_zh": zh, "field_en": en}


def _doubt(name: str, columns: Mapping[int, str], grid: Grid, label: str) -> Fault:
    """What to ask where several columns fit: which one, or, of those with the same header, a new header."""
    header, count = Counter(columns.values()).most_common(1)[0]
    if count == 1:
        return ColumnInDoubt(**_about(name, label), candidates=_listed(columns.values()))
    letters = _listed(column_letters(i + grid.first_column) for i in columns if columns[i] == header)
    return HeadersAlike(**_about(name, label), header=header, letters=letters)


def _listed(names: Iterable[str | None], mark: str = "、") -> str:
    return mark.join(name for name in names if name is not None)


def _sample(grid: Grid, at: int) -> list[set[str]]:
    """Distinct values of each column in rows spread over the table."""
    rows = grid.below(at)
    spread = rows.gather_every(max(1, rows.height // SAMPLE_ROWS))
    texts = [text_of(column).unique().to_list() for column in spread]
    return [{v for v in values if v is not None and v.strip()} for values in texts]


def _dimensions(
    headers: Row,
    grid: Grid,
    at: int,
    matchers: Sequence[Matcher],
    fixed: Mapping[str, int],
    taken: set[int],
    label: str,
) -> dict[str, tuple[int, ...]]:
    """The columns of each dimension. A column serves one dimension; dimensions with a clear name choose first."""
    sample = _sample(grid, at)
    candidates = {i: header for i, header in enumerate(headers) if header is not None and i not in taken}
    found: dict[str, tuple[int, ...]] = {}
    own = {normal(m.dimension.name) for m in matchers}
    for matcher in sorted(matchers, key=lambda m: normal(m.dimension.name) not in map(normal, candidates.values())):
        name = matcher.dimension.name
        if name in fixed:
            found[name] = (fixed[name],)
            continue
        others = own - {normal(name)}
        free = {i: header for i, header in candidates.items() if normal(header) not in others}
        columns = _columns_of(matcher, free, sample, grid, label)
        if columns:
            found[name] = columns
            candidates = {i: header for i, header in candidates.items() if i not in columns}
    return {m.dimension.name: found[m.dimension.name] for m in matchers if m.dimension.name in found}


def _columns_of(
    matcher: Matcher, candidates: Mapping[int, str], sample: Sequence[set[str]], grid: Grid, label: str
) -> tuple[int, ...]:
    """The columns that give a dimension's members: the one with its lowest level first, then those of upper levels."""
    words, own = synonyms(matcher.dimension.name), normal(matcher.dimension.name)
    rank = {i: 2 if normal(h) == own else 1 if normal(h) in words else 0 for i, h in candidates.items()}
    members = {i: _share(sample[i], lambda v: matcher.position(v) >= 0) for i in candidates}
    leaves = {i: _share(sample[i], matcher.is_leaf) for i in candidates}
    fitting = [i for i in candidates if leaves[i] >= (FITS if rank[i] else FITS_UNNAMED)]
    named = [i for i in candidates if rank[i] and members[i]] or [i for i in candidates if rank[i] == 2]
    best = _top(fitting, lambda i: (rank[i] > 0, round(leaves[i], 1), rank[i]))
    best = best or _top(named, lambda i: (round(leaves[i], 1), round(members[i], 1), rank[i]))
    if len(best) > 1:
        raise _doubt(matcher.dimension.name, {i: candidates[i] for i in best}, grid, label)
    upper = [i for i in candidates if i not in best and rank[i] and members[i] >= FITS]
    return (*best, *upper) if best else ()


def _share(values: set[str], belongs: Callable[[str], bool]) -> float:
    return sum(map(belongs, values)) / len(values) if values else 0.0


def _top(columns: Sequence[int], key: Callable[[int], tuple[float, ...]]) -> list[int]:
    keys = {i: key(i) for i in columns}
    return [i for i in columns if keys[i] == max(keys.values())]


def _unit(
    headers: Sequence[str | None], head: Sequence[Row], at: int, label: str, told: Sequence[Told]
) -> tuple[int | None, str | None]:
    """The unit and the foreign currency written in the amounts' headers, above the table or beside it."""
    in_headers = [named for header in headers if header is not None for named in units.split_header(header)[1]]
    titles = units.in_titles(cell for row in head[:at] for cell in row if cell is not None)
    titles += units.beside(cell for row in head[at:] for cell in row if cell is not None and cell not in headers)
    rates = [units.currency_of(row.value or "") for row in told if row.kind == "rate"]
    return units.settle(label, in_headers, titles, value_of(told, "unit"), rates)
