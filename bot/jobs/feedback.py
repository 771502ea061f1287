"""Feedback without any of the program's words is sorted by meaning, where the embedded model is there."""

from __future__ import annotations

from bot.listeners.feedback import hearing
from bot.registry import Job, works
from workflows.feedback import Feedback
from workflows.listening.answering import sorted_into


@works("feedback_themes")
def feedback_themes(job: Job) -> None:
    """The theme whose examples are nearest, if one is near enough; nothing where somebody was quicker."""
    with job.store.read() as reading:
        found = reading.get(Feedback, job.subject.id)
    theme = _nearest(job, found) if found and not found.themes else ""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key) or not theme:
            return
        heard = hearing(tx, job, circ, job.subject.id)
        if heard is not None and not heard.heard.feedback.themes:
            tx.apply(sorted_into(heard.heard, (theme,)), circ)


def _nearest(job: Job, feedback: Feedback) -> str:
    if job.embedder is None:
        return ""
    policy = job.program.feedback
    examples = [(theme.id, text) for theme in policy.themes for text in theme.examples]
    # Vectors have length 1, so that their product is the cosine.
    vectors = job.embedder.embed([feedback.text, *(text for _, text in examples)])
    cosines = vectors[1:] @ vectors[0]
    best = int(cosines.argmax())
    return examples[best][0] if float(cosines[best]) >= policy.alike_at_least else ""
