"""Looking after an incident: taking it, calling it what it is, and saying that it is over."""

from __future__ import annotations

from datetime import datetime

from workflows.decision import Decision
from workflows.effects import Effect, Forget, Post, ToPerson
from workflows.ids import UserId
from workflows.incident import Incident, Status
from workflows.incidents.rights import (
    Handling,
    clock,
    is_active,
    may,
    may_be_about,
    not_over,
    still_bad,
)
from workflows.incidents.telling import (
    cards,
    entry,
    escalations,
    next_update,
    noted,
    redraw,
    spread,
    take_key,
    update_key,
)
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.systems import system_name
from workflows.use_case import UseCase

TEXT_AT_MOST = 2000


def _free(h: Handling) -> Refusal | None:
    """Nobody has it; if somebody has, say who and since when."""
    incident = h.incident
    if incident.owner is None:
        return None
    if incident.owner == h.user:
        return Refusal("incident_with_you")
    since = clock(incident.taken_at or incident.opened_at, h)
    who = h.directory.person(incident.owner).name
    return Refusal("incident_taken_already", {"who": who, "when": since})


def _recovered(h: Handling) -> Refusal | None:
    """It is said to be over, so it can be back."""
    return None if h.incident.status in ("recovered", "reviewed") else Refusal("incident_not_over")


def _is_somebody(h: Handling) -> Refusal | None:
    """A person who is here, or a system that the operator gave a secret to."""
    return None if system_name(h.user) else is_active(h)


TAKE = Right("incident.take", (is_active, still_bad, _free, may("take")))
CHANGE = Right("incident.change", (is_active, not_over, may("change")))
MITIGATE = Right("incident.mitigate", (is_active, still_bad, may("recover")))
RECOVER = Right("incident.recover", (is_active, still_bad, may("recover")))
REOPEN = Right("incident.reopen", (is_active, _recovered, may("recover")))
DISMISS = Right("incident.dismiss", (is_active, still_bad, may("dismiss")))
NOTE = Right("incident.note", (_is_somebody, not_over))


def take(h: Handling) -> Decision:
    """ "I have it": one person leads from now on."""
    refused = TAKE.refused(h)
    if refused:
        return refused
    return _led_by(h, h.incident, h.user, "took")


def _led_by(h: Handling, incident: Incident, user: UserId, what: str) -> Decision:
    incident = noted(incident, h, what, "" if user == h.user else h.directory.person(user).name)
    incident = incident.model_copy(update={"owner": user, "taken_at": h.now})
    posts: tuple[Post, ...] = ()
    if user not in incident.told:
        incident = incident.model_copy(update={"told": (*incident.told, user)})
        posts = cards(incident, [user], [])
    detail = {} if user == h.user else {"owner": user}
    return Decision(
        changed=(incident,),
        entries=(entry(what, incident, **detail),),
        effects=(*posts, Forget(key=take_key(incident)), *redraw(incident)),
    )


def change(
    h: Handling,
    severity: str,
    kind: str,
    owner: UserId | None,
    began_at: datetime | None,
    use_case: UseCase | None,
) -> Decision:
    """Call it what it is: severity, kind, who leads, when it began, and which use case it is about.

    Whoever must know of it as it is now, and does not yet, gets its card.
    """
    refused = CHANGE.refused(h)
    if refused:
        return refused
    wrong = _wrong(h, severity, kind, owner, began_at)
    if wrong:
        return Decision(problems=wrong)
    use_case = may_be_about(use_case)
    before, incident, program = h.incident, h.incident, h.program
    said = {
        "severity": (before.severity, severity, _label(program, severity)),
        "kind": (before.type, kind, _kind(program, kind)),
        "began": (before.began_at, began_at or before.began_at, ""),
        "use_case": (before.use_case, use_case.id if use_case else None, use_case.title if use_case else ""),
    }
    changed = {name: words for name, (old, new, words) in said.items() if old != new}
    if not changed and (owner is None or owner == before.owner):
        return Decision()
    for name, words in changed.items():
        incident = noted(incident, h, f"changed_{name}", words)
    wanted = program.incidents.severity(severity)
    incident = incident.model_copy(
        update={
            "severity": severity,
            "type": kind,
            "began_at": began_at or before.began_at,
            "use_case": use_case.id if use_case else None,
            "review_wanted": before.review_wanted or bool(wanted and wanted.review),
        }
    )
    now = Handling(incident, use_case, program, h.directory, h.circ, h.at)
    incident, posts = spread(before, incident, now)
    effects: list[Effect] = [*posts]
    if "severity" in changed:
        incident, update = next_update(incident, now.of(incident))
        effects += [*escalations(incident, now.of(incident)), *update]
    decision = Decision(
        changed=(incident,),
        entries=(entry("changed", incident, **{k: str(v) for k, v in changed.items()}),),
        effects=(*effects, *redraw(incident), *redraw(before)[1:]),
    )
    if owner and owner != before.owner:
        decision = decision.and_then(_led_by(now.of(incident), incident, owner, "led_by"))
    return decision


def _wrong(
    h: Handling, severity: str, kind: str, owner: UserId | None, began_at: datetime | None
) -> dict[str, str]:
    messages = h.program.messages
    found: dict[str, str] = {}
    if h.program.incidents.severity(severity) is None:
        found["severity"] = messages["incident_severity_needed"]
    if h.program.incidents.kind(kind) is None:
        found["kind"] = messages["incident_kind_needed"]
    if owner and not h.directory.person(owner).active:
        found["owner"] = messages["owner_is_away"].format(who=h.directory.person(owner).name)
    if began_at and began_at > h.incident.opened_at:
        found["began"] = messages["incident_began_after_report"]
    return found


def _label(program: Program, severity: str) -> str:
    found = program.incidents.severity(severity)
    return found.label if found else severity


def _kind(program: Program, kind: str) -> str:
    found = program.incidents.kind(kind)
    return found.label if found else kind


def mitigate(h: Handling) -> Decision:
    """The harm has stopped; normal work is not back yet."""
    refused = MITIGATE.refused(h)
    if refused:
        return refused
    if h.incident.status == "mitigated":
        return Decision()
    return _moved(h, "mitigated")


def recover(h: Handling) -> Decision:
    """Normal work is back: the time to recover ends here, and the review begins."""
    refused = RECOVER.refused(h)
    if refused:
        return refused
    incident = h.incident.model_copy(update={"recovered_at": max(h.now, h.incident.opened_at)})
    decision = _moved(h.of(incident), "recovered")
    leads = h.incident.owner or h.user
    if not incident.review_wanted or incident.review:
        return decision
    # Whoever led it hears what comes next; the card has the same button for everybody else.
    ask = Post(
        to=ToPerson(user=leads),
        kind="incident_review",
        subject=incident.subject,
        card="review",
        key=f"incident/{incident.id}/review/{leads}",
    )
    return decision.and_then(Decision(effects=(ask,)))


def reopen(h: Handling) -> Decision:
    """It is back, after it was said to be over."""
    refused = REOPEN.refused(h)
    if refused:
        return refused
    incident = h.incident.model_copy(update={"recovered_at": None})
    return _moved(h.of(incident), "open", what="reopened")


def dismiss(h: Handling, reason: str) -> Decision:
    """It was none; the reason stays."""
    refused = DISMISS.refused(h)
    if refused:
        return refused
    wrong = reason_wrong(reason, h.program)
    if wrong:
        return Decision(problems=wrong)
    incident = h.incident.model_copy(update={"closed_at": h.now})
    return _moved(h.of(incident), "dismissed", reason.strip())


def reason_wrong(reason: str, program: Program) -> dict[str, str]:
    """What is wrong with a reason, as a correction for its field."""
    if not reason.strip():
        return {"reason": program.messages["incident_reason_needed"]}
    if len(reason) > TEXT_AT_MOST:
        return {"reason": program.messages["text_too_long"].format(most=f"{TEXT_AT_MOST:,}")}
    return {}


def _moved(h: Handling, status: Status, text: str = "", what: str = "") -> Decision:
    incident = noted(h.incident, h, what or status, text)
    incident = incident.model_copy(update={"status": status})
    incident, update = next_update(incident, h.of(incident))
    if incident.over:
        update = (*update, Forget(key=update_key(incident)))
    planned = escalations(incident, h.of(incident)) if what else ()
    if not incident.bad:
        planned = (Forget(key=take_key(incident)),)
    detail = {"reason": text} if text else {}
    return Decision(
        changed=(incident,),
        entries=(entry(what or status, incident, **detail),),
        effects=(*planned, *update, *redraw(incident)),
    )


def note(h: Handling, text: str) -> Decision:
    """A line for the timeline, by anybody who was there."""
    refused = NOTE.refused(h)
    if refused:
        return refused
    said = " ".join(text.split())
    if not said:
        return Decision()
    if len(said) > TEXT_AT_MOST:
        return Decision(
            problems={"note": h.program.messages["text_too_long"].format(most=f"{TEXT_AT_MOST:,}")}
        )
    incident = noted(h.incident, h, "note", said)
    return Decision(changed=(incident,), entries=(entry("noted", incident),), effects=redraw(incident))
