"""The end of an approval: its renewal in time, a word before it, and what is said when it has run out."""

from __future__ import annotations

from workflows.approval import Approval
from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Post, Refresh, ShowHome, ToPerson, ToRoom
from workflows.ids import ApprovalId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve, team_room
from workflows.routing import open_approval, plan
from workflows.seeing import people_in
from workflows.standing import OF_A_GATE, OF_THE_WHOLE
from workflows.tenure import forget_end


def still_counts(approval: Approval, dossier: Dossier, program: Program) -> bool:
    """Whether this is the last word so far: nothing came in its place, and the use case goes on."""
    stage = next((s for s in program.life_cycle.stages if s.id == dossier.use_case.stage), None)
    if approval.status != "approved" or stage is None or not stage.open:
        return False
    first = program.governance.gate
    whole = approval.gate == first
    kinds = OF_THE_WHOLE if whole else OF_A_GATE
    newest = next(
        (
            a
            for a in dossier.approvals
            if a.status == "approved" and a.kind in kinds and (a.gate == approval.gate)
        ),
        None,
    )
    return newest is not None and newest.id == approval.id


def renewal_under_way(approval: Approval, dossier: Dossier) -> Approval | None:
    """The case in which its renewal is decided."""
    return next(
        (
            a
            for a in dossier.approvals
            if a.kind == "renewal" and a.status == "waiting" and a.gate == approval.gate
        ),
        None,
    )


def renew(
    approval: Approval,
    dossier: Dossier,
    approval_id: ApprovalId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """The clock, some weeks before the end: the same gate is put to those who decide about it now."""
    use_case = dossier.use_case
    if (
        not still_counts(approval, dossier, program)
        or renewal_under_way(approval, dossier)
        or use_case.assessment is None
    ):
        return Decision()
    way = plan(
        program,
        program.intake,
        use_case.answers,
        use_case.assessment,
        directory,
        use_case.submitter,
        circ.now,
        approval.gate,
    )
    begun = Entry(action="approval.renewal_due", subject=approval.subject, detail={"approval": approval_id})
    opened = open_approval(
        way,
        approval_id,
        use_case,
        program,
        directory,
        circ,
        kind="renewal",
        gate=approval.gate,
        carrying={"renews": approval.id},
    )
    return Decision(entries=(begun,)).and_then(opened)


def renewed(
    closed: Approval, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """What follows when a renewal was decided: approved it counts in the place of the one before."""
    before = next((a for a in dossier.approvals if a.id == closed.renews), None)
    if before is None or closed.status != "approved":
        return Decision()
    # Whoever was told that it ends has no reason to be told again.
    return Decision(effects=(forget_end(before), Refresh(subject=dossier.use_case.subject)))


def ends_soon(
    approval: Approval, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """The clock, a little before the end: the owners are told, and where the renewal is."""
    if not still_counts(approval, dossier, program):
        return Decision()
    return _told(approval, dossier, program, directory, circ, "ends_soon")


def ended(
    approval: Approval, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """The clock, at the end: it no longer counts, and the owners and the program team are told."""
    if not still_counts(approval, dossier, program):
        return Decision()
    return _told(approval, dossier, program, directory, circ, "ended")


def owners_of(dossier: Dossier, program: Program, directory: Directory) -> tuple[UserId, ...]:
    """Its submitter and everybody named in it as an owner, as far as they are still here."""
    use_case = dossier.use_case
    return directory.active((use_case.submitter, *people_in(use_case, program)))


def _told(
    approval: Approval,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    what: str,
) -> Decision:
    users = owners_of(dossier, program, directory)
    posts: list[Post] = [
        Post(
            to=ToPerson(user=user),
            kind="tenure",
            subject=approval.subject,
            data={"what": what},
            key=f"tenure/{approval.id}/{what}/{circ.now.date()}/{user}",
        )
        for user in users
    ]
    if what == "ended":
        room = team_room(program)
        team = resolve(program.program_team, program, dossier.use_case.answers, directory, circ.now).people
        to = (ToRoom(name=room),) if room else tuple(ToPerson(user=u) for u in team if u not in users)
        posts += [
            Post(
                to=t,
                kind="tenure",
                subject=approval.subject,
                data={"what": what},
                key=f"tenure/{approval.id}/{what}/team/{n}",
            )
            for n, t in enumerate(to)
        ]
    entry = Entry(action=f"approval.{what}", subject=approval.subject, detail={"to": list(users)})
    effects = (*posts, Refresh(subject=dossier.use_case.subject), *(ShowHome(user=u) for u in users))
    return Decision(entries=(entry,), effects=effects)
