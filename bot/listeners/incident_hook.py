"""``POST /hooks/incident``: a system that watches reports an incident, or says that it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.hearing import is_refusal
from bot.hooks import HookAnswer, HookIn, HookRefused, on_hook, parsed
from bot.listeners.incident import hearing
from bot.listeners.reporting import taken
from bot.registry import Moment
from bot.views.kit import bare
from storage import titles
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances
from workflows.ids import Place
from workflows.incident import Incident, Quoted
from workflows.incidents import handling as rules
from workflows.incidents.reporting import WHAT_AT_MOST, Report, suggested_kind
from workflows.use_case import UseCase


class Told(BaseModel):
    """The body: a report, or (``incident`` and ``action``) what happened with one."""

    model_config = ConfigDict(extra="forbid")

    use_case: str = Field(default="", max_length=300)
    """Its id or its name; empty: not known."""
    kind: str = Field(default="", max_length=80)
    severity: str = Field(default="", max_length=80)
    what: str = Field(default="", max_length=WHAT_AT_MOST)
    began_at: datetime | None = None
    reference: str = Field(default="", max_length=200)
    """What the system calls it: the same reference again is the same incident."""
    link: str = Field(default="", max_length=2000, pattern=r"^(https?://.*)?$")
    incident: str = Field(default="", max_length=40)
    action: Literal["report", "note"] = "report"


@on_hook("incident")
def from_a_system(moment: Moment, hook: HookIn) -> HookAnswer:
    """A report makes an incident, or joins the one of the same reference; a note goes into its timeline."""
    told = parsed(Told, hook.body)
    circ = hook.circumstances(moment)
    with moment.store.write() as tx:
        if told.action == "note":
            return _noted(tx, moment, circ, hook, told)
        use_case = named(tx, told.use_case)
        if told.use_case and use_case is None:
            says = f"There is no use case {told.use_case!r}. `preflight usecases list` shows them."
            raise HookRefused(404, "no_such_use_case", says)
        if not hook.first_time(tx, moment.now):
            return HookAnswer({"ok": True, "again": True})
        decision = taken(tx, moment, circ, report_of(told, hook.system, moment), _id(use_case))
        if decision.problems:
            says = "; ".join(f"{k}: {bare(v)}" for k, v in decision.problems.items())
            raise HookRefused(422, "fields", says)
        tx.apply(decision, circ)
        made = next((i for i in decision.changed if isinstance(i, Incident)), None)
    return HookAnswer({"ok": True, "again": False, "incident": str(made.id) if made else ""})


def report_of(told: Told, system: str, moment: Moment) -> Report:
    """The report in the words of the rules. A naive time is taken as UTC."""
    began = told.began_at
    if began is not None and began.tzinfo is None:
        began = began.replace(tzinfo=moment.now.tzinfo)
    quoted = place = None
    if told.reference:
        place = Place(channel=f"hook/{system}", thread=told.reference)
        quoted = Quoted(text=told.what, link=told.link, channel=place.channel, ts=told.reference)
    return Report(
        kind=told.kind or suggested_kind(told.what, moment.program) or moment.program.incidents.kinds[-1].id,
        severity=told.severity,
        what=told.what,
        began_at=began,
        quoted=quoted,
        source="webhook",
        place=place,
    )


def named(reading: Reading, name: str) -> UseCase | None:
    """The use case of that id or exact name."""
    found = reading.use_case(name.strip().upper()) if name.strip() else None
    if found is not None or not name.strip():
        return found
    said = name.strip().casefold()
    ids = (known.id for known in titles.known(reading.connection, None) if known.title.casefold() == said)
    return reading.use_case(next(ids, ""))


def _id(use_case: UseCase | None) -> str:
    return str(use_case.id) if use_case else ""


def _noted(tx: Tx, moment: Moment, circ: Circumstances, hook: HookIn, told: Told) -> HookAnswer:
    heard = hearing(tx, moment, circ, told.incident.upper())
    if heard is None:
        raise HookRefused(404, "no_such_incident", f"There is no incident {told.incident!r}.")
    if not hook.first_time(tx, moment.now):
        return HookAnswer({"ok": True, "again": True, "incident": str(heard.incident.id)})
    decision = rules.note(heard.handling(), told.what)
    if decision.problems or is_refusal(decision) or not decision.changed:
        raise HookRefused(409, "not_taken", "A note needs words, and an incident that is not closed.")
    tx.apply(decision, circ)
    return HookAnswer({"ok": True, "again": False, "incident": str(heard.incident.id)})
