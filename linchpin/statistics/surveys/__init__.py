"""Surveys: what people say, with how sure it is, and never who said it."""
