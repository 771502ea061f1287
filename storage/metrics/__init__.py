"""Metrics: one SQL function each, found by its decorator, the same on both databases."""
