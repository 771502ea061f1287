"""Data contracts in Slack: submitting a version, relying on one, answering to a change, looking them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.contracts import Hearing, found, hearing, taken
from bot.drawing import draw
from bot.hearing import clicked, field, is_refusal, place_of, refusal_text, submitted
from bot.inputs import Click, CommandIn, MessageIn, Submission, unpacked
from bot.registry import NOTHING, Answer, Message, Moment, command, on_action, on_view
from bot.views.approval_forms import told
from bot.views.contract import text_blocks
from bot.views.contract_forms import View, contract_form, faults, object_form, rely_form
from bot.views.kit import bare, clip, plain_text
from bot.views.say import words_of
from storage.reading import Reading
from storage.store import Tx
from workflows import contracting
from workflows.contract import Contract
from workflows.contract_reading import looks_like_a_contract, read_contract
from workflows.contract_rights import ANSWER, SUBMIT, Attempt, owners_of, team
from workflows.contract_rights import owner as owner_of
from workflows.contracting import Submitted, likely
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPlace, Work
from workflows.ids import Place, Subject, UserId
from workflows.seeing import UNFINISHED
from workflows.use_case import UseCase

_ERROR_AT_MOST = 1900


@command("contracts", help="the data contracts: what is promised, and what is broken now")
def list_them(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight contracts``."""
    with moment.store.read() as reading:
        subject = Subject(type="person", id=said.user)
        return Answer(note=draw(moment, reading, "contracts", subject, {}, said.user, None))


@command("contract", help="a data contract: name one to see it, or submit one", usage="[name]")
def one(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight contract``: the form for a new one; with a name, that one."""
    if not said.rest:
        return Answer(view=contract_form(None))
    with moment.store.read() as reading:
        contract = found(reading, said.rest)
        if contract is None:
            return Answer(note=Message(text=words_of(moment.program, "contract_gone", name=said.rest[:100])))
        return Answer(note=draw(moment, reading, "contract", contract.subject, {}, said.user, None))


def _reads(show: Callable[[Moment, Reading, Contract, UserId], View]) -> Callable[[Moment, Click], Answer]:
    """A button that opens something to read about a contract; contracts are everybody's to read."""

    def do(moment: Moment, click: Click) -> Answer:
        with moment.store.read() as reading:
            contract = reading.get(Contract, str(click.value).partition("|")[0])
            if contract is None or not reading.directory().person(click.user).active:
                return Answer(note=Message(text=words_of(moment.program, "card_gone")))
            return Answer(view=show(moment, reading, contract, click.user))

    return do


def _modal(title: str, blocks: list[dict[str, Any]]) -> View:
    return {
        "type": "modal",
        "callback_id": "contract",
        "title": plain_text(title, 24),
        "close": plain_text("Close", 24),
        "blocks": blocks[:100],
    }


def _card(moment: Moment, reading: Reading, contract: Contract, user: UserId) -> View:
    drawn = draw(moment, reading, "contract", contract.subject, {}, user, None)
    return _modal(str(contract.id), drawn.blocks)


def _text(moment: Moment, reading: Reading, contract: Contract, user: UserId) -> View:
    return _modal(str(contract.id), text_blocks(contract))


open_card = on_action("contract.open")(_reads(_card))
open_text = on_action("contract.text")(_reads(_text))


# --- a version ----------------------------------------------------------------------------------------------


@on_action("contract.new")
def new(moment: Moment, click: Click) -> Answer:
    """Opens the form for a contract, or for a new version; of one that is theirs to write."""
    if not click.value:
        return Answer(view=contract_form(None))

    def do(heard: Hearing, _: str) -> Answer | None:
        program, directory = moment.program, heard.tx.directory()
        refused = SUBMIT.refused(Attempt(heard.contract, program, directory, heard.circ, place_of(click)))
        if refused:
            return _refused(moment, heard.tx, heard.circ, refused, click)
        return Answer(view=contract_form(heard.contract))

    return clicked(moment, click, hearing, do)


def _refused(moment: Moment, tx: Tx, circ: Circumstances, refused: Decision, click: Click) -> Answer:
    """Keep the attempt, and say why not: beside the message, or in place of the open modal."""
    if click.view is None:
        tx.apply(refused, circ)
        return NOTHING
    tx.apply(refused.model_copy(update={"effects": ()}), circ)
    return Answer(update=told("Not possible", refusal_text(moment, refused)))


@on_view("contract.submit")
def submit(moment: Moment, submission: Submission) -> Answer:
    """The text of a contract: faults go under the field, with their lines."""
    text = field(submission, "text")
    if not text.strip():
        return Answer(errors={"text": words_of(moment.program, "contract_text_needed")})
    read = read_contract(looks_like_a_contract(text) or text, "contract")
    if read.document is None:
        intro = words_of(moment.program, "contract_unreadable", count=len(read.errors))
        return Answer(errors={"text": clip(faults(read.errors, intro), _ERROR_AT_MOST)})
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        decision, contract = taken(tx, moment, circ, Submitted(read.document, read.values, text))
        if decision.problems:
            return Answer(errors={"text": clip(bare(decision.problems["text"]), _ERROR_AT_MOST)})
        if not tx.first_time(submission.key):
            return Answer(clear=True)
        if is_refusal(decision) or contract is None:
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(update=told("Not possible", refusal_text(moment, decision)))
        tx.apply(decision, circ)
    return Answer(update=told(str(contract.id), _thanks(moment, contract)))


def _thanks(moment: Moment, contract: Contract) -> str:
    later = contract.announced(moment.now)
    key = "contract_taken_later" if later else "contract_taken"
    when = f"{later.counts_from:%-d %B %Y}" if later and later.counts_from else ""
    version = contract.current.version
    return words_of(moment.program, key, title=contract.title, version=version, when=when)


def contract_in_a_message(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message is a data contract, pasted or as a YAML file; then it is taken, or what is wrong with
    it is said. A file is read after the commit."""
    file = next((f for f in message.files if f.name.casefold().endswith((".yaml", ".yml"))), None)
    if file and message.direct:
        person = Subject(type="person", id=message.user)
        data = {"message": message.model_dump(mode="json"), "file": file.model_dump(mode="json")}
        work = Work(name="contract_file", subject=person, data=data, key=f"contract/file/{file.id}")
        tx.apply(Decision(effects=(work,)), circ)
        return True
    text = looks_like_a_contract(message.text)
    if not text:
        return False
    tx.apply(contract_told(tx, moment, text, message.place, circ), circ)
    return True


def contract_told(
    tx: Tx, moment: Moment, text: str, place: Place, circ: Circumstances, name: str = "contract"
) -> Decision:
    """What becomes of a contract that came as text in a conversation, and what is said to it there."""
    read = read_contract(text, name)
    person = Subject(type="person", id=circ.actor.user)
    if read.document is None:
        data: dict[str, Any] = {
            "errors": [e.model_dump() for e in read.errors[:12]],
            "count": len(read.errors),
        }
        post = Post(to=ToPlace(place=place), kind="contract_faults", subject=person, data=data)
        return Decision(effects=(post,))
    decision, contract = taken(tx, moment, circ, Submitted(read.document, read.values, text), None)
    if decision.problems:
        data = {"text": decision.problems["text"]}
        post = Post(to=ToPlace(place=place), kind="contract_faults", subject=person, data=data)
        return Decision(effects=(post,))
    if is_refusal(decision) or contract is None:
        return decision
    values = {"title": contract.title, "version": contract.current.version}
    later = contract.announced(circ.now)
    key = "contract_taken_later" if later else "contract_taken"
    if later and later.counts_from:
        values["when"] = f"{later.counts_from:%-d %B %Y}"
    said = {"message": key, "values": values}
    post = Post(to=ToPlace(place=place), kind="said", subject=contract.subject, data=said)
    return decision.and_then(Decision(effects=(post,)))


# --- relying on it ------------------------------------------------------------------------------------------


@on_action("contract.rely")
def choose(moment: Moment, click: Click) -> Answer:
    """Which use case relies on it: those one may speak for."""
    with moment.store.read() as reading:
        contract = reading.get(Contract, str(click.value))
        if contract is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        able = _able(moment, reading, contract, click.user)
        suggested = likely(contract, able)
    if not able:
        text = words_of(moment.program, "contract_choose_none")
        return Answer(update=told("We rely on it", text)) if click.view else Answer(note=Message(text=text))
    ask = bare(words_of(moment.program, "contract_choose", title=contract.title))
    return Answer(view=rely_form(contract, able, suggested, ask))


def _able(moment: Moment, reading: Reading, contract: Contract, user: UserId) -> list[UseCase]:
    program, directory = moment.program, reading.directory()
    circ = moment.circumstances(user, "button")
    whole = user == owner_of(contract, directory) or user in team(program, directory, circ)
    return [
        u
        for u in reading.use_cases(newest_first=True, at_most=2000)
        if u.id not in contract.consumers
        and u.stage not in UNFINISHED
        and (whole or user in owners_of(u, program, directory))
    ][:100]


@on_view("contract.rely")
def rely(moment: Moment, submission: Submission) -> Answer:
    """A use case relies on it from now on."""
    chosen = field(submission, "use_case")
    private = unpacked(submission.view.private)
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        if not tx.first_time(submission.key):
            return Answer(clear=True)
        heard = hearing(tx, moment, circ, str(private.get("contract")), also=(chosen,))
        use_case = tx.use_case(chosen) if heard else None
        if heard is None or use_case is None:
            return Answer(update=told("Gone", words_of(moment.program, "card_gone")))
        decision = contracting.rely(heard.contract, use_case, moment.program, tx.directory(), circ)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(update=told("Not possible", refusal_text(moment, decision)))
        tx.apply(decision, circ)
    text = words_of(
        moment.program,
        "contract_relied_noted",
        use_case=use_case.title or use_case.id,
        title=heard.contract.title,
    )
    return Answer(update=told(heard.title, text))


# --- what is said to a change -------------------------------------------------------------------------------


@on_action("contract.acknowledge")
def acknowledge(moment: Moment, click: Click) -> Answer:
    """Seen."""

    def do(heard: Hearing, version: str) -> None:
        at = place_of(click)
        heard.tx.apply(heard.ask(contracting.answer, version=version, objects=False, at=at), heard.circ)

    return clicked(moment, click, hearing, do)


@on_action("contract.object")
def open_objection(moment: Moment, click: Click) -> Answer:
    """Opens the form for what speaks against it."""

    def do(heard: Hearing, version: str) -> Answer | None:
        directory = heard.tx.directory()
        attempt = Attempt(
            heard.contract, moment.program, directory, heard.circ, place_of(click), relying=heard.relying
        )
        refused = ANSWER.refused(attempt)
        there = next((v for v in heard.contract.versions if v.version == version), None)
        if refused or there is None:
            heard.tx.apply(refused or Decision(), heard.circ)
            return None
        return Answer(view=object_form(heard.contract, there))

    return clicked(moment, click, hearing, do)


@on_view("contract.object")
def objection(moment: Moment, submission: Submission) -> Answer:
    """What speaks against it goes to whoever answers for the data."""
    reason = field(submission, "reason")

    def do(heard: Hearing, private: Mapping[str, Any]) -> Decision:
        version = str(private.get("version"))
        return heard.ask(contracting.answer, version=version, objects=True, reason=reason)

    return submitted(moment, submission, "contract", hearing, do)
