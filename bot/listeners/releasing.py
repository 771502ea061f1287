"""Releases in Slack: putting one forward, saying that it is out, stopping it, going back, starting again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.drawing import scene_for
from bot.guessing import guessed, offered
from bot.hearing import clicked, field, is_refusal, refusal_text, submitted
from bot.inputs import Click, CommandIn, Submission, unpacked
from bot.policies import rules_of
from bot.registry import NOTHING, RENDERERS, Answer, Message, Moment, command, on_action, on_view
from bot.views.approval_forms import told as told_in_modal
from bot.views.kit import plain_text
from bot.views.release_form import release_form, restart_form, why_form
from bot.views.release_told import choices_of, releases_listed, whole_release
from bot.views.say import words_of
from storage.reading import Reading
from storage.store import Tx
from workflows import releasing, restarting, stopping
from workflows.decision import Circumstances, Decision, Door
from workflows.dossier import Dossier
from workflows.ids import Place, ReleaseId, Subject, UserId
from workflows.program import Program
from workflows.release import PARTS, Release
from workflows.release_rights import ReleaseAttempt, able
from workflows.releasing import Proposal, named
from workflows.seeing import UNFINISHED

_ID = re.compile(r"\buc-?\s?(\d{1,9})\b", re.IGNORECASE)
_VERSION = re.compile(r"\bv?(\d{1,6}(?:\.\d{1,6}){2}(?:-[0-9A-Za-z.-]{1,40})?)\b")
_OFFERED = 12


@dataclass(frozen=True)
class Hearing:
    """A release under its lock, with everything its rules need."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    program: Program
    """The rules that count for it."""
    dossier: Dossier
    release: Release

    @property
    def title(self) -> str:
        """Of a form that can no longer do what it was for."""
        return str(self.dossier.use_case.id)

    def attempt(self, at: Place | None) -> ReleaseAttempt:
        """What rights are asked about before a form opens."""
        directory = self.tx.directory()
        return ReleaseAttempt(self.dossier, self.program, directory, self.circ, self.release, at)

    def ask(self, rule: Callable[..., Decision], *more: Any, **named: Any) -> Decision:
        """What a rule about this release says."""
        whole = (self.dossier, self.program, self.tx.directory(), self.circ)
        return rule(self.release, *more, *whole, **named)


def _hearing(tx: Tx, moment: Moment, circ: Circumstances, release_id: str) -> Hearing | None:
    seen = tx.get(Release, release_id)
    use_case = tx.lock_use_case(seen.use_case) if seen else None
    release = tx.lock(Release, release_id) if use_case else None
    # Read after the lock: nobody else changes anything of this use case until we are done.
    dossier = tx.dossier(release.use_case) if release else None
    if dossier is None or release is None:
        return None
    return Hearing(tx, moment, *_rules(tx, moment, circ, dossier), dossier, release)


def _rules(
    reading: Reading, moment: Moment, circ: Circumstances, dossier: Dossier
) -> tuple[Circumstances, Program]:
    """The rules that count for a use case; the circumstances name their version."""
    program = rules_of(reading, moment.program, dossier.use_case)
    return circ.model_copy(update={"program": program.stamp}), program


def _place(click: Click) -> Place | None:
    return Place(channel=click.channel, thread=click.thread) if click.channel else None


# --- putting one forward, and the list of them -------------------------------------------------------------


@command("release", help="put a new version of a use case forward", usage="[USE CASE]")
def release_command(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight release``: the form for the use case that is named, or a choice of those that could be."""
    with moment.store.write() as tx:
        id = _meant(tx, moment, said)
        if id:
            return _form(tx, moment, id, said.user, "command")
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=said.user), said.user)
        mine = []
        for use_case, title in offered(reading, moment, said.user):
            dossier = reading.dossier(use_case)
            if dossier and _may_propose(reading, moment, dossier, said.user):
                mine.append((use_case, title))
            if len(mine) == _OFFERED:
                break
        return Answer(note=choices_of(scene, mine))


@command("releases", help="the versions of a use case", usage="[USE CASE]")
def releases_command(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight releases``: which version is in use, and those before it."""
    with moment.store.read() as reading:
        id = _meant(reading, moment, said)
        dossier = reading.dossier(id) if id else None
        if dossier is None or dossier.use_case.stage in UNFINISHED:
            return Answer(note=Message(text=words_of(moment.program, "release_which_none")))
        scene = scene_for(moment, reading, dossier.use_case.subject, said.user)
        return Answer(note=releases_listed(scene, dossier, _may_propose(reading, moment, dossier, said.user)))


def _meant(reading: Reading, moment: Moment, said: CommandIn) -> str:
    """The id of the use case that the words name; empty where none is certain."""
    found = _ID.search(said.rest)
    if found:
        return f"UC-{int(found[1]):04d}"
    words = _VERSION.sub("", said.rest)
    return guessed(reading, moment, said.user, words, said.channel) if words.strip() else ""


def _may_propose(reading: Reading, moment: Moment, dossier: Dossier, user: UserId) -> bool:
    program = rules_of(reading, moment.program, dossier.use_case)
    return user in able("propose", dossier, program, reading.directory(), moment.now)


def _form(tx: Tx, moment: Moment, id: str, user: UserId, door: Door) -> Answer:
    """The form, unless the person may not send it: then why not, before they fill it in; it is on record."""
    dossier = tx.dossier(id)
    if dossier is None or dossier.use_case.stage in UNFINISHED:
        return Answer(note=Message(text=words_of(moment.program, "release_no_use_case", id=id)))
    circ, program = _rules(tx, moment, moment.circumstances(user, door), dossier)
    refused = releasing.PROPOSE.refused(ReleaseAttempt(dossier, program, tx.directory(), circ))
    if refused:
        tx.apply(refused.model_copy(update={"effects": ()}), circ)
        return Answer(note=Message(text=refusal_text(moment, refused)))
    return Answer(view=release_form(dossier))


@on_action("release.new")
def new(moment: Moment, click: Click) -> Answer:
    """The form of a new version of that use case."""
    with moment.store.write() as tx:
        return _form(tx, moment, str(click.value or ""), click.user, "button")


@on_view("release.propose")
def propose(moment: Moment, submission: Submission) -> Answer:
    """The form is sent: corrections go to its fields."""
    private = unpacked(submission.view.private)
    circ = moment.circumstances(submission.user, "modal")
    given = {
        name: field(submission, name) for name in ("version", "changed", "why", "impact", "link", *PARTS)
    }
    proposal = Proposal(another_model=field(submission, "another_model") == "other", **given)
    with moment.store.write() as tx:
        use_case = tx.lock_use_case(str(private.get("use_case")))
        dossier = tx.dossier(use_case.id) if use_case else None
        if dossier is None:
            return Answer(update=told_in_modal("Gone", words_of(moment.program, "card_gone")))
        circ, program = _rules(tx, moment, circ, dossier)
        decision = releasing.propose(
            tx.new_id("release"),
            tx.new_id("approval"),
            proposal,
            dossier,
            program,
            tx.directory(),
            circ,
        )
        if decision.problems:
            return Answer(errors=dict(decision.problems))
        if not tx.first_time(submission.key):
            return Answer(clear=True)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(update=told_in_modal(str(dossier.use_case.id), refusal_text(moment, decision)))
        tx.apply(decision, circ)
    return Answer(clear=True)


# --- the buttons of a release ------------------------------------------------------------------------------


def _on_button(rule: Callable[..., Decision]) -> Callable[[Moment, Click], Answer]:
    """A button that does what a rule says; a refusal is told where it was clicked."""

    def press(moment: Moment, click: Click) -> Answer:
        def do(hearing: Hearing, _: str) -> Answer | None:
            hearing.tx.apply(hearing.ask(rule, at=_place(click)), hearing.circ)
            return None

        return clicked(moment, click, _hearing, do)

    return press


on_action("release.ship")(_on_button(releasing.ship))
on_action("release.stop")(_on_button(stopping.stop))
on_action("release.withdraw")(_on_button(releasing.withdraw))


@on_action("release.roll_back")
def roll_back(moment: Moment, click: Click) -> Answer:
    """Back to the version that the button names, or the last good one; Slack has asked if that is meant."""

    def do(hearing: Hearing, to: str) -> Answer | None:
        decision = stopping.roll_back(
            hearing.dossier,
            hearing.program,
            hearing.tx.directory(),
            hearing.circ,
            ReleaseId(to) if to else None,
            hearing.release.id,
            _place(click),
        )
        hearing.tx.apply(decision, hearing.circ)
        return None

    return clicked(moment, click, _hearing, do)


@on_action("release.restart")
def restart(moment: Moment, click: Click) -> Answer:
    """The first opens the form for the sentence; everybody after that agrees with one click."""

    def do(hearing: Hearing, _: str) -> Answer | None:
        refused = restarting.RESTART.refused(hearing.attempt(_place(click)))
        if refused:
            hearing.tx.apply(refused, hearing.circ)
            return None
        if hearing.release.restart is None:
            return Answer(view=restart_form(hearing.release))
        hearing.tx.apply(hearing.ask(restarting.restart), hearing.circ)
        return None

    return clicked(moment, click, _hearing, do)


@on_view("release.restart")
def restart_said(moment: Moment, submission: Submission) -> Answer:
    """Why it will not happen again; the others are asked."""
    why = field(submission, "why")
    return _sent(moment, submission, lambda h: h.ask(restarting.restart, why=why))


@on_action("release.why")
def ask_why(moment: Moment, click: Click) -> Answer:
    """The form for the reason, for those who may give it."""

    def do(hearing: Hearing, _: str) -> Answer | None:
        refused = stopping.EXPLAIN.refused(hearing.attempt(_place(click)))
        if refused:
            hearing.tx.apply(refused, hearing.circ)
            return None
        return Answer(view=why_form(hearing.release))

    return clicked(moment, click, _hearing, do)


@on_view("release.why")
def why_said(moment: Moment, submission: Submission) -> Answer:
    """The reason goes into the record."""
    why = field(submission, "why")
    return _sent(moment, submission, lambda h: h.ask(stopping.explain, why))


def _sent(moment: Moment, submission: Submission, rule: Callable[[Hearing], Decision]) -> Answer:
    def do(hearing: Hearing, private: Mapping[str, Any]) -> Decision:
        return rule(hearing)

    return submitted(moment, submission, "release", _hearing, do)


@on_action("release.open")
def open_release(moment: Moment, click: Click) -> Answer:
    """The whole of it to read; its outline is everybody's, as it is told in a channel."""
    with moment.store.read() as reading:
        release = reading.get(Release, str(click.value or ""))
        dossier = reading.dossier(release.use_case) if release else None
        if release is None or dossier is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        scene = scene_for(moment, reading, release.subject, click.user)
        blocks = whole_release(scene, release, dossier)
    return Answer(
        view={
            "type": "modal",
            "callback_id": "release",
            "title": plain_text(f"Release {release.version}", 24),
            "close": plain_text("Close", 24),
            "blocks": blocks[:100],
        }
    )


# --- in words ----------------------------------------------------------------------------------------------


@command(
    "stop",
    help="stop the version in use, or one on its way out",
    usage="USE CASE [VERSION]",
)
def stop_command(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight stop``: the card with its buttons, which ask once."""
    return _card_of(moment, said)


@command("roll-back", help="go back to the version before", usage="USE CASE [VERSION [anyway]]")
def roll_back_command(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight roll-back``: with a version it is done, without one the card with its button is shown."""
    wanted = _VERSION.search(said.rest)
    if wanted is None:
        return _card_of(moment, said)
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        id = _meant(tx, moment, said)
        use_case = tx.lock_use_case(id) if id else None
        dossier = tx.dossier(id) if use_case else None
        if dossier is None or dossier.use_case.stage in UNFINISHED:
            return Answer(note=Message(text=words_of(moment.program, "release_which_none")))
        title = dossier.use_case.title
        to = named(wanted[1], dossier)
        if to is None:
            says = words_of(moment.program, "release_none", title=title, version=wanted[1])
            return Answer(note=Message(text=says))
        if not tx.first_time(said.key):
            return NOTHING
        again = said.rest.strip().lower().endswith("anyway")
        circ, program = _rules(tx, moment, circ, dossier)
        decision = stopping.roll_back(dossier, program, tx.directory(), circ, to.id, again=again)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(note=Message(text=refusal_text(moment, decision)))
        tx.apply(decision, circ)
    return Answer(
        note=Message(text=words_of(moment.program, "release_is_back", title=title, version=to.version))
    )


def _card_of(moment: Moment, said: CommandIn) -> Answer:
    """The card of the version that is meant: the one named, else the one in use, else the next one out."""
    with moment.store.read() as reading:
        id = _meant(reading, moment, said)
        dossier = reading.dossier(id) if id else None
        if dossier is None or dossier.use_case.stage in UNFINISHED:
            return Answer(note=Message(text=words_of(moment.program, "release_which_none")))
        wanted = _VERSION.search(said.rest)
        coming = next((r for r in dossier.releases if r.status in ("approved", "proposed")), None)
        found = named(wanted[1], dossier) if wanted else stopping.current(dossier) or coming
        if found is None:
            says = words_of(moment.program, "release_none_live", title=dossier.use_case.title)
            return Answer(note=Message(text=says))
        scene = scene_for(moment, reading, found.subject, said.user)
        return Answer(note=RENDERERS["release"](scene, {}))
