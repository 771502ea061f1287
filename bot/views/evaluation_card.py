"""How the evaluation of a use case stands now: the newest results beside the plan, and what is lacking."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.evaluation import table
from bot.views.kit import actions, brief, button, clip, section
from bot.views.say import say
from workflows.evaluation import evaluation_gaps, evaluation_of


@renders("evaluation")
def evaluation_card(scene: Scene, data: dict[str, object]) -> Message:
    """The table, with a way to bring results and to the plan."""
    dossier = scene.reading.dossier(scene.subject.id)
    rules = scene.program.evaluation
    found = evaluation_of(dossier, scene.program, scene.now) if dossier else None
    if dossier is None or rules is None or found is None:
        raise LookupError(f"use case {scene.subject.id} or the rules for its evaluation are gone")
    use_case = dossier.use_case
    title = clip(use_case.title or str(use_case.id), 150)
    head = say(scene, "evaluation_head", title=title, id=use_case.id)
    blocks = [section(head)]
    if found.walk is None:
        blocks.append(section(say(scene, "evaluation_nothing")))
    blocks += table(scene, found) if found.walk else []
    if any(g.questionnaire == rules.plan for g in evaluation_gaps(dossier, scene.program, scene.now)):
        blocks.append(section(say(scene, "evaluation_unplanned")))
    blocks.append(section(say(scene, "evaluation_how")))
    made = [
        button("Attach results", "walk.open/results", f"{use_case.id}|{rules.results}", style="primary"),
        button("Evaluation plan", "walk.open/plan", f"{use_case.id}|{rules.plan}"),
    ]
    blocks.append(actions(f"evaluation|{use_case.id}", made))
    return Message(text=brief(head), blocks=blocks)
