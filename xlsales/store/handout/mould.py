"""What makes a store's workbook of its values. It can be pickled and imports little: processes may do only this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from xlsales.core.expressions import expression
from xlsales.ooxml.archive import Refill
from xlsales.store.handout.slots import Slots

if TYPE_CHECKING:
    from xlsales.store.figures import Result


class Opening(NamedTuple):
    """How a sheet opens: the first row shown below frozen ones, and the address of the cell that is selected."""

    top: int
    cell: str


class Carried(NamedTuple):
    """What one store has in a sheet: the values of its slots, and how it opens if not as the template does."""

    values: Sequence[Result]
    opening: Opening | None = None


class Mould(Struct, frozen=True):
    """A template cut at what differs from store to store; sheets go by the names of their members in the archive."""

    refill: Refill
    slots: Mapping[str, Slots]

    def filled(self, store: Mapping[str, Carried]) -> bytes:
        """Return a store's workbook; the same contents give the same bytes."""
        return self.refill.filled({name: self._sheet(name, own) for name, own in store.items()})

    def _sheet(self, name: str, own: Carried) -> bytes:
        xml = self.slots[name].filled(own.values)
        if own.opening is None:
            return xml
        top, at = own.opening.top, own.opening.cell.encode()
        xml = _TOP.sub(lambda match: b"%b%d" % (match[1], top), xml, count=1)
        return _SELECTED.sub(lambda match: b'%b activeCell="%b" sqref="%b"/>' % (match[1], at, at), xml, count=1)


def filling(mould: Mould) -> Callable[[Mapping[str, Carried]], bytes]:
    """Return the function that fills a mould."""
    return mould.filled


_TOP = expression(rb'(<(?:\w+:)?pane\b[^>]*\btopLeftCell="[A-Z]+)\d+')
_SELECTED = expression(rb'(<(?:\w+:)?selection\b[^>]*?\bpane="bottomRight")[^>]*/>')
