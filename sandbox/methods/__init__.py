"""The Web API methods. Importing this package fills the table."""

from sandbox.methods import agents, auth, chat, conversations, files, reactions, streams, users, views
from sandbox.methods.registry import METHODS, Call, SlackError

__all__ = [
    "METHODS",
    "Call",
    "SlackError",
    "agents",
    "auth",
    "chat",
    "conversations",
    "files",
    "reactions",
    "streams",
    "users",
    "views",
]
