"""An incident's card, and the messages that go out about it; drawn from its state, the same for everybody."""

from __future__ import annotations

from datetime import timedelta

from bot.registry import Message, Scene, renders
from bot.views.case import inline, quote, when
from bot.views.kit import (
    Block,
    Element,
    actions,
    at,
    brief,
    button,
    context,
    escape,
    name,
    option,
    overflow,
    prose,
    section,
    words,
)
from bot.views.say import Said, say
from workflows.decision import Actor, Circumstances
from workflows.ids import UserId
from workflows.incident import Incident
from workflows.incidents.policy import Right
from workflows.incidents.rights import Handling, holders
from workflows.matter import Note
from workflows.release import Release
from workflows.stopping import current, targets
from workflows.systems import system_name
from workflows.use_case import UseCase

_LINES = 6
_OF_RELEASES = ("stopped", "rolled_back", "live")
_MARKS = ("🔴", "🟠", "🟡", "⚪")


def incident_of(scene: Scene) -> Incident:
    """The incident that the scene is about. ``LookupError`` when it is gone."""
    found = scene.reading.get(Incident, scene.subject.id)
    if found is None:
        raise LookupError(f"incident {scene.subject.id} is gone")
    return found


def use_case_of(scene: Scene, incident: Incident) -> UseCase | None:
    """The use case it is about, if it is about one."""
    return scene.reading.use_case(incident.use_case) if incident.use_case else None


def handling(scene: Scene, incident: Incident, user: UserId) -> Handling:
    """The incident as the rules see it when this person looks at it."""
    circ = Circumstances(now=scene.now, actor=Actor(user=user, door="button"), program=scene.program.stamp)
    return Handling(incident, use_case_of(scene, incident), scene.program, scene.directory, circ)


def title_of(scene: Scene, incident: Incident) -> Said:
    """What it is about, by name, harmless."""
    use_case = use_case_of(scene, incident)
    if use_case is None:
        return say(scene, "incident_about_nothing")
    return inline(use_case.title or use_case.id, scene.directory, 120)


def mark_of(scene: Scene, incident: Incident) -> str:
    """How bad it is, as a coloured dot."""
    ids = [s.id for s in scene.program.incidents.severities]
    place = ids.index(incident.severity) if incident.severity in ids else len(_MARKS)
    return "✅" if not incident.bad else _MARKS[min(place, len(_MARKS) - 1)]


def severity_label(scene: Scene, incident: Incident) -> str:
    """Its severity by name."""
    found = scene.program.incidents.severity(incident.severity)
    return escape(found.label if found else incident.severity)


def kind_label(scene: Scene, incident: Incident) -> str:
    """Its kind by name."""
    found = scene.program.incidents.kind(incident.type)
    return escape(found.label if found else incident.type)


def lasted(time: timedelta) -> str:
    """``2 days 3 h``, ``1 h 20 min``, ``40 min``."""
    minutes = max(0, round(time.total_seconds() / 60))
    if minutes < 1:
        return "less than a minute"
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days} day{'s' if days > 1 else ''}"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes and not days else []
    return " ".join(parts)


@renders("incident")
def incident(scene: Scene, data: dict[str, object]) -> Message:
    """The card: how bad, what of, in whose hands, what happened so far, and what can be done about it."""
    found = incident_of(scene)
    head = say(
        scene,
        "incident_head",
        mark=Said(mark_of(scene, found)),
        id=found.id,
        severity=Said(severity_label(scene, found)),
        kind=Said(kind_label(scene, found)),
        title=title_of(scene, found),
    )
    blocks: list[Block] = [section(head), *prose(_what(scene, found))]
    blocks.append(section(_stands(scene, found)))
    blocks += _timeline(scene, found)
    blocks += _rows(scene, found)
    return Message(text=brief(f"{head} {words(found.what[:200], scene.directory)}"), blocks=blocks)


def _what(scene: Scene, found: Incident) -> str:
    text = quote(found.what, scene.directory)
    if found.quoted and found.quoted.text.strip() != found.what.strip():
        text += f"\n{quote(found.quoted.text, scene.directory, 300)}"
    if found.quoted and found.quoted.link:
        text += f"\n<{escape(found.quoted.link)}|{say(scene, 'incident_message')}>"
    return text


def _stands(scene: Scene, found: Incident) -> str:
    """Status, owner and times, a line each."""
    who = name(found.owner, scene.directory) if found.owner else ""
    since = Said(when(scene, found.taken_at or found.opened_at))
    if found.owner:
        held = say(scene, "incident_in_hand", who=Said(who), since=since)
    elif found.bad:
        held = say(scene, "incident_in_nobodys_hand")
    else:
        held = Said("")
    lines = [say(scene, f"incident_is_{found.status}", since=Said(when(scene, found.began_at))), held]
    times = [say(scene, "incident_detected", time=lasted(found.to_detect))]
    if found.to_recover is not None:
        times.append(say(scene, "incident_recovered_after", time=lasted(found.to_recover)))
    elif found.updates_due:
        times.append(say(scene, "incident_next_update", when=Said(when(scene, found.updates_due))))
    open_ = sum(1 for a in found.actions if a.open)
    if found.actions:
        times.append(say(scene, "incident_actions", open=open_, all=len(found.actions)))
    return "\n".join([" · ".join(x for x in lines if x), " · ".join(times)])


def _timeline(scene: Scene, found: Incident) -> list[Block]:
    """The last lines of it; those before are behind "Whole timeline"."""
    notes = whole_timeline(scene, found)
    shown = notes[-_LINES:]
    lines = [line(scene, note) for note in shown]
    left = len(notes) - len(shown)
    if left:
        lines.insert(0, say(scene, "incident_earlier", count=left))
    return [context("\n".join(lines)[:2000])]


def whole_timeline(scene: Scene, found: Incident) -> list[Note]:
    """Its own lines, and what happened with versions of the use case meanwhile, in order of time."""
    until = found.closed_at or scene.now
    releases = scene.reading.matters(Release, use_case=found.use_case) if found.use_case else ()
    others = [
        Note(at=note.at, by=note.by, what=f"release_{note.what}", text=release.version)
        for release in releases
        for note in release.timeline
        if note.what in _OF_RELEASES and found.opened_at <= note.at <= until
    ]
    return sorted([*found.timeline, *others], key=lambda note: note.at)


def _when(scene: Scene, note: Note) -> str:
    """The time of day where it was not long ago; a channel's readers see it in their own zones."""
    if scene.reader is None and scene.now - note.at < timedelta(hours=12):
        return at(note.at, "{time}")
    return when(scene, note.at)


def line(scene: Scene, note: Note) -> str:
    """One line of the timeline: ``09:12 Lee Chen has it in hand``."""
    who = _who(scene, note)
    text = inline(note.text, scene.directory, 220)
    return f"{_when(scene, note)}  " + say(scene, f"timeline_{note.what}", who=who, text=text)


def _who(scene: Scene, note: Note) -> Said:
    if note.by is None:
        return say(scene, "incident_by_the_clock")
    return Said(escape(system_name(note.by)) or name(note.by, scene.directory))


def _rows(scene: Scene, found: Incident) -> list[Block]:
    """The buttons that make sense now; in one's own conversation only those that one may use."""
    made: list[Element] = []
    more: list[tuple[str, str]] = []
    id = str(found.id)
    if found.bad:
        if found.owner is None and _may(scene, found, "take"):
            made.append(button("I take it", "incident.take", id, style="primary"))
        made += _release_buttons(scene, found)
        if _may(scene, found, "recover"):
            made.append(button("Recovered", "incident.recover", id))
            more += [("mitigate", "The harm has stopped")] if found.status == "open" else []
    if not found.over and _may(scene, found, "update"):
        made.append(button("Post an update", "incident.update", id))
    if not found.bad and not found.over:
        made += _afterwards(scene, found)
    if not found.over:
        more.append(("note", "Add to the timeline"))
        if _may(scene, found, "change"):
            more.append(("change", "Change what it says"))
        if found.bad and _may(scene, found, "dismiss"):
            more.append(("dismiss", "It is not an incident"))
        if not found.bad and _may(scene, found, "recover"):
            more.append(("reopen", "It is back"))
    more.append(("timeline", "Whole timeline"))
    made.append(overflow("incident.more", [option(label, f"{what}|{id}") for what, label in more[-5:]]))
    return [actions(f"incident|{id}", made)]


def _afterwards(scene: Scene, found: Incident) -> list[Element]:
    made: list[Element] = []
    id = str(found.id)
    if found.status == "recovered":
        style = "primary" if found.review_wanted else ""
        text = "Go on with the review" if found.review else "Review it"
        made.append(button(text, "incident.review", id, style="primary" if style else ""))
    if (found.status == "reviewed" or not found.review_wanted) and _may(scene, found, "close"):
        made.append(button("Close", "incident.close", id))
    return made


def _release_buttons(scene: Scene, found: Incident) -> list[Element]:
    """Roll back, where there is a version to go back to, and stop what is in use; each asks once."""
    if not found.use_case:
        return []
    dossier = scene.reading.dossier(found.use_case)
    live = current(dossier) if dossier else None
    if dossier is None or live is None:
        return []
    made: list[Element] = []
    # Not whatever it replaced: after a roll-back that is the version which did the harm.
    before = next(iter(targets(dossier)), None)
    if before is not None:
        label = f"Roll back to {before.version}"
        sure = (label, str(say(scene, "incident_sure_roll_back", version=before.version)), "Roll back")
        made.append(button(label, "release.roll_back", str(live.id), style="danger", confirm=sure))
    if live.status == "live":
        sure = ("Stop it?", str(say(scene, "incident_sure_stop", version=live.version)), "Stop it")
        made.append(button("Stop it", "release.stop", str(live.id), style="danger", confirm=sure))
    return made


def _may(scene: Scene, found: Incident, right: Right) -> bool:
    """Whether the button is for whoever reads; a channel sees all of them, and the rules decide."""
    return scene.reader is None or scene.reader in holders(right, handling(scene, found, scene.reader))


@renders("incident_untaken")
def untaken(scene: Scene, data: dict[str, object]) -> Message:
    """Nobody has it in hand, and the time for it is over."""
    found = incident_of(scene)
    key = "incident_untaken" if found.bad and not found.owner else "incident_untaken_settled"
    who = name(found.owner, scene.directory) if found.owner else ""
    text = say(
        scene,
        key,
        id=found.id,
        title=title_of(scene, found),
        severity=Said(severity_label(scene, found)),
        when=Said(when(scene, found.opened_at)),
        who=Said(who),
    )
    blocks = prose(text)
    if key == "incident_untaken":
        take = button("I take it", "incident.take", str(found.id), style="primary")
        look = button("Open", "incident.open", str(found.id))
        blocks.append(actions(f"incident_untaken|{found.id}", [take, look]))
    return Message(text=brief(text), blocks=blocks)


@renders("incident_update_due")
def update_due(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever leads: those who wait are to hear something now."""
    found = incident_of(scene)
    text = say(scene, "incident_update_due", id=found.id, title=title_of(scene, found))
    row = [
        button("Post an update", "incident.update", str(found.id), style="primary"),
        button("Recovered", "incident.recover", str(found.id)),
    ]
    blocks = prose(text) + ([actions(f"incident_update|{found.id}", row)] if found.bad else [])
    return Message(text=brief(text), blocks=blocks)


@renders("incident_update")
def update(scene: Scene, data: dict[str, object]) -> Message:
    """To those who wait: what whoever leads wrote, as theirs."""
    found = incident_of(scene)
    note = found.timeline[int(str(data.get("note")))]
    head = say(
        scene,
        "incident_update_from",
        id=found.id,
        who=Said(name(note.by, scene.directory) if note.by else ""),
        when=Said(at(note.at)),
    )
    text = words(note.text, scene.directory)
    return Message(text=brief(text), blocks=[*prose(text), context(head)])


@renders("incident_review")
def review_asked(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever led it: the review comes next, and why."""
    found = incident_of(scene)
    done = found.status in ("reviewed", "closed")
    key = "incident_review_done" if done else "incident_review_next"
    text = say(scene, key, id=found.id, title=title_of(scene, found))
    blocks = prose(text)
    if found.status == "recovered":
        start = button("Start the review", "incident.review", str(found.id), style="primary")
        blocks.append(actions(f"incident_review|{found.id}", [start]))
    return Message(text=brief(text), blocks=blocks)


@renders("incident_reviewed")
def reviewed(scene: Scene, data: dict[str, object]) -> Message:
    """Where it was talked about: the review is there, and what is done about it."""
    found = incident_of(scene)
    text = say(scene, "incident_reviewed", id=found.id, count=len(found.actions))
    rows = [
        f"• {inline(a.text, scene.directory, 200)} ({name(a.owner, scene.directory)})" for a in found.actions
    ]
    return Message(text=brief(text), blocks=prose("\n".join([text, *rows])))


@renders("incident_note_offer")
def note_offer(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever wrote in the incident's thread: shall it stand in the timeline?"""
    text = say(scene, "incident_note_offer")
    value = f"{scene.subject.id}|{str(data.get('text'))[:1800]}"
    row = [button("Add to the timeline", "incident.keep_note", value)]
    return Message(text=brief(text), blocks=[section(text), actions("incident_note", row)])
