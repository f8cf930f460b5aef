"""Telling people: rows written with the event that they follow from; one grouped mail a day."""
