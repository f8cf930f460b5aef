"""The properties share one founding of the house per module."""

from __future__ import annotations

from tests.housing import cast, house

__all__ = ["cast", "house"]
