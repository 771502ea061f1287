"""What is wrong with a program is told with file, line, field and the fix, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.program_folder import default_program_folder, read_files, read_program
from tests.program.mutations import FILES, SENTENCES, whole_files_read_once
from workflows.program_errors import ProgramError, ProgramErrors
from workflows.program_files import OPTIONAL_FILES, parse_program, stamp_of

INTAKE = "questionnaires/intake.yaml"


def refused(file: str, old: str, new: str) -> tuple[ProgramError, ...]:
    """The errors after one replacement in one file."""
    text = FILES[file]
    assert old in text, f"{old} is not in {file}"
    with whole_files_read_once(), pytest.raises(ProgramErrors) as caught:
        parse_program({**FILES, file: text.replace(old, new, 1)}, SENTENCES)
    return caught.value.errors


def line_of(file: str, text: str) -> int:
    return FILES[file][: FILES[file].index(text)].count("\n") + 1


def test_the_default_program_is_sound() -> None:
    program = read_program(default_program_folder())
    assert program.intake.title_question == "name"
    assert set(program.scorecards) == {"five_dimensions", "value_feasibility_risk", "portfolio"}


@pytest.mark.parametrize(
    ("file", "old", "new", "said", "fix"),
    [
        (INTAKE, "    title: The idea", "    titel: The idea", '"titel" is not a known field', '"title"'),
        (INTAKE, "type: long_text", "type: longtext", "'longtext' is not possible", '"long_text"'),
        (INTAKE, "label: Problem", "label: 5", "must be text, not the number 5", 'quotes: "5"'),
        (INTAKE, "label: Problem", f"label: {'x' * 61}", "61 characters long; 60 fit", "shorten"),
        (INTAKE, "label: Public\n", f"label: {'x' * 76}\n", "76 characters long; 75 fit", "shorten"),
        (INTAKE, "title_question: name", "title_question: nmae", 'no question "nmae"', '"name"'),
        (
            INTAKE,
            'when: build_or_buy == "buy"',
            'when: build_or_buy == "bye"',
            "none of its options",
            "condition",
        ),
        (INTAKE, 'when: build_or_buy == "buy"', "when: model_type == null", "asked only later", "move"),
        (INTAKE, 'when: build_or_buy == "buy"', "when: build_or_buy = 1", "does not compile", "program.md"),
        (INTAKE, "- id: vendor", "- id: name", 'the question "name" is there twice', "its own id"),
        (INTAKE, "- id: vendor", "- id: function", "a word of the expression language", "the_function"),
        (INTAKE, r"pattern: '\bunderwrit", r"pattern: '(\bunderwrit", "not a regular expression", "pattern"),
        (INTAKE, r"pattern: '\bunderwrit", r"pattern: '(a+)+\bunderwrit", "can take for ever", "inner"),
        (INTAKE, "value: underwriting}", "value: underwritting}", '"underwritting" is none', "correct"),
        (INTAKE, "title: New AI use case", "title: A new AI use case for us all", "holds 1 to 24", "shorten"),
        (INTAKE, "ask: How often does it happen?", f"ask: {'x' * 1001}", "1001 characters long", "shorten"),
        ("messages.yaml", 'approved: "', f'approved: "{"x" * 2900}', "2900 fit into a message", "shorten"),
        (
            "roles.yaml",
            "why: HR looks at everything that decides about our own people",
            'why: " "',
            "is empty",
            "why",
        ),
        (INTAKE, "part: target", "part: goal", '"goal" is no part of a measure', "use one of"),
        (INTAKE, "default: submitter", "default: first_sentence", "cannot be the first sentence", "remove"),
        (
            "tiers.yaml",
            'when: harm == "severe"',
            'when: harms == "severe"',
            'did you mean "harm"?',
            "condition",
        ),
        (
            "tiers.yaml",
            "  prohibited: It falls",
            "  forbidden: It falls",
            "'forbidden' is not possible",
            "use one",
        ),
        (
            "governance.yaml",
            "{role: privacy, order: 1}",
            "{role: private, order: 1}",
            'no role "private"',
            "privacy",
        ),
        (
            "governance.yaml",
            '    when: tier == "low"',
            '    when: tier == "lo"',
            'compares tier with "lo"',
            "cond",
        ),
        (
            "governance.yaml",
            "    automatic: true",
            "    automatic: yes",
            "must be true or false",
            "true or false",
        ),
        ("governance.yaml", "quorum: 1", "quorum: 0", "greater than or equal to 1", "correct"),
        ("governance.yaml", "gates: [waiver]", "gates: [waver]", 'no gate "waver"', '"waiver"'),
        ("governance.yaml", "[autonomy, decides", "[autonomie, decides", 'question "autonomie"', "autonomy"),
        ("governance.yaml", "{low: 730,", "{low: 7,", "renewed 28 days before", "hold longer"),
        ("governance.yaml", "[risk_owner]\n", "[vendor]\n", 'question for a person "vendor"', "use one of"),
        ("program.yaml", "another_model: model", "another_model: modle", 'changes "modle"', "model"),
        ("governance.yaml", "  statement: I", "  statemen: I", '"statemen" is not a known', "statement"),
        (
            "roles.yaml",
            "    resolve: [{group: legal}]",
            "    resolve: [{group: '#legal'}]",
            "a name in Slack",
            "small",
        ),
        (
            "roles.yaml",
            "    resolve: [{field: data_owner}]",
            "    resolve: [{field: vendor}]",
            '"vendor"',
            "one of",
        ),
        (
            "roles.yaml",
            "    fallback: [{group: data-owners}, {group: ai-program}]\n",
            "",
            "no fallback",
            "nobody",
        ),
        (
            "roles.yaml",
            "{rotation: platform_oncall}",
            "{rotation: nights}",
            'no rotation "nights"',
            "use one of",
        ),
        (
            "life_cycle.yaml",
            "{from: pilot, to: platform_candidate",
            "{from: pilot, to: platform",
            "no stage",
            '"pl',
        ),
        (
            "life_cycle.yaml",
            "  - {from: pilot, to: platform_candidate, by: approval, gate: platform_candidate}\n",
            "",
            "be reached",
            "move",
        ),
        (
            "life_cycle.yaml",
            "{from: in_review, to: rejected",
            "{from: in_review, to: pilot",
            "missing",
            "from: in_r",
        ),
        ("messages.yaml", "{picked}", "{pickd}", 'no placeholder "{pickd}"', '"{picked}"'),
        ("messages.yaml", "{picked}", "{picked", "not closed", "{name}"),
        ("messages.yaml", "greeting:", "greting:", 'never says "greting"', '"greeting"'),
        ("program.yaml", "scorecard: five_dimensions", "scorecard: five", 'no scorecard "five"', "five_dim"),
        ("program.yaml", 'end: "17:00"', 'end: "08:00"', "ends before it starts", "swap"),
        (
            "scorecards/portfolio.yaml",
            "id: portfolio",
            "id: folio",
            "not the name of its file",
            '"portfolio"',
        ),
    ],
)
def test_an_error_names_its_line_and_the_fix(file: str, old: str, new: str, said: str, fix: str) -> None:
    errors = refused(file, old, new)
    hit = [e for e in errors if said in e.problem and fix in e.fix]
    assert hit, [str(e) for e in errors]
    assert hit[0].file == file
    if "missing" not in said and "reached" not in said and "fallback" not in said:
        assert abs(hit[0].line - line_of(file, old)) <= 1
    assert str(hit[0]).startswith(f"{file}, line {hit[0].line}")


def test_yaml_that_is_broken_is_told_with_its_line() -> None:
    (error,) = refused("roles.yaml", "  - id: legal\n    label: Legal", "  - id: legal\n   label: Legal")
    assert "not valid YAML" in error.problem
    assert abs(error.line - line_of("roles.yaml", "  - id: legal\n    label: Legal")) <= 1


def test_a_field_written_twice_is_told() -> None:
    (error,) = refused("program.yaml", "company:", "version: again\ncompany:")
    assert error.problem.startswith('"version" stands here twice (first in line ')


def test_a_text_with_a_bare_comma_is_explained() -> None:
    errors = refused(
        INTAKE, "source: {document: intake-questions.md", "source: {document: Somebody, has to be called"
    )
    assert any("put quotes around the whole text" in e.fix for e in errors) or any(
        "not valid YAML" in e.problem for e in errors
    )


def test_no_is_a_word_and_not_a_truth_value() -> None:
    assert "no" in parse_program(FILES).intake.question("prohibited_uses").choices[0].synonyms


def test_everything_that_is_wrong_is_told_at_once() -> None:
    files = dict(FILES)
    files["tiers.yaml"] = files["tiers.yaml"].replace('harm == "severe"', 'harm == "sever"', 1)
    files["roles.yaml"] = files["roles.yaml"].replace("function: hr", "function: people", 1)
    files["messages.yaml"] = files["messages.yaml"].replace("{steps}", "{stairs}", 1)
    with pytest.raises(ProgramErrors) as caught:
        parse_program(files, SENTENCES)
    assert [e.file for e in caught.value.errors] == ["messages.yaml", "roles.yaml", "tiers.yaml"]


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_that_is_missing_or_empty_is_told(file: str) -> None:
    without = {k: v for k, v in FILES.items() if k != file}
    optional = file.startswith(("scorecards/value", "scorecards/portfolio", "imports/")) or file in NOT_NAMED
    if not optional:
        with whole_files_read_once(checked_once=False), pytest.raises(ProgramErrors):
            parse_program(without, SENTENCES)
    with whole_files_read_once(), pytest.raises(ProgramErrors, match="is empty"):
        parse_program({**FILES, file: "# nothing\n"}, SENTENCES)


NOT_NAMED = {
    *OPTIONAL_FILES,
    "feedback.yaml",
    "learning.yaml",
    "plan.yaml",
    *(f"questionnaires/{q}.yaml" for q in ("baseline_audit", "pilot_diagnosis", "scale_meaning")),
    "questionnaires/vendor_questions.yaml",
}
"""Files that no other file refers to: without them a program is whole."""


def test_a_file_that_does_not_belong_is_told() -> None:
    with pytest.raises(
        ProgramErrors, match=r'tier\.yaml, line 1: this is not a file .* Rename it to "tiers.yaml"'
    ):
        parse_program({**FILES, "tier.yaml": "a: 1"}, SENTENCES)


@pytest.mark.parametrize(
    "text", ["a: &x 1\nb: *x", "a: !!python/name:os.system x", "[" * 9000, "\x00", "a: 1\n---\nb: 2"]
)
def test_texts_made_to_hurt_are_refused(text: str) -> None:
    with pytest.raises(ProgramErrors):
        parse_program({**FILES, "tiers.yaml": text}, SENTENCES)


def test_the_version_follows_the_content_and_not_the_line_endings() -> None:
    stamp = stamp_of(FILES, "1")
    windows = {k: "\ufeff" + v.replace("\n", "\r\n") for k, v in FILES.items()}
    assert stamp_of(windows, "1") == stamp
    assert parse_program(windows).stamp.hash == stamp.hash
    for file in FILES:
        assert stamp_of({**FILES, file: FILES[file] + "# more\n"}, "1").hash != stamp.hash


def write(folder: Path) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_program_folder_is_read_with_hidden_files_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_bytes(b"\xff")
    (folder / "README.md").write_text("Ours.")
    assert read_program(folder).stamp == read_program(default_program_folder()).stamp
    assert read_files(folder) == FILES


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramErrors, match="no such folder"):
        read_program(tmp_path / "nowhere")


def test_a_file_that_is_not_utf8_or_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "messages.yaml").write_bytes(b"greeting: hello\nhelp: caf\xe9\n")
    (folder / "tiers.yml").write_text("a: 1")
    with pytest.raises(ProgramErrors) as caught:
        read_program(folder)
    told = {e.file: (e.line, e.problem) for e in caught.value.errors}
    assert told["messages.yaml"] == (2, "is not UTF-8 text")
    assert "made of .yaml files" in told["tiers.yml"][1]


def test_each_gate_has_a_row_that_decides_for_each_tier() -> None:
    error, *_ = refused("governance.yaml", "gates: [release]", "gates: [production]")
    assert error.problem.startswith('no row decides for the tier "low" at the gate "release"')
    assert "gates: [release]" in error.fix
