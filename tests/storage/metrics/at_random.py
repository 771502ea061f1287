"""Companies made at random: whatever is in them, both databases must count the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from storage.store import Store
from tests.storage.metrics.company import NOW, PROGRAM, W4, case_of, figure, keep
from tests.storage.records import DANA, PRIYA, answers, approval, seat
from tests.storage.records import PROGRAM as STAMP
from workflows.approval import Verdict
from workflows.figures.catalogue import FIGURES
from workflows.ids import ApprovalId, IncidentId, UseCaseId, UserId, WaiverId
from workflows.incident import Incident
from workflows.matter import Note
from workflows.people import Person
from workflows.waiver import Waiver

FUNCTIONS = ("claims", "legal", "it", "")
STAGES = ("draft", "submitted", "pilot", "production", "retired")
CHOICES = ("customer_operations", "regulated_decisions", "")


def company(store: Store, seed: int) -> None:
    """A few use cases with everything that is counted, around the last weeks."""
    dice = Random(seed)
    with store.write() as tx:
        tx.save_people(
            [Person(id=DANA, name="Dana"), Person(id=PRIYA, name="Priya", active=dice.random() < 0.5)]
        )
    for number in range(1, dice.randint(4, 8)):
        changed = [_case(dice, number), *_about(dice, number)]
        keep(store, *changed, events=tuple(_figures(dice, number)), now=_moment(dice))


def _moment(dice: Random) -> datetime:
    return NOW - timedelta(days=dice.randint(1, 60), seconds=dice.randint(0, 86_399))


def _maybe(dice: Random, moment: datetime) -> datetime | None:
    return moment if dice.random() < 0.7 else None


def _case(dice: Random, number: int) -> Any:
    begun = _moment(dice)
    given = answers(
        outcome_baseline=float(dice.randint(1, 9)),
        outcome_target=float(dice.randint(1, 9)),
        outcome_by=(NOW + timedelta(days=dice.randint(-40, 40))).date().isoformat(),
        category=dice.choice(CHOICES) or "employee_productivity",
        business_owner=str(dice.choice((DANA, PRIYA, UserId("UGONE")))),
    )
    return case_of(
        number,
        dice.choice(FUNCTIONS),
        dice.choice(STAGES),
        answers=given,
        created_at=begun,
        submitted_at=_maybe(dice, begun + timedelta(hours=dice.randint(1, 99))),
        source=dice.choice(("slack", "slack", "import")),
        source_key=f"row-{number}",
    )


def _figures(dice: Random, number: int) -> list[Any]:
    found = {}
    for _ in range(dice.randint(0, 25)):
        kind, week = dice.choice(FIGURES), W4 - timedelta(weeks=dice.randint(0, 6))
        value = round(dice.uniform(0, 40), 2)
        of = round(value + dice.uniform(0, 40), 2) if dice.random() < 0.8 else None
        one = figure(kind.id, number, week, value, of, dice.choice(FUNCTIONS))
        found[one.key] = one
    crossed = figure("crossed", number, W4, float(dice.randint(0, 1)))
    return [*found.values(), crossed]


def _about(dice: Random, number: int) -> list[Any]:
    id, opened = UseCaseId(f"UC-{number:04d}"), _moment(dice)
    said = opened + timedelta(hours=dice.randint(1, 200))
    verdict = Verdict(by=PRIYA, choice=dice.choice(("approve", "reject")), at=said, program=STAMP)
    asked = seat(
        opened_at=opened,
        due=_maybe(dice, opened + timedelta(hours=dice.randint(1, 200))),
        verdicts=(verdict,) if dice.random() < 0.6 else (),
    )
    ended = _maybe(dice, opened + timedelta(days=dice.randint(1, 30)))
    severity = dice.choice([s.id for s in PROGRAM.incidents.severities])
    return [
        approval(str(ApprovalId(f"A-{number:04d}")), use_case=id, seats=(asked,), opened_at=opened),
        Waiver(
            id=WaiverId(f"WV-{number:04d}"), use_case=id, checklist="pilot_readiness", control="tested",
            role="risk_partner", justification="j", compensating="c", risk="r", program=STAMP,
            opened_at=opened, closed_at=ended, status="ended" if ended else "in_force",
            expires_at=opened + timedelta(days=dice.randint(1, 60)),
            timeline=(Note(at=opened, what="in_force"),),
        ),
        Incident(
            id=IncidentId(f"INC-{number:04d}"), use_case=id, type="drift", severity=severity, what="w",
            reporter=DANA, began_at=opened - timedelta(minutes=dice.randint(0, 900)), opened_at=opened,
            recovered_at=ended, closed_at=ended, status="closed" if ended else "open",
        ),
    ]  # fmt: skip
