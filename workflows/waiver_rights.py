"""Who may ask for a waiver, accept its risk, and end it: the checks, each with its kind refusal."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.checklist_state import DONE, items_of
from workflows.decision import Circumstances
from workflows.dossier import Dossier
from workflows.ids import Place, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Question
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.seeing import people_in
from workflows.waiver import Waiver

OPEN = ("asked", "in_force")


@dataclass(frozen=True)
class Asking:
    """Somebody asks for a waiver of a control, or does something with one that is there."""

    dossier: Dossier
    program: Program
    directory: Directory
    circ: Circumstances
    checklist: str = ""
    control: str = ""
    waiver: Waiver | None = None
    at: Place | None = None

    @property
    def subject(self) -> Subject:
        """The waiver, or the use case while there is none."""
        return self.waiver.subject if self.waiver else self.dossier.use_case.subject

    @property
    def user(self) -> UserId:
        """Who tries."""
        return self.circ.actor.user

    @property
    def detail(self) -> dict[str, str]:
        """The control, for the audit log."""
        waiver = self.waiver
        return {"control": f"{waiver.checklist}.{waiver.control}" if waiver else self.key}

    @property
    def key(self) -> str:
        """``CHECKLIST.ITEM``."""
        return f"{self.checklist}.{self.control}"


def is_here(asking: Asking) -> Refusal | None:
    """Whoever left the company, or was never in it, asks for nothing."""
    return None if asking.directory.person(asking.user).active else Refusal("not_your_decision")


def works_on_it(asking: Asking) -> Refusal | None:
    """Its submitter, its owners, and the program team."""
    dossier = asking.dossier
    users = {dossier.use_case.submitter, *people_in(dossier.use_case, asking.program)}
    if asking.user in users or asking.user in _team(asking.dossier, asking.program, asking.directory, asking):
        return None
    return Refusal("change_not_yours", {"who": asking.directory.person(dossier.use_case.submitter).name})


def _team(dossier: Dossier, program: Program, directory: Directory, asking: Asking) -> tuple[UserId, ...]:
    return resolve(program.program_team, program, dossier.use_case.answers, directory, asking.circ.now).people


def can_be_waived(asking: Asking) -> Refusal | None:
    """A control that is demanded, has an owner, is not met, and is not one of those that never are waived."""
    question = control_of(asking.checklist, asking.control, asking.program)
    if question is None or question.type != "check":
        return Refusal("waiver_no_control")
    if not question.owner:
        return Refusal("waiver_no_owner", {"control": question.label})
    never = asking.program.governance.waivers.never
    if asking.key in never or asking.checklist in never:
        return Refusal("waiver_never", {"control": question.label})
    if days_at_most(asking.dossier, asking.program) is None:
        return Refusal("waiver_not_at_tier")
    if _stand(asking) in DONE:
        return Refusal("waiver_not_needed", {"control": question.label})
    return None


def _stand(asking: Asking) -> str:
    sheet = asking.program.questionnaires[asking.checklist]
    walk = asking.dossier.walk_of(sheet.id)
    states = items_of(sheet, walk, (), asking.circ.now)
    return next((s.stand for s in states if s.item == asking.control), "open")


def is_not_there_yet(asking: Asking) -> Refusal | None:
    """No other waiver of it is asked for or in force."""
    there = next((w for w in _open_ones(asking) if (w.checklist, w.control) == _pair(asking)), None)
    return Refusal("waiver_there", {"id": there.id}) if there else None


def _pair(asking: Asking) -> tuple[str, str]:
    return asking.checklist, asking.control


def _open_ones(asking: Asking) -> list[Waiver]:
    now = asking.circ.now
    return [w for w in asking.dossier.waivers if w.status == "asked" or w.holds(now)]


def leaves_room(asking: Asking) -> Refusal | None:
    """A use case may have only so many at the same time, and the same control only so many in a row."""
    terms = asking.program.governance.waivers
    if len(_open_ones(asking)) >= terms.at_most:
        return Refusal("waiver_too_many", {"most": str(terms.at_most)})
    before = [
        w
        for w in asking.dossier.waivers
        if (w.checklist, w.control) == _pair(asking) and w.status in ("expired", "ended", "in_force")
    ]
    if len(before) > terms.renewals:
        return Refusal("waiver_renewed_often", {"most": str(terms.renewals)})
    return None


def somebody_carries_it(asking: Asking) -> Refusal | None:
    """Somebody able is named who may accept the risk."""
    if carrier(asking.dossier, asking.program, asking.directory):
        return None
    labels = [asking.program.intake.question(q).label for q in asking.program.governance.waivers.accepted_by]
    return Refusal("waiver_no_carrier", {"who": " or ".join(labels)})


ASK: Right[Asking] = Right(
    "waiver.ask", (is_here, works_on_it, can_be_waived, is_not_there_yet, leaves_room, somebody_carries_it)
)


WORK_ON: Right[Asking] = Right("waiver.ask", (is_here, works_on_it))
"""Before it is looked at what could be waived."""


def control_of(checklist: str, control: str, program: Program) -> Question | None:
    """The item of that checklist."""
    sheet = program.questionnaires.get(checklist)
    return next((q for q in sheet.questions() if q.id == control), None) if sheet else None


def days_at_most(dossier: Dossier, program: Program) -> int | None:
    """How long a waiver may last at the tier of this use case; ``None``: there are none."""
    assessment = dossier.use_case.assessment
    return program.governance.waivers.days_at_most.get(assessment.tier.tier) if assessment else None


def carrier(dossier: Dossier, program: Program, directory: Directory) -> UserId | None:
    """Who would carry the risk: the first named one who is still here."""
    named = (dossier.named(q) for q in program.governance.waivers.accepted_by)
    return next((u for u in named if u and directory.person(u).active), None)


def is_asked(asking: Asking) -> Refusal | None:
    """It waits for the risk to be accepted."""
    waiver = asking.waiver
    if waiver is None:
        return Refusal("card_gone")
    if waiver.acceptance is not None:
        who = asking.directory.person(waiver.acceptance.by).name
        return Refusal("waiver_accepted_already", {"who": who})
    return None if waiver.status == "asked" else Refusal("waiver_over")


def carries_the_risk(asking: Asking) -> Refusal | None:
    """Only whoever carries the risk accepts it: nobody else can do so for them, the asker least of all."""
    waiver = asking.waiver
    if waiver and asking.user == waiver.carrier:
        return None
    name = asking.directory.person(waiver.carrier).name if waiver and waiver.carrier else ""
    return Refusal("waiver_not_your_risk", {"who": name})


ACCEPT: Right[Asking] = Right("waiver.accept", (is_here, is_asked, carries_the_risk))


DECLINE: Right[Asking] = Right("waiver.decline", (is_here, is_asked, carries_the_risk))


def may_end(asking: Asking) -> Refusal | None:
    """Whoever asked for it or carries the risk, its owners, and those who own the control."""
    waiver = asking.waiver
    if waiver is None:
        return Refusal("card_gone")
    use_case = asking.dossier.use_case
    users = {waiver.owner, waiver.carrier, use_case.submitter, *people_in(use_case, asking.program)}
    owners = resolve(waiver.role, asking.program, use_case.answers, asking.directory, asking.circ.now).people
    if asking.user in users or asking.user in owners:
        return None
    asker = waiver.owner or use_case.submitter
    return Refusal("change_not_yours", {"who": asking.directory.person(asker).name})


def is_open(asking: Asking) -> Refusal | None:
    """It is asked for, or in force."""
    waiver = asking.waiver
    return None if waiver and waiver.status in OPEN else Refusal("waiver_over")


END: Right[Asking] = Right("waiver.end", (is_here, is_open, may_end))
