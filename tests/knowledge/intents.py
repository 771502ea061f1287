"""The labelled utterances, and what the bot's rules and the model make of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.embedding import Embedder
from knowledge.intent import Weights, estimate
from tests.program.office import NOW, PROGRAM
from workflows.conversation import hear
from workflows.decision import Actor, Circumstances
from workflows.effects import Work
from workflows.hearing import Said
from workflows.ids import Place, QuestionId, UseCaseId, UserId, WalkId
from workflows.intent import read_intent, weigh
from workflows.live_questions import read_live, vocabulary
from workflows.people import Directory, Person
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk
from workflows.words.known_titles import Known

DATA = Path(__file__).parent / "data"
INTENTS = ("question", "live", "start", "answer", "command", "small_talk", "nothing")
ASKED_BACK = "asked back"
"""The last column: not decided, but asked."""
TITLES = tuple(
    Known(f"UC-{number:04d}", title)
    for number, title in enumerate(
        (
            "Draft comments on budget variances",
            "Draft unit tests for internal services",
            "Draft replies to routine customer e-mails",
            "Point out unusual clauses in supplier contracts",
            "Read the mood of branch visitors and show matching offers",
            "Summarise claims calls",
        ),
        1,
    )
)
"""The use cases that there are: those of the demo and of scene 5."""
_DOES = {
    "start": "start",
    "help": "command",
    "chat": "small_talk",
    "silence": "nothing",
    "ask_back": ASKED_BACK,
}
_NAMES = ("dana", "lee", "anya", "ruth", "jack", "noor", "ines")
_FULL = ("Dana Ortiz", "Lee Chen", "Anya Sokolova", "Ruth Adler", "Jack Morgan", "Noor Rahman", "Ines Moreau")
PEOPLE = Directory(
    people={
        UserId(f"U0{n.upper()}"): Person(id=UserId(f"U0{n.upper()}"), name=full, handle=n)
        for n, full in zip(_NAMES, _FULL, strict=True)
    }
)
_DANA = UserId("U0DANA")


@dataclass(frozen=True)
class Utterance:
    """What somebody wrote, what they meant, and what was on the table: a question's id, or the review."""

    text: str
    intent: str
    context: str = ""


def utterances(name: str) -> list[Utterance]:
    """The labelled utterances of a file."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [Utterance(r["text"], r["intent"], r.get("context", "")) for r in map(json.loads, lines)]


def outcome(said: Utterance, embedder: Embedder | None, weights: Weights | None = None) -> str:
    """What the bot takes the words for; with no model, what rules doubt is only looked up, or asked back."""
    return _in_an_intake(said) if said.context else _out_of_the_blue(said.text, embedder, weights)


def _out_of_the_blue(text: str, embedder: Embedder | None, weights: Weights | None) -> str:
    meant = read_intent(text, vocabulary(PROGRAM))
    if meant.sure:
        taken: str = meant.intent
    else:
        found = estimate(text, embedder, weights)
        if found is not None:
            taken = _DOES.get(weigh(found), "question")
        else:
            taken = ASKED_BACK if meant.intent == "start" else "question"
    if taken in ("question", "live"):
        shown = meant.intent == "live" and not meant.named
        return "live" if shown or _is_live(text) else "question"
    return taken


def _is_live(text: str) -> bool:
    asked = read_live(text, PROGRAM, TITLES)
    return asked is not None and not (asked.kind == "right" and asked.mine)


def _in_an_intake(said: Utterance) -> str:
    """What the conversation of an intake does with the words, told from what it would write down."""
    walk = Walk(
        id=WalkId("W-0001"),
        questionnaire="intake",
        about=UseCaseId("UC-0009"),
        owner=_DANA,
        place=Place(channel="D1", thread="1.1"),
        status="reviewing" if said.context == "reviewing" else "asking",
        asking=None if said.context == "reviewing" else QuestionId(said.context.partition(":")[2]),
        ask=3,
        trail=(QuestionId("problem"),),
        answers={},
        origin=Origin(entry="message", words="could AI do that?"),
        program=PROGRAM.stamp,
        started_at=NOW,
        touched_at=NOW,
    )
    use_case = UseCase(id=walk.about, submitter=_DANA, program=PROGRAM.stamp, created_at=NOW)
    circ = Circumstances(now=NOW, actor=Actor(user=_DANA, door="message"), program=PROGRAM.stamp)
    decision = hear(walk, use_case, Said(text=said.text, user=_DANA), PROGRAM, PEOPLE, circ)
    actions = [e.action for e in decision.entries]
    nods = any(e.detail.get("message") == "nod" for e in decision.entries)
    if any(isinstance(e, Work) and e.name == "consult" for e in decision.effects):
        if not any(a.endswith(("answered", "changed", "changing")) for a in actions):
            return "live" if _is_live(said.text) else "question"
        return "answer"
    if nods:
        return "small_talk"
    taken = ("answered", "corrected", "challenged", "changed", "changing", "heard")
    return "answer" if any(a.endswith(taken) for a in actions) else "command"


Matrix = Mapping[str, Mapping[str, int]]
"""Meant -> taken for -> how many."""


def matrix(said: Sequence[Utterance], embedder: Embedder | None, weights: Weights | None = None) -> Matrix:
    """How often each intent was taken for which."""
    counts = Counter((u.intent, outcome(u, embedder, weights)) for u in said)
    return {m: {t: counts[m, t] for t in (*INTENTS, ASKED_BACK)} for m in INTENTS}


def accuracy(found: Matrix) -> float:
    """The share that was taken for what was meant."""
    return sum(found[i][i] for i in INTENTS) / sum(sum(row.values()) for row in found.values())


def printed(found: Matrix) -> str:
    """The matrix as a Markdown table, with recall and precision."""
    taken = (*INTENTS, ASKED_BACK)
    lines = [f"| meant \\ taken for | {' | '.join(taken)} | recall |", "| --- " * (len(taken) + 2) + "|"]
    for meant in INTENTS:
        total = sum(found[meant].values())
        cells = " | ".join(str(found[meant][t] or "") for t in taken)
        lines.append(f"| {meant} | {cells} | {found[meant][meant] / total:.2f} |")
    sums = {t: sum(found[m][t] for m in INTENTS) for t in INTENTS}
    precision = " | ".join(f"{found[t][t] / sums[t]:.2f}" if sums[t] else "" for t in INTENTS)
    return "\n".join([*lines, f"| precision | {precision} | | |"])
