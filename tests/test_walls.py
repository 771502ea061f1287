"""The walls between the rooms, as docs/architecture.md draws them, read from the imports themselves."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "knowledge", "workflows", "storage", "sandbox")

MAY_IMPORT = {
    "bot": {"bot", "knowledge", "storage", "workflows", "sandbox"},
    "knowledge": {"knowledge", "storage"},
    "storage": {"storage", "workflows"},
    "workflows": {"workflows"},
    "sandbox": {"sandbox"},
}
# Libraries that only compute: they read text or numbers they are given, and nothing else.
PURE = {"pydantic", "yaml", "cel", "rapidfuzz", "dateparser", "holidays"}


def imports(room: str) -> list[tuple[str, int, str]]:
    """(file, line, imported module) of every import in a room, at any depth."""
    found = []
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [(str(path.relative_to(ROOT)), node.lineno, a.name) for a in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.append((str(path.relative_to(ROOT)), node.lineno, node.module))
    return found


def top(module: str) -> str:
    return module.split(".", 1)[0]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_between_rooms_run_one_way(room: str) -> None:
    wrong = [i for i in imports(room) if top(i[2]) in ROOMS and top(i[2]) not in MAY_IMPORT[room]]
    assert not wrong


def test_the_sandbox_is_used_by_the_demo_and_nothing_else_of_the_bot() -> None:
    wrong = [i for i in imports("bot") if top(i[2]) == "sandbox" and not i[0].startswith("bot/demo")]
    assert not wrong


def test_the_rules_use_the_standard_library_and_libraries_that_only_compute() -> None:
    standard = set(sys.stdlib_module_names)
    wrong = [i for i in imports("workflows") if top(i[2]) not in standard | PURE | {"workflows"}]
    assert not wrong


def test_the_rules_do_no_input_or_output_and_read_no_clock() -> None:
    acting = {
        "os",
        "socket",
        "subprocess",
        "random",
        "time",
        "sqlite3",
        "pathlib",
        "io",
        "threading",
        "asyncio",
    }
    wrong = [i for i in imports("workflows") if top(i[2]) in acting]
    assert not wrong


def test_only_the_bot_knows_slack() -> None:
    for room in set(ROOMS) - {"bot"}:
        assert not [i for i in imports(room) if top(i[2]).startswith("slack_")]


def test_only_knowledge_knows_chroma_and_langchain() -> None:
    for room in set(ROOMS) - {"knowledge"}:
        assert not [
            i for i in imports(room) if top(i[2]) in {"chromadb"} or top(i[2]).startswith("langchain")
        ]


def test_only_storage_knows_sql() -> None:
    for room in set(ROOMS) - {"storage"}:
        assert not [i for i in imports(room) if top(i[2]) in {"sqlalchemy", "psycopg", "alembic", "sqlite3"}]
