"""The demo: the sandbox workspace, the bot beside it, and a company that has been at it for a while."""
