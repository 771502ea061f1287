"""Who may do what with a data contract: the checks, each with its kind refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from workflows.contract import Breach, Contract
from workflows.contract_reading import document_of, owner_of
from workflows.decision import Circumstances
from workflows.ids import Place, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.seeing import people_in
from workflows.systems import system_name
from workflows.use_case import UseCase
from workflows.working_time import by_the_clock


@dataclass(frozen=True)
class Attempt:
    """Somebody tries something with a contract. ``use_case`` and ``breach``: the one it is about."""

    contract: Contract | None
    """``None``: one that is submitted for the first time."""
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None
    use_case: UseCase | None = None
    relying: Sequence[UseCase] = ()
    breach: Breach | None = None
    named: UserId | None = None
    """The owner whom a new document names."""
    noted: dict[str, str] = field(default_factory=dict)

    @property
    def user(self) -> UserId:
        """Who tries."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The contract; of a new one, the person."""
        return self.contract.subject if self.contract else Subject(type="person", id=self.user)

    @property
    def detail(self) -> dict[str, str]:
        """What the audit log keeps besides."""
        more = {"use_case": self.use_case.id} if self.use_case else {}
        return {**self.noted, **more, **({"breach": self.breach.id} if self.breach else {})}

    def name(self, user: UserId | None) -> str:
        """A person's full name."""
        return self.directory.person(user).name if user else "nobody"


def owner(contract: Contract, directory: Directory) -> UserId | None:
    """Who owns the contract today: whom its document names, else who did when it was submitted."""
    found = owner_of(document_of(contract.current.document), directory)
    kept = contract.owner if contract.owner and directory.person(contract.owner).active else None
    return found or kept


def team(program: Program, directory: Directory, circ: Circumstances) -> tuple[UserId, ...]:
    """The program team."""
    return resolve(program.program_team, program, {}, directory, circ.now).people


def owners_of(use_case: UseCase, program: Program, directory: Directory) -> tuple[UserId, ...]:
    """Who answers for a use case: its submitter and everybody named as one of its owners, who are here."""
    return directory.active((use_case.submitter, *people_in(use_case, program)))


def operates(circ: Circumstances) -> bool:
    """Whether the command line itself acts, on nobody's behalf: whoever has that has the store as well."""
    return circ.actor.door == "cli" and bool(system_name(circ.actor.user))


def is_here(attempt: Attempt) -> Refusal | None:
    """Whoever left the company does nothing any more; a system whose signature was right may report."""
    if system_name(attempt.user) or attempt.directory.person(attempt.user).active:
        return None
    return Refusal("contract_not_yours", {"who": "the program team"})


def is_in_use(attempt: Attempt) -> Refusal | None:
    """A retired contract is history."""
    if attempt.contract and attempt.contract.status == "retired":
        return Refusal("contract_is_retired", {"title": attempt.contract.title})
    return None


def may_write(attempt: Attempt) -> Refusal | None:
    """The owner, whom a new contract names itself, and the program team."""
    if operates(attempt.circ):
        return None
    mine = owner(attempt.contract, attempt.directory) if attempt.contract else attempt.named
    if attempt.user == mine or attempt.user in team(attempt.program, attempt.directory, attempt.circ):
        return None
    return Refusal("contract_not_yours", {"who": attempt.name(mine)})


def speaks_for_the_use_case(attempt: Attempt) -> Refusal | None:
    """Its submitter and owners, the contract's owner, and the program team."""
    if operates(attempt.circ) or attempt.use_case is None:
        return None
    if attempt.user in owners_of(attempt.use_case, attempt.program, attempt.directory):
        return None
    if may_write(attempt) is None:
        return None
    return Refusal("contract_use_case_not_yours", {"who": attempt.name(attempt.use_case.submitter)})


def source_is_sound(attempt: Attempt) -> Refusal | None:
    """Nothing new is built on a source that breaks its word again and again."""
    contract, rules = attempt.contract, attempt.program.contracts
    if contract and breaks_again_and_again(contract, attempt.program, attempt.circ):
        values = {
            "title": contract.title,
            "breaches": str(rules.repeated_breaches),
            "days": str(rules.repeated_days),
            "who": attempt.name(owner(contract, attempt.directory)),
        }
        return Refusal("contract_shaky", values)
    return None


def breaks_again_and_again(contract: Contract, program: Program, circ: Circumstances) -> bool:
    """Whether it was broken so often of late that it is a problem of the source."""
    rules = program.contracts
    since = circ.now - timedelta(days=rules.repeated_days)
    return sum(b.at >= since for b in contract.breaches) >= rules.repeated_breaches


def relies_on_it(attempt: Attempt) -> Refusal | None:
    """Somebody of a use case that relies on the contract."""
    for use_case in attempt.relying:
        if attempt.user in owners_of(use_case, attempt.program, attempt.directory):
            return None
    return Refusal("contract_not_relied_upon")


def stands(attempt: Attempt) -> Refusal | None:
    """The breach is there and open; if not, who closed it and when."""
    breach = attempt.breach
    if breach is None:
        return Refusal("breach_gone")
    if breach.closed_at is None:
        return None
    zone = attempt.directory.person(attempt.user).tz
    when = by_the_clock(breach.closed_at, zone, attempt.circ.now)
    who = attempt.name(breach.closed_by) if breach.closed_by else "a measurement"
    return Refusal("breach_closed_already", {"who": who, "when": when})


SUBMIT = Right[Attempt]("contract.submit", (is_here, is_in_use, may_write))
RETIRE = Right[Attempt]("contract.retire", (is_here, is_in_use, may_write))
RELY = Right[Attempt]("contract.rely", (is_here, is_in_use, speaks_for_the_use_case, source_is_sound))
LEAVE = Right[Attempt]("contract.leave", (is_here, speaks_for_the_use_case))
ANSWER = Right[Attempt]("contract.answer", (is_here, relies_on_it))
REPORT = Right[Attempt]("breach.report", (is_here, is_in_use))
MEASURE = Right[Attempt]("contract.measure", (is_here, is_in_use))
CLOSE = Right[Attempt]("breach.close", (is_here, may_write, stands))
