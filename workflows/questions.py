"""The shape of a questionnaire file: typed questions with conditions, choices, help and reasons."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workflows.evidence import EvidenceKind
from workflows.ids import Frozen, QuestionId
from workflows.result import ResultRules, Suggest

QuestionType = Literal[
    "short_text", "long_text", "choice", "multi", "yesno", "number", "money", "percent", "date",
    "person", "people", "link", "file", "check",
]  # fmt: skip

Expression = str
"""A CEL expression over the answers, by question id; see ``workflows.expressions``."""


class Choice(Frozen):
    """One option of a choice question."""

    id: str
    label: str = Field(max_length=75)
    help: str = ""
    synonyms: tuple[str, ...] = ()
    """Other words people type for it, taken as the answer when typed."""
    phrases: tuple[str, ...] = ()
    """How a first sentence sounds that implies it; for suggestions, never taken as an answer."""
    lever: str = ""
    """What would have to be true for this choice, to finish "would be low if ..."."""


class Source(Frozen):
    """A passage of the playbook: ``document`` is a path in its folder, ``section`` a heading of it."""

    document: str
    section: str
    begins: str = ""
    """The first words of the paragraph that is meant; without them it is the section's first."""


class Why(Frozen):
    """Why a question is asked, shown on request; ``source`` is the passage of the playbook behind it."""

    text: str
    source: Source | None = None


class Challenge(Frozen):
    """What to do with an answer that cannot be checked later ("helpful is not a metric")."""

    vague: tuple[str, ...]
    """Words that say nothing measurable. An answer made of these and filler is challenged."""
    say: str
    offer: tuple[str, ...] = ()
    """Measurable forms proposed as buttons; an answer is taken from any of them by one click."""


class Bounds(Frozen):
    """Limits for numbers (inclusive) and dates (``future`` only, ``past`` only)."""

    min: float | None = None
    max: float | None = None
    when: Literal["any", "future", "past"] = "any"
    max_length: int | None = None


class Hint(Frozen):
    """A rule that reads a suggestion out of free text.

    ``pattern`` is a regular expression (case-insensitive); its group ``value`` (or the whole match) is
    parsed as the question's type, or ``value`` here is taken when it matches.
    """

    pattern: str
    value: str | bool | float | list[str] | None = None


class EvidenceDemand(Frozen):
    """What a ``check`` needs before its yes is taken."""

    kinds: tuple[EvidenceKind, ...] = ("text", "link", "file", "metric")
    help: str = ""
    """What would do, for whoever has to bring it."""
    lasts_days: int | None = Field(default=None, ge=1)
    """After so many days it has to be brought anew."""


class Question(Frozen):
    """One question. ``ask`` is what the bot says; ``label`` is its short name on cards and forms."""

    id: QuestionId
    type: QuestionType
    label: str = Field(max_length=60)
    ask: str
    help: str = ""
    why: Why | None = None
    examples: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    other: bool = False
    """A choice question that also takes an answer of one's own."""
    required: bool | Expression = True
    when: Expression = "true"
    """Asked, and counted, only while this holds."""
    bounds: Bounds = Bounds()
    unit: str = ""
    challenge: Challenge | None = None
    hints: tuple[Hint, ...] = ()
    default: Literal["", "submitter", "first_sentence"] | str = ""
    """Suggested without being asked: the submitter, the first sentence, or a choice/value."""
    names: tuple[str, ...] = ()
    """Other words for the question itself, so that "make the owner @dana" finds it."""
    part: str = ""
    """Its part in the step's ``together`` reading: metric, baseline, target, unit, by, action ..."""
    evidence: EvidenceDemand | None = None
    """For a ``check``: what a yes must rest on; ``None``: the word is enough."""
    owner: str = ""
    """For a ``check``: the role that owns the control, and alone may waive it."""
    duty: str = ""
    """For a ``check``: who is expected to see to it, by a question of the intake (a person) or a role."""
    maps: tuple[str, ...] = ()
    """What it answers to elsewhere: ``NIST AI RMF MEASURE 2.3``, ``ISO/IEC 42001 A.6.2.4`` ..."""
    quiet: bool | Expression = False
    """Never asked on its own (while this holds): shown on the review card and form, and filled by hints or by
    change."""


class Step(Frozen):
    """What is asked as one matter and counts once in the progress.

    ``together`` names a reading of free text that can fill several of its questions from one sentence:
    ``measure`` (metric, baseline, target, unit, by), ``metric_action`` (metric, action) or ``share`` (right,
    of: "46 of 50").
    """

    id: str
    title: str
    questions: tuple[Question, ...]
    together: Literal["", "measure", "metric_action", "share"] = ""


class ActionOf(Frozen):
    """Three questions whose answers are something to be done: what, who sees to it, and by when."""

    text: QuestionId
    owner: QuestionId
    due: QuestionId


class Questionnaire(Frozen):
    """A whole questionnaire file."""

    id: str
    title: str
    about: Literal["use_case", "company", "incident", "person"] = "use_case"
    kind: Literal["intake", "checklist", "assessment", "evaluation", "review"] = "intake"
    """What becomes of it: an intake is submitted; a checklist stands open and is kept up to date by several
    people; the others end in a result that is kept in the record."""
    label: str = Field(default="", max_length=75)
    """Its full name, where ``title``, which has to fit a form, is too short for it."""
    words: tuple[str, ...] = ()
    """Other words by which people ask for it."""
    intro: str = ""
    """What it is good for, in one line."""
    minutes_per_step: float = 0.5
    title_question: QuestionId | None = None
    """The question whose answer names the record."""
    story_question: QuestionId | None = None
    """The question whose answer tells it in the person's own words (used to find similar ones)."""
    facts: tuple[QuestionId, ...] = ()
    """The answers that matter most to whoever decides: up to three, shown on their card."""
    result: ResultRules | None = None
    """How its answers become a result; an assessment or evaluation has one."""
    suggest: Suggest | None = None
    """When it is proposed for a use case."""
    steps: tuple[Step, ...]
    actions: tuple[ActionOf, ...] = ()
    """What is to be done once it is submitted, each tracked until it is done."""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.label or self.title

    def questions(self) -> tuple[Question, ...]:
        """All questions in order."""
        return tuple(q for step in self.steps for q in step.questions)

    def question(self, id: str) -> Question:
        """The question with that id; ``KeyError`` if there is none."""
        for q in self.questions():
            if q.id == id:
                return q
        raise KeyError(id)

    def step_of(self, id: str) -> Step:
        """The step that holds that question; ``KeyError`` if there is none."""
        for step in self.steps:
            if any(q.id == id for q in step.questions):
                return step
        raise KeyError(id)
