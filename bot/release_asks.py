"""What can be asked about releases from outside Slack: one request, one answer, by hook and command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.hearing import is_refusal, refusal_text
from bot.policies import rules_of
from bot.registry import Moment
from bot.views.kit import bare
from bot.views.say import words_of
from storage.reading import Reading
from storage.store import Tx
from workflows import releasing, stopping
from workflows.decision import Circumstances, Decision
from workflows.dossier import Dossier
from workflows.may_ship import Lack, lacks
from workflows.people import Directory
from workflows.program import Program
from workflows.release import Release
from workflows.release_rights import called
from workflows.releasing import Proposal, named, next_version

Action = Literal["propose", "may_ship", "shipped", "withdraw", "stop", "roll_back", "list"]
Status = Literal["done", "no", "refused", "conflict", "fields", "unknown"]
"""``no``: it may not ship. ``refused``: it is not theirs to do. ``conflict``: it does not fit the
state of this moment. ``fields``: something is missing or wrong in the request."""

_NOT_THEIRS = ("release_not_yours", "release_nobody_may")


class PartsIn(BaseModel):
    """The five parts; one that is left out stays as it is in the version in use."""

    model_config = ConfigDict(extra="forbid", str_max_length=200)

    model: str | None = None
    prompt: str | None = None
    retrieval: str | None = None
    data: str | None = None
    evaluation: str | None = None


class ReleaseAsk(BaseModel):
    """One request."""

    model_config = ConfigDict(extra="forbid", str_max_length=2000)

    action: Action
    use_case: str = Field(max_length=40)
    version: str = ""
    """Empty: the newest that is neither in use nor over; for stop and roll_back the one in use."""
    changed: str = ""
    why: str = ""
    """The reason: of a proposal, a stop or a roll-back."""
    impact: str = ""
    parts: PartsIn = PartsIn()
    another_model: bool = False
    link: str = ""
    to: str = ""
    """Of a roll-back: the version to go back to; empty: the last good one."""
    anyway: bool = False
    """Of a roll-back: also to a version that was itself stopped or rolled back."""


READS: tuple[Action, ...] = ("may_ship", "list")
"""What changes nothing."""


@dataclass(frozen=True)
class ReleaseAnswer:
    """What is answered: ``ok`` is in the body as well."""

    status: Status
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it was done, or may be."""
        return self.status == "done"


def read(reading: Reading, moment: Moment, ask: ReleaseAsk) -> ReleaseAnswer:
    """The answer to a request that changes nothing (see :data:`READS`)."""
    dossier = reading.dossier(ask.use_case)
    if dossier is None:
        return _unknown(moment, "release_no_use_case", id=ask.use_case)
    directory = reading.directory()
    title = _title(dossier)
    if ask.action == "list":
        found = [_summary(r, directory) for r in dossier.releases]
        return _done(moment, "release_list", title=title, id=dossier.use_case.id, releases=found)
    release = _meant(ask, dossier)
    if release is None:
        return _unknown(moment, "release_none", title=title, version=ask.version)
    program = rules_of(reading, moment.program, dossier.use_case)
    found_lacks = lacks(release, dossier, program, directory, moment.now)
    return _may_ship(moment, release, title, found_lacks, directory)


def act(tx: Tx, moment: Moment, circ: Circumstances, ask: ReleaseAsk) -> ReleaseAnswer:
    """Do what a request asks, in this transaction; a refusal is kept in the audit log."""
    use_case = tx.lock_use_case(ask.use_case)
    dossier = tx.dossier(ask.use_case) if use_case else None
    if dossier is None:
        return _unknown(moment, "release_no_use_case", id=ask.use_case)
    directory, program = tx.directory(), rules_of(tx, moment.program, dossier.use_case)
    circ = circ.model_copy(update={"program": program.stamp})
    title = _title(dossier)
    if ask.action == "propose":
        return _propose(tx, moment, circ, ask, dossier, program)
    release = _meant(ask, dossier)
    if release is None:
        return _unknown(moment, "release_none", title=title, version=ask.version)
    if _so_already(ask, release):
        return _done(moment, _DONE[ask.action], title=title, release=_summary(release, directory), again=True)
    whole = (dossier, program, directory, circ)
    match ask.action:
        case "shipped":
            decision = releasing.ship(release, *whole)
        case "withdraw":
            decision = releasing.withdraw(release, *whole)
        case "stop":
            decision = stopping.stop(release, *whole, why=ask.why)
        case _:
            to = named(ask.to, dossier) if ask.to else None
            if ask.to and to is None:
                return _unknown(moment, "release_none", title=title, version=ask.to)
            decision = stopping.roll_back(
                *whole, to.id if to else None, release.id, why=ask.why, again=ask.anyway
            )
    return _applied(tx, moment, circ, ask, decision, dossier, release)


_DONE: Mapping[str, str] = {
    "shipped": "release_is_live",
    "withdraw": "release_is_withdrawn",
    "stop": "release_is_stopped",
    "roll_back": "release_is_back",
}


def _so_already(ask: ReleaseAsk, release: Release) -> bool:
    """Asked for once more what was done: that is no fault, a pipeline repeats itself."""
    return (ask.action, release.status) in (
        ("shipped", "live"),
        ("stop", "stopped"),
        ("withdraw", "withdrawn"),
    )


def _meant(ask: ReleaseAsk, dossier: Dossier) -> Release | None:
    if ask.version:
        return named(ask.version, dossier)
    if ask.action == "roll_back":
        return stopping.current(dossier)
    if ask.action == "stop" and dossier.live:
        return dossier.live
    return next((r for r in dossier.releases if r.status in ("proposed", "approved")), None)


def _propose(
    tx: Tx, moment: Moment, circ: Circumstances, ask: ReleaseAsk, dossier: Dossier, program: Program
) -> ReleaseAnswer:
    directory = tx.directory()
    decision = releasing.propose(
        tx.new_id("release"),
        tx.new_id("approval"),
        Proposal(
            version=ask.version or next_version(dossier),
            changed=ask.changed,
            why=ask.why,
            impact=ask.impact,
            another_model=ask.another_model,
            link=ask.link,
            **ask.parts.model_dump(),
        ),
        dossier,
        program,
        directory,
        circ,
        source="webhook" if circ.actor.door == "webhook" else "cli",
    )
    if decision.problems:
        missing = [{"field": k, "says": bare(v)} for k, v in decision.problems.items()]
        says = " ".join(f"{m['field']}: {m['says']}" for m in missing)
        return ReleaseAnswer("fields", {"ok": False, "error": "fields", "says": says, "fields": missing})
    return _applied(tx, moment, circ, ask, decision, dossier, None)


def _applied(
    tx: Tx,
    moment: Moment,
    circ: Circumstances,
    ask: ReleaseAsk,
    decision: Decision,
    dossier: Dossier,
    release: Release | None,
) -> ReleaseAnswer:
    """Store it, and say what came of it."""
    directory = tx.directory()
    title = _title(dossier)
    if decision.problems:
        says = " ".join(f"{k}: {bare(v)}" for k, v in decision.problems.items())
        return ReleaseAnswer("fields", {"ok": False, "error": "fields", "says": says})
    if is_refusal(decision):
        because = str(next(e.detail["because"] for e in decision.entries if e.refused))
        says = bare(refusal_text(moment, decision))
        # Whoever asks reads why in the answer; nobody is sent a message about it.
        tx.apply(decision.model_copy(update={"effects": ()}), circ)
        status: Status = "refused" if because in _NOT_THEIRS else "conflict"
        body: dict[str, Any] = {"ok": False, "error": because.removeprefix("release_"), "says": says}
        if because == "release_may_not_ship" and release is not None:
            program = rules_of(tx, moment.program, dossier.use_case)
            found = lacks(release, dossier, program, directory, moment.now)
            body["missing"] = [_lack(lack, directory) for lack in found]
        return ReleaseAnswer(status, body)
    stored = [a for a in tx.apply(decision, circ) if isinstance(a, Release)]
    if ask.action == "propose":
        made = stored[-1]
        return _done(moment, "release_proposed", release=_summary(made, directory), title=title, id=made.id)
    now = next((a for a in stored if release and a.id == release.id), stored[-1])
    if ask.action == "roll_back":
        now = stored[-1]
    return _done(moment, _DONE[ask.action], title=title, release=_summary(now, directory))


def _may_ship(
    moment: Moment, release: Release, title: str, found: Sequence[Lack], directory: Directory
) -> ReleaseAnswer:
    says = words_of(
        moment.program, "release_no" if found else "release_yes", version=release.version, title=title
    )
    body = {
        "ok": not found,
        "says": bare(says),
        "release": _summary(release, directory),
        "missing": [_lack(lack, directory) for lack in found],
    }
    return ReleaseAnswer("no" if found else "done", body)


def _lack(lack: Lack, directory: Directory) -> dict[str, Any]:
    return {"kind": lack.kind, "says": lack.says, "who": [called(u, directory) for u in lack.who]}


def _done(
    moment: Moment,
    key: str,
    release: Mapping[str, Any] | None = None,
    releases: Sequence[Mapping[str, Any]] | None = None,
    again: bool = False,
    **values: str,
) -> ReleaseAnswer:
    named_version = {"version": str(release["version"])} if release else {}
    says = bare(words_of(moment.program, key, **{**named_version, **values}))
    body: dict[str, Any] = {"ok": True, "says": says}
    if release is not None:
        body["release"] = release
    if releases is not None:
        body["releases"] = list(releases)
    if again:
        body["again"] = True
    return ReleaseAnswer("done", body)


def _unknown(moment: Moment, key: str, **values: str) -> ReleaseAnswer:
    says = bare(words_of(moment.program, key, **values))
    return ReleaseAnswer("unknown", {"ok": False, "error": "unknown", "says": says})


def _summary(release: Release, directory: Directory) -> dict[str, Any]:
    return {
        "id": release.id,
        "use_case": release.use_case,
        "version": release.version,
        "status": release.status,
        "proposed_by": called(release.proposed_by, directory),
        "parts": release.parts.model_dump(),
        "changed": release.changed,
        "approval": release.approval,
        "live_at": release.live_at.isoformat() if release.live_at else None,
        "ended_by": called(release.ended_by, directory) if release.ended_by else None,
        "ended_why": release.ended_why,
    }


def _title(dossier: Dossier) -> str:
    return dossier.use_case.title or str(dossier.use_case.id)
