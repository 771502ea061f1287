"""Digests in Slack: the list, seeing one beforehand, subscribing, and what their menus do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.hearing import clicked
from bot.inputs import Click, CommandIn, MessageIn, number_in
from bot.jobs.digest_asked import SHOW, said
from bot.registry import NOTHING, Answer, Message, Moment, command, on_action
from bot.views.digest_forms import move_form, new_form, times_form
from bot.views.digest_words import about_words
from bot.views.say import words_of
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.digests import managing
from workflows.digests.policy import DigestSpec
from workflows.digests.rights import CHANGE, KEEP, PREVIEW, Attempt
from workflows.digests.subscription import Schedule, Subscription, subscription_key
from workflows.effects import Address, Effect, Post, ToPerson, ToPlace, Work
from workflows.ids import Place, Subject, UserId
from workflows.words.digests import Wish, read_wish

_RULES: Mapping[str, Callable[[Attempt], Decision]] = {
    "pause": managing.pause,
    "resume": managing.resume,
    "end": managing.end,
    "now": managing.send_now,
}
"""What is done to a subscription without a form."""
_DONE = {"pause": "digest_paused_now", "resume": "digest_resumed", "end": "digest_ended_now"}
"""The sentence that says so, where no list is in sight that shows it."""


@dataclass(frozen=True)
class Hearing:
    """A subscription under its lock, with everything its rules need."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    subscription: Subscription
    at: Place | None = None

    @property
    def title(self) -> str:
        """What a form about it is called that cannot go on."""
        return "A digest"

    @property
    def attempt(self) -> Attempt:
        """What its rights are asked about."""
        return attempt_on(self.tx, self.moment, self.circ, self.subscription, self.at)


def attempt_on(
    reading: Reading,
    moment: Moment,
    circ: Circumstances,
    subscription: Subscription,
    at: Place | None = None,
) -> Attempt:
    """Somebody does something with a subscription that there is."""
    return Attempt(
        moment.program.digests.digest(subscription.digest),
        subscription.to,
        moment.program,
        reading.directory(),
        circ,
        subscription.function,
        subscription,
        at,
    )


def hearing(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Hearing | None:
    """The subscription of that id, locked."""
    found = tx.lock(Subscription, id)
    return Hearing(tx, moment, circ, found) if found else None


def asked(
    reading: Reading,
    moment: Moment,
    circ: Circumstances,
    spec: DigestSpec,
    to: Address,
    function: str = "",
    at: Place | None = None,
) -> Attempt:
    """Somebody wants a digest that does not come there yet."""
    return Attempt(spec, to, moment.program, reading.directory(), circ, function, at=at)


# Buttons and menus


@on_action("digest.menu")
def menu(moment: Moment, click: Click) -> Answer:
    """What the menu beside a subscription says: ``SB-0042|pause``."""

    def do(heard: Hearing, verb: str) -> Answer | None:
        attempt = heard.attempt
        if verb in _RULES:
            heard.tx.apply(_RULES[verb](attempt), heard.circ)
            return None
        if verb in ("time", "move"):
            return _opens(heard, attempt, verb)
        if verb == "preview" and attempt.spec is not None:
            person = ToPerson(user=click.user)
            seen = asked(heard.tx, moment, heard.circ, attempt.spec, person, attempt.function)
            refused = PREVIEW.refused(seen) or CHANGE.refused(attempt)
            heard.tx.apply(refused or _shown(seen), heard.circ)
            return None
        return Answer(note=Message(text=words_of(moment.program, "card_gone")))

    return clicked(moment, click, hearing, do)


def _opens(heard: Hearing, attempt: Attempt, verb: str) -> Answer | None:
    refused = (KEEP if verb == "time" else CHANGE).refused(attempt)
    if refused:
        heard.tx.apply(refused, heard.circ)
        return None
    form = times_form if verb == "time" else move_form
    title = about_words(heard.moment.program, heard.subscription)
    return Answer(view=form(heard.moment.program, heard.subscription, title))


@on_action("digest.preview")
def preview(moment: Moment, click: Click) -> Answer:
    """One digest, as it would be now, in one's own conversation; the value is its id."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        spec = moment.program.digests.digest(str(click.value))
        if spec is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        seen = asked(tx, moment, circ, spec, ToPerson(user=click.user))
        tx.apply(PREVIEW.refused(seen) or _shown(seen), circ)
    return NOTHING


def _shown(attempt: Attempt, at: Place | None = None) -> Decision:
    spec = attempt.spec
    person = Subject(type="person", id=attempt.user)
    data = {"digest": spec.id if spec else "", "function": attempt.function}
    more = {"at": at.model_dump(mode="json")} if at else {}
    return Decision(effects=(Work(name=SHOW, subject=person, data={**data, **more}),))


@on_action("digest.page")
def page(moment: Moment, click: Click) -> Answer:
    """Another page of the list, as a message of its own."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if tx.first_time(click.key):
            tx.apply(Decision(effects=(_list(click.user, number_in(click.value) or 0),)), circ)
    return NOTHING


@on_action("digest.list")
def show_list(moment: Moment, click: Click) -> Answer:
    """The list, from a button elsewhere."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if tx.first_time(click.key):
            tx.apply(Decision(effects=(_list(click.user),)), circ)
    return NOTHING


def _list(user: UserId, number: int = 0, at: Place | None = None) -> Post:
    """``at``: a thread of that person's own conversation."""
    number = max(0, min(number, managing.PAGES - 1))
    return Post(
        to=ToPlace(place=at) if at else ToPerson(user=user),
        kind=managing.LIST,
        subject=Subject(type="person", id=user),
        data={"page": number, "reader": user},
        card=managing.list_card(number),
    )


@on_action("digest.new")
def new(moment: Moment, click: Click) -> Answer:
    """The form of a new subscription; the value says for whom: ``me`` or ``channel``."""
    where = "channel" if click.value == "channel" else "me"
    circ = moment.circumstances(click.user, "button")
    with moment.store.read() as reading:
        to: Address = ToPerson(user=click.user)
        allowed = [
            spec
            for spec in moment.program.digests.digests
            if PREVIEW.refused(asked(reading, moment, circ, spec, to)) is None
        ]
    if not allowed:
        return Answer(note=Message(text=words_of(moment.program, "digest_none")))
    return Answer(view=new_form(moment.program, allowed, where, usual(moment, click.user)))


# The command, and plain words


@command(
    "digest",
    help="digests: which come where and when; see one, subscribe, pause",
    usage="[see the risk digest | pause the risk digest]",
)
def digest(moment: Moment, said_: CommandIn) -> Answer:
    """``/preflight digest``: the list, or what the words after it want."""
    circ = moment.circumstances(said_.user, "command")
    wish = _wish(moment, said_.rest, sure=True)
    with moment.store.write() as tx:
        if not tx.first_time(said_.key):
            return NOTHING
        if wish is None:
            return Answer(note=Message(text=words_of(moment.program, "digest_not_read")))
        note = _do(tx, moment, circ, wish)
    return Answer(note=Message(text=words_of(moment.program, note or "digest_in_dm")))


def asked_about_digests(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether words out of the blue want something with a digest; if so, it is done."""
    wish = _wish(moment, message.text)
    if wish is None:
        return False
    note = _do(tx, moment, circ, wish, message.place if message.direct else None)
    if note:
        to = ToPlace(place=message.place) if message.direct else ToPerson(user=message.user)
        data = {"message": note, "values": {}}
        post = Post(to=to, kind="said", subject=Subject(type="person", id=message.user), data=data)
        tx.apply(Decision(effects=(post,)), circ)
    return True


def _wish(moment: Moment, text: str, sure: bool = False) -> Wish | None:
    program = moment.program
    if not program.digests.digests:
        return Wish("list") if sure else None
    titles = {spec.id: spec.title for spec in program.digests.digests}
    functions = {f.id: (f.label, f.id) for f in program.functions.values()}
    return read_wish(text, titles, functions, sure)


def _do(tx: Tx, moment: Moment, circ: Circumstances, wish: Wish, at: Place | None = None) -> str:
    """Does what is wanted; the key of a sentence where there is something to say besides."""
    spec = moment.program.digests.digest(wish.digest)
    user = circ.actor.user
    if wish.what == "preview" and spec is not None:
        seen = asked(tx, moment, circ, spec, ToPerson(user=user), wish.function, at)
        refused = PREVIEW.refused(seen)
        tx.apply(refused or _shown(seen, at), circ)
        return "" if refused and at else "digest_refused" if refused else "digest_is_coming"
    if wish.what == "subscribe" and spec is not None:
        attempt = asked(tx, moment, circ, spec, ToPerson(user=user), wish.function, at)
        decision = subscribe_me(tx, attempt, usual(moment, user))
        tx.apply(decision.model_copy(update={"problems": {}}), circ)
        return "digest_there_already" if decision.problems else ""
    rule = _RULES.get(wish.what)
    if rule is not None and spec is not None:
        meant = _meant(tx, moment, circ, wish)
        if len(meant) == 1:
            there = tx.lock(Subscription, meant[0].id) or meant[0]
            decision = rule(attempt_on(tx, moment, circ, there, at))
            done = _DONE.get(wish.what)
            tell = (said(there, user, done),) if done and decision.changed else ()
            tx.apply(decision.and_then(Decision(effects=tell)), circ)
            return ""
        if not meant:
            return "digest_none_meant"
    tx.apply(Decision(effects=(_list(user, at=at),)), circ)
    return ""


def _meant(reading: Reading, moment: Moment, circ: Circumstances, wish: Wish) -> list[Subscription]:
    """Whose words such as "pause the risk digest" may be: one's own, else those one looks after."""
    statuses = ("paused", "ended") if wish.what == "resume" else ("running", "broken", "paused")

    def meant(there: Sequence[Subscription]) -> list[Subscription]:
        return [
            s
            for s in there
            if s.digest == wish.digest
            and (not wish.function or s.function == wish.function)
            and CHANGE.refused(attempt_on(reading, moment, circ, s)) is None
        ]

    own = meant(reading.matters(Subscription, owner=circ.actor.user, statuses=statuses))
    return own or meant(reading.matters(Subscription, unowned=True, statuses=statuses))


def subscribe_me(tx: Tx, attempt: Attempt, schedule: Schedule) -> Decision:
    """A digest for oneself, in one's own conversation, from now on; whoever wanted it reads when it comes."""
    spec = attempt.spec
    key = subscription_key(spec.id if spec else "", attempt.to, attempt.function)
    seen = next(iter(tx.matters(Subscription, name=key)), None)
    before = tx.lock(Subscription, seen.id) if seen else None
    decision = managing.subscribe(attempt, before, lambda: tx.new_id("subscription"), schedule)
    effects: tuple[Effect, ...] = managing.listed_again(attempt.user) if decision.changed else ()
    tells = tuple(
        said(changed, attempt.user, "digest_comes")
        for changed in decision.changed
        if isinstance(changed, Subscription)
    )
    return decision.and_then(Decision(effects=(*effects, *tells)))


def usual(moment: Moment, user: UserId) -> Schedule:
    """The times that a form begins with: Monday morning, where that person is."""
    return Schedule(zone=moment.directory.person(user).tz or moment.program.digests.zone)
