"""May this version ship? What is lacking, worked out from the state of one moment."""

from __future__ import annotations

from datetime import datetime

from workflows.approval import Approval
from workflows.changes import who_decided
from workflows.dossier import Dossier
from workflows.gap import Gap
from workflows.ids import Frozen, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.readiness import readiness
from workflows.release import Release
from workflows.seats import open_seats, to_act
from workflows.systems import system_name


class Lack(Frozen):
    """One thing that stands in the way."""

    kind: str
    """A word for machines: ``stopped``, ``approval``, ``item``, ``breach`` ..."""
    says: str
    """A sentence for people, plain text."""
    who: tuple[UserId, ...] = ()
    """Whom it waits for, where that is known."""


def lacks(
    release: Release, dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> tuple[Lack, ...]:
    """Everything that keeps this version from going out now; nothing when it may."""
    over = _over(release, program)
    if over:
        return (over,)
    found = []
    held = (r for r in dossier.releases if r.status == "stopped" and r.was == "live" and r.id != release.id)
    stopped = None if dossier.live else next(held, None)
    if stopped:
        found.append(_lack("stopped", "ship_system_stopped", program, version=stopped.version))
    found += _another_model(release, dossier, program, now)
    return (*found, *lacks_in_use(release, dossier, program, directory, now))


def lacks_in_use(
    release: Release, dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> tuple[Lack, ...]:
    """What has to be there whenever a version comes into use, for the first time or again after a stop."""
    return (
        *_stage(dossier, program),
        *_approval(release, dossier, program, directory, now),
        *_gate(release, dossier, program, directory, now),
    )


def _over(release: Release, program: Program) -> Lack | None:
    """Why no list is needed: it is out already, or will not go out as things are."""
    if release.status in ("proposed", "approved"):
        return None
    return _lack(release.status, f"ship_{release.status}", program, version=release.version)


def _stage(dossier: Dossier, program: Program) -> list[Lack]:
    use_case = dossier.use_case
    stage = next((s for s in program.life_cycle.stages if s.id == use_case.stage), None)
    wanted = program.releases.stages
    if stage and (stage.id in wanted if wanted else stage.open):
        return []
    return [_lack("stage", "ship_stage", program, stage=stage.label if stage else use_case.stage)]


def _approval(
    release: Release, dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> list[Lack]:
    approval = next((a for a in dossier.approvals if a.id == release.approval), None)
    if approval is None:
        return [_lack("approval", "ship_not_asked", program)]
    if approval.status == "waiting":
        return [
            Lack(
                kind="approval",
                says=program.messages["ship_waits"].format_map(
                    {"label": seat.label, "who": _names(to_act(seat), directory)}
                ),
                who=to_act(seat),
            )
            for seat in open_seats(approval)
        ] or [_lack("approval", "ship_not_asked", program)]
    if approval.status != "approved":
        return [_lack("approval", "ship_not_approved", program)]
    if not approval_holds(approval, now):
        return [_lack("approval", "ship_approval_expired", program)]
    return _conditions(approval, program, directory, now)


def approval_holds(approval: Approval, now: datetime) -> bool:
    """Whether it was given and has not run out."""
    return approval.status == "approved" and (approval.expires_at is None or now < approval.expires_at)


def _conditions(approval: Approval, program: Program, directory: Directory, now: datetime) -> list[Lack]:
    late = [c for c in approval.conditions if c.done_at is None and c.due and c.due <= now]
    return [
        Lack(
            kind="condition",
            says=program.messages["ship_condition"].format_map(
                {"condition": c.text, "who": _names((c.owner,), directory)}
            ),
            who=(c.owner,),
        )
        for c in late
    ]


def _another_model(release: Release, dossier: Dossier, program: Program, now: datetime) -> list[Lack]:
    """Another model is a material change: the record has it, approved, before a version with it goes out."""
    if not release.another_model:
        return []
    since = dossier.live.live_at if dossier.live else None
    group = next((g for g in program.governance.material if g.id == program.releases.another_model), None)
    about = set(group.questions) if group else None
    changed = any(
        a.kind == "change"
        and a.status == "approved"
        and a.closed_at
        and (since is None or a.closed_at > since)
        and (about is None or any(c.question in about for c in a.changes))
        for a in dossier.approvals
    )
    # Where nobody had to decide about the use case nobody has to about its change: it counted at once.
    noted = any(
        since is None or answer.at > since
        for question, answer in dossier.use_case.answers.items()
        if about and question in about
    )
    free = noted and not who_decided(dossier, now)
    return [] if changed or free else [_lack("another_model", "ship_another_model", program)]


def _gate(
    release: Release, dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> list[Lack]:
    """What the gate of releases demands besides its approval: checklists, owners, breaches, incidents."""
    gate = program.gates.get(program.releases.gate)
    if gate is None:
        return []
    # The decision is asked for each version, and was looked at above.
    undecided = gate.model_copy(update={"approval": False})
    found = readiness(undecided, dossier, program, directory, now, release)
    said = f"{release.approval}."  # its own conditions were looked at above as well
    gaps = [g for g in found.gaps if not (g.kind == "condition" and g.key.startswith(said))]
    return [Lack(kind=g.kind, says=_gap_says(g, program, directory), who=g.who) for g in gaps]


def _gap_says(gap: Gap, program: Program, directory: Directory) -> str:
    """``Cost watched daily needs evidence (Is one measure of cost watched every day?)``."""
    since = f"{gap.since.day} {gap.since:%B}" if gap.since else ""
    values = {"what": gap.what, "who": _names(gap.who, directory), "asks": gap.asks, "since": since}
    key = "gap_not_approved_waits" if gap.kind == "not_approved" and gap.who else f"gap_{gap.kind}"
    return program.messages[key].format_map(values).replace("*", "").strip()


def _lack(kind: str, key: str, program: Program, **values: str) -> Lack:
    return Lack(kind=kind, says=program.messages[key].format_map(values))


def _names(users: tuple[UserId, ...], directory: Directory) -> str:
    names = [system_name(u) or directory.person(u).name for u in users]
    return " or ".join(names) or "nobody"
