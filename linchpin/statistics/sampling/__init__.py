"""Acceptance sampling: take or refuse a lot by looking at part of it."""
