"""A checklist that several people keep, for the tests: whoever writes, clicks, fills in or is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.workflows.talk import DANA, DEFAULT, DIRECTORY, INES, LEE, MO, PRIYA
from workflows import assigning, conversation, inviting
from workflows.answers import Answer
from workflows.conversation import Said
from workflows.decision import Actor, Circumstances, Decision, Door
from workflows.effects import Later, Post, ToPerson, ToPlace, Whisper
from workflows.evidence import Check
from workflows.ids import Place, ProgramStamp, QuestionId, UseCaseId, UserId, WalkId
from workflows.program import Program
from workflows.questions import EvidenceDemand, Question, Questionnaire, Step
from workflows.use_case import UseCase
from workflows.walk import Assignment, Origin, Walk

__all__ = ["DANA", "INES", "LEE", "MO", "PRIYA", "Shared"]


def item(id: str, **more: Any) -> Question:
    """An item of the checklist."""
    return Question(id=QuestionId(id), type="check", label=id.capitalize(), ask=f"Is {id} there?", **more)


CHECKLIST = Questionnaire(
    id="going_live",
    title="Going live",
    kind="checklist",
    steps=tuple(
        Step(id=q.id, title=q.label, questions=(q,))
        for q in (
            item("fallback", evidence=EvidenceDemand(help="What people do when it is down.", lasts_days=180)),
            item("evaluation", evidence=EvidenceDemand(kinds=("metric", "link"), help="92% of 400 cases.")),
            item("report", evidence=EvidenceDemand(kinds=("file", "link"), help="Their report.")),
            item("training"),
        )
    ),
)
PROGRAM: Program = DEFAULT.model_copy(
    update={"questionnaires": {**DEFAULT.questionnaires, "going_live": CHECKLIST}}
)
STAMP = ProgramStamp(label="test", hash="0")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Shared:
    """One checklist of a use case that Dana submitted and Lee looks after technically."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.last = Decision()
        given = {
            QuestionId("technical_owner"): Answer(value=LEE, how="form", by=DANA, at=MONDAY),
        }
        self.use_case = UseCase(
            id=UseCaseId("UC-1"),
            title="Claims notes",
            stage="pilot",
            submitter=DANA,
            program=STAMP,
            answers=given,
            created_at=MONDAY,
        )
        self.walk: Walk
        self.take(
            conversation.begin_about(
                WalkId("W-1"),
                CHECKLIST,
                self.use_case,
                None,
                Origin(entry="message"),
                Place(channel="DDANA", thread="1"),
                PROGRAM,
                DIRECTORY,
                self.circ(DANA),
            )
        )

    def circ(self, user: UserId, door: Door = "message") -> Circumstances:
        """This moment, a minute after the last."""
        self.now += timedelta(minutes=1)
        return Circumstances(now=self.now, actor=Actor(user=user, door=door), program=STAMP)

    def take(self, decision: Decision) -> Decision:
        """What a rule decided becomes the state; a new conversation gets its thread at once."""
        self.last = decision
        assert not decision.changed or decision.entries, "a change must be in the log"
        for changed in decision.changed:
            if isinstance(changed, Walk):
                self.walk = Walk.model_validate(changed.model_dump())
        for effect in decision.effects:
            who = effect.data.get("who") if isinstance(effect, Post) and effect.anchor else None
            if who:
                place = Place(channel=f"D{who}", thread="1")
                self.take(conversation.anchor(self.walk, place, UserId(str(who))))
                self.last = decision
        return decision

    def do(self, rule: Any, user: UserId, *args: Any, door: Door = "message", **more: Any) -> Decision:
        """Any rule of a walk."""
        circ = self.circ(user, door)
        return self.take(rule(self.walk, self.use_case, *args, PROGRAM, DIRECTORY, circ, **more))

    def opens(self, user: UserId) -> Decision:
        """Somebody takes the checklist up."""
        from workflows.continuing import go_on

        return self.do(go_on, user)

    def says(self, user: UserId, text: str, files: Sequence[dict[str, str]] = ()) -> Decision:
        """Somebody writes in their conversation."""
        said = Said(text=text, user=user, files=tuple(files), ts=str(self.now.timestamp()))
        return self.do(conversation.hear, user, said)

    def clicks(self, user: UserId, value: str, question: str = "", number: int | None = None) -> Decision:
        """Somebody clicks under the question that they look at, or under another."""
        seen = self.table(user)
        asked = QuestionId(question or seen[0] or "")
        return self.do(conversation.click, user, seen[1] if number is None else number, asked, value)

    def do_change(self, user: UserId, item: str) -> Decision:
        """Somebody wants to answer one item again."""
        return self.do(conversation.change, user, QuestionId(item))

    def fills(self, user: UserId, item: str, **fields: Any) -> Decision:
        """Somebody saves the small form of one item."""
        return self.do(conversation.keep, user, {QuestionId(item): fields}, door="modal")

    def asks(self, user: UserId, item: str, to: UserId, **more: Any) -> Decision:
        """Somebody hands an item to somebody by the form."""
        return self.do(assigning.assign, user, QuestionId(item), to, door="modal", **more)

    def replies(self, user: UserId, id: str, text: str = "", **more: Any) -> Decision:
        """Whoever was asked answers under their card."""
        at = Place(channel=f"D{user}", thread="card")
        return self.do(assigning.answer, user, id, text=text, at=at, **more)

    def helps(self, user: UserId, *helpers: UserId) -> Decision:
        """Somebody says who helps."""
        return self.do(inviting.set_helpers, user, helpers)

    def table(self, user: UserId) -> tuple[QuestionId | None, int]:
        """The question that somebody looks at, and its number."""
        if user == self.walk.owner:
            return self.walk.asking, self.walk.ask
        talk = next((t for t in self.walk.talks if t.user == user), None)
        return (talk.asking, talk.ask) if talk else (None, 0)

    def check(self, item: str) -> Check | None:
        """How an item is answered."""
        kept = self.walk.answers.get(QuestionId(item))
        return Check.model_validate(kept.value) if kept else None

    @property
    def handed(self) -> Assignment:
        """The newest question handed to somebody."""
        return self.walk.assignments[-1]

    @property
    def refused(self) -> list[str]:
        """What was refused in the last turn."""
        return [e.action for e in self.last.entries if e.refused]

    def told(self, user: UserId) -> list[str]:
        """The keys of the sentences that somebody is told in the last turn, and what cards they get."""
        theirs = {f"D{user}", "DDANA" if user == DANA else ""}
        found: list[str] = []
        for e in self.last.effects:
            if isinstance(e, Whisper) and e.user == user:
                found.append(str(e.data.get("message", e.kind)))
            if isinstance(e, Post):
                to_them = isinstance(e.to, ToPerson) and e.to.user == user
                there = isinstance(e.to, ToPlace) and e.to.place.channel in theirs
                if to_them or there:
                    found.append(str(e.data.get("message", e.kind)))
        return found

    @property
    def planned(self) -> list[Later]:
        """What the last turn planned."""
        return [e for e in self.last.effects if isinstance(e, Later)]

    @property
    def wanted(self) -> str:
        """The correction under the question of the last turn."""
        for e in reversed(self.last.effects):
            if isinstance(e, Post) and isinstance(e.data.get("correction"), dict):
                return str(e.data["correction"]["text"])
        return ""
