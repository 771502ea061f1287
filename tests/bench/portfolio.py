"""The portfolio at 10,000 use cases: ``python -m tests.bench portfolio``, on each database there is.

Milliseconds of what people wait for, drawing included, beside the same counts and rows by plain SQL.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.drawing import scene_for
from bot.guessing import offered
from bot.portfolio_export import everything
from bot.portfolio_link import Linked
from bot.portfolio_page import drawn
from bot.registry import RENDERERS, Moment, load
from bot.views.portfolio_list import Chosen, portfolio_list
from storage import portfolio
from storage.store import Store
from tests.bench.storage import milliseconds, stores
from tests.bot.conftest import settings_for
from tests.program.office import INTAKE, PROGRAM
from workflows.answers import Answer
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import QuestionId, Subject, UseCaseId, UserId
from workflows.people import Person
from workflows.portfolio.exporting import as_csv
from workflows.portfolio.listing import Wanted, orders
from workflows.scoring import assess
from workflows.use_case import UseCase

SIZE = 10_000
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEAM, MEMBER = UserId("U0SAM"), UserId("U0MO")
_KINDS = 150
"""Different sets of answers; each use case has one of them and a name of its own."""
_VERBS = ("Summarise", "Draft", "Route", "Check", "Price", "Find", "Grade", "Translate")
_THINGS = (
    "claims calls",
    "broker letters",
    "policies",
    "invoices",
    "contracts",
    "tickets",
    "manuals",
    "reports",
)


def _answers(drawn_: random.Random) -> dict[QuestionId, Answer]:
    given: dict[str, Any] = {
        "problem": "It takes hours every week, and the backlog grows. " * 4,
        "outcome_metric": "minutes per case",
        "business_owner": drawn_.choice(["U0DANA", "U0LEE", "U0INES"]),
        "metric_owner": "U0LEE",
        "users_expected": float(drawn_.randint(2, 900)),
    }
    if drawn_.random() < 0.7:
        given |= {"outcome_baseline": 9.0, "outcome_target": 5.0}
    for question in INTAKE.questions():
        if question.type == "choice" and question.choices:
            given[str(question.id)] = drawn_.choice(question.choices).id
        elif question.type == "yesno":
            given[str(question.id)] = drawn_.random() < 0.5
    return {QuestionId(q): Answer(value=v, how="form", by=TEAM, at=NOW) for q, v in given.items()}


def fill(store: Store, size: int = SIZE, seed: int = 1) -> None:
    """So many use cases, in all stages, lanes and functions."""
    drawn_ = random.Random(seed)
    kinds = [(a, assess(PROGRAM, INTAKE, a)) for a in (_answers(drawn_) for _ in range(_KINDS))]
    stages = [s.id for s in PROGRAM.life_cycle.stages]
    circ = Circumstances(now=NOW, actor=Actor(user=TEAM, door="import"), program=PROGRAM.stamp)
    people = [
        Person(id=u, name=u) for u in (TEAM, MEMBER, UserId("U0DANA"), UserId("U0LEE"), UserId("U0INES"))
    ]
    with store.write() as tx:
        tx.save_people(people, {"ai-program": [TEAM]})
    for start in range(0, size, 500):
        made = []
        for n in range(start, min(start + 500, size)):
            answers, assessment = drawn_.choice(kinds)
            title = f"{drawn_.choice(_VERBS)} {drawn_.choice(_THINGS)} {n}"
            made.append(
                UseCase(
                    id=UseCaseId(f"UC-{n:05d}"),
                    title=title,
                    stage=drawn_.choice(stages),
                    submitter=MEMBER if n % 500 == 0 else UserId("U0DANA"),
                    program=PROGRAM.stamp,
                    answers=answers,
                    assessment=assessment,
                    created_at=NOW - timedelta(minutes=n),
                )
            )
        entries = tuple(Entry(action="made", subject=u.subject) for u in made)
        with store.write() as tx:
            tx.apply(Decision(changed=tuple(made), entries=entries), circ)


_OPEN = "stage NOT IN ('idea', 'draft', 'archived', 'retired', 'rejected')"
_PLAIN = (
    "SELECT lane, stage, bucket, function, tier, count(*) FROM use_cases "
    f"WHERE {_OPEN} "
    "GROUP BY lane, stage, bucket, function, tier",
    "SELECT u.id, u.title FROM use_cases u JOIN scores i ON i.use_case = u.id AND i.dimension = 'impact' "
    "AND i.scorecard = 'five_dimensions' JOIN scores f ON f.use_case = u.id AND f.dimension = 'feasibility' "
    "AND f.scorecard = 'five_dimensions' "
    f"WHERE u.{_OPEN} "
    "ORDER BY i.value * f.value DESC, u.created_at DESC, u.id DESC LIMIT 10",
)


def figures(store: Store, folder: Path, times: int = 40) -> Iterator[tuple[str, str]]:
    """Name and figure of everything measured."""
    settings = settings_for("http://127.0.0.1:9", folder)
    moment = Moment(store, PROGRAM, settings, NOW, UserId("U0PREFLIGHT"))
    usual = next(iter(orders(PROGRAM).values()))

    def plain(_: int) -> None:
        with store.read() as reading:
            for said in _PLAIN:
                reading.connection.execute(text(said)).all()

    def asked(wanted: Wanted, skip: int = 0) -> Callable[[int], None]:
        def ask(_: int) -> None:
            with store.read() as reading:
                reading.portfolio(wanted, usual, PROGRAM, 10, skip, MEMBER)

        return ask

    def view(user: UserId, chosen: Chosen) -> Callable[[int], None]:
        def draw(_: int) -> None:
            with store.read() as reading:
                scene = scene_for(moment, reading, Subject(type="person", id=user), user)
                portfolio_list(scene, user, chosen, [])

        return draw

    def home(user: UserId) -> Callable[[int], None]:
        def draw(_: int) -> None:
            with store.read() as reading:
                scene = scene_for(moment, reading, Subject(type="person", id=user), user)
                RENDERERS["home"](scene, {})

        return draw

    def guess(_: int) -> None:
        with store.read() as reading:
            offered(reading, moment, MEMBER)

    def page(_: int) -> None:
        drawn(moment, Linked(MEMBER, Chosen(), int(NOW.timestamp()) + 60), {"by": "users", "down": "1"})

    def export(_: int) -> None:
        with store.read() as reading:
            as_csv(*everything(reading, PROGRAM))

    yield "plain SQL: the counts and the first ten rows", milliseconds(plain, times)
    yield "the same through reading.portfolio", milliseconds(asked(Wanted()), times)
    yield "page 500, with words", milliseconds(asked(Wanted(words="claims"), 5000), times)
    yield "the modal drawn, for the program team", milliseconds(view(TEAM, Chosen()), times)
    yield "the modal drawn, for anybody", milliseconds(view(MEMBER, Chosen()), times)
    yield (
        "the modal drawn, filtered by four things",
        milliseconds(
            view(MEMBER, Chosen(lane="quick_win", tier="low", function="claims", words="calls")), times
        ),
    )
    yield "the Home tab, of somebody with 20 use cases", milliseconds(home(MEMBER), times)
    yield "the Home tab, of somebody with 9,980", milliseconds(home(UserId("U0DANA")), max(3, times // 10))
    yield "the names offered in an incident's form", milliseconds(guess, times)
    yield "the web page, 200 rows", milliseconds(page, times)
    yield "the whole exported as CSV", milliseconds(export, 1)
    yield "100 use cases put into lanes anew", milliseconds(lambda _: _anew(store), times)


def _anew(store: Store) -> None:
    from bot.jobs.portfolio_facets import as_it_is

    with store.write() as tx:
        found = [UseCase.model_validate(s) for s in portfolio.batch(tx.connection, "UC-05000", 100)]
        portfolio.fill(tx.connection, [(u.id, as_it_is(u, PROGRAM)) for u in found])


def measure(size: int = SIZE, times: int = 40) -> None:
    """Measure and print."""
    load()
    with tempfile.TemporaryDirectory(prefix="preflight-bench-") as folder, stores(Path(folder)) as found:
        for name, store in found.items():
            fill(store, size)
            print(f"{name}, {size:,} use cases", flush=True)
            for what, figure in figures(store, Path(folder), times):
                print(f"  {what:60} {figure}", flush=True)
    print("demand: a page of the portfolio, drawn, and the Home tab under 300 ms\n")


if __name__ == "__main__":
    measure()
