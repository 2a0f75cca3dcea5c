"""A sheet of an `.xlsx` loaded by blocks of rows: it is inflated once, and the native reader never holds all its cells.

A column has the type that it has if the reader loads the sheet at once. The reader tells the types of a block from that
block alone. So a block whose numbers or dates are in a column of texts is read once more, as texts: at once if a block
before has shown the texts, else in a second pass.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise

import fastexcel
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlsales.ooxml import grid
from xlsales.ooxml.excerpts import Excerpt, Undivided, excerpts
from xlsales.ooxml.package import Package
from xlsales.tables.files.cellwise import is_spread
from xlsales.tables.files.loading import Asked, TooSpread, numbers_of_durations, raw_cells
from xlsales.tables.files.scan import ScanOnlooker, SheetScan, beyond_z, extent

THREADS = 2
"""So many blocks are read at once, while the next is inflated."""


class ReadBlock(Struct, frozen=True):
    """Columns by their number in the sheet, as the reader gives them; `start` rows of the sheet are above them."""

    number: int
    start: int
    height: int
    columns: dict[int, pl.Series]


class BlockReader(Struct, frozen=True):
    """What reads a sheet; `part`, `needed`: of the sheet, and `needed_parts` of its workbook."""

    package: Package
    part: str
    needed: Sequence[str]

    def load(self, asked: Asked) -> tuple[pl.DataFrame, int, SheetScan]:
        """Load a sheet below its first rows: its columns, named by position, and the first one's number.

        With them comes what the bytes hold. Raises `Undivided` if the sheet has to be loaded at once, and `TooSpread`.
        """
        onlooker = ScanOnlooker()
        blocks = list(self._blocks(asked, onlooker=onlooker))
        if not blocks or any(above.start + above.height > below.start for above, below in pairwise(blocks)):
            raise Undivided
        numbers = sorted({number for block in blocks for number in block.columns})
        kinds = {number: _kind([b.columns[number] for b in blocks if number in b.columns]) for number in numbers}
        mixed = {block.number: others for block in blocks if (others := _typed_otherwise(block, kinds))}
        for block in self._blocks(replace(asked, texts=True), only=mixed) if mixed else ():
            (old,) = (b for b in blocks if b.number == block.number)
            old.columns.update({number: block.columns[number] for number in mixed[block.number]})
        across = range(numbers[0], numbers[-1] + 1)
        columns = [_column(blocks, number, kinds.get(number, _TEXT)) for number in across]
        return pl.DataFrame([column.alias(str(i)) for i, column in enumerate(columns)]), across.start, onlooker.result

    def _blocks(
        self, asked: Asked, *, only: Collection[int] | None = None, onlooker: ScanOnlooker | None = None
    ) -> Iterator[ReadBlock]:
        """Yield the blocks that hold a value, all or only some, in order; few are under way at a time.

        A column in which a block before had texts is one of texts in those that follow.
        """
        last = max(only) if only is not None else None
        with ThreadPoolExecutor(THREADS) as pool:
            under_way: deque[tuple[Excerpt, Future[ReadBlock]]] = deque()
            texts: set[int] = set()

            def first() -> ReadBlock:
                excerpt, loading = under_way.popleft()
                block = loading.result()
                texts.update(_of_texts(block, texts))
                return _load(excerpt, asked, block.number, texts) if _typed(block.columns, texts) else block

            try:
                for number, excerpt in enumerate(excerpts(self.package, self.part, self.needed, onlooker)):
                    if not number and (excerpt.blank or excerpt.last <= asked.skipped):
                        raise Undivided
                    if last is not None and number > last:
                        break
                    if excerpt.blank or (only is not None and number not in only):
                        continue
                    if len(under_way) > THREADS:
                        yield first()
                    under_way.append((excerpt, pool.submit(_load, excerpt, asked, number, frozenset(texts))))
                while under_way:
                    yield first()
            finally:
                pool.shutdown(cancel_futures=True)


def _load(excerpt: Excerpt, asked: Asked, number: int, texts: Collection[int]) -> ReadBlock:
    """Load the rows of an excerpt, of the first one those below the head; some columns are to be `texts`."""
    _check_extent(excerpt)
    above = excerpt.first - 1 if number else asked.skipped
    below = above if number else 0
    reader = fastexcel.read_excel(excerpt.workbook())
    columns, height = _columns(reader, asked, below)
    if not columns or above + height > excerpt.last:
        raise Undivided
    if typed := _typed(columns, texts):
        as_texts, _ = _columns(reader, replace(asked, texts=True), below)
        columns |= {at: as_texts[at] for at in typed}
    return ReadBlock(number, above, height, columns)


def _typed(columns: Mapping[int, pl.Series], texts: Collection[int]) -> list[int]:
    """The columns that are no texts, and are to be."""
    return [at for at, piece in columns.items() if at in texts and piece.dtype != _TEXT and piece.dtype in _TEXTS]


def _of_texts(block: ReadBlock, known: Collection[int]) -> list[int]:
    """The columns with texts that are none in `known`."""
    pieces = ((number, piece) for number, piece in block.columns.items() if number not in known)
    return [number for number, piece in pieces if piece.dtype == _TEXT and not _says_nothing(piece)]


def _columns(reader: fastexcel.ExcelReader, asked: Asked, below: int) -> tuple[dict[int, pl.Series], int]:
    """The columns of a sheet by their number, and how many rows they have."""
    cells, first = raw_cells(reader, asked, below=below)
    return {first + i: cells[:, i] for i in range(cells.width)}, cells.height


MOST_PLACES = 4_000_000
"""A block of no more places has its memory, however few of them are cells."""


def _check_extent(excerpt: Excerpt) -> None:
    """Raise `TooSpread` if the cells of a block are so far apart that the reader would need much memory for them."""
    height = excerpt.last - excerpt.first + 1
    if height * (grid.MAX_COLUMN if beyond_z(excerpt.rows) else 26) > MOST_PLACES:
        width, _, cells = extent(excerpt.rows)
        if width * height > MOST_PLACES and is_spread(width, height, cells):
            raise TooSpread


_WHOLE, _FRACTION, _TRUE, _TEXT = pl.Int64(), pl.Float64(), pl.Boolean(), pl.String()
_TEXTS = {_TEXT, _WHOLE, _FRACTION, _TRUE, pl.Datetime("ms"), pl.Date()}


def _kind(pieces: Sequence[pl.Series]) -> pl.DataType:
    """The type of a column of these pieces, as the reader chooses it; raises `Undivided` if it would refuse them."""
    kinds = {piece.dtype for piece in pieces}
    if len(kinds) > 1:
        kinds = {piece.dtype for piece in pieces if not _says_nothing(piece)}
    if len(kinds) <= 1:
        return next(iter(kinds), _TEXT)
    if kinds <= {_WHOLE, _TRUE}:
        return _WHOLE
    if kinds <= {_WHOLE, _FRACTION, _TRUE}:
        return _FRACTION
    if kinds <= _TEXTS:
        return _TEXT
    raise Undivided


def _says_nothing(piece: pl.Series) -> bool:
    """Whether the cells of a piece have no type for the reader: it gives them as texts."""
    return piece.dtype == _TEXT and bool(piece.drop_nulls().is_in(_NO_TYPE).all())


_NO_TYPE = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
]  # fmt: skip


def _typed_otherwise(block: ReadBlock, kinds: dict[int, pl.DataType]) -> list[int]:
    """The columns of texts that are none in this block."""
    return [n for n, piece in block.columns.items() if kinds[n] == _TEXT and piece.dtype != _TEXT]


def _column(blocks: Sequence[ReadBlock], number: int, kind: pl.DataType) -> pl.Series:
    """A column of all blocks, one below the other, blank where a block has none. The blocks lose theirs."""
    row, pieces = blocks[0].start, []
    for block in blocks:
        if block.start > row:
            pieces.append(_blank(kind, block.start - row))
        piece = block.columns.pop(number, None)
        pieces.append(_blank(kind, block.height) if piece is None else _as(piece, kind))
        row = block.start + block.height
    return numbers_of_durations(pl.concat(pieces, rechunk=True))


def _as(piece: pl.Series, kind: pl.DataType) -> pl.Series:
    """A piece in the type of its column; texts that say nothing are blank, or `nan`, in other columns."""
    if piece.dtype == kind:
        return piece
    return piece.cast(kind, strict=False) if piece.dtype != _TEXT or kind == _FRACTION else _blank(kind, len(piece))


def _blank(kind: pl.DataType, height: int) -> pl.Series:
    return pl.Series([None], dtype=kind).new_from_index(0, height)
