"""Waivers in Slack: asking for one, accepting or declining its risk, ending it, and the list of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.drawing import scene_for
from bot.hearing import clicked, field, is_refusal, not_for_them, place_of, refusal_text, submitted
from bot.inputs import Click, CommandIn, Submission, unpacked
from bot.naming import use_case_meant
from bot.records import Record, record_under_lock
from bot.registry import NOTHING, RENDERERS, Answer, Message, Moment, command, on_action, on_view
from bot.views.approval_forms import told
from bot.views.say import words_of
from bot.views.waiver import (
    ACCEPT,
    DECLINE,
    END,
    NEW,
    accept_form,
    choose_form,
    decline_form,
    new_form,
)
from storage.store import Tx
from workflows import approving, waiving
from workflows.approval import Approval
from workflows.checklist_state import items_of
from workflows.decision import Circumstances, Decision
from workflows.ids import Place, QuestionId, Subject, UseCaseId
from workflows.people import Directory
from workflows.readiness import demanded
from workflows.seeing import reads_record
from workflows.waiver import Waiver
from workflows.waiver_rights import ACCEPT as ACCEPT_RIGHT
from workflows.waiver_rights import ASK, WORK_ON, Asking, control_of, days_at_most
from workflows.waiver_rights import DECLINE as DECLINE_RIGHT
from workflows.working_time import zone_of


@dataclass(frozen=True)
class Heard:
    """A waiver under its lock, and the use case that it belongs to."""

    record: Record
    waiver: Waiver

    @property
    def title(self) -> str:
        """Its number."""
        return str(self.waiver.id)


def _waiver(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Heard | None:
    seen = tx.get(Waiver, id)
    record = record_under_lock(tx, moment, circ, seen.use_case) if seen else None
    waiver = tx.lock(Waiver, id) if record else None
    return Heard(record, waiver) if record and waiver else None


def _asking(record: Record, checklist: str = "", control: str = "", **more: Any) -> Asking:
    return Asking(
        record.dossier, record.program, record.tx.directory(), record.circ, checklist, control, **more
    )


def refused_at(record: Record, refused: Decision, click: Click) -> Answer:
    """Keeps the attempt, and says why not: beside the message, or in place of the open modal."""
    if click.view is None or not click.view.callback:
        record.tx.apply(refused, record.circ)
        return NOTHING
    text = refusal_text(record.moment, refused)
    record.tx.apply(refused.model_copy(update={"effects": ()}), record.circ)
    return Answer(update=told(record.title, text))


@on_action(NEW)
def ask_for_one(moment: Moment, click: Click) -> Answer:
    """Opens the form, for a control that can be waived."""

    def do(record: Record, what: str) -> Answer | None:
        checklist, _, control = what.partition("|")
        refused = ASK.refused(_asking(record, checklist, control, at=_at(click)))
        if refused:
            return refused_at(record, refused, click)
        return Answer(view=_form(record, checklist, control))

    return clicked(moment, click, record_under_lock, do)


def _at(click: Click) -> Place | None:
    return place_of(click) if click.channel else None


def _form(record: Record, checklist: str, control: str) -> dict[str, Any]:
    question = control_of(checklist, control, record.program)
    use_case = record.dossier.use_case
    return new_form(
        record.program,
        str(use_case.id),
        use_case.title,
        checklist,
        control,
        question.label if question else control,
        days_at_most(record.dossier, record.program) or 1,
        record.moment.now,
    )


@on_view(NEW)
def asked_for_one(moment: Moment, submission: Submission) -> Answer:
    """Keeps the request; it goes to whoever carries the risk."""

    def do(record: Record, private: Mapping[str, Any]) -> Decision:
        directory = record.tx.directory()
        wish = waiving.Wish(
            checklist=str(private.get("checklist")),
            control=QuestionId(str(private.get("control"))),
            justification=field(submission, "justification"),
            compensating=field(submission, "compensating"),
            risk=field(submission, "risk"),
            expires_at=_end_of_day(field(submission, "until"), directory, record.circ),
        )
        id = record.tx.new_id("waiver")
        return waiving.ask(record.dossier, wish, id, record.program, directory, record.circ)

    return submitted(moment, submission, "use_case", record_under_lock, do)


def _end_of_day(text: str, directory: Directory, circ: Circumstances) -> datetime:
    """Midnight at the end of that day where the asker is; now for what is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return circ.now
    zone = zone_of(directory.person(circ.actor.user).tz)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)


@on_view(f"{NEW}.which")
def chosen(moment: Moment, submission: Submission) -> Answer:
    """The control was chosen in the first form; the second asks the rest."""
    private = unpacked(submission.view.private)
    checklist, _, control = field(submission, "control").partition("|")
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        record = record_under_lock(tx, moment, circ, str(private.get("use_case")))
        if record is None:
            return Answer(update=told("Gone", words_of(moment.program, "card_gone")))
        refused = ASK.refused(_asking(record, checklist, control))
        if refused:
            tx.apply(refused.model_copy(update={"effects": ()}), record.circ)
            return Answer(update=told(record.title, refusal_text(moment, refused)))
        return Answer(update=_form(record, checklist, control))


@on_action(ACCEPT)
def open_acceptance(moment: Moment, click: Click) -> Answer:
    """Opens the sentence to tick, for whoever carries the risk."""

    def do(heard: Heard, _: str) -> Answer | None:
        refused = ACCEPT_RIGHT.refused(_asking(heard.record, waiver=heard.waiver, at=_at(click)))
        if refused:
            return refused_at(heard.record, refused, click)
        scene = scene_for(moment, heard.record.tx, heard.waiver.subject, click.user)
        return Answer(view=accept_form(scene, heard.waiver))

    return clicked(moment, click, _waiver, do)


@on_view(ACCEPT)
def accepted(moment: Moment, submission: Submission) -> Answer:
    """The risk is accepted; now the owner of the control decides."""

    def do(heard: Heard, private: Mapping[str, Any]) -> Decision:
        record = heard.record
        decision = waiving.accept(
            heard.waiver,
            record.dossier,
            "yes" in (next(iter(submission.view.values.get("ticked", {}).values()), None) or ()),
            field(submission, "words"),
            record.tx.new_id("approval"),
            record.program,
            record.tx.directory(),
            record.circ,
        )
        return record.followed(decision)

    return submitted(moment, submission, "waiver", _waiver, do)


@on_action(DECLINE)
def open_refusal(moment: Moment, click: Click) -> Answer:
    """Opens the form for the reason, for whoever would carry the risk."""

    def do(heard: Heard, _: str) -> Answer | None:
        refused = DECLINE_RIGHT.refused(_asking(heard.record, waiver=heard.waiver, at=_at(click)))
        if refused:
            return refused_at(heard.record, refused, click)
        return Answer(view=decline_form(heard.waiver))

    return clicked(moment, click, _waiver, do)


@on_view(DECLINE)
def declined(moment: Moment, submission: Submission) -> Answer:
    """The risk is not accepted."""

    def do(heard: Heard, private: Mapping[str, Any]) -> Decision:
        record = heard.record
        reason = field(submission, "reason")
        directory = record.tx.directory()
        return waiving.decline(heard.waiver, record.dossier, reason, record.program, directory, record.circ)

    return submitted(moment, submission, "waiver", _waiver, do)


@on_action(END)
def end(moment: Moment, click: Click) -> Answer:
    """Takes it back, or ends it early; Slack has asked whether that is meant."""

    def do(heard: Heard, _: str) -> Answer | None:
        record = heard.record
        directory = record.tx.directory()
        decision = waiving.end(
            heard.waiver, record.dossier, record.program, directory, record.circ, at=_at(click)
        )
        if is_refusal(decision):
            return refused_at(record, decision, click)
        record.tx.apply(decision.and_then(_with_its_case(heard)), record.circ)
        return None

    return clicked(moment, click, _waiver, do)


def _with_its_case(heard: Heard) -> Decision:
    """A decision about it that is still under way is not wanted any more."""
    record = heard.record
    case = next(
        (a for a in record.dossier.approvals if a.id == heard.waiver.approval and a.status == "waiting"),
        None,
    )
    approval = record.tx.lock(Approval, case.id) if case else None
    if approval is None:
        return Decision()
    use_case, directory = record.dossier.use_case, record.tx.directory()
    return approving.no_longer_wanted(approval, use_case, record.program, directory, record.circ)


@on_action("waiver.open")
def show(moment: Moment, click: Click) -> Answer:
    """One waiver, to whoever may read the record."""
    with moment.store.read() as reading:
        waiver = reading.get(Waiver, str(click.value))
        use_case = reading.use_case(waiver.use_case) if waiver else None
        if waiver is None or use_case is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        directory = reading.directory()
        approval = reading.approval_of(use_case.id)
        if click.user not in (waiver.owner, waiver.carrier) and not reads_record(
            click.user, use_case, approval, moment.program, directory, moment.now
        ):
            return not_for_them(moment, waiver.subject)
        scene = scene_for(moment, reading, waiver.subject, click.user)
        return Answer(note=RENDERERS["waiver"](scene, {}))


@command("waivers", help="every waiver that is in force, and when it ends")
def list_all(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight waivers``: open to everyone, as the playbook has it."""
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=said.user), said.user)
        return Answer(note=RENDERERS["waivers"](scene, {}))


@command("waive", help="ask for a waiver of a control that cannot be met", usage="[USE CASE]")
def waive(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight waive UC-0042``: opens the form with the controls that are not met."""
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if not tx.first_time(said.key):
            return NOTHING
        id: UseCaseId | None = use_case_meant(tx, said.rest, said.user, moment.program)
        record = record_under_lock(tx, moment, circ, id) if id else None
        if record is None:
            return Answer(note=Message(text=words_of(moment.program, "waive_which")))
        refused, controls = WORK_ON.refused(_asking(record)), _unmet(record)
        if refused is None and not controls:
            return Answer(note=Message(text=words_of(moment.program, "waive_nothing")))
        if refused is None:
            checklist, _, control = controls[0][0].partition("|")
            refused = ASK.refused(_asking(record, checklist, control))
        if refused:
            tx.apply(refused.model_copy(update={"effects": ()}), record.circ)
            return Answer(note=Message(text=refusal_text(moment, refused)))
        title = record.dossier.use_case.title
        return Answer(view=choose_form(record.program, id or "", title, controls))


def _unmet(record: Record) -> list[tuple[str, str]]:
    """The controls of every gate that are demanded, have an owner, and are neither met nor waived."""
    found: dict[str, str] = {}
    dossier, program = record.dossier, record.program
    for gate in program.gates.values():
        for sheet in demanded(gate, dossier, program):
            states = items_of(sheet, dossier.walk_of(sheet.id), dossier.waivers, record.moment.now)
            for state in (s for s in states if not s.done):
                question = control_of(sheet.id, state.item, program)
                if question and question.owner:
                    found[f"{sheet.id}|{state.item}"] = f"{question.label} ({sheet.title})"
    return list(found.items())
