"""Linchpin: a quality management system for the ISO 9000 family that leaders actually run."""

__version__ = "0.1.0"
