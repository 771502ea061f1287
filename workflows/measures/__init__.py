"""Measures: what a number means, when it is good, and what is done when it moves."""
