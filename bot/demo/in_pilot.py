"""A use case of the demo in its pilot, by the rules: the checklists that let it start, and those after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.registry import Moment
from storage.store import Tx
from workflows.answers import Answer
from workflows.checklist_state import expires
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.evidence import Check, Evidence
from workflows.handed_cards import card_of
from workflows.ids import QuestionId, UseCaseId, UserId
from workflows.people import Directory
from workflows.questions import Question
from workflows.stage_moves import Moving, move_by_hand
from workflows.walk import Assignment, Origin, Walk


def seed_in_pilot(tx: Tx, moment: Moment, known: list[Mapping[str, Any]]) -> None:
    """For every use case of the file that has a part ``in_pilot``."""
    titles = {use_case.title: use_case.id for use_case in tx.use_cases()}
    for told in known:
        if "in_pilot" in told:
            _InPilot(tx, moment, titles[told["answers"]["name"]]).write(told["in_pilot"])


class _InPilot:
    """One use case: its checklists, and the move between them."""

    def __init__(self, tx: Tx, moment: Moment, use_case: UseCaseId) -> None:
        self._tx = tx
        self._moment = moment
        self._id = use_case
        self._directory: Directory = tx.directory()
        self._by = {p.handle: p.id for p in self._directory.people.values()}

    def write(self, told: Mapping[str, Any]) -> None:
        """In the order of their days; of all that only what still waits for somebody is read."""
        sheets = sorted(told["checklists"], key=lambda sheet: -sheet["days_ago"])
        for sheet in [s for s in sheets if s["days_ago"] > told["days_ago"]]:
            self._checklist(sheet)
        dossier = self._tx.dossier(self._id)
        assert dossier is not None
        circ = self._circ(dossier.use_case.submitter, told["days_ago"])
        started = move_by_hand(Moving(dossier, "pilot", self._moment.program, self._directory, circ))
        if not started.changed:
            raise ValueError(f"{self._id} could not start its pilot: {started.entries}")
        self._tx.apply(started.model_copy(update={"effects": ()}), circ)
        for sheet in [s for s in sheets if s["days_ago"] <= told["days_ago"]]:
            self._checklist(sheet)

    def _checklist(self, told: Mapping[str, Any]) -> None:
        """Items with what they rest on, and those that somebody was asked for."""
        circ = self._circ(self._by[told["by"]], told["days_ago"])
        by = circ.actor.user
        checklist = self._moment.program.questionnaires[told["id"]]
        walk = Walk(
            id=self._tx.new_id("walk"),
            questionnaire=checklist.id,
            about=self._id,
            owner=by,
            status="saved",
            answers={
                QuestionId(item): self._answer(checklist.question(item), words, circ)
                for item, words in told.get("items", {}).items()
            },
            assignments=tuple(
                Assignment(
                    id=f"T{n}",
                    question=QuestionId(item),
                    to=self._by[handed["to"]],
                    by=by,
                    at=self._circ(by, handed["days_ago"]).now,
                    note=handed.get("note", ""),
                )
                for n, (item, handed) in enumerate(told.get("handed", {}).items(), start=1)
            ),
            origin=Origin(entry="message"),
            program=circ.program,
            started_at=circ.now,
            touched_at=circ.now,
        )
        entry = Entry(action="walk.begun", subject=walk.subject, detail={"about": self._id})
        cards = tuple(card_of(walk, asked) for asked in walk.assignments)
        self._tx.apply(Decision(changed=(walk,), entries=(entry,), effects=cards), circ)

    def _answer(self, question: Question, words: str, circ: Circumstances) -> Answer:
        by = circ.actor.user
        seen = Evidence(kind="text", text=words, owner=by, at=circ.now)
        seen = seen.model_copy(update={"expires_at": expires(seen, question.evidence)})
        check = Check(state="yes", evidence=(seen,))
        return Answer(value=check.model_dump(mode="json"), how="said", by=by, at=circ.now)

    def _circ(self, user: UserId, days_ago: float) -> Circumstances:
        at = self._moment.now - timedelta(days=days_ago)
        return Circumstances(
            now=at, actor=Actor(user=user, door="message"), program=self._moment.program.stamp
        )
