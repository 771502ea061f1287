"""M4 through the protocol: one's learning paths, a module and its question, and counts that name nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import utc_now
from knowledge.syncing import Source, sync
from storage.program_folder import default_program_folder
from storage.store import Store
from tests.program.office import PROGRAM
from tests.scenarios.conftest import open_office
from tests.scenarios.office import Office, Person, elements, label, texts
from workflows.learning.learner import Learner

FRONTLINE = PROGRAM.learning.paths[0]


def bring_in(office: Office, folder: Path) -> None:
    """The one page of the playbook that the first modules quote."""
    page = "acceptable-use.md"
    shipped = default_program_folder() / "playbook" / page
    (folder / page).write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    service = office.bot.service
    assert service.wait_for_model(30)
    sync(service.store, Source("playbook", folder), service.embedder, utc_now)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office")) as here:
        bring_in(here, tmp_path_factory.mktemp("playbook"))
        yield here


def learner(office: Office, who: str) -> Learner | None:
    with office.bot.service.store.read() as reading:
        found: Learner | None = reading.get(Learner, who)
        return found


def learned(office: Office, who: str) -> list[tuple[str, str]]:
    """Path and module of what is recorded as learned by a person, in order."""
    store: Store = office.bot.service.store
    with store.read() as reading:
        rows = reading.connection.execute(
            text("SELECT key FROM events WHERE kind = 'learned' AND person = :who ORDER BY key"), {"who": who}
        ).scalars()
        return [(key.split("/")[2], key.split("/")[3]) for key in rows]


def answers_rightly(person: Person, title: str, right: str) -> None:
    """Answers the question of the module's card, and sees it done."""
    person.reads(title, "?")
    person.clicks(right)
    person.reads(f"✅ *{right}")


def test_somebody_goes_through_their_path_and_finds_it_kept(office: Office) -> None:
    marcus = office.person("marcus")
    marcus.says("What should I learn?")
    card = marcus.reads("Your learning paths", "Frontline users", "0 of 4 done")
    begin = [label(e) for _, e in elements(card) if label(e).startswith("Begin")]
    assert begin == ["Begin: What may go in"], "a path of others is only offered"
    marcus.clicks("Begin: What may go in")
    module = marcus.reads("1 of 4", "What may go in", "Using generative AI at work")
    assert "Public and internal information may go into every approved assistant" in texts(module)
    marcus.clicks("Fine, the assistant is approved")
    marcus.reads("Not quite. An approved assistant may still not see everything")
    assert learner(office, "U0MARCUS") is None, "a wrong answer is kept nowhere"
    answers_rightly(marcus, "What may go in", "No, not into any assistant")
    marcus.clicks("Next: Checking what comes out")
    answers_rightly(marcus, "Checking what comes out", "I check figure and source")
    marcus.home("Frontline users", "2 of 4 done")
    marcus.clicks("Next: Looking, not nodding")
    answers_rightly(marcus, "Looking, not nodding", "It acts alone")
    marcus.clicks("Next: When something goes wrong")
    answers_rightly(marcus, "When something goes wrong", "Within one hour")
    marcus.reads("That was the last piece of *Frontline users*")
    assert sorted(learned(office, "U0MARCUS")) == sorted(("frontline", m.id) for m in FRONTLINE.modules)


def test_a_double_click_counts_once_and_another_path_may_be_chosen(office: Office) -> None:
    grace = office.person("grace")
    grace.commands("learn")
    card = grace.reads("Your learning paths", "Frontline users")
    grace.clicks("learn.choose", card, "builder")
    grace.reads("Builders", "0 of 4 done")
    begun = learner(office, "U0GRACE")
    assert begun is not None
    assert begun.paths == ("builder",)
    grace.clicks("Begin: Data classes")
    module = grace.reads("Data classes", "400 manuals")
    grace.clicks("Restricted", module)
    grace.reads("✅ *Restricted")
    assert learned(office, "U0GRACE") == [("builder", "classes")]


def test_the_passage_can_be_read_on(office: Office) -> None:
    yuki = office.person("yuki")
    yuki.says("show me my learning paths")
    yuki.clicks("Begin: What may go in")
    yuki.reads("1 of 4")
    yuki.clicks("Read on")
    assert "Meetings may be recorded or transcribed" in texts(yuki.view("What may go in"))


def test_counts_are_for_those_who_look_after_others_and_never_name_anybody(office: Office) -> None:
    marcus, sam, dana = (office.person(n).at("#general") for n in ("marcus", "sam", "dana"))
    marcus.commands("learn team")
    marcus.reads("for champions and the AI program team")
    sam.commands("learn team")
    shown = texts(sam.reads("*Claims*", "too few people to count"))
    assert "Marcus" not in shown
    dana.commands("learn team")
    assert "*Finance*" not in texts(dana.reads("*Claims*"))


def test_a_path_that_was_left_is_mentioned_once(office: Office) -> None:
    grace = office.person("grace").at("@app")
    office.bot.pass_time(days=12)
    grace.reads("You are 1 of 4 through *Builders*", timeout=45)
    office.bot.pass_time(days=40)
    time.sleep(0.3)
    said = [m for m in grace.messages() if "1 of 4 through" in texts(m)]
    assert len(said) == 1
    office.bot.ahead = timedelta(0)


def test_what_is_to_be_done_again_comes_back_after_a_year(office: Office) -> None:
    marcus = office.person("marcus")
    office.bot.ahead = timedelta(days=366)
    try:
        marcus.says("my learning")
        card = marcus.reads("Your learning paths", "1 of 4 done")
        assert "Next: What may go in" in [label(e) for _, e in elements(card)]
    finally:
        office.bot.ahead = timedelta(0)
