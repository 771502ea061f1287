"""Every button and form of an incident: each asks the rule, which knows who may do what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.drawing import scene_for
from bot.guessing import offered
from bot.hearing import clicked, field, is_refusal, place_of, submitted
from bot.inputs import Click, Submission, number_in, unpacked
from bot.registry import NOTHING, RENDERERS, Answer, Message, Moment, Scene, View, on_action, on_view
from bot.views.incident import kind_label, severity_label
from bot.views.incident_forms import (
    NONE,
    card_view,
    change_form,
    more_time_form,
    not_needed_form,
    note_form,
    reason_form,
    timeline_view,
    update_form,
)
from bot.views.kit import clock, named
from bot.views.say import words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.ids import Place, UserId
from workflows.incident import Incident
from workflows.incidents import actions as doing
from workflows.incidents import handling as rules
from workflows.incidents import reviewing, updating
from workflows.incidents.policy import Template
from workflows.incidents.rights import Handling
from workflows.refusals import Right
from workflows.use_case import UseCase


@dataclass(frozen=True)
class Hearing:
    """An incident under its lock, with its use case and everything its rules need."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    incident: Incident
    use_case: UseCase | None

    @property
    def title(self) -> str:
        """Its number."""
        return str(self.incident.id)

    def handling(self, at: Place | None = None, action: str = "") -> Handling:
        """As the rules see it."""
        return Handling(
            self.incident,
            self.use_case,
            self.moment.program,
            self.tx.directory(),
            self.circ,
            at,
            self.incident.action(action),
        )

    @property
    def scene(self) -> Scene:
        """As a form about it is drawn, for whoever acts."""
        return scene_for(self.moment, self.tx, self.incident.subject, self.circ.actor.user)


def hearing(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Hearing | None:
    """The incident of that id, locked after its use case."""
    seen = tx.get(Incident, id)
    if seen is None:
        return None
    use_case = tx.lock_use_case(seen.use_case) if seen.use_case else None
    incident = tx.lock(Incident, id)
    return Hearing(tx, moment, circ, incident, use_case) if incident else None


def _on_click(moment: Moment, click: Click, do: Callable[[Hearing, str], Answer | None]) -> Answer:
    return clicked(moment, click, hearing, do)


def _does(rule: Callable[[Handling], Decision]) -> Callable[[Moment, Click], Answer]:
    """A button that a rule alone decides about; after the bar of its value stands an action of it, if any."""

    def do(moment: Moment, click: Click) -> Answer:
        def decide(heard: Hearing, action: str) -> Answer | None:
            heard.tx.apply(rule(heard.handling(_place(click), action)), heard.circ)
            return None

        return _on_click(moment, click, decide)

    return do


def _place(click: Click) -> Place | None:
    return place_of(click) if click.channel else None


def _opens(right: Right[Handling], form: Callable[[Hearing], View]) -> Callable[[Moment, Click], Answer]:
    """A button that opens a form, unless the person may not do what it is for."""

    def do(moment: Moment, click: Click) -> Answer:
        def decide(heard: Hearing, action: str) -> Answer | None:
            refused = right.refused(heard.handling(_place(click), action))
            if refused:
                heard.tx.apply(refused, heard.circ)
                return None
            return Answer(view=form(heard))

        return _on_click(moment, click, decide)

    return do


take = on_action("incident.take")(_does(rules.take))
recover = on_action("incident.recover")(_does(rules.recover))
close = on_action("incident.close")(_does(reviewing.close))


@on_action("incident.open")
def open_card(moment: Moment, click: Click) -> Answer:
    """The card in a modal."""
    with moment.store.read() as reading:
        found = reading.get(Incident, str(click.value))
        if found is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        scene = scene_for(moment, reading, found.subject, click.user)
        return Answer(view=card_view(scene, RENDERERS["incident"](scene, {}).blocks))


def _change(heard: Hearing) -> View:
    return change_form(heard.scene, heard.incident, offered(heard.tx, heard.moment, heard.circ.actor.user))


def _dismiss(heard: Hearing) -> View:
    hint = words_of(heard.moment.program, "incident_form_dismiss")
    return reason_form(heard.incident, "incident.dismiss", "Why is it none?", hint, "It is none")


_MORE: Mapping[str, Callable[[Moment, Click], Answer]] = {
    "mitigate": _does(rules.mitigate),
    "reopen": _does(rules.reopen),
    "change": _opens(rules.CHANGE, _change),
    "dismiss": _opens(rules.DISMISS, _dismiss),
    "note": _opens(rules.NOTE, lambda heard: note_form(heard.scene, heard.incident)),
    "timeline": _opens(Right("incident.read", ()), lambda heard: timeline_view(heard.scene, heard.incident)),
}


@on_action("incident.more")
def more(moment: Moment, click: Click) -> Answer:
    """The small menu: what stands before the bar says which, what stands after it is the incident."""
    what, _, id = str(click.value or "").partition("|")
    then = _MORE.get(what)
    return then(moment, click.model_copy(update={"value": id})) if then else NOTHING


@on_action("incident.keep_note")
def keep_note(moment: Moment, click: Click) -> Answer:
    """ "Add to the timeline", beside words that somebody wrote in the incident's thread."""

    def decide(heard: Hearing, text: str) -> Answer | None:
        decision = rules.note(heard.handling(_place(click)), text)
        heard.tx.apply(decision.model_copy(update={"problems": {}}), heard.circ)
        said = "incident_noted" if decision.changed else "card_gone"
        return None if is_refusal(decision) else Answer(note=Message(text=words_of(moment.program, said)))

    return _on_click(moment, click, decide)


def _on_form(
    moment: Moment, submission: Submission, do: Callable[[Hearing, Mapping[str, Any]], Decision]
) -> Answer:
    return submitted(moment, submission, "incident", hearing, do)


@on_view("incident.note")
def add_note(moment: Moment, submission: Submission) -> Answer:
    """A line for the timeline."""
    text = field(submission, "note")
    return _on_form(moment, submission, lambda heard, _: rules.note(heard.handling(), text))


@on_view("incident.dismiss")
def dismiss(moment: Moment, submission: Submission) -> Answer:
    """It was none."""
    reason = field(submission, "reason")
    return _on_form(moment, submission, lambda heard, _: rules.dismiss(heard.handling(), reason))


@on_view("incident.change")
def change(moment: Moment, submission: Submission) -> Answer:
    """What it is called, who leads, since when, about what."""
    chosen = field(submission, "use_case")

    def do(heard: Hearing, _: Mapping[str, Any]) -> Decision:
        same = heard.use_case is not None and chosen == heard.use_case.id
        use_case = heard.use_case if same else None if chosen == NONE else heard.tx.use_case(chosen)
        return rules.change(
            heard.handling(),
            severity=field(submission, "severity"),
            kind=field(submission, "kind"),
            owner=UserId(field(submission, "owner")) if field(submission, "owner") else None,
            began_at=moment_of(field(submission, "began")),
            use_case=use_case,
        )

    return _on_form(moment, submission, do)


_LATEST = 250_000_000_000
"""Seconds since 1970, in the year 9892: the last that a date holds."""


def moment_of(seconds: str) -> datetime | None:
    """What a picker of date and time holds."""
    number = number_in(seconds)
    return datetime.fromtimestamp(number, UTC) if number is not None and number < _LATEST else None


# Messages to those who wait


def _message(heard: Hearing, template: Template, number: int) -> View:
    text = updating.filled_in(template, _facts(heard))
    h = heard.handling()
    users, rooms = updating.recipients(h, template)
    to = [f"#{room}" for room in rooms] + ([named(users, h.directory, "and")] if users else [])
    program = heard.moment.program
    key = "incident_goes_to" if to else "incident_goes_nowhere"
    goes = words_of(program, key, to=", ".join(to))
    return update_form(heard.scene, heard.incident, template, text, goes, number)


def _facts(heard: Hearing) -> dict[str, str]:
    """What the templates may name, in plain words, for whoever sends them to read and change."""
    incident, scene, moment = heard.incident, heard.scene, heard.moment
    tz = scene.directory.person(heard.circ.actor.user).tz
    nobody = words_of(moment.program, "incident_nobody_yet")
    return {
        "title": heard.use_case.title if heard.use_case else str(incident.id),
        "id": str(incident.id),
        "severity": severity_label(scene, incident),
        "kind": kind_label(scene, incident).lower(),
        "what": incident.what[:500],
        "since": clock(incident.began_at, tz),
        "state": words_of(moment.program, f"incident_state_{incident.status}"),
        "owner": scene.directory.person(incident.owner).name if incident.owner else nobody,
        "next": clock(incident.updates_due, tz) if incident.updates_due else nobody,
    }


def _first_message(heard: Hearing) -> View:
    policy = heard.moment.program.incidents
    over = policy.messages[-1] if not heard.incident.bad else policy.messages[0]
    return _message(heard, over, 0)


open_update = on_action("incident.update")(_opens(updating.UPDATE, _first_message))


@on_action("incident.template")
def other_template(moment: Moment, click: Click) -> Answer:
    """Another template in the open form."""
    if click.view is None:
        return NOTHING
    private = unpacked(click.view.private)
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        heard = hearing(tx, moment, circ, str(private.get("incident")))
        template = moment.program.incidents.template(str(click.value))
        if heard is None or template is None or updating.UPDATE.refused(heard.handling()):
            return NOTHING
        return Answer(update=_message(heard, template, (number_in(private.get("number")) or 0) + 1))


@on_view("incident.update")
def send_update(moment: Moment, submission: Submission) -> Answer:
    """Sends it to those who wait."""
    private = unpacked(submission.view.private)
    block = f"text/{private.get('number') or 0}"
    text = field(submission, block)
    also = submission.view.values.get("also", {}).get("also") or []

    def do(heard: Hearing, private: Mapping[str, Any]) -> Decision:
        users = [UserId(str(u)) for u in also]
        decision = updating.post_update(heard.handling(), str(private.get("template")), text, users)
        wrong = {block if k == "text" else k: v for k, v in decision.problems.items()}
        return decision.model_copy(update={"problems": wrong})

    return _on_form(moment, submission, do)


# Actions


def _opens_for_action(
    right: Right[Handling], form: Callable[[Scene, Incident, Any], View]
) -> Callable[[Moment, Click], Answer]:
    def do(moment: Moment, click: Click) -> Answer:
        def decide(heard: Hearing, action: str) -> Answer | None:
            h = heard.handling(_place(click), action)
            refused = right.refused(h)
            if refused or h.action is None:
                heard.tx.apply(refused or Decision(), heard.circ)
                return None
            return Answer(view=form(heard.scene, heard.incident, h.action))

        return _on_click(moment, click, decide)

    return do


action_done = on_action("action.done")(_does(doing.done))
action_agree = on_action("action.agree")(_does(doing.agree))
action_keep = on_action("action.keep")(_does(doing.keep))
open_more_time = on_action("action.more_time")(_opens_for_action(doing.MORE_TIME, more_time_form))
open_not_needed = on_action("action.not_needed")(_opens_for_action(doing.NOT_NEEDED, not_needed_form))


@on_view("action.more_time")
def more_time(moment: Moment, submission: Submission) -> Answer:
    """A later day."""
    try:
        day = date.fromisoformat(field(submission, "due"))
    except ValueError:
        day = None
    reason = field(submission, "reason")
    return _on_form(
        moment,
        submission,
        lambda heard, private: doing.more_time(
            heard.handling(action=str(private.get("action"))), day, reason
        ),
    )


@on_view("action.not_needed")
def not_needed(moment: Moment, submission: Submission) -> Answer:
    """Its owner thinks that it is not needed."""
    reason = field(submission, "reason")
    return _on_form(
        moment,
        submission,
        lambda heard, private: doing.not_needed(heard.handling(action=str(private.get("action"))), reason),
    )
