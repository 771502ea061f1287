"""Digests: from figures and facts to a post worth reading, once per channel and period."""
