"""The framework's command that writes the description of the API; the framework itself is no app here."""

from ninja.management.commands.export_openapi_schema import Command

__all__ = ("Command",)
