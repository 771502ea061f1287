"""The questions that can be asked of the stored state, all answered from one moment of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Select, Text, cast, select

from storage import audit, cards, consultations, desks, events, laters, portfolio, programs, statements, texts
from storage.aggregates import KIND_OF, LAYOUTS
from storage.cards import Card
from storage.people import DirectoryCache
from storage.programs import KeptProgram
from storage.schema import Approvals, UseCases, Waits
from storage.texts import Comparable
from workflows.approval import Approval, ApprovalKind
from workflows.consultation import Consultation, Told
from workflows.contract import Contract
from workflows.decision import Aggregate
from workflows.desk import ANYTHING, Counts, Filter, Row
from workflows.dossier import Dossier
from workflows.effects import Later
from workflows.events import Event
from workflows.ids import Place, Subject, Tier, UseCaseId
from workflows.incident import Incident
from workflows.matter import Matter
from workflows.people import Directory
from workflows.portfolio.listing import Order, Page, Wanted, stages_of
from workflows.release import Release
from workflows.use_case import UseCase
from workflows.waiting import Wait
from workflows.waiver import Waiver
from workflows.walk import Walk

if TYPE_CHECKING:
    from storage.metrics.registry import By
    from workflows.measures.measured import Series
    from workflows.program import Program

_ANY: tuple[ApprovalKind, ...] = ("intake", "gate", "release", "waiver", "change", "renewal")

A = TypeVar("A", bound=Aggregate)
M = TypeVar("M", bound=Matter)


class Reading:
    """A view of one moment. Everything returned is a value: it stays what it was."""

    def __init__(self, connection: Connection, directories: DirectoryCache) -> None:
        self.connection = connection
        self._directories = directories

    # --- aggregates by id -------------------------------------------------------------------------------

    def use_case(self, id: str) -> UseCase | None:
        """The use case of that id."""
        return self._one(UseCase, statements.USE_CASE, id=id)

    def walk(self, id: str) -> Walk | None:
        """The walk of that id."""
        return self._one(Walk, statements.WALK, id=id)

    def approval(self, id: str) -> Approval | None:
        """The approval of that id."""
        return self._one(Approval, statements.APPROVAL, id=id)

    # --- walks -------------------------------------------------------------------------------------------

    def walk_at(self, channel: str, thread: str | None) -> Walk | None:
        """The walk of a thread (each has one). Of several, one that can be gone on with; else the last."""
        return None if thread is None else self._one(Walk, statements.WALK_AT, channel=channel, thread=thread)

    def walk_of(self, use_case: str) -> Walk | None:
        """The intake of a use case; of several, the one that was touched last."""
        return self._one(Walk, statements.WALK_OF, use_case=use_case)

    def drafts_of(self, user: str) -> tuple[Walk, ...]:
        """The walks a person can go on with, the one touched last first."""
        return self._all(Walk, statements.DRAFTS_OF, user=user)

    # --- the whole of one, and matters -------------------------------------------------------------------

    def get(self, model: type[A], id: str) -> A | None:
        """The one of that kind and id."""
        return self._one(model, LAYOUTS[KIND_OF[model]].one, id=id)

    def matters(
        self,
        model: type[M],
        *,
        use_case: str = "",
        name: str = "",
        owner: str = "",
        at: Place | None = None,
        statuses: Sequence[str] = (),
        unowned: bool = False,
        at_most: int | None = None,
        skip: int = 0,
    ) -> tuple[M, ...]:
        """The matters of one kind (releases, incidents ...) that meet every condition given, newest first.

        ``unowned``: only those that are nobody's own.
        """
        rows = LAYOUTS[KIND_OF[model]].table.c
        wanted = select(rows.state)
        for column, value in ((rows.use_case, use_case), (rows.name, name), (rows.owner, owner)):
            if value:
                wanted = wanted.where(column == value)
        if unowned:
            wanted = wanted.where(rows.owner.is_(None))
        if at is not None:
            wanted = wanted.where(rows.channel == at.channel, rows.thread == at.thread)
        if statuses:
            wanted = wanted.where(rows.status.in_(tuple(statuses)))
        ordered = wanted.order_by(rows.opened_at.desc(), rows.id.desc())
        return self._all(model, ordered.limit(at_most).offset(skip or None))

    def walks_about(self, use_case: str) -> tuple[Walk, ...]:
        """Every walk about a use case, the one touched last first."""
        return self._all(Walk, statements.WALKS_ABOUT, use_case=use_case)

    def dossier(self, use_case: str) -> Dossier | None:
        """Everything that is known of a use case."""
        found = self.use_case(use_case)
        if found is None:
            return None
        return Dossier(
            use_case=found,
            walks=self.walks_about(use_case),
            approvals=self.approvals_of(use_case),
            waivers=self.matters(Waiver, use_case=use_case),
            releases=self.matters(Release, use_case=use_case),
            incidents=self.matters(Incident, use_case=use_case),
            contracts=self.contracts_of(use_case),
        )

    def contracts_of(self, use_case: str) -> tuple[Contract, ...]:
        """The data contracts that a use case relies on, newest first."""
        rows = LAYOUTS["contract"].table.c
        # Contracts hold whole documents: those that cannot be meant stay in the database.
        named = cast(rows.state, Text).contains(f'"{use_case}"', autoescape=True)
        wanted = select(rows.state).where(named).order_by(rows.opened_at.desc(), rows.id.desc())
        return tuple(c for c in self._all(Contract, wanted) if use_case in c.consumers)

    def waits_for(self, user: str) -> tuple[tuple[Subject, Wait], ...]:
        """Everything that waits for a person, the most urgent first."""
        found = self.connection.execute(statements.WAITS_FOR, {"user": user})
        return tuple(
            (
                Subject(type=row.subject_type, id=row.subject_id),
                Wait(row.kind, row.item, row.person, row.due),
            )
            for row in found
        )

    # --- use cases ---------------------------------------------------------------------------------------

    def use_cases_of(self, user: str) -> tuple[UseCase, ...]:
        """The use cases a person submitted or drafted, newest first."""
        return self._all(UseCase, statements.USE_CASES_OF, user=user)

    def use_cases(
        self,
        *,
        stages: Sequence[str] = (),
        tiers: Sequence[Tier] = (),
        submitter: str = "",
        source: str = "",
        newest_first: bool = False,
        at_most: int | None = None,
        skip: int = 0,
    ) -> tuple[UseCase, ...]:
        """The use cases that meet every condition given, oldest first unless asked otherwise."""
        wanted = select(UseCases.state)
        if stages:
            wanted = wanted.where(UseCases.stage.in_(tuple(stages)))
        if tiers:
            wanted = wanted.where(UseCases.tier.in_(tuple(tiers)))
        if submitter:
            wanted = wanted.where(UseCases.submitter == submitter)
        if source:
            wanted = wanted.where(UseCases.source == source)
        if newest_first:
            wanted = wanted.order_by(UseCases.created_at.desc(), UseCases.id.desc())
        else:
            wanted = wanted.order_by(UseCases.created_at, UseCases.id)
        return self._all(UseCase, wanted.limit(at_most).offset(skip or None))

    def titles(self, ids: Iterable[UseCaseId]) -> dict[UseCaseId, str]:
        """What these use cases are called; the id of one without a name."""
        found = self.connection.execute(statements.TITLES, {"ids": tuple(ids)})
        return {UseCaseId(id): title or id for id, title in found}

    def portfolio(
        self,
        wanted: Wanted,
        order: Order,
        program: Program,
        at_most: int | None,
        skip: int = 0,
        reader: str | None = None,
        whole: bool = False,
    ) -> Page:
        """A page of the portfolio with its counts, see :func:`storage.portfolio.page`."""
        stages = stages_of(wanted, program)
        card = program.scorecard
        return portfolio.page(self.connection, wanted, stages, order, card, at_most, skip, reader, whole)

    def imported(self) -> dict[str, UseCaseId]:
        """What was imported before: the key of its source row -> its id."""
        keys = select(UseCases.source_key, UseCases.id).where(UseCases.source_key != "")
        return {key: UseCaseId(id) for key, id in self.connection.execute(keys)}

    def texts(self, fingerprint: str = "") -> tuple[Comparable, ...]:
        """What a new use case is compared with: every one but drafts, with vectors of that model."""
        return texts.comparable(self.connection, fingerprint)

    def texts_missing(self, fingerprint: str, at_most: int = 100) -> tuple[UseCaseId, ...]:
        """Use cases, but drafts, without a vector of that model."""
        return texts.missing(self.connection, fingerprint, at_most)

    # --- approvals ---------------------------------------------------------------------------------------

    def approval_of(self, use_case: str) -> Approval | None:
        """The newest approval of the use case itself: as submitted, changed or renewed."""
        return next(iter(self.approvals_of(use_case, statements.OF_THE_WHOLE)), None)

    def newest_approvals(self, use_cases: Iterable[UseCaseId]) -> dict[UseCaseId, Approval]:
        """As :meth:`approval_of`, for each of these use cases that has one."""
        found = self.connection.execute(
            statements.NEWEST_APPROVALS, {"use_cases": tuple(use_cases)}
        ).scalars()
        newest = {state["use_case"]: state for state in found}
        return {UseCaseId(id): Approval.model_validate(state) for id, state in newest.items()}

    def approvals_of(self, use_case: str, kinds: Sequence[ApprovalKind] = _ANY) -> tuple[Approval, ...]:
        """The approvals of a use case, of whatever it is, newest first."""
        found = self.connection.execute(
            statements.APPROVALS_OF, {"use_case": use_case, "kinds": tuple(kinds)}
        )
        return tuple(Approval.model_validate(state) for state in found.scalars())

    def approvals_open(self) -> tuple[Approval, ...]:
        """Every case that waits for a decision, oldest first."""
        waiting = select(Approvals.state).where(Approvals.status == "waiting")
        return self._all(Approval, waiting.order_by(Approvals.opened_at, Approvals.id))

    def approvals_promised(self) -> tuple[Approval, ...]:
        """Every approved case with a condition that is not met yet, oldest first."""
        ids = select(Waits.subject_id).where(Waits.subject_type == "approval", Waits.kind == "condition")
        wanted = select(Approvals.state).where(Approvals.status == "approved", Approvals.id.in_(ids))
        return self._all(Approval, wanted.order_by(Approvals.opened_at, Approvals.id))

    def promised_for(self, use_cases: Iterable[UseCaseId]) -> dict[UseCaseId, tuple[Approval, ...]]:
        """Of each of these use cases the approved cases with a condition that is not met, newest first."""
        found: dict[UseCaseId, tuple[Approval, ...]] = {}
        for state in self.connection.execute(
            statements.PROMISED_FOR, {"use_cases": tuple(use_cases)}
        ).scalars():
            approval = Approval.model_validate(state)
            found[approval.use_case] = (*found.get(approval.use_case, ()), approval)
        return found

    def approvals_waiting_for(self, user: str) -> tuple[Approval, ...]:
        """The cases in which this person is to decide, the most urgent first."""
        states: dict[str, Any] = {}
        for row in self.connection.execute(statements.WAITING_FOR, {"user": user}):
            states.setdefault(row.id, row.state)
        return tuple(Approval.model_validate(state) for state in states.values())

    def approval_at(self, channel: str, thread: str | None) -> Approval | None:
        """The case a thread belongs to: its submitter's thread, or one under a card of the case.

        Of several in one thread, the one that waits for a decision; else the newest.
        """
        if thread is None:
            return None
        found = self._one(Approval, statements.APPROVAL_AT, channel=channel, thread=thread)
        if found is None:
            card = self.card_at(channel, thread)
            if card is not None and card.subject.type == "approval":
                found = self.approval(card.subject.id)
        return found

    def anchors_under_way(self, user: str) -> bool:
        """Whether a message is on its way to this person whose thread will be a walk's own."""
        under_way = self.connection.execute(
            statements.UNDER_WAY, {"conversation": f"person/{user}"}
        ).scalars()
        return any(effect.get("anchor") for effect in under_way)

    # --- what waits for a person, in pages ---------------------------------------------------------------

    def desk_page(
        self, user: str, wanted: Filter, now: datetime, at_most: int, skip: int = 0
    ) -> tuple[Row, ...]:
        """The things that wait for a person and meet the filter, the most urgent first."""
        return desks.page(self.connection, user, wanted, now, at_most, skip)

    def desk_counts(
        self, user: str, now: datetime, today_ends: datetime, wanted: Filter = ANYTHING
    ) -> Counts:
        """How much waits for a person and meets the filter."""
        return desks.counts(self.connection, user, now, today_ends, wanted)

    def desk_day(self, user: str) -> str:
        """The day, as ``2026-11-23``, of the newest list of what waits that was sent to them; or empty."""
        return desks.newest_day(self.connection, user)

    # --- consultations -----------------------------------------------------------------------------------

    def consultation(self, id: str) -> Consultation | None:
        """The consultation of that id."""
        return self._one(Consultation, consultations.of(id))

    def told(self, id: str) -> Told:
        """What was found for a consultation; nothing before it was looked for."""
        return consultations.told(self.connection, id)

    def consultation_at(self, channel: str, thread: str | None) -> Consultation | None:
        """The last consultation of a thread."""
        return self._one(Consultation, consultations.last_at(channel, thread))

    def consultation_of(self, user: str, channel: str, since: datetime) -> Consultation | None:
        """The last question a person asked in a channel, in whichever thread, since that moment."""
        return self._one(Consultation, consultations.last_of(user, channel, since))

    def consultations_put_to(self, user: str) -> tuple[Consultation, ...]:
        """The questions that this champion has in hand, the oldest first."""
        return self._all(Consultation, consultations.put_to(user))

    def consultations_since(self, since: datetime, until: datetime) -> tuple[Consultation, ...]:
        """Those asked before ``until`` of which something came since ``since``, oldest first."""
        return self._all(Consultation, consultations.touched(since, until))

    # --- people, programs, cards, plans, log -------------------------------------------------------------

    def directory(self) -> Directory:
        """Everyone, as last heard from Slack."""
        return self._directories.read(self.connection, keep=True)

    def program(self, hash: str) -> KeptProgram | None:
        """The texts of the program version with that content hash."""
        return programs.kept(self.connection, hash)

    def cards_of(self, subject: Subject, card: str | None = None) -> tuple[Card, ...]:
        """The messages about a subject that are updated in place: all, or those of one name."""
        return cards.of(self.connection, subject, card)

    def card_at(self, channel: str, ts: str) -> Card | None:
        """The card that this message is, if it is one."""
        return cards.at(self.connection, channel, ts)

    def falling_due(self) -> tuple[str, ...]:
        """The keys of planned jobs that have fallen due and are not done yet."""
        found = self.connection.execute(statements.FALLING_DUE).scalars()
        return tuple(key.rpartition("#")[0] for key in found)

    def cards_in(self, channel: str, thread: str, type: str) -> tuple[Card, ...]:
        """The cards about subjects of that type that stand in a thread, newest first."""
        return cards.in_thread(self.connection, channel, thread, type)

    def planned(self, key: str) -> tuple[Later, ...]:
        """The jobs planned under a key, or below it."""
        return laters.planned(self.connection, key)

    def audit(self, since: int = 0, subject: Subject | None = None) -> Iterator[dict[str, Any]]:
        """The audit log after row number ``since``, as JSON objects; all of it or what is about a subject."""
        return audit.exported(audit.rows_after(self.connection, since, subject))

    # --- measures ----------------------------------------------------------------------------------------

    def measure(
        self,
        metric: str,
        program: Program,
        now: datetime,
        *,
        weeks: int = 8,
        function: str = "",
        use_case: str = "",
        by: By = "",
    ) -> Series:
        """A metric over so many weeks, small groups withheld; see :func:`storage.metrics.series.measured`."""
        from storage.metrics.series import measured

        directory = self.directory()
        return measured(
            self.connection, directory, metric, program, now,
            weeks=weeks, function=function, use_case=use_case, by=by,
        )  # fmt: skip

    def figures_of(self, use_case: str, since: date | None = None) -> tuple[Event, ...]:
        """What was told and done about a use case, by week; from the week of that Monday on, if given."""
        return events.of(self.connection, use_case, since)

    # --- how ---------------------------------------------------------------------------------------------

    def _one(self, model: type[A], wanted: Select[Any], **values: str) -> A | None:
        state = self.connection.execute(wanted, values).scalar_one_or_none()
        return None if state is None else model.model_validate(state)

    def _all(self, model: type[A], wanted: Select[Any], **values: str) -> tuple[A, ...]:
        found = self.connection.execute(wanted, values).scalars()
        return tuple(model.model_validate(state) for state in found)
