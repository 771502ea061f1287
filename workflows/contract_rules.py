"""The shape of a program's rules for data contracts: ``contracts`` in ``program.yaml``."""

from __future__ import annotations

from pydantic import Field

from workflows.contract_document import Promise
from workflows.ids import Frozen


class AssumedPromise(Frozen):
    """A promise that counts where a contract says nothing of its kind."""

    property: str
    value: str | int | float
    unit: str = ""

    def as_promise(self) -> Promise:
        """As a contract would write it."""
        return Promise(property=self.property, value=self.value, unit=self.unit or None)


class ContractRules(Frozen):
    """What holds for every data contract."""

    assumed: tuple[AssumedPromise, ...] = ()
    """Promised where a contract says nothing."""
    minor_notice_days: int = Field(default=5, ge=0)
    """Working days between announcing a version that adds something and its coming into force."""
    major_notice_days: int = Field(default=20, ge=0)
    """The same for one that breaks something."""
    repeated_breaches: int = Field(default=3, ge=1)
    """So many breaches ..."""
    repeated_days: int = Field(default=90, ge=1)
    """... within so many days are a problem of the source: nothing new may rely on it."""
