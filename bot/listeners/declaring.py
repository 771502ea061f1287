"""Every way to declare a tool that is in use: words, a command, a shortcut; and making a use case of it."""

from __future__ import annotations

from bot.hearing import clicked, field, place_of
from bot.inputs import Click, CommandIn, MessageIn, ShortcutIn, Submission
from bot.registry import Answer, Moment, command, on_action, on_shortcut, on_view
from bot.views.declaring import FORM, UNSURE, declare_form
from bot.views.feedback_forms import thanks_view
from bot.views.kit import escape
from bot.views.say import Said, words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.declaring import declare as rules
from workflows.declaring.declare import Taking, Told
from workflows.effects import Post, ToPlace
from workflows.ids import Subject
from workflows.program import Program
from workflows.use_case import UseCase
from workflows.words.declaring import Declared, read_declaration

_DECLARED_AT_MOST = 2000


@command("declare", help="declare an AI tool that you use already; nobody is blamed", usage="[tool for what]")
def declare(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight declare``: three questions; words after it fill them in as far as they go."""
    tools = moment.program.life_cycle.declaring.tools
    found = read_declaration(said.rest, tools) or _named(said.rest)
    return Answer(view=declare_form(moment.program, found.tool, found.what))


def _named(words: str) -> Declared:
    """``ChatGPT for translations``: a tool and what for, or only a tool."""
    tool, _, what = words.partition(" for ")
    return Declared(tool.strip()[: rules.TOOL_AT_MOST], what.strip())


@on_shortcut("declare_tool", "Declare an AI tool", "Say what you use already; nobody is blamed")
def from_anywhere(moment: Moment, shortcut: ShortcutIn) -> Answer:
    """The global shortcut."""
    return Answer(view=declare_form(moment.program, "", ""))


@on_action("declare.open")
def from_button(moment: Moment, click: Click) -> Answer:
    """The button under words; its value is the tool, then what it is for."""
    tool, _, what = str(click.value or "").partition("|")
    return Answer(view=declare_form(moment.program, tool, what))


def declared_a_tool(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether the words declare a tool; if so the form is offered with them in it."""
    rule = moment.program.life_cycle.declaring
    found = read_declaration(message.text, rule.tools) if rule.stage else None
    if found is None:
        return False
    data = {"tool": found.tool, "what": found.what[:1000], "words": message.text[:1500] if found.tool else ""}
    person = Subject(type="person", id=message.user)
    post = Post(to=ToPlace(place=message.place), kind="declare_offer", subject=person, data=data)
    tx.apply(Decision(effects=(post,)), circ)
    return True


@on_view(FORM)
def told(moment: Moment, submission: Submission) -> Answer:
    """The three answers: onto the inventory, or to what is there already."""
    data = field(submission, "data")
    said = Told(tool=field(submission, "tool"), what=field(submission, "what"), data=data)
    wrong = rules.wrong_with(said, moment.program)
    if wrong:
        return Answer(errors=wrong)
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        id, same = None, _listed_already(tx, moment, said)
        if same is None:
            # Numbers are given one after the other: of two who declare it at once, the second sees the first.
            id, same = tx.new_id("use_case"), _listed_already(tx, moment, said)
        first = tx.first_time(submission.key)
        if same is not None:
            if first:
                tx.apply(rules.declared_too(same, moment.program, tx.directory(), circ), circ)
            return Answer(update=thanks_view(_joined(moment.program, same)))
        if first and id is not None:
            known = data != UNSURE and _is_option(moment.program, data)
            decision = rules.declared(id, said, known, moment.program, tx.directory(), circ)
            tx.apply(decision, circ)
    return Answer(update=thanks_view(words_of(moment.program, "declare_thanks")))


def _listed_already(tx: Tx, moment: Moment, said: Told) -> UseCase | None:
    stage = moment.program.life_cycle.declaring.stage
    listed = tx.use_cases(stages=(stage,), newest_first=True, at_most=_DECLARED_AT_MOST)
    return rules.same_as(said, listed, moment.program)


def _joined(program: Program, same: UseCase) -> Said:
    title = Said(escape(same.title))
    return words_of(program, "declare_joined", title=title, id=same.id)


def _is_option(program: Program, value: str) -> bool:
    asked = program.life_cycle.declaring.data
    question = next((q for q in program.intake.questions() if q.id == asked), None)
    return question is not None and any(c.id == value for c in question.choices)


class Hearing:
    """What was declared, under its lock."""

    def __init__(self, tx: Tx, taking: Taking) -> None:
        self.tx = tx
        self.taking = taking

    @property
    def title(self) -> str:
        """Its number."""
        return str(self.taking.use_case.id)


@on_action("declared.take")
def take(moment: Moment, click: Click) -> Answer:
    """ "Make it a use case": the intake begins, with what was said already."""

    def load(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Hearing | None:
        use_case = tx.lock_use_case(id)
        if use_case is None:
            return None
        at = place_of(click) if click.channel else None
        walks = tx.walks_about(use_case.id)
        return Hearing(tx, Taking(use_case, walks, moment.program, tx.directory(), circ, at))

    def do(heard: Hearing, _: str) -> Answer | None:
        decision = rules.taken_up(heard.taking, heard.tx.new_id("walk"))
        heard.tx.apply(decision, heard.taking.circ)
        return None

    return clicked(moment, click, load, do)
