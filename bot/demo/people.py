"""What people of the demo did beside their use cases, by the rules: a plan, learning, feedback, a tool."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.registry import Moment
from storage.store import Tx
from workflows.decision import Actor, Circumstances, Decision
from workflows.declaring import declare
from workflows.effects import Forget, Later, Post, ToRoom
from workflows.feedback import Feedback
from workflows.ids import UserId
from workflows.learning import studying
from workflows.learning.learner import Learner
from workflows.listening import answering
from workflows.listening.giving import Around, Noticed, given
from workflows.plan import running
from workflows.plan.plan import Plan


def seed_people(tx: Tx, moment: Moment, told: Mapping[str, Any]) -> None:
    """What ``people.yaml`` tells, each in its time, the oldest of a kind first."""
    people = _People(tx, moment)
    people.plan(told["plan"])
    for lesson in told["learning"]:
        for handle in lesson["people"]:
            people.learns(handle, lesson)
    for one in told["feedback"]:
        people.says(one)
    for one in told["declared"]:
        people.declares(one)


class _People:
    """Writes what they did; of what the rules want posted, only what still waits for someone is kept."""

    def __init__(self, tx: Tx, moment: Moment) -> None:
        self._tx = tx
        self._moment = moment
        self._program = moment.program
        self._directory = tx.directory()
        self._by = {p.handle: p.id for p in self._directory.people.values()}
        self._titles = {use_case.title: use_case for use_case in tx.use_cases()}

    def plan(self, told: Mapping[str, Any]) -> None:
        """A plan that runs, with its card in its channel."""
        circ = self._circ(self._by[told["by"]], told["days_ago"])
        run = running.Run(self._program, self._directory, circ)
        id = self._tx.new_id("plan")
        begun = running.started(run, id, circ.now.date())
        # Whoever is behind hears of it as they would have anyway; of what is done nobody is reminded.
        done = {step["task"] for step in told["done"]}
        self._keep(begun, circ, lambda e: _card_of_room(e) or _is_later_of_others(e, done))
        for step in told["done"]:
            plan = self._tx.lock(Plan, id)
            assert plan is not None
            task = plan.task(step["task"])
            assert task is not None, step["task"]
            at = self._circ(task.action.owner, step["days_ago"])
            self._keep(running.done(running.Run(self._program, self._directory, at, plan, task)), at)

    def learns(self, handle: str, told: Mapping[str, Any]) -> None:
        """The first modules of a path, one a day; each begins with what the one before left."""
        user = self._by[handle]
        path = self._program.learning.path(told["path"])
        assert path is not None, told["path"]
        for n, module in enumerate(path.modules[: told["modules"]]):
            circ = self._circ(user, max(0.1, told["days_ago"] - n))
            learner = self._tx.lock(Learner, user) or studying.beginner(user, circ.now)
            right = next(i for i, choice in enumerate(module.check.choices) if choice.right)
            study = studying.Study(learner, self._program, self._directory, circ)
            decision = studying.answered(study, path.id, module.id, right)
            self._keep(decision, circ, lambda e: isinstance(e, Forget) or self._is_ahead(e))

    def says(self, told: Mapping[str, Any]) -> None:
        """Feedback, and its answer where it has one."""
        by = self._by.get(told.get("by", ""))
        circ = self._circ(by or self._moment.bot_user, told["days_ago"])
        use_case = self._titles[told["about"]]
        earlier = self._tx.matters(Feedback, use_case=use_case.id)
        id = self._tx.new_id("feedback")
        around = Around(use_case, earlier, self._program, self._directory, circ)
        noticed = Noticed(text=told["text"], wish=told.get("wish", ""), by=by)
        answer = told.get("answered")
        self._keep(given(id, noticed, around), circ, lambda e: isinstance(e, Post) and not answer)
        if answer:
            feedback = self._tx.lock(Feedback, id)
            assert feedback is not None
            at = self._circ(self._by[answer["by"]], answer["days_ago"])
            heard = answering.Heard(feedback, use_case, self._program, self._directory, at)
            self._keep(answering.answered(heard, answer["text"]), at)

    def declares(self, told: Mapping[str, Any]) -> None:
        """A tool that somebody used already; whoever is to see to it is asked."""
        circ = self._circ(self._by[told["by"]], told["days_ago"])
        said = declare.Told(tool=told["tool"], what=told["what"], data=told["data"])
        decision = declare.declared(
            self._tx.new_id("use_case"), said, True, self._program, self._directory, circ
        )
        self._keep(decision, circ, lambda e: isinstance(e, Post))

    def _is_ahead(self, effect: object) -> bool:
        return isinstance(effect, Later) and effect.due > self._moment.now

    def _keep(self, decision: Decision, circ: Circumstances, wanted: Any = lambda _: False) -> None:
        if decision.problems or any(e.refused for e in decision.entries):
            raise ValueError(f"the demo's people: {decision.problems or decision.entries}")
        kept = tuple(e for e in decision.effects if wanted(e))
        self._tx.apply(decision.model_copy(update={"effects": kept}), circ)

    def _circ(self, user: UserId, days_ago: float) -> Circumstances:
        at = self._moment.now - timedelta(days=days_ago)
        return Circumstances(now=at, actor=Actor(user=user, door="message"), program=self._program.stamp)


def _card_of_room(effect: object) -> bool:
    return isinstance(effect, Post) and isinstance(effect.to, ToRoom)


def _is_later_of_others(effect: object, tasks: set[str]) -> bool:
    return isinstance(effect, Later) and effect.data["task"] not in tasks
