"""Every button and form on a question's way to a champion and into the playbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.hearing import clicked, field, place_of, submitted
from bot.inputs import Click, MessageIn, Submission
from bot.registry import Answer, Moment, on_action, on_view
from bot.views.champion_forms import View, answer_form, page_form, pass_on_form
from storage.store import Tx
from workflows import promoting, referring
from workflows.consultation import Consultation, Referral
from workflows.consulting import Asking
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPlace
from workflows.ids import UserId
from workflows.promoting import Page
from workflows.refusals import Right


@dataclass(frozen=True)
class Hearing:
    """A consultation under its lock, with everything its rules need."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    asked: Consultation
    title: str = "The playbook"

    def ask(self, rule: Callable[..., Decision], **more: Any) -> Decision:
        """What a rule says to this; nothing is stored yet."""
        return rule(self.asked, self.moment.program, self.tx.directory(), self.circ, **more)


def hearing(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Hearing | None:
    """The consultation of that id, locked."""
    asked = tx.lock_consultation(id)
    return Hearing(tx, moment, circ, asked) if asked else None


def on_click(moment: Moment, click: Click, do: Callable[[Hearing, str], Answer | None]) -> Answer:
    """Lock the question that the button belongs to and let ``do`` decide."""
    return clicked(moment, click, hearing, do)


def on_form(
    moment: Moment, submission: Submission, do: Callable[[Hearing, Mapping[str, Any]], Decision]
) -> Answer:
    """A form about a question."""
    return submitted(moment, submission, "consultation", hearing, do)


def _does(rule: Callable[..., Decision], with_referral: bool = True) -> Callable[[Moment, Click], Answer]:
    """A button that a rule alone decides about."""

    def do(moment: Moment, click: Click) -> Answer:
        def decide(heard: Hearing, what: str) -> None:
            more = {"referral": what} if with_referral else {}
            heard.tx.apply(heard.ask(rule, at=place_of(click), **more), heard.circ)

        return on_click(moment, click, decide)

    return do


def _opens(
    right: Right[Asking], form: Callable[[Consultation, Referral, Any], View]
) -> Callable[[Moment, Click], Answer]:
    """A button that opens a form, unless the person may not do what it is for."""

    def do(moment: Moment, click: Click) -> Answer:
        def decide(heard: Hearing, what: str) -> Answer | None:
            directory, mine = heard.tx.directory(), heard.asked.referred(what)
            refused = right.refused(Asking(heard.asked, directory, heard.circ, place_of(click), mine))
            if refused or mine is None:
                heard.tx.apply(refused or Decision(), heard.circ)
                return None
            return Answer(view=form(heard.asked, mine, directory))

        return on_click(moment, click, decide)

    return do


ask = on_action("champion.ask")(_does(referring.refer, with_referral=False))
not_known = on_action("referral.not_known")(_does(referring.not_known))
decline = on_action("promotion.decline")(_does(promoting.decline, with_referral=False))
open_answer = on_action("referral.answer")(_opens(referring.ANSWER, answer_form))
open_pass_on = on_action("referral.pass_on")(_opens(referring.PASS_ON, pass_on_form))


@on_view("referral.answer")
def answer(moment: Moment, submission: Submission) -> Answer:
    """The champion's answer."""
    text = field(submission, "text")
    return on_form(
        moment,
        submission,
        lambda heard, private: heard.ask(
            referring.answer_referral, referral=str(private.get("referral")), text=text
        ),
    )


@on_view("referral.pass_on")
def pass_on(moment: Moment, submission: Submission) -> Answer:
    """Somebody else knows it better."""
    to = UserId(field(submission, "to"))
    return on_form(
        moment,
        submission,
        lambda heard, private: heard.ask(referring.pass_on, referral=str(private.get("referral")), to=to),
    )


def answered_under_a_referral(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message hangs under a champion's card; if so it is their answer."""
    card = tx.card_at(message.channel, message.thread) if message.thread else None
    if card is None or card.subject.type != "consultation" or card.kind != "referral":
        return False
    heard = hearing(tx, moment, circ, card.subject.id)
    if heard is None or not message.text:
        return True
    decision = heard.ask(
        referring.answer_referral,
        referral=str(card.data.get("referral")),
        text=message.text,
        at=message.place,
    )
    if decision.problems:
        data = {"message": "text_too_long", "values": {"most": f"{referring.TEXT_AT_MOST:,}"}}
        post = Post(to=ToPlace(place=message.place), kind="said", subject=card.subject, data=data)
        decision = Decision(effects=(post,))
    tx.apply(decision, circ)
    return True


@on_action("promotion.add")
def open_page(moment: Moment, click: Click) -> Answer:
    """Opens the page as it would go into the playbook."""

    def decide(heard: Hearing, _: str) -> Answer | None:
        directory, program = heard.tx.directory(), moment.program
        attempt = promoting.deciding(heard.asked, program, directory, heard.circ, place_of(click))
        refused = promoting.ADD.refused(attempt)
        if refused:
            heard.tx.apply(refused, heard.circ)
            return None
        page = promoting.proposed(heard.asked, program, moment.now.date())
        return Answer(view=page_form(heard.asked, page, program, directory))

    return on_click(moment, click, decide)


@on_view("promotion.add")
def add(moment: Moment, submission: Submission) -> Answer:
    """The page as its owner wants it."""
    page = Page(
        title=field(submission, "title").strip(),
        section=field(submission, "section").strip(),
        text=field(submission, "text").strip(),
        audience=field(submission, "audience"),
        review_date=field(submission, "review_date"),
    )
    today = moment.now.date()
    return on_form(moment, submission, lambda heard, _: heard.ask(promoting.add, page=page, today=today))
