"""How a walk begins: a new draft, what its first words already say, and the first question."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.answers import Answer, Value
from workflows.asking import (
    decided,
    entry,
    keep_answers,
    plan_ahead,
    post,
    questionnaire_of,
    reader_of,
    touched,
)
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, ShowHome, Work
from workflows.ids import Place, QuestionId, Subject, UseCaseId, UserId, WalkId
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import next_question, visible_questions
from workflows.questions import Questionnaire
from workflows.suggesting import Suggestion, defaults, from_story
from workflows.taking import taken
from workflows.talks import folded, seen, talk_of
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk
from workflows.words.reading import Read, tidy


def begin(
    walk_id: WalkId,
    use_case_id: UseCaseId,
    questionnaire: Questionnaire,
    origin: Origin,
    place: Place | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """A new draft and its walk. Suggestions are looked for afterwards (work ``open_walk``), then it opens."""
    owner = circ.actor.user
    use_case = UseCase(id=use_case_id, submitter=owner, program=circ.program, home=place, created_at=circ.now)
    walk = _new(walk_id, questionnaire, use_case_id, None, origin, place, circ)
    effects = (
        Work(name="open_walk", subject=walk.subject, key=f"open/{walk_id}"),
        ShowHome(user=owner),
        *plan_ahead(walk, program, circ),
    )
    created = Entry(action="use_case.created", subject=use_case.subject, detail={"entry": origin.entry})
    return Decision(
        changed=(use_case, walk),
        entries=(created, entry(walk, "begun", entry=origin.entry, about=use_case_id)),
        effects=effects,
    )


def begin_about(
    walk_id: WalkId,
    questionnaire: Questionnaire,
    use_case: UseCase | None,
    matter: Subject | None,
    origin: Origin,
    place: Place | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """A walk about what is there already: a use case, a matter of it, or (neither) the company.

    It opens at once: there are no first words to read anything out of.
    """
    about = use_case.id if use_case else UseCaseId("")
    walk = _new(walk_id, questionnaire, about, matter, origin, place, circ)
    begun = Decision(changed=(walk,), entries=(entry(walk, "begun", entry=origin.entry, about=about),))
    return begun.and_then(open_walk(walk, use_case, {}, program, directory, circ))


def begin_quietly(
    walk_id: WalkId, questionnaire: Questionnaire, use_case: UseCase | None, circ: Circumstances
) -> Decision:
    """A walk that nobody is asked about yet: it is there to keep what a form says."""
    about = use_case.id if use_case else UseCaseId("")
    walk = _new(walk_id, questionnaire, about, None, Origin(entry="form"), None, circ)
    quiet = walk.model_copy(update={"status": "saved"})
    return Decision(changed=(quiet,), entries=(entry(quiet, "begun", entry="form", about=about),))


def _new(
    id: WalkId,
    questionnaire: Questionnaire,
    about: UseCaseId,
    matter: Subject | None,
    origin: Origin,
    place: Place | None,
    circ: Circumstances,
) -> Walk:
    return Walk(
        id=id,
        questionnaire=questionnaire.id,
        about=about,
        matter=matter,
        owner=circ.actor.user,
        place=place,
        origin=origin,
        program=circ.program,
        started_at=circ.now,
        touched_at=circ.now,
    )


def open_walk(
    walk: Walk,
    use_case: UseCase | None,
    suggestions: Mapping[QuestionId, tuple[Value, str]],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Say what was picked up from the first words and ask the first question.

    ``suggestions`` are question id -> (value, what it was read from), as the embedded model gives them. Rules
    go first, the program's defaults last; whatever the person has said already stands. Does nothing for a
    walk that is open already.
    """
    if walk.status != "opening":
        return Decision()
    questionnaire = questionnaire_of(walk, program)
    opened = with_story(walk, questionnaire, circ)
    story = walk.origin.words
    found: dict[QuestionId, Suggestion] = {}
    reader = reader_of(walk, directory, circ).model_copy(update={"speaker": walk.owner})
    if story:
        found = from_story(questionnaire, story, opened.answers, circ.now, directory, walk.owner)
    known = {q.id: q for q in questionnaire.questions()}
    for id, (value, reason) in suggestions.items():
        if id in known and id not in found and id not in opened.answers:
            read = taken(known[id], value, reader)
            if isinstance(read, Read):
                found[id] = Suggestion(value=read.value, reason=reason)
    found |= defaults(questionnaire, {*opened.answers, *found}, walk.owner)
    for id, suggestion in found.items():
        opened = keep_answers(opened, {id: suggestion.value}, "suggested", circ, reason=suggestion.reason)
    visible = [q.id for q in visible_questions(questionnaire, opened.answers)]
    picked = [q for q in visible if q in found and found[q].implied]
    if questionnaire.title_question in picked:
        picked.sort(key=lambda q: q != questionnaire.title_question)
    first = next_question(questionnaire, opened)
    anchored = walk.place is None and walk.ask == 0
    opened = touched(
        opened,
        circ,
        status="asking" if first else "reviewing",
        asking=first.id if first else None,
        ask=walk.ask + 1,
        nudged_at=walk.nudged_at,
    )
    card = f"ask:{opened.ask}"
    data = {"ask": opened.ask, "picked": picked, "question": first.id if first else None}
    hello = post(opened, "opening", card, **data).model_copy(update={"anchor": anchored})
    effects: list[Effect] = [hello]
    if first is None:
        effects.append(post(opened, "review", "review"))
    return decided(opened, effects, [entry(opened, "opened", picked=picked)], program, circ)


def with_story(walk: Walk, questionnaire: Questionnaire, circ: Circumstances) -> Walk:
    """The first words as the answer to the story question: they are the person's own, so they are said."""
    story = questionnaire.story_question
    words = tidy(walk.origin.words)
    if not story or not words or story in walk.answers:
        return walk
    question = questionnaire.question(story)
    limit = question.bounds.max_length or 3000
    answer = Answer(value=words[:limit], how="said", by=walk.owner, at=walk.started_at, words=words[:3000])
    return walk.model_copy(update={"answers": {**walk.answers, story: answer}})


def anchor(walk: Walk, place: Place, who: UserId | None = None) -> Decision:
    """The first message of a conversation has been posted: from now on its thread is there.

    ``who``: whose it is, where it is not the owner's.
    """
    mine = talk_of(walk, who)
    if mine.place is not None:
        return Decision()
    anchored = folded(walk, seen(walk, who, walk.owner).model_copy(update={"place": place}), who)
    return Decision(changed=(anchored,), entries=(entry(anchored, "anchored", channel=place.channel),))
