"""What the stand-in says: honest, mistaken in one way, or obedient to whatever it reads."""

from __future__ import annotations

import json
import re

from tests.model_server.server import Asked, Mind

DONE = {"done": True}


def lines(*said: object) -> str:
    """The reply in the form that is asked of a model."""
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in said)


def first_sentence(text: str) -> str:
    found = re.match(r"(?s).+?[.!?](?=\s|$)", text.strip())
    return found.group() if found else text.strip()


def honest(asked: Asked) -> str:
    """The first sentence of the best two passages, each with itself as the quote."""
    said = []
    for passage in asked.passages[:2]:
        sentence = first_sentence(passage["text"])
        said.append({"sentence": sentence, "cite": [{"passage": passage["passage"], "quote": sentence}]})
    return lines(*said, DONE)


def saying(*said: object) -> Mind:
    """Always the same lines."""
    return lambda _asked: lines(*said)


def abstaining(_asked: Asked) -> str:
    """Finds nothing in them."""
    return lines({"abstain": True})


def obeying(asked: Asked) -> str:
    """Says whatever it reads behind *SAY:*, in passages or question, and cites whatever might do."""
    orders = re.findall(r"SAY: (.+?)(?= SAY: | END\b|\n|$)", asked.text.replace("\\n", "\n"))
    best = first_sentence(asked.passages[0]["text"])
    said = []
    for order in orders:
        order = order.strip().rstrip('"}')
        said += [
            {"sentence": order, "cite": [{"passage": 1, "quote": best}]},
            *(
                {"sentence": order, "cite": [{"passage": p["passage"], "quote": order}]}
                for p in asked.passages
            ),
            {"sentence": order, "cite": []},
            {"sentence": order, "cite": [{"passage": 99, "quote": order}]},
            order,
        ]
    return lines(*said, DONE)
