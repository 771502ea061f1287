"""A dossier: everything that is known of one use case at one moment, for rules that look at the whole."""

from __future__ import annotations

from workflows.approval import Approval
from workflows.contract import Contract
from workflows.ids import Frozen, UserId
from workflows.incident import Incident
from workflows.release import Release
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Walk


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
