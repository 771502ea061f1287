"""The peer: the same server, front door and threads, with a Bolt app whose listeners only acknowledge.

Run as ``python -m tests.bench.empty PORT``.
"""

from __future__ import annotations

import re
import sys

import uvicorn
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.front_door import FrontDoor
from bot.service import EVENTS_PATH
from bot.settings import Settings
from tests.faults.workplace import SECRET, TOKEN


def application() -> Starlette:
    """Signature check, thread pool and Bolt as ours; listeners that only say thank you."""
    client = WebClient(token=TOKEN)
    app = App(
        client=client,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id=None, bot_user_id="U0PREFLIGHT", bot_token=TOKEN
        ),
        process_before_response=True,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    anything = re.compile("")

    def thanks(ack) -> None:  # type: ignore[no-untyped-def] # Bolt finds arguments by name
        ack()

    def nothing() -> None:
        pass

    app.event(anything)(nothing)
    for kind in (app.command, app.action, app.shortcut, app.view_submission):
        kind(anything)(thanks)
    door = FrontDoor(app, SECRET, threads=Settings.model_fields["threads"].default)

    async def ready(_request: object) -> JSONResponse:
        return JSONResponse({"ok": True})

    return Starlette(routes=[Route("/readyz", ready), Route(EVENTS_PATH, door)])


if __name__ == "__main__":
    uvicorn.run(
        application(),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=512,
    )
