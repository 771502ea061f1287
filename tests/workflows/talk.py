"""A conversation with a walk in the default program, for the tests: somebody writes, clicks and fills in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.program_folder import default_program_folder, read_program
from workflows import conversation, intake
from workflows.answers import Value
from workflows.approval import Approval
from workflows.conversation import Said
from workflows.decision import Actor, Circumstances, Decision
from workflows.effects import Post, Whisper, Work
from workflows.ids import ApprovalId, Place, QuestionId, UseCaseId, UserId, WalkId
from workflows.people import Directory, Person
from workflows.program import Program
from workflows.questionnaire import progress, shown
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

DEFAULT = read_program(default_program_folder())
DANA, LEE, MO, INES, PRIYA = (UserId(u) for u in ("U0DANA", "U0LEE", "U0MO", "U0INES", "U0PRIYA"))
DIRECTORY = Directory(
    people={
        DANA: Person(id=DANA, name="Dana Ortiz", handle="dana", tz="Europe/Berlin"),
        LEE: Person(id=LEE, name="Lee Park", handle="lee"),
        MO: Person(id=MO, name="Mo Haddad", handle="mo"),
        INES: Person(id=INES, name="Ines Duarte", handle="ines"),
        PRIYA: Person(id=PRIYA, name="Priya Shah", handle="priya"),
    },
    groups={
        "risk-partners": (PRIYA,),
        "legal": (INES,),
        "privacy": (INES,),
        "ai-program": (MO,),
        "exec": (MO,),
    },
)
HERE = Place(channel="D0DANA", thread="1.1")
STORY = "we spend ages writing summaries of claims calls, could AI do that? maybe 40 agents, 300 calls a day"


class Talk:
    """One walk, kept between turns; every decision that changes something must say so in the log."""

    def __init__(
        self, words: str = "", program: Program = DEFAULT, place: Place | None = HERE, **origin: Any
    ) -> None:
        self.program = program
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
        self.last = Decision()
        self.approval: Approval | None = None
        self.walk: Walk
        self.use_case: UseCase
        begun = conversation.begin(
            WalkId("W-1"),
            UseCaseId("UC-1"),
            program.intake,
            Origin(entry=origin.pop("entry", "message"), words=words, **origin),
            place,
            program,
            DIRECTORY,
            self.circ(),
        )
        self.take(begun)
        self.open()

    def circ(self, user: UserId = DANA) -> Circumstances:
        """This moment, a minute after the last."""
        self.now += timedelta(minutes=1)
        return Circumstances(now=self.now, actor=Actor(user=user, door="message"), program=self.program.stamp)

    def take(self, decision: Decision) -> Decision:
        """What a rule decided becomes the state."""
        self.last = decision
        assert not decision.changed or decision.entries, "a change must be in the log"
        for changed in decision.changed:
            if isinstance(changed, Walk):
                self.walk = Walk.model_validate(changed.model_dump())
            elif isinstance(changed, UseCase):
                self.use_case = changed
            elif isinstance(changed, Approval):
                self.approval = changed
        return decision

    def open(self, suggestions: dict[QuestionId, tuple[Value, str]] | None = None) -> Decision:
        """The work after the begin."""
        return self.do(conversation.open_walk, suggestions or {})

    def do(self, rule: Any, *args: Any, user: UserId = DANA, **more: Any) -> Decision:
        """Any transition."""
        return self.take(
            rule(self.walk, self.use_case, *args, self.program, DIRECTORY, self.circ(user), **more)
        )

    def say(self, text: str, user: UserId = DANA) -> Decision:
        """Somebody writes in the thread; work that a story wants is done at once."""
        said = self.do(conversation.hear, Said(text=text, user=user, ts=str(self.now.timestamp())), user=user)
        if self.walk.status == "opening" and any(isinstance(e, Work) for e in said.effects):
            return self.open()
        return said

    def click(
        self, value: Any, question: str = "", number: int | None = None, user: UserId = DANA
    ) -> Decision:
        """A click under the current question, or under another."""
        asked = QuestionId(question or self.walk.asking or "")
        return self.do(
            conversation.click, self.walk.ask if number is None else number, asked, value, user=user
        )

    def fill(self, values: dict[str, Any], **more: Any) -> Decision:
        """A form is saved."""
        return self.do(conversation.fill, {QuestionId(q): v for q, v in values.items()}, **more)

    def submit(self) -> Decision:
        """The button on the review card."""
        circ = self.circ()
        return self.take(
            intake.submit(self.walk, self.use_case, self.program, DIRECTORY, ApprovalId("A-1"), circ)
        )

    @property
    def posted(self) -> list[Post]:
        """The messages of the last turn."""
        return [e for e in self.last.effects if isinstance(e, Post)]

    @property
    def question(self) -> dict[str, Any]:
        """The question message of the last turn."""
        return next(p.data for p in reversed(self.posted) if p.kind in ("question", "opening"))

    @property
    def sentence(self) -> str:
        """The key of the plain sentence said in the last turn, "" for none."""
        said = [e for e in self.last.effects if isinstance(e, Post | Whisper) and e.kind == "said"]
        return str(said[0].data["message"]) if said else ""

    @property
    def asked_of_the_playbook(self) -> str:
        """The question passed on in the last turn."""
        return next(
            (
                str(e.data["question"])
                for e in self.last.effects
                if isinstance(e, Work) and e.name == "consult"
            ),
            "",
        )

    def value(self, question: str) -> Value:
        """A kept answer, ``None`` for none."""
        kept = self.walk.answers.get(QuestionId(question))
        return kept.value if kept else None

    def shown(self, question: str) -> str:
        """A kept answer in words."""
        return shown(self.program.intake.question(question), self.value(question), DIRECTORY)

    @property
    def at(self) -> str:
        """ "3 of 12"."""
        found = progress(self.program.intake, self.walk)
        return f"{found.step_number} of {found.steps}"


REST = [
    "claims agents",
    "it drafts and people decide",
    "our own people",
    "a nuisance",
    "none of these",
    "internal",
    "the EU",
    "we have a licence",
    "next March",
    "@lee",
]
"""What is left to answer after the outcome, the data, its owner and its sensitivity."""


def finished() -> Talk:
    """A walk on its review card."""
    talk = Talk(STORY)
    for words in (
        "after call work, 9 min now, 5 would be great, by end of june",
        "recordings",
        "@lee",
        "internal",
    ):
        talk.say(words)
    for words in REST:
        talk.say(words)
    assert talk.walk.status == "reviewing", (talk.walk.asking, talk.last)
    return talk
