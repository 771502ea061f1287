"""A walk under its lock, with what it is about and the rules it goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.policies import rules_of_walk, under
from bot.registry import Moment
from storage.store import Tx
from workflows.asking import title_of
from workflows.decision import Circumstances, Decision
from workflows.evaluating import Bringing
from workflows.handed_rights import Asked
from workflows.ids import Place, QuestionId
from workflows.questions import Question
from workflows.seeing import knows_of
from workflows.use_case import UseCase
from workflows.walk import Walk


@dataclass(frozen=True)
class InWalk:
    """A walk under its lock, with everything that rules about it need."""

    tx: Tx
    moment: Moment
    """With the rules that the walk goes by, which may be older than those in force."""
    circ: Circumstances
    walk: Walk
    use_case: UseCase | None

    @property
    def title(self) -> str:
        """What a form about it is called that can no longer do what it was for."""
        case, user = self.use_case, self.circ.actor.user
        if case is not None and not knows_of(user, case.stage, case.submitter):
            return str(case.id)
        return title_of(self.walk, case, self.moment.program)[:24]

    def ask(self, rule: Callable[..., Decision], *args: Any, **more: Any) -> Decision:
        """What a rule says to this; nothing is stored yet."""
        program, directory = self.moment.program, self.tx.directory()
        return rule(self.walk, self.use_case, *args, program, directory, self.circ, **more)

    def asked(self, assignment: str = "", question: str = "", at: Place | None = None) -> Asked:
        """The attempt that rights of handing on are asked about."""
        return Asked(
            self.walk,
            self.use_case,
            self.moment.program,
            self.tx.directory(),
            self.circ,
            QuestionId(question) if question else None,
            self.walk.assignment(assignment),
            at,
        )

    def question(self, id: str) -> Question | None:
        """The question of that id, if the program has it."""
        asked = self.moment.program.questionnaires[self.walk.questionnaire].questions()
        return next((q for q in asked if q.id == id), None)

    def question_of(self, assignment: str) -> Question | None:
        """The question that was handed to somebody."""
        found = self.walk.assignment(assignment)
        return self.question(found.question) if found else None


def in_walk(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> InWalk | None:
    """The walk of that id, locked, and then what it is about; ``None`` when either is gone."""
    walk = tx.lock_walk(id) if id else None
    use_case = tx.lock_use_case(walk.about) if walk and walk.about else None
    if walk is None or (walk.about and use_case is None):
        return None
    program = rules_of_walk(tx, moment.program, walk.questionnaire, use_case, walk.matter)
    return InWalk(tx, *under(program, moment, circ), walk, use_case)


def bringing(
    tx: Tx, moment: Moment, circ: Circumstances, use_case: UseCase, at: Place | None = None
) -> Bringing:
    """Results brought for a locked use case, under the rules that they are compared by."""
    rules = moment.program.evaluation
    program = rules_of_walk(tx, moment.program, rules.results, use_case) if rules else moment.program
    moment, circ = under(program if program.evaluation else moment.program, moment, circ)
    return Bringing(use_case, moment.program, tx.directory(), circ, at)
