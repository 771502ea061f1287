"""Waivers: one control set aside for a time, by whoever owns it, at somebody's explicit risk."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.approval import Approval
from workflows.approval_terms import WAIVER_GATE
from workflows.approving import wanting
from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Effect, Forget, Later, Post, Refresh, ShowHome, ToPerson, ToRoom
from workflows.ids import ApprovalId, Frozen, Place, QuestionId, WaiverId
from workflows.matter import Note
from workflows.people import Directory
from workflows.program import Program
from workflows.renewing import owners_of
from workflows.roles import resolve, team_room
from workflows.routing import open_approval, plan
from workflows.waiver import Acceptance, Waiver
from workflows.waiver_rights import ACCEPT, ASK, DECLINE, END, Asking, carrier, control_of, days_at_most


class Wish(Frozen):
    """What somebody asks for: which control, why, what stands in for it, what may happen, until when."""

    checklist: str
    control: QuestionId
    justification: str
    compensating: str
    risk: str
    expires_at: datetime


def ask(
    dossier: Dossier,
    wish: Wish,
    waiver_id: WaiverId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Ask for a waiver. It goes to whoever carries the risk; once they accept it, to the control's owner.

    Problems ``justification``, ``compensating``, ``risk`` and ``until``.
    """
    asking = Asking(dossier, program, directory, circ, wish.checklist, wish.control, at=at)
    refused = ASK.refused(asking)
    question = control_of(wish.checklist, wish.control, program)
    who = carrier(dossier, program, directory)
    if refused or question is None or who is None:
        return refused or Decision()
    texts = {
        "justification": wish.justification.strip(),
        "compensating": wish.compensating.strip(),
        "risk": wish.risk.strip(),
    }
    problems = {k: p for k, t in texts.items() if (p := wanting(t, "waiver_needs", program))}
    days = days_at_most(dossier, program) or 0
    latest = circ.now + timedelta(days=days)
    if wish.expires_at <= circ.now:
        problems["until"] = program.messages["due_is_past"]
    elif wish.expires_at > latest + timedelta(days=1):
        problems["until"] = program.messages["waiver_too_long"].format_map({"days": days})
    if problems:
        return Decision(problems=problems)
    use_case = dossier.use_case
    waiver = Waiver(
        id=waiver_id,
        use_case=use_case.id,
        owner=circ.actor.user,
        home=use_case.home,
        opened_at=circ.now,
        checklist=wish.checklist,
        control=wish.control,
        role=question.owner,
        expires_at=min(wish.expires_at, latest),
        program=circ.program,
        carrier=who,
        timeline=(Note(at=circ.now, by=circ.actor.user, what="asked"),),
        **texts,
    )
    detail = {"control": f"{wish.checklist}.{wish.control}", "until": waiver.expires_at.isoformat()}
    card = Post(to=ToPerson(user=who), kind="waiver", subject=waiver.subject, card="waiver")
    effects: list[Effect] = [card, *_redrawn(waiver, dossier)]
    if circ.actor.user != who:
        mine = Post(to=ToPerson(user=circ.actor.user), kind="waiver", subject=waiver.subject, card="waiver")
        effects.insert(0, mine)
    return Decision(
        changed=(waiver,),
        entries=(Entry(action="waiver.asked", subject=waiver.subject, detail=detail),),
        effects=tuple(effects),
    )


def accept(
    waiver: Waiver,
    dossier: Dossier,
    ticked: bool,
    words: str,
    approval_id: ApprovalId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Accept the risk, with the program's sentence ticked and in one's own words; then the owner decides.

    Problems ``ticked`` and ``words``.
    """
    refused = ACCEPT.refused(Asking(dossier, program, directory, circ, waiver=waiver, at=at))
    if refused:
        return refused
    words = words.strip()
    problems = {}
    if not ticked:
        problems["ticked"] = program.messages["waiver_tick"]
    problem = wanting(words, "waiver_words", program)
    if problem:
        problems["words"] = problem
    if problems:
        return Decision(problems=problems)
    user = circ.actor.user
    note = Note(at=circ.now, by=user, what="accepted", text=words)
    accepted = waiver.model_copy(
        update={
            "acceptance": Acceptance(by=user, at=circ.now, words=words),
            "approval": approval_id,
            "timeline": (*waiver.timeline, note),
        }
    )
    use_case = dossier.use_case
    if use_case.assessment is None:
        return Decision()
    asker = waiver.owner or use_case.submitter
    way = plan(
        program,
        program.intake,
        use_case.answers,
        use_case.assessment,
        directory,
        use_case.submitter,
        circ.now,
        WAIVER_GATE,
        asker,
        also=(waiver.role,),
        without=(user,),
    )
    opened = open_approval(
        way, approval_id, use_case, program, directory, circ,
        kind="waiver", gate=WAIVER_GATE, matter=waiver.subject, asked_by=asker,
        carrying={"apart": (user,), "delegable": program.governance.waivers.delegation},
    )  # fmt: skip
    entry = Entry(action="waiver.accepted", subject=waiver.subject, detail={"words": words})
    return Decision(changed=(accepted,), entries=(entry,), effects=_redrawn(accepted, dossier)).and_then(
        opened
    )


def decline(
    waiver: Waiver,
    dossier: Dossier,
    reason: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Do not accept the risk: the waiver is refused. Problem ``reason``."""
    refused = DECLINE.refused(Asking(dossier, program, directory, circ, waiver=waiver, at=at))
    if refused:
        return refused
    reason = reason.strip()
    problem = wanting(reason, "reason_needed", program)
    if problem:
        return Decision(problems={"reason": problem})
    return _over(waiver, dossier, "refused", program, directory, circ, reason)


def end(
    waiver: Waiver,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    why: str = "",
    at: Place | None = None,
) -> Decision:
    """Take it back while it is asked for, or end one that is in force before its day: the control counts.

    A case that still waits for its decision is for the caller to withdraw as well.
    """
    refused = END.refused(Asking(dossier, program, directory, circ, waiver=waiver, at=at))
    if refused:
        return refused
    status = "withdrawn" if waiver.status == "asked" else "ended"
    return _over(waiver, dossier, status, program, directory, circ, why.strip())


def decided(
    closed: Approval, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """What follows when the control's owner decided: in force until its day, or refused."""
    about = closed.matter.id if closed.matter else ""
    waiver = next((w for w in dossier.waivers if w.id == about), None)
    if waiver is None or waiver.status != "asked":
        return Decision()
    if closed.status == "withdrawn":
        return _over(waiver, dossier, "withdrawn", program, directory, circ)
    if closed.status != "approved" or waiver.acceptance is None or waiver.expires_at <= circ.now:
        reason = next((v.reason for s in closed.seats for v in s.verdicts if v.choice == "reject"), "")
        return _over(waiver, dossier, "refused", program, directory, circ, reason)
    note = Note(at=circ.now, by=circ.actor.user, what="in_force")
    held = waiver.model_copy(update={"status": "in_force", "timeline": (*waiver.timeline, note)})
    detail = {"until": held.expires_at.isoformat(), "approval": closed.id}
    return Decision(
        changed=(held,),
        entries=(Entry(action="waiver.in_force", subject=held.subject, detail=detail),),
        effects=(*_planned(held, program, circ), *_redrawn(held, dossier)),
    )


def falls_due(
    waiver: Waiver,
    dossier: Dossier,
    what: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """The clock: a word before the end (``remind``), or the end itself (``expired``)."""
    if waiver.status != "in_force":
        return Decision()
    if what != "expired":
        posts = _posts(waiver, dossier, "ends_soon", program, directory, circ)
        entry = Entry(action="waiver.reminded", subject=waiver.subject, detail={})
        return Decision(entries=(entry,), effects=posts)
    return _over(waiver, dossier, "expired", program, directory, circ)


def _planned(waiver: Waiver, program: Program, circ: Circumstances) -> tuple[Later, ...]:
    days = program.governance.waivers.remind_days_before
    times = {f"remind/{d}": waiver.expires_at - timedelta(days=d) for d in days}
    times["expired"] = waiver.expires_at
    return tuple(
        Later(
            key=f"waiver/{waiver.id}/{what}",
            due=due,
            name="waiver_ends",
            subject=waiver.subject,
            data={"what": what.partition("/")[0]},
        )
        for what, due in times.items()
        if due > circ.now
    )


def _over(
    waiver: Waiver,
    dossier: Dossier,
    status: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    reason: str = "",
) -> Decision:
    """It no longer stands for the control. Everyone concerned is told, except of what nobody agreed to."""
    by = None if circ.actor.door == "clock" else circ.actor.user
    note = Note(at=circ.now, by=by, what=status, text=reason)
    was_in_force = waiver.status == "in_force"
    over = waiver.model_copy(
        update={"status": status, "closed_at": circ.now, "timeline": (*waiver.timeline, note)}
    )
    entry = Entry(action=f"waiver.{status}", subject=waiver.subject, detail={"reason": reason})
    effects: list[Effect] = [Forget(key=f"waiver/{waiver.id}/"), *_redrawn(over, dossier)]
    if was_in_force or status == "refused":
        effects += _posts(over, dossier, status, program, directory, circ)
    return Decision(changed=(over,), entries=(entry,), effects=tuple(effects))


def _posts(
    waiver: Waiver,
    dossier: Dossier,
    what: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[Post, ...]:
    """To everyone who has to do with it; at the end of one that was in force to the program team as well."""
    control = resolve(waiver.role, program, dossier.use_case.answers, directory, circ.now).people
    asked = (waiver.owner, waiver.carrier)
    users = (*owners_of(dossier, program, directory), *(u for u in asked if u))
    if what != "refused":
        users = (*users, *control)
    day = circ.now.date()
    posts = [
        Post(
            to=ToPerson(user=user),
            kind="waiver_news",
            subject=waiver.subject,
            data={"what": what},
            key=f"waiver/{waiver.id}/{what}/{day}/{user}",
        )
        for user in directory.active(users)
    ]
    room = team_room(program)
    if what in ("expired", "ended") and room:
        data = {"what": what}
        key = f"waiver/{waiver.id}/{what}/{day}/team"
        team = Post(to=ToRoom(name=room), kind="waiver_news", subject=waiver.subject, data=data, key=key)
        posts.append(team)
    return tuple(posts)


def _redrawn(waiver: Waiver, dossier: Dossier) -> tuple[Effect, ...]:
    users = dict.fromkeys(u for u in (waiver.owner, waiver.carrier) if u)
    return (
        Refresh(subject=waiver.subject),
        Refresh(subject=dossier.use_case.subject),
        *(ShowHome(user=u) for u in users),
    )
