"""Champions in Slack: asked for by command or in words, and somebody who would like to be one."""

from __future__ import annotations

import re

from bot.drawing import scene_for
from bot.inputs import Click, CommandIn, MessageIn
from bot.registry import NOTHING, RENDERERS, Answer, Message, Moment, command, on_action
from bot.views.say import words_of
from storage.store import Tx
from workflows.champions import function_named, functions_of, is_champion_of
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Post, ToPerson, ToPlace
from workflows.ids import Subject
from workflows.roles import resolve

_ASKS = re.compile(
    r"(?:who(?:'s| is| are)?|list|show(?: me)?|which)(?: (?:the|our|my|all))?(?: ai)? champions?"
    r"(?: (?:for|of|in|at) (?:the )?(?P<where>[\w &-]{2,40}))?(?: do we have)?"
)


@command("champions", help="who helps with AI in each function, and how to become one", usage="[function]")
def champions(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight champions``: all of them, or those of one function; a champion sees their page as well."""
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=said.user), said.user)
        data: dict[str, object] = {"function": function_named(said.rest, moment.program)}
        return Answer(note=RENDERERS["champions"](scene, data))


def asked_for_champions(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether the words ask who the champions are; of a function that is not known the playbook may tell."""
    said = " ".join(re.sub(r"[?.!]+$", "", message.text.casefold().strip()).split())
    found = _ASKS.fullmatch(said)
    where = (found["where"] or "").strip() if found else ""
    function = function_named(where, moment.program)
    if found is None or (where and not function):
        return False
    post = Post(
        to=ToPlace(place=message.place),
        kind="champions",
        subject=Subject(type="person", id=message.user),
        data={"function": function},
    )
    tx.apply(Decision(effects=(post,)), circ)
    return True


@on_action("champion.wish")
def wish(moment: Moment, click: Click) -> Answer:
    """ "I would like to be one": the program team hears of it once, and adds whom it chooses."""
    circ = moment.circumstances(click.user, "button")
    function = str(click.value or "")
    with moment.store.write() as tx:
        directory = tx.directory()
        mine = functions_of(click.user, moment.program, directory)
        champion = is_champion_of(click.user, moment.program, directory, moment.now)
        if function not in mine or champion or not directory.person(click.user).active:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        if not tx.first_time(click.key):
            return NOTHING
        if not tx.first_time(f"champion/wish/{click.user}/{function}"):
            return Answer(note=Message(text=words_of(moment.program, "champion_wished_already")))
        subject = Subject(type="person", id=click.user)
        team = resolve(moment.program.program_team, moment.program, {}, directory, moment.now).people
        posts = tuple(
            Post(
                to=ToPerson(user=user),
                kind="champion_wish",
                subject=subject,
                data={"function": function},
                key=f"champion/wish/{click.user}/{function}/{user}",
            )
            for user in team
        )
        entry = Entry(action="champion.wished", subject=subject, detail={"function": function})
        tx.apply(Decision(entries=(entry,), effects=posts), circ)
    return Answer(note=Message(text=words_of(moment.program, "champion_wish_told")))
