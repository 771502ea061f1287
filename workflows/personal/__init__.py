"""One person's data: where they are named, what they said, and what is left once they are erased."""
