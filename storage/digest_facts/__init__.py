"""Facts for digests: found, counted and cut into pages by the database, one function for each kind."""

from __future__ import annotations

from storage.digest_facts.registry import FACTS, found

__all__ = ["FACTS", "found"]
