"""One file for each type of document; each names the file endings it reads with ``@loads``."""
