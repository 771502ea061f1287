"""Why a question is asked: in the program's words, with the playbook's for whoever may read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import registry
from bot.clock import utc_now
from bot.inputs import Click
from knowledge.syncing import Source, sync
from storage.program_folder import default_program_folder
from tests.scenarios.books import mentioning
from tests.scenarios.conftest import open_office
from tests.scenarios.office import Office, Person, texts
from tests.scenarios.talking import IDEA, asked, goes_to, past_the_outcome
from workflows.ids import UserId

OWNER = "The data owner is the person who can say yes or no to a new use of the data."
CLASSES = "There are four data classes: public, internal, confidential and restricted."


def bring_in(office: Office, folder: Path) -> None:
    """Two pages of the playbook that ships, one of them for executives only."""
    shipped = default_program_folder() / "playbook"
    for name in ("intake-questions.md", "data-classes.md"):
        text = (shipped / name).read_text(encoding="utf-8")
        narrow = text.replace("audience: all", "audience: [exec]") if name == "data-classes.md" else text
        (folder / name).write_text(narrow, encoding="utf-8")
    service = office.bot.service
    assert service.wait_for_model(30)
    sync(service.store, Source("playbook", folder), service.embedder, utc_now)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office")) as here:
        bring_in(here, tmp_path_factory.mktemp("playbook"))
        yield here


def at_the_owner(office: Office) -> Person:
    return goes_to(past_the_outcome(office), "data_owner")


def test_the_button_quotes_the_passage_with_its_place_and_date_and_the_intake_stays_where_it_is(
    office: Office,
) -> None:
    dana = at_the_owner(office)
    before = asked(dana)
    dana.clicks("Why this?")
    told = texts(dana.reads("Nobody should learn from a dashboard"))
    assert f"From the playbook:\n> {OWNER}" in told
    assert "The questions of the intake, What it reads, to be reviewed by 8 February 2027" in told
    assert asked(dana) == before
    dana.says("@lee")
    dana.reads("Noted", "How sensitive is the most sensitive part")


@pytest.mark.parametrize("words", ["why?", "why do you ask", "what is that for?"])
def test_asking_in_words_does_the_same(office: Office, words: str) -> None:
    dana = at_the_owner(office).says(words)
    dana.reads("Nobody should learn from a dashboard", OWNER)
    assert asked(dana)["asking"] == "data_owner"


def test_read_on_opens_the_whole_section(office: Office) -> None:
    dana = at_the_owner(office)
    dana.clicks("Why this?")
    dana.reads(OWNER)
    dana.clicks("Read on")
    shown = texts(dana.view("What it reads"))
    assert "since the same system may hold a public price list and a medical report" in shown
    assert "Voices, faces and customer numbers count as personal data." in shown


def test_what_is_not_in_the_corpus_is_explained_without_it(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "build_or_buy")
    dana.says("why?")
    told = texts(dana.reads("A vendor brings a contract"))
    assert "From the playbook" not in told


def test_what_is_for_a_few_is_quoted_to_them_alone(office: Office) -> None:
    ruth = goes_to(past_the_outcome(office, "ruth"), "data_sensitivity")
    ruth.says("why?").reads("how it may be stored", CLASSES)
    dana = goes_to(past_the_outcome(office), "data_sensitivity")
    dana.says("why?").reads("how it may be stored")
    assert CLASSES not in "\n".join(texts(m) for m in dana.messages())


def test_where_others_read_along_it_is_quoted_to_nobody(office: Office) -> None:
    ruth = office.person("ruth").at("#general").says(mentioning(office, IDEA))
    ruth.reads("get measurably better")
    ruth.says("after call work from 9 to 5 minutes by end of June 2027").reads("Noted")
    goes_to(ruth, "data_owner")
    ruth.says("why?").reads("Nobody should learn from a dashboard", OWNER)
    goes_to(ruth, "data_sensitivity").says("why?").reads("how it may be stored")
    assert CLASSES not in "\n".join(texts(m) for m in ruth.messages())


def test_whoever_presses_read_on_reads_what_they_may_also_with_a_button_that_was_not_theirs(
    office: Office,
) -> None:
    ruth = goes_to(past_the_outcome(office, "ruth"), "data_sensitivity")
    walk = asked(ruth)
    service = office.bot.service

    def opened(name: str, value: str) -> str:
        user = UserId(office.person(name).id)
        click = Click(key="k", user=user, action="why.open", block="b", value=value, trigger="t")
        answer = registry.ACTIONS["why.open"](service.moment(), click)
        return str(answer.view or answer.note)

    assert "Confidential data is for some employees" in opened("ruth", f"{walk['id']}|data_sensitivity")
    for value in (f"{walk['id']}|data_sensitivity", f"{walk['id']}|nothing", "W-9999|data_owner", ""):
        assert "not for you to read" in opened("dana", value)
    assert OWNER in opened("dana", f"{walk['id']}|data_owner")
