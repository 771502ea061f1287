"""``metrics.yaml``: what is named must be there, and what nobody acts on is said."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.cli import cli
from storage.metrics.registry import METRICS, load
from storage.program_folder import default_program_folder, read_program
from tests.program.mutations import FILES, SENTENCES
from workflows.measures.acting import nobody_acts
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program

load()


def refused(file: str, old: str, new: str) -> str:
    assert old in FILES[file]
    with pytest.raises(ProgramErrors) as caught:
        parse_program({**FILES, file: FILES[file].replace(old, new, 1)}, SENTENCES, None, METRICS)
    (error,) = caught.value.errors
    assert error.file == file
    return f"{error.field}: {error.problem}. {error.fix}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id: repeat_use,', 'id: repeat_usage,', 'did you mean "repeat_use"?'),
        ('id: active_share,', 'id: active_users,', '"active_users" is here twice'),
        ('owner: technical_owner', 'owner: technical_owners', 'there is no role "technical_owners"'),
        ('question: category', 'question: kategory', 'did you mean "category"?'),
        ('[software_engineering]', '[customer_operations]', 'hangs on the driver'),
        ('[software_engineering]', '[software_enginering]', '"software_engineering"?'),
        ('[software_engineering]', '[]', 'has no use cases'),
        ('id: cost_per_policy', 'id: settled_in_time', '"settled_in_time" is used twice'),
        ('baseline: 58', 'baseline: 75', 'is where it starts'),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_the_way_to_put_it_right(old: str, new: str, said: str) -> None:
    assert said in refused("metrics.yaml", old, new)


def test_a_digest_shows_only_metrics_that_are_there() -> None:
    said = refused("digests.yaml", "metrics: [active_users, ", "metrics: [active_user, ")
    assert 'did you mean "active_users"?' in said


def test_a_value_tree_hangs_on_a_question_with_choices() -> None:
    files = {
        **FILES,
        "metrics.yaml": FILES["metrics.yaml"].replace("question: category", "question: problem"),
    }
    with pytest.raises(ProgramErrors, match='"problem" is not a question with choices'):
        parse_program(files, SENTENCES, None, METRICS)


def test_somebody_acts_on_every_metric_of_the_program_that_ships() -> None:
    program = read_program(default_program_folder())
    assert nobody_acts(program) == ()
    assert {m.id for m in program.metrics.metrics} == set(METRICS)


def test_a_metric_that_nobody_acts_on_is_said_and_the_program_is_still_good() -> None:
    files = {**FILES, "metrics.yaml": FILES["metrics.yaml"].replace("owner: champion, action", "action", 1)}
    assert nobody_acts(parse_program(files, SENTENCES, None, METRICS)) == ("active_users",)
    without = parse_program({k: v for k, v in FILES.items() if k != "metrics.yaml"}, SENTENCES, None, METRICS)
    assert "repeat_use" in nobody_acts(without)


def test_the_program_check_warns_of_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("program")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    metrics = FILES["metrics.yaml"].replace("owner: champion, action", "action", 1)
    (folder / "metrics.yaml").write_text(metrics, encoding="utf-8")
    done = CliRunner().invoke(cli, ["program", "check", str(folder)])
    assert done.exit_code == 0
    assert "All right." in done.stdout
    assert 'metrics.yaml: nobody acts on "active_users"' in done.stderr


def test_metrics_are_listed_with_what_is_done(tmp_path_factory: pytest.TempPathFactory) -> None:
    env = {"PREFLIGHT_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    listed = CliRunner().invoke(cli, ["metrics", "list", "--family", "adoption"], env=env)
    assert listed.exit_code == 0, listed.output
    assert "repeat_use: Repeat use\n" in listed.stdout
    assert "over: week, target 70 %" in listed.stdout
    assert "Watch three people at work" in listed.stdout
    assert "overdue_approvals" not in listed.stdout
    shown = CliRunner().invoke(cli, ["metrics", "show", "repeat_use", "--weeks", "2"], env=env)
    assert shown.exit_code == 0, shown.output
    wrong = CliRunner().invoke(cli, ["metrics", "show", "repeat_usage"], env=env)
    assert 'Did you mean "repeat_use"?' in wrong.stderr
    nowhere = CliRunner().invoke(cli, ["metrics", "show", "repeat_use", "--function", "moon"], env=env)
    assert 'There is no function "moon"' in nowhere.stderr
