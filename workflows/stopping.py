"""Stopping a version, and going back to one before: one click acts at once, and why is asked afterwards."""

from __future__ import annotations

from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Post, ToPerson
from workflows.ids import Place, ReleaseId, UserId
from workflows.life_cycle import stage_of
from workflows.matter import Note
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right, refuse
from workflows.release import Release
from workflows.release_rights import ReleaseAttempt, may, who_and_when
from workflows.release_telling import everyone_told, redraw
from workflows.releasing import with_releases
from workflows.systems import system_name

_REASON_AT_MOST = 2000
_GOOD = ("superseded",)
"""What one goes back to without more ado; one that was stopped or rolled back is named on purpose."""
_ENDED_BADLY = ("stopped", "rolled_back")


def _can_be_stopped(attempt: ReleaseAttempt) -> Refusal | None:
    release = attempt.release
    if release is None or release.status in ("proposed", "approved", "live"):
        return None
    done = who_and_when(attempt, release, release.status)
    return Refusal(f"release_already_{release.status}", {"version": release.version, **done})


STOP: Right[ReleaseAttempt] = Right("release.stop", (may("stop"), _can_be_stopped))


def _goes_on(attempt: ReleaseAttempt) -> Refusal | None:
    """What was put away or retired is used in no version; paused, its version may still be another one."""
    stage = stage_of(attempt.dossier.use_case.stage, attempt.program)
    return None if stage.open else Refusal("ship_stage", {"stage": stage.label})


ROLL_BACK: Right[ReleaseAttempt] = Right("release.roll_back", (may("roll_back"), _goes_on))


def current(dossier: Dossier) -> Release | None:
    """The version in use; where that one was stopped, it."""
    if dossier.live:
        return dossier.live
    stopped = [r for r in dossier.releases if r.status == "stopped" and r.was == "live"]
    return max(stopped, key=lambda r: r.closed_at or r.opened_at, default=None)


def targets(dossier: Dossier) -> tuple[Release, ...]:
    """The versions one may go back to, the one that served last first: in use before, and ended well."""
    found = [r for r in dossier.releases if r.status in _GOOD and r.live_at]
    return tuple(sorted(found, key=lambda r: r.closed_at or r.opened_at, reverse=True))


def stop(
    release: Release,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
    why: str = "",
) -> Decision:
    """Nobody may use it any more, or it does not go out where it is not out yet. Everybody is told."""
    refused = STOP.refused(ReleaseAttempt(dossier, program, directory, circ, release, at))
    if refused:
        return refused
    by, why = circ.actor.user, why.strip()[:_REASON_AT_MOST]
    stopped = release.model_copy(
        update={
            "status": "stopped",
            "was": release.status,
            "restart": None,
            "closed_at": circ.now,
            "ended_by": by,
            "ended_why": why,
            "timeline": (*release.timeline, Note(at=circ.now, by=by, what="stopped", text=why)),
        }
    )
    known = with_releases(dossier, (stopped,))
    event = "stopped" if release.status == "live" else "stop_ship"
    told = everyone_told(stopped, event, known, program, directory, circ)
    entry = _entry("release.stopped", stopped, was=release.status)
    effects = (*told, *_ask_why(stopped, "stopped", circ))
    return Decision(changed=(stopped,), entries=(entry,), effects=effects)


def roll_back(
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    to: ReleaseId | None = None,
    instead_of: ReleaseId | None = None,
    at: Place | None = None,
    why: str = "",
    again: bool = False,
) -> Decision:
    """The version ``to`` serves again instead of the one in use (or stopped); by default the last good one.

    ``instead_of`` is the version that the clicked card spoke of: once it is no longer the current one,
    nothing is done. ``again`` allows a version that was itself stopped or rolled back.
    """
    now = current(dossier)
    meant = next((r for r in dossier.releases if r.id == instead_of), None) if instead_of else now
    attempt = ReleaseAttempt(dossier, program, directory, circ, meant, at)
    refused = ROLL_BACK.refused(attempt)
    if refused:
        return refused
    target, no = _target(attempt, now, meant, to, again)
    if no is not None:
        return refuse(ROLL_BACK.action, attempt, no)
    assert now is not None
    assert target is not None
    by, why = circ.actor.user, why.strip()[:_REASON_AT_MOST]
    gone = now.model_copy(
        update={
            "status": "rolled_back",
            "was": None,
            "restart": None,
            "back_to": target.id,
            "closed_at": circ.now,
            "ended_by": by,
            "ended_why": why or now.ended_why,
            "timeline": (*now.timeline, Note(at=circ.now, by=by, what="rolled_back", text=why)),
        }
    )
    back = target.model_copy(
        update={
            "status": "live",
            "live_at": circ.now,
            "closed_at": None,
            "was": None,
            "restart": None,
            "back_to": None,
            "ended_by": None,
            "ended_why": "",
            "replaces": now.id,
            "timeline": (*target.timeline, Note(at=circ.now, by=by, what="back", text=now.version)),
        }
    )
    known = with_releases(dossier, (gone, back))
    told = everyone_told(gone, "rolled_back", known, program, directory, circ, to=back.version)
    entries = (
        _entry("release.rolled_back", gone, to=back.version),
        _entry("release.live", back, instead_of=gone.version),
    )
    effects = (*told, *redraw(back, known), *_ask_why(gone, "rolled_back", circ))
    return Decision(changed=(gone, back), entries=entries, effects=effects)


def _target(
    attempt: ReleaseAttempt, now: Release | None, meant: Release | None, to: ReleaseId | None, again: bool
) -> tuple[Release | None, Refusal | None]:
    """The version to go back to, or why there is none."""
    dossier = attempt.dossier
    if now is None:
        if meant and meant.status == "rolled_back":
            return None, _already(attempt, meant)
        return None, Refusal("release_none_live", {"title": dossier.use_case.title})
    if meant is not None and meant.id != now.id:
        if meant.status == "rolled_back":
            return None, _already(attempt, meant)
        return None, Refusal("release_not_current", {"version": meant.version, "now": now.version})
    good = targets(dossier)
    if to is None:
        return (good[0], None) if good else (None, Refusal("release_none_before", {"version": now.version}))
    wanted = next((r for r in dossier.releases if r.id == to), None)
    if wanted is None or wanted.live_at is None or wanted.id == now.id:
        return None, Refusal("release_never_live", {"version": wanted.version if wanted else str(to)})
    if wanted.status in _ENDED_BADLY and not again:
        return None, Refusal("release_ended_badly", {"version": wanted.version})
    return wanted, None


def _already(attempt: ReleaseAttempt, release: Release) -> Refusal:
    done = who_and_when(attempt, release, "rolled_back")
    return Refusal("release_already_rolled_back", {"version": release.version, **done})


def _may_explain(attempt: ReleaseAttempt) -> Refusal | None:
    if attempt.release and attempt.user == attempt.release.ended_by:
        return None
    return may("stop")(attempt)


EXPLAIN: Right[ReleaseAttempt] = Right("release.explain", (_may_explain,))


def explain(
    release: Release,
    why: str,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Why it was stopped or rolled back, said afterwards; it is added to the record, with who said it."""
    refused = EXPLAIN.refused(ReleaseAttempt(dossier, program, directory, circ, release, at))
    if refused:
        return refused
    said = why.strip()
    if not said:
        return Decision(problems={"why": program.messages["release_say_it"]})
    if len(said) > _REASON_AT_MOST:
        says = program.messages["release_too_long"].format_map({"limit": _REASON_AT_MOST})
        return Decision(problems={"why": says})
    note = Note(at=circ.now, by=circ.actor.user, what="why", text=said)
    told = release.model_copy(update={"ended_why": said, "timeline": (*release.timeline, note)})
    known = with_releases(dossier, (told,))
    return Decision(
        changed=(told,), entries=(_entry("release.explained", told),), effects=redraw(told, known)
    )


def _ask_why(release: Release, what: str, circ: Circumstances) -> tuple[Post, ...]:
    """A person is asked for the reason once it is done; of a system its operators can tell."""
    user: UserId = circ.actor.user
    if release.ended_why or system_name(user):
        return ()
    post = Post(
        to=ToPerson(user=user),
        kind="release_why",
        subject=release.subject,
        data={"event": what},
        card="why",
    )
    return (post,)


def _entry(action: str, release: Release, **more: str | None) -> Entry:
    detail = {"use_case": release.use_case, "version": release.version, **more}
    return Entry(action=action, subject=release.subject, detail=detail)
