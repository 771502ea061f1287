"""The playbook that ships: front matter, questions for every section, and pages that name one another."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from knowledge import asked
from knowledge.about import About, about
from knowledge.loaders.markdown import markdown
from knowledge.loading import Loaded
from storage.program_folder import default_program_folder
from tests.program.office import PROGRAM
from workflows.playbook import sections

BOOK = default_program_folder() / "playbook"
PAGES = sorted(path.name for path in BOOK.glob("*.md"))
FEWEST = 2


@cache
def page(name: str) -> tuple[Loaded, About]:
    loaded = markdown((BOOK / name).read_bytes())
    return loaded, about({}, loaded.about)


def answered(name: str) -> dict[str, str]:
    """The headings of a page that have a text of their own, with it."""
    return {h: text for h, text in sections((BOOK / name).read_text(encoding="utf-8")).items() if h and text}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_says_whose_it_is_for_whom_and_until_when(name: str) -> None:
    loaded, said = page(name)
    assert said.title == loaded.headings[0].title
    assert all((said.owner, said.function, said.review_date))
    groups = {way.group for role in PROGRAM.roles.values() for way in (*role.resolve, *role.fallback)}
    assert set(said.audiences) <= {"all", "approvers", *groups, *PROGRAM.functions, *PROGRAM.roles}
    assert said.function in {*PROGRAM.functions, "program"}


@pytest.mark.parametrize("name", PAGES)
def test_each_section_says_which_questions_it_answers(name: str) -> None:
    _, said = page(name)
    assert not said.wrong
    assert set(said.asked) == set(answered(name))
    for heading, questions in said.asked.items():
        assert FEWEST <= len(questions) <= asked.AT_MOST, heading


def test_no_question_is_said_to_be_answered_in_two_places() -> None:
    every = Counter(
        question.casefold()
        for name in PAGES
        for listed in page(name)[1].asked.values()
        for question in listed
    )
    assert [question for question, times in every.items() if times > 1] == []


def test_questions_are_in_other_words_than_the_sections_they_lead_to() -> None:
    copied = [
        (name, question)
        for name in PAGES
        for heading, listed in page(name)[1].asked.items()
        for question in listed
        if question.casefold().rstrip("?") in f"{heading} {answered(name)[heading]}".casefold()
    ]
    assert copied == []


def test_a_page_that_another_one_names_is_there() -> None:
    titles = {page(name)[1].title for name in PAGES}
    named = [
        (name, found[1])
        for name in PAGES
        for text in answered(name).values()
        for found in re.finditer(r"\b(?:the|on the|by the) pages? ([A-Z][^.;:]+)", text)
    ]
    assert len(named) >= 6
    assert [(n, said) for n, said in named if not said.startswith(tuple(titles))] == []


def test_front_matter_is_plain_yaml() -> None:
    for name in PAGES:
        _, front, _ = (BOOK / name).read_text(encoding="utf-8").split("---\n", 2)
        assert isinstance(yaml.safe_load(front), dict), Path(name).stem
