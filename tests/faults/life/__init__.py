"""A company in which anyone does anything: the world, the deeds, and an oracle that knows only the files."""
