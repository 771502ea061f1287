"""Days away, stand-ins, one's own hours and who may always decide, through the protocol."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.answers import MEDIUM
from tests.scenarios.deciding import audit, case_of, fills, presses, settle, submits, time_passes, view_button
from tests.scenarios.office import Office, elements, label
from workflows.availability import Availability

PRIVATE = {**MEDIUM, "personal_data": True, "jurisdictions": ["uk"]}
"""Answers that need data protection, which is Kim alone, and a risk partner."""


def kept(office: Office, user: str) -> Availability | None:
    """What is stored of when somebody is there."""
    with office.bot.service.store.read() as reading:
        own: Availability | None = reading.get(Availability, user)
        return own


def back(office: Office, name: str) -> None:
    """The person is there again and has nobody who decides for them, as before the scenario."""
    person = office.person(name)
    person.commands("back")
    own = kept(office, person.id)
    for standing in own.standing if own else ():
        person.says(f"<@{standing.to}> may no longer decide for me")
    settle(office)


def test_whoever_is_away_names_a_stand_in_who_gets_what_waits_and_decides_it_for_them(office: Office) -> None:
    submits(office, "Sort claims post", PRIVATE)
    kim, noor = office.person("kim"), office.person("noor")
    kim.reads("Sort claims post", "Please decide by")
    kim.says("I'm away for two weeks, Noor stands in for me")
    kim.reads("Away", "Noor Rahman decides for you meanwhile")
    settle(office)
    noor.reads("Kim Novak", "is away", "named you to decide meanwhile")
    card = noor.reads("Sort claims post", "You are asked because Kim Novak is away until")
    office.person("priya").reads("Sort claims post", "waits for Noor Rahman (for Kim Novak, away until")
    presses(noor, card, "Approve")
    seat = next(s for s in case_of(office, "Sort claims post")[1].seats if s.id == "privacy")
    assert [(v.by, v.for_) for v in seat.verdicts] == [("U0NOOR", "U0KIM")]
    kim = office.person("kim")
    kim.reads("Sort claims post", "Approved by Noor Rahman (for Kim Novak)")
    back(office, "kim")


def test_what_comes_while_somebody_is_away_goes_to_their_stand_in_at_once(office: Office) -> None:
    kim, noor = office.person("kim"), office.person("noor")
    kim.commands("away today, <@U0NOOR> stands in")
    settle(office)
    submits(office, "Draft hearing notes", PRIVATE)
    noor.reads("Draft hearing notes", "You are asked because Kim Novak is away until")
    _, approval = case_of(office, "Draft hearing notes")
    lines = [r["action"] for r in audit(office, approval)]
    assert "seat.opened" in lines
    back(office, "kim")


def test_back_again_what_waits_is_ones_own_again_and_the_stand_in_is_told_if_they_press(
    office: Office,
) -> None:
    kim, noor = office.person("kim"), office.person("noor")
    kim.says("I'm out of office until tomorrow, Noor covers")
    settle(office)
    submits(office, "Tag complaints", PRIVATE)
    card = noor.reads("Tag complaints", "Please decide by")
    kim.commands("back")
    settle(office)
    noor.reads("You no longer stand in for", "Kim Novak")
    assert "Approve" not in [
        label(e) for _, e in elements(noor.reads("Tag complaints", "with Kim Novak now"))
    ]
    presses(noor, card, "Open")
    _, approval = case_of(office, "Tag complaints")
    assert [r["action"] for r in audit(office, approval)][-1] == "seat.given_back"
    kim = office.person("kim")
    presses(kim, kim.reads("Tag complaints", "Please decide by"), "Approve")
    seat = next(s for s in case_of(office, "Tag complaints")[1].seats if s.id == "privacy")
    assert [(v.by, v.for_) for v in seat.verdicts] == [("U0KIM", None)]


def test_the_submitter_never_stands_in_for_who_decides_on_their_use_case(office: Office) -> None:
    kim = office.person("kim")
    kim.says("I'm away today, Dana stands in for me")
    settle(office)
    dana = submits(office, "Read handwriting", PRIVATE)
    _, approval = case_of(office, "Read handwriting")
    seat = next(s for s in approval.seats if s.id == "privacy")
    assert not seat.delegations
    # Nobody is left to decide, so help is asked for at once and not when the time is up.
    office.person("sam").at("#ai-program").reads("Read handwriting", "nobody of them is there", "Kim Novak")
    dana.reads("still waits for a decision (Data protection)", "#ai-program")
    seat = next(s for s in case_of(office, "Read handwriting")[1].seats if s.id == "privacy")
    assert [(e.step, e.because, e.room) for e in seat.escalations] == [(0, "nobody", "ai-program")]
    back(office, "kim")


def test_somebody_may_always_decide_beside_one_until_it_is_taken_back(office: Office) -> None:
    kim, carlos = office.person("kim"), office.person("carlos")
    kim.says("Carlos may decide for me")
    kim.reads("Carlos Vega", "may always decide for you")
    carlos.reads("Kim Novak", "lets you decide for them")
    submits(office, "Group photos", PRIVATE)
    card = carlos.reads("Group photos", "because Kim Novak lets you decide for them")
    kim = office.person("kim")
    kim.reads("Group photos", "Please decide by")
    presses(carlos, card, "Approve")
    seat = next(s for s in case_of(office, "Group photos")[1].seats if s.id == "privacy")
    assert [(v.by, v.for_) for v in seat.verdicts] == [("U0CARLOS", "U0KIM")]
    kim.reads("Group photos", "Approved by Carlos Vega (for Kim Novak)")
    kim = office.person("kim")
    kim.says("Carlos may no longer decide for me")
    settle(office)
    carlos.reads("You no longer stand in for", "Kim Novak")
    submits(office, "Group films", PRIVATE)
    carlos.does_not_read("Group films")


def test_it_can_all_be_said_in_a_form_and_taken_back_with_a_button(office: Office) -> None:
    ines = office.person("ines")
    ines.commands("away")
    first = (datetime.now(UTC) + timedelta(days=30)).date()
    fills(
        ines,
        {
            "first": first.isoformat(),
            "last": (first + timedelta(days=4)).isoformat(),
            "stand_in": "U0HENRIK",
            "hours": "mon, tue 09:00-13:00, thu 10:00-16:00",
        },
    )
    card = ines.reads("Away", "Henrik Lund decides for you meanwhile", "mon, tue 09:00-13:00")
    own = kept(office, "U0INES")
    assert own is not None
    assert (own.away[0].first, own.away[0].stand_in) == (first, "U0HENRIK")
    assert [(h.day, h.start, h.end) for h in own.hours] == [
        ("mon", "09:00", "13:00"),
        ("tue", "09:00", "13:00"),
        ("thu", "10:00", "16:00"),
    ]
    presses(ines, card, "I'm there after all")
    own = kept(office, "U0INES")
    assert own is not None
    assert own.away == ()
    presses(ines, ines.reads("Your hours"), "The usual hours again")
    own = kept(office, "U0INES")
    assert own is not None
    assert own.hours == ()


def test_days_that_make_no_sense_are_said_kindly_and_in_place(office: Office) -> None:
    ines = office.person("ines")
    ines.commands("away")
    answer = ines.submits({"first": "2020-01-02", "last": "2020-01-01"})
    assert "comes before the first" in str(answer)
    office.person("ines").commands("back")
    ines.says("I'm away next week, Ines stands in for me")
    ines.reads("That is you")
    office.person("ines").says("I'm away").reads("I did not understand the days")
    own = kept(office, "U0INES")
    assert own is None or own.away == ()


def test_a_decision_that_is_late_goes_up_step_by_step_each_once(office: Office) -> None:
    title = "Rate tow trucks"
    dana = submits(office, title, MEDIUM)
    _, approval = case_of(office, title)
    time_passes(office, f"due/{approval.id}/")
    office.person("sam").at("#ai-program").reads(title, "is overdue")
    time_passes(office, f"escalate/{approval.id}/")
    ruth = office.person("ruth").at("#ai-leadership")
    ruth.reads(title, "is overdue", "Priya Shah or Tom Becker")
    dana.reads("still waits for a decision (Risk partner)", "#ai-program and #ai-leadership")
    seat = case_of(office, title)[1].seats[0]
    assert [(e.step, e.role, e.because) for e in seat.escalations] == [
        (0, "program_team", "late"),
        (1, "executive_sponsor", "late"),
    ]
    priya = office.person("priya")
    opened = presses(priya, priya.reads(title, "Please decide by"), "Open")
    assert opened is not None
    view = priya.view("so I told #ai-program and #ai-leadership")
    view_button(priya, view, "Approve")
    assert case_of(office, title)[1].status == "approved"
    with office.bot.service.store.read() as reading:
        assert not reading.planned(f"escalate/{approval.id}/")
