"""What digests find in the store, on both databases: the right ones, in order, counted whole, in pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from storage import digest_counts, digest_facts
from storage.digest_facts.registry import FACTS, Ask, load
from storage.metrics import registry as metrics
from storage.store import Store
from tests.storage.metrics.at_random import company
from tests.storage.metrics.company import NOW, PROGRAM, W4, case_of, figure, keep
from tests.storage.records import DANA, HOUR, PRIYA, TOM, answers, approval, seat, walk
from tests.storage.records import PROGRAM as STAMP
from workflows.contract import Breach, Contract, ContractVersion
from workflows.digests import section
from workflows.digests.facts import Found, Scope
from workflows.feedback import Feedback
from workflows.figures.check_in import CheckIn
from workflows.ids import CheckInId, ContractId, FeedbackId, IncidentId, PlanId, UseCaseId, UserId, WaiverId
from workflows.incident import Incident
from workflows.matter import Action, Note
from workflows.people import Person
from workflows.plan.plan import Plan, PlanTask
from workflows.waiver import Waiver

DAY = timedelta(days=1)


def scope(**more: Any) -> Scope:
    return Scope(**{"now": NOW, "since": NOW - 7 * DAY, "until": NOW + 7 * DAY, **more})


def asked(store: Store, kind: str, at_most: int = 10, skip: int = 0, **more: Any) -> Found:
    """The facts of that kind as a digest would get them."""
    with store.read() as reading:
        ask = Ask(reading.connection, PROGRAM, reading.directory(), scope(**more), at_most, skip)
        return digest_facts.found(kind, ask)


def about(found: Found) -> list[str]:
    return [str(f.use_case) for f in found.facts]


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    with store.write() as tx:
        known = [Person(id=u, name=str(u)) for u in (DANA, PRIYA, TOM)]
        tx.save_people([*known, Person(id=UserId("UGONE"), name="Gone", active=False)])


def late(number: int, tier_days: int, people: tuple[Any, ...] = (PRIYA,), **more: Any) -> Any:
    id = UseCaseId(f"UC-{number:04d}")
    waits = seat(people=people, due=NOW - tier_days * DAY, opened_at=NOW - 9 * DAY)
    return approval(f"A-{number:04d}", use_case=id, seats=(waits,), opened_at=NOW - 9 * DAY, **more)


def test_overdue_decisions_come_oldest_first_one_for_each_seat_with_all_who_may_decide(store: Store) -> None:
    keep(store, case_of(1, "claims"), late(1, 1, (PRIYA, TOM)))
    keep(store, case_of(2, "legal"), late(2, 3))
    keep(store, case_of(3, "claims"), late(3, -1))
    found = asked(store, "approval_overdue")
    assert about(found) == ["UC-0002", "UC-0001"]
    assert found.total == 2
    assert found.facts[1].people == (PRIYA, TOM)
    assert about(asked(store, "approval_overdue", function="claims")) == ["UC-0001"]
    assert about(asked(store, "approval_overdue", person=TOM)) == ["UC-0001"]


def test_a_page_goes_on_where_the_last_one_ended_and_all_are_counted(store: Store) -> None:
    for n in range(1, 8):
        keep(store, case_of(n, ""), late(n, n))
    pages = [asked(store, "approval_overdue", at_most=3, skip=s) for s in (0, 3, 6)]
    assert [about(p) for p in pages] == [
        ["UC-0007", "UC-0006", "UC-0005"], ["UC-0004", "UC-0003", "UC-0002"], ["UC-0001"],
    ]  # fmt: skip
    assert {p.total for p in pages} == {7}


def test_a_stage_lasts_too_long_after_the_days_that_the_program_gives_it(store: Store) -> None:
    keep(store, case_of(1, "", "pilot", stage_since=NOW - 200 * DAY), now=NOW - 200 * DAY)
    keep(store, case_of(2, "", "pilot", stage_since=NOW - 20 * DAY), now=NOW - 20 * DAY)
    keep(store, case_of(3, "", "retired", stage_since=NOW - 900 * DAY), now=NOW - 900 * DAY)
    found = asked(store, "stage_stuck")
    assert about(found) == ["UC-0001"]
    assert found.facts[0].number == 200


def waiver(number: int, days: int, **more: Any) -> Waiver:
    given = {"status": "in_force", "closed_at": None, **more}
    return Waiver(
        id=WaiverId(f"WV-{number:04d}"), use_case=UseCaseId(f"UC-{number:04d}"), control="fallbacks",
        checklist="production_readiness", role="risk_partner", justification="j", compensating="c", risk="r",
        program=STAMP, owner=DANA, opened_at=NOW - 30 * DAY, expires_at=NOW + days * DAY,
        timeline=(Note(at=NOW - 30 * DAY, what="in_force"),), **given,
    )  # fmt: skip


def test_what_runs_out_before_the_next_digest_is_told_and_what_ran_out_since_the_last(store: Store) -> None:
    for n, days in enumerate((3, 6, 20), 1):
        keep(store, case_of(n, ""), waiver(n, days))
    keep(store, case_of(4, ""), waiver(4, -2, status="expired", closed_at=NOW - 2 * DAY))
    keep(store, case_of(5, ""), waiver(5, -20, status="expired", closed_at=NOW - 20 * DAY))
    assert about(asked(store, "waiver_expiring")) == ["UC-0001", "UC-0002"]
    assert about(asked(store, "waiver_over")) == ["UC-0004"]


def evidence(number: int, *days: int | None) -> Any:
    pieces = [
        {
            "kind": "link", "link": "x", "owner": DANA, "at": (NOW - 90 * DAY).isoformat(),
            "expires_at": (NOW + d * DAY).isoformat() if d is not None else None,
        }
        for d in days
    ]  # fmt: skip
    value = {"state": "yes", "evidence": pieces}
    return walk(
        f"W-{number:04d}", questionnaire="production_readiness", about=UseCaseId(f"UC-{number:04d}"),
        answers=answers(monitoring=value), status="submitted",
    )  # fmt: skip


def test_an_item_holds_as_long_as_any_of_its_evidence(store: Store) -> None:
    for n, days in enumerate(((3,), (-3,), (-3, None), (-3, 40), (-9, -3)), 1):
        keep(store, case_of(n, "", "production"), evidence(n, *days))
    keep(store, case_of(6, "", "retired"), evidence(6, -3))
    assert about(asked(store, "evidence_expiring")) == ["UC-0001"]
    assert about(asked(store, "evidence_over")) == ["UC-0002", "UC-0005"]
    assert asked(store, "evidence_over").facts[0].detail == {"checklist": "production_readiness"}


def test_an_approval_that_was_renewed_has_not_run_out(store: Store) -> None:
    for n in (1, 2):
        gone = approval(
            f"A-{n}", use_case=UseCaseId(f"UC-000{n}"), status="approved", expires_at=NOW - DAY,
            opened_at=NOW - 400 * DAY,
        )  # fmt: skip
        keep(store, case_of(n, "", "production"), gone)
    again = approval(
        "A-9", use_case=UseCaseId("UC-0002"), status="approved", kind="renewal", opened_at=NOW - 30 * DAY,
        expires_at=NOW + 3 * DAY,
    )  # fmt: skip
    keep(store, again)
    assert about(asked(store, "approval_over")) == ["UC-0001"]
    assert about(asked(store, "approval_expiring")) == ["UC-0002"]


def test_of_a_guardrail_the_newest_crossing_is_told_and_one_in_everyday_use_first(store: Store) -> None:
    def crossed(number: int, week: Any, value: float = 1.0) -> Any:
        told = {
            "figure": "guardrail_1",
            "label": "Wrong",
            "number": 9.0,
            "limit": "above 5",
            "action": "stop",
        }
        return figure("crossed", number, week, value).model_copy(update={"detail": told})

    last = W4
    keep(store, case_of(1, "", "pilot"), events=(crossed(1, last),), now=NOW)
    keep(store, case_of(2, "", "production"), events=(crossed(2, last - 7 * DAY), crossed(2, last)), now=NOW)
    keep(store, case_of(3, "", "production"), events=(crossed(3, last, 0.0),), now=NOW)
    found = asked(store, "guardrail_crossed", since=NOW - 14 * DAY)
    assert about(found) == ["UC-0002", "UC-0001"]
    assert found.facts[0].detail == {"limit": "above 5", "unit": "", "action": "stop"}
    assert (found.facts[0].text, found.facts[0].number) == ("Wrong", 9.0)


def incident(number: int, severity: str, status: str) -> Incident:
    return Incident(
        id=IncidentId(f"INC-{number:04d}"), use_case=UseCaseId(f"UC-{number:04d}"), type="drift",
        severity=severity, what="w", reporter=DANA, began_at=NOW - DAY, opened_at=NOW - DAY, owner=PRIYA,
        status=status,
        actions=(Action(id="x1", text="Look", owner=TOM, by=DANA, at=NOW, due=NOW - HOUR),),
    )  # fmt: skip


def test_incidents_that_go_on_come_first_and_the_most_serious_of_them(store: Store) -> None:
    worst, least = PROGRAM.incidents.severities[0].id, PROGRAM.incidents.severities[-1].id
    given = ((least, "open"), (worst, "recovered"), (worst, "open"), (worst, "closed"), (worst, "dismissed"))
    for n, (severity, status) in enumerate(given, 1):
        keep(store, case_of(n, "claims"), incident(n, severity, status))
    assert about(asked(store, "incident_open")) == ["UC-0003", "UC-0001", "UC-0002"]
    actions = asked(store, "action_overdue", person=TOM)
    assert {f.text for f in actions.facts} == {"Look"}
    assert asked(store, "action_overdue", function="legal").total == 0


def test_a_breach_is_told_to_the_functions_whose_use_cases_rely_on_the_contract(store: Store) -> None:
    broken = {"layer": "behavioural", "what": "late", "by": None, "at": NOW - DAY}
    made = Contract(
        id=ContractId("DC-0001"), owner=PRIYA, opened_at=NOW, name="feed", title="Claims feed",
        versions=(ContractVersion(version="1.0.0", document={}, text="", by=PRIYA, at=NOW),),
        consumers=(UseCaseId("UC-0001"),),
        breaches=(Breach(id="b1", **broken), Breach(id="b2", **broken, closed_at=NOW)),
    )  # fmt: skip
    keep(store, case_of(1, "claims"), made)
    found = asked(store, "breach_open")
    assert [(f.title, f.item, f.number) for f in found.facts] == [("Claims feed", "b1", 1.0)]
    assert asked(store, "breach_open", function="claims").total == 1
    assert asked(store, "breach_open", function="legal").total == 0


def test_an_owner_is_missing_whom_nobody_named_or_who_left_where_it_is_in_use(store: Store) -> None:
    owners = [str(o) for o in dict.fromkeys(o for gate in PROGRAM.gates.values() for o in gate.owners)]
    named = answers(**dict.fromkeys(owners, str(DANA)))
    keep(store, case_of(1, "", "production", answers=named))
    keep(store, case_of(2, "", "production", answers={**named, **answers(**{owners[0]: "UGONE"})}))
    keep(store, case_of(3, "", "submitted"))
    found = asked(store, "owner_missing")
    assert [(str(f.use_case), f.item, f.detail) for f in found.facts] == [
        ("UC-0002", owners[0], {"left": "Gone"})
    ]


def test_an_outcome_is_over_when_its_day_has_passed_and_no_number_came_since(store: Store) -> None:
    past, future = (NOW - 20 * DAY).date(), (NOW + 20 * DAY).date()
    for n, day in enumerate((past, past, future), 1):
        keep(store, case_of(n, "", "production", answers=answers(outcome_by=day.isoformat())))
    keep(store, events=(figure("outcome", 2, W4, 3.0),), now=NOW)
    assert about(asked(store, "outcome_over")) == ["UC-0001"]


def test_a_number_of_the_week_of_its_day_counts_in_the_list_as_in_the_figure(store: Store) -> None:
    thursday = W4 + 3 * DAY
    keep(store, case_of(1, "", "production", answers=answers(outcome_by=thursday.isoformat())))
    keep(store, events=(figure("outcome", 1, W4, 3.0),))
    then = NOW + 30 * DAY
    with store.read() as reading:
        assert reading.measure("results_overdue", PROGRAM, then, weeks=2).cells[-1].value == 0.0
    assert asked(store, "outcome_over", now=then).total == 0


def test_an_outcome_is_reached_from_above_and_from_below(store: Store) -> None:
    for n, (start, goal, value) in enumerate(((9.0, 5.0, 4.0), (9.0, 5.0, 6.0), (5.0, 9.0, 9.0)), 1):
        given = answers(outcome_baseline=start, outcome_target=goal)
        keep(store, case_of(n, "", "production", answers=given), events=(figure("outcome", n, W4, value),))
    found = asked(store, "outcome_reached", since=NOW - 14 * DAY)
    assert about(found) == ["UC-0001", "UC-0003"]
    with store.read() as reading:
        way = digest_counts.outcomes(reading.connection, PROGRAM, scope(), 10)
    assert [(o.use_case, o.value, o.baseline, o.target) for o in way] == [
        ("UC-0002", 6.0, 9.0, 5.0), ("UC-0003", 9.0, 5.0, 9.0), ("UC-0001", 4.0, 9.0, 5.0),
    ]  # fmt: skip


def test_numbers_that_did_not_come_are_counted_by_use_case(store: Store) -> None:
    keep(store, case_of(1, ""), case_of(2, ""))
    for n, (use_case, status) in enumerate(((1, "missed"), (2, "missed"), (2, "missed"), (1, "told"))):
        asked_for = CheckIn(
            id=CheckInId(f"CI-{n}"), use_case=UseCaseId(f"UC-000{use_case}"), status=status,
            week=W4 - n * 7 * DAY, opened_at=NOW - n * DAY,
        )  # fmt: skip
        keep(store, asked_for)
    assert [(str(f.use_case), f.number) for f in asked(store, "check_in_missed").facts] == [
        ("UC-0002", 2.0), ("UC-0001", 1.0),
    ]  # fmt: skip


def test_a_theme_is_what_more_than_one_said_and_names_nobody(store: Store) -> None:
    keep(store, case_of(1, "claims"))
    for n, themes in enumerate((("slow",), ("slow", "wrong"), ("slow",)), 1):
        said = Feedback(
            id=FeedbackId(f"FB-{n}"), use_case=UseCaseId("UC-0001"), opened_at=NOW - DAY, text="t",
            said_by=PRIYA, themes=themes, status="open" if n > 1 else "answered",
        )  # fmt: skip
        keep(store, said)
    found = asked(store, "feedback_theme")
    assert [(f.subject.id, f.number, f.detail) for f in found.facts] == [("slow", 3.0, {"open": "2"})]
    assert PRIYA not in found.facts[0].people
    assert asked(store, "feedback_theme", function="legal").total == 0


def test_the_plan_is_behind_where_the_day_of_an_open_task_has_passed(store: Store) -> None:
    done = {"done_at": NOW, "done_by": TOM}
    given: tuple[dict[str, Any], ...] = ({"due": NOW - DAY}, {"due": NOW - DAY, **done}, {"due": NOW + DAY})
    tasks = [
        PlanTask(
            task=f"t{n}",
            phase="p",
            action=Action(id=f"t{n}", text=f"Task {n}", owner=TOM, by=DANA, at=NOW, **m),
        )
        for n, m in enumerate(given)
    ]
    keep(store, Plan(id=PlanId("PL-1"), opened_at=NOW, begins=NOW.date(), tasks=tuple(tasks)))
    assert [f.text for f in asked(store, "plan_behind").facts] == ["Task 0"]
    assert asked(store, "plan_behind", person=PRIYA).total == 0


def test_what_waits_for_one_person_is_theirs_alone(store: Store) -> None:
    keep(store, case_of(1, ""), late(1, 1, (PRIYA,)))
    assert [f.text for f in asked(store, "waits", person=PRIYA).facts] == ["seat"]
    assert asked(store, "waits", person=TOM).total == 0
    assert asked(store, "waits").total == 0


COUNTED = {
    "overdue_approvals": "approval_overdue",
    "incidents_open": "incident_open",
    "evidence_expired": "evidence_over",
    "results_overdue": "outcome_over",
    "missing_owners": "owner_missing",
}
"""Metric -> what stands behind it."""


@pytest.mark.parametrize("seed", range(3))
def test_a_figure_is_as_large_as_the_list_behind_it(store: Store, seed: int) -> None:
    company(store, seed)
    then = NOW + 90 * DAY  # everything that was made up has happened by now
    for metric, kind in COUNTED.items():
        with store.read() as reading:
            value = reading.measure(metric, PROGRAM, then, weeks=2).cells[-1].value
        assert (value or 0) == asked(store, kind, now=then).total, metric


def test_every_kind_of_fact_is_asked_for_by_a_section_and_every_section_has_its_facts() -> None:
    load()
    section.load()
    wanted = {kind for s in section.SECTIONS.values() for kind in s.kinds}
    assert wanted == set(FACTS)


def test_every_figure_of_the_programs_digests_is_one_that_there_is() -> None:
    metrics.load()
    for digest in PROGRAM.digests.digests:
        assert set(digest.metrics) <= set(metrics.METRICS), digest.id
