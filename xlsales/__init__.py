"""xlsales breaks a sales target down and follows its achievement inside Excel.

`allocate` and `allocate_matrix` split totals, `split_frame` over the groups of a pandas DataFrame. `frames` gives a
plan as DataFrames. What a person has to fix is a `Fault`, or `Refused` with all that was found. Everything else is
reached through the command line (``xlsales --help``) and the workbook itself. Imports are lazy: ``xlsales --help`` must
not pay for numpy.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsales.core.allocation import allocate
    from xlsales.core.faults import Fault, Refused
    from xlsales.core.matrix import allocate_matrix
    from xlsales.hosts.python.frames import frames
    from xlsales.hosts.python.split_frame import split_frame

__all__ = ["Fault", "Refused", "__version__", "allocate", "allocate_matrix", "frames", "split_frame"]
__version__ = "0.1.0"

_HOMES = {
    "Fault": "core.faults",
    "Refused": "core.faults",
    "allocate": "core.allocation",
    "allocate_matrix": "core.matrix",
    "frames": "hosts.python.frames",
    "split_frame": "hosts.python.split_frame",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"xlsales.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'xlsales' has no attribute {name!r}")
