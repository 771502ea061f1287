"""The command line, one file for each group of commands; loaded only when the group is used."""
