"""Buttons that nobody had the right to press: own cases, others' seats, too early, too late, made up."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from bot.inputs import packed
from storage.schema import Approvals, Audit, UseCases, Walks
from storage.store import Store
from tests.faults.cases import HIGH, MEDIUM, draft, submitted, the_program
from tests.faults.checker import check
from tests.faults.hand import Line, click, form, interaction_request
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import wait_until
from tests.faults.replica import Plan
from tests.faults.workplace import Workplace
from workflows.approval import Approval, Seat

JSON = dict[str, Any]
_OUTSIDERS = ("U0GRACE", "U0MO", "U0OMAR", "U0PAUL", "U0GERALD", "U0NOBODY", "U0PREFLIGHT")
"""Colleagues without a seat, one who left, one nobody knows, and the bot itself."""
_UNREACHABLE = ("U0GERALD", "U0NOBODY", "U0PREFLIGHT")
_TEXT = {"type": "plain_text_input"}


@dataclass
class Company:
    """What there is to tamper with."""

    waiting: list[Approval]
    """Dana's, waiting for Priya or Tom."""
    own: list[Approval]
    """Priya's own, waiting for Tom."""
    early: list[Approval]
    """Legal's turn has not come."""
    decided: list[Approval]
    """Tom has approved."""
    drafts: list[str]
    """Ids of Dana's drafts."""


def _verb(chance: random.Random, user: str, case: str, seat: str) -> JSON:
    """Some way to decide: a button, or a form that was open."""
    private = packed(approval=case, seat=seat)
    value = f"{case}|{seat}"
    ways: list[Callable[[], JSON]] = [
        lambda: click(user, "approval.approve", f"approval|{value}", value),
        lambda: form(user, "approval.reject", private, {"reason": {"reason": {**_TEXT, "value": "No."}}}),
        lambda: form(
            user,
            "approval.conditions",
            private,
            {
                "text/0": {"text": {**_TEXT, "value": "Delete after 30 days."}},
                "owner/0": {"owner": {"type": "users_select", "selected_user": "U0DANA"}},
                "due/0": {"due": {"type": "datepicker", "selected_date": None}},
            },
        ),
        lambda: form(
            user,
            "approval.delegate",
            private,
            {"to": {"to": {"type": "users_select", "selected_user": "U0SAM"}}},
        ),
        lambda: form(
            user, "approval.changes", private, {"question": {"question": {**_TEXT, "value": "Why?"}}}
        ),
    ]
    return chance.choice(ways)()


def _seat(case: Approval, role: str) -> Seat:
    return next(s for s in case.seats if s.role == role)


def _outsider(chance: random.Random, company: Company) -> JSON:
    case = chance.choice(company.waiting)
    return _verb(chance, chance.choice(_OUTSIDERS), case.id, case.seats[0].id)


def _own_case(chance: random.Random, company: Company) -> JSON:
    if chance.random() < 0.5:
        case = chance.choice(company.waiting)
        return _verb(chance, "U0DANA", case.id, case.seats[0].id)
    case = chance.choice(company.own)
    return _verb(chance, "U0PRIYA", case.id, case.seats[0].id)


def _too_early(chance: random.Random, company: Company) -> JSON:
    case = chance.choice(company.early)
    return _verb(chance, "U0INES", case.id, _seat(case, "legal").id)


def _other_seat(chance: random.Random, company: Company) -> JSON:
    case = chance.choice(company.early)
    return _verb(chance, chance.choice(("U0PRIYA", "U0INES", "U0RUTH")), case.id, _seat(case, "privacy").id)


def _too_late(chance: random.Random, company: Company) -> JSON:
    case = chance.choice(company.decided)
    return _verb(chance, chance.choice(("U0PRIYA", "U0TOM")), case.id, case.seats[0].id)


def _withdraws(chance: random.Random, company: Company) -> JSON:
    walk = chance.choice(company.drafts)
    action = chance.choice(("walk.submit", "walk.save", "walk.skip", "walk.keep"))
    return click(chance.choice(_OUTSIDERS), action, f"walk|{walk}|1|name", "x")


AUDITED = (_outsider, _own_case, _too_early, _other_seat, _too_late, _withdraws)
"""Each names something that exists, so each is on record as refused."""


def _made_up(chance: random.Random, company: Company) -> JSON:
    case = chance.choice(company.waiting)
    odd = chance.choice(
        [
            "",
            "|",
            "A-9999|risk_partner",
            "A-0001' OR '1'='1|x",
            f"{case.id.lower()}|{case.seats[0].id}",
            "\x00|\x00",
        ]
    )
    approval, _, seat = odd.partition("|")
    user = chance.choice(("U0PRIYA", "U0DANA", *_OUTSIDERS))
    if chance.random() < 0.5:
        return click(user, "approval.approve", f"approval|{odd}", odd)
    return form(
        user,
        "approval.reject",
        packed(approval=approval, seat=seat),
        {"reason": {"reason": {**_TEXT, "value": "x"}}},
    )


def _odd_private(chance: random.Random, company: Company) -> JSON:
    odd = chance.choice(["", "{", "[]", '{"approval": ["A-0001"]}', '{"walk": {"id": 1}}', "null"])
    callback = chance.choice(
        ("approval.reject", "approval.conditions", "approval.delegate", "walk.form", "walk.score")
    )
    return form(chance.choice(_OUTSIDERS), callback, odd, {"reason": {"reason": {**_TEXT, "value": "x"}}})


KINDS = (*AUDITED, _made_up, _odd_private)


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` attempts in random order: none changes anything; each on something real is on record."""
    outcome = Outcome("no right, self-approval, too early, stale and forged buttons", database)
    chance = random.Random(seed)
    with Workplace(database, [Plan(pace=0.0)]) as place, place.memory() as store:
        place.control("POST", "/sandbox/settings", {"rate_limits": False})
        assert wait_until(lambda: _people_known(store), 20)
        company = _company(store)
        line = Line(place.replicas[0].port)
        for case in company.decided:
            value = f"{case.id}|{case.seats[0].id}"
            line.send(*interaction_request(click("U0TOM", "approval.approve", f"approval|{value}", value)))
        place.settle(120)
        before, refused = _state(store), _refused(store)
        asked: Counter[str] = Counter()
        statuses: Counter[int] = Counter()
        for _ in range(n):
            kind = chance.choice(KINDS)
            asked[kind.__name__.strip("_")] += 1
            statuses[line.send(*interaction_request(kind(chance, company)))[0]] += 1
        place.settle(60 + n / 20)
        accepted = sum(b != a for b, a in zip(before, _state(store), strict=False))
        named = sum(asked[k.__name__.strip("_")] for k in AUDITED)
        on_record = _refused(store) - refused
        found = check(store, place.sandbox, unreachable=_UNREACHABLE)
        outcome.counts = {
            "attempts": n,
            "naming something real": named,
            "on record as refused": on_record,
            "accepted": accepted,
            "5xx": sum(c for s, c in statuses.items() if s >= 500 or s == 0),
        }
        outcome.demand(_state(store) == before, "something was changed")
        outcome.demand(on_record == named, f"{on_record} refusals on record for {named} attempts")
        outcome.demand(set(statuses) <= {200, 400}, f"answers: {dict(statuses)}")
        outcome.add(found)
    return outcome


def _people_known(store: Store) -> bool:
    with store.read() as reading:
        return "U0PRIYA" in reading.directory().people


def _company(store: Store) -> Company:
    program = the_program()
    return Company(
        waiting=[submitted(store, program, "U0DANA", f"Waiting {i}", MEDIUM, told=False) for i in range(8)],
        own=[submitted(store, program, "U0PRIYA", f"Own {i}", MEDIUM, told=False) for i in range(4)],
        early=[submitted(store, program, "U0DANA", f"High {i}", HIGH, told=False) for i in range(4)],
        decided=[submitted(store, program, "U0DANA", f"Decided {i}", MEDIUM, told=False) for i in range(4)],
        drafts=[draft(store, program, "U0DANA", f"Draft {i}", MEDIUM).id for i in range(4)],
    )


def _state(store: Store) -> list[Any]:
    """Everything that is stored of use cases, drafts and decisions."""
    with store.read() as reading:
        return [
            row
            for table in (UseCases, Walks, Approvals)
            for row in reading.connection.execute(
                select(table.id, table.revision, table.state).order_by(table.id)
            ).all()
        ]


def _refused(store: Store) -> int:
    with store.read() as reading:
        return int(reading.connection.execute(select(func.count()).where(Audit.refused)).scalar_one())


if __name__ == "__main__":
    main(run, n=10_000, databases=("sqlite",))
