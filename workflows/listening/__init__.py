"""Listening: blame-free feedback on a use case or a tool, its themes, and whom it reaches."""
