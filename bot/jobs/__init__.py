"""Jobs after a commit, or due at a time: one function each, found by its decorator."""
