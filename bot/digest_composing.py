"""What a digest says this time, with its charts in Slack; a part that cannot be worked out is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.logs import logger
from bot.registry import Job
from bot.slack_gateway import Refused
from workflows.digests.page import Finding, Page
from workflows.digests.policy import DigestSpec
from workflows.digests.sending import Composed
from workflows.digests.turns import Due
from workflows.ids import UserId

log = logger("digests")

PATIENCE = 3
"""At this attempt what still fails is left out."""
_PARTS = ("metrics", "charts", "tables", "sections")
_PARTLY = "partly"
"""The first line where something is left out and the rest has nothing to say."""
_CHARTS = "the charts"
_ALL = "everything in it"


@dataclass(frozen=True)
class Asked:
    """Which digest, of what, for whom."""

    spec: DigestSpec
    due: Due
    function: str = ""
    reader: UserId | None = None
    """The one person who reads it; ``None`` in a channel."""


def composed(job: Job, asked: Asked) -> Composed:
    """The page and its charts, ready to be stored.

    Raises whatever fails in it, so that it is tried again; at the third attempt the parts that fail are left
    out and named. What Slack cannot take at the moment is always tried again.
    """
    page, missing = _page(job, asked)
    charts: dict[str, str] = {}
    try:
        charts = _drawn(job, page)
    except Refused as refused:
        log.error("slack does not take the charts", digest=asked.spec.id, error=refused.reason)
        missing = (*missing, _CHARTS)
    return Composed(page=page.model_dump(mode="json"), charts=charts, missing=missing)


def _page(job: Job, asked: Asked) -> tuple[Page, tuple[str, ...]]:
    try:
        return _compose(job, asked, asked.spec), ()
    except Exception:
        if job.attempt < PATIENCE:
            raise
        log.exception("a digest is sent without what fails in it", digest=asked.spec.id)
    return _without_what_fails(job, asked)


def _without_what_fails(job: Job, asked: Asked) -> tuple[Page, tuple[str, ...]]:
    """Each part is tried alone; those that work make the page."""
    bare = asked.spec.model_copy(update=dict.fromkeys(_PARTS, ()))
    kept: dict[str, tuple[str, ...]] = {}
    missing: list[str] = []
    for kind in _PARTS:
        ids: Sequence[str] = getattr(asked.spec, kind)
        sound = [id for id in ids if _works(partial(_compose, job, asked, _only(bare, kind, id)))]
        kept[kind] = tuple(sound)
        missing += [_called(job, kind, id) for id in ids if id not in sound]
    try:
        page = _compose(job, asked, bare.model_copy(update=kept))
    except Exception:
        log.exception("a digest can say nothing", digest=asked.spec.id)
        return _empty(job, asked), (_ALL,)
    if page.head.rank == 0:
        # Who could not look everywhere must not say that there is nothing.
        page = page.model_copy(update={"head": Finding(says=_PARTLY)})
    return page, tuple(missing)


def _only(bare: DigestSpec, kind: str, id: str) -> DigestSpec:
    return bare.model_copy(update={kind: (id,)})


def _works(do: Callable[[], object]) -> bool:
    try:
        do()
    except Exception:
        return False
    return True


def _called(job: Job, kind: str, id: str) -> str:
    """What people call it: a section by its title among the messages, anything else by its id in words."""
    title = job.program.messages.get(f"section_{id}", "")
    return (kind == "sections" and title) or id.replace("_", " ")


def _compose(job: Job, asked: Asked, spec: DigestSpec) -> Page:
    from bot.digests import compose

    with job.store.read() as reading:
        return compose(
            reading,
            job.program,
            reading.directory(),
            spec,
            asked.function,
            job.now,
            asked.due.period,
            asked.due.due if asked.due.late else None,
            asked.reader,
        )


def _empty(job: Job, asked: Asked) -> Page:
    return Page(
        digest=asked.spec.id,
        title=asked.spec.title,
        version=asked.spec.version,
        period=asked.due.period,
        function=asked.function,
        reader=asked.reader,
        at=job.now,
        due_at=asked.due.due if asked.due.late else None,
        head=Finding(says=_PARTLY),
    )


def _drawn(job: Job, page: Page) -> dict[str, str]:
    if not page.charts or job.files is None:
        return {}
    from bot.charts import drawn

    made = drawn(page, job.settings.data_dir)
    return {chart.name: job.files.put(chart.name, chart.png, chart.alt) for chart in made}
