"""From the answers of a finished walk to its result, and what follows: kept, shown, read later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from workflows.answers import Answers
from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Effect, Post, Refresh, ToPerson, ToPlace, Work
from workflows.expressions import environment, holds
from workflows.memo import by_identity
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import shown, visible_answers
from workflows.questions import Questionnaire
from workflows.result import (
    MARKS,
    Fact,
    FindingResult,
    Mark,
    Result,
    ResultRules,
    ResultSection,
    SectionResult,
)
from workflows.use_case import UseCase
from workflows.walk import Walk

NOT_SAID = "not said"
"""What stands in a sentence where an answer is missing."""
_NOBODY = Directory()
_PLAIN = ResultRules(headlines=())


def result_of(
    questionnaire: Questionnaire, answers: Answers, program: Program, directory: Directory = _NOBODY
) -> Result:
    """The result of these answers; of a questionnaire without rules for one, only that it is done.

    Only answers to questions that are asked count. ``directory`` gives names where an answer is a person.
    """
    rules = questionnaire.result or _PLAIN
    given = visible_answers(questionnaire, answers)
    env: dict[str, Any] = environment(questionnaire, given)
    sections = tuple(_section(rules, section, env) for section in rules.sections)
    for section in sections:
        env[section.id] = section.level
        env[f"{section.id}_points"] = float(section.points)
    words = _Words(questionnaire, given, directory)
    findings = [
        FindingResult(text=f.text.format_map(words), mark=f.mark, next=f.next)
        for f in rules.findings
        if holds(f.when, env)
    ]
    head = next((h for h in rules.headlines if holds(h.when, env)), None)
    mark = gravest([head.mark if head else "good", *(f.mark for f in findings)])
    return Result(
        headline=head.text.format_map(words) if head else f"{questionnaire.name}: done",
        mark=mark,
        sections=sections,
        findings=tuple(sorted(findings, key=lambda f: -MARKS.index(f.mark))),
        facts=tuple(
            Fact(label=questionnaire.question(q).label, shown=words[str(q)])
            for q in rules.facts
            if q in given
        ),
    )


def gravest(marks: Iterable[Mark]) -> Mark:
    """The gravest of several; ``good`` where there is none."""
    return max(marks, key=MARKS.index, default="good")


def _section(rules: ResultRules, section: ResultSection, env: Mapping[str, Any]) -> SectionResult:
    held = [p for p in section.points if holds(p.when, env)]
    points = max(0, min(section.of, section.start + sum(p.points for p in held)))
    level = [lv for lv in rules.levels_of(section) if lv.at_least <= points][-1]
    return SectionResult(
        id=section.id,
        label=section.label,
        points=points,
        of=section.of,
        level=level.id,
        says=level.label,
        mark=level.mark,
        because=tuple(dict.fromkeys(p.because for p in held)),
    )


class _Words(dict[str, str]):
    """Answers in words, by question; what nobody said is said so."""

    def __init__(self, questionnaire: Questionnaire, answers: Answers, directory: Directory) -> None:
        asked = {q.id: q for q in questionnaire.questions()}
        super().__init__({str(q): shown(asked[q], a.value, directory) for q, a in answers.items()})

    def __missing__(self, key: str) -> str:
        return NOT_SAID


def finished(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """What follows when an assessment, evaluation or review is submitted.

    Its result is kept with the walk, shown in the walk's thread, and told to whoever submitted the use case
    where somebody else did it. Cards of the use case are drawn again, because its readiness may have changed.
    """
    questionnaire = program.questionnaires[walk.questionnaire]
    result = result_of(questionnaire, walk.answers, program, directory)
    lasts = questionnaire.result.lasts_days if questionnaire.result else None
    until = circ.now + timedelta(days=lasts) if lasts else None
    result = result.model_copy(update={"at": circ.now, "expires_at": until})
    done = walk.model_copy(
        update={"status": "submitted", "asking": None, "touched_at": circ.now, "result": result}
    )
    detail = {"questionnaire": walk.questionnaire, "headline": result.headline, "mark": result.mark}
    effects: list[Effect] = [
        Post(
            to=ToPlace(place=walk.place) if walk.place else ToPerson(user=walk.owner),
            kind="result",
            subject=walk.subject,
            card="result",
        )
    ]
    if use_case is not None:
        effects += [*_told(done, use_case), Refresh(subject=use_case.subject)]
    if walk.matter is not None and walk.matter.type == "incident":
        # What is to be done changes the incident, which is locked after its walk and use case.
        effects.append(Work(name="incident_reviewed", subject=walk.matter, data={"walk": walk.id}))
    return Decision(
        changed=(done,),
        entries=(Entry(action="walk.result", subject=walk.subject, detail=detail),),
        effects=tuple(effects),
    )


def _told(walk: Walk, use_case: UseCase) -> list[Effect]:
    """Its submitter hears of a result that somebody else brought about."""
    if use_case.submitter == walk.owner:
        return []
    return [
        Post(
            to=ToPerson(user=use_case.submitter),  # its thread may be in a channel, where others read along
            kind="result",
            subject=walk.subject,
            card="result",
            key=f"result/{walk.id}/{walk.revision}",
        )
    ]


Standing = Literal["missing", "open", "expired", "stop", "done"]
"""Of an assessment that is demanded: nobody began it, it is under way, it has run out, it says not to go on,
or it is done and holds."""


def standing(dossier: Dossier, questionnaire: str, now: datetime) -> Standing:
    """How that assessment stands for a use case: by its newest result, else by its newest walk."""
    walks = [w for w in dossier.walks if w.questionnaire == questionnaire and w.matter is None]
    done = newest_result(walks)
    if done is not None and done.result is not None:
        if not done.result.current(now):
            return "expired"
        return "stop" if done.result.mark == "stop" else "done"
    over = ("cancelled", "expired", "submitted")
    return "open" if any(w.status not in over for w in walks) else "missing"


def newest_result(walks: Iterable[Walk]) -> Walk | None:
    """Of these walks the one whose result is the newest."""
    done = [w for w in walks if w.status == "submitted" and w.result is not None]
    return max(done, key=lambda w: w.result.at if w.result and w.result.at else w.touched_at, default=None)


@by_identity
def assessments(program: Program) -> Mapping[str, Questionnaire]:
    """The questionnaires that end in a result and can be started by name, by id."""
    kinds = ("assessment", "evaluation")
    return {q.id: q for q in program.questionnaires.values() if q.kind in kinds}


def names_of(program: Program, ids: Iterable[str]) -> tuple[str, ...]:
    """What these assessments are called; one that the program does not have goes by its id."""
    known = program.questionnaires
    return tuple(known[id].name if id in known else id for id in ids)
