"""What is to be done after an incident: each action has an owner and a day, and ends as done or dropped."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from workflows.calendars import work_times
from workflows.decision import Decision
from workflows.effects import Effect, Forget, Later, Post, ShowHome, ToPerson, ToRoom
from workflows.ids import UserId
from workflows.incident import Incident
from workflows.incidents.handling import reason_wrong
from workflows.incidents.rights import Handling, clock, holders, is_active, some_of
from workflows.incidents.telling import entry, noted, redraw
from workflows.matter import Action
from workflows.refusals import Refusal, Right
from workflows.roles import resolve, team_room

ACTION_AT_MOST = 1000
_DAY_BEFORE = timedelta(hours=24)


def _there(h: Handling) -> Refusal | None:
    """It is still to be done; if not, say what became of it."""
    action = h.action
    if action is None:
        return Refusal("action_gone")
    if action.done_at and action.done_by:
        who = h.directory.person(action.done_by).name
        return Refusal("action_done_already", {"who": who, "when": clock(action.done_at, h)})
    return Refusal("action_dropped_already") if action.dropped_at else None


def _theirs(h: Handling) -> Refusal | None:
    """The one who sees to it, or the one who asked for it."""
    action = h.action
    if action and h.user in (action.owner, action.by):
        return None
    who = h.directory.person(action.owner).name if action else ""
    return Refusal("action_not_yours", {"who": who})


def _proposed(h: Handling) -> Refusal | None:
    """Its owner said that it is not needed."""
    return None if h.action and h.action.not_needed else Refusal("action_not_proposed")


def agreers(h: Handling) -> tuple[UserId, ...]:
    """Who may agree that the action is not needed: never the one who has to do it."""
    owner = h.action.owner if h.action else None
    found = tuple(u for u in holders("drop", h) if u != owner)
    if found:
        return found
    team = resolve(h.program.program_team, h.program, {}, h.directory, h.now)
    return tuple(u for u in team.people if u != owner)


def _may_agree(h: Handling) -> Refusal | None:
    """One of those, and not the owner of the action."""
    allowed = agreers(h)
    if h.user in allowed:
        return None
    if h.action and h.user == h.action.owner:
        return Refusal("action_own", {"who": some_of(allowed, h.directory)})
    return Refusal("action_agree_not_yours", {"who": some_of(allowed, h.directory)})


DONE = Right("action.done", (is_active, _there, _theirs))
MORE_TIME = Right("action.more_time", (is_active, _there, _theirs))
NOT_NEEDED = Right("action.not_needed", (is_active, _there, _theirs))
AGREE = Right("action.drop", (is_active, _there, _proposed, _may_agree))
KEEP = Right("action.keep", (is_active, _there, _proposed, _may_agree))


def handed_out(h: Handling, actions: tuple[Action, ...]) -> Decision:
    """New actions: each owner gets a card, and the day is watched."""
    incident = h.incident.model_copy(update={"actions": (*h.incident.actions, *actions)})
    effects: list[Effect] = []
    for action in actions:
        effects += [_card(incident, action), *_watched(incident, action, h), ShowHome(user=action.owner)]
    told = [{"id": a.id, "owner": a.owner} for a in actions]
    return Decision(
        changed=(incident,),
        entries=(entry("actions", incident, actions=told),),
        effects=(*effects, *redraw(incident)),
    )


def end_of(day: date, owner: UserId, h: Handling) -> datetime:
    """The end of work on that day where its owner is."""
    return work_times(owner, h.directory, h.program.working_time).end_of(day)


def done(h: Handling, note: str = "") -> Decision:
    """It is done; the last one closes the incident."""
    refused = DONE.refused(h)
    if refused or h.action is None:
        return refused or Decision()
    kept = h.action.model_copy(
        update={"done_at": h.now, "done_by": h.user, "note": note.strip(), "not_needed": ""}
    )
    return _after(h, kept, "action_done", kept.text, (Forget(key=_key(h.incident, kept)),))


def more_time(h: Handling, day: date | None, reason: str) -> Decision:
    """A later day, with a reason that stays in the timeline."""
    refused = MORE_TIME.refused(h)
    if refused or h.action is None:
        return refused or Decision()
    wrong = reason_wrong(reason, h.program)
    due = end_of(day, h.action.owner, h) if day else None
    if due is None or due <= h.now or (h.action.due and due <= h.action.due):
        wrong["due"] = h.program.messages["action_due_later"]
    if wrong:
        return Decision(problems=wrong)
    moved = h.action.model_copy(update={"due": due, "moved": h.action.moved + 1})
    return _after(h, moved, "action_moved", f"{moved.text}: {reason.strip()}", _watched(h.incident, moved, h))


def not_needed(h: Handling, reason: str) -> Decision:
    """Its owner thinks that it is not needed; somebody else has to agree, and until then it stays."""
    refused = NOT_NEEDED.refused(h)
    if refused or h.action is None:
        return refused or Decision()
    wrong = reason_wrong(reason, h.program)
    if wrong:
        return Decision(problems=wrong)
    proposed = h.action.model_copy(update={"not_needed": reason.strip()})
    asked = [
        Post(
            to=ToPerson(user=user),
            kind="action_drop",
            subject=h.incident.subject,
            data={"action": proposed.id},
            card=f"action_drop:{proposed.id}",
        )
        for user in agreers(h)
        if user != h.user
    ]
    text = f"{proposed.text}: {reason.strip()}"
    return _after(h, proposed, "action_not_needed", text, tuple(asked))


def agree(h: Handling) -> Decision:
    """It is dropped, with the reason its owner gave."""
    refused = AGREE.refused(h)
    if refused or h.action is None:
        return refused or Decision()
    dropped = h.action.model_copy(update={"dropped_at": h.now, "note": h.action.not_needed})
    return _after(h, dropped, "action_dropped", dropped.text, (Forget(key=_key(h.incident, dropped)),))


def keep(h: Handling) -> Decision:
    """It stays: its owner is told."""
    refused = KEEP.refused(h)
    if refused or h.action is None:
        return refused or Decision()
    kept = h.action.model_copy(update={"not_needed": ""})
    data = {
        "message": "action_kept",
        "values": {"who": h.directory.person(h.user).name, "action": kept.text[:300]},
    }
    told = Post(to=ToPerson(user=kept.owner), kind="said", subject=h.incident.subject, data=data)
    return _after(h, kept, "action_kept", kept.text, (told,))


def action_due(h: Handling, when: str, due: str) -> Decision:
    """The clock: the owner is reminded; once it is late, who asked for it and the program team hear too."""
    action = h.action
    if action is None or not action.open or action.due is None or action.due.isoformat() != due:
        return Decision()
    late = when == "overdue"
    if not late and action.due <= h.now:
        # Both fell due while nobody was there to say so: that it is late says it all.
        return Decision()
    users = h.directory.active((action.owner, action.by) if late else (action.owner,))
    room = team_room(h.program)
    to: list[ToPerson | ToRoom] = [ToPerson(user=u) for u in users]
    to += [ToRoom(name=room)] if late and room else []
    posts = tuple(
        Post(
            to=place,
            kind="action_reminder",
            subject=h.incident.subject,
            data={"action": action.id, "when": when},
            key=f"{_key(h.incident, action)}{when}/{due}/{n}",
        )
        for n, place in enumerate(to)
    )
    detail = {"action": action.id, "when": when, "to": [str(u) for u in users]}
    return Decision(entries=(entry("action_reminded", h.incident, **detail),), effects=posts)


def _card(incident: Incident, action: Action) -> Post:
    return Post(
        to=ToPerson(user=action.owner),
        kind="action",
        subject=incident.subject,
        data={"action": action.id},
        card=f"action:{action.id}",
        key=f"incident/{incident.id}/action/{action.id}/card",
    )


def _key(incident: Incident, action: Action) -> str:
    return f"incident/{incident.id}/action/{action.id}/"


def _watched(incident: Incident, action: Action, h: Handling) -> tuple[Effect, ...]:
    """The reminder a day before, and the word that it is late."""
    forget = Forget(key=_key(incident, action))
    if action.due is None:
        return (forget,)
    data = {"action": action.id, "due": action.due.isoformat()}
    planned = {"due": max(h.now, action.due - _DAY_BEFORE), "overdue": action.due}
    return (
        forget,
        *(
            Later(
                key=f"{_key(incident, action)}{when}",
                due=due,
                name="incident_action_due",
                subject=incident.subject,
                data={**data, "when": when},
            )
            for when, due in planned.items()
        ),
    )


def _after(h: Handling, action: Action, what: str, text: str, effects: tuple[Effect, ...]) -> Decision:
    """With the action as it is now; where nothing is left to do, the incident is closed."""
    actions = tuple(action if a.id == action.id else a for a in h.incident.actions)
    incident = noted(h.incident.model_copy(update={"actions": actions}), h, what, text[:400])
    decision = Decision(
        changed=(incident,),
        entries=(entry(what, incident, action=action.id),),
        effects=(*effects, ShowHome(user=action.owner), *redraw(incident)),
    )
    return decision.and_then(closed_if_done(h.of(incident)))


def closed_if_done(h: Handling) -> Decision:
    """Closed, once it is reviewed and every action is done or dropped."""
    incident = h.incident
    if incident.status != "reviewed" or any(a.open for a in incident.actions):
        return Decision()
    incident = noted(incident, h, "closed")
    incident = incident.model_copy(update={"status": "closed", "closed_at": h.now})
    return Decision(changed=(incident,), entries=(entry("closed", incident),), effects=redraw(incident))
