"""Measurement systems: how much of the spread is the measuring itself?"""
