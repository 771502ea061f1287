"""Submitting, deciding and pressing through the protocol, for the scenarios of decisions."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime

from bot.service import EVENTS_PATH
from tests.scenarios.conftest import SECRET
from tests.scenarios.office import JSON, Office, Person, elements, label
from workflows.approval import Approval
from workflows.conversation import fill
from workflows.decision import Actor, Circumstances, Decision
from workflows.ids import QuestionId, UserId
from workflows.use_case import UseCase


def settle(office: Office) -> None:
    """Waits until everything that is stored has been delivered."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if office.bot.service.store.outbox.backlog().open == 0:
            return
        time.sleep(0.02)
    raise AssertionError("messages are still on their way after thirty seconds")


def submits(office: Office, title: str, answers: JSON, by: str = "dana") -> Person:
    """Someone writes a use case of that name, fills the rest in as a form, and presses Submit."""
    person = office.person(by).says(f"could AI help us to {title.lower()}? it takes hours every week")
    person.reads("question")
    store = office.bot.service.store
    values = {"name": title, **answers}
    with store.write() as tx:
        walk = max(tx.drafts_of(person.id), key=lambda w: w.id)
        use_case = tx.use_case(walk.about)
        now = datetime.now(UTC)
        program = office.bot.service.program
        actor = Actor(user=walk.owner, door="modal")
        circ = Circumstances(now=now, actor=actor, program=program.stamp)
        assert use_case is not None
        answered = {QuestionId(q): v for q, v in values.items()}
        decision = fill(walk, use_case, answered, program, tx.directory(), circ)
        assert not decision.problems
        tx.apply(decision, circ)
    person.reads("look it over")
    person.clicks("Submit")
    settle(office)
    return person


def case_of(office: Office, title: str) -> tuple[UseCase, Approval]:
    """What is stored of the use case with this title and of its newest case."""
    with office.bot.service.store.read() as reading:
        use_case = next(u for u in reading.use_cases() if u.title == title)
        approval = reading.approval_of(use_case.id)
        assert approval is not None
        return use_case, approval


def audit(office: Office, approval: Approval) -> list[JSON]:
    """The lines of the audit log about a case."""
    with office.bot.service.store.read() as reading:
        return list(reading.audit(subject=approval.subject))


def presses(person: Person, card: JSON, wanted: str) -> JSON:
    """Presses a button of this very card, as it stood when they saw it, and lets everything arrive."""
    answer = person.clicks(wanted, card)
    settle(person.office)
    return answer


def fills(person: Person, values: JSON) -> JSON:
    """Sends the form in front of the person, and lets everything arrive."""
    answer = person.submits(values)
    settle(person.office)
    return answer


def view_button(person: Person, view: JSON, wanted: str) -> JSON:
    """Presses a button inside a modal or on the Home tab."""
    block, element = next((b, e) for b, e in elements(view) if wanted == label(e))
    answer = person._act("view_action", view_id=view["id"], block_id=block, action_id=element["action_id"])
    settle(person.office)
    return answer


def eventually(what: Callable[[], bool]) -> None:
    """Waits for what an event from the workspace brings about."""
    until = time.monotonic() + 30
    while not what():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.02)


def time_passes(office: Office, prefix: str) -> None:
    """What is planned under this key falls due now."""
    service = office.bot.service
    now = datetime.now(UTC)
    with service.store.write() as tx:
        jobs = tuple(job.model_copy(update={"due": now}) for job in tx.planned(prefix))
        actor = Actor(user=service.bot_user, door="clock")
        circ = Circumstances(now=now, actor=actor, program=service.program.stamp)
        tx.apply(Decision(effects=jobs), circ)
    assert jobs
    service.store.outbox.due(datetime.now(UTC))
    settle(office)


def members(office: Office, group: str) -> tuple[UserId, ...]:
    """Who is in a user group, as the bot has it now."""
    found: tuple[UserId, ...] = office.bot.service.moment().directory.groups.get(group, ())
    return found


def sends(office: Office, person: Person, element: JSON, block: str, ts: str = "1.1") -> None:
    """A signed click such as a screen that was never redrawn, or a forger, would send."""
    channel = channel_of(office, person)
    body = {
        "type": "block_actions",
        "user": {"id": person.id, "team_id": "T0NORTHWIND"},
        "team": {"id": "T0NORTHWIND", "domain": "northwind"},
        "api_app_id": "A0PREFLIGHT",
        "token": "x",
        "trigger_id": f"{time.time()}.{person.id}",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel},
        "channel": {"id": channel, "name": "directmessage"},
        "message": {"ts": ts, "blocks": []},
        "actions": [{**element, "block_id": block, "action_ts": f"{time.time():.6f}"}],
    }
    form = urllib.parse.urlencode({"payload": json.dumps(body)}).encode()
    at = str(int(time.time()))
    signed = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + form, hashlib.sha256).hexdigest()
    request = urllib.request.Request(
        f"http://127.0.0.1:{office.bot.server.config.port}{EVENTS_PATH}",
        data=form,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signed}",
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
    settle(office)


def channel_of(office: Office, person: Person) -> str:
    """The person's conversation with the app."""
    found = office.get("/sandbox/channels", as_=person.id)["channels"]
    return str(next(c["id"] for c in found if c["is_app"]))
