"""Each person's own working time: the table worked out by hand, and whose hours and holidays count."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workflows.office import DANA, NOW, PRIYA
from workflows.availability import Availability, Away, Hours
from workflows.calendars import away_at, calendar_of, expected_times, holiday, work_times
from workflows.ids import UserId
from workflows.people import Directory, Person
from workflows.program import HolidayCalendar, PartTime, WorkingTime

TABLE = yaml.safe_load((Path(__file__).parent / "data" / "working_time.yaml").read_text(encoding="utf-8"))
WHO = UserId("U0WHO")


def hours(pattern: dict[str, str]) -> tuple[Hours, ...]:
    return tuple(
        Hours(day=day, start=start, end=end)
        for day, spells in pattern.items()
        for start, end in (spell.split("-") for spell in spells.split())
    )


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M %z")


def person(**said: Any) -> Directory:
    """Somebody in London who said this of when they are there."""
    tz = said.pop("tz", "Europe/London")
    groups = said.pop("groups", {})
    own = Availability(id=WHO, opened_at=NOW, **said)
    return Directory(
        people={WHO: Person(id=WHO, name="Who", tz=tz)}, groups=groups, availabilities={WHO: own}
    )


@pytest.mark.parametrize("row", TABLE["rows"], ids=lambda r: f"{r['zone'].split('/')[1]}: {r['why']}")
def test_hours_end_where_the_table_says(row: dict[str, Any]) -> None:
    calendars = tuple(
        HolidayCalendar.model_validate({"id": id, "label": id, **c}) for id, c in TABLE["calendars"].items()
    )
    away = row.get("away")
    said = person(
        tz=row["zone"],
        hours=hours(TABLE["patterns"][row.get("hours", "office")]),
        calendar=row.get("calendar", ""),
        away=(Away(first=date.fromisoformat(away[0]), last=date.fromisoformat(away[1]), said_at=NOW),)
        if away
        else (),
    )
    due = work_times(WHO, said, WorkingTime(calendars=calendars)).add(moment(row["start"]), row["add"])
    assert due == moment(row["end"])


def test_the_table_has_the_zones_and_the_cases_that_are_asked_for() -> None:
    rows = TABLE["rows"]
    assert len(rows) >= 60
    assert len({r["zone"] for r in rows}) == 12
    assert {"nights", "mornings", "with_lunch"} <= {r.get("hours") for r in rows}
    assert len({r.get("calendar") for r in rows}) >= 10
    assert [r for r in rows if r.get("away") and r.get("hours")]


ENGLAND = HolidayCalendar(
    id="england", label="England", country="GB", subdivision="ENG", zones=("Europe/London",)
)
SCOTS = HolidayCalendar(id="scots", label="Scotland", country="GB", subdivision="SCT", groups=("scots",))
BOTH = WorkingTime(calendars=(SCOTS, ENGLAND))


def test_a_calendar_is_the_one_that_was_chosen_else_the_groups_else_the_zones() -> None:
    assert calendar_of(WHO, person(), BOTH) == ENGLAND
    assert calendar_of(WHO, person(groups={"scots": (WHO,)}), BOTH) == SCOTS
    assert calendar_of(WHO, person(groups={"scots": (WHO,)}, calendar="england"), BOTH) == ENGLAND
    assert calendar_of(WHO, person(tz="Asia/Tokyo"), BOTH) is None


def test_a_holiday_has_a_name_and_is_one_only_where_it_is_kept() -> None:
    new_years = date(2026, 1, 2)
    assert "New Year" in holiday(SCOTS, new_years)
    assert holiday(ENGLAND, new_years) == ""
    assert holiday(None, new_years) == ""


def test_a_part_time_group_has_its_hours_and_a_person_may_have_others() -> None:
    mornings = tuple(Hours(day=d, start="09:00", end="12:00") for d in ("mon", "tue"))
    working = WorkingTime(part_time=(PartTime(group="part-time", hours=mornings),))
    monday = datetime(2026, 6, 1, 8, tzinfo=UTC)  # 09:00 there
    groups = {"part-time": (WHO,)}
    assert work_times(WHO, person(groups=groups), working).add(monday, 4) == datetime(
        2026, 6, 2, 9, tzinfo=UTC
    )
    own = (Hours(day="mon", start="09:00", end="15:00"),)
    at = work_times(WHO, person(groups=groups, hours=own), working).add(monday, 4)
    assert at == datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert work_times(WHO, person(), working).add(monday, 4) == datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_days_away_are_the_persons_own_days_and_can_be_left_out_of_account() -> None:
    absence = Away(first=date(2026, 6, 2), last=date(2026, 6, 3), said_at=NOW)
    there = person(tz="Pacific/Apia", away=(absence,))
    assert away_at(WHO, there, datetime(2026, 6, 1, 10, tzinfo=UTC)) is None  # Monday evening there
    assert away_at(WHO, there, datetime(2026, 6, 1, 12, tzinfo=UTC)) == absence  # Tuesday, just
    monday = datetime(2026, 5, 31, 20, tzinfo=UTC)
    assert work_times(WHO, there, WorkingTime()).next_morning(monday) == datetime(2026, 6, 3, 20, tzinfo=UTC)
    assert expected_times(WHO, there, WorkingTime()).next_morning(monday) == datetime(
        2026, 6, 1, 20, tzinfo=UTC
    )


def test_whoever_has_said_nothing_works_the_programs_hours() -> None:
    nobody = Directory(people={PRIYA: Person(id=PRIYA, name="Priya", tz="Europe/London")})
    times = work_times(PRIYA, nobody, WorkingTime())
    assert times.add(datetime(2026, 6, 1, 8, tzinfo=UTC), 8) == datetime(2026, 6, 1, 16, tzinfo=UTC)
    assert away_at(DANA, nobody, NOW) is None
