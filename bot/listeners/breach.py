"""Breaches of data contracts: reported by command, button, words or a system; closed with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.contracts import Hearing, found, hearing
from bot.hearing import clicked, field, is_refusal, place_of, refusal_text, submitted
from bot.hooks import HookAnswer, HookIn, HookRefused, on_hook, parsed
from bot.inputs import Click, CommandIn, MessageIn, Submission
from bot.registry import Answer, Message, Moment, command, on_action, on_view
from bot.views.approval_forms import told
from bot.views.contract_forms import KINDS, breach_form, close_form
from bot.views.kit import bare
from bot.views.say import words_of
from storage.store import Tx
from workflows import breaching
from workflows.breaching import Seen, Value
from workflows.contract import Breach, Contract
from workflows.contract_rights import CLOSE, Attempt
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPlace
from workflows.ids import Subject
from workflows.words.breach import read_breach, speaks_of_trouble


@command("breach", help="report data that is late, missing or wrong", usage="[data]")
def breach(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight breach``: the form, with the data chosen where it is named."""
    return _form(moment, said.rest, "", "")


@on_action("breach.report")
def open_report(moment: Moment, click: Click) -> Answer:
    """The same from a card, or from words in which somebody said that data is broken."""
    name, _, said = str(click.value or "").partition("|")
    return _form(moment, name, said, _kind(said))


def _kind(said: str) -> str:
    read = read_breach(said, [("x", said)]) if said else None
    return read.kind if read else ""


def _form(moment: Moment, name: str, said: str, kind: str) -> Answer:
    with moment.store.read() as reading:
        known = reading.matters(Contract, statuses=("active",))
        chosen = found(reading, name)
    if not known:
        return Answer(note=Message(text=words_of(moment.program, "breach_no_contract")))
    first = [c for c in known if chosen and c.id == chosen.id]
    ordered = [*first, *sorted((c for c in known if c not in first), key=lambda c: c.title.casefold())]
    return Answer(view=breach_form(ordered, chosen, said, kind))


@on_view("breach.report")
def report(moment: Moment, submission: Submission) -> Answer:
    """What somebody saw; everybody who relies on the data hears of it."""
    layer, promise, _ = KINDS.get(field(submission, "kind"), KINDS["other"])
    about = field(submission, "field").strip()
    if layer == "behavioural":
        about = f"{promise}:{about}" if promise and about else promise or about
    severity = field(submission, "severity")
    seen = Seen(
        layer,
        about,
        field(submission, "what"),
        severity if severity in ("low", "high") else "medium",  # type: ignore[arg-type]
    )
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        heard = hearing(tx, moment, circ, field(submission, "contract"))
        if heard is None:
            return Answer(errors={"contract": words_of(moment.program, "breach_choose")})
        decision = heard.ask(breaching.report, seen=seen)
        if decision.problems:
            return Answer(errors={k: bare(v) for k, v in decision.problems.items()})
        if not tx.first_time(submission.key):
            return Answer(clear=True)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(update=told("Not possible", refusal_text(moment, decision)))
        tx.apply(decision, circ)
        owner = heard.contract.owner
        who = tx.directory().person(owner).name if owner else "The program team"
    text = words_of(moment.program, "breach_reported", who=who, title=heard.contract.title)
    return Answer(update=told(heard.title, text))


@on_action("breach.close")
def open_close(moment: Moment, click: Click) -> Answer:
    """Opens the form for the reason, for those who may close it."""

    def do(heard: Hearing, id: str) -> Answer | None:
        standing = heard.contract.breach(id)
        attempt = Attempt(
            heard.contract,
            moment.program,
            heard.tx.directory(),
            heard.circ,
            place_of(click) if click.channel else None,
            breach=standing,
        )
        refused = CLOSE.refused(attempt)
        if refused or standing is None:
            heard.tx.apply(refused or Decision(), heard.circ)
            return None
        return Answer(view=close_form(heard.contract, standing))

    return clicked(moment, click, hearing, do)


@on_view("breach.close")
def close(moment: Moment, submission: Submission) -> Answer:
    """It is over."""
    reason = field(submission, "reason")

    def do(heard: Hearing, private: Mapping[str, Any]) -> Decision:
        return heard.ask(breaching.close, breach=str(private.get("breach")), reason=reason)

    return submitted(moment, submission, "contract", hearing, do)


def told_of_a_breach(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message says that data is broken; then the bot offers to report it, with one click."""
    if not speaks_of_trouble(message.text):
        return False
    known = tx.matters(Contract, statuses=("active",))
    read = read_breach(message.text, [(str(c.id), c.title) for c in known])
    if read is None or not known:
        return False
    data = {"contract": read.contract, "words": message.text[:1500]}
    subject = Subject(type="contract", id=read.contract or str(known[0].id))
    post = Post(to=ToPlace(place=message.place), kind="breach_offer", subject=subject, data=data)
    tx.apply(Decision(effects=(post,)), circ)
    return True


# --- systems ------------------------------------------------------------------------------------------------


class _Measurement(BaseModel):
    """One measured value; ``unit`` as in the contract where it is left out."""

    model_config = ConfigDict(extra="forbid")

    property: str = Field(min_length=1, max_length=100)
    value: float = Field(allow_inf_nan=False)
    unit: str = Field(default="", max_length=20)
    element: str = Field(default="", max_length=200)
    at: AwareDatetime | None = None


class _Told(BaseModel):
    """What a system sends: measured values, or a breach that it saw itself, or its end."""

    model_config = ConfigDict(extra="forbid")

    contract: str = Field(min_length=1, max_length=200)
    measurements: tuple[_Measurement, ...] = Field(default=(), max_length=100)
    layer: Literal["structural", "semantic", "behavioural"] = "behavioural"
    about: str = Field(default="", max_length=200)
    what: str = Field(default="", max_length=3000)
    severity: Literal["low", "medium", "high"] = "medium"
    since: AwareDatetime | None = None


@on_hook("breach")
def from_a_system(moment: Moment, hook: HookIn) -> HookAnswer:
    """``POST /hooks/breach``: measured values are compared with the promises; ``what`` reports a breach."""
    sent = parsed(_Told, hook.body)
    if bool(sent.measurements) == bool(sent.what.strip()):
        raise HookRefused(400, "fields", "Send measurements, or what is broken; one of the two.")
    circ = hook.circumstances(moment)
    with moment.store.write() as tx:
        named = found(tx, sent.contract)
        heard = hearing(tx, moment, circ, str(named.id)) if named else None
        if heard is None:
            says = f"There is no data contract {sent.contract!r}. `preflight contracts list` shows them."
            raise HookRefused(404, "no_such_contract", says)
        if not hook.first_time(tx, moment.now):
            return HookAnswer(_state(heard.contract, again=True))
        decision = _asked(heard, sent)
        if decision.problems:
            told_why = "; ".join(f"{k}: {bare(v)}" for k, v in decision.problems.items())
            raise HookRefused(422, "not_comparable", f"{told_why}.")
        if is_refusal(decision):
            raise HookRefused(409, "retired", f"{heard.contract.title} is retired.")
        tx.apply(decision, circ)
        now = next((c for c in decision.changed if isinstance(c, Contract)), heard.contract)
    return HookAnswer(_state(now, again=False))


def _asked(heard: Hearing, sent: _Told) -> Decision:
    if sent.measurements:
        values = [Value(m.property, m.value, m.unit, m.element, _utc(m.at)) for m in sent.measurements]
        return heard.ask(breaching.measured, values=values)
    seen = Seen(sent.layer, sent.about.strip(), sent.what, sent.severity, _utc(sent.since))
    return heard.ask(breaching.report, seen=seen, source="webhook")


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _state(contract: Contract, again: bool) -> dict[str, Any]:
    return {
        "ok": True,
        "contract": contract.id,
        "name": contract.name,
        "again": again,
        "open_breaches": [_standing(b) for b in contract.open_breaches],
    }


def _standing(breach: Breach) -> dict[str, Any]:
    shown = breach.model_dump(mode="json", include={"id", "layer", "about", "severity"})
    return {**shown, "since": breach.at.isoformat()}
