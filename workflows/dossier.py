"""A dossier: everything that is known of one use case at one moment, for rules that look at the whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from workflows.approval import Approval
from workflows.contract import Contract
from workflows.decision import Aggregate
from workflows.ids import Frozen, UserId
from workflows.incident import Incident
from workflows.release import Release
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Walk

A = TypeVar("A", bound=Aggregate)


class Dossier(Frozen):
    """The use case and all that belongs to it, each list newest first."""

    use_case: UseCase
    walks: tuple[Walk, ...] = ()
    approvals: tuple[Approval, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    releases: tuple[Release, ...] = ()
    incidents: tuple[Incident, ...] = ()
    contracts: tuple[Contract, ...] = ()
    """Those that it relies on."""

    def knowing(self, changed: Iterable[Aggregate]) -> Dossier:
        """The dossier as it is once these are stored: what a rule decided, for the rule that follows from it.

        What is new stands first in its list. Anything that is not about this use case is left out.
        """
        found = tuple(changed)
        own = next((a for a in found if isinstance(a, UseCase) and a.id == self.use_case.id), self.use_case)
        mine = tuple(a for a in found if getattr(a, "use_case", own.id) == own.id)
        return self.model_copy(
            update={
                "use_case": own,
                "walks": _with(
                    self.walks, tuple(w for w in mine if isinstance(w, Walk) and w.about == own.id)
                ),
                "approvals": _with(self.approvals, tuple(a for a in mine if isinstance(a, Approval))),
                "waivers": _with(self.waivers, tuple(a for a in mine if isinstance(a, Waiver))),
                "releases": _with(self.releases, tuple(a for a in mine if isinstance(a, Release))),
                "incidents": _with(self.incidents, tuple(a for a in mine if isinstance(a, Incident))),
                "contracts": _with(
                    self.contracts,
                    tuple(a for a in found if isinstance(a, Contract) and own.id in a.consumers),
                ),
            }
        )

    def walk_of(self, questionnaire: str) -> Walk | None:
        """The newest walk of that questionnaire that was not put away."""
        over = ("cancelled", "expired")
        return next(
            (
                w
                for w in self.walks
                if w.questionnaire == questionnaire and w.matter is None and w.status not in over
            ),
            None,
        )

    @property
    def live(self) -> Release | None:
        """The version in use."""
        return next((r for r in self.releases if r.status == "live"), None)

    def named(self, question: str) -> UserId | None:
        """The person that the answer to a question of the intake names."""
        answers = {str(q): a for q, a in self.use_case.answers.items()}
        value = answers[question].value if question in answers else None
        return UserId(value) if isinstance(value, str) and value else None


def _with(there: tuple[A, ...], changed: tuple[A, ...]) -> tuple[A, ...]:
    now = {a.subject: a for a in changed}
    known = {a.subject for a in there}
    return (*(a for a in changed if a.subject not in known), *(now.get(a.subject, a) for a in there))
