"""Messages to those who wait: from a template of the program, looked at before they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workflows.decision import Decision
from workflows.effects import Effect, Post, ToPerson, ToPlace, ToRoom
from workflows.ids import UserId
from workflows.incidents.policy import Template
from workflows.incidents.rights import Handling, Known, is_active, may, not_over, people
from workflows.incidents.telling import entry, next_update, noted, redraw
from workflows.refusals import Right

UPDATE_AT_MOST = 2500
UPDATE = Right("incident.update", (is_active, not_over, may("update")))


def filled_in(template: Template, values: Mapping[str, str]) -> str:
    """The template's text with the incident's facts; whoever sends it may change every word."""
    return template.text.format_map(values)


def recipients(h: Handling, template: Template) -> tuple[tuple[UserId, ...], tuple[str, ...]]:
    """Whom a template goes to: people, and channels (no ``#``)."""
    to = people(template.to, h.incident, h.use_case, h.program, Known(h.directory, h.now))
    return to, h.incident.rooms if template.rooms else ()


def post_update(h: Handling, template: str, text: str, also: Sequence[UserId] = ()) -> Decision:
    """Send it, keep it in the timeline, and plan when the next one is due."""
    refused = UPDATE.refused(h)
    if refused:
        return refused
    chosen = h.program.incidents.template(template)
    messages = h.program.messages
    if chosen is None:
        return Decision(problems={"template": messages["incident_template_needed"]})
    if not text.strip():
        return Decision(problems={"text": messages["incident_update_needed"]})
    if len(text) > UPDATE_AT_MOST:
        return Decision(problems={"text": messages["text_too_long"].format(most=f"{UPDATE_AT_MOST:,}")})
    users, rooms = recipients(h, chosen)
    users = h.directory.active((*users, *also))
    incident = noted(h.incident, h, "update", text.strip())
    number = len(incident.timeline) - 1
    incident, planned = next_update(incident, h.of(incident))
    places: list[ToPerson | ToRoom | ToPlace] = [ToPerson(user=u) for u in users if u != h.user]
    places += [ToRoom(name=r) for r in rooms]
    if chosen.rooms and incident.home and incident.aloud:
        places.append(ToPlace(place=incident.home))
    posts: list[Effect] = [
        Post(
            to=place,
            kind="incident_update",
            subject=incident.subject,
            data={"note": number},
            key=f"incident/{incident.id}/sent/{number}/{n}",
        )
        for n, place in enumerate(places)
    ]
    detail = {"template": template, "to": [str(u) for u in users], "rooms": list(rooms)}
    return Decision(
        changed=(incident,),
        entries=(entry("updated", incident, **detail),),
        effects=(*posts, *planned, *redraw(incident)),
    )
