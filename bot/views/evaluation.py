"""An evaluation as a table: each class beside what it has to reach, and what small numbers cannot show."""

from __future__ import annotations

from bot.registry import Scene
from bot.views.kit import Block, context, day, escape, section
from bot.views.say import Said, say
from workflows.evaluation import ClassOutcome, Evaluation, MeasureOutcome, cases_to_show, in_figures

_PASS, _FAIL, _NONE = "✅", "❌", "▫️"


def table(scene: Scene, found: Evaluation) -> list[Block]:
    """Whether it passes, one line for each class and figure, and how sure that is."""
    verdict = "evaluation_passed" if found.passed else "evaluation_not_passed"
    head = say(scene, verdict, version=found.version or "?", cases=found.cases, needed=found.needed)
    lines = [_class(scene, c) for c in found.classes] + [_measure(scene, m) for m in found.measures]
    if found.hurtful:
        lines.append(f"{_FAIL} {say(scene, 'evaluation_hurtful', count=found.hurtful)}")
    blocks = [section(f"{_PASS if found.passed else _FAIL} *{head}*"), section("\n".join(lines))]
    small = _honest(scene, found)
    if small:
        blocks.append(context(small))
    if found.expires_at:
        key = "result_until" if found.current(scene.now) else "result_ran_out"
        tz = scene.directory.person(scene.reader).tz if scene.reader else "UTC"
        blocks.append(context(say(scene, key, date=day(found.expires_at, tz))))
    return blocks


def _class(scene: Scene, outcome: ClassOutcome) -> str:
    label = f"*{escape(outcome.label)}*"
    wanted = say(scene, "evaluation_wanted", limit=in_figures(outcome.limit, "%"), needed=outcome.needed)
    if outcome.of is None:
        key = "evaluation_waived" if outcome.waived else "evaluation_untested"
        return f"{_NONE if outcome.waived else _FAIL} {label} {say(scene, key)} {wanted}"
    share = in_figures(outcome.share or 0.0, "%")
    got = f"{outcome.right} of {outcome.of} ({share})"
    few = "" if outcome.enough else f" {say(scene, 'evaluation_too_few', needed=outcome.needed)}"
    return f"{_PASS if outcome.passed else _FAIL} {label} {got}, {wanted}{few}"


def _measure(scene: Scene, outcome: MeasureOutcome) -> str:
    label = f"*{escape(outcome.label)}*"
    key = "evaluation_at_least" if outcome.better == "higher" else "evaluation_at_most"
    wanted = say(scene, key, limit=in_figures(outcome.limit, outcome.unit))
    if outcome.value is None:
        return f"{_FAIL} {label} {say(scene, 'evaluation_not_measured')} {wanted}"
    return f"{_PASS if outcome.passed else _FAIL} {label} {in_figures(outcome.value, outcome.unit)}, {wanted}"


def _honest(scene: Scene, found: Evaluation) -> Said | None:
    """Which classes pass and yet have too few cases to show it."""
    unsure = [c for c in found.classes if c.reached and not c.certain and c.of]
    if not unsure:
        return None
    worst = max(unsure, key=lambda c: (c.limit, -(c.of or 0)))
    shown = in_figures(worst.lowest or 0.0, "%")
    need = cases_to_show(worst.limit)
    values = {"label": worst.label, "of": worst.of, "shown": shown, "limit": in_figures(worst.limit, "%")}
    if need:
        return say(scene, "evaluation_small", need=need, **values)
    return say(scene, "evaluation_small_whole", **values)
