"""Every button, menu and form of a walk: answer, keep, skip, back, change, show, save, cancel, submit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from bot.hearing import is_refusal, refusal_text
from bot.inputs import Click, Submission, number_in, unpacked
from bot.policies import rules_for
from bot.records import followed_of
from bot.registry import NOTHING, Answer, Message, Moment, View, on_action, on_view
from bot.similar import story
from bot.views.form import CALLBACK, block_of, filled_in, form
from bot.views.say import words_of
from bot.walks import in_walk
from storage.store import Tx
from workflows import conversation, finishing, intake
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPlace
from workflows.ids import Place, QuestionId, Subject
from workflows.questions import Question
from workflows.seeing import knows_of
from workflows.taking_part import TAKE_PART, Part, takes_part
from workflows.use_case import UseCase
from workflows.walk import Walk


@dataclass(frozen=True)
class Turn:
    """A click in a walk that the person has a part in, under its lock."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    walk: Walk
    use_case: UseCase | None
    click: Click
    ask: int
    question: QuestionId

    @property
    def at(self) -> Place | None:
        """The thread of the click; ``None`` on the Home tab and in a modal."""
        return thread_of(self.click)

    @property
    def asked(self) -> Question | None:
        """The question the click is about, if there is such a one."""
        return self.named(self.question)

    def named(self, id: str) -> Question | None:
        """The question of that id in the walk's questionnaire."""
        there = self.moment.program.questionnaires[self.walk.questionnaire].questions()
        return next((q for q in there if q.id == id), None)

    def apply(self, decision: Decision) -> None:
        """Store what a rule decided."""
        self.tx.apply(decision, self.circ)

    def answer(self, value: object) -> None:
        """Take this as the answer to the question the click is about."""
        program, directory = self.moment.program, self.tx.directory()
        self.apply(
            conversation.click(
                self.walk,
                self.use_case,
                self.ask,
                self.question,
                value,
                program,
                directory,
                self.circ,
                at=self.at,
            )
        )


def thread_of(click: Click) -> Place | None:
    """The thread that a click happens in, or that its message begins."""
    return Place(channel=click.channel, thread=click.thread or click.message) if click.channel else None


def _walk_id(click: Click) -> tuple[str, int, str]:
    """(walk, serial number of the question, question) from the block id; empty for anything else."""
    parts = click.block.split("|")
    if len(parts) < 4 or parts[0] != "walk":
        return "", 0, ""
    return parts[1], number_in(parts[2]) or 0, parts[3]


def turn_of(moment: Moment, click: Click, do: Callable[[Turn], Answer | None]) -> Answer:
    """Lock the walk the click is about, ask whether they have a part in it, and let ``do`` decide."""
    walk_id, ask, question = _walk_id(click)
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        here = in_walk(tx, moment, circ, walk_id)
        if here is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        walk, use_case = here.walk, here.use_case
        turn = Turn(tx, here.moment, here.circ, walk, use_case, click, ask, QuestionId(question))
        part = Part(walk, use_case, here.moment.program, tx.directory(), here.circ, turn.at)
        refused = TAKE_PART.refused(part)
        if refused is not None:
            tx.apply(refused.model_copy(update={"effects": ()}), here.circ)
            return Answer(note=Message(text=refusal_text(moment, refused)))
        return do(turn) or NOTHING


@on_action("walk.answer")
def answer(moment: Moment, click: Click) -> Answer:
    """A choice, a date, a person: one click that answers."""

    def do(turn: Turn) -> Answer | None:
        if turn.asked is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        turn.answer(_clicked(turn.asked, click.value))
        return None

    return turn_of(moment, click, do)


def _clicked(question: Question, value: object) -> object:
    if question.type == "yesno":
        return value == "yes"
    if question.type == "people" and isinstance(value, str):
        return [value]
    return value


@on_action("walk.tick")
def tick(moment: Moment, click: Click) -> Answer:
    """A tick or a person in a choice of several: nothing is decided until Done."""
    return NOTHING


@on_action("walk.done")
def done(moment: Moment, click: Click) -> Answer:
    """Done, under a choice of several: takes everything ticked."""

    def do(turn: Turn) -> Answer | None:
        # The menu may stand in a block beside the button: all but the last part of their ids is the same.
        matter = click.block.rsplit("|", 1)[0]
        beside = [v for block, v in click.values.items() if block.rsplit("|", 1)[0] == matter]
        ticked = next((v for found in beside for a, v in found.items() if a.startswith("walk.tick")), None)
        if not ticked:
            return Answer(note=Message(text=words_of(turn.moment.program, "nothing_ticked")))
        turn.answer(list(ticked))
        return None

    return turn_of(moment, click, do)


@on_action("walk.own")
def in_own_words(moment: Moment, click: Click) -> Answer:
    """ "Something else": the question stays, to be answered by typing."""
    return Answer(note=Message(text=words_of(moment.program, "in_your_own_words")))


Step = Callable[..., Decision]


def _plain(step: Step) -> Callable[[Turn], None]:
    def do(turn: Turn) -> None:
        program, directory = turn.moment.program, turn.tx.directory()
        turn.apply(step(turn.walk, turn.use_case, program, directory, turn.circ, at=turn.at))

    return do


@on_action("walk.keep")
def keep(moment: Moment, click: Click) -> Answer:
    """Keeps what is there already, and goes on."""

    def do(turn: Turn) -> None:
        kept = turn.walk.answers.get(turn.question)
        if kept is None:
            return
        turn.answer(kept.value)

    return turn_of(moment, click, do)


def _on_step(step: Step) -> Callable[[Moment, Click], Answer]:
    return lambda moment, click: turn_of(moment, click, _plain(step))


STEPS: Mapping[str, Step] = {
    "skip": conversation.skip,
    "why": conversation.why,
    "show": conversation.show,
    "save": conversation.save,
    "resume": conversation.resume,
    "cancel": conversation.cancel,
}
"""The buttons that need nothing but the walk. Slack has asked already whether cancelling is meant."""

for _name, _rule in STEPS.items():
    on_action(f"walk.{_name}")(_on_step(_rule))


@on_action("walk.form")
def open_form(moment: Moment, click: Click) -> Answer:
    """The whole draft as a form."""
    return turn_of(moment, click, lambda turn: Answer(view=_form(turn)))


@on_action("walk.more")
def more(moment: Moment, click: Click) -> Answer:
    """The small menu beside a question."""

    def do(turn: Turn) -> Answer | None:
        if click.value == "form":
            return Answer(view=_form(turn))
        steps: dict[object, Step] = {
            "back": conversation.back,
            "show": conversation.show,
            "save": conversation.save,
            "cancel": conversation.cancel,
        }
        step = steps.get(click.value)
        if step:
            _plain(step)(turn)
        return None

    return turn_of(moment, click, do)


@on_action("walk.edit")
def edit(moment: Moment, click: Click) -> Answer:
    """A pencil on the review card: that one answer, in a small form."""

    def do(turn: Turn) -> Answer:
        if turn.named(str(click.value)) is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        return Answer(view=_form(turn, str(click.value)))

    return turn_of(moment, click, do)


@on_action("walk.submit")
def submit(moment: Moment, click: Click) -> Answer:
    """Submits the draft."""
    return turn_of(
        moment, click, lambda turn: submit_draft(turn.tx, turn.moment, turn.walk, turn.use_case, turn.circ)
    )


def submit_draft(tx: Tx, moment: Moment, walk: Walk, use_case: UseCase | None, circ: Circumstances) -> None:
    """Submits a locked walk; of a use case, keeps the words that later ideas are compared with."""
    program, directory = moment.program, tx.directory()
    questionnaire = program.questionnaires[walk.questionnaire]
    if use_case is None or questionnaire.kind != "intake":
        tx.apply(finishing.finish(walk, use_case, program, directory, circ), circ)
        return
    decision = intake.submit(walk, use_case, program, directory, tx.new_id("approval"), circ)
    decision = followed_of(tx, program, circ, use_case.id, decision)
    tx.apply(decision, circ)
    if any(isinstance(a, UseCase) for a in decision.changed):
        tx.save_text(use_case.id, story(questionnaire, walk.answers))


@on_action("walk.similar")
def similar(moment: Moment, click: Click) -> Answer:
    """Join, reuse or look at a use case that is like this one."""

    def do(turn: Turn) -> None:
        what, _, other_id = str(click.value).partition("|")
        other = turn.tx.use_case(other_id)
        if other is None or not knows_of(click.user, other.stage, other.submitter):
            return
        rules = {"join": intake.join, "reuse": intake.reuse}
        if what in rules and turn.use_case is not None:
            turn.apply(
                rules[what](
                    turn.walk, turn.use_case, other, turn.moment.program, turn.tx.directory(), turn.circ
                )
            )
            return
        place = turn.walk.place or Place(channel=click.channel, thread=click.thread)
        post = Post(to=ToPlace(place=place), kind="record", subject=Subject(type="use_case", id=other_id))
        turn.apply(Decision(effects=(post,)))

    return turn_of(moment, click, do)


@on_action("walk.field")
def field_changed(moment: Moment, click: Click) -> Answer:
    """A form field on which others depend was changed: draw the form again with those that now apply."""
    if click.view is None:
        return NOTHING
    private = unpacked(click.view.private)
    with moment.store.read() as reading:
        walk = reading.walk(str(private.get("walk")))
        use_case = reading.use_case(walk.about) if walk and walk.about else None
        if walk is None:
            return NOTHING
        program = rules_for(reading, moment.program, walk.subject)
        if not takes_part(walk, use_case, click.user, program, reading.directory(), moment.now):
            return NOTHING
        seen = conversation.as_if(
            walk,
            filled_in(program, walk, click.view.values),
            program,
            reading.directory(),
            moment.circumstances(click.user, "modal"),
        )
        page = _number(private.get("page"))
        return Answer(update=form(program, seen, reading.directory(), page=page))


@on_view(CALLBACK)
def filled(moment: Moment, submission: Submission) -> Answer:
    """The form, or one answer of it, was saved: the same checks as in conversation, marked field by field."""
    private = unpacked(submission.view.private)
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        here = in_walk(tx, moment, circ, str(private.get("walk")))
        if here is None:
            return NOTHING
        program = here.moment.program
        values = filled_in(program, here.walk, submission.view.values)
        page, pages = _number(private.get("page")), _number(private.get("pages"))
        more = page + 1 < pages
        if more:
            decision = here.ask(conversation.keep, values)
        else:
            decision = here.ask(conversation.fill, values, single=bool(private.get("only")))
        if decision.problems:
            blocks = submission.view.values
            errors = {b: text for q, text in decision.problems.items() if (b := _field_of(q, blocks))}
            if errors:
                return Answer(errors=errors)
        if tx.first_time(submission.key):
            tx.apply(decision, here.circ)
        there = next((a for a in decision.changed if isinstance(a, Walk)), here.walk)
        if more and not is_refusal(decision):
            return Answer(update=form(program, there, tx.directory(), page=page + 1))
    return NOTHING


def _field_of(part: str, blocks: Collection[str]) -> str:
    """The field of a form that a problem is about: its own, else that of its question; empty for neither."""
    own = block_of(part)
    return next((b for b in (own, block_of(part.partition("|")[0])) if b in blocks), "")


def _number(value: object) -> int:
    """A number out of a form's own data; 0 for anything else."""
    return number_in(value) or 0


def _form(turn: Turn, *only: str) -> View:
    return form(turn.moment.program, turn.walk, turn.tx.directory(), only)
