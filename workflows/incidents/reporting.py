"""Reporting an incident: anyone who notices may, without blame, and the same message twice is one."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.decision import Circumstances, Decision
from workflows.effects import Effect, Post, ToPerson
from workflows.ids import Frozen, IncidentId, Place, ReleaseId
from workflows.incident import Incident, Quoted
from workflows.incidents.rights import Handling, may_be_about
from workflows.incidents.telling import (
    card_at,
    cards,
    entry,
    escalations,
    next_update,
    noted,
    redraw,
    spread,
)
from workflows.people import Directory
from workflows.program import Program
from workflows.systems import system_name
from workflows.use_case import UseCase

WHAT_AT_MOST = 2000


class Report(Frozen):
    """What somebody says has happened."""

    kind: str
    severity: str
    what: str
    began_at: datetime | None = None
    quoted: Quoted | None = None
    source: Literal["slack", "cli", "webhook"] = "slack"
    place: Place | None = None
    """The thread in which it is talked about, if there is one."""
    aloud: bool = False
    """Whether the bot may speak there."""
    release: ReleaseId | None = None
    """The version that is live."""


def problems(report: Report, program: Program, now: datetime) -> dict[str, str]:
    """What is wrong with a report, by field of the form; empty when nothing is."""
    found: dict[str, str] = {}
    policy, messages = program.incidents, program.messages
    if policy.kind(report.kind) is None:
        found["kind"] = messages["incident_kind_needed"]
    if policy.severity(report.severity) is None:
        found["severity"] = messages["incident_severity_needed"]
    if not report.what.strip():
        found["what"] = messages["incident_what_needed"]
    elif len(report.what) > WHAT_AT_MOST:
        found["what"] = messages["text_too_long"].format(most=f"{WHAT_AT_MOST:,}")
    if report.began_at and report.began_at > now:
        found["began"] = messages["incident_began_later"]
    return found


def report(
    said: Report,
    id: IncidentId,
    use_case: UseCase | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """A new incident: everybody who must know gets its card in this very transaction."""
    wrong = problems(said, program, circ.now)
    if wrong:
        return Decision(problems=wrong)
    user = circ.actor.user
    use_case = may_be_about(use_case)
    system = bool(system_name(user))
    severity = program.incidents.severity(said.severity)
    incident = Incident(
        id=id,
        use_case=use_case.id if use_case else None,
        type=said.kind,
        severity=said.severity,
        what=said.what.strip(),
        reporter=None if system else user,
        source=said.source,
        quoted=said.quoted,
        home=said.place,
        aloud=said.aloud,
        opened_at=circ.now,
        began_at=said.began_at or circ.now,
        release=said.release,
        review_wanted=bool(severity and severity.review),
    )
    h = Handling(incident, use_case, program, directory, circ)
    incident = noted(incident, h, "opened", said.what.strip()[:300])
    incident, posts = spread(incident, incident, h)
    incident, update = next_update(incident, h.of(incident))
    effects: list[Effect] = [*posts, *escalations(incident, h.of(incident)), *update]
    if said.place and said.aloud:
        effects.append(card_at(incident, said.place))
    if not system and user not in incident.told:
        incident = incident.model_copy(update={"told": (*incident.told, user)})
        effects += cards(incident, [user], [])
    detail = {"kind": said.kind, "severity": said.severity, "source": said.source}
    return Decision(
        changed=(incident,),
        entries=(entry("reported", incident, **detail),),
        effects=(*effects, *redraw(incident)[1:]),
    )


def join(h: Handling, said: Report) -> Decision:
    """The same was reported before: whoever reports it again is with it from now on; their words are kept."""
    incident, user = h.incident, h.user
    if system_name(user):
        return Decision()
    if user == incident.reporter or user in incident.joined:
        told = Post(
            to=ToPerson(user=user),
            kind="said",
            subject=incident.subject,
            data={"message": "incident_reported_by_you", "values": {"id": str(incident.id)}},
        )
        return Decision(effects=(told,))
    words = said.what.strip()[:WHAT_AT_MOST]
    new = "" if incident.quoted and words == incident.quoted.text.strip() else words
    incident = noted(incident, h, "joined", new)
    incident = incident.model_copy(update={"joined": (*incident.joined, user)})
    posts: tuple[Effect, ...] = ()
    if user not in incident.told:
        incident = incident.model_copy(update={"told": (*incident.told, user)})
        posts = cards(incident, [user], [])
    return Decision(
        changed=(incident,),
        entries=(entry("joined", incident),),
        effects=(*posts, *redraw(incident)),
    )


def suggested_kind(words: str, program: Program) -> str:
    """The kind that a report's words name most; empty where they name none."""
    flat = f" {words.casefold()} "
    hits = {k.id: sum(len(w) for w in k.words if w.casefold() in flat) for k in program.incidents.kinds}
    best = max(hits, key=lambda k: hits[k], default="")
    return best if best and hits[best] else ""


def is_about(incident: Incident, quoted: Quoted) -> bool:
    """Whether it was reported from that very message."""
    known = incident.quoted
    return known is not None and (known.channel, known.ts) == (quoted.channel, quoted.ts)
