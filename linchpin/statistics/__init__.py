"""Numbers that leaders can trust: pure functions from arrays to results, usable without the rest of the product.

Every method takes plain sequences or numpy arrays and gives a frozen result with its figures, `n`, the `method` and
`warnings` in words. Data that a method cannot be used on raise `DataRefused`, whose text is a sentence. A missing value
is `None` or NaN; what was done about it stands in the result. `plain()` turns a result into what JSON can hold.
"""

from __future__ import annotations

from linchpin.statistics.plain import plain
from linchpin.statistics.results import Estimate
from linchpin.statistics.words import DataRefused, Words

__all__ = ["DataRefused", "Estimate", "Words", "plain"]
