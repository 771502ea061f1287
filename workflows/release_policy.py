"""The part of ``program.yaml`` about releases: where there are any, what they pass, and who hears of them."""

from __future__ import annotations

from workflows.ids import Frozen


class ReleasePolicy(Frozen):
    """What holds for every release."""

    gate: str = "release"
    """The gate that a release passes: its checklists, and the rows of the matrix with this gate."""
    stages: tuple[str, ...] = ()
    """The stages in which a version may be in use; empty: in any that is open."""
    channel: str = ""
    """The question whose answer is the function whose channel hears of releases; empty: none does."""
    another_model: str = ""
    """The group of material answers of which one has to have changed, with everybody's word that it needs,
    before a version with another model goes out; empty: any approved change will do."""
    tell: tuple[str, ...] = ()
    """Roles that hear at once of a stop, a roll-back and a restart, besides the owners."""
