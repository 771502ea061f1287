"""Plain words, read as answers, commands and openings: one file for each kind."""
