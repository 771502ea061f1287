"""What is tried against every button, form, command and shortcut: what it may be about, and who may do it.

A new one without an entry here fails the build (``test_nobody_else.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.scenarios.something_of_everything import Company

Guard = Literal["acts", "reads", "anyone", "silent"]
"""``acts``: changes or opens something of others; without the right it is refused, on record. ``reads``:
shows something, of a record to those who may read it. ``anyone``: is everybody's, about what is theirs.
``silent``: changes nothing, and may say nothing."""
Named = Callable[[Company], Sequence[str]]


@dataclass(frozen=True)
class Button:
    """A button, menu or picker. ``about`` gives its values; in a walk its block says which walk."""

    guard: Guard
    about: Named
    by: str = ""
    """Who may do it: presses it twice."""
    over: Named = lambda c: ()
    """The same about what is closed: refused even for them."""
    in_walk: bool = False


@dataclass(frozen=True)
class Form:
    """A form: its private data, and what is filled in, by block."""

    guard: Guard
    about: Callable[[Company], Sequence[Mapping[str, Any]]]
    filled: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    over: Callable[[Company], Sequence[Mapping[str, Any]]] = lambda c: ()


def _nothing(c: Company) -> Sequence[str]:
    return ("",)


def _seats(c: Company) -> Sequence[str]:
    return [f"{case}|{seat}" for case, seat in c.cases.items()]


def _over(c: Company) -> Sequence[str]:
    return [f"{c.over_case}|risk_partner"]


def _item(c: Company) -> Sequence[str]:
    return [f"{c.use_case}|{c.question}", f"{c.draft}|{c.question}"]


def _walks(c: Company) -> Sequence[str]:
    return [c.checklist, c.draft_walk]


def _use_cases(c: Company) -> Sequence[str]:
    return [c.use_case, c.draft]


def _assignment(c: Company) -> Sequence[str]:
    return [f"{c.checklist}|a1"]


def _assignment_over(c: Company) -> Sequence[str]:
    return [f"{c.checklist}|a2"]


def _incident(c: Company) -> Sequence[str]:
    return [c.incident]


def _incident_over(c: Company) -> Sequence[str]:
    return [c.incident_over]


def _action(c: Company) -> Sequence[str]:
    return [f"{c.incident}|x1"]


def _action_over(c: Company) -> Sequence[str]:
    return [f"{c.incident}|x2", f"{c.incident}|x9"]


def _mine(*ids: str) -> dict[str, Button]:
    return {id: Button("anyone", _nothing) for id in ids}


def _in_walk(*ids: str) -> dict[str, Button]:
    return {id: Button("acts", _walks, in_walk=True) for id in ids}


_SEAT = Button("acts", _seats, "U0TOM", _over)
_ON_ACTION = Button("acts", _action, "U0LEE", _action_over)
_ON_INCIDENT = Button("acts", _incident, "U0LEE", _incident_over)
_GONE = Button("anyone", lambda c: ["Q-0001|x"])

_VERBS = ("pause", "resume", "end", "now", "time", "move", "preview")

BUTTONS: Mapping[str, Button] = {
    "digest.menu": Button(
        "acts",
        lambda c: [f"{c.subscription}|{verb}" for verb in _VERBS],
        "U0LEE",
        lambda c: [f"{c.subscription_over}|{v}" for v in ("pause", "end", "now", "time")],
    ),
    "digest.preview": Button("anyone", lambda c: ["risk", "executive"]),
    "digest.page": Button("anyone", lambda c: ["1"]),
    "digest.list": Button("anyone", _nothing),
    "digest.new": Button("anyone", lambda c: ["me", "channel"]),
    **_mine("start.new", "start.from", "assess.start", "show.where", "show.desk", "show.drafts", "show.help"),
    **_mine("desk.all", "desk.page", "desk.kind", "desk.tier", "desk.due", "desk.function", "desk.words"),
    **_mine("inventory.show", "inventory.page", "inventory.lane", "inventory.stage", "inventory.tier"),
    **_mine("inventory.export", "inventory.link"),
    "lane.open": Button("acts", _use_cases, "U0SAM"),
    "pairs.open": Button("acts", _nothing, "U0SAM"),
    "pairs.page": Button("acts", _nothing, "U0SAM"),
    "pair.join": Button("acts", lambda c: [f"{c.use_case}|{c.draft}|0"]),
    "pair.part": Button("acts", lambda c: [f"{c.use_case}|{c.draft}|0"]),
    **_mine("inventory.bucket", "inventory.function", "inventory.owner", "inventory.rank", "inventory.words"),
    **_mine(
        "presence.open", "presence.back", "presence.no_longer", "presence.usual", "ask.this", "walk.tick"
    ),
    **_mine("walk.own"),
    **_mine("welcome.show"),
    "champion.wish": Button("anyone", lambda c: ["", "service", "claims"]),
    **_mine("learn.show", "learn.choose", "learn.open", "learn.answer", "learn.read"),
    **_in_walk(
        *("walk.answer", "walk.done", "walk.keep", "walk.skip", "walk.why", "walk.show", "walk.save"),
        *("walk.resume", "walk.cancel", "walk.form", "walk.more", "walk.edit", "walk.submit"),
        *("walk.similar", "walk.score", "walk.invite"),
    ),
    **dict.fromkeys(
        (
            *("champion.ask", "referral.not_known", "referral.answer", "referral.pass_on", "why.open"),
            *("promotion.decline", "promotion.add", "answer.rate", "rating.why", "answer.open", "live.about"),
        ),
        _GONE,
    ),
    "walk.field": Button("silent", _walks, in_walk=True),
    # Decisions
    "approval.approve": _SEAT,
    "approval.conditions": _SEAT,
    "approval.changes": _SEAT,
    "approval.reject": _SEAT,
    "approval.delegate": _SEAT,
    "desk.approve": _SEAT,
    "approval.another": Button("anyone", lambda c: ["2"]),
    "approval.open": Button("reads", _seats),
    "inquiry.answer": Button("acts", lambda c: [f"{next(iter(c.cases))}|i1"]),
    "condition.done": Button("acts", lambda c: [f"{next(iter(c.cases))}|c1"]),
    "case.withdraw": Button("acts", lambda c: list(c.cases), "U0DANA", lambda c: [c.over_case]),
    "case.change": Button("acts", lambda c: [c.submitted]),
    "who.open": Button("reads", _use_cases),
    "record.open": Button("reads", _use_cases),
    "record.pdf": Button("reads", _use_cases),
    # Readiness
    "ready.show": Button("reads", lambda c: [f"{c.use_case}|production", f"{c.draft}|production"]),
    "ready.items": Button("reads", lambda c: [f"{u}|production|{n}" for u in _use_cases(c) for n in "0²"]),
    "owner.name": Button("acts", lambda c: [f"{u}|risk_owner" for u in _use_cases(c)]),
    "gate.ask": Button("acts", lambda c: [f"{u}|production" for u in _use_cases(c)]),
    "stage.move": Button("acts", lambda c: [f"{u}|paused" for u in _use_cases(c)]),
    # Questionnaires, and questions that were handed to somebody
    "walk.open": Button("acts", lambda c: [f"{u}|pilot_readiness" for u in _use_cases(c)], "U0LEE"),
    "check.open": Button("acts", _item, "U0LEE"),
    "check.assign": Button("acts", lambda c: _item(c)[:1], "U0LEE"),
    "check.nudge": Button("acts", _assignment, "U0DANA", _assignment_over),
    "assignment.answer": Button("acts", _assignment, "U0LEE", _assignment_over),
    "assignment.decline": Button("acts", _assignment, "U0LEE", _assignment_over),
    "assignment.pass": Button("acts", _assignment, "U0LEE"),
    "assignment.say": Button(
        "acts", lambda c: [f"{c.checklist}|a1|no"], "U0LEE", lambda c: [f"{c.checklist}|a2|no"]
    ),
    "result.answers": Button("reads", lambda c: [c.result, c.draft_walk]),
    "result.show": Button("reads", lambda c: [c.result, c.draft_walk]),
    "result.read": Button("reads", lambda c: [f"{c.result}|0", f"{c.result}|²"]),
    "result.start": Button("reads", lambda c: [f"{c.result}|0", f"{c.result}|²"]),
    # Digests
    "digest.more": Button("reads", lambda c: [f"{c.digest}|incidents"]),
    "digest.behind": Button("reads", lambda c: [f"{c.digest}|incidents_open"]),
    "digest.tables": Button("reads", lambda c: [c.digest]),
    **_mine("digest.turn"),
    # Waivers and changes
    "waiver.new": Button("acts", lambda c: [f"{c.use_case}|{c.question}", f"{c.draft}|{c.question}"]),
    "waiver.accept": Button("acts", lambda c: [c.waiver], "U0PRIYA", lambda c: [c.waiver_over]),
    "waiver.decline": Button("acts", lambda c: [c.waiver], "U0PRIYA", lambda c: [c.waiver_over]),
    "waiver.end": Button("acts", lambda c: [c.waiver], "U0DANA", lambda c: [c.waiver_over]),
    "waiver.open": Button("reads", lambda c: [c.waiver, c.waiver_over]),
    "change.open": Button("acts", _use_cases, "U0DANA"),
    "rules.compare": Button("reads", _use_cases),
    # Releases
    "release.new": Button("acts", lambda c: [c.use_case], "U0DANA"),
    "release.ship": Button("acts", lambda c: [c.proposed], "U0LEE", lambda c: [c.ended]),
    "release.stop": Button("acts", lambda c: [c.live], "U0LEE", lambda c: [c.ended]),
    "release.withdraw": Button("acts", lambda c: [c.proposed], "U0DANA", lambda c: [c.ended]),
    "release.roll_back": Button("acts", lambda c: [f"{c.live}|{c.ended}"], "U0LEE"),
    "release.restart": Button("acts", lambda c: [c.stopped], "U0PRIYA", lambda c: [c.ended]),
    "release.why": Button("acts", lambda c: [c.stopped]),
    "release.open": Button("reads", lambda c: [c.live, c.proposed]),
    # Data contracts
    "contract.open": Button("reads", lambda c: [c.contract]),
    "contract.text": Button("reads", lambda c: [c.contract]),
    "contract.new": Button("acts", lambda c: [c.contract], "U0ELENA"),
    "contract.rely": Button("reads", lambda c: [c.contract]),
    "contract.acknowledge": Button("acts", lambda c: [f"{c.contract}|1.0.0"]),
    "contract.object": Button("acts", lambda c: [f"{c.contract}|1.0.0"]),
    "breach.report": Button("anyone", lambda c: [c.contract, f"{c.contract}|late"]),
    "breach.close": Button("acts", lambda c: [f"{c.contract}|b1"], "U0ELENA", lambda c: [f"{c.contract}|b2"]),
    # Incidents
    "incident.report": Button("anyone", lambda c: ["", f"{c.use_case}|wrong", f"{c.draft}|wrong"]),
    "incident.open": Button("reads", _incident),
    "incident.take": _ON_INCIDENT,
    "incident.recover": _ON_INCIDENT,
    "incident.close": _ON_INCIDENT,
    "incident.update": _ON_INCIDENT,
    "incident.review": Button("acts", _incident),
    "incident.keep_note": Button("anyone", lambda c: []),
    "incident.template": Button("anyone", lambda c: ["users"]),
    "incident.more": Button(
        "acts",
        lambda c: [f"{what}|{c.incident}" for what in ("mitigate", "change", "dismiss")],
        "U0LEE",
        lambda c: [f"{what}|{c.incident_over}" for what in ("mitigate", "change", "dismiss")],
    ),
    "action.done": _ON_ACTION,
    "action.agree": Button("acts", _action, over=_action_over),
    "action.keep": Button("acts", _action, over=_action_over),
    "action.more_time": _ON_ACTION,
    "action.not_needed": _ON_ACTION,
    # Feedback
    "feedback.open": Button("anyone", lambda c: ["", *_use_cases(c), f"{c.draft}|It was slow."]),
    "feedback.pass_on": Button("anyone", lambda c: [f"{u}|It was slow." for u in _use_cases(c)]),
    "feedback.answer": Button("acts", lambda c: [c.feedback], "U0LEE"),
    "feedback.noted": Button("acts", lambda c: [c.feedback], "U0LEE", lambda c: [c.feedback_over]),
    "feedback.themes": Button("acts", lambda c: [c.feedback]),
    # Numbers of the week
    "check_in.same": Button("acts", lambda c: [c.check_in], "U0DANA"),
    "check_in.same_all": Button("silent", lambda c: ["2026-11-16"]),
    "check_in.give": Button("acts", lambda c: [c.check_in, c.check_in_over]),
    "figures.give": Button("acts", _use_cases),
    "figures.import": Button("anyone", lambda c: ['{"file":"F1","digest":"x"}']),
    "figure.right": Button("acts", lambda c: [f"{c.check_in}|cost|"], "U0DANA"),
    "figure.instead": Button("acts", lambda c: [f"{c.check_in}|cost||0"]),
    "guardrail.within": Button("acts", lambda c: [f"{c.check_in}|guardrail_1"]),
    "guardrail.beyond": Button("acts", lambda c: [f"{c.check_in}|guardrail_1"]),
    "guardrail.done": Button(
        "acts",
        lambda c: [f"{c.check_in}|guardrail_1"],
        "U0LEE",
        lambda c: [f"{c.check_in_over}|guardrail_1", f"{c.check_in}|guardrail_2"],
    ),
    "guardrail.why": Button("acts", lambda c: [f"{c.check_in}|guardrail_1"]),
    # Tools that are in use
    "declare.open": Button("anyone", lambda c: ["", "ChatGPT|letters"]),
    "declared.take": Button("acts", _use_cases),
    # The plan
    "plan.start": Button("acts", _nothing),
    "plan.open": Button("anyone", lambda c: [f"{c.plan}|t1"]),
    "plan.done": Button("acts", lambda c: [f"{c.plan}|t1"], "U0LEE", lambda c: [f"{c.plan_over}|t1"]),
    "plan.move": Button("acts", lambda c: [f"{c.plan}|t1"], "U0SAM", lambda c: [f"{c.plan_over}|t1"]),
    "plan.hand": Button("acts", lambda c: [f"{c.plan}|t1"], "U0SAM", lambda c: [f"{c.plan_over}|t1"]),
    "plan.add": Button("acts", lambda c: [c.plan], "U0SAM", lambda c: [c.plan_over]),
    "plan.extend": Button("acts", lambda c: [f"{c.plan}|inventory"], "", lambda c: [c.plan_over]),
    "plan.close": Button("acts", lambda c: [c.plan], "", lambda c: [c.plan_over]),
    # The review of the portfolio
    "portfolio.decide": Button(
        "acts",
        lambda c: [f"{c.review}|{c.use_case}|{course}" for course in ("keep", "tune")],
        "U0RUTH",
        lambda c: [f"{c.review_over}|{c.use_case}|keep", f"{c.review}|{c.of_omar}|keep"],
    ),
    "portfolio.go_on": Button("acts", lambda c: [c.review], "U0RUTH", lambda c: [c.review_over]),
    "portfolio.close": Button("acts", lambda c: [c.review], "U0RUTH", lambda c: [c.review_over]),
    "portfolio.task": Button("acts", lambda c: [f"{c.review}|{c.use_case}|t1"], "U0LEE"),
    "portfolio.task_open": Button("reads", lambda c: [f"{c.review}|{c.use_case}|t1"]),
}


def _of(**private: str) -> Callable[[Company], Sequence[Mapping[str, Any]]]:
    """Private data whose values are names of what the company has, or words."""
    return lambda c: [{k: getattr(c, v, v) for k, v in private.items()}]


def _both(**private: str) -> Callable[[Company], Sequence[Mapping[str, Any]]]:
    """The same for a use case and for a draft."""
    return lambda c: [{"use_case": u, **private} for u in _use_cases(c)]


def _in_walks(**private: str) -> Callable[[Company], Sequence[Mapping[str, Any]]]:
    """The same for a checklist and for a draft."""
    return lambda c: [{"walk": w, **private} for w in _walks(c)]


def _cases(c: Company) -> Sequence[Mapping[str, Any]]:
    return [{"approval": case, "seat": seat} for case, seat in c.cases.items()]


def _case_over(c: Company) -> Sequence[Mapping[str, Any]]:
    return [{"approval": c.over_case, "seat": "risk_partner"}]


def _some(c: Company) -> Sequence[Mapping[str, Any]]:
    return [{}]


_RELEASE = {"version": "3.0.0", "changed": "x", "why": "x", "impact": "x", "prompt": "p", "model": ""}

_DIGEST = {
    "digest": "risk",
    "channel": "C0GENERAL",
    "function": "none",
    "day": "mon",
    "at": "09:00",
    "zone": "Europe/London",
}

FORMS: Mapping[str, Form] = {
    "digest.new": Form("acts", lambda c: [{"where": "channel"}], _DIGEST),
    "digest.times": Form(
        "acts", _of(subscription="subscription"), _DIGEST, "U0LEE", _of(subscription="subscription_over")
    ),
    "digest.move": Form("acts", _of(subscription="subscription"), _DIGEST),
    "approval.conditions": Form(
        "acts", _cases, {"text/0": "Delete it.", "owner/0": "U0DANA", "due/0": ""}, "", _case_over
    ),
    "approval.reject": Form("acts", _cases, {"reason": "No."}, "", _case_over),
    "approval.changes": Form("acts", _cases, {"question": "Why?", "of": ""}, "", _case_over),
    "approval.delegate": Form("acts", _cases, {"to": "U0SAM", "reason": "x"}, "", _case_over),
    "inquiry.answer": Form(
        "acts", lambda c: [{"approval": next(iter(c.cases)), "inquiry": "i1"}], {"answer": "x"}
    ),
    "referral.answer": Form(
        "anyone", lambda c: [{"consultation": "Q-0001", "referral": "r"}], {"answer": "x"}
    ),
    "referral.pass_on": Form(
        "anyone", lambda c: [{"consultation": "Q-0001", "referral": "r"}], {"to": "U0MO"}
    ),
    "promotion.add": Form("anyone", lambda c: [{"consultation": "Q-0001"}], {"title": "x", "text": "x"}),
    "rating.why": Form("anyone", lambda c: [{"consultation": "Q-0001", "of": "answer"}], {"why": "x"}),
    "walk.start": Form("anyone", _some, {"idea": {"text": "We want AI"}, "way": {"way": "talk"}}),
    "walk.form": Form("acts", lambda c: [{"walk": w} for w in _walks(c)], {"q|name": "Mine now"}),
    "walk.score": Form(
        "acts", _of(walk="draft_walk"), {"dimension": "impact", "value": "5", "reason": "Because."}
    ),
    "walk.invite": Form("acts", lambda c: [{"walk": w} for w in _walks(c)], {"helpers": ["U0GRACE"]}),
    "check.form": Form("acts", _in_walks(item="monitoring"), {"q|monitoring": "no"}),
    "check.assign": Form(
        "acts",
        _of(walk="checklist", question="monitoring"),
        {"to": "U0RAVI", "note": "x", "due": ""},
        "U0LEE",
    ),
    "assignment.answer": Form("acts", _in_walks(assignment="a1"), {"q|monitoring": "no"}),
    "assignment.decline": Form(
        "acts",
        _of(walk="checklist", assignment="a1"),
        {"reason": "x"},
        "",
        _of(walk="checklist", assignment="a2"),
    ),
    "assess.for": Form(
        "acts",
        lambda c: [{"questionnaire": "pilot_diagnosis", "field": u} for u in _use_cases(c)],
        {"use_case": "{field}"},
    ),
    "desk": Form("anyone", _some, {"desk|words": "Letters"}),
    "inventory": Form("anyone", _some, {"inventory|words": "Letters"}),
    "lane.set": Form("acts", _both(), {"lane": "quick_win", "reason": "Because."}),
    "presence": Form("anyone", _some, {"first": "", "last": "", "to": "", "hours": "", "calendar": ""}),
    "owner.name": Form("acts", _both(question="risk_owner"), {"user": "U0GRACE"}),
    "stage.move": Form("acts", _both(to="paused"), {"why": "Because."}),
    "waiver.new": Form(
        "acts",
        _both(checklist="production_readiness", control="monitoring"),
        {"justification": "x", "compensating": "x", "risk": "x", "until": "2099-01-01"},
    ),
    "waiver.new.which": Form("acts", _both(), {"control": "production_readiness|monitoring"}),
    "waiver.accept": Form(
        "acts",
        _of(waiver="waiver"),
        {"ticked": ["yes"], "words": "I carry it."},
        "",
        _of(waiver="waiver_over"),
    ),
    "waiver.decline": Form("acts", _of(waiver="waiver"), {"reason": "No."}, "", _of(waiver="waiver_over")),
    "change.pick": Form("acts", _both(), {"questions": ["volume"]}),
    "change.form": Form(
        "acts", lambda c: [{"use_case": u, "questions": ["volume"]} for u in _use_cases(c)], {"q|volume": "9"}
    ),
    "rules.adopt": Form("acts", _both(now="{stamp}")),
    "release.propose": Form("acts", _both(), _RELEASE),
    "release.restart": Form(
        "acts", _of(release="stopped"), {"why": "It is mended."}, "", _of(release="ended")
    ),
    "release.why": Form("acts", _of(release="stopped"), {"why": "Because."}),
    "contract.submit": Form("acts", _some, {"text": "{contract_text}"}),
    "contract.rely": Form("acts", _of(contract="contract"), {"use_case": "{use_case}"}),
    "contract.object": Form("acts", _of(contract="contract", version="1.0.0"), {"reason": "It breaks us."}),
    "breach.report": Form(
        "anyone", _some, {"contract": "{contract}", "kind": "other", "what": "It is late.", "severity": "low"}
    ),
    "breach.close": Form(
        "acts",
        lambda c: [{"contract": c.contract, "breach": "b1"}],
        {"reason": "It came."},
        "",
        lambda c: [{"contract": c.contract, "breach": "b2"}],
    ),
    "incident.report": Form(
        "anyone", _some, {"use_case": "{draft}", "kind": "other", "severity": "low", "what": "It was wrong."}
    ),
    "incident.note": Form("anyone", _of(incident="incident_over"), {"note": "Look."}),
    "incident.dismiss": Form(
        "acts", _of(incident="incident"), {"reason": "No."}, "", _of(incident="incident_over")
    ),
    "incident.change": Form(
        "acts",
        _of(incident="incident"),
        {"severity": "low", "kind": "other", "owner": "U0GRACE", "began": "", "use_case": "{draft}"},
        "",
        _of(incident="incident_over"),
    ),
    "incident.update": Form(
        "acts", _of(incident="incident", template="users"), {"text/0": "x", "also": ["U0MO"]}
    ),
    "action.more_time": Form(
        "acts",
        _of(incident="incident", action="x1"),
        {"due": "2099-01-01", "reason": "x"},
        "",
        _of(incident="incident", action="x2"),
    ),
    "action.not_needed": Form(
        "acts",
        _of(incident="incident", action="x1"),
        {"reason": "x"},
        "",
        _of(incident="incident", action="x2"),
    ),
    "declare": Form("anyone", _some, {"tool": "ChatGPT", "what": "Letters to brokers", "data": "unsure"}),
    "plan.start": Form("acts", _some, {"begins": "2099-01-01"}),
    "plan.move": Form("acts", lambda c: [{"plan": f"{c.plan}|t1"}], {"due": "2099-01-01", "reason": "x"}),
    "plan.hand": Form("acts", lambda c: [{"plan": f"{c.plan}|t1"}], {"to": "U0GRACE"}),
    "plan.add": Form(
        "acts", _of(plan="plan"), {"phase": "inventory", "text": "x", "owner": "U0LEE", "due": "2099-01-01"}
    ),
    "feedback.give": Form(
        "anyone", _some, {"use_case": "{draft}", "tool": "", "what": "Slow.", "wish": "", "name": "unnamed"}
    ),
    "feedback.answer": Form(
        "acts", _of(feedback="feedback"), {"answer": "Thank you."}, "", _of(feedback="feedback_over")
    ),
    "feedback.themes": Form("acts", _of(feedback="feedback"), {"themes": ["slow"]}),
    "check_in.give": Form(
        "acts", lambda c: [{"week": f"{u}|2026-11-16"} for u in _use_cases(c)], {"figure/cost": "120"}
    ),
    "figures.csv": Form("anyone", _some, {"file": "x"}),
    "guardrail.why": Form(
        "acts",
        _of(check_in="check_in", figure="guardrail_1"),
        {"reason": "Because."},
        "",
        _of(check_in="check_in_over", figure="guardrail_1"),
    ),
    "portfolio.decide": Form(
        "acts",
        lambda c: [{"review": f"{c.review}|{c.use_case}", "course": "tune"}],
        {"reason": "x"},
        "",
        lambda c: [{"review": f"{c.review_over}|{c.use_case}", "course": "tune"}],
    ),
}

WORDS: Mapping[str, Sequence[str]] = {
    "": ("", "nonsense"),
    "new": ("",),
    "help": ("",),
    "where": ("", "{use_case}", "{draft}"),
    "waiting": ("",),
    "drafts": ("",),
    "desk": ("", "Letters"),
    "portfolio": ("", "quick wins", "{draft}", "export json", "link", "duplicates", "lane {use_case}"),
    "numbers": ("", "{use_case}", "{draft}"),
    "ask": ("who decides about {draft}?", "what is {use_case}?"),
    "assess": ("", "pilot diagnosis for {use_case}", "pilot diagnosis for {draft}"),
    "checklist": ("production readiness for {use_case}", "production readiness for {draft}"),
    "evaluation": ("{use_case}", "{draft}", "{use_case}: happy path 46 of 50"),
    "ready": ("{use_case}", "{draft} production"),
    "move": ("{use_case} paused", "{draft} paused"),
    "waive": ("{use_case}", "{draft}"),
    "waivers": ("",),
    "change": ("{use_case}", "{draft}", "{use_case} volume to 9"),
    "who": ("{use_case}", "{draft}"),
    "release": ("{use_case}", "{draft}"),
    "releases": ("{use_case}", "{draft}"),
    "stop": ("{use_case}", "{draft}", "{use_case} 1.1.0"),
    "roll-back": ("{use_case} 1.4.0", "{draft} 1.0.0", "{use_case}"),
    "contract": ("claims-feed",),
    "contracts": ("",),
    "breach": ("claims-feed",),
    "incident": ("list", "{draft} was wrong"),
    "review": ("", "here", "me"),
    "learn": ("", "team"),
    "feedback": ("", "it is slow"),
    "declare": ("", "ChatGPT for letters"),
    "plan": ("",),
    "welcome": ("",),
    "champions": ("", "claims", "nowhere"),
    "digest": ("", "the risk digest", "pause the risk digest", "send me the executive digest every week"),
    "record": ("", "{use_case}", "{draft}"),
    "my-data": ("",),
    "hold": ("", "{use_case}: because", "end {use_case}: because", "{draft}: because"),
    "away": ("",),
    "back": ("",),
}
"""Words after each command, with the ids of what there is."""
SHORTCUTS = (
    "new_use_case",
    "use_case_from_message",
    "incident_from_message",
    "feedback_from_message",
    "declare_tool",
)
