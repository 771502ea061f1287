"""Carries out one effect in Slack: posts once, redraws in place, whispers at most once, runs jobs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.awaited import STATUS, waited_for
from bot.channels import look
from bot.drawing import as_plain, draw, in_messages
from bot.growing import Growing
from bot.in_hand import Item, Later, Undeliverable
from bot.logs import logger
from bot.pacing import Pace
from bot.pictures import WAITS, pictures_in, put_in_later, without_pictures
from bot.registry import WORKERS, Job, Message, Moment
from bot.slack_files import read_shared
from bot.slack_gateway import Gateway, Refused, SlackTrouble
from bot.slack_upload import Files
from storage import cards
from workflows import consulting
from workflows.conversation import anchor
from workflows.decision import Decision
from workflows.effects import (
    Address,
    Post,
    Refresh,
    ShowHome,
    ToPerson,
    ToPlace,
    Whisper,
    Work,
)
from workflows.ids import Place, Subject, UserId
from workflows.portfolio import session
from workflows.portfolio_review import PortfolioReview

if TYPE_CHECKING:
    from knowledge.embedding import Embedder

log = logger("delivery")

_TOO_MUCH = (
    "msg_too_long",
    "msg_blocks_too_long",
    "invalid_blocks",
    "invalid_blocks_format",
    "no_text",
    "block_mismatch",
)
_CARD_GONE = {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"}
_CARD_GONE |= {"is_archived", "not_in_channel", "is_inactive", "thread_not_found"}
_LOOK_BACK = timedelta(minutes=5)
"""How much the clocks of Slack and this machine may differ when we look for what was posted."""
_REDRAWS = 4
_REMEMBERED = 2000


class Carrier:
    """Carries out claimed rows and marks them. Thread-safe: each row is in one thread's hands."""

    def __init__(
        self,
        gateway: Gateway,
        moment: Callable[[], Moment],
        embedder: Callable[[], Embedder | None],
        pace: Pace,
    ) -> None:
        self._gateway = gateway
        self._moment = moment
        self._embedder = embedder
        self._pace = pace
        self._lock = threading.Lock()
        self._shown: OrderedDict[tuple[str, str], Message] = OrderedDict()
        self._drawing: dict[str, threading.Lock] = {}

    def carry(self, item: Item) -> None:
        """Do it and mark it. Raises :class:`Later`, :class:`Undeliverable`, or the gateway's troubles."""
        effect = item.row.effect
        if isinstance(effect, Post):
            self._post(item, effect)
        elif isinstance(effect, Whisper):
            self._whisper(item, effect)
        elif isinstance(effect, Refresh):
            self._refresh(item, effect)
        elif isinstance(effect, ShowHome):
            self._home(item, effect)
        else:
            self._work(item, effect)

    # Posts

    def _post(self, item: Item, effect: Post) -> None:
        channel, thread = self._whither(effect.to)
        reader = effect.to.user if isinstance(effect.to, ToPerson) else None
        message = self._drawn(effect.kind, effect.subject, effect.data, reader)
        files = pictures_in(message.blocks)
        if files and item.waited > len(WAITS):
            message = without_pictures(message)
        messages = as_plain(message) if item.plain else in_messages(message)
        if (item.row.attempts > 1 or effect.begun) and not item.looked:
            # What was begun in a thread may be older than the row: a restart may lie between.
            oldest = None if effect.begun and thread else item.row.created_at - _LOOK_BACK
            self._look(item, channel, thread, len(messages), oldest)
        there_already = bool(item.posted)
        for part, one in enumerate(messages):
            if part < len(item.posted):
                continue
            wait = self._pace.take(channel)
            if wait > 0:
                raise Later(wait)
            # A message in parts goes on in the thread of its first, unless it is in a thread already.
            under = thread if part == 0 or thread else item.posted[0]
            try:
                item.posted.append(self._send(channel, one, under, _part_key(item.row.key, part)))
            except Refused as refused:
                if item.plain or not refused.reason.startswith(_TOO_MUCH):
                    raise
                if files and item.waited <= len(WAITS):
                    item.waited += 1
                    raise Later(WAITS[item.waited - 1] if item.waited <= len(WAITS) else 0.0) from None
                log.error("slack refused the blocks of a message", kind=effect.kind, error=refused.reason)
                item.plain = True
                raise Later(0.0) from None
        if effect.begun and there_already:
            self._tell_to_the_end(item, channel, messages[0])
        self._mark_posted(item, effect, channel, item.posted[0])
        if files and item.waited > len(WAITS):
            put_in_later(self._moment(), effect, files)
        if effect.card is not None:
            if not there_already:
                self._remember(channel, item.posted[0], messages[0])
            try:
                self._settle(effect.kind, effect.subject, effect.data, reader, channel, item.posted[0])
            except SlackTrouble:
                # It is posted and marked: a redraw of its own will see to what changed meanwhile.
                moment = self._moment()
                with moment.store.write() as tx:
                    again = Refresh(subject=effect.subject, card=effect.card)
                    circ = moment.circumstances(UserId("preflight"), "delivery")
                    tx.apply(Decision(effects=(again,)), circ)

    def _tell_to_the_end(self, item: Item, channel: str, message: Message) -> None:
        """What was begun is complete before it is marked: after the mark nobody would come back to it."""
        try:
            self._gateway.update(channel, item.posted[0], message)
        except Refused as refused:
            if refused.reason in _CARD_GONE:
                return
            if item.plain or not refused.reason.startswith(_TOO_MUCH):
                raise
            log.error("slack refused the blocks of an update", error=refused.reason)
            item.plain = True
            raise Later(0.0) from None
        self._remember(channel, item.posted[0], message)

    def _send(self, channel: str, message: Message, thread: str | None, key: str) -> str:
        try:
            return self._gateway.post(channel, message, thread, key)
        except Refused as refused:
            if refused.reason == "not_in_channel":
                self._gateway.join(channel)
                return self._gateway.post(channel, message, thread, key)
            raise

    def _look(self, item: Item, channel: str, thread: str | None, count: int, since: datetime | None) -> None:
        """What an earlier attempt posted before it was lost, if it did."""
        oldest = since.timestamp() if since else 0.0
        item.posted.clear()
        for part in range(count):
            under = thread if part == 0 or thread else item.posted[0]
            try:
                found = self._gateway.find(channel, under, _part_key(item.row.key, part), oldest)
            except Refused as refused:
                if refused.reason not in ("not_in_channel", "thread_not_found"):
                    raise
                found = None  # where we are not, we have not posted
            if found is None:
                break
            item.posted.append(found)
        item.looked = True

    def _mark_posted(self, item: Item, effect: Post, channel: str, ts: str) -> None:
        moment = self._moment()
        outbox = moment.store.outbox
        if not (effect.anchor and effect.subject.type in ("walk", "consultation", "portfolio_review")):
            outbox.delivered(item.row, channel, ts, now=moment.now)
            return
        with moment.store.write() as tx:
            if not tx.delivered(item.row, channel, ts, now=moment.now):
                return
            thread = effect.to.place.thread if isinstance(effect.to, ToPlace) else None
            place = Place(channel=channel, thread=thread or ts)
            if effect.subject.type == "consultation":
                asked = tx.lock_consultation(effect.subject.id)
                if asked is not None and asked.place == consulting.NOWHERE:
                    circ = moment.circumstances(asked.asker, "delivery")
                    tx.apply(consulting.placed(asked, place), circ)
                return
            if effect.subject.type == "portfolio_review":
                review = tx.lock(PortfolioReview, effect.subject.id)
                if review is not None:
                    circ = moment.circumstances(review.owner or moment.bot_user, "delivery")
                    tx.apply(session.placed(review, place), circ)
                return
            walk = tx.lock_walk(effect.subject.id)
            if walk is not None:
                who = effect.data.get("who")
                circ = moment.circumstances(UserId(who) if who else walk.owner, "delivery")
                tx.apply(anchor(walk, place, circ.actor.user if who else None), circ)

    def _whither(self, to: Address) -> tuple[str, str | None]:
        """Channel and thread."""
        if isinstance(to, ToPlace):
            return to.place.channel, to.place.thread
        if isinstance(to, ToPerson):
            return self._gateway.direct(to.user), None
        channel = self._gateway.room(to.name)
        if channel is None:
            raise Undeliverable(f"there is no open channel #{to.name} that the bot can see")
        return channel, None

    # Redrawing

    def _refresh(self, item: Item, effect: Refresh) -> None:
        moment = self._moment()
        with moment.store.read() as reading:
            shown = reading.cards_of(effect.subject, effect.card)
        for card in shown:
            self._settle(card.kind, card.subject, card.data, card.reader, card.channel, card.ts)
        self._mark(item)

    def _settle(
        self, kind: str, subject: Subject, data: Any, reader: UserId | None, channel: str, ts: str
    ) -> None:
        """Redraw until what is shown is what the state says: it may have moved on while we drew.

        The last to write always looks again afterwards, so whichever worker or replica was slow, the card
        ends up true.
        """
        with self._drawing_lock(f"{channel}/{ts}"):
            for _ in range(_REDRAWS):
                message = in_messages(self._drawn(kind, subject, data, reader))[0]
                if self._shown.get((channel, ts)) == message:
                    return
                try:
                    self._gateway.update(channel, ts, message)
                except Refused as refused:
                    if refused.reason in _CARD_GONE:
                        with self._moment().store.write() as tx:
                            cards.forget(tx.connection, channel, ts)
                        return
                    if pictures_in(message.blocks):
                        log.info("a picture is not ready yet", kind=kind)
                        return
                    log.error("slack refused a redraw", kind=kind, error=refused.reason)
                    return
                self._remember(channel, ts, message)

    def _drawing_lock(self, card: str) -> threading.Lock:
        with self._lock:
            if len(self._drawing) > _REMEMBERED:
                self._drawing = {c: held for c, held in self._drawing.items() if held.locked()}
            return self._drawing.setdefault(card, threading.Lock())

    def _remember(self, channel: str, ts: str, message: Message) -> None:
        with self._lock:
            self._shown[(channel, ts)] = message
            self._shown.move_to_end((channel, ts))
            while len(self._shown) > _REMEMBERED:
                self._shown.popitem(last=False)

    def _home(self, item: Item, effect: ShowHome) -> None:
        # What changes in quick succession, as under a busy approver, is drawn once for all.
        wait = self._pace.take(f"home/{effect.user}")
        if wait > 0:
            raise Later(wait)
        subject = Subject(type="person", id=effect.user)
        message = self._drawn("home", subject, {}, effect.user)
        self._gateway.publish_home(effect.user, message.blocks[:100])
        self._refresh_desk(subject)
        self._mark(item)

    def _refresh_desk(self, person: Subject) -> None:
        """The list of what waits, where it was sent: it shows what Home shows, and changes with it."""
        with self._moment().store.read() as reading:
            sent = reading.cards_of(person, "desk")
        for card in sent:
            self._settle(card.kind, card.subject, card.data, card.reader, card.channel, card.ts)

    # Whispers and work

    def _whisper(self, item: Item, effect: Whisper) -> None:
        if item.row.attempts > 1:
            raise Undeliverable("a whisper is never repeated")
        if not item.done:
            message = self._drawn(effect.kind, effect.subject, effect.data, effect.user)
            if effect.place.thread and effect.place.channel.startswith("D"):
                # Nobody else reads along there, and Slack shows no whisper in a thread without replies.
                self._gateway.post(effect.place.channel, message, effect.place.thread, item.row.key)
                item.done = True
                self._mark(item)
                return
            try:
                self._gateway.whisper(effect.place.channel, effect.user, message, effect.place.thread)
            except Refused as refused:
                if refused.reason not in ("user_not_in_channel", "not_in_channel", "channel_not_found"):
                    raise
                self._gateway.post(self._gateway.direct(effect.user), message, None, item.row.key)
            item.done = True
        self._mark(item)

    def _work(self, item: Item, effect: Work) -> None:
        worker = WORKERS.get(effect.name)
        if worker is None:
            raise Undeliverable(f"nothing does {effect.name!r}")
        moment = self._moment()
        if not item.done:
            self._says_it_is_at_it(effect, moment)
            worker(
                Job(
                    store=moment.store,
                    program=moment.program,
                    settings=moment.settings,
                    now=moment.now,
                    bot_user=moment.bot_user,
                    retriever=moment.retriever,
                    workspace_url=moment.workspace_url,
                    key=f"work/{item.row.key}",
                    subject=effect.subject,
                    data=effect.data,
                    embedder=self._embedder(),
                    writer=moment.writer,
                    tally=moment.tally,
                    grow=lambda place, key: Growing(
                        self._gateway, self._pace, place, key, again=item.row.attempts > 1
                    ),
                    fetch=lambda id, at_most: read_shared(self._gateway, id, at_most),
                    look=lambda id, name, been_there: look(self._gateway, id, name, been_there),
                    attempt=item.row.attempts,
                    files=Files(self._gateway, item.row.created_at, again=item.row.attempts > 1),
                )
            )
            item.done = True
        self._mark(item)

    def _says_it_is_at_it(self, effect: Work, moment: Moment) -> None:
        """A line under the conversation while a model runs; the message that follows takes it away."""
        status = STATUS.get(effect.name)
        if status is None:
            return
        with moment.store.read() as reading:
            to = waited_for(reading, effect)
        if not isinstance(to, ToPlace) or to.place.thread is None:
            return
        try:
            self._gateway.status(to.place.channel, to.place.thread, moment.program.messages[status])
        except SlackTrouble as trouble:
            log.info("no status line", error=trouble.reason)

    def _mark(self, item: Item) -> None:
        moment = self._moment()
        moment.store.outbox.delivered(item.row, now=moment.now)

    def _drawn(self, kind: str, subject: Subject, data: Any, reader: UserId | None) -> Message:
        moment = self._moment()
        with moment.store.read() as reading:
            return draw(moment, reading, kind, subject, data, reader, self._embedder())


def _part_key(key: str, part: int) -> str:
    return key if part == 0 else f"{key}#{part + 1}"
