"""What rules were not sure of: weighed with the embedded model after the commit, then done or asked back."""

from __future__ import annotations

from bot.inputs import MessageIn
from bot.listeners.messages import act_on
from bot.registry import Job, works
from workflows.intent import Act, read_intent, weigh
from workflows.live_questions import vocabulary

_ASKS_FOR: dict[Act, str] = {
    "look_up": "question",
    "start": "idea",
    "help": "help",
    "chat": "chat",
    "silence": "nothing",
    "ask_back": "unsure",
}


@works("weigh_intent")
def weigh_intent(job: Job) -> None:
    """Does what a message most probably asks for; without a model nothing is started on a guess."""
    # Imported here: an idle bot need not pay for it.
    from knowledge.intent import estimate

    message = MessageIn.model_validate(job.data["message"])
    found = estimate(message.text, job.embedder)
    if found is None:
        guess = read_intent(message.text, vocabulary(job.program)).intent
        act: Act = "ask_back" if guess == "start" else "look_up"
    else:
        act = weigh(found)
    circ = job.circumstances(message.user, "message")
    with job.store.write() as tx:
        if tx.first_time(job.key):
            act_on(tx, job, message, circ, _ASKS_FOR[act])
