"""Changing a record in Slack: which answers, the new ones, what it would do, and the word that counts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.hearing import clicked, is_refusal, place_of, refusal_text
from bot.inputs import Click, CommandIn, Submission, unpacked
from bot.listeners.waiving import refused_at
from bot.naming import use_case_meant
from bot.records import Record, record_under_lock
from bot.registry import NOTHING, Answer, Message, Moment, View, command, on_action, on_view
from bot.views.approval_forms import told
from bot.views.changing import FORM, OPEN, PICK, as_walk, change_form, pick_form, preview_of
from bot.views.form import block_of, filled_in
from bot.views.say import words_of
from workflows.changes import Proposal, draft_of, propose
from workflows.changing import CHANGE, Touch, change
from workflows.decision import Decision
from workflows.ids import Place, QuestionId
from workflows.taking import Reader, taken
from workflows.words.naming import read_change
from workflows.words.reading import Read

_NUMBER = re.compile(r"\bUC-\d+\b", re.IGNORECASE)


def _refusal(record: Record, at: Place | None = None) -> Decision | None:
    return CHANGE.refused(Touch(record.dossier, record.program, record.tx.directory(), record.circ, at))


@on_action(OPEN)
def open_form(moment: Moment, click: Click) -> Answer:
    """Opens the choice of answers, for those who may change the record."""

    def do(record: Record, question: str) -> Answer | None:
        refused = _refusal(record, place_of(click) if click.channel else None)
        if refused:
            return refused_at(record, refused, click)
        directory = record.tx.directory()
        if any(q.id == question for q in record.program.intake.questions()):
            return Answer(view=_form(record, [question], {}))
        return Answer(view=pick_form(record.program, record.dossier.use_case, directory))

    return clicked(moment, click, record_under_lock, do)


@on_view(PICK)
def picked(moment: Moment, submission: Submission) -> Answer:
    """The answers are chosen; now the new ones."""
    chosen = next(iter(submission.view.values.get("questions", {}).values()), None) or []

    def do(record: Record, private: Mapping[str, Any]) -> Answer:
        known = {str(q.id) for q in record.program.intake.questions()}
        wanted = [q for q in chosen if q in known]
        if not wanted:
            return Answer(errors={"questions": words_of(moment.program, "change_nothing")})
        return Answer(update=_form(record, wanted, {}))

    return _said(moment, submission, do)


@on_view(FORM)
def filled(moment: Moment, submission: Submission) -> Answer:
    """The new answers: first what they would do is shown; sent once more unchanged, they are taken."""

    def do(record: Record, private: Mapping[str, Any]) -> Answer:
        directory, program = record.tx.directory(), record.program
        questions = [str(q) for q in private.get("questions", [])]
        draft = draft_of(record.dossier.use_case, program, record.circ)
        values = filled_in(program, draft, submission.view.values)
        proposal, problems = propose(record.dossier, values, program, directory, record.circ)
        if problems:
            return Answer(errors={block_of(q): text for q, text in problems.items()})
        missing = [str(q) for q in proposal.missing if str(q) not in questions]
        if missing:
            # Another answer made them necessary: they join the form, below what is filled in already.
            return Answer(update=_form(record, [*questions, *missing], values))
        if proposal.missing:
            needed = words_of(moment.program, "change_needs")
            return Answer(errors={block_of(str(q)): needed for q in proposal.missing})
        if not proposal.changes:
            nothing = words_of(moment.program, "change_nothing")
            return Answer(errors={block_of(questions[0]): nothing} if questions else {})
        if private.get("seen") != _digest(proposal):
            return Answer(update=_form(record, questions, values, proposal))
        id = record.tx.new_id("approval")
        decision = change(record.dossier, values, id, program, directory, record.circ)
        if is_refusal(decision):
            record.tx.apply(decision.model_copy(update={"effects": ()}), record.circ)
            return Answer(update=told(record.title, refusal_text(moment, decision)))
        if record.tx.first_time(submission.key):
            record.tx.apply(record.followed(decision), record.circ)
        return Answer(clear=True)

    return _said(moment, submission, do)


def _said(moment: Moment, submission: Submission, do: Any) -> Answer:
    """A form about a record: locked, allowed, and then ``do`` says what is shown."""
    private = unpacked(submission.view.private)
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        record = record_under_lock(tx, moment, circ, str(private.get("use_case")))
        if record is None:
            return Answer(update=told("Gone", words_of(moment.program, "card_gone")))
        refused = _refusal(record)
        if refused:
            tx.apply(refused.model_copy(update={"effects": ()}), record.circ)
            return Answer(update=told(record.title, refusal_text(moment, refused)))
        answer: Answer = do(record, private)
        return answer


def _form(
    record: Record,
    questions: Sequence[str],
    values: Mapping[QuestionId, Any],
    proposal: Proposal | None = None,
) -> View:
    """The form with what is filled in so far, and above it what that would do."""
    directory, program, use_case = record.tx.directory(), record.program, record.dossier.use_case
    draft = draft_of(use_case, program, record.circ)
    if proposal is None and values:
        proposal_so_far, problems = propose(record.dossier, values, program, directory, record.circ)
        draft = draft if problems else as_walk(draft, proposal_so_far.answers)
    elif proposal is not None:
        draft = as_walk(draft, proposal.answers)
    preview = preview_of(program, proposal, record.dossier, directory) if proposal else []
    seen = _digest(proposal) if proposal and not proposal.stop else ""
    return change_form(program, use_case, draft, questions, directory, preview, seen)


def _digest(proposal: Proposal) -> str:
    """What the preview says, so that nobody confirms something else than they saw."""
    parts = (
        [(c.question, c.after.value if c.after else None) for c in proposal.changes],
        [(s.id, s.people) for s in proposal.seats],
        proposal.reopens,
        proposal.tier,
        proposal.stop,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@command("change", help="change an answer of a submitted use case", usage="[USE CASE] [ANSWER]")
def change_by_words(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight change UC-0042 make the owner @dana``: the form, filled in as far as the words go."""
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if not tx.first_time(said.key):
            return NOTHING
        number = _NUMBER.search(said.rest)
        words = _NUMBER.sub(" ", said.rest).strip(" :,-")
        wish = read_change(words, moment.program.intake) if words else None
        id = use_case_meant(
            tx, number[0] if number else ("" if wish else said.rest), said.user, moment.program
        )
        record = record_under_lock(tx, moment, circ, id) if id else None
        if record is None:
            return Answer(note=Message(text=words_of(moment.program, "change_which")))
        refused = _refusal(record)
        if refused:
            tx.apply(refused.model_copy(update={"effects": ()}), record.circ)
            return Answer(note=Message(text=refusal_text(moment, refused)))
        directory = tx.directory()
        named = wish.candidates[0] if wish and wish.candidates else None
        if named is None:
            return Answer(view=pick_form(record.program, record.dossier.use_case, directory))
        question = record.program.intake.question(named.question)
        reader = Reader(now=moment.now, directory=directory, speaker=said.user)
        read = taken(question, named.value, reader) if named.value else None
        values = {question.id: read.value} if isinstance(read, Read) else {}
        proposal = None
        if values:
            proposal, problems = propose(record.dossier, values, record.program, directory, record.circ)
            proposal = None if problems or proposal.missing or not proposal.changes else proposal
        return Answer(view=_form(record, [str(question.id)], values, proposal))
