"""Every way to begin: a sentence, a mention, a command, the Home button, and both shortcuts."""

from __future__ import annotations

from bot.inputs import Click, CommandIn, ShortcutIn, Submission, unpacked
from bot.policies import rules_of_walk, under
from bot.registry import NOTHING, Answer, Message, Moment, command, on_action, on_shortcut, on_view
from bot.views.form import START, form, start
from bot.views.kit import bare
from storage.errors import StaleState
from storage.store import Tx
from workflows.continuing import go_on, under_way
from workflows.conversation import begin, begin_about
from workflows.decision import Circumstances
from workflows.ids import Place, Subject, UserId
from workflows.questions import Questionnaire
from workflows.taking_part import OPEN, Wanted
from workflows.walk import Origin, Walk


def begin_walk(tx: Tx, moment: Moment, circ: Circumstances, origin: Origin, place: Place | None) -> Walk:
    """A new draft with its walk, in one transaction with whatever the caller does beside it."""
    decision = begin(
        walk_id=tx.new_id("walk"),
        use_case_id=tx.new_id("use_case"),
        questionnaire=moment.program.intake,
        origin=origin,
        place=place,
        program=moment.program,
        directory=tx.directory(),
        circ=circ,
    )
    tx.apply(decision, circ)
    return next(a for a in decision.changed if isinstance(a, Walk))


def open_questionnaire(
    tx: Tx,
    moment: Moment,
    circ: Circumstances,
    questionnaire_id: str,
    use_case_id: str = "",
    matter: Subject | None = None,
    place: Place | None = None,
) -> Walk | None:
    """Begin a walk of any questionnaire but the intake, or go on with the one that is there.

    A checklist has one walk for each use case, whoever asks; of the others everybody has their own, and an
    unfinished one is gone on with. What is asked first goes to ``place``, else to the actor's direct message.
    ``None`` for somebody who does not work on that use case: they have been told. Raises ``KeyError`` for a
    questionnaire or a use case that does not exist.
    """
    directory, known = tx.directory(), tx.use_case(use_case_id) if use_case_id else None
    program = rules_of_walk(tx, moment.program, questionnaire_id, known, matter)
    moment, circ = under(program, moment, circ)
    questionnaire = program.questionnaires[questionnaire_id]
    found = _under_way(tx, questionnaire, use_case_id, matter, circ.actor.user)
    walk = tx.lock_walk(found.id) if found else None
    use_case = tx.lock_use_case(use_case_id) if use_case_id else None
    if use_case_id and use_case is None:
        raise KeyError(use_case_id)
    if walk is not None:
        decision = go_on(walk, use_case, program, directory, circ, place)
    else:
        if _under_way(tx, questionnaire, use_case_id, matter, circ.actor.user) is not None:
            raise StaleState("Somebody else opened it first.")
        wanted = Wanted(questionnaire, use_case, program, directory, circ, place)
        refused = OPEN.refused(wanted) if matter is None else None
        decision = refused or begin_about(
            walk_id=tx.new_id("walk"),
            questionnaire=questionnaire,
            use_case=use_case,
            matter=matter,
            origin=Origin(entry="command" if circ.actor.door == "command" else "message"),
            place=place,
            program=program,
            directory=directory,
            circ=circ,
        )
    tx.apply(decision, circ)
    return next((a for a in decision.changed if isinstance(a, Walk)), None)


def _under_way(
    tx: Tx, questionnaire: Questionnaire, use_case_id: str, matter: Subject | None, user: UserId
) -> Walk | None:
    """The checklist as it stands, or the actor's own walk that is not finished."""
    return under_way(tx.walks_about(use_case_id), questionnaire, matter, user)


@command(
    "new",
    help="start a use case; describe it after the word, or press Enter and I ask",
    usage="[in a sentence]",
)
def new(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight new``: a sentence starts the conversation in the DM; without one comes a short form."""
    if not said.rest:
        return Answer(view=start(_ask(moment)))
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if tx.first_time(said.key):
            begin_walk(tx, moment, circ, Origin(entry="command", words=said.rest), None)
    return Answer(note=_in_our_conversation(moment))


@on_action("start.new")
def start_new(moment: Moment, click: Click) -> Answer:
    """The button on Home and under a greeting."""
    return Answer(view=start(_ask(moment)))


@on_action("start.from")
def start_from(moment: Moment, click: Click) -> Answer:
    """ "Make it a use case", under words the bot was not sure about: goes on right there."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if tx.first_time(click.key):
            place = Place(channel=click.channel, thread=click.thread or click.message)
            free = tx.walk_at(place.channel, place.thread) is None
            begin_walk(
                tx,
                moment,
                circ,
                Origin(entry="message", words=str(click.value or "")),
                place if free else None,
            )
    return NOTHING


@on_shortcut("new_use_case", "New AI use case", "Describe an idea; Preflight asks the rest")
def from_anywhere(moment: Moment, shortcut: ShortcutIn) -> Answer:
    """The global shortcut."""
    return Answer(view=start(_ask(moment)))


@on_shortcut(
    "use_case_from_message", "Turn into a use case", "Start an AI use case from this message", "message"
)
def from_message(moment: Moment, shortcut: ShortcutIn) -> Answer:
    """The message shortcut: quotes the message and links to it."""
    return Answer(
        view=start(
            _ask(moment),
            channel=shortcut.channel,
            quote=shortcut.quoted_text,
            link=link_to(moment, shortcut),
            author=str(shortcut.quoted_author or ""),
        )
    )


@on_view(START)
def started(moment: Moment, submission: Submission) -> Answer:
    """The short form behind the buttons and shortcuts: goes on in the DM, or as the whole form at once."""
    fields = submission.view.values
    words = str(fields.get("idea", {}).get("text") or "").strip()
    way = fields.get("way", {}).get("way") or "talk"
    private = unpacked(submission.view.private)
    quote = str(private.get("quote") or "")
    author = private.get("author")
    origin = Origin(
        entry="message_shortcut" if quote else "form" if way == "form" else "shortcut",
        words=words or quote,
        quote=quote,
        quoted_author=UserId(str(author)) if author else None,
        link=str(private.get("link") or ""),
    )
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        if not tx.first_time(submission.key):
            return NOTHING
        walk = begin_walk(tx, moment, circ, origin, None)
        directory = tx.directory()
    if way == "form":
        return Answer(update=form(moment.program, walk, directory))
    return NOTHING


def _ask(moment: Moment) -> str:
    intake = moment.program.intake
    story = intake.question(intake.story_question) if intake.story_question else intake.questions()[0]
    return bare(story.ask)


def _in_our_conversation(moment: Moment) -> Message:
    return Message(text=moment.program.messages["started_elsewhere"])


def link_to(moment: Moment, shortcut: ShortcutIn) -> str:
    """The message's permanent address, as Slack forms it."""
    if not (moment.workspace_url and shortcut.quoted_ts):
        return ""
    return f"{moment.workspace_url}archives/{shortcut.channel}/p{shortcut.quoted_ts.replace('.', '')}"
