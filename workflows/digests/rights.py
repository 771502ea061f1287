"""Who may have a digest, and who may say where and when it comes: the checks, each with its kind refusal."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.champions import functions_of, is_champion_of
from workflows.decision import Circumstances
from workflows.digests.policy import DigestSpec
from workflows.digests.subscription import Subscription
from workflows.effects import Address, ToPerson
from workflows.ids import Place, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.roles import resolve


@dataclass(frozen=True)
class Attempt:
    """Somebody wants a digest, or wants to change how it comes."""

    spec: DigestSpec | None
    """``None``: the program has it no more; then it can still be ended."""
    to: Address
    program: Program
    directory: Directory
    circ: Circumstances
    function: str = ""
    subscription: Subscription | None = None
    """``None``: a new one, or a preview."""
    at: Place | None = None

    @property
    def user(self) -> UserId:
        """Who tries."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The subscription; of a new one, the person."""
        return self.subscription.subject if self.subscription else Subject(type="person", id=self.user)

    @property
    def detail(self) -> dict[str, str]:
        """Which digest, for the audit log."""
        return {"digest": self.spec.id, "function": self.function} if self.spec else {}


def in_team(user: UserId, program: Program, directory: Directory, circ: Circumstances) -> bool:
    """Whether somebody belongs to the program team."""
    return user in resolve(program.program_team, program, {}, directory, circ.now).people


def is_for(
    spec: DigestSpec, user: UserId, program: Program, directory: Directory, circ: Circumstances
) -> bool:
    """Whether somebody is among the readers that a digest is for, as roles are at this moment."""
    if not spec.readers or in_team(user, program, directory, circ):
        return True
    found = (resolve(role, program, {}, directory, circ.now) for role in spec.readers)
    return any(user in role.people and not role.unresolved for role in found)


def is_here(attempt: Attempt) -> Refusal | None:
    """Whoever left, or was never there, gets nothing."""
    return None if attempt.directory.person(attempt.user).active else Refusal("digest_not_for_you")


def may_read_it(attempt: Attempt) -> Refusal | None:
    """Some digests are for certain roles; the program team reads all."""
    spec = attempt.spec
    if spec is None or is_for(spec, attempt.user, attempt.program, attempt.directory, attempt.circ):
        return None
    labels = [attempt.program.roles[r].label for r in spec.readers if r in attempt.program.roles]
    return Refusal("digest_for_others", {"who": ", ".join(labels)})


def looks_after_it(attempt: Attempt) -> Refusal | None:
    """One's own is one's own; a channel's is the program team's, or, of one function, its champions'."""
    if isinstance(attempt.to, ToPerson):
        return None if attempt.to.user == attempt.user else Refusal("digest_not_yours")
    if in_team(attempt.user, attempt.program, attempt.directory, attempt.circ):
        return None
    function = attempt.program.functions.get(attempt.function)
    if function is None:
        return Refusal("digest_of_the_team")
    champion = is_champion_of(attempt.user, attempt.program, attempt.directory, attempt.circ.now)
    own = function.id in functions_of(attempt.user, attempt.program, attempt.directory)
    return None if champion and own else Refusal("digest_of_champions", {"function": function.label})


def goes_on(attempt: Attempt) -> Refusal | None:
    """What has ended is taken up again first."""
    there = attempt.subscription
    return Refusal("digest_is_over") if there is None or there.status == "ended" else None


PREVIEW: Right[Attempt] = Right("digest.preview", (is_here, may_read_it))
SUBSCRIBE: Right[Attempt] = Right("digest.subscribe", (is_here, may_read_it, looks_after_it))
CHANGE: Right[Attempt] = Right("digest.change", (is_here, looks_after_it))
KEEP: Right[Attempt] = Right("digest.change", (is_here, looks_after_it, goes_on))
