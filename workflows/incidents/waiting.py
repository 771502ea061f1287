"""The clock's part in an incident: nobody has taken it, or those who wait have heard nothing for long."""

from __future__ import annotations

from datetime import timedelta

from workflows.decision import Decision
from workflows.effects import Effect, Post, ToPerson, ToRoom
from workflows.incidents.rights import Handling, Known, people
from workflows.incidents.telling import cards, entry, noted, redraw


def untaken(h: Handling, step: int) -> Decision:
    """Nobody has it in hand: it goes to the next ones, who get the card and a word; once for each step."""
    incident, policy = h.incident, h.program.incidents
    if incident.owner or not incident.bad or not 0 < step <= len(policy.escalate):
        return Decision()
    to = people(policy.escalate[step - 1].to, incident, h.use_case, h.program, Known(h.directory, h.now))
    names = ", ".join(h.directory.person(u).name for u in to)
    incident = noted(incident, h, "escalated", names)
    new = tuple(u for u in to if u not in incident.told)
    incident = incident.model_copy(update={"told": (*incident.told, *new)})
    effects: list[Effect] = [*cards(incident, new, [])]
    effects += [
        Post(
            to=ToPerson(user=user),
            kind="incident_untaken",
            subject=incident.subject,
            card="untaken",
            key=f"incident/{incident.id}/untaken/{step}/{user}",
        )
        for user in to
    ]
    if policy.room:
        effects.append(
            Post(
                to=ToRoom(name=policy.room),
                kind="incident_untaken",
                subject=incident.subject,
                card="untaken",
                key=f"incident/{incident.id}/untaken/{step}/room",
            )
        )
    return Decision(
        changed=(incident,),
        entries=(entry("escalated", incident, step=step, to=list(to)),),
        effects=(*effects, *redraw(incident)),
    )


def update_due(h: Handling, due: str) -> Decision:
    """Those who wait have heard nothing for as long as the program allows: whoever leads is reminded."""
    incident = h.incident
    if not incident.bad or incident.updates_due is None or incident.updates_due.isoformat() != due:
        return Decision()
    if h.now < incident.updates_due - timedelta(seconds=1):
        return Decision()
    team = people(
        h.program.incidents.rights.get("update", ()),
        incident,
        h.use_case,
        h.program,
        Known(h.directory, h.now),
    )
    to = (incident.owner,) if incident.owner else team[:3]
    posts = tuple(
        Post(
            to=ToPerson(user=user),
            kind="incident_update_due",
            subject=incident.subject,
            card="update_due",
            key=f"incident/{incident.id}/update/{due}/{user}",
        )
        for user in h.directory.active(to)
    )
    detail = {"due": due, "to": [str(u) for u in to]}
    return Decision(entries=(entry("update_reminded", incident, **detail),), effects=posts)
