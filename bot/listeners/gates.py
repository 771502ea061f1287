"""The buttons and forms of a gate: naming a missing owner, asking for the decision, moving by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.drawing import scene_for
from bot.hearing import field, is_refusal, place_of, refusal_text, submitted
from bot.inputs import Click, CommandIn, Submission
from bot.listeners.readiness import Whole, clicked_whole, says, understood, whole
from bot.registry import NOTHING, Answer, Message, Moment, command, on_action, on_view
from bot.views.readiness_forms import MOVE, OWNER, move_form, owner_form
from bot.views.say import words_of
from workflows.decision import Decision
from workflows.gating import ask_for
from workflows.ids import Place, QuestionId, UserId
from workflows.outcomes import followed
from workflows.owning import NAME, Naming, name_owner
from workflows.stage_moves import MOVE as MOVE_RIGHT
from workflows.stage_moves import Moving, by_hand, move_by_hand


@on_action(OWNER)
def ask_owner(moment: Moment, click: Click) -> Answer:
    """Opens the form for an owner who is missing, for those who may say who it is."""

    def do(heard: Whole, question: str) -> Answer | None:
        asked = next((q for q in heard.moment.program.intake.questions() if q.id == question), None)
        if asked is None or asked.type != "person":
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        refused = NAME.refused(_naming(heard, question, place_of(click) if click.channel else None))
        if refused:
            return says(heard, refused, click)
        scene = scene_for(heard.moment, heard.tx, heard.dossier.use_case.subject, click.user)
        return Answer(view=owner_form(scene, heard.dossier, asked))

    return clicked_whole(moment, click, do)


def _naming(heard: Whole, question: str, at: Place | None = None) -> Naming:
    return Naming(
        QuestionId(question), heard.dossier, heard.moment.program, heard.tx.directory(), heard.circ, at
    )


@on_view(OWNER)
def owner_said(moment: Moment, submission: Submission) -> Answer:
    """Keeps who the owner is."""
    user = UserId(field(submission, "user"))

    def do(heard: Whole, private: Mapping[str, Any]) -> Decision:
        return name_owner(_naming(heard, str(private.get("question"))), user)

    return submitted(moment, submission, "use_case", whole, do)


@on_action("gate.ask")
def ask_gate(moment: Moment, click: Click) -> Answer:
    """Asks for the decision about a gate, or passes it where nothing is left to decide."""

    def do(heard: Whole, gate_id: str) -> Answer | None:
        gate = heard.moment.program.gates.get(gate_id)
        if gate is None or not gate.to:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        directory = heard.tx.directory()
        asked = ask_for(
            gate,
            heard.dossier,
            heard.tx.new_id("approval"),
            heard.moment.program,
            directory,
            heard.circ,
            at=place_of(click) if click.channel else None,
        )
        if is_refusal(asked):
            return says(heard, asked, click)
        decision = followed(asked, heard.dossier, heard.moment.program, directory, heard.circ)
        heard.tx.apply(decision, heard.circ)
        return None

    return clicked_whole(moment, click, do)


@on_action(MOVE)
def ask_move(moment: Moment, click: Click) -> Answer:
    """Opens the form for a move, for those whose move it is."""

    def do(heard: Whole, what: str) -> Answer | None:
        to, _, why = what.partition("|")
        at = place_of(click) if click.channel else None
        attempt = Moving(heard.dossier, to, heard.moment.program, heard.tx.directory(), heard.circ, at)
        refused = MOVE_RIGHT.refused(attempt)
        if refused or attempt.move is None:
            return says(heard, refused or Decision(), click)
        scene = scene_for(heard.moment, heard.tx, heard.dossier.use_case.subject, click.user)
        return Answer(view=move_form(scene, heard.dossier, attempt.move, why))

    return clicked_whole(moment, click, do)


@on_view(MOVE)
def moved(moment: Moment, submission: Submission) -> Answer:
    """Makes the move, with its reason."""
    why = field(submission, "why")

    def do(heard: Whole, private: Mapping[str, Any]) -> Decision:
        to = str(private.get("to"))
        return move_by_hand(
            Moving(heard.dossier, to, heard.moment.program, heard.tx.directory(), heard.circ, why=why)
        )

    return submitted(moment, submission, "use_case", whole, do)


@command("move", help="pause, resume, retire or put away a use case", usage="USE CASE STAGE")
def move(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight move UC-0042 paused``: opens the form, or says why not."""
    words = said.rest.casefold()
    known = {
        s.id: (s.id.replace("_", " "), s.label.casefold(), *s.words) for s in moment.program.life_cycle.stages
    }
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if not tx.first_time(said.key):
            return NOTHING
        stage = max(
            (id for id, ways in known.items() if any(w.casefold() in words for w in ways)),
            key=lambda id: max(len(w) for w in known[id] if w.casefold() in words),
            default="",
        )
        spoken = next((w for w in sorted(known.get(stage, ()), key=len, reverse=True) if w in words), "")
        about = words.replace(spoken, " ") if spoken else words
        asked = understood(tx, moment, f"readiness of {about}", said.user)
        heard = whole(tx, moment, circ, asked.use_case) if asked and asked.use_case else None
        if heard is None or not heard.reads(said.user):
            return Answer(note=Message(text=words_of(moment.program, "move_which")))
        directory = tx.directory()
        if not stage and (back := [m for m in by_hand(heard.dossier, heard.moment.program) if m.back]):
            stage = back[0].to
        attempt = Moving(heard.dossier, stage, heard.moment.program, directory, circ)
        refused = MOVE_RIGHT.refused(attempt)
        if refused or attempt.move is None:
            tx.apply((refused or Decision()).model_copy(update={"effects": ()}), circ)
            return Answer(note=Message(text=refusal_text(moment, refused or Decision())))
        scene = scene_for(heard.moment, tx, heard.dossier.use_case.subject, said.user)
        return Answer(view=move_form(scene, heard.dossier, attempt.move))
