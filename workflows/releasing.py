"""A release on its way out: proposed, decided about, confirmed as in use, or taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from workflows.approval import Approval
from workflows.closing import close
from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Effect
from workflows.ids import ApprovalId, Frozen, Place, ReleaseId, UserId
from workflows.matter import Note
from workflows.may_ship import Lack, lacks
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.release import FIGURES, PARTS, Parts, Release
from workflows.release_rights import ReleaseAttempt, able, may, stage_has_versions, who_and_when
from workflows.release_telling import announced, card_for, redraw, told_of_decision
from workflows.rights import closing_verdict
from workflows.routing import open_approval, plan
from workflows.systems import system_name

_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){2}(?:-[0-9A-Za-z.-]{1,40})?")
_TEXT_AT_MOST = 2000
_PART_AT_MOST = 200
_UNUSED = ("withdrawn", "rejected")
"""What never was in use: its number may be used again."""

PROPOSE: Right[ReleaseAttempt] = Right("release.propose", (stage_has_versions, may("propose")))


def _is_not_over(attempt: ReleaseAttempt) -> Refusal | None:
    release = attempt.release
    if release is None or release.status in ("proposed", "approved"):
        return None
    done = who_and_when(attempt, release, release.status)
    return Refusal(f"release_already_{release.status}", {"version": release.version, **done})


def _nothing_is_lacking(attempt: ReleaseAttempt) -> Refusal | None:
    if attempt.release is None:
        return None
    found = lacks(attempt.release, attempt.dossier, attempt.program, attempt.directory, attempt.circ.now)
    return may_not_ship(attempt.release, found) if found else None


def may_not_ship(release: Release, found: Sequence[Lack]) -> Refusal:
    """Why a version does not come into use: each thing that is lacking, in a sentence."""
    missing = "; ".join(lack.says.rstrip(".") for lack in found[:12])
    return Refusal("release_may_not_ship", {"version": release.version, "missing": missing})


def _own_or_may_propose(attempt: ReleaseAttempt) -> Refusal | None:
    if attempt.release and attempt.user == attempt.release.proposed_by:
        return None
    return may("propose")(attempt)


SHIP: Right[ReleaseAttempt] = Right("release.ship", (may("ship"), _is_not_over, _nothing_is_lacking))
WITHDRAW: Right[ReleaseAttempt] = Right("release.withdraw", (_own_or_may_propose, _is_not_over))


class Proposal(Frozen):
    """What somebody wants to put out. A part that is ``None`` stays as it is in the version in use."""

    version: str
    changed: str
    why: str
    impact: str
    model: str | None = None
    prompt: str | None = None
    retrieval: str | None = None
    data: str | None = None
    evaluation: str | None = None
    another_model: bool = False
    link: str = ""


def parts_of(proposal: Proposal, live: Release | None) -> Parts:
    """The five parts as they will be."""
    before = live.parts if live else Parts()
    given = {p: getattr(proposal, p) for p in PARTS}
    return Parts(**{p: v.strip() if v is not None else getattr(before, p) for p, v in given.items()})


def figure_of(parts: Parts, live: Release | None) -> str:
    """How much it changes (see :data:`workflows.release.FIGURES`), by what differs and not by its number."""
    before = live.parts if live else None
    if before is None or (parts.model, parts.data) != (before.model, before.data):
        return FIGURES[0]
    same = (parts.prompt, parts.retrieval) == (before.prompt, before.retrieval)
    return FIGURES[2] if same else FIGURES[1]


def version_of(text: str) -> str:
    """``1.5.0`` from what somebody typed: ``v1.5.0``, `` 1.5.0 ``."""
    return text.strip().removeprefix("v").removeprefix("V").strip()


def next_version(dossier: Dossier) -> str:
    """The number that would follow if nothing but a correction changed; ``1.0.0`` for the first."""
    numbers = [r.version.split("-")[0].split(".") for r in dossier.releases if r.status not in _UNUSED]
    known = [tuple(int(n) for n in number) for number in numbers]
    if not known:
        return "1.0.0"
    major, minor, patch = max(known)
    return f"{major}.{minor}.{patch + 1}"


def named(version: str, dossier: Dossier) -> Release | None:
    """The release of that version or id, the newest where a number was used again."""
    wanted = version_of(version)
    return next((r for r in dossier.releases if wanted in (r.version, r.id)), None)


def propose(
    id: ReleaseId,
    approval_id: ApprovalId,
    proposal: Proposal,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    source: Any = "slack",
    at: Place | None = None,
) -> Decision:
    """Put a version forward: it is decided about as the matrix says for the gate of releases.

    The dossier is read after the use case was locked. Corrections are in ``problems``, by field.
    """
    attempt = ReleaseAttempt(
        dossier, program, directory, circ, at=at, more={"version": proposal.version[:60]}
    )
    refused = PROPOSE.refused(attempt)
    if refused:
        return refused
    problems = _problems(proposal, dossier, program)
    if problems:
        return Decision(problems=problems)
    use_case = dossier.use_case
    assert use_case.assessment is not None  # the right says so
    by = circ.actor.user
    person = None if system_name(by) else by
    live = dossier.live
    parts = parts_of(proposal, live)
    release = Release(
        id=id,
        use_case=use_case.id,
        version=version_of(proposal.version),
        parts=parts,
        changed=proposal.changed.strip(),
        why=proposal.why.strip(),
        impact=proposal.impact.strip(),
        another_model=proposal.another_model and live is not None and parts.model != live.parts.model,
        program=circ.program,
        approval=approval_id,
        owner=_answers_for_it(dossier, program, directory, circ),
        proposed_by=by,
        source=source,
        link=proposal.link.strip(),
        opened_at=circ.now,
        timeline=(Note(at=circ.now, by=by, what="proposed"),),
    )
    way = plan(
        program,
        program.intake,
        use_case.answers,
        use_case.assessment,
        directory,
        use_case.submitter,
        circ.now,
        gate=program.releases.gate,
        asked_by=person,
        figure=figure_of(parts, live),
    )
    asked = open_approval(
        way,
        approval_id,
        use_case,
        program,
        directory,
        circ,
        kind="release",
        gate=program.releases.gate,
        matter=release.subject,
        asked_by=person,
    )
    entry = Entry(
        action="release.proposed",
        subject=release.subject,
        detail={"use_case": use_case.id, "version": release.version, "source": source},
    )
    people = dict.fromkeys(u for u in (release.proposed_by, release.owner) if u)
    made = Decision(changed=(release,), entries=(entry,), effects=card_for(release, people)).and_then(asked)
    known = dossier.model_copy(update={"releases": (release, *dossier.releases)})
    made = made.model_copy(update={"effects": (*made.effects, *redraw(release, known))})
    closed = next((a for a in asked.changed if isinstance(a, Approval) and a.status != "waiting"), None)
    return made.and_then(decided(closed, known, program, directory, circ)) if closed else made


def _problems(proposal: Proposal, dossier: Dossier, program: Program) -> dict[str, str]:
    says = program.messages
    found: dict[str, str] = {}
    version = version_of(proposal.version)
    if not _VERSION.fullmatch(version):
        found["version"] = says["release_version_form"].format_map({"next": next_version(dossier)})
    elif any(r.version == version and r.status not in _UNUSED for r in dossier.releases):
        found["version"] = says["release_version_used"].format_map(
            {"version": version, "next": next_version(dossier)}
        )
    for name in ("changed", "why", "impact"):
        text = getattr(proposal, name)
        if not text.strip():
            found[name] = says["release_say_it"]
        elif len(text) > _TEXT_AT_MOST:
            found[name] = says["release_too_long"].format_map({"limit": _TEXT_AT_MOST})
    for name in PARTS:
        if len(getattr(proposal, name) or "") > _PART_AT_MOST:
            found[name] = says["release_too_long"].format_map({"limit": _PART_AT_MOST})
    link = proposal.link.strip()
    if link and not re.fullmatch(r"https?://[^\s<>|]{1,1000}", link):
        found["link"] = says["release_no_link"]
    return found


def _answers_for_it(
    dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> UserId | None:
    """The first who may confirm it; else whoever brought the use case in."""
    found = able("ship", dossier, program, directory, circ.now)
    return found[0] if found else next(iter(directory.active((dossier.use_case.submitter,))), None)


def decided(
    approval: Approval, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """What follows when its approval is closed: it may go out, or it will not."""
    release = next((r for r in dossier.releases if r.approval == approval.id), None)
    held = release is not None and release.status == "stopped" and release.was == "proposed"
    if release is None or not (release.status == "proposed" or held):
        return Decision()
    if approval.status == "approved":
        note = Note(at=circ.now, by=None if not approval.seats else circ.actor.user, what="approved")
        changes: dict[str, Any] = {"was": "approved"} if held else {"status": "approved"}
        changes["approved_at"] = circ.now
        event = "approved"
    else:
        event = "withdrawn" if approval.status == "withdrawn" else "rejected"
        closing = closing_verdict(approval) if event == "rejected" else None
        why = closing.reason if closing and closing.reason else " ".join(approval.because)
        note = Note(at=circ.now, by=circ.actor.user, what=event, text=why if event == "rejected" else "")
        changes = {
            "status": event,
            "closed_at": circ.now,
            "ended_by": circ.actor.user,
            "ended_why": note.text,
            "was": None,
            "restart": None,
        }
    release = release.model_copy(update={**changes, "timeline": (*release.timeline, note)})
    entry = Entry(
        action=f"release.{event}",
        subject=release.subject,
        detail={"use_case": release.use_case, "version": release.version, "approval": approval.id},
    )
    effects: tuple[Effect, ...] = redraw(release, dossier)
    if event != "withdrawn" and not held:
        effects = (*told_of_decision(release, event, dossier, directory), *effects)
    return Decision(changed=(release,), entries=(entry,), effects=effects)


def ship(
    release: Release,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Somebody confirms that it is out: it is the one in use, and the one before no longer is.

    Nothing is believed: whether it may ship is worked out from the dossier once more.
    """
    attempt = ReleaseAttempt(dossier, program, directory, circ, release, at)
    refused = SHIP.refused(attempt)
    if refused:
        return refused
    before = dossier.live
    by = circ.actor.user
    out = release.model_copy(
        update={
            "status": "live",
            "live_at": circ.now,
            "replaces": before.id if before else None,
            "timeline": (*release.timeline, Note(at=circ.now, by=by, what="live")),
        }
    )
    changed: tuple[Release, ...] = (out,)
    entries = [_entry("release.live", out)]
    if before is not None:
        over = superseded(before, out, circ)
        changed = (over, out)
        entries.append(_entry("release.superseded", over))
    known = with_releases(dossier, changed)
    return Decision(
        changed=changed,
        entries=tuple(entries),
        effects=(*announced(out, known, program, directory, circ), *redraw(out, known)),
    )


def superseded(before: Release, by: Release, circ: Circumstances) -> Release:
    """The version that was in use, no longer so because another one is."""
    note = Note(at=circ.now, by=circ.actor.user, what="superseded", text=by.version)
    return before.model_copy(
        update={"status": "superseded", "closed_at": circ.now, "timeline": (*before.timeline, note)}
    )


def with_releases(dossier: Dossier, changed: tuple[Release, ...]) -> Dossier:
    """The dossier with these releases as they are now."""
    now = {r.id: r for r in changed}
    return dossier.model_copy(update={"releases": tuple(now.get(r.id, r) for r in dossier.releases)})


def withdraw(
    release: Release,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Take a proposal back; whoever was asked to decide no longer is."""
    refused = WITHDRAW.refused(ReleaseAttempt(dossier, program, directory, circ, release, at))
    if refused:
        return refused
    by = circ.actor.user
    gone = release.model_copy(
        update={
            "status": "withdrawn",
            "closed_at": circ.now,
            "ended_by": by,
            "timeline": (*release.timeline, Note(at=circ.now, by=by, what="withdrawn")),
        }
    )
    known = with_releases(dossier, (gone,))
    decision = Decision(
        changed=(gone,), entries=(_entry("release.withdrawn", gone),), effects=redraw(gone, known)
    )
    approval = next((a for a in dossier.approvals if a.id == release.approval), None)
    if approval is None or approval.status != "waiting":
        return decision
    closed = close(approval, dossier.use_case, "withdrawn", program, directory, circ, by=by)
    return decision.and_then(closed)


def _entry(action: str, release: Release) -> Entry:
    detail = {"use_case": release.use_case, "version": release.version}
    return Entry(action=action, subject=release.subject, detail=detail)
