"""xlsales breaks a sales target down and follows its achievement inside Excel.

For programs: `new`, `split`, `refresh`, `check`, `add`, `spread`, `balance` and `undo` are the verbs, on files and on
openpyxl's Workbooks; `handout` and `collect` on files. `frames` gives a plan as pandas DataFrames, `split_frame` splits
a total over the groups of one, `allocate` and `allocate_matrix` over numbers. What a person has to fix is a `Fault`, or
`Refused` with all that was found. The command line (``xlsales --help``) has all verbs. Imports are lazy:
``xlsales --help`` must not pay for numpy.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsales.core.allocation import allocate
    from xlsales.core.faults import Fault, Refused
    from xlsales.core.matrix import allocate_matrix
    from xlsales.hosts.python.frames import frames
    from xlsales.hosts.python.split_frame import split_frame
    from xlsales.hosts.python.verbs import add, balance, check, collect, handout, new, refresh, split, spread, undo

__all__ = [
    "Fault",
    "Refused",
    "__version__",
    "add",
    "allocate",
    "allocate_matrix",
    "balance",
    "check",
    "collect",
    "frames",
    "handout",
    "new",
    "refresh",
    "split",
    "split_frame",
    "spread",
    "undo",
]
__version__ = "0.1.0"

_HOMES = {
    "Fault": "core.faults",
    "Refused": "core.faults",
    "allocate": "core.allocation",
    "allocate_matrix": "core.matrix",
    "frames": "hosts.python.frames",
    "split_frame": "hosts.python.split_frame",
    **dict.fromkeys(
        ("add", "check", "collect", "handout", "new", "refresh", "split", "spread", "balance", "undo"),
        "hosts.python.verbs",
    ),
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"xlsales.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'xlsales' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
