"""What every message about an approval needs: the case and its use case, names, times, who said what."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.registry import Scene
from bot.views.kit import at, clip, clock, day, escape, listed, name, words, zone
from bot.views.say import Said
from workflows.approval import Approval, Condition, Seat, Verdict
from workflows.calendars import away_at
from workflows.escalating import who_knows
from workflows.ids import UserId
from workflows.matter import Matter
from workflows.people import Directory
from workflows.release import Release
from workflows.roles import team_room
from workflows.seats import decided, is_open, rejected, to_act
from workflows.use_case import UseCase
from workflows.waiver import Waiver

if TYPE_CHECKING:
    from storage.reading import Reading

QUOTED = 700
"""Characters of what a person wrote that a card shows; the whole text is behind Open."""

TITLE = 150
"""Characters of a name that are shown."""


@dataclass(frozen=True)
class Case:
    """An approval, the use case it is about, and the release or waiver that it decides."""

    approval: Approval
    use_case: UseCase
    matter: Matter | None = None

    @property
    def title(self) -> str:
        """The use case's name as plain text on one line, without characters that turn text around."""
        plain = html.unescape(escape(self.use_case.title))
        return clip(" ".join(plain.split()), TITLE) or str(self.use_case.id)


def case_of(scene: Scene, approval_id: str = "") -> Case:
    """The case that the scene's subject is, or that of this id. ``LookupError`` when it is gone."""
    id = approval_id or scene.subject.id
    approval = scene.reading.approval(id)
    use_case = scene.reading.use_case(approval.use_case) if approval else None
    if approval is None or use_case is None:
        raise LookupError(f"approval {id} is gone")
    return Case(approval, use_case, matter_of(scene.reading, approval))


def matter_of(reading: Reading, approval: Approval) -> Matter | None:
    """The release or waiver that an approval decides; ``None`` where it decides about the use case."""
    kinds: dict[str, type[Matter]] = {"release": Release, "waiver": Waiver}
    about = approval.matter
    return reading.get(kinds[about.type], about.id) if about and about.type in kinds else None


def when(scene: Scene, moment: datetime) -> str:
    """``09:12`` or ``23 November, 09:12`` in the one reader's zone; for several readers in each one's own."""
    if scene.reader is None:
        return at(moment)
    tz = scene.directory.person(scene.reader).tz
    same_day = moment.astimezone(zone(tz)).date() == scene.now.astimezone(zone(tz)).date()
    return clock(moment, tz) if same_day else f"{day(moment, tz)}, {clock(moment, tz)}"


def on_day(scene: Scene, moment: datetime) -> str:
    """A day: ``1 December 2026`` in the one reader's zone, else in each one's own."""
    if scene.reader is None:
        return at(moment, "{date}")
    return day(moment, scene.directory.person(scene.reader).tz)


def quote(text: str, directory: Directory, limit: int = QUOTED) -> str:
    """What somebody wrote, harmless, as a quotation; an ellipsis marks what is left out."""
    return "> " + words(clip(text, limit), directory).replace("\n", "\n> ")


def inline(text: str, directory: Directory, limit: int = 200) -> Said:
    """What somebody wrote on one line, harmless."""
    return Said(words(clip(" ".join(text.split()), limit), directory))


def verdict_line(scene: Scene, verdict: Verdict, conditions: tuple[Condition, ...] = ()) -> str:
    """``Approved by Priya Shah, 09:12, with 1 condition (transcripts deleted after 30 days, due 1 Dec)``."""
    did = "Approved" if verdict.choice == "approve" else "Rejected"
    stead = f" (for {name(verdict.for_, scene.directory)})" if verdict.for_ else ""
    line = f"{did} by {name(verdict.by, scene.directory)}{stead}, {when(scene, verdict.at)}"
    mine = [c for c in conditions if c.by == verdict.by]
    if mine:
        several = f"{len(mine)} condition{'s' if len(mine) > 1 else ''}"
        line += f", with {several} ({'; '.join(_promise(scene, c) for c in mine)})"
    if verdict.reason:
        line += f": “{inline(verdict.reason, scene.directory, 500)}”"
    return line


def _promise(scene: Scene, condition: Condition) -> str:
    due = f", due {on_day(scene, condition.due)}" if condition.due else ""
    done = " ✓ done" if condition.done_at else ""
    return f"{inline(condition.text, scene.directory, 160)}{due}{done}"


def seat_line(scene: Scene, approval: Approval, seat: Seat) -> str:
    """One seat in one line: who decided, or whom it waits for, or that its turn comes later."""
    label = inline(seat.label, scene.directory, 80)
    given = [verdict_line(scene, v, _of_seat(approval, seat)) for v in seat.verdicts]
    if decided(seat):
        return f"{'⛔' if rejected(seat) else '✅'} *{label}*: {'; '.join(given)}"
    if is_open(approval, seat):
        more = seat.quorum - len(seat.verdicts)
        many = f" ({more} of them)" if seat.quorum > 1 else ""
        waits = f"waits for {waiting_names(scene, seat)}{many}"
        return f"⏳ *{label}*: {'; '.join([*given, waits])}"
    return f"▫️ *{label}*: " + ("comes after" if approval.status == "waiting" else "was not needed any more")


def _of_seat(approval: Approval, seat: Seat) -> tuple[Condition, ...]:
    return tuple(c for c in approval.conditions if c.seat == seat.id)


def waiting_names(scene: Scene, seat: Seat) -> Said:
    """Whom a seat waits on, by name; the program team where nobody able is left."""
    people = scene.directory.active(to_act(seat))
    if people:
        return Said(listed([_waiting_name(scene, seat, user) for user in people]))
    room = team_room(scene.program)
    return Said(f"the program team (#{room})" if room else "the program team")


def _waiting_name(scene: Scene, seat: Seat, user: UserId) -> str:
    """``Tom Becker (for Priya Shah, away until 2 January)``, or only the name."""
    who = name(user, scene.directory)
    live = (d for d in seat.delegations if d.to == user and not d.ended_at)
    given = next((d for d in live if d.kind != "handed"), None)
    if given is not None:
        until = f", away until {on_date(given.until, scene.now)}" if given.until else ""
        return f"{who} (for {name(given.by, scene.directory)}{until})"
    absence = away_at(user, scene.directory, scene.now)
    return f"{who} (away until {on_date(absence.last, scene.now)})" if absence else who


def on_date(last: date, now: datetime) -> str:
    """``2 January``, with the year where it is far from now."""
    year = "" if abs((last - now.date()).days) < 180 else f" {last.year}"
    return f"{last.day} {last:%B}{year}"


def informed(scene: Scene, seat: Seat) -> Said:
    """Who heard that a seat is late or deserted: people by name, and channels."""
    people, rooms = who_knows(seat)
    names = [*(f"#{escape(room)}" for room in rooms), *(name(u, scene.directory) for u in people)]
    return Said(listed(names, "and"))


def outcome_line(scene: Scene, case: Case) -> str:
    """How the case ended, in one line; empty while it waits."""
    approval = case.approval
    at_ = when(scene, approval.closed_at) if approval.closed_at else ""
    match approval.status:
        case "approved" if not approval.seats:
            return f"✅ *Approved automatically*, {at_}"
        case "approved":
            return f"✅ *Approved*, {at_}"
        case "rejected":
            return f"⛔ *Rejected*, {at_}"
        case "withdrawn":
            return f"↩️ *Withdrawn by {name(approval.submitter, scene.directory)}*, {at_}"
        case "stopped":
            return f"⛔ *Stopped at submission*, {at_}"
    return ""
