"""Reading what people already have: from a file to typed rows with every problem beside its cell. No database in here."""
