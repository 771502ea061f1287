"""What a call of the chat model cost: counted for whoever watches, and added up by day and workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.logs import logger
from bot.registry import Job
from storage.errors import StorageError
from storage.spending import Spent

if TYPE_CHECKING:
    from knowledge.extracting import Used
    from storage.traces import Trace

log = logger("spending")

_USED = {"written", "abstained", "read"}
"""Outcomes of a call that brought what it was made for."""


def of_answer(trace: Trace, workflow: str) -> Spent | None:
    """What an answer cost; ``None`` where no model was asked."""
    if trace.outcome in ("", "not asked"):
        return None
    return Spent(
        workflow=workflow,
        model=trace.model,
        failed=int(trace.outcome not in _USED),
        tokens_in=trace.tokens_in,
        tokens_out=trace.tokens_out,
        cost=trace.cost or 0.0,
        unpriced=int(trace.cost is None),
        seconds=(trace.model_ms or 0.0) / 1000,
    )


def count_answer(job: Job, trace: Trace, workflow: str) -> None:
    """An answer is there: count it, and what a model cost for it."""
    job.tally.add("preflight_answers_total", trace.state, trace.how)
    job.tally.took("preflight_answer_seconds", trace.total_ms / 1000, trace.how)
    spent = of_answer(trace, workflow)
    if spent is not None:
        _keep(job, spent, trace.outcome)


def count_reading(job: Job, used: Used, workflow: str) -> None:
    """A model has read what somebody wrote for a form: count what it cost."""
    writer = job.writer
    if writer is None:
        return
    pricing = writer.pricing
    spent = Spent(
        workflow=workflow,
        model=writer.model.choice.model,
        failed=int(used.outcome not in _USED),
        tokens_in=used.tokens_in,
        tokens_out=used.tokens_out,
        cost=pricing.cost(used.tokens_in, used.tokens_out) if pricing else 0.0,
        unpriced=int(pricing is None),
        seconds=used.seconds,
    )
    _keep(job, spent, used.outcome)


def _keep(job: Job, spent: Spent, outcome: str) -> None:
    tally = job.tally
    tally.add("preflight_model_calls_total", spent.workflow, outcome.replace(" ", "_"))
    tally.add("preflight_model_tokens_total", spent.workflow, "in", by=spent.tokens_in)
    tally.add("preflight_model_tokens_total", spent.workflow, "out", by=spent.tokens_out)
    tally.add("preflight_model_cost_total", spent.workflow, by=spent.cost)
    tally.took("preflight_model_seconds", spent.seconds, spent.workflow)
    try:
        job.store.keep_spent(spent, job.now)
    except StorageError as error:
        # An answer is worth more than its price: it goes on.
        log.warning("what a model cost was not kept", error=type(error).__name__)
