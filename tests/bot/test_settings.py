"""Settings: a bad value names the variable and the fix; secrets never show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.settings import NAMES, SettingsError, for_serving, read_settings

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_SIGNING_SECRET": "0123456789abcdef",
    "SLACK_APP_TOKEN": "xapp-1-A-2-b",
    "SLACK_API_URL": "http://127.0.0.1:9/api",
    "DATABASE_URL": "postgresql://u:p@h/n",
    "PREFLIGHT_CHROMA": "http://127.0.0.1:8000/",
    "PREFLIGHT_HOST": "0.0.0.0",
    "PREFLIGHT_PORT": "8080",
    "PREFLIGHT_THREADS": "4",
    "PREFLIGHT_WORKERS": "2",
    "PREFLIGHT_LOG_FORMAT": "json",
    "PREFLIGHT_LOG_LEVEL": "debug",
    "PREFLIGHT_MODEL": "openai:some-model",
    "PREFLIGHT_MODEL_URL": "http://127.0.0.1:9/v1",
    "PREFLIGHT_MODEL_KEY": "sk-very-secret",
    "PREFLIGHT_MODEL_TEMPERATURE": "0.2",
    "PREFLIGHT_MODEL_DEADLINE": "8.5",
    "PREFLIGHT_MODEL_TOKENS": "2000",
    "PREFLIGHT_MODEL_PRICE_IN": "0.4",
    "PREFLIGHT_MODEL_PRICE_OUT": "1.6",
    "PREFLIGHT_MODEL_PROMPT": "answer-1",
    "PREFLIGHT_MASK": "on",
    "PREFLIGHT_TRACE_DAYS": "30",
    "PREFLIGHT_HOOK_SECRETS": "ci:0123456789abcdef,monitoring:fedcba9876543210",
    "PREFLIGHT_METRICS_TOKEN": "shown-by-who-scrapes",
    "PREFLIGHT_DRAIN": "15",
}


def test_every_setting_is_read(tmp_path: Path) -> None:
    found = read_settings(
        {**GOOD, "PREFLIGHT_DATA_DIR": str(tmp_path), "PREFLIGHT_PROGRAM_DIR": str(tmp_path)}
    )
    assert found.data_dir == found.program_dir == tmp_path
    assert found.api_url == "http://127.0.0.1:9/api/"
    assert found.chroma == "http://127.0.0.1:8000"
    assert (found.port, found.threads, found.workers) == (8080, 4, 2)
    assert found.socket_mode
    assert (found.model.name, found.model.url) == ("openai:some-model", "http://127.0.0.1:9/v1")
    assert (found.model.deadline, found.model.tokens, found.model.temperature) == (8.5, 2000, 0.2)
    assert (found.model.price_in, found.model.price_out) == (0.4, 1.6)
    assert found.model.mask
    assert found.model.trace_days == 30
    assert [h.system for h in found.hooks] == ["ci", "monitoring"]
    assert (found.metrics.open, found.drain) == (True, 15)


def test_the_numbers_are_shown_to_nobody_unless_that_is_set(tmp_path: Path) -> None:
    here = {"PREFLIGHT_DATA_DIR": str(tmp_path)}
    assert not read_settings(here).metrics.open
    assert read_settings({**here, "PREFLIGHT_METRICS": "on"}).metrics.open
    token = {"PREFLIGHT_METRICS_TOKEN": "a-token-for-who-scrapes"}
    assert read_settings({**here, **token}).metrics.open
    assert not read_settings({**here, **token, "PREFLIGHT_METRICS": "off"}).metrics.open
    with pytest.raises(SettingsError, match="PREFLIGHT_METRICS_TOKEN cannot be used"):
        read_settings({**here, "PREFLIGHT_METRICS_TOKEN": "short"})


def test_state_is_kept_beside_where_one_works_unless_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({}).data_dir == tmp_path / ".preflight"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-1-2"),
        ("SLACK_BOT_TOKEN", "xoxb-ab cd"),
        ("SLACK_APP_TOKEN", "xoxb-1-2-abc"),
        ("SLACK_SIGNING_SECRET", "short"),
        ("SLACK_API_URL", "slack.com"),
        ("SLACK_API_URL", "http://[bad"),
        ("SLACK_API_URL", "ftp://slack.com"),
        ("DATABASE_URL", "mysql://h/n"),
        ("PREFLIGHT_PORT", "http"),
        ("PREFLIGHT_PORT", "70000"),
        ("PREFLIGHT_PORT", "-1"),
        ("PREFLIGHT_PORT", "٣"),
        ("PREFLIGHT_THREADS", "0"),
        ("PREFLIGHT_WORKERS", "many"),
        ("PREFLIGHT_LOG_FORMAT", "xml"),
        ("PREFLIGHT_LOG_LEVEL", "loud"),
        ("PREFLIGHT_PROGRAM_DIR", "/no/such/folder"),
        ("PREFLIGHT_CHROMA", "localhost:8000"),
        ("PREFLIGHT_MODEL", "gpt"),
        ("PREFLIGHT_MODEL", "openai:"),
        ("PREFLIGHT_MODEL_URL", "localhost:8000"),
        ("PREFLIGHT_MODEL_KEY_FILE", "/no/such/file"),
        ("PREFLIGHT_MODEL_TEMPERATURE", "hot"),
        ("PREFLIGHT_MODEL_DEADLINE", "0"),
        ("PREFLIGHT_MODEL_DEADLINE", "1e9"),
        ("PREFLIGHT_MODEL_TOKENS", "12"),
        ("PREFLIGHT_MODEL_PRICE_IN", "-1"),
        ("PREFLIGHT_MODEL_PRICE_OUT", ""),
        ("PREFLIGHT_MODEL_PROMPT", "../answer-1"),
        ("PREFLIGHT_MASK", "perhaps"),
        ("PREFLIGHT_TRACE_DAYS", "0"),
        ("PREFLIGHT_DATA_DIR", __file__),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({**GOOD, name: value})
    assert name in str(refused.value)


def test_secrets_show_nowhere(tmp_path: Path) -> None:
    found = read_settings({**GOOD, "PREFLIGHT_DATA_DIR": str(tmp_path)})
    for shown in (repr(found), str(found), f"{found}"):
        assert not [s for s in ("xoxb-1", "xapp-1", "0123456789abcdef", "u:p@", "sk-very") if s in shown]


def test_the_key_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-from-a-file\n", encoding="utf-8")
    found = read_settings({"PREFLIGHT_MODEL_KEY_FILE": str(tmp_path / "key")})
    assert found.model.key.get_secret_value() == "sk-from-a-file"


def test_a_refused_token_is_not_repeated_in_the_message() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"SLACK_BOT_TOKEN": "xoxp-very-secret"})
    assert "very-secret" not in str(refused.value)


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text(
        '# ours\nexport SLACK_BOT_TOKEN="xoxb-file"\nPREFLIGHT_PORT=4000\n', encoding="utf-8"
    )
    found = read_settings({"PREFLIGHT_DATA_DIR": str(tmp_path), "PREFLIGHT_PORT": "5000"})
    assert found.bot_token.get_secret_value() == "xoxb-file"
    assert found.port == 5000


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SLACK_BOT_TOKN=x", "Did you mean SLACK_BOT_TOKEN"),
        ("just words", "NAME=value"),
        ("PREFLIGHT_PORT=1\nPREFLIGHT_PORT=2", "line 2"),
        ("PREFLIGHT_DATA_DIR=/x", "environment"),
    ],
)
def test_a_faulty_file_names_the_line_and_the_fix(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "settings.env").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"line \d") as refused:
        read_settings({"PREFLIGHT_DATA_DIR": str(tmp_path)})
    assert says in str(refused.value)


def test_a_file_that_is_not_text_is_said_kindly(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="UTF-8"):
        read_settings({"PREFLIGHT_DATA_DIR": str(tmp_path)})


def test_serving_says_what_it_still_needs() -> None:
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is not set"):
        for_serving(read_settings({}))
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET"):
        for_serving(read_settings({"SLACK_BOT_TOKEN": "xoxb-1-2"}))


def test_every_setting_is_explained() -> None:
    assert all(NAMES[name] for name in GOOD)


def test_every_setting_is_in_the_page_about_running_it() -> None:
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    assert not [name for name in NAMES if f"`{name}`" not in page]


def test_the_containers_use_the_chroma_of_the_lock_and_keep_its_index() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    chroma = services["chroma"]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert f"\nchromadb=={chroma['image'].partition(':')[2]} " in locked
    assert services["preflight"]["environment"]["PREFLIGHT_CHROMA"] == "http://chroma:8000"
    assert chroma["volumes"]
    assert chroma["healthcheck"]


def test_the_containers_set_only_settings_that_exist() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    given = set(compose["services"]["preflight"]["environment"])
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    given |= set(re.findall(r"(PREFLIGHT_\w+)=", image))
    assert given <= set(NAMES)
    for room in ("bot", "knowledge", "workflows", "storage", "program"):
        assert f"COPY {room} ./{room}" in image
