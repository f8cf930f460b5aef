"""Results as plain dictionaries, lists, numbers and strings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def plain(result: Any) -> Any:
    """What JSON can hold: dataclasses become dictionaries, arrays lists, NaN and infinities null. A result may say itself how (`plain()`)."""
    if hasattr(result, "plain"):
        return plain(result.plain())
    if is_dataclass(result):
        return {field.name: plain(getattr(result, field.name)) for field in fields(result)}
    if isinstance(result, Mapping):
        return {str(name): plain(value) for name, value in result.items()}
    if isinstance(result, np.ndarray | np.generic):
        return plain(result.tolist())
    if isinstance(result, list | tuple | set | frozenset):
        return [plain(value) for value in result]
    if isinstance(result, float):
        return result if math.isfinite(result) else None
    return str(result) if isinstance(result, str) else result
