"""Decision rights as data: refused with place and fix where damaged, and agreeing with the playbook."""

from __future__ import annotations

import pytest

from storage.program_folder import default_program_folder
from tests.program.mutations import FILES, SENTENCES
from tests.program.office import PROGRAM
from workflows.decision_rights import DecisionRight
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program

FILE = "decision_rights.yaml"


def right(id: str) -> DecisionRight:
    return next(r for r in PROGRAM.decision_rights.rights if r.id == id)


def held(id: str) -> set[tuple[str, str]]:
    """(who, when) of a right."""
    return {(h.field or h.role or "approvers", h.when) for h in right(id).holders}


@pytest.mark.parametrize(
    ("old", "new", "said", "fix"),
    [
        (
            "{field: risk_owner}",
            "{field: risk_ovner}",
            'no question for a person "risk_ovner"',
            '"risk_owner"',
        ),
        ("{field: risk_owner}", "{field: harm}", 'no question for a person "harm"', "use one of"),
        ("role: platform_on_call", "role: platform_oncal", 'no role "platform_oncal"', '"platform_on_call"'),
        ('tier == "high"}', 'tier == "hi"}', "none of its options", "program.md"),
        ("{approvers: true}", "{approvers: true, role: legal}", "names 2 at once", "exactly one"),
        ("{approvers: true}", "{}", "names nobody", "exactly one"),
        ("  - id: pause", "  - id: stop", '"stop" is used twice', "own id"),
        ("words: [pause,", "words: [halt, pause,", '"halt" is a word of "stop" already', "one of the two"),
        ("  - legal\n", "  - legals\n", 'no role "legals"', '"legal"'),
        ("label: pause it", "label: ' '", "is empty", "label"),
        ("does: restart", "does: stop", '"stop" is done by "stop" already', "one of the two"),
        ("{system: ci}", "{system: C I}", "cannot be a name of a system", "small letters"),
    ],
)
def test_a_damaged_right_is_told_with_its_place_and_a_fix(old: str, new: str, said: str, fix: str) -> None:
    text = FILES[FILE]
    assert old in text
    with pytest.raises(ProgramErrors) as caught:
        parse_program({**FILES, FILE: text.replace(old, new, 1)}, SENTENCES)
    error = next(e for e in caught.value.errors if e.file == FILE and said in e.problem)
    assert fix in error.fix
    assert error.line == text[: text.index(old)].count("\n") + 1


def test_every_step_with_a_release_is_somebodys_to_take() -> None:
    with pytest.raises(ProgramErrors, match='no right does "restart"'):
        parse_program({**FILES, FILE: FILES[FILE].replace("    does: restart\n", "")}, SENTENCES)


def test_without_the_file_the_program_does_not_start() -> None:
    with pytest.raises(ProgramErrors, match=r"decision_rights\.yaml.*missing"):
        parse_program({f: t for f, t in FILES.items() if f != FILE}, SENTENCES)


def test_who_can_stop_a_release_is_what_the_playbook_says() -> None:
    text = (default_program_folder() / "playbook" / "decision-rights.md").read_text(encoding="utf-8")
    assert (
        "A release can be stopped by the risk owner and by the technical owner of the use case. For a "
        "high-risk use case the on-call engineer of platform operations can stop it too" in text
    )
    assert "Where a stop-ship authority is named, that person can stop it as well" in text
    both = {("risk_owner", "true"), ("technical_owner", "true"), ("platform_on_call", 'tier == "high"')}
    assert held("stop") == both | {("stop_authority", "stop_authority != null")}
    assert held("roll_back") == both
    assert not right("stop").together


def test_who_agrees_to_a_release_and_to_another_model_is_what_the_playbook_says() -> None:
    text = (default_program_folder() / "playbook" / "decision-rights.md").read_text(encoding="utf-8")
    assert "the approvers whose word rests on it decide anew" in text
    assert (
        "agreed by the technical owner at low risk, by the technical and business owner together at medium "
        "risk, and by the risk owner and a risk partner in addition at high risk" in text
    )
    assert held("change_model") == {("approvers", "true")}
    assert held("release") == {
        ("technical_owner", "true"),
        ("business_owner", 'tier in ["medium", "high"]'),
        ("risk_owner", 'tier == "high"'),
        ("risk_partner", 'tier == "high"'),
    }
    assert "The risk owner agrees in writing to the restart together with the business owner" in text
    assert right("restart").together
