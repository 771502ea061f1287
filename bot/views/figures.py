"""Numbers as people read them: one line each, with target and trend; what is doubted; what was noted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.registry import Message, Scene, renders
from bot.views.case import inline
from bot.views.kit import Block, Element, actions, brief, button, clip, context, name, ordinal, section
from bot.views.say import Said, say
from workflows.figures.catalogue import BY_ID
from workflows.figures.check_in import CheckIn, Doubt, Told
from workflows.figures.guardrails import crossed, in_words
from workflows.figures.measured import Measured, Point, before, history, measured_in
from workflows.use_case import UseCase
from workflows.words.numbers import number_in_words

_BARS = "▁▂▃▄▅▆▇█"
_WEEKS = 8
_WORDS_IN_A_BUTTON = 1500


def check_in_of(scene: Scene) -> tuple[CheckIn, UseCase]:
    """The check-in that the scene is about, and its use case. ``LookupError`` when it is gone."""
    found = scene.reading.get(CheckIn, scene.subject.id)
    use_case = scene.reading.use_case(found.use_case) if found else None
    if found is None or use_case is None:
        raise LookupError(f"check-in {scene.subject.id} is gone")
    return found, use_case


def title_of(scene: Scene, use_case: UseCase) -> Said:
    """What it is called, harmless."""
    return inline(use_case.title or use_case.id, scene.directory, 120)


def figures_of(scene: Scene, use_case: UseCase) -> dict[str, Measured]:
    """What is measured in it, by figure."""
    events = scene.reading.figures_of(use_case.id)
    return {m.id: m for m in measured_in(use_case, scene.program, events)}


def amount(measured: Measured | None, value: float, of: float | None) -> Said:
    """``6.2 minutes``, ``3%``, ``34 of 40``, ``4.3 (28 answers)``."""
    number = number_in_words(round(value, 4))
    shape = measured.kind.shape if measured else "number"
    if of is not None and shape == "average":
        return Said(f"{number} ({number_in_words(of)} answers)")
    if of is not None:
        return Said(f"{number} of {number_in_words(of)}")
    unit = measured.unit if measured else ""
    if unit == "%":
        return Said(f"{number}%")
    return Said(f"{number} {inline_unit(unit)}".strip())


def inline_unit(unit: str) -> str:
    """A unit as somebody wrote it, harmless and short."""
    return unit.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")[:40]


def label_of(scene: Scene, measured: Measured | None, figure: str = "") -> Said:
    """What the figure is called in this use case."""
    known = BY_ID.get(figure)
    text = measured.label if measured else known.label if known else figure
    return inline(text, scene.directory, 100)


def spark(values: Sequence[float]) -> str:
    """A small chart of at most eight values: ``▁▃▅█``; empty for fewer than two."""
    shown = list(values)[-_WEEKS:]
    if len(shown) < 2:
        return ""
    low, high = min(shown), max(shown)
    if high == low:
        return _BARS[3] * len(shown)
    return "".join(_BARS[round((v - low) / (high - low) * (len(_BARS) - 1))] for v in shown)


def shares(points: Sequence[Point]) -> list[float]:
    """What the chart of these shows: a part as its share, anything else as it is."""
    return [p.value / p.of if p.of and 0 <= p.value <= p.of else p.value for p in points]


def last_line(scene: Scene, measured: Measured, points: Sequence[Point]) -> str:
    """``After-call work: 5.8 minutes (6.1 before; target 5) ▅▄▃``; empty where nothing was told."""
    if not points:
        return ""
    last = points[-1]
    more = []
    if len(points) > 1:
        earlier = amount(measured, points[-2].value, points[-2].of)
        more.append(say(scene, "figure_before", value=earlier))
    if measured.target is not None:
        more.append(say(scene, "figure_target", value=amount(measured, measured.target, None)))
    if measured.limit:
        more.append(say(scene, "figure_limit", limit=in_words(measured.limit)))
    if last.late:
        more.append(say(scene, "figure_late"))
    over = measured.limit is not None and crossed(measured.limit, last.value, points[0].value)
    mark = "🔴 " if over else ""
    text = f"{mark}{label_of(scene, measured)}: *{amount(measured, last.value, last.of)}*"
    tail = f" ({'; '.join(more)})" if more else ""
    chart = spark(shares(points))
    return f"{text}{tail}{'  ' + chart if chart else ''}"


def told_line(scene: Scene, measured: dict[str, Measured], figures: Sequence[Told]) -> Said:
    """``after-call work 6.2 minutes · wrong summaries 3%``."""
    parts = (
        f"{label_of(scene, measured.get(f.figure), f.figure)} "
        f"*{amount(measured.get(f.figure), f.value, f.of)}*"
        for f in figures
    )
    return Said(" · ".join(parts))


@renders("figures_noted")
def figures_noted(scene: Scene, data: dict[str, object]) -> Message:
    """What was understood and counts now, with a way to correct it."""
    found, use_case = check_in_of(scene)
    wanted = data.get("figures")
    which = [str(f) for f in wanted] if isinstance(wanted, list) else []
    kept = [f for f in found.figures if f.figure in which] or list(found.figures)
    measured = figures_of(scene, use_case)
    key = "figures_noted_same" if data.get("same") else "figures_noted"
    text = say(scene, key, title=title_of(scene, use_case), figures=told_line(scene, measured, kept))
    if data.get("same") and not kept:
        text = say(scene, "figures_known_already", title=title_of(scene, use_case))
    blocks: list[Block] = [section(text)]
    if found.late:
        blocks.append(context(say(scene, "figures_noted_late")))
    blocks.append(actions(f"noted|{found.id}", [correct_button(found)]))
    return Message(text=brief(text), blocks=blocks)


def correct_button(check_in: CheckIn) -> Element:
    """Opens the form with what counts now."""
    return button("Correct…", "check_in.give", str(check_in.id))


# --- doubts -------------------------------------------------------------------------------------------------


@renders("figure_doubts")
def figure_doubts(scene: Scene, data: dict[str, object]) -> Message:
    """One question for each number that is hardly possible; answered ones are gone from it."""
    found, use_case = check_in_of(scene)
    title = title_of(scene, use_case)
    if not found.doubts:
        text = say(scene, "figure_doubts_over", title=title)
        line = told_line(scene, figures_of(scene, use_case), found.figures)
        return Message(text=brief(text), blocks=[section(f"{text}\n{line}")])
    measured = figures_of(scene, use_case)
    head = say(scene, "figure_doubts", title=title)
    blocks: list[Block] = [section(head)]
    for doubt in found.doubts[:12]:
        blocks += _doubt(scene, found, measured.get(doubt.told.figure), doubt)
    first = bare_question(scene, measured.get(found.doubts[0].told.figure), found.doubts[0])
    return Message(text=brief(f"{head} {first}"), blocks=blocks)


def bare_question(scene: Scene, measured: Measured | None, doubt: Doubt) -> Said:
    """The question that a number raises."""
    told = doubt.told
    return say(
        scene,
        f"figure_doubt_{doubt.because}",
        label=label_of(scene, measured, told.figure),
        value=amount(measured, told.value, told.of),
        number=number_in_words(round(told.value, 4)),
        of=number_in_words(told.of or 0),
        last=amount(measured, doubt.last or 0, None),
        note=inline(told.note, scene.directory, 60),
    )


def _doubt(scene: Scene, check_in: CheckIn, measured: Measured | None, doubt: Doubt) -> list[Block]:
    which = f"{check_in.id}|{doubt.told.figure}|{doubt.told.function}"
    row: list[Element] = []
    if doubt.possible:
        row.append(button("Yes, it is right", f"figure.right/{which}", which, style="primary"))
    for n, instead in enumerate(doubt.instead[:2]):
        text = f"It is {amount(measured, instead.value, instead.of)}"
        row.append(button(text, f"figure.instead/{which}/{n}", f"{which}|{n}"))
    row.append(button("Another number…", f"check_in.give/{which}", str(check_in.id)))
    text = bare_question(scene, measured, doubt)
    return [section(text), actions(f"doubt|{which}", row)]


# --- guardrails ---------------------------------------------------------------------------------------------


@renders("guardrail")
def guardrail(scene: Scene, data: dict[str, object]) -> Message:
    """A crossed guardrail: the number, its limit, since when, what was promised, what is done about it."""
    found, use_case = check_in_of(scene)
    measured = figures_of(scene, use_case)
    title = title_of(scene, use_case)
    if not found.alerts:
        text = say(scene, "guardrail_corrected", title=title)
        return Message(text=brief(text), blocks=[section(text)])
    key = "guardrail_head" if len(found.alerts) == 1 else "guardrail_heads"
    head = say(scene, key, title=title, id=use_case.id)
    blocks: list[Block] = [section(f"🔴 {head}")]
    for alert in found.alerts:
        what = measured.get(alert.figure)
        number = amount(what, alert.value, None) if alert.value is not None else Said("")
        limit = in_words(what.limit) if what and what.limit else ""
        line = say(
            scene, "guardrail_line", label=label_of(scene, what, alert.figure), value=number, limit=limit
        )
        if alert.value is None:
            words = inline(what.limit_words, scene.directory, 200) if what else Said("")
            line = say(scene, "guardrail_line_said", limit=words)
        if alert.weeks > 1:
            since = f"{alert.since.day} {alert.since:%B}"
            again = say(scene, "guardrail_again", week=_ordinal(alert.weeks), since=since)
            line = Said(f"{line} {again}")
        action = inline(what.action, scene.directory, 300) if what and what.action else ""
        promised = (
            say(scene, "guardrail_action", action=action) if action else say(scene, "guardrail_no_action")
        )
        blocks.append(section(f"{line}\n{promised}"))
        if alert.answer and alert.by:
            reason = inline(alert.reason, scene.directory, 300)
            said = say(
                scene,
                f"guardrail_answer_{alert.answer}",
                who=Said(name(alert.by, scene.directory)),
                reason=reason,
            )
            blocks.append(context(said))
        else:
            which = f"{found.id}|{alert.figure}"
            row = [
                button("Done: we did it", f"guardrail.done/{which}", which, style="primary"),
                button(
                    "Report an incident",
                    f"incident.report/{which}",
                    f"{use_case.id}|{_words(scene, what, alert.value)}",
                ),
                button("Why we do not…", f"guardrail.why/{which}", which),
            ]
            blocks.append(actions(f"guardrail|{which}", row))
    return Message(text=brief(head), blocks=blocks)


def _words(scene: Scene, what: Measured | None, value: float | None) -> str:
    """What happened, for the form of an incident."""
    if value is None:
        return clip(what.limit_words, _WORDS_IN_A_BUTTON) if what else ""
    limit = in_words(what.limit) if what and what.limit else ""
    return f"{label_of(scene, what)[:150]}: {number_in_words(value)} (limit: {limit})"


def _ordinal(number: int) -> str:
    words = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth"}
    return words.get(number) or ordinal(number)


@renders("guardrail_over")
def guardrail_over(scene: Scene, data: dict[str, object]) -> Message:
    """A guardrail that was crossed is within its limit again."""
    found, use_case = check_in_of(scene)
    figure = str(data.get("figure") or "")
    measured = figures_of(scene, use_case).get(figure)
    told = next((f for f in found.figures if f.figure == figure and not f.function), None)
    value = amount(measured, told.value, None) if told else Said("")
    text = say(
        scene,
        "guardrail_over",
        title=title_of(scene, use_case),
        label=label_of(scene, measured, figure),
        value=value,
        limit=in_words(measured.limit) if measured and measured.limit else "",
    )
    return Message(text=brief(text), blocks=[section(f"🟢 {text}")])


# --- one use case -------------------------------------------------------------------------------------------


@renders("figures")
def figures(scene: Scene, data: dict[str, object]) -> Message:
    """The numbers of a use case with their trends; the subject is the use case."""
    use_case = scene.reading.use_case(scene.subject.id)
    if use_case is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    events = scene.reading.figures_of(use_case.id)
    known = history(events)
    lines = [
        line
        for m in measured_in(use_case, scene.program, events)
        if (line := last_line(scene, m, known.get(m.id, ())))
    ]
    head = say(scene, "figures_head", title=title_of(scene, use_case), id=use_case.id)
    body = "\n".join(lines) or say(scene, "figures_none")
    blocks = [section(f"{head}\n{body}"[:2950])]
    weeks = sorted({p.week for points in known.values() for p in points})
    if weeks:
        blocks.append(context(say(scene, "figures_until", week=f"{weeks[-1].day} {weeks[-1]:%B %Y}")))
    row = [button("Give or correct numbers…", "figures.give", str(use_case.id))]
    blocks.append(actions(f"figures|{use_case.id}", row))
    return Message(text=brief(f"{head} {body}"), blocks=blocks)


def last_points(scene: Scene, use_case: UseCase, check_in: CheckIn) -> dict[str, tuple[Point, ...]]:
    """What was told before that week, by figure."""
    known = history(scene.reading.figures_of(use_case.id))
    return {id: earlier for id, points in known.items() if (earlier := before(points, check_in.week))}
