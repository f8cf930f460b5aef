"""Capability: does a stable process fit between its specification limits?"""
