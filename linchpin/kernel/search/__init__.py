"""Finding anything at once: one full-text index over every record."""
