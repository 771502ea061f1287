"""Where a renderer, a job or a listener says what it is for, so that adding one touches one place.

Renderers, jobs and listeners are plain functions under ``bot/views``, ``bot/jobs`` and ``bot/listeners``.
Importing those packages' modules (:func:`load`) fills the registries below. Slack's own library stays in
``bot/slack_app.py`` and the gateway: what is registered here only ever sees typed inputs and returns an
:class:`Answer`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from bot.telemetry.tally import Tally
from workflows.decision import Actor, Circumstances, Door
from workflows.ids import Place, ProgramStamp, Subject, UserId
from workflows.people import Directory
from workflows.program import Program

if TYPE_CHECKING:
    from bot.channels import Channel
    from bot.growing import Growing
    from bot.inputs import Click, CommandIn, MessageIn, Opened, ShortcutIn, Submission
    from bot.settings import Settings
    from bot.slack_upload import Files
    from knowledge.embedding import Embedder
    from knowledge.retrieval import Retriever
    from knowledge.writing import Writer
    from storage.store import Reading, Store

Block = dict[str, Any]
View = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message as it will be sent. ``text`` is always there: notifications and screen readers use it."""

    text: str
    blocks: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Words of people may leave nothing that can be read aloud; then the bot's name stands for them."""
        if not self.text.strip():
            object.__setattr__(self, "text", "Preflight")


@dataclass(frozen=True)
class Scene:
    """What a renderer may look at: the state of this moment, and who will read the result."""

    reading: Reading
    program: Program
    directory: Directory
    subject: Subject
    now: datetime
    """Aware, in UTC."""
    settings: Settings
    reader: UserId | None = None
    """The one person who will see it; ``None`` where several may."""
    embedder: Embedder | None = None
    """``None`` where the embedded model is not installed."""


@dataclass(frozen=True)
class Moment:
    """What a listener or a job is given besides its input: everything it may need, looked up already."""

    store: Store
    program: Program
    settings: Settings
    now: datetime
    """Aware, in UTC."""
    bot_user: UserId
    retriever: Retriever | None = None
    """What searches the playbook; ``None`` until it is ready."""
    workspace_url: str = ""
    """Where the workspace's messages are linked to, ending with a slash; from ``auth.test``."""
    writer: Writer | None = None
    """What answers are written with; ``None`` where no chat model is set."""
    tally: Tally = field(default_factory=Tally)
    """Where what happens is counted for whoever watches."""

    @property
    def directory(self) -> Directory:
        """The people as known now; inside a transaction ``tx.directory()`` gives the same."""
        with self.store.read() as reading:
            return reading.directory()

    @property
    def stamp(self) -> ProgramStamp:
        """The program version in force."""
        return self.program.stamp

    def circumstances(self, user: UserId, door: Door) -> Circumstances:
        """What a rule is told about this moment when ``user`` acts through ``door``."""
        return Circumstances(now=self.now, actor=Actor(user=user, door=door), program=self.program.stamp)


@dataclass(frozen=True, kw_only=True)
class Job(Moment):
    """One piece of work after a commit, or one that fell due; it ends in a transaction of its own.

    It may run twice when a process is killed: its transaction begins with ``tx.first_time(job.key)``.
    """

    key: str
    subject: Subject
    data: Mapping[str, Any]
    embedder: Embedder | None
    """``None`` where the embedded model is not installed: then words alone must do."""
    grow: Callable[[Place, str], Growing] | None = None
    """Begins a message in that place, under the key of the post that will tell it to its end; ``None``
    where nobody watches."""
    fetch: Callable[[str, int], bytes] | None = None
    """The bytes of a shared file by its id, at most so many (see ``bot.slack_files``); ``None`` where there
    is no workspace to fetch from."""
    files: Files | None = None
    """To give pictures and documents to Slack; ``None`` where there is no workspace to give them to."""
    look: Callable[[str, str, bool], Channel] | None = None
    """What a channel is like now (see ``bot.channels.look``); ``None`` where there is no workspace."""
    attempt: int = 1
    """The how-manieth attempt this is: earlier ones failed, or their process was killed."""


@dataclass(frozen=True)
class Answer:
    """What Slack is told at once, within the acknowledgement. Everything else goes through the outbox.

    ``view`` opens a modal (on top of the open one, if the input came from a modal); ``update`` redraws the
    modal the input came from; ``errors`` marks its fields, by block id; ``clear`` closes every modal.
    ``note`` tells this person something that need not be kept: the reply of a command, an ephemeral
    message beside a button. ``prompts`` are up to four (title, message) pairs offered in the Messages tab.
    ``unread`` is what they asked to read and may not: the attempt is kept in the audit log.
    """

    view: View | None = None
    update: View | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    clear: bool = False
    note: Message | None = None
    prompts: tuple[tuple[str, str], ...] = ()
    unread: Subject | None = None


NOTHING = Answer()


class Given(Protocol):
    """Whatever a person sent, as far as the audit log is told of it."""

    @property
    def key(self) -> str:
        """Unique for each time it was sent."""

    @property
    def user(self) -> UserId:
        """Who sent it."""


Renderer = Callable[[Scene, dict[str, Any]], Message]
Worker = Callable[[Job], None]


@dataclass(frozen=True)
class Command:
    """``/preflight WORD``."""

    word: str
    help: str
    run: Callable[[Moment, CommandIn], Answer]
    usage: str = ""


@dataclass(frozen=True)
class Shortcut:
    """An entry in Slack's lightning-bolt menu (``global``) or in a message's own menu (``message``)."""

    callback: str
    name: str
    description: str
    type: Literal["global", "message"]
    run: Callable[[Moment, ShortcutIn], Answer]


RENDERERS: dict[str, Renderer] = {}
WORKERS: dict[str, Worker] = {}
COMMANDS: dict[str, Command] = {}
"""By word, in the order in which they are listed for people."""
OTHER_COMMANDS: dict[str, Callable[[Moment, CommandIn], Answer]] = {}
"""One listener, under ``"other"``: a bare ``/preflight``, and words that name no command."""
ACTIONS: dict[str, Callable[[Moment, Click], Answer]] = {}
"""By action id up to its first ``/``."""
VIEWS: dict[str, Callable[[Moment, Submission], Answer]] = {}
CLOSED: dict[str, Callable[[Moment, Submission], Answer]] = {}
SHORTCUTS: dict[str, Shortcut] = {}
MESSAGES: dict[str, Callable[[Moment, MessageIn], Answer]] = {}
"""One listener, under ``"message"``: whatever people write where the bot can see it."""
STARTS: list[Callable[[Moment], None]] = []
"""What is done once when the bot starts, before anything is delivered."""
OPENED: dict[str, Callable[[Moment, Opened], Answer]] = {}
"""By tab: ``home``, ``messages``."""

R = TypeVar("R", bound=Renderer)
W = TypeVar("W", bound=Worker)
F = TypeVar("F", bound=Callable[..., Answer])
S = TypeVar("S", bound=Callable[..., None])


def _enter(registry: dict[str, Any], name: str, entry: Any) -> None:
    if name in registry:
        raise ValueError(f"{name!r} is registered twice")
    registry[name] = entry


def renders(kind: str) -> Callable[[R], R]:
    """The function draws messages of this kind. ``home`` draws a person's Home tab (its blocks)."""

    def enter(function: R) -> R:
        _enter(RENDERERS, kind, function)
        return function

    return enter


def works(name: str) -> Callable[[W], W]:
    """The function does ``Work`` or ``Later`` jobs of this name."""

    def enter(function: W) -> W:
        _enter(WORKERS, name, function)
        return function

    return enter


def command(word: str, help: str, usage: str = "") -> Callable[[F], F]:
    """The function answers ``/preflight WORD``; ``usage`` names what may follow the word."""

    def enter(function: F) -> F:
        _enter(COMMANDS, word, Command(word, help, function, usage))
        return function

    return enter


def on_other_command(function: F) -> F:
    """The function answers a bare ``/preflight`` and every word that names no command."""
    _enter(OTHER_COMMANDS, "other", function)
    return function


def on_action(action: str) -> Callable[[F], F]:
    """The function takes clicks on this action id (what follows a ``/`` in the id is not compared)."""

    def enter(function: F) -> F:
        _enter(ACTIONS, action, function)
        return function

    return enter


def on_view(callback: str) -> Callable[[F], F]:
    """The function takes the submission of modals with this callback id."""

    def enter(function: F) -> F:
        _enter(VIEWS, callback, function)
        return function

    return enter


def on_view_closed(callback: str) -> Callable[[F], F]:
    """The function hears that such a modal was closed (the view needs ``notify_on_close``)."""

    def enter(function: F) -> F:
        _enter(CLOSED, callback, function)
        return function

    return enter


def on_shortcut(
    callback: str, name: str, description: str, type: Literal["global", "message"] = "global"
) -> Callable[[F], F]:
    """The function takes this shortcut; name (24 characters) and description go into the manifest."""

    def enter(function: F) -> F:
        _enter(SHORTCUTS, callback, Shortcut(callback, name, description, type, function))
        return function

    return enter


def on_message(function: F) -> F:
    """The function takes whatever people write where the bot can see it."""
    _enter(MESSAGES, "message", function)
    return function


def on_opened(tab: Literal["home", "messages"]) -> Callable[[F], F]:
    """The function is told that a person opened this tab of the bot."""

    def enter(function: F) -> F:
        _enter(OPENED, tab, function)
        return function

    return enter


def at_start(function: S) -> S:
    """The function is called once when the bot starts, for what is planned without anybody asking."""
    STARTS.append(function)
    return function


def load() -> None:
    """Import every module of the packages that register something. Calling it again does nothing."""
    for package in ("bot.views", "bot.jobs", "bot.listeners"):
        found = importlib.import_module(package)
        for module in pkgutil.iter_modules(found.__path__):
            importlib.import_module(f"{package}.{module.name}")
