"""Starting assessments: by command, in plain words, and from the buttons of lists, proposals and results."""

from __future__ import annotations

from bot.drawing import scene_for
from bot.hearing import field, not_for_them
from bot.inputs import Click, CommandIn, MessageIn, Submission, number_in, packed, unpacked
from bot.listeners.starting import open_questionnaire
from bot.listeners.walking import thread_of
from bot.registry import NOTHING, RENDERERS, Answer, Message, Moment, command, on_action, on_view
from bot.views.answer import section_view
from bot.views.assessments import choose_form
from bot.views.reasons import passage
from bot.views.result import answers_view, kept
from bot.views.say import words_of
from storage import titles
from storage.reading import Reading
from storage.store import Tx
from workflows.assessing import reads_result, ways_to_say
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPerson, ToPlace
from workflows.ids import Place, Subject, UserId
from workflows.questions import Questionnaire, Source
from workflows.result import NextStep
from workflows.results import assessments
from workflows.seeing import UNFINISHED
from workflows.taking_part import works_on
from workflows.use_case import UseCase
from workflows.walk import Walk
from workflows.words.assessments import Asked, asks_for, begins_with
from workflows.words.known_titles import Known, fitting, said_whole
from workflows.words.live import names_one

_SURE = 0.6
"""How well a name has to fit the words to be taken for the use case that is meant."""
_LOOKED_AT = 500


@command(
    "assess",
    help="assessments by name, such as pilot diagnosis or vendor questions; alone it lists them",
    usage="[NAME] [for USE CASE]",
)
def assess(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight assess``: the list, or straight into the one that is named."""
    asked = begins_with(said.rest, ways_to_say(moment.program)) if said.rest else None
    if asked is None:
        with moment.store.read() as reading:
            scene = scene_for(moment, reading, _person(said.user), said.user)
            shown = RENDERERS["assessments"](scene, {"unknown": said.rest[:80]} if said.rest else {})
        return Answer(note=shown)
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if tx.first_time(said.key):
            return _begin(tx, moment, circ, asked, None) or Answer(
                note=Message(text=words_of(moment.program, "started_elsewhere"))
            )
    return NOTHING


def asked_for_an_assessment(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message out of the blue asks for one; if so, it has been begun, or it is asked for what."""
    asked = asks_for(message.text, ways_to_say(moment.program))
    if asked is None:
        return False
    form = moment.program.questionnaires[asked.id]
    use_case = _meant(tx, moment, asked, circ.actor.user) if form.about == "use_case" else None
    if form.about == "use_case" and not use_case:
        post = Post(
            to=ToPlace(place=message.place) if message.direct else ToPerson(user=message.user),
            kind="assess_which",
            subject=_person(message.user),
            data={"questionnaire": form.id, "named": asked.about[:120]},
        )
        tx.apply(Decision(effects=(post,)), circ)
        return True
    place = message.place if message.direct else None
    open_questionnaire(tx, moment, circ, form.id, use_case or "", place=place)
    if not message.direct:
        data = {"message": "started_elsewhere", "values": {}}
        here = Post(to=ToPlace(place=message.place), kind="said", subject=_person(message.user), data=data)
        tx.apply(Decision(effects=(here,)), circ)
    return True


def _begin(tx: Tx, moment: Moment, circ: Circumstances, asked: Asked, place: Place | None) -> Answer | None:
    """Begin it, or a form that asks for which use case; ``None`` once it is under way."""
    form = moment.program.questionnaires[asked.id]
    if form.about != "use_case":
        open_questionnaire(tx, moment, circ, form.id, place=place)
        return None
    meant = _meant(tx, moment, asked, circ.actor.user)
    if meant:
        open_questionnaire(tx, moment, circ, form.id, meant, place=place)
        return None
    return _choose(tx, moment, form, circ.actor.user)


def _meant(reading: Reading, moment: Moment, asked: Asked, user: UserId) -> str:
    """The id of the use case that the words name; without words the only one that this person works on."""
    if not asked.about:
        mine = own(reading, moment, user)
        return mine[0].id if len(mine) == 1 else ""
    return named(reading, asked.about, user)


def named(reading: Reading, words: str, user: UserId) -> str:
    """The id of the one use case that the words name for this person; empty for none, or several."""
    known = titles.known(reading.connection, user)
    id = names_one(words)
    if id:
        return id if any(k.id == id for k in known) else ""
    whole = said_whole(words, known)
    if whole:
        return whole[0].id if len(whole) == 1 else ""
    return _likely(words, known)


def _likely(words: str, known: tuple[Known, ...]) -> str:
    fits = fitting(words.split(), known, at_least=_SURE)
    alone = fits and (len(fits) == 1 or fits[0].score > fits[1].score + 0.1)
    return fits[0].known.id if alone else ""


def own(reading: Reading, moment: Moment, user: UserId) -> list[UseCase]:
    """The use cases that a person works on, the newest first."""
    directory = reading.directory()
    found = reading.use_cases(newest_first=True, at_most=_LOOKED_AT)
    return [
        u
        for u in found
        if u.stage not in UNFINISHED and works_on(u, user, moment.program, directory, moment.now)
    ]


def _choose(reading: Reading, moment: Moment, form: Questionnaire, user: UserId) -> Answer:
    mine = own(reading, moment, user)
    if not mine:
        return Answer(note=Message(text=words_of(moment.program, "assess_nothing", name=form.name)))
    return Answer(view=choose_form(moment.program, form, mine, packed(questionnaire=form.id)))


@on_action("assess.start")
def start(moment: Moment, click: Click) -> Answer:
    """Begins the one on the button; for which use case is asked where several may be meant."""
    form = assessments(moment.program).get(str(click.value))
    if form is None:
        return Answer(note=Message(text=words_of(moment.program, "card_gone")))
    circ = moment.circumstances(click.user, "button")
    place = thread_of(click) if click.channel.startswith("D") else None
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        return _begin(tx, moment, circ, Asked(form.id, ""), place) or NOTHING


@on_view("assess.for")
def chosen(moment: Moment, submission: Submission) -> Answer:
    """For which use case, from the form."""
    form = assessments(moment.program).get(str(unpacked(submission.view.private).get("questionnaire")))
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        use_case = tx.use_case(field(submission, "use_case"))
        if form is not None and use_case is not None and tx.first_time(submission.key):
            open_questionnaire(tx, moment, circ, form.id, use_case.id)
    return Answer(clear=True)


@on_action("result.answers")
def open_answers(moment: Moment, click: Click) -> Answer:
    """Every answer behind a result, for whoever may read it."""
    with moment.store.read() as reading:
        walk = _readable(reading, moment, str(click.value), click.user)
        if walk is None:
            return not_for_them(moment, _walk(click))
        return Answer(view=answers_view(scene_for(moment, reading, walk.subject, click.user), walk))


@on_action("result.show")
def show(moment: Moment, click: Click) -> Answer:
    """The page of a result that is on record, in one's own conversation."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        walk = _readable(tx, moment, str(click.value), click.user)
        if walk is None:
            return not_for_them(moment, _walk(click))
        post = Post(to=ToPerson(user=click.user), kind="result", subject=walk.subject, card="result")
        tx.apply(Decision(effects=(post,)), circ)
    return NOTHING


@on_action("result.read")
def read_page(moment: Moment, click: Click) -> Answer:
    """The page of the playbook that a finding names, as whoever clicks may read it."""
    id, _, number = str(click.value or "").partition("|")
    with moment.store.read() as reading:
        walk = reading.walk(id)
        step = _step(moment, reading, walk, number, click.user)
        if walk is None or step is None or not step.document:
            return _no_page(moment)
        scene = scene_for(moment, reading, walk.subject, click.user)
        found = passage(scene, Source(document=step.document, section=step.section), click.user)
        return Answer(view=section_view(scene, *found)) if found else _no_page(moment)


@on_action("result.start")
def start_next(moment: Moment, click: Click) -> Answer:
    """The questionnaire that a finding recommends, for the same use case."""
    id, _, number = str(click.value or "").partition("|")
    circ = moment.circumstances(click.user, "button")
    place = thread_of(click) if click.channel.startswith("D") else None
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        walk = tx.walk(id)
        step = _step(moment, tx, walk, number, click.user)
        form = moment.program.questionnaires.get(step.questionnaire) if step else None
        if walk is None or form is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        if form.about == "use_case" and not walk.about:
            return _choose(tx, moment, form, click.user)
        open_questionnaire(
            tx, moment, circ, form.id, walk.about if form.about == "use_case" else "", place=place
        )
    return NOTHING


def _step(moment: Moment, reading: Reading, walk: Walk | None, number: str, user: UserId) -> NextStep | None:
    """The next step of a finding, for whoever may read the result."""
    which = number_in(number)
    if walk is None or which is None or _readable(reading, moment, walk.id, user) is None:
        return None
    result = kept(scene_for(moment, reading, walk.subject, user), walk)
    return result.findings[which].next if which < len(result.findings) else None


def _readable(reading: Reading, moment: Moment, walk_id: str, user: UserId) -> Walk | None:
    walk = reading.walk(walk_id)
    if walk is None:
        return None
    use_case = reading.use_case(walk.about) if walk.about else None
    approval = reading.approval_of(use_case.id) if use_case else None
    directory = reading.directory()
    able = reads_result(user, walk, use_case, approval, moment.program, directory, moment.now)
    return walk if able else None


def _walk(click: Click) -> Subject:
    return Subject(type="walk", id=str(click.value)[:40])


def _no_page(moment: Moment) -> Answer:
    return Answer(note=Message(text=words_of(moment.program, "section_gone")))


def _person(user: UserId) -> Subject:
    return Subject(type="person", id=user)
