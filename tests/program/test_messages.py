"""Every sentence that the code says is in the default program."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.program.office import PROGRAM
from tests.the_code import all_nodes


def text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def keys_said() -> Iterator[tuple[str, str]]:
    """(place, key) for each key that code names where it says something."""
    for file, inside in all_nodes("bot", "workflows"):
        for node in inside:
            found: list[str | None] = []
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in ("say", "say_in") and len(node.args) > 1:
                    found.append(text(node.args[1]))
                found += [text(k.value) for k in node.keywords if k.arg == "message"]
            elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
                if node.value.attr == "messages":
                    found.append(text(node.slice))
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                found += [text(v) for k, v in pairs if k is not None and text(k) == "message"]
            yield from ((f"{file}:{getattr(node, 'lineno', 0)}", key) for key in found if key)


def test_every_sentence_that_the_code_says_is_in_the_program() -> None:
    missing = [f"{place} says {key!r}" for place, key in keys_said() if key not in PROGRAM.messages]
    assert not missing, "\n".join(missing)


def texts() -> Iterator[str]:
    """Every text in the code; of one with something filled in, ``*`` stands for that."""
    for _, inside in all_nodes("bot", "workflows"):
        for node in inside:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(text(part) or "*" for part in node.values)


def test_every_sentence_in_the_program_is_said_somewhere() -> None:
    found = set(texts())
    shape = re.compile(r"(?=.*[a-z]{3})[a-z_]*\*[a-z_]*")
    made = [re.compile(t.replace("*", "[a-z_]+")) for t in found if shape.fullmatch(t)]
    unsaid = [k for k in PROGRAM.messages if k not in found and not any(m.fullmatch(k) for m in made)]
    assert not unsaid, unsaid


def test_no_sentence_speaks_of_what_people_never_see() -> None:
    for key, sentence in PROGRAM.messages.items():
        for word in ("exception", "traceback", "null", "none of type", "questionnaire", "aggregate"):
            assert word not in sentence.lower(), key
