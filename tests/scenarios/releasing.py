"""A use case in its pilot, and what a delivery pipeline sends, for the scenarios of releases."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any

from bot.hooks import ONCE, signed_headers
from tests.scenarios.deciding import settle
from tests.scenarios.office import JSON, Office
from tests.scenarios.running import in_use
from workflows.answers import Answer
from workflows.approval import Approval
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.evidence import Check, Evidence
from workflows.ids import WalkId
from workflows.questions import Questionnaire
from workflows.release import Release
from workflows.seats import open_seats, to_act
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

CI, WATCH = "0123456789abcdef", "fedcba9876543210"
SECRETS = f"ci:{CI},monitoring:{WATCH}"


def stored(office: Office, use_case: str, version: str) -> Release:
    """The release of that version, as it is stored."""
    with office.bot.service.store.read() as reading:
        found: tuple[Release, ...] = reading.matters(Release, use_case=use_case)
    return next(r for r in found if r.version == version)


def deciders(office: Office, use_case: str, version: str) -> list[str]:
    """One of those who are asked now in each seat that waits for a decision about the version."""
    with office.bot.service.store.read() as reading:
        approval = reading.approval(stored(office, use_case, version).approval)
    return [to_act(seat)[0] for seat in open_seats(approval)]


def in_pilot(office: Office, title: str, ready: bool = True, **answers: Any) -> str:
    """A use case of that name, approved and in its pilot; its id. ``ready``: its release checklist is met."""
    use_case = in_use(office, title, stage="pilot", **{"business_owner": "U0MARCUS", **answers})
    service = office.bot.service
    program, now = service.program, datetime.now(UTC)
    circ = Circumstances(now=now, actor=Actor(user=use_case.submitter, door="import"), program=program.stamp)
    assert use_case.assessment is not None
    with service.store.write() as tx:
        approval = Approval(
            id=tx.new_id("approval"),
            use_case=use_case.id,
            submitter=use_case.submitter,
            home=None,
            program=program.stamp,
            gate=program.governance.gate,
            tier=use_case.assessment.tier.tier,
            rows=(),
            because=(),
            seats=(),
            status="approved",
            opened_at=now,
            closed_at=now,
        )
        made: list[Approval | Walk] = [approval]
        gate = program.gates[program.releases.gate]
        for demand in gate.demands if ready else ():
            made.append(_met(tx.new_id("walk"), program.questionnaires[demand.questionnaire], use_case, circ))
        entries = tuple(Entry(action="test.made", subject=a.subject) for a in made)
        tx.apply(Decision(changed=tuple(made), entries=entries), circ)
    return str(use_case.id)


def _met(id: WalkId, checklist: Questionnaire, use_case: UseCase, circ: Circumstances) -> Walk:
    """A checklist with every item answered by a yes, on evidence."""
    by = circ.actor.user
    piece = Evidence(kind="text", text="seen on 3 November", owner=by, at=circ.now)
    yes = Check(state="yes", evidence=(piece,)).model_dump(mode="json")
    return Walk(
        id=id,
        questionnaire=checklist.id,
        about=use_case.id,
        owner=by,
        status="submitted",
        answers={q.id: Answer(value=yes, how="form", by=by, at=circ.now) for q in checklist.questions()},
        origin=Origin(entry="form"),
        program=circ.program,
        started_at=circ.now,
        touched_at=circ.now,
    )


def calls(
    office: Office, body: JSON, secret: str = CI, at: float | None = None, once: str = ""
) -> tuple[int, JSON]:
    """A signed request to the hook of releases, over real HTTP."""
    raw = json.dumps(body).encode()
    headers = signed_headers(secret, raw, time.time() if at is None else at)
    if once:
        headers[ONCE] = once
    request = urllib.request.Request(
        f"http://127.0.0.1:{office.bot.server.config.port}/hooks/release", data=raw, headers=headers
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            found = int(answer.status), dict(json.load(answer))
    except urllib.error.HTTPError as refusal:
        found = int(refusal.code), dict(json.load(refusal))
    settle(office)
    return found


def proposal(use_case: str, version: str, **more: Any) -> JSON:
    """What a pipeline sends to put a version forward."""
    return {
        "action": "propose",
        "use_case": use_case,
        "version": version,
        "changed": "Shorter prompts",
        "why": "Agents found the summaries too long",
        "impact": "Summaries of three lines",
        **more,
    }
