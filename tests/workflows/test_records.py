from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.program.office import PROGRAM
from tests.sizes import examples
from tests.storage.records import answers, approval, use_case, walk
from tests.workflows.filled import Filler
from tests.workflows.office import DIRECTORY
from workflows.approval import Approval
from workflows.contract import Contract
from workflows.dossier import Dossier
from workflows.events import Event
from workflows.figures.check_in import CheckIn
from workflows.ids import ProgramStamp, UseCaseId
from workflows.incident import Incident
from workflows.portfolio_review import PortfolioReview
from workflows.records.compose import compose
from workflows.records.details import LEFT_OUT
from workflows.records.document import Document, Entries, Lines, Section, Table, plain
from workflows.records.filed import Chain, Filed, LogLine, Version
from workflows.records.markdown import escaped, markdown
from workflows.release import Release
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Walk

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
STAMP = ProgramStamp(label="2026.1", hash="a" * 64)
FIXED: dict[str, Any] = {
    **dict.fromkeys(("UseCase.id", "Task.use_case", "Receipt.use_case", "CheckIn.use_case"), "UC-0001"),
    **dict.fromkeys(("Walk.about", "Approval.use_case", "Waiver.use_case", "Release.use_case"), "UC-0001"),
    **dict.fromkeys(("Incident.use_case", "Event.use_case"), "UC-0001"),
    "UseCase.builds_on": ["UC-0007"],
    "PortfolioReview.queue": ["UC-0001", "UC-0002"],
    "*.program": STAMP,
    "ContractVersion.version": "1.0.0",
    "Matter.home": None,
    "Subject.type": "release",
}


def all_of_it() -> tuple[Filed, Filler]:
    """Something in every field of everything that belongs to a use case."""
    answered_elsewhere = {
        "UseCase.answers", "UseCase.assessment", "UseCase.overrides", "Walk.answers",
    }  # fmt: skip
    filler = Filler(FIXED, set(LEFT_OUT) - answered_elsewhere)
    # Two shapes have the name Verdict; only the one of a portfolio review speaks of a use case.
    reviewed = Filler({**FIXED, "Verdict.use_case": "UC-0001"}, set(LEFT_OUT), filler.told, 5000)
    # Submission copied the answers of the intake to the use case, where they are told.
    intake = Filler({**FIXED, "Walk.questionnaire": "intake"}, set(LEFT_OUT), filler.told, 9000)
    dossier = Dossier(
        use_case=filler.one(UseCase),
        walks=(filler.one(Walk), intake.one(Walk)),
        approvals=(filler.one(Approval),),
        waivers=(filler.one(Waiver),),
        releases=(filler.one(Release),),
        incidents=(filler.one(Incident),),
        contracts=(filler.one(Contract),),
    )
    filed = Filed(
        dossier=dossier,
        reviews=(reviewed.one(PortfolioReview),),
        check_ins=(filler.one(CheckIn),),
        events=(filler.one(Event),),
        chain=Chain(seq=77, hash="c" * 64),
        titles={UseCaseId("UC-0007"): "The one before"},
    )
    return filed, filler


NOT_OF_EVENTS = ("Event.key", "Event.at")
"""The key is made of what the row says, and its week says when it was so."""


def test_everything_that_is_kept_is_in_the_record_or_it_is_said_why_not() -> None:
    filed, filler = all_of_it()
    text = markdown(compose(filed, PROGRAM, DIRECTORY, NOW))
    lacking = [
        (where, told) for where, told in filler.told if told not in text and where not in NOT_OF_EVENTS
    ]
    assert not lacking
    assert len(filler.told) > 300


def test_every_explanation_is_of_a_field_that_there_is() -> None:
    shapes: dict[str, set[str]] = {}

    def walk_through(shape: type[Any]) -> None:
        for kind in shape.__subclasses__():
            shapes.setdefault(kind.__name__, set()).update(kind.model_fields)
            walk_through(kind)

    from pydantic import BaseModel

    walk_through(BaseModel)
    every = set().union(*shapes.values())
    for where in LEFT_OUT:
        shape, _, name = where.partition(".")
        assert name in (every if shape == "*" else shapes[shape]), where


def small(**more: Any) -> Filed:
    """A use case with an answer or two."""
    case = use_case("UC-0001", title="Letters", answers=answers(problem="They type for hours"))
    return Filed(dossier=Dossier(use_case=case), chain=Chain(seq=9, hash="f" * 64), **more)


def line(seq: int, **more: Any) -> LogLine:
    fields: dict[str, Any] = {
        "at": NOW + timedelta(minutes=seq),
        "actor": "U0DANA",
        "door": "button",
        "action": "submit",
        "subject": "use_case/UC-0001",
        "program": STAMP,
        **more,
    }
    return LogLine(seq=seq, **fields)


def test_a_later_answer_is_told_with_what_it_was_who_changed_it_and_when() -> None:
    first = line(3, patch={"answers": {"problem": {"value": "They type"}}})
    later = line(
        8, action="change.approved", patch={"answers": {"problem": {"value": "They type for hours"}}}
    )
    text = markdown(compose(small(log=(first, later)), PROGRAM, DIRECTORY, NOW))
    assert "- Problem: They type → They type for hours (" in text
    assert "09:08 UTC, change.approved, row 8)" in text


def test_it_names_the_end_of_the_log_and_the_versions_of_the_program() -> None:
    versions = (
        Version(stamp=STAMP, kept_at=NOW, files=43),
        Version(stamp=ProgramStamp(label="old", hash="b")),
    )
    text = markdown(compose(small(versions=versions), PROGRAM, DIRECTORY, NOW))
    assert f"row 9 with the hash {'f' * 64}" in text
    assert f"| 2026.1 | {'a' * 64} | 43 files" in text
    assert "its texts are not here" in text


def test_a_refused_attempt_is_in_it() -> None:
    text = markdown(compose(small(log=(line(4, action="approve", refused=True),)), PROGRAM, DIRECTORY, NOW))
    assert "approve (refused)" in text


def test_what_nobody_did_is_said_in_a_word() -> None:
    text = markdown(compose(small(), PROGRAM, DIRECTORY, NOW))
    assert "## Waivers\n\nNone." in text


def test_the_same_state_and_moment_give_the_same_document() -> None:
    filed, _ = all_of_it()
    once, again = (compose(filed, PROGRAM, DIRECTORY, NOW) for _ in range(2))
    assert markdown(once) == markdown(again)


HOSTILE = st.text(
    st.sampled_from("# \n|<>[]()!*_`~\\-+=1.:/@&$wx\u202e\u200b\r\t") | st.characters(codec="utf-8"),
    max_size=40,
)
BARE = re.compile(r"(?<!\\)[|<>`*\[\]~]")


@given(HOSTILE)
@settings(max_examples=examples(400))
def test_words_of_people_stay_words_in_markdown(text: str) -> None:
    found = escaped(text)
    without = found.replace("\\\\", "")
    assert not BARE.search(without)
    assert "\n" not in found
    assert not re.match(r"(#|[-+=](\s|$)|\d+[.)](\s|$))", found)
    assert "://" not in without.replace("\\:", "")


@given(HOSTILE)
@settings(max_examples=examples(200))
def test_whatever_a_cell_says_its_table_keeps_its_shape(text: str) -> None:
    table = Table(head=("A", "B"), rows=((plain(text), plain("end")),))
    section = Section(title=text, blocks=(table, Lines(items=(plain(text),)), Entries(items=(plain(text),))))
    made = markdown(Document(title=text, subject="UC-0001", at=NOW, sections=(section,)))
    rows = [r for r in made.split("\n") if r.startswith("|")]
    assert len(rows) == 3
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", r)) == 3 for r in rows)
    assert sum(1 for r in made.split("\n") if re.match(r"#+ ?", r)) == 2


@pytest.mark.parametrize("kind", [UseCase, Walk, Approval])
def test_a_bare_one_can_be_told(kind: type[Any]) -> None:
    dossier = Dossier(use_case=use_case(), walks=(walk(),), approvals=(approval(),))
    text = markdown(compose(Filed(dossier=dossier, chain=Chain(seq=0, hash="")), PROGRAM, DIRECTORY, NOW))
    assert text.startswith("# Governance record: Summarise calls\n")
