"""Risk, worked out by hand: decisions, waivers, evidence, owners, incidents; the same on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.store import Store
from tests.storage.metrics.company import NOW, PROGRAM, asked, by_key, case_of, keep, values
from tests.storage.records import CIRC, DANA, HOUR, PRIYA, answer, answers, approval, seat, walk
from tests.storage.records import PROGRAM as STAMP
from workflows.approval import Verdict
from workflows.decision import Decision, Entry
from workflows.ids import IncidentId, QuestionId, Subject, UseCaseId, WaiverId
from workflows.incident import Incident
from workflows.matter import Note
from workflows.people import Person
from workflows.waiver import Waiver

MONDAY = datetime(2026, 11, 9, 9, 0, tzinfo=NOW.tzinfo)
"""In the last finished week."""
DAY = 24 * HOUR
LONG_AGO = NOW - 90 * DAY


def case(number: int, due: datetime, said: datetime | None, opened: datetime = MONDAY) -> Any:
    """A case with one seat."""
    verdicts = (Verdict(by=PRIYA, choice="approve", at=said, program=STAMP),) if said else ()
    one = seat(opened_at=opened, due=due, verdicts=verdicts)
    return approval(f"A-{number:04d}", seats=(one,), opened_at=opened)


def waiver(number: int, expires: datetime, closed: datetime | None = None, control: str = "tested") -> Waiver:
    """A waiver in force for three weeks."""
    since = NOW - 21 * DAY
    return Waiver(
        id=WaiverId(f"WV-{number:04d}"), use_case=UseCaseId("UC-0001"), checklist="pilot_readiness",
        control=QuestionId(control), role="risk_partner", justification="j", compensating="c", risk="r",
        program=STAMP, opened_at=since, closed_at=closed, status="ended" if closed else "in_force",
        expires_at=expires, timeline=(Note(at=since, what="in_force"),),
    )  # fmt: skip


def incident(number: int, severity: str, opened: datetime, took: timedelta, **fields: Any) -> Incident:
    """An incident that was noticed so long after it began."""
    return Incident(
        id=IncidentId(f"INC-{number:04d}"), use_case=UseCaseId("UC-0001"), type="drift", severity=severity,
        what="w", reporter=DANA, began_at=opened - took, opened_at=opened, **fields,
    )  # fmt: skip


def test_a_decision_is_in_time_overdue_or_still_waited_for(store: Store) -> None:
    keep(
        store,
        case(1, MONDAY + DAY, MONDAY + 8 * HOUR),
        case(2, MONDAY + DAY, MONDAY + 48 * HOUR),
        case(3, MONDAY + 3 * DAY, None),
        case(4, NOW + DAY, None, opened=NOW - HOUR),
    )
    # Of the last four weeks: A-1 in time, A-2 late, A-3 late and undecided; A-4 has its time yet.
    assert values(store, "decided_in_time", weeks=1) == [pytest.approx(100 / 3)]
    assert values(store, "hours_to_decide", weeks=1) == [28.0]
    assert values(store, "overdue_approvals") == [1.0, 1.0]
    assert values(store, "waiting_approvals") == [1.0, 2.0]


def test_waivers_count_while_they_stand(store: Store) -> None:
    keep(store, case_of(1, "claims"), case_of(2, "legal"), now=LONG_AGO)
    gone = waiver(3, NOW + 30 * DAY, closed=MONDAY - DAY)
    keep(store, waiver(1, NOW + 5 * DAY), waiver(2, NOW + 30 * DAY), gone)
    # The third ended on the Sunday before W4: at the end of that week, and now, two stand.
    assert values(store, "waivers_in_force", weeks=3) == [2.0, 2.0, 2.0]
    assert values(store, "waivers_in_force", weeks=4) == [3.0, 2.0, 2.0, 2.0]
    # Within 14 days of the end of W4 (the 16th) is the one that runs out on the 23rd.
    assert values(store, "waivers_expiring") == [1.0, 1.0]
    # Two waivers, two use cases in use.
    assert values(store, "exception_rate", weeks=1) == [100.0]
    assert by_key(store, "exception_rate", "function") == {"claims": 200.0, "legal": 0.0}


def test_evidence_has_expired_when_all_of_it_has_and_no_waiver_covers_it(store: Store) -> None:
    def piece(until: datetime) -> dict[str, Any]:
        at = (NOW - 60 * DAY).isoformat()
        return {"kind": "link", "owner": DANA, "at": at, "expires_at": until.isoformat()}

    old, good = piece(NOW - DAY), piece(NOW + DAY)
    items = {"tested": [old], "trained": [old, old], "masked": [old, good], "agreed": [old]}
    given = {QuestionId(q): answer({"state": "yes", "evidence": e}) for q, e in items.items()}
    keep(store, case_of(1, "claims"), walk(questionnaire="pilot_readiness", answers=given), now=LONG_AGO)
    keep(store, waiver(1, NOW + DAY, control="agreed"))
    assert values(store, "evidence_expired") == [0.0, 2.0]
    assert by_key(store, "evidence_expired", "function") == {"claims": 2.0}


def test_an_owner_is_missing_who_was_never_named_or_has_left(store: Store) -> None:
    with store.write() as tx:
        tx.save_people([Person(id=DANA, name="Dana"), Person(id=PRIYA, name="Priya", active=False)])
    owners = {o for gate in PROGRAM.gates.values() for o in gate.owners}
    named = answers(business_owner=DANA, metric_owner=PRIYA)
    keep(store, case_of(1, "claims", answers=named), case_of(2, stage="draft"))
    (cell,) = asked(store, "missing_owners", weeks=1)
    assert (cell.value, cell.of) == (len(owners) - 1, len(owners))


def test_incidents_are_counted_by_severity_with_the_time_they_took(store: Store) -> None:
    tuesday = MONDAY + DAY
    keep(
        store,
        incident(1, "high", tuesday, 2 * HOUR, recovered_at=tuesday + 6 * HOUR, status="recovered"),
        incident(2, "low", tuesday, 0 * HOUR),
        incident(3, "low", tuesday, 9 * HOUR, status="dismissed", closed_at=tuesday + HOUR),
    )
    assert values(store, "incidents") == [0.0, 2.0]
    assert by_key(store, "incidents", "severity") == {"high": 1.0, "low": 1.0}
    assert values(store, "incidents_open", weeks=1) == [2.0]
    # (2 h + 0 h) / 2; only the first has recovered, after 6 h.
    assert values(store, "time_to_detect", weeks=1) == [1.0]
    assert values(store, "time_to_recover", weeks=1) == [6.0]


def test_what_was_refused_is_counted(store: Store) -> None:
    subject = Subject(type="use_case", id="UC-0001")
    for refused in (True, True, False):
        with store.write() as tx:
            said = Entry(action="release.stop", subject=subject, refused=refused)
            tx.apply(Decision(entries=(said,)), CIRC.model_copy(update={"now": MONDAY}))
    assert values(store, "refused_attempts") == [0.0, 2.0]
