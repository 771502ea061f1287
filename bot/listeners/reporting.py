"""Every way to report an incident: a message's menu, a command, a button; and the list of what is open."""

from __future__ import annotations

from bot.guessing import guessed, offered
from bot.hearing import field
from bot.inputs import Click, CommandIn, ShortcutIn, Submission, unpacked
from bot.listeners.incident import hearing, moment_of
from bot.listeners.starting import link_to
from bot.registry import Answer, Message, Moment, View, command, on_action, on_shortcut, on_view
from bot.views.incident_forms import NONE, report_form
from bot.views.say import words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPerson
from workflows.ids import Place, Subject, UserId
from workflows.incident import Incident, Quoted
from workflows.incidents.reporting import Report, is_about, join, problems, report, suggested_kind
from workflows.release import Release


@command(
    "incident",
    help="report that something went wrong with AI, or see what is open",
    usage="[what happened | list]",
)
def incident(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight incident``: the three questions; with words they are the description; ``list`` lists."""
    if said.rest.casefold() in ("list", "open"):
        return _list(moment, said)
    return Answer(view=_asks(moment, said.user, words=said.rest))


def _list(moment: Moment, said: CommandIn) -> Answer:
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        if tx.first_time(said.key):
            person = Subject(type="person", id=said.user)
            post = Post(to=ToPerson(user=said.user), kind="incidents", subject=person)
            tx.apply(Decision(effects=(post,)), circ)
    return Answer(note=Message(text=words_of(moment.program, "started_elsewhere")))


@on_shortcut(
    "incident_from_message", "Report an AI incident", "Tell who must know, with this message", "message"
)
def from_message(moment: Moment, shortcut: ShortcutIn) -> Answer:
    """The message shortcut: quotes the message and links to it."""
    quoted = Quoted(
        text=shortcut.quoted_text or "(no text)",
        author=shortcut.quoted_author,
        link=link_to(moment, shortcut),
        channel=shortcut.channel,
        ts=shortcut.quoted_ts,
    )
    thread = shortcut.quoted_thread or shortcut.quoted_ts
    return Answer(view=_asks(moment, shortcut.user, quoted=quoted, place=(shortcut.channel, thread)))


@on_action("incident.report")
def from_button(moment: Moment, click: Click) -> Answer:
    """The button on a record or under words; its value may name the use case, and after a bar the words."""
    use_case, _, words = str(click.value or "").partition("|")
    return Answer(view=_asks(moment, click.user, use_case=use_case, words=words))


def _asks(
    moment: Moment,
    user: UserId,
    *,
    use_case: str = "",
    words: str = "",
    quoted: Quoted | None = None,
    place: tuple[str, str] = ("", ""),
) -> View:
    text = f"{words} {quoted.text if quoted else ''}".strip()
    with moment.store.read() as reading:
        about = use_case or guessed(reading, moment, user, text, place[0], place[1] or None)
        choices = offered(reading, moment, user)
        directory = reading.directory()
    if about:
        choices.sort(key=lambda choice: choice[0] != about)
    kind = suggested_kind(text, moment.program)
    return report_form(
        moment.program, directory, choices, guess=about, kind=kind, quoted=quoted, said=words, place=place
    )


@on_view("incident.report")
def reported(moment: Moment, submission: Submission) -> Answer:
    """The three answers: from here on everybody who must know does."""
    private = unpacked(submission.view.private)
    quoted = None
    if private.get("quote"):
        author = private.get("author")
        quoted = Quoted(
            text=str(private["quote"]),
            author=UserId(str(author)) if author else None,
            link=str(private.get("link") or ""),
            channel=str(private.get("channel") or ""),
            ts=str(private.get("ts") or ""),
        )
    chosen = field(submission, "use_case")
    at = str(private.get("at") or "")
    said = Report(
        kind=field(submission, "kind"),
        severity=field(submission, "severity"),
        what=field(submission, "what") or (quoted.text if quoted else ""),
        began_at=moment_of(field(submission, "began")),
        quoted=quoted,
        place=Place(channel=at, thread=str(private.get("under") or "")) if at else None,
        aloud=at.startswith("C"),
    )
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        decision = taken(tx, moment, circ, said, "" if chosen == NONE else chosen)
        if decision.problems:
            return Answer(errors=dict(decision.problems))
        if tx.first_time(submission.key):
            tx.apply(decision, circ)
    return Answer(clear=True)


def taken(tx: Tx, moment: Moment, circ: Circumstances, said: Report, about: str) -> Decision:
    """What a report comes to: a new incident, or one that was reported from the same message before."""
    wrong = problems(said, moment.program, moment.now)
    if wrong:
        return Decision(problems=wrong)
    same = _reported_before(tx, said)
    heard = hearing(tx, moment, circ, same.id) if same else None
    if heard is not None:
        return join(heard.handling(), said)
    use_case = tx.lock_use_case(about) if about else None
    if use_case is not None:
        live = next(iter(tx.matters(Release, use_case=use_case.id, statuses=("live",))), None)
        said = said.model_copy(update={"release": live.id if live else None})
    return report(said, tx.new_id("incident"), use_case, moment.program, tx.directory(), circ)


def _reported_before(tx: Tx, said: Report) -> Incident | None:
    """The incident that was reported from the same message, and is not over; two at once are one as well."""
    if said.quoted is None or said.place is None:
        return None
    there = tx.matters(Incident, at=said.place)
    over = sum(1 for i in there if i.over and is_about(i, said.quoted))
    key = f"incident/{said.quoted.channel}/{said.quoted.ts}/{over}"
    if tx.first_time(key):
        return None
    # Another report was first; where it had not ended when we looked, it has by now.
    now_there = tx.matters(Incident, at=said.place)
    return next((i for i in now_there if is_about(i, said.quoted) and not i.over), None)
