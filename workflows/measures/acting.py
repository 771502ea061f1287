"""Which metrics nobody acts on: a number without an action is decoration."""

from __future__ import annotations

from workflows.program import Program


def nobody_acts(program: Program) -> tuple[str, ...]:
    """The metrics that ``metrics.yaml`` or a digest names and that lack an action or an owner, each once."""
    named = dict.fromkeys(
        (
            *(terms.id for terms in program.metrics.metrics),
            *(id for digest in program.digests.digests for id in digest.metrics),
        )
    )
    return tuple(id for id in named if not program.metrics.acted_on(id))


def warnings_of(program: Program) -> tuple[str, ...]:
    """What ``program check`` says about them: a sentence for each."""
    return tuple(
        f'metrics.yaml: nobody acts on "{id}": add its action, and the role that sees to it (owner).'
        for id in nobody_acts(program)
    )
