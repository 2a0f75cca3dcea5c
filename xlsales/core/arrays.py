"""The kinds of arrays that the rules compute with."""

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]
"""Amounts in whole steps."""
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
