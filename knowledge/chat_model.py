"""A chat model by its settings, through LangChain, read as a stream that ends by a deadline whatever happens.

The reply is read in a thread of its own, so that whoever waits for it never hangs on a socket: when the time
is up they leave, the connection is shut down, and the thread ends with it. The model gets no tools.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import structlog

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

TROUBLES_IN_A_ROW = 3
"""After so many replies that did not come nobody is made to wait for another, for :data:`REST` seconds."""

REST = 30.0

READERS_AT_MOST = 16
"""Replies read at the same time, those that nobody waits for any more counted too."""

CHARACTERS_AT_MOST = 40_000
"""Of a reply; what is longer is left."""

_STOPPED = {"stop", "end_turn", "complete"}
_REASONS = ("finish_reason", "stop_reason", "done_reason", "stopReason")
_END = object()

_log = structlog.get_logger(__name__)


class ModelProblem(Exception):
    """The model cannot be used as it is set; the message says what to do."""


class Trouble(Exception):
    """A reply that did not come, or not whole. ``reason``: a few words for a record, never what was said."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Choice:
    """Which model, and how it is spoken to. ``deadline`` is in seconds, from asking to the last word."""

    model: str
    """As ``init_chat_model`` names it: ``provider:model``."""
    base_url: str = ""
    key: str = field(default="", repr=False)
    temperature: float = 0.0
    deadline: float = 12.0
    reply_tokens: int = 900

    @property
    def provider(self) -> str:
        """What stands before the colon."""
        return self.model.split(":", 1)[0]


@dataclass(frozen=True)
class Said:
    """One message to the model."""

    role: Literal["system", "human"]
    text: str


class ChatModel:
    """The chosen model; built when first needed, since loading its libraries takes seconds. Thread-safe."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self._lock = threading.Lock()
        self._built: BaseChatModel | None = None
        self._readers = threading.BoundedSemaphore(READERS_AT_MOST)
        self._counting = threading.Lock()
        self._troubles = 0
        self._rests_until = 0.0

    def load(self) -> BaseChatModel:
        """Make it ready; raises :class:`ModelProblem`. Nothing is sent."""
        with self._lock:
            if self._built is None:
                self._built = _build(self.choice)
            return self._built

    def problem(self) -> str | None:
        """What keeps it from being used as far as can be told without asking it; ``None`` if nothing does."""
        try:
            self.load()
        except ModelProblem as wrong:
            return str(wrong)
        return None

    def try_out(self) -> str | None:
        """Say hello, and nothing else: ``None`` if it answers, else a few words on why not."""
        try:
            reply = self.ask([Said("human", "Reply with: ok")], time.monotonic() + self.choice.deadline)
            for _ in reply.pieces():
                pass
        except Trouble as trouble:
            return trouble.reason
        return None if reply.whole else "the reply was not whole"

    def ask(self, messages: Sequence[Said], until: float) -> Reply:
        """Ask; the reply must be there by ``until``, on ``time.monotonic()``. Raises :class:`Trouble`."""
        if time.monotonic() < self._rests_until:
            raise Trouble("left alone after troubles")
        if not self._readers.acquire(blocking=False):
            raise Trouble("too many replies at once")
        try:
            return Reply(self.load, messages, until, self._readers, self._came)
        except RuntimeError:
            self._readers.release()
            raise Trouble("no thread to read it in") from None

    def _came(self, well: bool) -> None:
        """A reply came, or did not."""
        with self._counting:
            self._troubles = 0 if well else self._troubles + 1
            if self._troubles >= TROUBLES_IN_A_ROW:
                # The first after the rest is a trial: one more trouble, and it rests again.
                self._troubles = TROUBLES_IN_A_ROW - 1
                self._rests_until = time.monotonic() + REST


class Reply:
    """A reply as it comes in. Read :meth:`pieces` to its end, then look at the rest; or :meth:`leave`."""

    def __init__(
        self,
        model: Callable[[], BaseChatModel],
        messages: Sequence[Said],
        until: float,
        readers: threading.BoundedSemaphore,
        came: Callable[[bool], None],
    ) -> None:
        self.until = until
        self.finish = ""
        """Why the model stopped, in its provider's word; empty where it never said."""
        self.tokens_in: int | None = None
        self.tokens_out: int | None = None
        """As the provider counted; ``None`` where it did not."""
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._left = threading.Event()
        self._wire: Any = None
        self._model = model
        self._messages = [(said.role, said.text) for said in messages]
        self._readers = readers
        self._came = came
        threading.Thread(target=self._read, name="reply", daemon=True).start()

    @property
    def whole(self) -> bool:
        """Whether the model said that it had said all."""
        return self.finish.casefold() in _STOPPED

    @property
    def left(self) -> bool:
        """Nobody waits for it any more, or its time is up."""
        return self._left.is_set() or time.monotonic() >= self.until

    def pieces(self) -> Iterator[str]:
        """The text, piece by piece. Raises :class:`Trouble` where it breaks off or its time is up."""
        try:
            yield from self._pieces()
        except Trouble:
            self._came(False)
            raise
        self._came(True)

    def _pieces(self) -> Iterator[str]:
        length = 0
        while True:
            try:
                item = self._queue.get(timeout=max(0.0, self.until - time.monotonic()))
            except queue.Empty:
                self.leave()
                raise Trouble("too slow") from None
            if item is _END:
                return
            if isinstance(item, ValueError) and not length:
                raise Trouble("nothing was said")  # as LangChain takes an empty stream
            if isinstance(item, BaseException):
                raise Trouble(_reason(item))
            length += len(item)
            if length > CHARACTERS_AT_MOST:
                self.leave()
                raise Trouble("too long")
            yield item

    def leave(self) -> None:
        """Wait no longer: shut the connection, which wakes the thread that reads from it."""
        self._left.set()
        connection = self._wire
        found = connection.get_extra_info("socket") if connection is not None else None
        if found is not None:
            with contextlib.suppress(OSError, ValueError):  # it was closed already
                found.shutdown(socket.SHUT_RDWR)

    def on_wire(self, response: Any) -> None:
        """Its HTTP response has begun: remember the connection, and watch over every byte that comes."""
        self._wire = response.extensions.get("network_stream")
        response.stream = _watched(response.stream, self)

    def _read(self) -> None:
        _reading.reply = self
        try:
            for chunk in self._model().stream(self._messages):
                if self.left:
                    return
                self._note(chunk)
                if chunk.text:
                    self._queue.put(str(chunk.text))
            self._queue.put(_END)
        except BaseException as error:
            # Whatever goes wrong in a provider's library is the waiting one's to know of, as a reason.
            self._queue.put(error)
        finally:
            _reading.reply = None
            self._readers.release()

    def _note(self, chunk: Any) -> None:
        for name in _REASONS:
            if chunk.response_metadata.get(name):
                self.finish = str(chunk.response_metadata[name])
        if chunk.usage_metadata:
            # Some providers count what they were given at the start and what they said at the end.
            self.tokens_in = (self.tokens_in or 0) + chunk.usage_metadata["input_tokens"]
            self.tokens_out = (self.tokens_out or 0) + chunk.usage_metadata["output_tokens"]


class _Reading(threading.local):
    reply: Reply | None = None


_reading = _Reading()


def _hook(response: Any) -> None:
    if _reading.reply is not None:
        _reading.reply.on_wire(response)


def _watched(stream: Any, reply: Reply) -> Any:
    """The same bytes, until nobody waits for them: a server that trickles never runs into a time-out."""
    import httpx

    class Watched(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for part in stream:
                if reply.left:
                    raise httpx.ReadTimeout("its time is up")
                yield part

        def close(self) -> None:
            stream.close()

    return Watched()


def _build(choice: Choice) -> BaseChatModel:
    # Imported here: a second or more that only those pay who have set a model.
    from langchain.chat_models import init_chat_model

    more: dict[str, Any] = {}
    if choice.base_url:
        more["base_url"] = choice.base_url
    if choice.key:
        more["api_key"] = choice.key
    if choice.provider == "openai":
        import httpx

        # With a base_url usage in streams is off unless it is asked for.
        more["stream_usage"] = True
        more["http_client"] = httpx.Client(timeout=choice.deadline, event_hooks={"response": [_hook]})
        if choice.base_url and not choice.key:
            more["api_key"] = "none"  # a server of one's own wants none, the library insists on one
    try:
        made = init_chat_model(
            choice.model,
            temperature=choice.temperature,
            timeout=choice.deadline,
            max_retries=0,
            max_tokens=choice.reply_tokens,
            **more,
        )
    except ImportError as missing:
        package = f"langchain-{choice.provider.replace('_', '-')}"
        named = next(
            (w.strip("`'\".") for w in str(missing).split() if w.strip("`'\"").startswith("langchain-")), ""
        )
        raise ModelProblem(
            f"The model {choice.model} needs the package {named or package}, which is not installed. "
            "Install it beside Preflight, or set PREFLIGHT_MODEL to a model of a provider that is."
        ) from None
    except Exception as error:
        _log.warning("no chat model", error=type(error).__name__)
        raise ModelProblem(
            f"The model {choice.model} cannot be set up ({type(error).__name__}). Name it provider:model, "
            "such as openai:gpt-4.1-mini, and set PREFLIGHT_MODEL_KEY, or the variable in which its provider "
            "expects the key."
        ) from None
    built: BaseChatModel = made
    return built


def _reason(error: BaseException) -> str:
    """A few words: provider libraries put addresses and what was said into their messages."""
    if isinstance(error, ModelProblem):
        return "not set up"
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return f"http {status}"
    chain: BaseException | None = error
    while chain is not None:
        name = type(chain).__name__
        if "Timeout" in name:
            return "too slow"
        chain = chain.__cause__
    name = type(error).__name__
    if "Connect" in name:
        return "no connection"
    return "broken off" if "Protocol" in name or "Read" in name else f"error: {name}"
