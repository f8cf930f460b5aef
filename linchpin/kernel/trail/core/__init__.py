"""Hashes, seals and their verification, free of any database: the same code judges an installation and an export."""
