"""Starting again after a stop: everybody whom the program names has to agree, and never the stopper alone."""

from __future__ import annotations

from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Effect, Post, ToPerson
from workflows.ids import Frozen, Place, UserId
from workflows.matter import Note
from workflows.may_ship import approval_holds, lacks_in_use
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.release import Agreed, Release, Restart
from workflows.release_rights import ReleaseAttempt, called, holding, one_of, right_to, who_and_when
from workflows.release_telling import everyone_told, redraw
from workflows.releasing import may_not_ship, with_releases
from workflows.roles import resolve

_WHY_AT_MOST = 500
_SOMEBODY_ELSE = "somebody else"


class Yes(Frozen):
    """One yes that a restart needs: as what, from one of whom, and from whom it came."""

    label: str
    people: tuple[UserId, ...]
    given: UserId | None = None


def needed(release: Release, dossier: Dossier, program: Program, directory: Directory) -> tuple[Yes, ...]:
    """Every yes that starting again takes, those that were given included.

    Where nobody is named for one, the program team gives it; and where all could come from the one who
    stopped it, the program team gives one more.
    """
    # Who holds it is judged at the moment of the stop, so that a rotation does not undo what was agreed.
    at = release.closed_at or release.opened_at
    held = holding("restart", dossier, program, directory, at)
    team = resolve(program.program_team, program, dossier.use_case.answers, directory, at).people
    label = program.roles[program.program_team].label
    wanted = [(h.label if h.people else f"{h.label} ({label})", h.people or team) for h in held]
    if all(release.ended_by in people for _, people in wanted):
        others = dict.fromkeys(u for _, people in wanted for u in people if u != release.ended_by)
        wanted.append((_SOMEBODY_ELSE, tuple(others) or tuple(u for u in team if u != release.ended_by)))
    given = release.restart.agreed if release.restart else ()
    return tuple(
        Yes(label=what, people=people, given=next((a.by for a in given if a.label == what), None))
        for what, people in wanted
    )


def _is_stopped(attempt: ReleaseAttempt) -> Refusal | None:
    release = attempt.release
    if release is None or release.status == "stopped":
        return None
    done = who_and_when(attempt, release, release.status, "restarted")
    return Refusal("release_not_stopped", {"version": release.version, **done})


def _nothing_else_is_live(attempt: ReleaseAttempt) -> Refusal | None:
    live, release = attempt.dossier.live, attempt.release
    if live is None or release is None or release.was != "live":
        return None
    return Refusal("release_other_live", {"version": release.version, "now": live.version})


def _was_and_is_approved(attempt: ReleaseAttempt) -> Refusal | None:
    """What goes back into use was approved, and still is."""
    release = attempt.release
    if release is None or release.was != "live":
        return None
    approval = next((a for a in attempt.dossier.approvals if a.id == release.approval), None)
    if approval and approval_holds(approval, attempt.circ.now):
        return None
    return Refusal("release_approval_over", {"version": release.version})


def _nothing_is_lacking(attempt: ReleaseAttempt) -> Refusal | None:
    """What goes back into use has all that a version in use needs at this moment.

    But for open incidents: starting again is how one ends, and whether it may is what everybody agrees to.
    """
    release = attempt.release
    if release is None or release.was != "live":
        return None
    whole = (attempt.dossier, attempt.program, attempt.directory, attempt.circ.now)
    missing = [lack for lack in lacks_in_use(release, *whole) if lack.kind != "incident"]
    return may_not_ship(release, missing) if missing else None


def _gives_a_yes(attempt: ReleaseAttempt) -> Refusal | None:
    """Holds the right, or stands in for whoever should."""
    release = attempt.release
    if release is None or right_to("restart", attempt.program) is None:
        return Refusal("release_nobody_may")
    wanted = needed(release, attempt.dossier, attempt.program, attempt.directory)
    mine = [y for y in wanted if attempt.user in y.people]
    if not mine or not attempt.directory.person(attempt.user).active:
        people = dict.fromkeys(u for y in wanted for u in y.people)
        who = one_of([attempt.directory.person(u).name for u in people])
        return Refusal("release_restart_not_yours", {"who": who})
    if all(y.given for y in mine):
        return Refusal("release_agreed_already", {"who": called(mine[0].given, attempt.directory)})
    return None


RESTART: Right[ReleaseAttempt] = Right(
    "release.restart",
    (_is_stopped, _nothing_else_is_live, _gives_a_yes, _was_and_is_approved, _nothing_is_lacking),
)


def restart(
    release: Release,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    why: str = "",
    at: Place | None = None,
) -> Decision:
    """One more yes to starting again; the first says in a sentence why it will not happen again tomorrow.

    With the last yes the release is again what it was before the stop.
    """
    refused = RESTART.refused(ReleaseAttempt(dossier, program, directory, circ, release, at))
    if refused:
        return refused
    by = circ.actor.user
    asked = release.restart
    if asked is None:
        said = why.strip()
        if not said or len(said) > _WHY_AT_MOST:
            key = "release_too_long" if said else "release_say_it"
            return Decision(problems={"why": program.messages[key].format_map({"limit": _WHY_AT_MOST})})
        asked = Restart(by=by, at=circ.now, why=said)
    mine = [y for y in needed(release, dossier, program, directory) if by in y.people and not y.given]
    agreed = (*asked.agreed, *(Agreed(by=by, label=y.label, at=circ.now) for y in mine))
    asked = asked.model_copy(update={"agreed": agreed})
    note = Note(at=circ.now, by=by, what="agreed", text=asked.why if release.restart is None else "")
    going = release.model_copy(update={"restart": asked, "timeline": (*release.timeline, note)})
    left = [y for y in needed(going, dossier, program, directory) if not y.given]
    if left:
        return _waits_for(going, release.restart is None, left, dossier, circ)
    return _goes_on(going, dossier, program, directory, circ)


def _waits_for(
    release: Release, first: bool, left: list[Yes], dossier: Dossier, circ: Circumstances
) -> Decision:
    """The others are asked, once: when the restart is asked for."""
    people = dict.fromkeys(u for y in left for u in y.people if u != circ.actor.user) if first else {}
    asks: tuple[Effect, ...] = tuple(
        Post(
            to=ToPerson(user=u),
            kind="release_restart",
            subject=release.subject,
            card=f"restart:{len(release.timeline)}",
        )
        for u in people
    )
    known = with_releases(dossier, (release,))
    return Decision(
        changed=(release,),
        entries=(_entry("release.restart_agreed", release),),
        effects=(*asks, *redraw(release, known)),
    )


def _goes_on(
    release: Release, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    why = release.restart.why if release.restart else ""
    note = Note(at=circ.now, by=circ.actor.user, what="restarted", text=why)
    again = release.model_copy(
        update={
            "status": release.was or "approved",
            "was": None,
            "restart": None,
            "closed_at": None,
            "ended_by": None,
            "ended_why": "",
            "timeline": (*release.timeline, note),
        }
    )
    known = with_releases(dossier, (again,))
    told = everyone_told(again, "restarted", known, program, directory, circ)
    return Decision(changed=(again,), entries=(_entry("release.restarted", again),), effects=told)


def _entry(action: str, release: Release) -> Entry:
    detail = {"use_case": release.use_case, "version": release.version}
    return Entry(action=action, subject=release.subject, detail=detail)
