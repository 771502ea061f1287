"""What people write: an answer in a running conversation, or the beginning of something."""

from __future__ import annotations

from bot.inputs import MessageIn, Opened
from bot.listeners.approval import answered_under_the_card
from bot.listeners.assessing import asked_for_an_assessment
from bot.listeners.assigning import answered_under_the_assignment
from bot.listeners.breach import told_of_a_breach
from bot.listeners.champion import answered_under_a_referral
from bot.listeners.champions import asked_for_champions
from bot.listeners.check_in_words import answered_a_check_in, told_numbers
from bot.listeners.contract import contract_in_a_message
from bot.listeners.declaring import declared_a_tool
from bot.listeners.digest import asked_about_digests
from bot.listeners.evaluating import told_of_results
from bot.listeners.feedback import gave_feedback
from bot.listeners.figures import numbers_in_a_file
from bot.listeners.filing import asked_for_a_document
from bot.listeners.incident_thread import said_under_an_incident, wished_about_incidents
from bot.listeners.learning import asked_what_to_learn, study_of
from bot.listeners.listing import asked_for_a_checklist
from bot.listeners.plan import asked_for_the_plan
from bot.listeners.playbook import put_to_the_playbook, went_on_asking, went_on_elsewhere
from bot.listeners.presence import said_of_presence
from bot.listeners.readiness import asked_of_a_gate
from bot.listeners.starting import begin_walk
from bot.listeners.welcoming import knows_it_now, met_by_words
from bot.policies import under_its_rules
from bot.registry import NOTHING, Answer, Moment, on_message, on_opened
from bot.walks import in_walk
from storage.store import Tx
from workflows.conversation import Said, hear
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ShowHome, ToPerson, ToPlace, Work
from workflows.ids import Place, Subject, UserId
from workflows.inquiring import answer_inquiry, open_inquiries_for
from workflows.intent import read_intent
from workflows.learning.welcoming import GREETING, welcomed
from workflows.live_questions import vocabulary
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk
from workflows.words.commands import read_command
from workflows.words.following import follows
from workflows.words.live import read_wording
from workflows.words.opening import has_words, opening

_SHOWN_AS = {
    "nothing": "help",
    "greeting": "greeting",
    "chat": "chat",
    "help": "help",
    "where": "where",
    "desk": "desk",
    "drafts": "drafts",
}
"""What is posted in reply to words that ask to be shown something."""
_PROMPTS = ("prompt_new", "prompt_ask", "prompt_where", "prompt_desk")
"""What Slack offers to say, above the empty conversation."""


@on_message
def heard(moment: Moment, message: MessageIn) -> Answer:
    """Anything written in the DM, or in a channel when the bot is mentioned or already in that thread."""
    circ = moment.circumstances(message.user, "message")
    with moment.store.write() as tx:
        if not tx.first_time(message.key):
            return NOTHING
        heard_there = message.thread and hear_in_thread(tx, moment, message, circ)
        if not heard_there and (message.direct or message.mentions_bot):
            _out_of_the_blue(tx, moment, message, circ)
        if message.direct or message.mentions_bot:
            met_by_words(tx, moment, message, circ)
    return NOTHING


def hear_in_thread(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether the thread is one of ours; if so, the message has been dealt with."""
    place = message.place
    walk = walk_in(tx, place)
    if walk is None and answered_a_check_in(tx, moment, message, circ):
        return True
    if walk is None:
        if message.direct and tx.anchors_under_way(message.user):
            # The thread's first message is out but not noted yet (a crash in between): hear it again then.
            work = Work(
                name="hear_again",
                subject=_person(message.user),
                data={"message": message.model_dump(mode="json")},
                key=f"hear/{message.key}",
            )
            tx.apply(Decision(effects=(work,)), circ)
            return True
        return (
            answered_under_the_assignment(tx, moment, message, circ)
            or answered_under_the_card(tx, moment, message, circ)
            or answered_under_a_referral(tx, moment, message, circ)
            or (message.direct and asked_of_a_gate(tx, moment, message, circ))
            or said_under_an_incident(tx, moment, message, circ)
            or went_on_asking(tx, message, circ)
        )
    here = in_walk(tx, moment, circ, walk.id)
    if here is None:
        return False
    walk, use_case = here.walk, here.use_case
    if use_case is not None and _answers_an_inquiry(tx, moment, message, walk, use_case, circ):
        return True
    if message.user != walk.owner and not message.mentions_bot and walk.status == "submitted":
        return True
    over = walk.status in ("submitted", "cancelled", "expired")
    taken_up = walk.status != "submitted" and read_command(message.text) == "resume"
    if over and not taken_up and asked_of_a_gate(tx, moment, message, circ):
        return True
    if over and message.user == walk.owner and not taken_up:
        meant = read_intent(message.text, vocabulary(moment.program))
        asked_for = "question" if meant.named else meant.opening
        if asked_for == "question" and meant.sure:
            before = tx.consultation_at(place.channel, place.thread) if follows(message.text) else None
            put_to_the_playbook(tx, message, circ, before)
            return True
        if asked_for in ("idea", "question", "thanks", "nothing", "greeting", "chat"):
            return _after_the_end(tx, walk, message, circ, asked_for)
        _show(tx, moment, message, asked_for, circ)
        return True
    said = Said(
        text=message.text,
        user=message.user,
        files=tuple({"id": f.id, "name": f.name, "link": f.link} for f in message.files),
        ts=message.ts,
    )
    tx.apply(here.ask(hear, said, at=place), here.circ)
    return True


def walk_in(tx: Tx, place: Place) -> Walk | None:
    """The walk that is talked about in a thread, by its owner or by somebody who shares it."""
    found = tx.walk_at(place.channel, place.thread)
    if found is not None or place.thread is None:
        return found
    root = tx.card_at(place.channel, place.thread)
    cards = [root] if root is not None else tx.cards_in(place.channel, place.thread, "walk")
    for id in dict.fromkeys(c.subject.id for c in cards if c.subject.type == "walk"):
        shared = tx.walk(id)
        if shared is not None and any(t.place == place for t in shared.talks):
            return shared
    return None


def _answers_an_inquiry(
    tx: Tx, moment: Moment, message: MessageIn, walk: Walk, use_case: UseCase, circ: Circumstances
) -> bool:
    """Whether the words answer what an approver asked about a submission, in the thread of its intake."""
    if walk.questionnaire != moment.program.intake.id or walk.status in ("asking", "reviewing", "opening"):
        return False
    # Whatever it was asked about: the use case as submitted, a gate, a release, a change.
    every = tx.approvals_of(use_case.id)
    asked = next((a for a in every if open_inquiries_for(a, message.user)), None)
    approval = tx.lock_approval(asked.id) if asked else None
    open_ = open_inquiries_for(approval, message.user) if approval else ()
    wants_no_answer = opening(message.text) in ("where", "help", "thanks", "nothing")
    if approval is None or not open_ or wants_no_answer or _asks_what_is_so(moment, message.text):
        return False
    moment, circ = under_its_rules(tx, moment, circ, approval.subject)
    decision = answer_inquiry(
        approval,
        use_case,
        moment.program,
        tx.directory(),
        circ,
        inquiry=open_[0].id,
        answer=message.text,
        at=message.place,
    )
    tx.apply(decision, circ)
    return True


def _asks_what_is_so(moment: Moment, text: str) -> bool:
    """Whether words that might answer somebody's question ask one themselves, about the state of things."""
    return text.rstrip().endswith("?") and read_wording(text, vocabulary(moment.program)) is not None


def _out_of_the_blue(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> None:
    if told_numbers(tx, moment, message, circ):
        return
    if wished_about_incidents(tx, moment, message, circ) or gave_feedback(tx, moment, message, circ):
        return
    if asked_for_the_plan(tx, moment, message, circ) or asked_for_champions(tx, moment, message, circ):
        return
    if declared_a_tool(tx, moment, message, circ) or asked_for_a_document(tx, moment, message, circ):
        return
    if asked_of_a_gate(tx, moment, message, circ) or went_on_elsewhere(tx, moment, message, circ):
        return
    if said_of_presence(tx, moment, message, circ):
        return
    if contract_in_a_message(tx, moment, message, circ) or told_of_a_breach(tx, moment, message, circ):
        return
    if asked_for_a_checklist(tx, moment, message, circ) or asked_what_to_learn(tx, moment, message, circ):
        return
    if asked_about_digests(tx, moment, message, circ):
        return
    if told_of_results(tx, moment, message, circ) or asked_for_an_assessment(tx, moment, message, circ):
        return
    if numbers_in_a_file(tx, message, circ):
        return
    meant = read_intent(message.text, vocabulary(moment.program))
    if meant.sure:
        act_on(tx, moment, message, circ, "question" if meant.named else meant.opening)
        return
    data = {"message": message.model_dump(mode="json")}
    work = Work(name="weigh_intent", subject=_person(message.user), data=data, key=f"intent/{message.key}")
    tx.apply(Decision(effects=(work,)), circ)


def act_on(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances, asked_for: str) -> None:
    """Do what a message out of the blue asks for; words that nobody is meant to answer get no reply.

    ``asked_for`` is an opening, or ``unsure`` to ask back what is meant.
    """
    if asked_for in ("idea", "new"):
        origin = Origin(
            entry="message" if message.direct else "mention",
            words=message.text if asked_for == "idea" else "",
        )
        begin_walk(tx, moment, circ, origin, message.place)
    elif asked_for == "question":
        put_to_the_playbook(tx, message, circ)
    elif asked_for != "thanks" and not (asked_for == "nothing" and has_words(message.text)):
        _show(tx, moment, message, asked_for, circ)


def _show(tx: Tx, moment: Moment, message: MessageIn, asked_for: str, circ: Circumstances) -> None:
    """Private matter goes to the person; in a channel only help is shown to all."""
    kind = _SHOWN_AS.get(asked_for, "unsure")
    data = {"words": message.text[:1900]} if kind == "unsure" else {}
    private = kind in ("where", "desk", "drafts") and not message.direct
    to = ToPerson(user=message.user) if private else ToPlace(place=message.place)
    tx.apply(Decision(effects=(Post(to=to, kind=kind, subject=_person(message.user), data=data),)), circ)
    if kind == GREETING:
        knows_it_now(tx, moment, message, circ)


def _after_the_end(tx: Tx, walk: Walk, message: MessageIn, circ: Circumstances, asked_for: str) -> bool:
    """In the thread of a finished walk: say where it stands, and how to go on. Thanks need no reply."""
    if asked_for not in ("thanks", "nothing", "chat"):
        here = ToPlace(place=message.place)
        post = Post(to=here, kind="whereabouts", subject=Subject(type="use_case", id=walk.about), data={})
        if walk.result is not None:
            post = Post(to=here, kind="result", subject=walk.subject, card="result")
        tx.apply(Decision(effects=(post,)), circ)
    return True


@on_opened("messages")
def messages_opened(moment: Moment, opened: Opened) -> Answer:
    """The first time someone opens the conversation with the bot it says what it is; later it is silent.

    Whoever came to it by a case or a draft has been told already, and is not greeted on top of that, then or
    when it is done.
    """
    circ = moment.circumstances(opened.user, "home")
    with moment.store.write() as tx:
        drafts = (w for w in tx.drafts_of(opened.user) if w.questionnaire == moment.program.intake.id)
        known = bool(tx.waits_for(opened.user)) or any(drafts)
        first_look = tx.first_time(f"looked/{opened.user}")
        if tx.first_time(opened.key) and first_look and not known:
            tx.apply(welcomed(study_of(tx, moment, circ, opened.user), post=True), circ)
    offered = (moment.program.messages[key] for key in _PROMPTS)
    return Answer(prompts=tuple((words, words) for words in offered))


@on_opened("home")
def home_opened(moment: Moment, opened: Opened) -> Answer:
    """Draws the Home tab anew each time it is opened."""
    with moment.store.write() as tx:
        if tx.first_time(opened.key):
            tx.apply(
                Decision(effects=(ShowHome(user=opened.user),)), moment.circumstances(opened.user, "home")
            )
    return NOTHING


def _person(user: UserId) -> Subject:
    return Subject(type="person", id=user)
