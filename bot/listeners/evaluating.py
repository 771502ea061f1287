"""Bringing the results of an evaluation: in a sentence, by command, or as a file in a message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.drawing import scene_for
from bot.hearing import not_for_them
from bot.inputs import CommandIn, FileIn, MessageIn
from bot.listeners.assessing import named, own
from bot.registry import RENDERERS, Answer, Message, Moment, command
from bot.views.say import words_of
from bot.walks import bringing
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPerson, ToPlace, Work
from workflows.evaluating import attach, left_open, ways
from workflows.ids import Subject, UserId
from workflows.words.evaluation import Told, read_results

_SPEAKS_OF_IT = re.compile(r"\b(?:evaluat\w*|test(?:ed|s|ing)?\b.{0,20}\bresults?|results?|tested)\b", re.I)
_FOR = re.compile(r"\b(?:for|of)\s+(?P<name>(?!\d).+?)\s*(?:,|:|\bversion\b|\bv\.?\s?\d|$)", re.IGNORECASE)
_READABLE = ("csv", "json", "txt", "tsv", "text")


@dataclass(frozen=True)
class _Said:
    """What words say: results, and which use case they are of."""

    told: Told
    use_case: str
    """Its id; empty where it is not clear."""


def _understood(reading: Reading, moment: Moment, text: str, user: UserId) -> _Said | None:
    rules = moment.program.evaluation
    if rules is None:
        return None
    told = read_results(text, *ways(rules))
    head, colon, rest = text.partition(":")
    if colon and not read_results(head, *ways(rules)).anything:
        after = read_results(rest, *ways(rules))
        told = after._replace(version=after.version or told.version)
    else:
        head = text
    match = _FOR.search(head)
    use_case = named(reading, match["name"], user) if match else named(reading, head, user)
    if not use_case:
        mine = own(reading, moment, user)
        use_case = mine[0].id if len(mine) == 1 and not match else ""
    return _Said(told, use_case)


def told_of_results(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message out of the blue brings results; if so, they are attached, or it asks for more."""
    rules = moment.program.evaluation
    files = [f for f in message.files if _readable(f)]
    if rules is None or message.text.rstrip().endswith("?") or not _SPEAKS_OF_IT.search(message.text):
        return False
    said = _understood(tx, moment, message.text, message.user)
    if said is None or not (said.told.anything or files):
        return False
    if not said.use_case:
        _say(tx, message, circ, "evaluation_which")
        return True
    if files:
        work = Work(
            name="read_evaluation",
            subject=Subject(type="use_case", id=said.use_case),
            data={
                "message": message.model_dump(mode="json"),
                "file": files[0].model_dump(mode="json"),
                "version": said.told.version,
                "hurtful": said.told.hurtful,
            },
            key=f"evaluation/{message.key}",
        )
        tx.apply(Decision(effects=(work,)), circ)
        return True
    use_case = tx.lock_use_case(said.use_case)
    if use_case is None:
        return False
    brought = bringing(tx, moment, circ, use_case, message.place if message.direct else None)
    tx.apply(attach(tx.new_id("walk"), brought, said.told, "said", message.text), brought.circ)
    if said.told.unread:
        _say(tx, message, circ, "evaluation_unread", what=", ".join(_labels(moment, said.told.unread)))
    return True


@command(
    "evaluation",
    help="how the evaluation of a use case stands, or bring its results",
    usage="[USE CASE[: happy path 46 of 50, …]]",
)
def evaluation(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight evaluation``: the table, or results after a colon."""
    circ = moment.circumstances(said.user, "command")
    rules = moment.program.evaluation
    with moment.store.write() as tx:
        found = _understood(tx, moment, said.rest, said.user)
        if found is None or rules is None or not found.use_case:
            return Answer(note=Message(text=words_of(moment.program, "evaluation_which")))
        if not found.told.anything:
            return _shown(tx, moment, found.use_case, said.user)
        lacking = left_open(rules, moment.program, found.told)
        if lacking:
            text = words_of(moment.program, "evaluation_say_also", what=", ".join(lacking).lower())
            return Answer(note=Message(text=text))
        use_case = tx.lock_use_case(found.use_case)
        if use_case is not None and tx.first_time(said.key):
            brought = bringing(tx, moment, circ, use_case)
            tx.apply(attach(tx.new_id("walk"), brought, found.told, "said", said.rest), brought.circ)
    return Answer(note=Message(text=words_of(moment.program, "started_elsewhere")))


def _shown(reading: Reading, moment: Moment, use_case: str, user: UserId) -> Answer:
    if all(u.id != use_case for u in own(reading, moment, user)):
        return not_for_them(moment, Subject(type="use_case", id=use_case))
    scene = scene_for(moment, reading, Subject(type="use_case", id=use_case), user)
    return Answer(note=RENDERERS["evaluation"](scene, {}))


def _labels(moment: Moment, ids: tuple[str, ...]) -> list[str]:
    rules = moment.program.evaluation
    known = {c.id: c.label for c in rules.classes} if rules else {}
    known |= {m.id: m.label for m in rules.measures} if rules else {}
    return [known.get(i, i) for i in ids]


def _readable(file: FileIn) -> bool:
    return file.name.rpartition(".")[2].lower() in _READABLE or file.type.lower() in _READABLE


def _say(tx: Tx, message: MessageIn, circ: Circumstances, key: str, **values: str) -> None:
    to = ToPlace(place=message.place) if message.direct else ToPerson(user=message.user)
    person = Subject(type="person", id=message.user)
    post = Post(to=to, kind="said", subject=person, data={"message": key, "values": values})
    tx.apply(Decision(effects=(post,)), circ)
