"""xlsales breaks a sales target down and follows its achievement inside Excel.

The two splitting functions are the public core; everything else is reached
through the command line (``xlsales --help``) and the workbook itself.
Imports are lazy: ``xlsales --help`` must not pay for numpy.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsales.core.allocation import allocate
    from xlsales.core.matrix import allocate_matrix

__all__ = ["__version__", "allocate", "allocate_matrix"]
__version__ = "0.1.0"

_HOMES = {"allocate": "xlsales.core.allocation", "allocate_matrix": "xlsales.core.matrix"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'xlsales' has no attribute {name!r}")
