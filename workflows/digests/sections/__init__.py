"""One module for each group of sections; see :mod:`workflows.digests.section`."""
