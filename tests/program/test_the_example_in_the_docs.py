"""The change that docs/program.md walks through works as it says."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from tests.program.mutations import FILES, SENTENCES
from tests.program.office import answers
from workflows.expressions import environment, holds
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "program.md").read_text(encoding="utf-8")
QUESTION, ROLE, ROW = (
    textwrap.dedent(block).strip("\n") for block in re.findall(r"\n\n((?:       [^\n]*\n)+)", PAGE)[:3]
)


def changed(condition: str = "") -> dict[str, str]:
    """The files after the change."""
    intake = FILES["questionnaires/intake.yaml"]
    before = "      - id: personal_data\n"
    assert before in intake
    row = ROW.replace("medical_reports == true", condition) if condition else ROW
    return {
        **FILES,
        "questionnaires/intake.yaml": intake.replace(
            before, textwrap.indent(QUESTION, " " * 6) + "\n" + before
        ),
        "roles.yaml": FILES["roles.yaml"] + textwrap.indent(ROLE, "  ") + "\n",
        "governance.yaml": FILES["governance.yaml"] + textwrap.indent(row, "  ") + "\n",
    }


def test_the_change_is_taken_and_does_what_it_says() -> None:
    program = parse_program(changed(), SENTENCES)
    row = program.governance.rows[-1]
    given = answers(data_sensitivity="restricted", medical_reports=True)
    assert holds(row.when, {**environment(program.intake, given), "tier": "high"})
    assert row.steps[0].role == "medical_officer"
    assert program.stamp.hash != parse_program(FILES).stamp.hash


def test_the_slip_is_told_as_the_page_says() -> None:
    with pytest.raises(ProgramErrors) as caught:
        parse_program(changed("medical_report == true"), SENTENCES)
    (error,) = caught.value.errors
    page = " ".join(PAGE.split())
    assert re.search(rf"{error.file}, line \d+, rows\[\d+\]\.when: the condition", page)
    assert re.fullmatch(r"rows\[\d+\]\.when", error.field)
    assert error.problem[error.problem.index("reads") :] in page


def test_every_field_of_the_files_is_in_the_page() -> None:
    from workflows.declaring.policy import Declaring
    from workflows.digests import policy as digests
    from workflows.digests.subscription import Schedule
    from workflows.evaluation_rules import EvaluationRules, Measure, ScenarioClass
    from workflows.feedback_policy import FeedbackPolicy, Recurring, Theme
    from workflows.figures import policy as told
    from workflows.gate import Demand, Gate, GateDimension, Reuse
    from workflows.import_mapping import MappedEvidence
    from workflows.learning import policy as learning
    from workflows.measures import policy as measures
    from workflows.plan import policy as plan
    from workflows.program import Move, Stage
    from workflows.program_files import fields_at
    from workflows.questions import Choice, Question, Questionnaire, Step
    from workflows.result import Finding, Headline, Level, NextStep, ResultRules, ResultSection, Suggest
    from workflows.retention import Retention

    results = (ResultRules, ResultSection, Level, Finding, Headline, NextStep, Suggest)
    evaluations = (EvaluationRules, ScenarioClass, Measure)
    paths = (learning.LearningPolicy, learning.LearningPath, learning.Module, learning.Check)
    of_people = (
        *paths,
        Declaring,
        plan.PlanPolicy,
        plan.Phase,
        plan.PlannedTask,
        plan.Extension,
        FeedbackPolicy,
        Theme,
        Recurring,
        learning.Choice,
        learning.Nudging,
        learning.Counting,
        learning.Welcoming,
    )
    tree = (measures.ValueTree, measures.NorthStar, measures.Driver)
    counted = (measures.MetricPolicy, measures.MetricTerms, measures.Currency, *tree)
    numbers = (told.FigurePolicy, told.OutcomeQuestions, told.GuardrailQuestions, told.CheckInTerms)
    told_of = (*numbers, told.Plausibility, told.Bounds)
    sent = (digests.DigestPolicy, digests.DigestSpec, digests.Delivered, digests.Patience, Schedule)
    questions = (
        *sent,
        *of_people,
        *counted,
        *told_of,
        Choice,
        Question,
        Questionnaire,
        Step,
        *results,
        *evaluations,
    )
    for shape in (*questions, Demand, Gate, GateDimension, Reuse, MappedEvidence, Move, Stage, Retention):
        for name in fields_at(shape, ()):
            assert f"`{name}" in PAGE, f"{shape.__name__}.{name}"
