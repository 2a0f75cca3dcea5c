"""The funnel of a channel: how many leads its deliveries take, and how many deliveries its leads bring.

Source: the seed's case of a car dealer: leads → opportunities → draft contracts → orders → deliveries, each stage a
share of the one before. Every number is whole. Backwards it is rounded up and forwards down, so the leads that are
needed always bring at least the deliveries that they are needed for.
"""

from __future__ import annotations

import numpy as np

from xlsales.core.arrays import Floats

_WHOLE = 1e-12
"""A number that is this little off a whole number, in proportion, is that number."""


def backwards(deliveries: Floats, rates: Floats) -> Floats:
    """Return what each stage needs, channels × stages, the last being the `deliveries` themselves (whole numbers).

    `rates`, channels × (stages − 1), are above 0 and at most 1: the share of a stage that reaches the next one. NaN
    deliveries stay NaN.
    """
    stages = [np.asarray(deliveries, dtype=np.float64)]
    for rate in reversed(rates.T):
        stages.append(np.ceil(stages[-1] / rate * (1 - _WHOLE)))
    return np.stack(stages[::-1], axis=1)


def forwards(leads: Floats, rates: Floats) -> Floats:
    """Return what `leads` (whole numbers) bring at each stage, channels × stages, the first being the leads."""
    stages = [np.asarray(leads, dtype=np.float64)]
    for rate in rates.T:
        stages.append(np.floor(stages[-1] * rate * (1 + _WHOLE)))
    return np.stack(stages, axis=1)
