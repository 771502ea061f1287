"""The rules: pure functions from state and input to new state and effects."""
