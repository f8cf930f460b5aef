"""Risks: ordinal judgments that are ranked, never multiplied as if they were measured."""
