"""The running bot: every part made, wired, started and stopped in the right order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.routing import Route

from bot import registry
from bot.clock import Clock, utc_now
from bot.comparing import remember_texts
from bot.delivery import Delivery
from bot.front_door import FrontDoor
from bot.health import Health
from bot.hook_door import HOOKS_PATH, HookDoor
from bot.inputs import WorkspaceChange
from bot.logs import logger
from bot.model import writer_of
from bot.pacing import Pace
from bot.people_sync import PeopleSync
from bot.portfolio_link import PATH as PAGE_PATH
from bot.portfolio_page import PortfolioPage
from bot.registry import Moment
from bot.settings import Settings, for_serving
from bot.slack_app import EVENTS_PATH, SlackApp
from bot.slack_gateway import Gateway, NoAccess, SlackTrouble, client, patiently
from bot.telemetry.door import METRICS_PATH, MetricsDoor
from bot.telemetry.tally import Tally
from storage.errors import StorageError
from storage.program_folder import default_program_folder, read_files, read_program
from storage.store import Store
from workflows.ids import UserId

if TYPE_CHECKING:
    from knowledge.chroma_index import ChromaIndex, IndexState
    from knowledge.embedding import Embedder
    from knowledge.retrieval import Retriever

__all__ = ["EVENTS_PATH", "CannotStart", "Service"]

log = logger("service")


class CannotStart(Exception):
    """Something that must be right is not; the message says what to do."""


class Service:
    """One replica. ``start`` makes it ready or raises; ``asgi`` is its HTTP side; ``stop`` ends it cleanly.

    ``pace`` is the least time between two messages in a channel, in seconds; ``now`` tells the time.
    """

    def __init__(
        self, settings: Settings, *, pace: float = 1.0, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.settings = for_serving(settings)
        self._now = now
        self._stopping = threading.Event()
        self._draining = threading.Event()
        self._began = False
        self.tally = Tally()
        folder = settings.program_dir or default_program_folder()
        files = read_files(folder)
        self.program = read_program(folder)
        registry.load()
        self.store = Store(settings.database_url, settings.data_dir, serving=True)
        self.store.watched_by(
            lambda kind, seconds: self.tally.took("preflight_transaction_seconds", seconds, kind),
            lambda job, seconds: self.tally.took("preflight_job_lag_seconds", max(seconds, 0.0), job),
            lambda action, refused: self.tally.add(
                "preflight_actions_total", action, "yes" if refused else "no"
            ),
        )
        self._index: ChromaIndex | None = None
        try:
            self._index = _index(self.store, settings)
            with self.store.write() as tx:
                tx.keep_program(self.program, files, now())
            self._web = client(settings.bot_token.get_secret_value(), settings.api_url)
            self.gateway = Gateway(self._web, self.tally)
            self.bot_user = UserId("")
            self.workspace_url = ""
            self._embedder: Embedder | None = None
            self._retriever: Retriever | None = None
            self._writer = writer_of(settings)
            self._model_settled = threading.Event()
            self._model = threading.Thread(target=self._settle_model, name="model", daemon=True)
            self._aside = ThreadPoolExecutor(4, thread_name_prefix="aside")
            self.people = PeopleSync(self.gateway, self.store, now)
            patient = settings.workers if self._writer else 0
            self.delivery = Delivery(
                self.store,
                self.gateway,
                self.moment,
                lambda: self._embedder,
                Pace(pace),
                settings.workers,
                patient,
                self.tally,
            )
            self.slack = SlackApp(
                self._web, self.gateway, self.moment, self._aside, self._changed, self.tally
            )
            self.door = FrontDoor(
                self.slack.app, settings.signing_secret.get_secret_value(), settings.threads
            )
            self.hooks = HookDoor(settings.hooks, self.moment, self.tally)
            self.clock = Clock(self.store, now, self._hourly)
            self.health = Health(self, now)
            self.metrics = MetricsDoor(settings.metrics.token, self.health.exporter.text)
        except BaseException:
            self._close()
            raise
        self._socket: Any = None
        self.asgi = Starlette(
            routes=[
                Route("/healthz", self.health.healthz),
                Route("/readyz", self.health.readyz),
                Route(HOOKS_PATH, self.hooks),
                Route(PAGE_PATH, PortfolioPage(self.moment).show, methods=["GET"]),
                *([Route(METRICS_PATH, self.metrics.scrape)] if settings.metrics.open else []),
                *([] if settings.socket_mode else [Route(EVENTS_PATH, self.door)]),
            ]
        )

    @property
    def embedder(self) -> Embedder | None:
        """The embedded model once it is loaded; ``None`` before, and where it is not installed."""
        return self._embedder

    def moment(self) -> Moment:
        """What listeners and renderers are told about now."""
        return Moment(
            store=self.store,
            program=self.program,
            settings=self.settings,
            now=self._now(),
            bot_user=self.bot_user,
            workspace_url=self.workspace_url,
            retriever=self._retriever,
            writer=self._writer,
            tally=self.tally,
        )

    def start(self) -> None:
        """Ask Slack who we are, then begin: people, delivery, clock, and the socket where it is used."""
        try:
            found = patiently(self.gateway.who_am_i, self._stopping.wait, tries=6, longest=8.0)
        except NoAccess as trouble:
            raise CannotStart(
                f"Slack does not accept SLACK_BOT_TOKEN ({trouble.reason}). Install the app again and copy "
                "its Bot User OAuth Token; `preflight doctor` checks everything."
            ) from None
        except SlackTrouble:
            raise CannotStart(
                f"Slack does not answer at {self.settings.api_url}. Check the network and SLACK_API_URL."
            ) from None
        self.bot_user = UserId(str(found["user_id"]))
        self.workspace_url = str(found.get("url") or "")
        if self.store.local:
            # We serve alone: whatever an earlier process had in hand is ours now, with no lease to wait for.
            self.store.outbox.take_back(self._now())
        self.people.start()
        for planned in registry.STARTS:
            planned(self.moment())
        self.delivery.start()
        self._began = True
        if self.settings.metrics.open:
            self._aside.submit(self.health.exporter.text)  # so that the first scrape is as quick as any
        self.clock.start()
        self._model.start()
        if self.settings.socket_mode:
            self._connect()
        log.info("ready", program=self.program.stamp.label, mode="socket" if self._socket else "http")

    def drain(self) -> None:
        """Say that it is about to stop, so that nothing more is sent here; everything still works."""
        self._draining.set()
        log.info("draining", seconds=self.settings.drain)

    def stop(self) -> None:
        """Take no more in, finish what is in hand, close everything. Safe to call twice."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._socket is not None:
            self._socket.close()
        self.health.close()
        self.metrics.close()
        self.door.close()
        self.hooks.close()
        self.clock.stop()
        self.people.stop()
        self.delivery.stop()
        self._aside.shutdown(wait=True)
        if self._model.ident is not None:
            self._model.join(10)
        self._close()
        log.info("stopped", seen=dict(self.slack.counts))

    def _close(self) -> None:
        if self._index is not None:
            self._index.stop()
        self.store.close()

    @property
    def lives(self) -> bool:
        """False where only a restart would help: the dispatcher began, and ended by itself."""
        return not self._began or self._stopping.is_set() or self.delivery.alive

    def problems(self) -> list[str]:
        """What keeps this replica from serving, but for the database; empty when there is nothing."""
        found = []
        if self._draining.is_set() or self._stopping.is_set():
            found.append("it is about to stop")
        if not self.bot_user:
            found.append("Slack has not answered yet")
        if self.slack.uninstalled.is_set():
            found.append("the app was removed from the workspace")
        if not self.delivery.alive:
            found.append("delivery has stopped")
        if self.delivery.locked_out.is_set():
            found.append("Slack does not accept the bot token")
        if self._socket is not None and not self._socket.client.is_connected():
            found.append("the socket is not connected")
        return found

    def _connect(self) -> None:
        from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler

        handler = SocketModeHandler(
            self.slack.app,
            self.settings.app_token.get_secret_value(),
            concurrency=self.settings.threads,
        )
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except Exception as error:
            raise CannotStart(
                f"Socket Mode could not connect ({type(error).__name__}). Check SLACK_APP_TOKEN: it needs "
                "the scope connections:write, and the app must have Socket Mode switched on."
            ) from None
        self._socket = handler

    def _settle_model(self) -> None:
        try:
            self._load_model()
        finally:
            self._model_settled.set()
        wrong = self._writer.model.problem() if self._writer else None
        if wrong:
            log.warning("answers are quotes: the chat model cannot be used", why=wrong)

    def _load_model(self) -> None:
        from knowledge.embedding import Embedder
        from knowledge.retrieval import Retriever
        from knowledge.weights import ModelUnavailable

        self._retriever = Retriever(None)
        embedder = Embedder(self.settings.data_dir / "model")
        try:
            embedder.load()
        except ModelUnavailable as error:
            log.warning("no embedded model: similar use cases go by words alone", why=str(error)[:200])
            return
        except Exception:
            log.exception("the embedded model did not load")
            return
        self._embedder = embedder
        self._retriever = Retriever(embedder, self._index)
        if self._index is not None and not self._stopping.is_set():
            self._index.start()
        self._compare()
        log.info("model loaded")

    def wait_for_model(self, seconds: float) -> bool:
        """Waits until the embedded model is loaded, or known to be missing; whether that is so."""
        return self._model_settled.wait(seconds)

    def _compare(self) -> None:
        """Make vectors for the use cases that have none yet: imported ones, and those of the last hour."""
        embedder = self._embedder
        if embedder is None:
            return
        try:
            made = remember_texts(self.store, self.program, embedder, self._stopping.is_set)
        except StorageError:
            log.warning("the database does not answer; use cases are compared by words until the next hour")
        else:
            if made:
                log.info("use cases made comparable", made=made)

    def _changed(self, change: WorkspaceChange) -> None:
        if change.kind.startswith("channel"):
            self.gateway.forget_rooms()
        else:
            self.people.wanted()

    def _hourly(self) -> None:
        self.people.wanted()
        self._compare()
        log.info("counts", turned=dict(self.door.turned + self.hooks.turned), seen=dict(self.slack.counts))

    @property
    def index_state(self) -> IndexState | None:
        """How the index of the playbook's vectors stands; ``None`` where they are searched in memory."""
        return None if self._index is None else self._index.state


def _index(store: Store, settings: Settings) -> ChromaIndex | None:
    # Imported here, and without Chroma itself: its second comes after the bot is ready.
    from knowledge.index import open_index

    return open_index(store, settings.chroma, settings.data_dir)
