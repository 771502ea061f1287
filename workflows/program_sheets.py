"""A program's files once each is read by itself, and the report of what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from workflows.contract_rules import ContractRules
from workflows.decision_rights import DecisionRights
from workflows.digests.policy import DigestPolicy
from workflows.evaluation_rules import EvaluationRules
from workflows.expressions import nearest
from workflows.feedback_policy import FeedbackPolicy
from workflows.figures.policy import FigurePolicy
from workflows.gate import Gate
from workflows.ids import Frozen
from workflows.import_mapping import ImportMapping
from workflows.incidents.policy import IncidentPolicy
from workflows.learning.policy import LearningPolicy
from workflows.measures.policy import MetricPolicy
from workflows.plan.policy import PlanPolicy
from workflows.portfolio.inventory import Inventory
from workflows.portfolio.policy import PortfolioPolicy
from workflows.program import (
    Consulting,
    Desk,
    Drafts,
    Function,
    Governance,
    Handing,
    LifeCycle,
    Role,
    Rotation,
    Scorecard,
    Tiers,
    WorkingTime,
)
from workflows.program_errors import ProgramError
from workflows.program_yaml import Path, Reading
from workflows.questions import Questionnaire
from workflows.release_policy import ReleasePolicy
from workflows.retention import Retention

_T = TypeVar("_T")


class ProgramSheet(Frozen):
    """``program.yaml``: what the program is called and its settings."""

    version: str
    name: str
    company: str
    program_team: str
    scorecard: str
    drafts: Drafts = Drafts()
    working_time: WorkingTime = WorkingTime()
    desk: Desk = Desk()
    releases: ReleasePolicy = ReleasePolicy()
    consulting: Consulting = Consulting()
    assignments: Handing = Handing()
    contracts: ContractRules = ContractRules()


class RolesSheet(Frozen):
    """``roles.yaml``: roles and where their people are found."""

    roles: tuple[Role, ...]
    rotations: tuple[Rotation, ...] = ()
    functions: tuple[Function, ...] = ()


@dataclass(frozen=True)
class Sheet(Generic[_T]):
    """One file: its name, where its values stand, and what it says."""

    file: str
    reading: Reading
    content: _T


@dataclass
class Sheets:
    """All files of a program; ``None`` for one that is missing or could not be read."""

    program: Sheet[ProgramSheet] | None = None
    tiers: Sheet[Tiers] | None = None
    governance: Sheet[Governance] | None = None
    roles: Sheet[RolesSheet] | None = None
    life_cycle: Sheet[LifeCycle] | None = None
    decision_rights: Sheet[DecisionRights] | None = None
    incidents: Sheet[IncidentPolicy] | None = None
    portfolio: Sheet[PortfolioPolicy] | None = None
    messages: Sheet[Mapping[str, str]] | None = None
    evaluation: Sheet[EvaluationRules] | None = None
    inventory: Sheet[Inventory] | None = None
    metrics: Sheet[MetricPolicy] | None = None
    figures: Sheet[FigurePolicy] | None = None
    digests: Sheet[DigestPolicy] | None = None
    learning: Sheet[LearningPolicy] | None = None
    plan: Sheet[PlanPolicy] | None = None
    feedback: Sheet[FeedbackPolicy] | None = None
    retention: Sheet[Retention] | None = None
    questionnaires: list[Sheet[Questionnaire]] = field(default_factory=list)
    scorecards: list[Sheet[Scorecard]] = field(default_factory=list)
    imports: list[Sheet[ImportMapping]] = field(default_factory=list)
    gates: list[Sheet[Gate]] = field(default_factory=list)

    @property
    def intake(self) -> Sheet[Questionnaire] | None:
        """The questionnaire that tiers, scorecards and governance speak about."""
        return next((q for q in self.questionnaires if q.file == "questionnaires/intake.yaml"), None)


@dataclass
class Report:
    """Everything found wrong so far."""

    errors: list[ProgramError] = field(default_factory=list)

    def add(self, sheet: Sheet[_T], path: Path, problem: str, fix: str) -> None:
        """A fault at a place in a file."""
        self.add_at(sheet.file, sheet.reading.line(path), path, problem, fix)

    def add_at(self, file: str, line: int, path: Path, problem: str, fix: str) -> None:
        """A fault at a line of a file."""
        error = ProgramError(file=file, line=line, field=dotted(path), problem=problem, fix=fix)
        if error not in self.errors:
            self.errors.append(error)

    def unknown(
        self, sheet: Sheet[_T], path: Path, what: str, name: str, known: Collection[str] | None
    ) -> bool:
        """Whether ``name`` is none of ``known``; then that is a fault, which names the nearest.

        ``known`` is ``None`` where what there is could not be read: then nothing is wrong.
        """
        if known is None or name in known:
            return False
        near = nearest(name, known)
        there = ", ".join(sorted(known)) or "(there are none)"
        fix = f'did you mean "{near}"?' if near else f"use one of: {there}"
        self.add(sheet, path, f'there is no {what} "{name}"', fix)
        return True

    def sorted(self) -> list[ProgramError]:
        """In the order in which one would go through the files."""
        return sorted(self.errors, key=lambda e: (e.file, e.line, e.field))


def dotted(path: Path) -> str:
    """``steps[2].questions[0].label``: a place in a file, as people write it."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
