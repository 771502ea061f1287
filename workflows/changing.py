"""Changing the record of a submitted use case: at once, or once those agree whose word rested on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.answers import Answer
from workflows.approval import Approval
from workflows.changes import (
    REPLANNED,
    Proposal,
    adoption_of,
    asked_anew,
    proposal_of,
    propose,
    who_decided,
)
from workflows.decision import Circumstances, Decision, Entry, together
from workflows.dossier import Dossier
from workflows.effects import Effect, Post, Refresh, ShowHome, ToPerson
from workflows.ids import ApprovalId, Place, ProgramStamp, QuestionId, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.releasing import figure_of
from workflows.replanning import replan
from workflows.routing import Plan, open_approval, plan
from workflows.seeing import UNFINISHED, people_in
from workflows.taking_part import works_on
from workflows.tenure import ends_at, forget_end


@dataclass(frozen=True)
class Touch:
    """Somebody wants to do something with a record as a whole."""

    dossier: Dossier
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None

    @property
    def subject(self) -> Subject:
        """The use case."""
        return self.dossier.use_case.subject

    @property
    def user(self) -> UserId:
        """Who tries."""
        return self.circ.actor.user

    @property
    def detail(self) -> Mapping[str, str]:
        """The stage, for the audit log."""
        return {"stage": self.dossier.use_case.stage}


def is_here(touch: Touch) -> Refusal | None:
    """Whoever left the company, or was never in it, changes nothing."""
    return None if touch.directory.person(touch.user).active else Refusal("not_your_decision")


def works_on_it(touch: Touch) -> Refusal | None:
    """Its submitter, whoever is named in it as one of its owners, and the program team."""
    use_case = touch.dossier.use_case
    if works_on(use_case, touch.user, touch.program, touch.directory, touch.circ.now):
        return None
    return Refusal("change_not_yours", {"who": touch.directory.person(use_case.submitter).name})


def is_under_way(touch: Touch) -> Refusal | None:
    """Submitted, and neither put away nor rejected: a draft is changed in its own thread."""
    use_case = touch.dossier.use_case
    if use_case.stage in UNFINISHED or use_case.assessment is None:
        return Refusal("change_draft")
    stage = next((s for s in touch.program.life_cycle.stages if s.id == use_case.stage), None)
    if stage is None or not stage.open:
        return Refusal("change_closed", {"stage": stage.label if stage else use_case.stage})
    return None


def no_other_change(touch: Touch) -> Refusal | None:
    """One change is decided at a time: the next would be about a record that is not there yet."""
    waiting = open_change(touch.dossier)
    return Refusal("change_waits", {"id": waiting.id}) if waiting else None


CHANGE: Right[Touch] = Right("change", (is_here, works_on_it, is_under_way, no_other_change))


def open_change(dossier: Dossier) -> Approval | None:
    """The change that waits for its decision."""
    return next((a for a in dossier.approvals if a.kind == "change" and a.status == "waiting"), None)


def change(
    dossier: Dossier,
    values: Mapping[QuestionId, Any],
    approval_id: ApprovalId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Change answers of the record.

    Where nothing that was decided rests on them they count at once. Otherwise they are kept in a case of
    their own (``approval_id``) and count once it is approved; until then the record stays as it is. A change
    into what is not allowed at all changes nothing. Problems are by question.
    """
    refused = CHANGE.refused(Touch(dossier, program, directory, circ, at))
    if refused:
        return refused
    proposal, problems = propose(dossier, values, program, directory, circ)
    problems |= {str(q): program.messages["change_needs"] for q in proposal.missing}
    if problems:
        return Decision(problems=problems)
    if not proposal.changes:
        return Decision()
    if proposal.stop:
        return impossible(dossier, proposal, circ, at)
    if proposal.seats:
        return asked_for(dossier, proposal, approval_id, program, directory, circ)
    tell = tuple(
        Post(
            to=ToPerson(user=user),
            kind="said",
            subject=dossier.use_case.subject,
            data={
                "message": "change_noted",
                "values": {
                    "title": dossier.use_case.title,
                    "what": labels(proposal, program),
                    "who": directory.person(circ.actor.user).name,
                },
            },
        )
        for user in (who_decided(dossier, circ.now) if proposal.groups else ())
        if user != circ.actor.user
    )
    made = applied(dossier, proposal, program, directory, circ)
    return made.and_then(Decision(effects=directory_active(tell, directory)))


def directory_active(posts: tuple[Post, ...], directory: Directory) -> tuple[Effect, ...]:
    """Those of the posts that go to somebody who is still here."""
    return tuple(p for p in posts if isinstance(p.to, ToPerson) and directory.person(p.to.user).active)


def labels(proposal: Proposal, program: Program) -> str:
    """``Audience, Business owner``."""
    return ", ".join(program.intake.question(c.question).label for c in proposal.changes)


def impossible(dossier: Dossier, proposal: Proposal, circ: Circumstances, at: Place | None) -> Decision:
    """With these answers it would not be allowed: the record stays as it is, and the attempt is kept."""
    detail = {"changes": _detail(proposal), "because": proposal.stop}
    subject = dossier.use_case.subject
    entry = Entry(action="use_case.change_stopped", subject=subject, detail=detail, refused=True)
    data = {"message": "change_stopped", "values": {"reason": proposal.stop}}
    tell = Post(to=ToPerson(user=circ.actor.user), kind="said", subject=subject, data=data)
    return Decision(entries=(entry,), effects=(tell,))


def asked_for(
    dossier: Dossier,
    proposal: Proposal,
    approval_id: ApprovalId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    adopts: ProgramStamp | None = None,
) -> Decision:
    """The case in which a change of the record, or of its rules (``adopts``), is decided."""
    assert proposal.way is not None
    assert proposal.assessment is not None
    use_case, asker = dossier.use_case, circ.actor.user
    seats = tuple(
        s.model_copy(update={"people": tuple(u for u in s.people if u != asker)}) for s in proposal.seats
    )
    way = proposal.way.model_copy(update={"seats": seats, "automatic": False, "stop": ""})
    seen = use_case.model_copy(update={"assessment": proposal.assessment, "answers": dict(proposal.answers)})
    opened = open_approval(
        way, approval_id, seen, program, directory, circ, kind="change", asked_by=asker,
        carrying={
            "changes": proposal.changes,
            "adopts": adopts,
            "tier_before": proposal.tier_before,
            "carried": proposal.carried,
            "reopens": proposal.reopens,
            "expires_at": _ends(dossier, proposal, program, circ),
        },
    )  # fmt: skip
    asked = Entry(
        action="use_case.change_asked",
        subject=use_case.subject,
        detail={
            "changes": _detail(proposal),
            "rules": adopts.label if adopts else None,
            "approval": approval_id,
            "reopens": list(proposal.reopens),
        },
    )
    # The record itself is not touched: only the case that decides about it is new.
    changed = tuple(a for a in opened.changed if isinstance(a, Approval))
    return Decision(changed=changed, entries=(asked, *opened.entries), effects=opened.effects)


def _ends(dossier: Dossier, proposal: Proposal, program: Program, circ: Circumstances) -> datetime | None:
    """A change makes nothing last longer, and a higher tier not as long as before."""
    assert proposal.tier is not None
    first = program.governance.gate
    ends = [a.expires_at for a in dossier.approvals if a.id in proposal.reopens and a.gate == first]
    ends.append(ends_at("intake", first, proposal.tier, program, circ.now))
    return min((end for end in ends if end), default=None)


def decided(
    closed: Approval, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """What follows when a change was decided: approved it counts from now on; else nothing was changed."""
    use_case = dossier.use_case
    if closed.status != "approved":
        dropped = Entry(
            action="use_case.change_dropped",
            subject=use_case.subject,
            detail={"approval": closed.id, "outcome": closed.status},
        )
        return Decision(entries=(dropped,), effects=(Refresh(subject=use_case.subject),))
    if closed.adopts is not None:
        proposal = adoption_of(dossier, program, directory, circ.now)
        meanwhile = tuple(
            a.id
            for a in dossier.approvals
            if a.kind in REPLANNED
            and a.status == "approved"
            and a.closed_at
            and a.closed_at > closed.opened_at
        )
        late = tuple(dict.fromkeys((*proposal.reopens, *meanwhile)))
        made = applied(dossier, proposal, program, directory, circ, because=closed.id, rules={})
        lapsed = proposal.model_copy(update={"reopens": late})
        return made.and_then(_lapsed(closed, lapsed, dossier, circ))
    answers: dict[QuestionId, Answer] = dict(use_case.answers)
    for changed in closed.changes:
        if changed.after is None:
            answers.pop(changed.question, None)
        else:
            answers[changed.question] = changed.after
    proposal = proposal_of(dossier, answers, program, directory, circ.now)
    made = applied(dossier, proposal, program, directory, circ, because=closed.id)
    return made.and_then(_lapsed(closed, proposal, dossier, circ))


def _lapsed(closed: Approval, proposal: Proposal, dossier: Dossier, circ: Circumstances) -> Decision:
    """What was approved on the old answers while the change was being decided does not count any more."""
    late = [
        a.model_copy(update={"expires_at": circ.now})
        for a in dossier.approvals
        if a.id in proposal.reopens and a.id not in closed.reopens
    ]
    entries = [
        Entry(action="approval.lapsed", subject=a.subject, detail={"because": closed.id}) for a in late
    ]
    effects: list[Effect] = [effect for a in late for effect in (forget_end(a), Refresh(subject=a.subject))]
    return Decision(changed=tuple(late), entries=tuple(entries), effects=tuple(effects))


def applied(
    dossier: Dossier,
    proposal: Proposal,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    because: str = "",
    rules: Mapping[str, Any] | None = None,
) -> Decision:
    """The record with the new answers, and every case that is open about it planned anew.

    With ``rules`` (what the log is to say of it) the record goes by ``program`` from now on, and so do they.
    """
    use_case = dossier.use_case
    named = program.intake.title_question
    title = proposal.answers.get(named) if named else None
    changed = use_case.model_copy(
        update={
            "answers": dict(proposal.answers),
            "assessment": proposal.assessment,
            "title": str(title.value) if title else use_case.title,
            "program": use_case.program if rules is None else program.stamp,
        }
    )
    detail = {"changes": _detail(proposal), "tier": proposal.tier, "approval": because or None}
    entry = Entry(action="use_case.changed", subject=use_case.subject, detail=detail)
    if rules is not None:
        labels_ = {"from": use_case.program.label, "to": program.stamp.label, "approval": because or None}
        told = {**labels_, "tier": [proposal.tier_before, proposal.tier], **rules}
        entry = Entry(action="use_case.rules_adopted", subject=use_case.subject, detail=told)
    owners = dict.fromkeys((use_case.submitter, *people_in(changed, program)))
    first = Decision(
        changed=(changed,),
        entries=(entry,),
        effects=(Refresh(subject=use_case.subject), *(ShowHome(user=u) for u in owners)),
    )
    again = [
        replan(
            approval if rules is None else approval.model_copy(update={"program": program.stamp}),
            changed,
            _way(approval, proposal, dossier, program, directory, circ),
            asked_anew(proposal, approval.gate, use_case, program, _figure(approval, dossier)),
            proposal.tier or approval.tier,
            program,
            directory,
            circ,
        )
        for approval in dossier.approvals
        if approval.id in proposal.replans and proposal.tier
    ]
    # The case itself may have moved the use case on: its new answers are in what the case was given.
    return together([first, *again])


def _way(
    approval: Approval,
    proposal: Proposal,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Plan:
    assert proposal.assessment is not None
    return plan(
        program,
        program.intake,
        proposal.answers,
        proposal.assessment,
        directory,
        dossier.use_case.submitter,
        circ.now,
        approval.gate,
        approval.asked_by,
        figure=_figure(approval, dossier),
    )


def _figure(approval: Approval, dossier: Dossier) -> str:
    """How much the version changes that a case is about; empty for a case about anything else."""
    version = next((r for r in dossier.releases if r.subject == approval.matter), None)
    return figure_of(version.parts, dossier.live) if version else ""


def _detail(proposal: Proposal) -> dict[str, list[Any]]:
    return {
        str(c.question): [c.before.value if c.before else None, c.after.value if c.after else None]
        for c in proposal.changes
    }
