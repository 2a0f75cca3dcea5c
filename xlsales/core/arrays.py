"""The kinds of arrays that the rules compute with."""

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]
"""Amounts in whole steps."""
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def product(left: Floats | Mask, right: Floats) -> Floats:
    """Return the product of matrices, summed in one order on any computer, and by one thread.

    numpy's own splits large ones among threads, which wait for each other longer than a few rows take.
    """
    return np.asarray(np.einsum("ij,jk->ik", left, right), dtype=np.float64)
