"""Every way to give feedback: words, a command, a message's menu, a button; and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.guessing import guessed, offered
from bot.hearing import clicked, field, place_of, submitted
from bot.inputs import Click, CommandIn, MessageIn, ShortcutIn, Submission
from bot.registry import (
    NOTHING,
    Answer,
    Message,
    Moment,
    View,
    command,
    on_action,
    on_shortcut,
    on_view,
)
from bot.views.feedback_forms import (
    ANSWER,
    GIVE,
    NAMED,
    NONE,
    THEMES,
    UNNAMED,
    answer_form,
    give_form,
    thanks_view,
    themes_form,
)
from bot.views.kit import bare
from bot.views.say import words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPlace
from workflows.feedback import Feedback
from workflows.ids import Place, Subject, UserId
from workflows.listening import answering
from workflows.listening.answering import Heard, room_of
from workflows.listening.giving import Around, Noticed, given
from workflows.seeing import knows_of
from workflows.use_case import UseCase
from workflows.words.feedback import read_feedback

_EARLIER = 500
"""How many of the same use case are looked through for what comes again."""
_WORDS = 1500


@command("feedback", help="say what you noticed about an AI tool, with or without your name", usage="[words]")
def feedback(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight feedback``: the form; words after it are what happened."""
    return Answer(view=_asks(moment, said.user, words=said.rest))


@on_shortcut(
    "feedback_from_message", "Give AI feedback", "Say what you noticed, with this message", "message"
)
def from_message(moment: Moment, shortcut: ShortcutIn) -> Answer:
    """The message shortcut: its words are what happened, and can be changed."""
    return Answer(view=_asks(moment, shortcut.user, words=shortcut.quoted_text))


@on_action("feedback.open")
def from_button(moment: Moment, click: Click) -> Answer:
    """The button on a record, in a digest or under words; its value is the use case, then perhaps words."""
    use_case, _, words = str(click.value or "").partition("|")
    return Answer(view=_asks(moment, click.user, use_case=use_case, words=words))


def _asks(moment: Moment, user: UserId, *, use_case: str = "", words: str = "") -> View:
    with moment.store.read() as reading:
        about = use_case or (guessed(reading, moment, user, words) if words else "")
        choices = offered(reading, moment, user)
        directory = reading.directory()
    choices.sort(key=lambda choice: choice[0] != about)
    return give_form(moment.program, directory, choices, about, words)


@on_view(GIVE)
def give(moment: Moment, submission: Submission) -> Answer:
    """The form. Where the name is left out, the bot itself is all that the log knows of."""
    unnamed = field(submission, "name") == UNNAMED
    if not unnamed and field(submission, "name") != NAMED:
        return Answer(errors={"name": words_of(moment.program, "feedback_form_choose")})
    about = field(submission, "use_case")
    noticed = Noticed(
        text=field(submission, "what"),
        wish=field(submission, "wish"),
        tool=field(submission, "tool")[:150],
        by=None if unnamed else submission.user,
    )
    circ = moment.circumstances(moment.bot_user if unnamed else submission.user, "modal")
    with moment.store.write() as tx:
        decision = taken(tx, moment, circ, noticed, "" if about == NONE else about, submission.user)
        if decision.problems:
            return Answer(errors=dict(decision.problems))
        if tx.first_time(submission.key):
            tx.apply(decision, circ)
    return Answer(update=thanks_view(_thanks(moment, decision, unnamed)))


def taken(
    tx: Tx, moment: Moment, circ: Circumstances, noticed: Noticed, about: str, writer: UserId
) -> Decision:
    """What feedback comes to; a use case that its writer cannot know of is left out of it."""
    use_case = tx.use_case(about) if about else None
    if use_case is not None and not knows_of(writer, use_case.stage, use_case.submitter):
        use_case = None
    earlier = _earlier(tx, use_case)
    return given(
        tx.new_id("feedback"),
        noticed,
        Around(use_case, earlier, moment.program, tx.directory(), circ),
    )


def _earlier(tx: Tx, use_case: UseCase | None) -> tuple[Feedback, ...]:
    found = tx.matters(Feedback, use_case=use_case.id if use_case else "", at_most=_EARLIER)
    return found if use_case else tuple(f for f in found if f.use_case is None)


def _thanks(moment: Moment, decision: Decision, unnamed: bool) -> str:
    feedback = next(a for a in decision.changed if isinstance(a, Feedback))
    who = " and ".join(moment.directory.person(u).name for u in feedback.told[:3])
    if not unnamed:
        return words_of(moment.program, "feedback_thanks", who=who)
    room = room_of(feedback, moment.program)
    key = "feedback_thanks_unnamed_room" if room else "feedback_thanks_unnamed"
    return (
        words_of(moment.program, key, who=who, room=room) if room else words_of(moment.program, key, who=who)
    )


def gave_feedback(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether the words give feedback; if so, it is offered to pass them on. Aloud they are not repeated."""
    said = read_feedback(message.text)
    if said is None:
        return False
    about = guessed(tx, moment, message.user, said.about) if said.about else ""
    words = said.said if about or not said.about else f"{said.about}: {said.said}" if said.said else ""
    post = Post(
        to=ToPlace(place=message.place),
        kind="feedback_offer",
        subject=Subject(type="person", id=message.user),
        data={"use_case": about, "words": words[:_WORDS] if message.direct else ""},
    )
    tx.apply(Decision(effects=(post,)), circ)
    return True


@on_action("feedback.pass_on")
def pass_on(moment: Moment, click: Click) -> Answer:
    """ "Pass it on with my name", under one's words; a second click on the same message does nothing."""
    about, _, words = str(click.value or "").partition("|")
    circ = moment.circumstances(click.user, "button")
    noticed = Noticed(text=words, by=click.user)
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        decision = taken(tx, moment, circ, noticed, about, click.user)
        if decision.problems:
            return Answer(note=Message(text=next(iter(decision.problems.values()))))
        if not tx.first_time(f"feedback/{click.channel}/{click.message}"):
            return Answer(note=Message(text=words_of(moment.program, "feedback_passed_on")))
        tx.apply(decision, circ)
    return Answer(note=Message(text=_thanks(moment, decision, unnamed=False)))


@on_action("feedback.answer")
def answer(moment: Moment, click: Click) -> Answer:
    """Opens the form of an answer, for whom it reached."""

    def do(heard: Hearing, _: str) -> Answer | None:
        one = heard.heard
        refused = answering.ANSWER.refused(one)
        if refused:
            heard.tx.apply(refused, heard.circ)
            return None
        name = one.directory.person(one.feedback.said_by).name if one.feedback.said_by else ""
        room = room_of(one.feedback, one.program)
        key = "feedback_to_writer" if name else "feedback_to_room" if room else "feedback_to_nobody"
        goes_to = bare(words_of(one.program, key, who=name, room=room))
        return Answer(view=answer_form(one.program, one.directory, one.feedback, goes_to))

    return clicked(moment, click, _hearing_at(click), do)


@on_action("feedback.noted")
def noted(moment: Moment, click: Click) -> Answer:
    """ "Thanks, noted"."""

    def do(heard: Hearing, _: str) -> Answer | None:
        heard.tx.apply(answering.noted(heard.heard), heard.circ)
        return None

    return clicked(moment, click, _hearing_at(click), do)


@on_action("feedback.themes")
def change_themes(moment: Moment, click: Click) -> Answer:
    """Opens the choice of themes, for the program team."""

    def do(heard: Hearing, _: str) -> Answer | None:
        refused = answering.THEMES.refused(heard.heard)
        if refused:
            heard.tx.apply(refused, heard.circ)
            return None
        return Answer(view=themes_form(heard.heard.program, heard.heard.feedback))

    return clicked(moment, click, _hearing_at(click), do)


@on_view(ANSWER)
def answered(moment: Moment, submission: Submission) -> Answer:
    """The answer."""
    said = field(submission, "answer")
    return submitted(
        moment, submission, "feedback", hearing, lambda heard, _: answering.answered(heard.heard, said)
    )


@on_view(THEMES)
def themes_chosen(moment: Moment, submission: Submission) -> Answer:
    """Other themes."""
    chosen = submission.view.values.get("themes", {}).get("themes") or []
    wanted = [str(c) for c in chosen] if isinstance(chosen, list) else []
    return submitted(
        moment, submission, "feedback", hearing, lambda heard, _: answering.themed(heard.heard, wanted)
    )


class Hearing:
    """One feedback under its lock, with everything its rules need."""

    def __init__(self, tx: Tx, heard: Heard) -> None:
        self.tx = tx
        self.heard = heard
        self.circ = heard.circ

    @property
    def title(self) -> str:
        """What a form about it is called that can no longer do what it was for."""
        return str(self.heard.feedback.id)


def hearing(tx: Tx, moment: Moment, circ: Circumstances, id: str, at: Place | None = None) -> Hearing | None:
    """The feedback of that id, locked; ``None`` where it is gone."""
    found = tx.lock(Feedback, id)
    if found is None:
        return None
    use_case = tx.use_case(found.use_case) if found.use_case else None
    earlier = _earlier(tx, use_case)
    return Hearing(tx, Heard(found, use_case, moment.program, tx.directory(), circ, at, earlier))


def _hearing_at(click: Click) -> Callable[[Tx, Moment, Circumstances, str], Hearing | None]:
    place = place_of(click) if click.channel else None
    return lambda tx, moment, circ, id: hearing(tx, moment, circ, id, place)
