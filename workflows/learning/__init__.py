"""Learning: the paths that people follow, by their role, and how far they are."""
