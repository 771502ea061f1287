"""The one way to change anything: state, audit rows and effects are stored together, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar, overload

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage import (
    audit,
    cards,
    consultations,
    events,
    inbound,
    outbox,
    people,
    programs,
    projections,
    redaction,
    scores,
    texts,
)
from storage.aggregates import FACETS, KIND_OF, LAYOUTS, columns, facets_said
from storage.audit import Line
from storage.database import in_one_go
from storage.errors import StaleState
from storage.outbox import Claimed, Outbox
from storage.patches import patch_between, without_nulls
from storage.people import DirectoryCache
from storage.reading import Reading
from storage.redaction import Rewritten
from storage.schema import Serials, Waits, table_of
from storage.wake import Wake
from workflows.announcing import DECLARED_CARD, OFFER_CARD, READINESS_CARD
from workflows.approval import Approval
from workflows.availability import Availability
from workflows.consultation import Consultation, Told
from workflows.decision import Aggregate, Circumstances, Decision, Entry
from workflows.effects import Effect, Refresh
from workflows.ids import (
    ApprovalId,
    CheckInId,
    ConsultationId,
    ContractId,
    DigestIssueId,
    FeedbackId,
    IncidentId,
    PlanId,
    ReleaseId,
    ReviewId,
    Subject,
    SubscriptionId,
    UseCaseId,
    UserId,
    WaiverId,
    WalkId,
)
from workflows.people import Directory, Person
from workflows.program import Program
from workflows.redrawing import touched
from workflows.use_case import UseCase
from workflows.waiting import WAITED_ON, Wait, waits_of
from workflows.walk import Walk

A = TypeVar("A", bound=Aggregate)
_WAITS = select(Waits.kind, Waits.item, Waits.person, Waits.due).where(
    Waits.subject_type == bindparam("type"), Waits.subject_id == bindparam("id")
)
_WAIT_OVER = delete(Waits).where(
    Waits.subject_type == bindparam("type"),
    Waits.subject_id == bindparam("id"),
    Waits.kind == bindparam("what"),
    Waits.item == bindparam("which"),
    Waits.person == bindparam("who"),
)
_WAIT_BEGUN = insert(table_of(Waits))


class Tx(Reading):
    """A transaction. Reads see its own changes; others see them, all at once, when it has committed.

    Audit rows and effects are stored at its end, while it holds the head of the audit log: that keeps the
    time in which transactions wait for one another short, and their rows in the order of their commits.
    """

    def __init__(self, connection: Connection, directories: DirectoryCache, out: Outbox, wake: Wake) -> None:
        super().__init__(connection, directories)
        self._out = out
        self._wake = wake
        self._lines: list[Line] = []
        self._effects: list[tuple[datetime, Sequence[Effect]]] = []
        self._people_changed = False
        self.wakes = False
        """Whether the commit leaves something to carry out."""

    # --- heard before? -----------------------------------------------------------------------------------

    def first_time(self, key: str, now: datetime | None = None) -> bool:
        """Whether an event, click or command with this key was never heard; from the commit on it was."""
        return inbound.first_time(self.connection, key, now or datetime.now(UTC))

    # --- load to change ----------------------------------------------------------------------------------

    def lock_use_case(self, id: str) -> UseCase | None:
        """The use case, kept from others until this transaction ends."""
        return self.lock(UseCase, id)

    def lock_walk(self, id: str) -> Walk | None:
        """The walk, kept from others until this transaction ends."""
        return self.lock(Walk, id)

    def lock_approval(self, id: str) -> Approval | None:
        """The approval, kept from others until this transaction ends."""
        return self.lock(Approval, id)

    def lock_consultation(self, id: str) -> Consultation | None:
        """The consultation, kept from others until this transaction ends."""
        return self.lock(Consultation, id)

    def lock(self, model: type[A], id: str) -> A | None:
        """The one of that kind and id, kept from others until this transaction ends.

        Who locks several locks a walk first, then the use case, then its approval, then anything else of it:
        two who kept different orders could wait for one another for ever.
        """
        row = self.connection.execute(LAYOUTS[KIND_OF[model]].lock, {"wanted": id}).first()
        return None if row is None else model.model_validate(row.state)

    @overload
    def new_id(self, kind: Literal["use_case"]) -> UseCaseId: ...
    @overload
    def new_id(self, kind: Literal["walk"]) -> WalkId: ...
    @overload
    def new_id(self, kind: Literal["approval"]) -> ApprovalId: ...
    @overload
    def new_id(self, kind: Literal["consultation"]) -> ConsultationId: ...
    @overload
    def new_id(self, kind: Literal["release"]) -> ReleaseId: ...
    @overload
    def new_id(self, kind: Literal["contract"]) -> ContractId: ...
    @overload
    def new_id(self, kind: Literal["incident"]) -> IncidentId: ...
    @overload
    def new_id(self, kind: Literal["waiver"]) -> WaiverId: ...
    @overload
    def new_id(self, kind: Literal["portfolio_review"]) -> ReviewId: ...
    @overload
    def new_id(self, kind: Literal["subscription"]) -> SubscriptionId: ...
    @overload
    def new_id(self, kind: Literal["digest_issue"]) -> DigestIssueId: ...
    @overload
    def new_id(self, kind: Literal["check_in"]) -> CheckInId: ...
    @overload
    def new_id(self, kind: Literal["feedback"]) -> FeedbackId: ...
    @overload
    def new_id(self, kind: Literal["plan"]) -> PlanId: ...
    def new_id(self, kind: str) -> str:
        """The next id of its kind, such as ``UC-0042``; never given twice."""
        column = getattr(Serials, kind)
        number = self.connection.execute(
            update(Serials).values({column: column + 1}).returning(column)
        ).scalar_one()
        return f"{LAYOUTS[kind].prefix}-{number:04d}"

    # --- change ------------------------------------------------------------------------------------------

    def apply(self, decision: Decision, circ: Circumstances) -> tuple[Aggregate, ...]:
        """Store a decision: the changed state, its audit rows and its effects.

        Returns what changed as it is stored now, with the new revisions. Raises :class:`StaleState` where
        something was changed by somebody else since it was read: then nothing of the transaction may be kept.
        """
        if (decision.changed or decision.events) and not decision.entries:
            raise ValueError("a decision that changes something must say so in the audit log")
        stored: list[Aggregate] = []
        patches: dict[Subject, dict[str, Any]] = {}
        for aggregate in decision.changed:
            now_stored, patch = self._store(aggregate, circ.now)
            stored.append(now_stored)
            patches[aggregate.subject] = patch
        events.save(self.connection, decision.events)
        for entry in decision.entries:
            patch_of = None if entry.refused else patches.pop(entry.subject, None)
            self._lines.append(Line(entry, patch_of, circ))
        # What changed beside the entries' own subjects is in the log as well, so that it can be replayed.
        for subject, patch in patches.items():
            because = decision.entries[0].action
            self._lines.append(
                Line(Entry(action="changed", subject=subject, detail={"with": because}), patch, circ)
            )
        effects = (*decision.effects, *self._redraws(decision))
        if effects:
            self._effects.append((circ.now, effects))
        return tuple(stored)

    def redact(self, rows: Iterable[Rewritten], entry: Entry, circ: Circumstances) -> int:
        """Take words out of rows of the audit log, told by ``entry``; returns how many rows that were.

        Everybody else who wants to change anything waits from here to the commit. Nothing happens where no
        row would say anything else. The states that the rows lead to are made to fit in this transaction.
        """
        number = audit.lock_head(self.connection).seq + len(self._lines) + 1
        told = redaction.rewrite(self.connection, number, rows)
        if told["rows"]:
            entry = entry.model_copy(
                update={"action": redaction.ACTION, "detail": {**entry.detail, **told}, "refused": False}
            )
            self._lines.append(Line(entry, None, circ))
        return int(told["rows"])

    def delivered(self, row: Claimed, channel: str = "", ts: str = "", *, now: datetime) -> bool:
        """Mark an outbox row as carried out, together with whatever else this transaction changes."""
        return self._out.delivered(row, channel, ts, now=now, within=self.connection)

    def forget_card(self, channel: str, ts: str) -> None:
        """That message is gone: it is not to be updated again."""
        cards.forget(self.connection, channel, ts)

    def keep_program(self, program: Program, files: Mapping[str, str], now: datetime) -> None:
        """Keep the texts of a program version, so that what is decided under it can be explained later."""
        programs.keep(self.connection, program.stamp, files, now)

    def save_people(
        self, people_: Iterable[Person], groups: Mapping[str, Sequence[UserId]] | None = None
    ) -> bool:
        """Keep what Slack says of people; ``groups``, if given, replaces all groups. True if it was news."""
        changed = people.save(self.connection, people_, groups)
        self._people_changed = self._people_changed or changed
        return changed

    def save_text(self, id: UseCaseId, text: str, fingerprint: str = "", vector: bytes | None = None) -> None:
        """Keep what a use case is compared by, and its vector by the model of that fingerprint."""
        texts.save(self.connection, id, text, fingerprint, vector)

    def save_told(self, id: str, told: Told) -> None:
        """Keep what was found for a consultation that is stored in this transaction, or was before."""
        consultations.save_told(self.connection, id, told)

    def directory(self) -> Directory:
        """Everyone, with this transaction's own changes."""
        return self._directories.read(self.connection, keep=not self._people_changed)

    @property
    def done(self) -> list[tuple[str, bool]]:
        """The action of each line for the audit log, and whether it was refused."""
        return [(line.entry.action, line.entry.refused) for line in self._lines]

    def finish(self) -> None:
        """Store the audit rows and the effects; the last thing before the commit."""
        if not self._lines and not self._effects:
            return
        head = audit.lock_head(self.connection)
        # From here to the commit everybody else who wants to add waits: nothing is asked any more.
        with in_one_go(self.connection):
            audit.append(self.connection, head, self._lines, decisions=len(self._effects))
            for number, (now, effects) in enumerate(self._effects, start=head.decisions + 1):
                self.wakes = outbox.put(self.connection, number, effects, now) or self.wakes
            if self.wakes:
                self._wake.announce(self.connection)

    # --- how ---------------------------------------------------------------------------------------------

    def _store(self, aggregate: Aggregate, now: datetime) -> tuple[Aggregate, dict[str, Any]]:
        layout = LAYOUTS.get(aggregate.subject.type)
        if layout is None or not isinstance(aggregate, layout.model):
            raise TypeError(f"{type(aggregate).__name__} is not something that is stored")
        id = aggregate.subject.id
        changed = aggregate.model_copy(update={"revision": aggregate.revision + 1})
        state = changed.model_dump(mode="json")
        values = {**columns(changed), "revision": changed.revision, "state": state}
        before = self.connection.execute(layout.lock, {"wanted": id}).first()
        if (before.revision if before else 0) != aggregate.revision:
            raise StaleState(
                f"{aggregate.subject} was changed since it was read. Read it again and decide anew."
            )
        if before is None:
            try:
                self.connection.execute(layout.insert, {"id": id, **values})
            except IntegrityError as error:
                raise StaleState(f"{aggregate.subject} was stored by somebody else first.") from error
        else:
            if isinstance(changed, UseCase) and facets_said(before.state) == facets_said(state):
                # They may have been found anew under a newer program; this change says nothing of them.
                values = {name: value for name, value in values.items() if name not in FACETS}
            self.connection.execute(layout.update, {"wanted": id, **values})
        self._project_waits(changed)
        projections.save(self.connection, changed, before.state if before else None, now)
        if isinstance(changed, UseCase):
            scores.save(self.connection, changed, new=before is None)
        if isinstance(changed, Availability):
            # It is read with the people whose it is.
            people.out_of_date(self.connection)
            self._people_changed = True
        old = without_nulls(before.state) if before else {}
        return changed, patch_between(old, without_nulls(state))

    def _redraws(self, decision: Decision) -> list[Effect]:
        """Whatever changed about a use case: cards that show what is still to do are drawn again."""
        subjects = [Subject(type="use_case", id=id) for id in touched(decision.changed)]
        cards = [(s, card) for s in subjects for card in (READINESS_CARD, OFFER_CARD, DECLARED_CARD)]
        again = [Refresh(subject=s, card=card) for s, card in cards if self.cards_of(s, card)]
        return [r for r in again if r not in decision.effects]

    def _project_waits(self, changed: Aggregate) -> None:
        if not isinstance(changed, WAITED_ON):
            return
        wanted = waits_of(changed)
        about = {"type": changed.subject.type, "id": changed.subject.id}
        kept = {Wait(*row) for row in self.connection.execute(_WAITS, about)}
        for gone in kept - wanted:
            which = {**about, "what": gone.kind, "which": gone.item, "who": gone.person}
            self.connection.execute(_WAIT_OVER, which)
        new = [
            {"subject_type": about["type"], "subject_id": about["id"], **wait._asdict()}
            for wait in wanted - kept
        ]
        if new:
            self.connection.execute(_WAIT_BEGUN, new)
