"""Figures: the numbers that people and systems report about a use case in use."""
