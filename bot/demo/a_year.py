"""The demo's year before today: the weekly numbers of what is in use, and a waiver that ends soon."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.demo.agreeing import agree
from bot.registry import Moment
from storage.store import Tx
from workflows import waiving
from workflows.decision import Actor, Circumstances, Decision
from workflows.effects import Later, Post
from workflows.events import Event, week_of
from workflows.figures.check_in import CheckIn, Told
from workflows.figures.telling import Telling, told
from workflows.ids import QuestionId, UseCaseId, UserId
from workflows.use_case import UseCase

_QUIET = (52, 53, 1)
"""ISO weeks in which most people are away."""


def seed_a_year(tx: Tx, moment: Moment, told: Mapping[str, Any]) -> None:
    """For every use case that ``a_year.yaml`` has numbers or a waiver of."""
    by_title = {use_case.title: use_case for use_case in tx.use_cases()}
    for story in told["use_cases"]:
        if "waiver" in story:
            _waive(tx, moment, by_title[story["answers"]["name"]].id, story["waiver"])
    for title, curves in told["figures"].items():
        _figures(tx, moment, by_title[title], curves)


def weekly(curves: Mapping[str, Any], seed: str, today: date) -> Iterator[tuple[date, dict[str, Any]]]:
    """The Monday and the numbers, ``{figure: (value, of)}``, of each whole week that is over."""
    # The same every time, for whoever writes a test or a page about it.
    chance = random.Random(seed)  # noqa: S311 - nobody has to be unable to guess it
    first = week_of(today - timedelta(days=curves["since_days_ago"])) + timedelta(days=7)
    last = week_of(today - timedelta(days=curves.get("until_days_ago", 0))) - timedelta(days=7)
    weeks = [first + timedelta(days=7 * n) for n in range(max(0, (last - first).days // 7 + 1))]
    before: float | None = None
    for n, week in enumerate(weeks):
        way = 1 - (1 - n / max(1, len(weeks) - 1)) ** 1.7
        quiet = 0.45 if week.isocalendar().week in _QUIET else 1.0
        numbers = dict(_of_a_week(curves, way, quiet, len(weeks) - n, before, chance))
        before = numbers["active_users"][0]
        yield week, numbers


def _of_a_week(
    curves: Mapping[str, Any],
    way: float,
    quiet: float,
    weeks_ago: int,
    before: float | None,
    chance: random.Random,
) -> Iterator[tuple[str, tuple[float, float | None]]]:
    def along(curve: Mapping[str, Any]) -> float:
        last = curve.get("last", [])
        if weeks_ago <= len(last):
            return float(last[-weeks_ago])
        ideal = curve["from"] + (curve["to"] - curve["from"]) * way
        return max(0.0, float(ideal) + chance.uniform(-1, 1) * float(curve["noise"]))

    for figure in ("outcome", "north_star", "guardrail_1", "guardrail_2"):
        if figure in curves:
            yield figure, (round(along(curves[figure]), 1), None)
    active = curves["active_users"]
    people = min(active["of"], max(1, round(along(active) * quiet)))
    yield "active_users", (people, active["of"])
    if before:
        low, high = curves["returning_users"]["share"]
        share = low + (high - low) * way + chance.uniform(-0.03, 0.03)
        yield "returning_users", (min(people, round(before * min(share, 1) * quiet)), before)
    tasks = curves["tasks"]
    started = max(1, round(along(tasks) * quiet))
    done = round(started * (tasks["completed"][0] + (tasks["completed"][1] - tasks["completed"][0]) * way))
    yield "tasks_completed", (done, started)
    if "overridden" in tasks:
        share = tasks["overridden"][0] + (tasks["overridden"][1] - tasks["overridden"][0]) * way
        yield "results_overridden", (round(done * share), done)
    for figure in ("first_value_days", "satisfaction"):
        if figure in curves:
            yield figure, (round(along(curves[figure]), 1), curves[figure]["of"])
    yield "cost", (round(along(curves["cost"]), 2), done)
    if "benefit" in curves:
        yield "benefit", (round(along(curves["benefit"]) * quiet, 2), None)
    yield "violations", (float(weeks_ago in curves.get("violations", {}).get("weeks_ago", ())), None)


def _figures(tx: Tx, moment: Moment, use_case: UseCase, curves: Mapping[str, Any]) -> None:
    """Told by its metric owner on the Friday of each week; of what follows only the newest is still read."""
    program, directory = moment.program, tx.directory()
    owner = UserId(str(use_case.answers[QuestionId("metric_owner")].value))
    known: list[Event] = []
    newest = week_of(moment.now.date()) - timedelta(days=7)
    for week, numbers in weekly(curves, use_case.title, moment.now.date()):
        at = datetime.combine(week + timedelta(days=4), time(9, 20), UTC)
        circ = Circumstances(now=at, actor=Actor(user=owner, door="message"), program=program.stamp)
        asked = CheckIn(id=tx.new_id("check_in"), use_case=use_case.id, week=week, owner=owner, opened_at=at)
        telling = Telling(use_case, asked, known, program, directory, circ)
        figures = [
            Told(figure=figure, value=value, of=of, by=owner, at=at)
            for figure, (value, of) in numbers.items()
        ]
        decision = told(telling, figures, sure=True)
        kept = tuple(e for e in decision.effects if week == newest and isinstance(e, Post))
        tx.apply(decision.model_copy(update={"effects": kept}), circ)
        known += decision.events


def _waive(tx: Tx, moment: Moment, use_case: UseCaseId, told: Mapping[str, Any]) -> None:
    """Asked for, its risk accepted, and agreed to by the owner of the control."""
    by = {p.handle: p.id for p in tx.directory().people.values()}
    program, directory = moment.program, tx.directory()

    def circ(user: UserId, hours: float = 0) -> Circumstances:
        at = moment.now - timedelta(days=told["days_ago"]) + timedelta(hours=hours)
        return Circumstances(now=at, actor=Actor(user=user, door="message"), program=program.stamp)

    def keep(decision: Decision, at: Circumstances) -> None:
        if decision.problems or any(e.refused for e in decision.entries):
            raise ValueError(f"the waiver of {use_case}: {decision.problems or decision.entries}")
        # Of what is long past only what is still to come is kept: that it ends.
        ahead = tuple(e for e in decision.effects if isinstance(e, Later) and e.due > moment.now)
        tx.apply(decision.model_copy(update={"effects": ahead}), at)

    dossier = tx.dossier(use_case)
    assert dossier is not None
    asked = circ(by[told["by"]])
    wish = waiving.Wish(
        checklist=told["checklist"],
        control=told["control"],
        justification=told["justification"],
        compensating=told["compensating"],
        risk=told["risk"],
        expires_at=asked.now + timedelta(days=told["for_days"]),
    )
    id = tx.new_id("waiver")
    keep(waiving.ask(dossier, wish, id, program, directory, asked), asked)
    dossier = tx.dossier(use_case)
    assert dossier is not None
    waiver = next(w for w in dossier.waivers if w.id == id)
    assert waiver.carrier is not None
    accepted, approval = circ(waiver.carrier, 3), tx.new_id("approval")
    keep(
        waiving.accept(waiver, dossier, True, told["words"], approval, program, directory, accepted), accepted
    )
    agree(tx, moment, use_case, approval, lambda user: circ(user, 20), keep)
