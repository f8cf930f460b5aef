"""Webhooks: what happens to records, told to other systems by Standard Webhooks, signed and tried again."""
