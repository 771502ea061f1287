"""One message in a walk taken in: what it answers is kept, what it asks is passed on."""

from __future__ import annotations

from collections.abc import Iterable

from workflows import checking
from workflows.asking import (
    ask,
    closing,
    decided,
    entry,
    keep_answers,
    move_on,
    questionnaire_of,
    reader_of,
    say,
    touched,
)
from workflows.decision import Circumstances, Decision
from workflows.effects import Effect, Work
from workflows.hearing import Heard, Said
from workflows.ids import QuestionId
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import is_required, visible_questions
from workflows.questions import Question
from workflows.suggesting import hinted
from workflows.taking import read_reply, vague
from workflows.use_case import UseCase
from workflows.walk import Walk
from workflows.words.reading import Correction

_NOTHING = ("-", "--", "none", "n/a", "na", "nothing", "no", "not applicable", "nil", "no one", "nobody")


class Reply:
    """One message being taken in, step by step; the walk grows as parts of it are kept."""

    def __init__(
        self,
        walk: Walk,
        use_case: UseCase | None,
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
        self.unnamed = False
        """Figures came without what they count."""

    def decide(self) -> Decision:
        """What comes of it."""
        heard = self.heard
        if heard.unclear is not None and not heard.others:
            return self._ask_for_change(*heard.unclear)
        self._keep_others()
        self._keep_files()
        if self.asked is None:
            return self._on_review()
        text = heard.answer
        if not text and (not self.said.files or self.asked.type not in ("file", "check")):
            if not heard.questions and not self.noted:
                wanted = self.asked.examples[0] if self.asked.examples else ""
                self.correction = Correction("I saw no words in that.", wanted)
            return self._stay()
        story_first = self.asked.id == self.questionnaire.story_question and not self.walk.answers.get(
            self.asked.id
        )
        if story_first and not self.walk.origin.words:
            return self._first_story(text)
        if self._challenged(text):
            return self._challenge()
        aside = heard.aside and self._take_hints(text)
        if not (aside and self.asked.type in ("short_text", "long_text")):
            self._take(text)
        if self.asked.id not in self.noted and self.noted and not self.unnamed:
            self.correction = None
        return self._forward() if self.asked.id in self.noted else self._stay()

    def _keep_others(self) -> None:
        for id, value in self.heard.others.items():
            self.walk = keep_answers(
                self.walk, {id: value}, "said", self.circ, self.heard.said_of.get(id, "")
            )
            self.noted.append(id)

    def _keep_files(self) -> None:
        """A file attached to the answer of another question is kept where the questionnaire takes files."""
        if not self.said.files or (self.asked is not None and self.asked.type in ("file", "check")):
            return
        visible = visible_questions(self.questionnaire, self.walk.answers)
        place = next((q.id for q in visible if q.type == "file"), None)
        if place is None:
            return
        before = self.walk.answers[place].value if place in self.walk.answers else []
        known = {f["id"] for f in before}
        files = [*before, *(f for f in self.said.files if f["id"] not in known)]
        self.walk = keep_answers(self.walk, {place: files}, "said", self.circ)
        self.noted.append(place)

    def _take_item(self, text: str) -> None:
        """An item of a checklist: what is no answer yet is kept, and what is wanting is asked for."""
        assert self.asked is not None
        kept = self.walk.answers.get(self.asked.id)
        found = checking.heard(
            self.asked,
            text,
            self.said.files,
            self.walk.claim,
            kept.value if kept else None,
            self.circ.actor.user,
            self.circ.now,
        )
        if isinstance(found, checking.Wanting):
            self.walk = self.walk.model_copy(update={"claim": found.claim})
            self.correction = found.correction(self.asked, self.program)
            return
        self.walk = keep_answers(self.walk, {self.asked.id: found.value}, "said", self.circ, text)
        self.noted.insert(0, self.asked.id)

    def _take(self, text: str) -> None:
        assert self.asked is not None
        if self.asked.type == "check":
            self._take_item(text)
            return
        optional = not is_required(self.questionnaire, self.asked, self.walk.answers)
        wordless = self.asked.type not in ("yesno", "choice", "multi", "number", "percent", "money")
        says_nothing = text.lower().strip(" .!") in _NOTHING and self.asked.id not in self.walk.answers
        if optional and wordless and says_nothing:
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
        if self.asked.id not in reply:
            self.unnamed = True
            self.correction = Correction(
                "I have the figures. What is it that they count?", "minutes per call"
            )
        if known_vague:
            self._put_figures_aside()
        self._take_hints(text)

    def _take_hints(self, text: str) -> bool:
        """What the words imply for questions without an answer, or with a suggested figure.

        "about 55 users" said later replaces the 40 read out of the first sentence; what was said stands.
        """
        figures = {q.id for q in self.questionnaire.questions() if q.type in ("number", "money", "percent")}
        known = {q for q, a in self.walk.answers.items() if a.how != "suggested" or q not in figures}
        known |= {self.asked.id} if self.asked else set()
        found = hinted(self.questionnaire, text, known, self.circ.now, self.directory, self.walk.owner)
        for id, suggestion in found.items():
            self.walk = keep_answers(
                self.walk, {id: suggestion.value}, "suggested", self.circ, text, suggestion.reason
            )
        visible = {q.id for q in visible_questions(self.questionnaire, self.walk.answers)}
        self.noted += [q for q in found if q in visible and q not in self.noted]
        return bool(found)

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
        return (
            self.asked is not None and self.asked.id not in self.walk.challenged and vague(self.asked, text)
        )

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
        there, effects = ask(
            touched(self.walk, self.circ), id, correction=correction, returning=back_to_review
        )
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
            there, effects = move_on(
                touched(self.walk, self.circ), self.program, self.noted, self.heard.changing
            )
        return self._decided(there, effects, "answered" if self.noted else "corrected", *self.noted)

    def _decided(
        self, there: Walk, effects: Iterable[Effect], action: str, *questions: QuestionId
    ) -> Decision:
        work = [
            Work(
                name="consult",
                subject=there.subject,
                data={
                    "question": " ".join(self.heard.questions),
                    "back_to": there.asking,
                    "user": self.said.user,
                },
                key=f"consult/{there.id}/{self.said.ts}" if self.said.ts else None,
            )
        ]
        consult = work if self.heard.questions else []
        line = entry(there, action, questions=list(questions))
        return decided(there, [*effects, *consult], [line], self.program, self.circ)
