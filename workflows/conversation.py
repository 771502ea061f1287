"""The conversation of a walk: every way in which a person moves it, as pure transitions.

Each takes the walk as it is and returns a :class:`Decision` with the walk as it will be. Nothing that was
answered is lost by any of them, and each says what happens next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from workflows.answers import Answer, How, Value
from workflows.asking import (
    ask,
    asked_question,
    closing,
    decided,
    entry,
    keep_answers,
    move_on,
    nudge_key,
    plan_ahead,
    post,
    questionnaire_of,
    reader_of,
    say,
    touched,
    unplan,
)
from workflows.decision import Aggregate, Circumstances, Decision, Entry
from workflows.effects import Effect, Post, Refresh, ShowHome, ToPerson, ToPlace, Whisper, Work
from workflows.hearing import Heard, take_apart
from workflows.ids import Frozen, Place, QuestionId, UseCaseId, UserId, WalkId
from workflows.life_cycle import NotAMove, move
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import is_required, next_question, progress, visible_questions
from workflows.questions import Question, Questionnaire
from workflows.suggesting import Suggestion, defaults, from_story, hinted
from workflows.taking import read_reply, taken, vague
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk
from workflows.words.choices import match_one
from workflows.words.commands import Command, confirms, read_command
from workflows.words.reading import Correction, Read, tidy, without_emoji

_OVER = ("submitted", "cancelled", "expired")
_NOTHING = ("-", "--", "none", "n/a", "na", "nothing", "no", "not applicable", "nil", "no one", "nobody")


class Said(Frozen):
    """What a person wrote in a walk's thread. ``files``: what is attached, ``{"id", "name", "link"}`` each."""

    text: str
    user: UserId
    files: tuple[dict[str, str], ...] = ()
    ts: str = ""


# ------------------------------------------------------------------ beginning


def begin(
    walk_id: WalkId,
    use_case_id: UseCaseId,
    questionnaire: Questionnaire,
    origin: Origin,
    place: Place | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """A new draft and its walk. Suggestions are looked for afterwards (work ``open_walk``), then it opens."""
    owner = circ.actor.user
    use_case = UseCase(
        id=use_case_id, submitter=owner, program=circ.program, home=place, created_at=circ.now
    )
    walk = Walk(
        id=walk_id,
        questionnaire=questionnaire.id,
        about=use_case_id,
        owner=owner,
        place=place,
        origin=origin,
        program=circ.program,
        started_at=circ.now,
        touched_at=circ.now,
    )
    effects = (
        Work(name="open_walk", subject=walk.subject, key=f"open/{walk_id}"),
        ShowHome(user=owner),
        *plan_ahead(walk, program, circ),
    )
    created = Entry(action="use_case.created", subject=use_case.subject, detail={"entry": origin.entry})
    return Decision(
        changed=(use_case, walk),
        entries=(created, entry(walk, "begun", entry=origin.entry, about=use_case_id)),
        effects=effects,
    )


def open_walk(
    walk: Walk,
    use_case: UseCase,
    suggestions: Mapping[QuestionId, tuple[Value, str]],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Say what was picked up from the first words and ask the first question.

    ``suggestions`` are question id -> (value, what it was read from), as the embedded model gives them. Rules
    go first, the program's defaults last; whatever the person has said already stands. Does nothing for a
    walk that is open already.
    """
    if walk.status != "opening":
        return Decision()
    questionnaire = questionnaire_of(walk, program)
    opened = _with_story(walk, questionnaire, circ)
    story = walk.origin.words
    found: dict[QuestionId, Suggestion] = {}
    reader = reader_of(walk, directory, circ).model_copy(update={"speaker": walk.owner})
    if story:
        found = from_story(questionnaire, story, opened.answers, circ.now, directory, walk.owner)
    known = {q.id: q for q in questionnaire.questions()}
    for id, (value, reason) in suggestions.items():
        if id in known and id not in found and id not in opened.answers:
            read = taken(known[id], value, reader)
            if isinstance(read, Read):
                found[id] = Suggestion(value=read.value, reason=reason)
    found |= defaults(questionnaire, {*opened.answers, *found}, walk.owner)
    for id, suggestion in found.items():
        opened = keep_answers(opened, {id: suggestion.value}, "suggested", circ, reason=suggestion.reason)
    visible = [q.id for q in visible_questions(questionnaire, opened.answers)]
    picked = [q for q in visible if q in found and found[q].implied]
    if questionnaire.title_question in picked:
        picked.sort(key=lambda q: q != questionnaire.title_question)
    first = next_question(questionnaire, opened)
    anchored = walk.place is None and walk.ask == 0
    opened = touched(
        opened,
        circ,
        status="asking" if first else "reviewing",
        asking=first.id if first else None,
        ask=walk.ask + 1,
        nudged_at=walk.nudged_at,
    )
    card = f"ask:{opened.ask}"
    data = {"ask": opened.ask, "picked": picked, "question": first.id if first else None}
    hello = post(opened, "opening", card, **data).model_copy(update={"anchor": anchored})
    effects: list[Effect] = [hello]
    if first is None:
        effects.append(post(opened, "review", "review"))
    return decided(opened, effects, [entry(opened, "opened", picked=picked)], program, circ)


def _with_story(walk: Walk, questionnaire: Questionnaire, circ: Circumstances) -> Walk:
    """The first words as the answer to the story question: they are the person's own, so they are said."""
    story = questionnaire.story_question
    words = tidy(walk.origin.words)
    if not story or not words or story in walk.answers:
        return walk
    question = questionnaire.question(story)
    limit = question.bounds.max_length or 3000
    answer = Answer(value=words[:limit], how="said", by=walk.owner, at=walk.started_at, words=words[:3000])
    return walk.model_copy(update={"answers": {**walk.answers, story: answer}})


def anchor(walk: Walk, place: Place) -> Decision:
    """The walk's first message has been posted: from now on its thread is there."""
    if walk.place is not None:
        return Decision()
    anchored = walk.model_copy(update={"place": place})
    return Decision(changed=(anchored,), entries=(entry(anchored, "anchored", channel=place.channel),))


# ------------------------------------------------------------------ who may


def not_yours(walk: Walk, program: Program, directory: Directory, circ: Circumstances) -> Decision | None:
    """A refusal, to be recorded, when the actor is not the walk's owner; ``None`` when they are."""
    if circ.actor.user == walk.owner:
        return None
    return Decision(entries=(entry(walk, "acted_on_by_another", refused=True),))


def _others_message(walk: Walk, said: Said, directory: Directory, circ: Circumstances) -> Decision:
    """Someone else's words in the thread are no answer; they are told so once, and then left in peace."""
    if said.user in walk.told or walk.place is None or walk.status in _OVER:
        return Decision()
    values = {"owner": directory.person(walk.owner).name}
    whisper = Whisper(
        place=walk.place,
        user=said.user,
        kind="said",
        subject=walk.subject,
        data={"message": "not_yours", "values": values},
    )
    told = walk.model_copy(update={"told": (*walk.told, said.user)})
    return Decision(changed=(told,), entries=(entry(told, "another_told"),), effects=(whisper,))


# ------------------------------------------------------------------ hearing


def hear(
    walk: Walk, use_case: UseCase, said: Said, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """A message in the walk's thread: an answer, a command, a change, a question of their own, or several of these."""
    if said.user != walk.owner:
        return _others_message(walk, said, directory, circ)
    text = tidy(said.text)
    if walk.status in _OVER:
        return _after_the_end(walk, use_case, text, program, directory, circ)
    if walk.status == "opening":
        return _heard_early(walk, text, program, circ)
    if walk.confirming:
        if confirms(text):
            return cancel(walk, use_case, program, directory, circ)
        if read_command(text) == "cancel":
            return cancel(walk, use_case, program, directory, circ)
        walk = walk.model_copy(update={"confirming": False})
        if text.lower().strip(" .!") in ("no", "nope", "no thanks", "don't", "keep it", "nah"):
            there, effects = _repeated(walk, program)
            not_now = say(walk, "not_cancelled")
            return decided(touched(there, circ), [not_now, *effects], [entry(there, "not_cancelled")], program, circ)
    asked = asked_question(walk, program)
    command = None if _is_option(asked, text) or said.files else read_command(text, walk.status == "reviewing")
    if command:
        done = _obey(command, walk, use_case, asked, text, program, directory, circ)
        if done is not None:
            return done
    if walk.status == "saved":
        walk = _reopened(walk, program)
        asked = asked_question(walk, program)
    reader = reader_of(walk, directory, circ)
    questionnaire = questionnaire_of(walk, program)
    values = {q: a.value for q, a in walk.answers.items()}
    last = _last_answered(walk)
    heard = take_apart(text, questionnaire, asked, values, last, reader)
    return _Hearing(walk, use_case, said, heard, asked, program, directory, circ).decide()


def _is_option(asked: Question | None, text: str) -> bool:
    """Whether the words are exactly an option of the question: "not sure" may be one."""
    if asked is None or asked.type not in ("choice", "multi", "yesno"):
        return False
    low = text.lower().strip(" .!")
    return any(low in {c.label.lower(), c.id, *(s.lower() for s in c.synonyms)} for c in asked.choices)


def _last_answered(walk: Walk) -> QuestionId | None:
    said = [q for q, a in walk.answers.items() if a.how != "suggested"]
    return said[-1] if said else None


class _Hearing:
    """One message being taken in, step by step; the walk grows as parts of it are kept."""

    def __init__(
        self,
        walk: Walk,
        use_case: UseCase,
        said: Said,
        heard: Heard,
        asked: Question | None,
        program: Program,
        directory: Directory,
        circ: Circumstances,
    ) -> None:
        self.walk = walk
        self.use_case = use_case
        self.said = said
        self.heard = heard
        self.asked = asked
        self.program = program
        self.directory = directory
        self.circ = circ
        self.questionnaire = questionnaire_of(walk, program)
        self.reader = reader_of(walk, directory, circ)
        self.noted: list[QuestionId] = []
        self.correction: Correction | None = None

    def decide(self) -> Decision:
        """What comes of it."""
        heard = self.heard
        if heard.unclear is not None and not heard.others:
            return self._ask_for_change(*heard.unclear)
        self._keep_others()
        if self.asked is None:
            return self._on_review()
        text = heard.answer
        if not text and not self.said.files:
            if not heard.questions and not self.noted:
                wanted = self.asked.examples[0] if self.asked.examples else ""
                self.correction = Correction("I saw no words in that.", wanted)
            return self._stay()
        story_first = self.asked.id == self.questionnaire.story_question and not self.walk.answers.get(self.asked.id)
        if story_first and not self.walk.origin.words:
            return self._first_story(text)
        if self._challenged(text):
            return self._challenge()
        aside = heard.aside and self._take_hints(text)
        if not (aside and self.asked.type in ("short_text", "long_text")):
            self._take(text)
        if self.asked.id not in self.noted and self.noted:
            self.correction = None
        return self._forward() if self.asked.id in self.noted else self._stay()

    def _keep_others(self) -> None:
        for id, value in self.heard.others.items():
            self.walk = keep_answers(self.walk, {id: value}, "said", self.circ, self.heard.said_of.get(id, ""))
            self.noted.append(id)

    def _take(self, text: str) -> None:
        assert self.asked is not None
        if self.asked.type not in ("yesno", "choice", "multi", "number", "percent", "money") and not is_required(
            self.questionnaire, self.asked, self.walk.answers
        ):
            if text.lower().strip(" .!") in _NOTHING and self.asked.id not in self.walk.answers:
                self.walk = self.walk.model_copy(update={"skipped": (*self.walk.skipped, self.asked.id)})
                self.noted.append(self.asked.id)
                return
        values = {q: a.value for q, a in self.walk.answers.items()}
        reply = read_reply(self.questionnaire, self.asked, text, self.reader, values, self.said.files)
        if isinstance(reply, Correction):
            self.correction = reply
            self._take_hints(text)
            return
        known_vague = vague(self.asked, text)
        self.walk = keep_answers(self.walk, reply, "said", self.circ, text)
        self.noted = [*(q for q in reply if q not in self.noted), *self.noted]
        if self.asked.id in reply:
            # The asked one first in what is read back.
            self.noted.sort(key=lambda q: q != self.asked.id if self.asked else False)
        if known_vague:
            self._put_figures_aside()
        self._take_hints(text)

    def _take_hints(self, text: str) -> bool:
        """What the words imply for questions that have no answer yet; visible ones are noted."""
        known = {*self.walk.answers, *([self.asked.id] if self.asked else [])}
        found = hinted(self.questionnaire, text, known, self.circ.now, self.directory, self.walk.owner)
        for id, suggestion in found.items():
            self.walk = keep_answers(
                self.walk, {id: suggestion.value}, "suggested", self.circ, text, suggestion.reason
            )
        visible = {q.id for q in visible_questions(self.questionnaire, self.walk.answers)}
        self.noted += [q for q in found if q in visible and q not in self.noted]
        return bool(found) or bool(self.heard.others)

    def _put_figures_aside(self) -> None:
        """A vague outcome kept as said has no figures to ask for; submission will ask for them."""
        assert self.asked is not None
        step = self.questionnaire.step_of(self.asked.id)
        open_ = [
            q.id
            for q in step.questions
            if q.part in ("baseline", "target", "by") and not q.quiet and q.id not in self.walk.answers
        ]
        self.walk = self.walk.model_copy(update={"skipped": (*self.walk.skipped, *open_)})

    def _challenged(self, text: str) -> bool:
        return self.asked is not None and self.asked.id not in self.walk.challenged and vague(self.asked, text)

    def _challenge(self) -> Decision:
        assert self.asked is not None
        challenged = touched(self.walk, self.circ, challenged=(*self.walk.challenged, self.asked.id))
        there, effects = ask(challenged, self.asked.id, noted=self.noted, challenge=True, remember=False)
        return self._decided(there, effects, "challenged", self.asked.id)

    def _first_story(self, text: str) -> Decision:
        """The story, asked for because there were no first words: look for suggestions in it as in those."""
        assert self.asked is not None
        read = self.reader.read(self.asked, text)
        if isinstance(read, Correction):
            self.correction = read
            return self._stay()
        origin = self.walk.origin.model_copy(update={"words": text})
        kept = keep_answers(self.walk, {self.asked.id: read.value}, "said", self.circ, text)
        opening = touched(kept, self.circ, origin=origin, status="opening", asking=None)
        # Keyed by the message count: the work of the first opening is done already.
        work = Work(name="open_walk", subject=opening.subject, key=f"open/{opening.id}/{self.walk.ask}")
        return self._decided(opening, [*closing(self.walk), work], "answered", self.asked.id)

    def _ask_for_change(self, id: QuestionId, words: str) -> Decision:
        """ "change the owner", or a change to something that does not fit: ask that question."""
        question = self.questionnaire.question(id)
        correction = None
        if words:
            said = self.reader.read(question, words)
            correction = said if isinstance(said, Correction) else None
        back_to_review = self.walk.status == "reviewing" or self.walk.returning
        there, effects = ask(touched(self.walk, self.circ), id, correction=correction, returning=back_to_review)
        return self._decided(there, effects, "changing", id)

    def _on_review(self) -> Decision:
        if not self.noted and self.heard.answer:
            self._take_hints(self.heard.answer)
        if self.noted:
            there, effects = move_on(touched(self.walk, self.circ), self.program, self.noted, changed=True)
            return self._decided(there, effects, "changed", *self.noted)
        there = touched(self.walk, self.circ)
        effects = () if self.heard.questions else (say(there, "which_change"),)
        return self._decided(there, effects, "heard")

    def _forward(self) -> Decision:
        changed = self.heard.changing or self.walk.returning
        there, effects = move_on(touched(self.walk, self.circ), self.program, self.noted, changed)
        return self._decided(there, effects, "answered", *self.noted)

    def _stay(self) -> Decision:
        """The question stays: ask it again with what was noted or corrected, or leave it where it is."""
        assert self.asked is not None
        if not self.noted and self.correction is None:
            return self._decided(touched(self.walk, self.circ), (), "heard")
        there, effects = ask(
            touched(self.walk, self.circ),
            self.asked.id,
            noted=self.noted,
            correction=self.correction,
            changed=self.heard.changing,
            remember=False,
        )
        visible = {q.id for q in visible_questions(self.questionnaire, there.answers)}
        if self.asked.id not in visible:
            there, effects = move_on(touched(self.walk, self.circ), self.program, self.noted, self.heard.changing)
        return self._decided(there, effects, "answered" if self.noted else "corrected", *self.noted)

    def _decided(self, there: Walk, effects: Iterable[Effect], action: str, *questions: QuestionId) -> Decision:
        work = [
            Work(
                name="consult",
                subject=there.subject,
                data={"question": " ".join(self.heard.questions), "back_to": there.asking, "user": self.said.user},
                key=f"consult/{there.id}/{self.said.ts}" if self.said.ts else None,
            )
        ]
        consult = work if self.heard.questions else []
        line = entry(there, action, questions=list(questions))
        return decided(there, [*effects, *consult], [line], self.program, self.circ)


def _heard_early(walk: Walk, text: str, program: Program, circ: Circumstances) -> Decision:
    """Words that come before the first question is out belong to the first words."""
    if not without_emoji(text):
        return Decision()
    words = f"{walk.origin.words}\n{text}".strip()
    more = touched(walk, circ, origin=walk.origin.model_copy(update={"words": words}))
    return decided(more, (), [entry(more, "heard_early")], program, circ)


def _after_the_end(
    walk: Walk, use_case: UseCase, text: str, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    if walk.status in ("cancelled", "expired") and read_command(text) == "resume":
        return resume(walk, use_case, program, directory, circ)
    label = next((s.label for s in program.life_cycle.stages if s.id == use_case.stage), use_case.stage)
    message = say(walk, "finished_thread", title=_title(walk, use_case, program), stage=label.lower())
    return Decision(effects=(message,))


def _title(walk: Walk, use_case: UseCase, program: Program) -> str:
    named_by = questionnaire_of(walk, program).title_question
    answer = walk.answers.get(named_by) if named_by else None
    return str(answer.value) if answer else use_case.title or str(use_case.id)


# ------------------------------------------------------------------ commands


def _obey(
    command: Command,
    walk: Walk,
    use_case: UseCase,
    asked: Question | None,
    text: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision | None:
    """Carry out a command; ``None`` where the same words are an answer to the question on the table."""
    steps = {
        "back": back, "skip": skip, "show": show, "save": save, "resume": resume, "help": help, "why": why,
    }  # fmt: skip
    if asked is not None and asked.type == "yesno" and command in ("nod", "keep"):
        return None
    if command in steps:
        return steps[command](walk, use_case, program, directory, circ)
    match command:
        case "cancel":
            sure = touched(walk, circ, confirming=True)
            question = say(sure, "cancel_sure", title=_title(walk, use_case, program))
            return decided(sure, [question], [entry(sure, "cancel_asked")], program, circ)
        case "submit":
            return _submit_said(walk, use_case, program, circ)
        case "form":
            return _only_said(walk, "form_offer", program, circ)
        case "where":
            left = progress(questionnaire_of(walk, program), walk)
            return _only_said(walk, "where_draft", program, circ, steps=left.steps_left, minutes=left.minutes_left)
        case "keep":
            kept = walk.answers.get(asked.id) if asked else None
            if asked is not None and kept is not None and walk.status == "asking":
                return click(walk, use_case, walk.ask, asked.id, kept.value, program, directory, circ)
            return _only_said(walk, "nod", program, circ)
        case "dont_know":
            return _does_not_know(walk, use_case, asked, program, directory, circ)
        case _:
            if asked is not None and asked.id in walk.answers and walk.status == "asking" and confirms(text):
                kept_value = walk.answers[asked.id].value
                return click(walk, use_case, walk.ask, asked.id, kept_value, program, directory, circ)
            return _only_said(walk, "nod", program, circ)


def _only_said(walk: Walk, message: str, program: Program, circ: Circumstances, **values: Any) -> Decision:
    there = touched(walk, circ)
    return decided(there, [say(there, message, **values)], [entry(there, "said", message=message)], program, circ)


def _submit_said(walk: Walk, use_case: UseCase, program: Program, circ: Circumstances) -> Decision:
    """ "submit" in words: on the review it submits; before that, the rest is still to be asked."""
    if walk.status == "reviewing":
        there = touched(walk, circ)
        work = Work(name="submit_walk", subject=there.subject, data={"user": walk.owner})
        return decided(there, [work], [entry(there, "submit_said")], program, circ)
    there, effects = move_on(touched(_reopened(walk, program), circ), program)
    if there.status == "reviewing":
        return decided(there, effects, [entry(there, "reviewing")], program, circ)
    left = progress(questionnaire_of(walk, program), there)
    message = say(there, "not_yet_complete", steps=left.steps_left)
    return decided(there, [message, *effects], [entry(there, "not_yet_complete")], program, circ)


def _does_not_know(
    walk: Walk,
    use_case: UseCase,
    asked: Question | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision | None:
    """Nobody gets stuck on what they do not know: it is skipped, guessed, or put aside until submission."""
    if asked is None or walk.status != "asking":
        return _only_said(walk, "nod", program, circ)
    if asked.type in ("choice", "multi") and len(match_one("don't know", asked.choices, positions=False).options) == 1:
        return None
    if not is_required(questionnaire_of(walk, program), asked, walk.answers):
        return skip(walk, use_case, program, directory, circ)
    if f"?{asked.id}" in walk.challenged:
        aside = touched(walk, circ, skipped=(*walk.skipped, asked.id))
        there, effects = move_on(aside, program)
        note = say(there, "put_aside", label=asked.label)
        return decided(there, [note, *effects], [entry(there, "put_aside", question=asked.id)], program, circ)
    once = touched(walk, circ, challenged=(*walk.challenged, QuestionId(f"?{asked.id}")))
    example = asked.examples[0] if asked.examples else ""
    guess = Correction(program.messages["a_guess_will_do"], example)
    there, effects = ask(once, asked.id, correction=guess, remember=False)
    return decided(there, effects, [entry(there, "does_not_know", question=asked.id)], program, circ)


def back(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """To the question before this one, with its answer kept."""
    if walk.status in _OVER or walk.status == "opening":
        return _too_late(walk, circ)
    known = {q.id for q in visible_questions(questionnaire_of(walk, program), walk.answers)}
    trail = [q for q in walk.trail if q in known]
    if not trail:
        return _only_said(_reopened(walk, program), "nothing_before", program, circ)
    returning = walk.status == "reviewing" or walk.returning
    there, effects = ask(touched(walk, circ, trail=tuple(trail[:-1])), trail[-1], remember=False, returning=returning)
    return decided(there, effects, [entry(there, "back", question=trail[-1])], program, circ)


def skip(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Past the question on the table, where it is optional or has an answer already; otherwise says why not."""
    asked = asked_question(walk, program)
    if asked is None or walk.status not in ("asking", "saved"):
        return _too_late(walk, circ) if walk.status in _OVER else _only_said(walk, "which_change", program, circ)
    if asked.id not in walk.answers:
        if is_required(questionnaire_of(walk, program), asked, walk.answers):
            reason = asked.why.text if asked.why else ""
            return _only_said(walk, "cannot_skip", program, circ, label=asked.label.lower(), why=reason)
        walk = walk.model_copy(update={"skipped": (*walk.skipped, asked.id)})
    there, effects = move_on(touched(walk, circ), program)
    return decided(there, effects, [entry(there, "skipped", question=asked.id)], program, circ)


def change(
    walk: Walk,
    use_case: UseCase,
    question: QuestionId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Ask one question again; from the review, the way leads back there."""
    if walk.status in _OVER or walk.status == "opening":
        return _too_late(walk, circ)
    if all(q.id != question for q in questionnaire_of(walk, program).questions()):
        return _old_button(walk, circ)
    returning = walk.status == "reviewing" or walk.returning
    there, effects = ask(touched(walk, circ), question, returning=returning)
    return decided(there, effects, [entry(there, "changing", question=question)], program, circ)


def show(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """What the draft holds so far."""
    there = touched(walk, circ) if walk.status not in _OVER else walk
    shown = post(there, "review", "review") if there.status == "reviewing" else post(there, "summary")
    if walk.status in _OVER:
        return Decision(effects=(shown,))
    return decided(there, [shown], [entry(there, "shown")], program, circ)


def why(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Why the question on the table is asked."""
    asked = asked_question(walk, program)
    if asked is None:
        return help(walk, use_case, program, directory, circ)
    return Decision(effects=(post(walk, "why", question=asked.id),))


def help(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """How to get about, and what the question on the table means."""
    return Decision(effects=(post(walk, "walk_help", question=walk.asking),))


def save(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Put it down for now; any answer, or "continue", takes it up again."""
    if walk.status in _OVER or walk.status == "opening":
        return _too_late(walk, circ)
    saved = touched(walk, circ, status="saved")
    effects: list[Effect] = [say(saved, "saved"), ShowHome(user=walk.owner)]
    if walk.status == "reviewing":
        effects.append(Refresh(subject=walk.subject, card="review"))
    else:
        effects += closing(walk)
    return decided(saved, effects, [entry(saved, "saved")], program, circ)


def resume(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Take it up where it was, also after it was put away or ran out."""
    if walk.status == "submitted" or walk.status == "opening":
        return _too_late(walk, circ)
    more: list[Aggregate] = []
    entries: list[Entry] = []
    if walk.status in ("cancelled", "expired") and use_case.stage != "draft":
        try:
            draft = move(use_case, "draft", "submitter", program)
        except NotAMove:
            return _too_late(walk, circ)
        more.append(draft)
        entries.append(Entry(action="use_case.moved", subject=use_case.subject, detail={"to": "draft"}))
    there, effects = _repeated(touched(_reopened(walk, program), circ), program)
    title = _title(walk, use_case, program)
    greeting = [say(there, "resumed", title=title)] if walk.status != "asking" else []
    done = decided(
        there,
        [*greeting, *effects, ShowHome(user=walk.owner)],
        [*entries, entry(there, "resumed")],
        program,
        circ,
    )
    return Decision(changed=tuple(more)).and_then(done)


def _reopened(walk: Walk, program: Program) -> Walk:
    """A saved, cancelled or expired walk where it was: at its question, or at the review."""
    if walk.status in ("asking", "reviewing"):
        return walk
    return walk.model_copy(update={"status": "asking" if asked_question(walk, program) else "reviewing"})


def _repeated(walk: Walk, program: Program) -> tuple[Walk, tuple[Effect, ...]]:
    """What is on the table, posted once more."""
    asked = asked_question(walk, program)
    if asked is not None:
        return ask(walk, asked.id, remember=False)
    return move_on(walk, program)


def cancel(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Put the draft away for good; its answers stay on record with it."""
    if walk.status in _OVER:
        return _too_late(walk, circ)
    return _ended(walk, use_case, "cancelled", "submitter", program, circ)


def _ended(
    walk: Walk, use_case: UseCase, status: str, by: str, program: Program, circ: Circumstances
) -> Decision:
    ended = touched(walk, circ, status=status)
    entries = [entry(ended, status)]
    changed: list[Aggregate] = [ended]
    try:
        changed.append(move(use_case, "archived", by, program))
        entries.append(Entry(action="use_case.moved", subject=use_case.subject, detail={"to": "archived"}))
    except NotAMove:
        pass  # a company's own life cycle may keep put-away drafts where they are
    values: dict[str, Any] = {"title": _title(walk, use_case, program)}
    if status == "expired":
        values["days"] = program.drafts.expire_after_days
    effects: tuple[Effect, ...] = (
        say(ended, status, **values),
        Refresh(subject=walk.subject),
        ShowHome(user=walk.owner),
        *unplan(walk),
    )
    return Decision(changed=tuple(changed), entries=tuple(entries), effects=effects)


def _too_late(walk: Walk, circ: Circumstances) -> Decision:
    return _old_button(walk, circ)


def _old_button(walk: Walk, circ: Circumstances) -> Decision:
    """A click that came too late changes nothing, and the person is told where the current question is."""
    refused = entry(walk, "old_button", refused=True, status=walk.status)
    if walk.place is None:
        return Decision(entries=(refused,))
    data = {"message": "old_button", "values": {}}
    whisper = Whisper(place=walk.place, user=circ.actor.user, kind="said", subject=walk.subject, data=data)
    return Decision(entries=(refused,), effects=(whisper,))


# ------------------------------------------------------------------ clicks and forms


def click(
    walk: Walk,
    use_case: UseCase,
    ask_number: int,
    question: QuestionId,
    value: Any,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """A button or picker under question number ``ask_number``: the same value as the same answer in words."""
    refused = not_yours(walk, program, directory, circ)
    if refused is not None:
        return refused
    questionnaire = questionnaire_of(walk, program)
    asked = asked_question(walk, program)
    current = walk.status in ("asking", "saved") and ask_number == walk.ask and asked is not None
    if not current or asked is None or question != walk.asking:
        return _clicked_again(walk, questionnaire, question, value, directory, circ)
    offered = asked.challenge is not None and value in asked.challenge.offer
    read = Read(str(value)) if offered else taken(asked, value, reader_of(walk, directory, circ))
    if isinstance(read, Correction):
        there, effects = ask(touched(_reopened(walk, program), circ), asked.id, correction=read, remember=False)
        return decided(there, effects, [entry(there, "corrected", question=asked.id)], program, circ)
    kept = keep_answers(_reopened(walk, program), {asked.id: read.value}, "clicked", circ)
    changed = walk.returning or (asked.id in walk.answers and walk.answers[asked.id].value != read.value)
    there, effects = move_on(touched(kept, circ), program, [asked.id], changed)
    return decided(there, effects, [entry(there, "answered", questions=[asked.id])], program, circ)


def _clicked_again(
    walk: Walk,
    questionnaire: Questionnaire,
    question: QuestionId,
    value: Any,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """An old button. The same click twice is harmless and needs no words."""
    kept = walk.answers.get(question)
    known = next((q for q in questionnaire.questions() if q.id == question), None)
    if kept is not None and known is not None:
        read = taken(known, value, reader_of(walk, directory, circ))
        if isinstance(read, Read) and read.value == kept.value:
            return Decision(entries=(entry(walk, "clicked_again", refused=True, question=question),))
    return _old_button(walk, circ)


def fill(
    walk: Walk,
    use_case: UseCase,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    single: bool = False,
) -> Decision:
    """A form: several answers at once, checked like any other. With a problem in any, nothing changes.

    A field left empty takes its answer away, except for files, which a form cannot show again. ``single``:
    the small form behind a pencil, after which the review is redrawn in place.
    """
    refused = not_yours(walk, program, directory, circ)
    if refused is not None:
        return refused
    if walk.status in _OVER:
        return _old_button(walk, circ)
    opened = _with_story(walk, questionnaire_of(walk, program), circ)
    filled, problems, touched_ids = _filled(opened, values, program, directory, circ)
    if problems:
        return Decision(problems=problems)
    if walk.status == "opening":
        # The form came before the first message: keep what it says, and let the opening follow.
        there = touched(filled, circ)
        return decided(there, (), [entry(there, "filled", questions=touched_ids)], program, circ)
    if not touched_ids and walk.status != "saved":
        return Decision()
    filled = _reopened(filled, program)
    there, effects = move_on(touched(filled, circ), program, touched_ids, changed=single, quietly=single)
    return decided(there, effects, [entry(there, "filled", questions=touched_ids)], program, circ)


def as_if(
    walk: Walk,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Walk:
    """The walk as it would be with what a form holds so far; fields that do not fit yet are left out."""
    return _filled(walk, values, program, directory, circ)[0]


def _filled(
    walk: Walk,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[Walk, dict[str, str], list[QuestionId]]:
    """The walk with the fields that fit, what is wrong with the others, and which answers changed."""
    questionnaire = questionnaire_of(walk, program)
    reader = reader_of(walk, directory, circ)
    problems: dict[str, str] = {}
    changed: list[QuestionId] = []
    for question in questionnaire.questions():
        if question.id not in values:
            continue
        raw = values[question.id]
        kept = walk.answers.get(question.id)
        if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
            if kept is not None and question.type != "file" and not (raw == [] and kept.value == []):
                answers = {q: a for q, a in walk.answers.items() if q != question.id}
                walk = walk.model_copy(update={"answers": answers})
                changed.append(question.id)
            continue
        read = taken(question, raw, reader)
        if isinstance(read, Correction):
            example = f" For example: {read.example}" if read.example else ""
            problems[question.id] = f"{read.text}{example}"
            continue
        if kept is not None and kept.how != "suggested" and kept.value == read.value:
            continue
        if _vague_alone(question, read.value, values, walk, questionnaire):
            assert question.challenge is not None
            problems[question.id] = question.challenge.say
            continue
        how: How = "form"
        walk = keep_answers(walk, {question.id: read.value}, how, circ)
        changed.append(question.id)
    return walk, problems, changed


def _vague_alone(
    question: Question,
    value: Value,
    values: Mapping[QuestionId, Any],
    walk: Walk,
    questionnaire: Questionnaire,
) -> bool:
    """A vague outcome in a form is challenged unless it was before, or its target stands beside it."""
    if question.id in walk.challenged or not isinstance(value, str) or not vague(question, value):
        return False
    if question.challenge is not None and value in question.challenge.offer:
        return False
    targets = [q.id for q in questionnaire.step_of(question.id).questions if q.part == "target"]
    return not any(values.get(t) or t in walk.answers for t in targets)


# ------------------------------------------------------------------ time


def nudge(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Ask once whether an idle draft shall go on; one that was touched meanwhile is left alone."""
    if walk.status in _OVER or walk.nudged_at is not None:
        return Decision()
    if circ.now < walk.touched_at + timedelta(hours=program.drafts.nudge_after_hours):
        return Decision()
    nudged = walk.model_copy(update={"nudged_at": circ.now})
    asking = post(nudged, "nudge").model_copy(update={"key": nudge_key(walk)})
    return Decision(changed=(nudged,), entries=(entry(nudged, "nudged"),), effects=(asking,))


def expire(
    walk: Walk, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Put away a draft that nobody touched for as long as the program says."""
    if walk.status in _OVER:
        return Decision()
    if circ.now < walk.touched_at + timedelta(days=program.drafts.expire_after_days):
        return Decision()
    return _ended(walk, use_case, "expired", "clock", program, circ)
