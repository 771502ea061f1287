"""The page about adding a gate: its very diff, applied to a copy of the program, does what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.answers import MEDIUM
from tests.program.mutations import FILES, PLAYBOOK, SENTENCES
from workflows.program_files import parse_program

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "adding-a-gate.md").read_text(encoding="utf-8")


def new_files() -> dict[str, str]:
    """The files that the page gives whole."""
    return dict(re.findall(r"`([\w/]+\.yaml)`:\n\n```yaml\n(.*?)```", PAGE, re.DOTALL))


def changes() -> Iterator[tuple[str, list[list[str]]]]:
    """The hunks of the diff, by file; each a list of its lines."""
    (diff,) = re.findall(r"```diff\n(.*?)```", PAGE, re.DOTALL)
    for part in diff.split("--- a/")[1:]:
        name, *lines = part.splitlines()
        hunks: list[list[str]] = [[]]
        for line in lines[1:]:
            if line.startswith("@@"):
                hunks.append([])
            else:
                hunks[-1].append(line)
        yield name, [h for h in hunks if h]


def changed() -> dict[str, str]:
    """The program's files with the page's change made."""
    files = {**FILES, **new_files()}
    for name, hunks in changes():
        for hunk in hunks:
            old = "".join(f"{line[1:]}\n" for line in hunk if line.startswith(" "))
            assert not [line for line in hunk if line.startswith("-")], "nothing is taken away"
            before = files[name]
            assert before.count(old) >= 1, (name, old)
            new = "".join(f"{line[1:]}\n" for line in hunk)
            files[name] = before.replace(old, new, 1)
    return files


def test_the_change_is_a_checklist_a_gate_a_stage_a_role_and_a_row_of_the_matrix() -> None:
    assert set(new_files()) == {"questionnaires/accessibility.yaml", "gates/accessible.yaml"}
    assert [name for name, _ in changes()] == ["life_cycle.yaml", "roles.yaml", "governance.yaml"]
    program = parse_program(changed(), SENTENCES, PLAYBOOK)
    assert program.gates["accessible"].to == "accessible"
    assert "accessibility_lead" in program.roles


def test_a_use_case_goes_through_the_new_gate(tmp_path: Path) -> None:
    from tests.scenarios.conftest import open_office
    from tests.scenarios.deciding import case_of, presses
    from tests.scenarios.gates import approved, put
    from tests.scenarios.office import elements, label, texts

    folder = tmp_path / "program"
    for name, text in changed().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with open_office(tmp_path / "data", PREFLIGHT_PROGRAM_DIR=str(folder)) as office:
        title = "Summarise claims calls"
        approved(office, title, MEDIUM)
        put(office, title, "pilot", {"id": "accessibility", "met": ("keyboard_only",)})
        dana = office.person("dana").says(f"is {title} ready for accessibility?")
        card = dana.reads("1 of 2", "Works with a screen reader")
        assert "Add evidence: Works with a screen reader" in [label(e) for _, e in elements(card)]
        put_the_other(office, title)
        card = dana.reads("What is left is the decision")
        presses(dana, card, "Ask for the decision")
        maya = office.person("maya")
        decision = maya.reads(title, "the accessibility lead looks at everything")
        presses(maya, decision, "Approve")
        assert case_of(office, title)[0].stage == "accessible"
        assert "everybody can use it" in texts(office.person("lee").reads(title, "Accessible"))


def put_the_other(office: object, title: str) -> None:
    """The second item is met too."""
    from tests.scenarios.deciding import case_of
    from tests.scenarios.office import Office
    from tests.scenarios.test_readiness import put_met

    assert isinstance(office, Office)
    with office.bot.service.store.read() as reading:
        sheet = reading.dossier(case_of(office, title)[0].id).walk_of("accessibility")
    put_met(office, sheet, "screen_reader")


@pytest.mark.parametrize(
    ("file", "old", "new", "said", "fix"),
    [
        (
            "gates/accessible.yaml",
            "questionnaire: accessibility",
            "questionnaire: accesibility",
            "no questionnaire",
            "accessibility",
        ),
        ("gates/accessible.yaml", "to: accessible", "to: accessibel", "no stage", "accessible"),
        (
            "gates/accessible.yaml",
            "[technical_owner]",
            "[techncal_owner]",
            "no question for a person",
            "technical_owner",
        ),
        (
            "gates/accessible.yaml",
            "id: accessible",
            "id: accesible",
            "not the name of its file",
            "accessible",
        ),
        (
            "gates/accessible.yaml",
            "{questionnaire: accessibility}",
            "{questionnaire: intake}",
            "not something a gate demands",
            "checklist",
        ),
        (
            "gates/accessible.yaml",
            "accessibility}",
            "accessibility, when: tier == 'hihg'}",
            "none of its options",
            "program.md",
        ),
        (
            "gates/accessible.yaml",
            "words: [accessibility, ",
            "words: [production, ",
            'a word of the gate "',
            "one of the two",
        ),
        (
            "gates/platform_candidate.yaml",
            "promotion.cost_known",
            "promotion.cost_knwon",
            "no item of",
            "cost_known",
        ),
        (
            "gates/platform_candidate.yaml",
            "promotion.cost_known",
            "accessibility.keyboard_only",
            "does not demand",
            "demands",
        ),
        (
            "gates/platform_candidate.yaml",
            "[business_owner, metric_owner]",
            "[business_owner]",
            "keeps nobody apart",
            "two owners",
        ),
        ("life_cycle.yaml", "gate: accessible}", "gate: accesible}", "no gate", "accessible"),
        ("life_cycle.yaml", "gate: accessible}", "gate: production}", "leads to", "accessible"),
        (
            "life_cycle.yaml",
            "by: business_owner, gate",
            "by: busines_owner, gate",
            "no mover",
            "business_owner",
        ),
    ],
)
def test_a_slip_in_a_gate_is_told_with_its_place_and_the_fix(
    file: str, old: str, new: str, said: str, fix: str
) -> None:
    from workflows.program_errors import ProgramErrors

    files = changed()
    assert old in files[file]
    with pytest.raises(ProgramErrors) as caught:
        parse_program({**files, file: files[file].replace(old, new, 1)}, SENTENCES, PLAYBOOK)
    told = [e for e in caught.value.errors if said in e.problem]
    assert told, caught.value
    assert any(fix in e.fix for e in told), told
    assert all(e.line > 0 for e in told)
