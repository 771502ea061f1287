"""Bolt, kept in one place: a request becomes a typed input, meets its listener, its answer goes back."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack import Ack
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot import registry
from bot.inputs import (
    Opened,
    WorkspaceChange,
    click_in,
    command_in,
    message_in,
    shortcut_in,
    submission_in,
)
from bot.logs import logger
from bot.registry import Answer, Message, Moment
from bot.slack_events import CHANGES, EVENTS, GONE, CountedApp
from bot.slack_gateway import Gateway, Refused, SlackTrouble
from bot.telemetry.tally import Tally
from storage import requests
from storage.errors import StaleState, Unavailable
from workflows.decision import Decision, Door, Entry
from workflows.ids import Subject, UserId

log = logger("slack")

COMMAND = "/preflight"
EVENTS_PATH = "/slack/events"
"""Where Slack sends everything to, over HTTP."""
_HEARD = {name.split(".")[0] for name in EVENTS}
_SHAPE = (AttributeError, TypeError, KeyError, ValueError, IndexError)
_TRIES = 3
_LAST_RETRY = 2
"""Slack sends an event again at once, after a minute and after five; from the second time on we own up."""


class BadInput(Exception):
    """A signed request that is not what Slack sends; nothing was run."""


class SlackApp:
    """Routes everything Slack sends to the registered listeners; ``app`` is the Bolt app.

    ``moment`` gives the surroundings of now. ``aside`` runs what need not be done before the
    acknowledgement. ``changed`` hears of changes among people, groups and channels. ``counts`` says how
    often each kind of input came, and how many met no listener.
    """

    def __init__(
        self,
        client: WebClient,
        gateway: Gateway,
        moment: Callable[[], Moment],
        aside: Executor,
        changed: Callable[[WorkspaceChange], None],
        tally: Tally | None = None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.uninstalled = threading.Event()
        self._gateway = gateway
        self._moment = moment
        self._aside = aside
        self._changed = changed
        self._client = client
        self.app = CountedApp(
            tally or Tally(),
            # Bolt's own client has no token: calls go through the gateway.
            client=WebClient(base_url=client.base_url, retry_handlers=[]),
            authorize=lambda: self._authorize(),
            process_before_response=True,
            request_verification_enabled=False,  # bot/server.py did it, before anything was parsed
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        anything = re.compile("")
        self.app.event(anything)(self._event)
        self.app.command(anything)(self._command)
        self.app.action(anything)(self._action)
        self.app.shortcut(anything)(self._shortcut)
        self.app.view_submission(anything)(self._submission)
        self.app.view_closed(anything)(self._closed)
        self.app.options(anything)(self._options)
        self.app.error(self._failed)

    def _authorize(self) -> AuthorizeResult:
        """Whose token it is was asked once at start; no call for each request."""
        return AuthorizeResult(
            enterprise_id=None,
            team_id=None,
            bot_user_id=str(self._moment().bot_user),
            bot_token=self._client.token,
        )

    # What comes in

    def _event(self, body: dict[str, Any], request: BoltRequest) -> BoltResponse | None:
        event = body["event"]
        name = str(event.get("type") or "")
        self.counts[f"event {name}" if name in _HEARD else "event of another kind"] += 1
        if name in ("message", "app_mention"):
            return self._heard(body, int((request.headers.get("x-slack-retry-num") or ["0"])[0] or 0))
        if name == "app_home_opened":
            return self._looked_at(body)
        if name in CHANGES:
            self._changed(_typed(_change_in, body))
        elif name in GONE:
            log.error("the app was removed from the workspace", kind=name)
            self.uninstalled.set()
        else:
            self.counts["unmatched"] += 1
        return None

    def _heard(self, body: dict[str, Any], again: int) -> BoltResponse | None:
        """A message. What could not be handled is left to Slack to send again; in the end we say so."""
        message = _typed(
            message_in, body["event"], str(body.get("event_id") or ""), str(self._moment().bot_user)
        )
        listener = registry.MESSAGES.get("message")
        if message is None or listener is None:
            return None
        answer = self._run(lambda: listener(self._moment(), message))
        if answer is None:
            if again < _LAST_RETRY:
                return BoltResponse(status=503, body="")
            if message.direct or message.mentions_bot:
                sorry = self._sorry(message="not_heard")
                self._later(
                    lambda: self._gateway.whisper(message.channel, message.user, sorry, message.thread)
                )
        elif answer.note:
            note = answer.note
            self._later(lambda: self._gateway.whisper(message.channel, message.user, note, message.thread))
        return None

    def _looked_at(self, body: dict[str, Any]) -> BoltResponse | None:
        """A person opened a tab of ours."""
        opened = _typed(_opened_in, body)
        listener = registry.OPENED.get(opened.tab)
        answer = self._run(lambda: listener(self._moment(), opened)) if listener else None
        if answer and answer.prompts and opened.channel:
            prompts = answer.prompts
            self._later(lambda: self._gateway.prompts(opened.channel, prompts))
        return None

    def _command(self, body: dict[str, Any], ack: Ack) -> None:
        self.counts["command"] += 1
        given = _typed(command_in, body)
        known = registry.COMMANDS.get(given.word)
        listener = known.run if known else registry.OTHER_COMMANDS.get("other")
        if listener is None:
            self.counts["unmatched"] += 1
            ack()
            return
        answer = self._run(lambda: listener(self._moment(), given), given, "command") or Answer(
            note=self._sorry(message="not_saved")
        )
        problem = self._opens(answer, given.trigger, on_top=False)
        note = problem or answer.note
        if note:
            ack(text=note.text, blocks=note.blocks or None, response_type="ephemeral")
        else:
            ack()

    def _action(self, body: dict[str, Any], ack: Ack) -> None:
        self.counts["action"] += 1
        click = _typed(click_in, body)
        listener = registry.ACTIONS.get(click.action)
        if listener is None:
            self.counts["unmatched"] += 1
            log.info("no listener for this button", action=_our_word(click.action))
            self._later(lambda: self._tell(body, self._sorry(message="button_of_old")))
            ack()
            return
        answer = self._run(lambda: listener(self._moment(), click), click, "button") or Answer(
            note=self._sorry(message="not_saved")
        )
        view = body.get("view") or {}
        in_modal = view.get("type") == "modal"
        note = self._opens(answer, click.trigger, on_top=in_modal) or answer.note
        if answer.update is not None and in_modal:
            note = self._redraws(str(view["id"]), str(view.get("hash") or ""), answer.update) or note
        if note:
            self._later(lambda: self._tell(body, note))
        ack()

    def _shortcut(self, body: dict[str, Any], ack: Ack) -> None:
        self.counts["shortcut"] += 1
        given = _typed(shortcut_in, body)
        known = registry.SHORTCUTS.get(given.callback)
        if known is None:
            self.counts["unmatched"] += 1
            ack()
            return
        answer = self._run(lambda: known.run(self._moment(), given), given, "shortcut") or Answer(
            note=self._sorry(message="not_saved")
        )
        note = self._opens(answer, given.trigger, on_top=False) or answer.note
        if note:
            self._later(lambda: self._tell(body, note))
        ack()

    def _submission(self, body: dict[str, Any], ack: Ack) -> None:
        self.counts["submission"] += 1
        given = _typed(submission_in, body)
        listener = registry.VIEWS.get(given.view.callback)
        if listener is None:
            self.counts["unmatched"] += 1
            ack()
            return
        answer = self._run(lambda: listener(self._moment(), given), given, "modal")
        if answer is None:
            # The form stays open with everything that was filled in.
            blocks = [b["block_id"] for b in body["view"].get("blocks", []) if b.get("type") == "input"]
            if blocks:
                ack(response_action="errors", errors={blocks[-1]: self._sorry(message="not_saved").text})
                return
            answer = Answer(note=self._sorry(message="not_saved"))
        if answer.errors:
            ack(response_action="errors", errors=dict(answer.errors))
        elif answer.view is not None:
            ack(response_action="push", view=answer.view)
        elif answer.update is not None:
            ack(response_action="update", view=answer.update)
        elif answer.clear:
            ack(response_action="clear")
        else:
            ack()
        if answer.note:
            note = answer.note
            self._later(lambda: self._tell(body, note))

    def _closed(self, body: dict[str, Any], ack: Ack) -> None:
        given = _typed(submission_in, body)
        listener = registry.CLOSED.get(given.view.callback)
        if listener:
            self._run(lambda: listener(self._moment(), given), given, "modal")
        ack()

    def _options(self, ack: Ack) -> None:
        self.counts["unmatched"] += 1
        ack(options=[])

    # What goes back

    def _run(
        self, listener: Callable[[], Answer], given: registry.Given | None = None, door: Door = "message"
    ) -> Answer | None:
        """The listener's answer; ``None`` when the store is away or keeps changing under us.

        A listener is one transaction, so running it again after a lost race does nothing twice.
        """
        for _ in range(_TRIES):
            try:
                answer = listener()
                if answer.unread and given:
                    self._keep_attempt(answer.unread, given, door)
                return answer
            except StaleState:
                continue
            except Unavailable as error:
                log.error("the database is away", error=type(error).__name__)
                return None
            except Exception:
                self.counts["failed"] += 1
                log.exception("a listener failed")
                return None
        return None

    def _keep_attempt(self, subject: Subject, given: registry.Given, door: Door) -> None:
        """Somebody asked to read what is not theirs: a line in the audit log, once for each click."""
        moment = self._moment()
        tried = Entry(action="record.read", subject=subject, refused=True)
        with moment.store.write() as tx:
            if tx.first_time(f"unread/{given.key}"):
                tx.apply(Decision(entries=(tried,)), moment.circumstances(given.user, door))

    def _opens(self, answer: Answer, trigger: str, on_top: bool) -> Message | None:
        """Opens the answer's modal; what to tell the person if that did not work."""
        if answer.view is None:
            return None
        try:
            if on_top:
                self._gateway.push_view(trigger, answer.view)
            else:
                self._gateway.open_view(trigger, answer.view)
        except SlackTrouble as trouble:
            log.warning("a modal did not open", method=trouble.method, error=trouble.reason)
            late = isinstance(trouble, Refused) and "trigger" in trouble.reason
            return self._sorry(message="opened_too_late") if late else self._sorry(message="not_opened")
        return None

    def _redraws(self, view_id: str, hash: str, view: dict[str, Any]) -> Message | None:
        try:
            self._gateway.update_view(view_id, hash, view)
        except SlackTrouble as trouble:
            if trouble.reason not in ("hash_conflict", "not_found"):
                log.warning("a modal did not change", method=trouble.method, error=trouble.reason)
                return self._sorry(message="not_opened")
        return None

    def _tell(self, body: Mapping[str, Any], note: Message) -> None:
        """Show a note beside what was clicked; in their direct message where there is no such place."""
        address = body.get("response_url") or ""
        if address:
            WebhookClient(address, retry_handlers=[]).send(
                text=note.text, blocks=note.blocks or None, response_type="ephemeral", replace_original=False
            )
            return
        user = str(body["user"]["id"])
        key = f"note/{body.get('trigger_id') or body['view'].get('hash', '')}"
        self._gateway.post(self._gateway.direct(user), note, None, key)

    def _sorry(self, message: str) -> Message:
        """One of the program's sentences for when something does not work."""
        return Message(self._moment().program.messages[message])

    def _later(self, job: Callable[[], None]) -> None:
        request = requests.current()

        def run() -> None:
            with requests.within(request):
                try:
                    job()
                except SlackTrouble as trouble:
                    log.warning("a note was not shown", method=trouble.method, error=trouble.reason)
                except Exception:
                    log.exception("a note was not shown")

        self._aside.submit(run)

    def _failed(self, error: Exception) -> BoltResponse:
        if isinstance(error, BadInput):
            self.counts["malformed"] += 1
            return BoltResponse(status=400, body="")
        if isinstance(error, _SHAPE):
            # Listeners' own failures end in _run: this is Bolt, stumbling over a body that is not Slack's.
            self.counts["malformed"] += 1
            log.warning("a request was not understood", error=type(error).__name__)
            return BoltResponse(status=400, body="")
        self.counts["failed"] += 1
        log.error("a request failed", exc_info=error)
        return BoltResponse(status=500, body="")


def _our_word(action: str) -> str:
    """The beginning of an action id, if it is made as ours are: what follows may be anybody's."""
    name = action.split("/")[0]
    return name if re.fullmatch(r"[a-z][a-z0-9_.]{0,60}", name) else "unknown"


def _typed(parse: Callable[..., Any], *arguments: Any) -> Any:
    """The typed input, or :class:`BadInput`: what is signed and still not as Slack sends it runs nothing."""
    try:
        return parse(*arguments)
    except _SHAPE as error:
        raise BadInput(type(error).__name__) from None


def _opened_in(body: Mapping[str, Any]) -> Opened:
    event = body["event"]
    return Opened(
        key=f"event/{body['event_id']}",
        user=UserId(str(event["user"])),
        tab=str(event.get("tab") or "home"),
        channel=str(event.get("channel") or ""),
    )


def _change_in(body: Mapping[str, Any]) -> WorkspaceChange:
    event = body["event"]
    user = event.get("user")
    channel = event.get("channel")
    return WorkspaceChange(
        key=f"event/{body['event_id']}",
        kind=str(event["type"]),
        user=UserId(str(user["id"] if isinstance(user, dict) else user)) if user else None,
        channel=str(channel["id"] if isinstance(channel, dict) else channel or ""),
    )
