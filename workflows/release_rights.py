"""Who may do what with a release: the checks, each with its kind refusal. Rights are made of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workflows.decision import Circumstances
from workflows.decision_rights import DecisionRight, Does
from workflows.dossier import Dossier
from workflows.expressions import environment, holds
from workflows.ids import Place, Subject, UserId
from workflows.live import Held, holders, tier_of
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal
from workflows.release import Release
from workflows.seeing import spoken_of
from workflows.systems import system_name
from workflows.working_time import by_the_clock


@dataclass(frozen=True)
class ReleaseAttempt:
    """Somebody tries something with a release, or with the use case it would belong to."""

    dossier: Dossier
    program: Program
    directory: Directory
    circ: Circumstances
    release: Release | None = None
    at: Place | None = None
    """Where the click happened; a refusal is whispered there, or else sent as a direct message."""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> UserId:
        """Who tries."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The release; before there is one, the use case."""
        return self.release.subject if self.release else self.dossier.use_case.subject

    @property
    def detail(self) -> Mapping[str, str]:
        """The use case and the version, for the audit log."""
        version = {"version": self.release.version} if self.release else {}
        return {"use_case": self.dossier.use_case.id, **version, **self.more}


Check = Callable[[ReleaseAttempt], Refusal | None]


def right_to(does: Does, program: Program) -> DecisionRight | None:
    """The decision right that lets its holders take that step; ``None``: nobody may."""
    return next((r for r in program.decision_rights.rights if r.does == does), None)


def holding(
    does: Does, dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> tuple[Held, ...]:
    """The people who may take that step with the use case now, by what makes them so."""
    right = right_to(does, program)
    if right is None:
        return ()
    use_case = dossier.use_case
    return holders(right, use_case, use_case.answers, program, directory, now)


def able(
    does: Does, dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> tuple[UserId, ...]:
    """The same people, each once."""
    found = holding(does, dossier, program, directory, now)
    return tuple(dict.fromkeys(u for held in found for u in held.people))


def may(does: Does) -> Check:
    """Whoever the program's decision rights name for that step: a person, or a system under its own name."""

    def check(attempt: ReleaseAttempt) -> Refusal | None:
        right = right_to(does, attempt.program)
        if right is None:
            return Refusal("release_nobody_may")
        system = system_name(attempt.user)
        if system and _system_holds(right, system, attempt):
            return None
        people = able(does, attempt.dossier, attempt.program, attempt.directory, attempt.circ.now)
        if attempt.user in people and attempt.directory.person(attempt.user).active:
            return None
        who = one_of([attempt.directory.person(u).name for u in people])
        return Refusal("release_not_yours", {"what": right.label, "who": who})

    return check


def _system_holds(right: DecisionRight, system: str, attempt: ReleaseAttempt) -> bool:
    use_case = attempt.dossier.use_case
    env = {**environment(attempt.program.intake, use_case.answers), "tier": tier_of(use_case)}
    return any(h.system == system and holds(h.when, env) for h in right.holders)


def stage_has_versions(attempt: ReleaseAttempt) -> Refusal | None:
    """The use case is where the program wants versions to be in use."""
    use_case, program = attempt.dossier.use_case, attempt.program
    stage = next((s for s in program.life_cycle.stages if s.id == use_case.stage), None)
    wanted = program.releases.stages
    if stage and use_case.assessment and (stage.id in wanted if wanted else stage.open):
        return None
    label = stage.label if stage else use_case.stage
    return Refusal("release_wrong_stage", {"title": spoken_of(use_case, attempt.user), "stage": label})


def last_note(release: Release, *what: str) -> tuple[UserId | None, datetime] | None:
    """Who did the last of these things with it, and when."""
    note = next((n for n in reversed(release.timeline) if n.what in what), None)
    return (note.by, note.at) if note else None


def who_and_when(attempt: ReleaseAttempt, release: Release, *what: str) -> dict[str, str]:
    """The same in words, for a refusal: ``{"who": "Lee Park", "when": "09:12"}``."""
    found = last_note(release, *what)
    by, at = found if found else (None, release.opened_at)
    tz = attempt.directory.person(attempt.user).tz
    return {"who": called(by, attempt.directory), "when": by_the_clock(at, tz, attempt.circ.now)}


def called(user: UserId | None, directory: Directory) -> str:
    """A person's name, or that of a system."""
    if user is None:
        return "the bot"
    system = system_name(user)
    return f"the system “{system}”" if system else directory.person(user).name


def one_of(names: list[str]) -> str:
    """``Priya Shah or Tom Becker``; ``nobody`` for none."""
    shown = names[:3] + (["others"] if len(names) > 3 else [])
    if not shown:
        return "nobody"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
