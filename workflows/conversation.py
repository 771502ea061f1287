"""The conversation of a walk: every way in which a person moves it, as pure transitions.

Each takes the walk as it is and returns a decision with the walk as it will be. Nothing that was answered is
lost by any of them, and each says what happens next. The moves themselves live in the modules named below;
listeners import them from here.
"""

from __future__ import annotations

import re

from workflows import filling, moving
from workflows.asking import (
    OVER,
    ask,
    asked_question,
    decided,
    entry,
    keep_answers,
    move_on,
    not_yours,
    questionnaire_of,
    reader_of,
    reopened,
    say,
    stands_open,
    title_of,
    touched,
)
from workflows.beginning import anchor, begin, begin_about, open_walk
from workflows.calling_in import calling_in
from workflows.decision import Circumstances, Decision
from workflows.effects import Effect, Whisper, Work
from workflows.filling import as_if
from workflows.hearing import Said, sentences, take_apart
from workflows.ids import Place, QuestionId
from workflows.jointly import jointly, settled
from workflows.moving import only_said, repeated
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import is_required, progress
from workflows.questions import Question
from workflows.replying import Reply
from workflows.taking_part import takes_part
from workflows.talks import folded_decision, seen, whose
from workflows.use_case import UseCase
from workflows.walk import Walk
from workflows.words.choices import match_one
from workflows.words.commands import Command, confirms, read_command
from workflows.words.reading import Correction, tidy, without_emoji

back = jointly(moving.back)
skip = jointly(moving.skip)
change = jointly(moving.change)
show = jointly(moving.show)
why = jointly(moving.why)
help = jointly(moving.help)
save = jointly(moving.save)
resume = jointly(moving.resume)
cancel = jointly(moving.cancel, owners_only=True)
nudge = jointly(moving.nudge)
expire = jointly(moving.expire)
click = jointly(filling.click)
fill = jointly(filling.fill)
keep = jointly(filling.keep)

_LATER = ("later", "not now", "another time", "some other time")
"""Said of an item of a checklist: the next one, please."""


def _others_message(walk: Walk, said: Said, directory: Directory, circ: Circumstances) -> Decision:
    """Someone else's words in the thread are no answer; they are told so once, and then left in peace."""
    if said.user in walk.told or walk.place is None or walk.status in OVER:
        return Decision()
    values = {"owner": directory.person(walk.owner).name}
    whisper = Whisper(
        place=walk.place,
        user=said.user,
        kind="said",
        subject=walk.subject,
        data={"message": "not_yours", "values": values},
    )
    told = walk.model_copy(update={"told": (*walk.told, said.user)})
    return Decision(changed=(told,), entries=(entry(told, "another_told"),), effects=(whisper,))


def hear(
    walk: Walk,
    use_case: UseCase | None,
    said: Said,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """A message in a thread of the walk: an answer, a command, a change, a question, or several.

    ``at`` is that thread; without it, the conversation is the speaker's own.
    """
    if not takes_part(walk, use_case, said.user, program, directory, circ.now):
        return _others_message(walk, said, directory, circ)
    who = whose(walk, said.user, at)
    mine = walk.owner == said.user
    decision = _hear(seen(walk, who, said.user), use_case, said, mine, program, directory, circ)
    return settled(walk, folded_decision(walk, decision, who), program, directory, circ)


def _hear(
    walk: Walk,
    use_case: UseCase | None,
    said: Said,
    mine: bool,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    text = tidy(said.text)
    if walk.status in OVER:
        return _after_the_end(walk, use_case, text, program, directory, circ)
    if walk.status == "opening":
        return _heard_early(walk, use_case, text, program, directory, circ)
    if walk.confirming:
        if confirms(text) or read_command(text) == "cancel":
            return moving.cancel(walk, use_case, program, directory, circ)
        walk = walk.model_copy(update={"confirming": False})
        if text.lower().strip(" .!") in ("no", "nope", "no thanks", "don't", "keep it", "nah"):
            there, effects = repeated(walk, program)
            not_now = say(walk, "not_cancelled")
            return decided(
                touched(there, circ), [not_now, *effects], [entry(there, "not_cancelled")], program, circ
            )
    asked = asked_question(walk, program)
    # Where an emoji may well be an answer, and "no" is one.
    thumbs = asked is not None and asked.type in ("yesno", "check")
    if not thumbs and not re.search(r"\w", without_emoji(text)):
        text = ""
    called_in = calling_in(walk, use_case, asked, text, program, directory, circ)
    if called_in is not None:
        return called_in
    # "Yes. Wait, why do you ask?" answers first, so it is no command from end to end.
    answers_first = thumbs and len(sentences(text)) > 1
    plainly_answers = _is_option(asked, text) or bool(said.files) or answers_first
    command = None if plainly_answers else read_command(text, walk.status == "reviewing")
    if asked is not None and asked.type == "check" and text.lower().strip(" .!") in _LATER:
        command = "skip"
    if stands_open(walk, program) and command in ("cancel", "submit", "where"):
        # Nobody ends a list that others rely on: it is only left, and looked at.
        rule = moving.save if command == "cancel" else moving.show
        return rule(walk, use_case, program, directory, circ)
    if command in ("cancel", "submit") and not mine:
        return only_said(walk, "helpers_cannot", program, circ)
    if command:
        done = _obey(command, walk, use_case, asked, text, program, directory, circ)
        if done is not None:
            return done
    kept = walk.answers.get(asked.id) if asked else None
    if asked is not None and kept is not None and not thumbs and confirms(text):
        return filling.click(walk, use_case, walk.ask, asked.id, kept.value, program, directory, circ)
    if walk.status == "saved":
        walk = reopened(walk, program)
        asked = asked_question(walk, program)
    if walk.status == "asking" and asked is None:
        # Somebody else answered what was on the table, or the program was changed and no longer asks it.
        there, effects = move_on(touched(walk, circ, asking=None), program)
        told = _answered_meanwhile(walk, program, directory)
        return decided(there, [*told, *effects], [entry(there, "moved_on")], program, circ)
    reader = reader_of(walk, directory, circ)
    questionnaire = questionnaire_of(walk, program)
    said_so_far = sorted(walk.answers.items(), key=lambda kept: (kept[1].how != "suggested", kept[1].at))
    values = {q: a.value for q, a in said_so_far}
    last = _last_answered(walk)
    heard = take_apart(text, questionnaire, asked, values, last, reader)
    return Reply(walk, use_case, said, heard, asked, program, directory, circ).decide()


def _answered_meanwhile(walk: Walk, program: Program, directory: Directory) -> list[Effect]:
    """Who answered the question that was on the table."""
    kept = walk.answers.get(walk.lost) if walk.lost else None
    if kept is None or walk.lost is None:
        return []
    label = questionnaire_of(walk, program).question(walk.lost).label
    return [say(walk, "answered_meanwhile", who=directory.person(kept.by).name, label=label)]


def _is_option(asked: Question | None, text: str) -> bool:
    """Whether the words are exactly an option of the question: "not sure" may be one."""
    if asked is None or asked.type not in ("choice", "multi", "yesno"):
        return False
    low = text.lower().strip(" .!")
    return any(low in {c.label.lower(), c.id, *(s.lower() for s in c.synonyms)} for c in asked.choices)


def _last_answered(walk: Walk) -> QuestionId | None:
    said = [(a.at, q) for q, a in walk.answers.items() if a.how != "suggested"]
    return max(said)[1] if said else None


def _heard_early(
    walk: Walk,
    use_case: UseCase | None,
    text: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Words that come before the first question is out belong to the first words."""
    command = read_command(text)
    if command == "cancel":
        return moving.cancel(walk, use_case, program, directory, circ)
    if command or not without_emoji(text):
        return Decision()
    words = f"{walk.origin.words}\n{text}".strip()
    more = touched(walk, circ, origin=walk.origin.model_copy(update={"words": words}))
    story = questionnaire_of(walk, program).story_question
    told = walk.answers.get(story) if story else None
    if story and told is not None:
        more = keep_answers(more, {story: f"{told.value}\n{text}"[:3000]}, "said", circ, words)
    return decided(more, (), [entry(more, "heard_early")], program, circ)


def _after_the_end(
    walk: Walk,
    use_case: UseCase | None,
    text: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    if walk.status in ("cancelled", "expired") and read_command(text) == "resume":
        return moving.resume(walk, use_case, program, directory, circ)
    title = title_of(walk, use_case, program)
    if use_case is None or questionnaire_of(walk, program).kind != "intake":
        return Decision(effects=(say(walk, "finished_other", title=title),))
    label = next((s.label for s in program.life_cycle.stages if s.id == use_case.stage), use_case.stage)
    return Decision(effects=(say(walk, "finished_thread", title=title, stage=label.lower()),))


def _obey(
    command: Command,
    walk: Walk,
    use_case: UseCase | None,
    asked: Question | None,
    text: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision | None:
    """Carry out a command; ``None`` where the same words are an answer to the question on the table."""
    steps = {
        "back": moving.back, "skip": moving.skip, "show": moving.show, "save": moving.save,
        "resume": moving.resume, "help": moving.help, "why": moving.why,
    }  # fmt: skip
    if asked is not None and asked.type in ("yesno", "check") and command in ("nod", "keep"):
        return None
    if command in steps:
        return steps[command](walk, use_case, program, directory, circ)
    match command:
        case "cancel":
            sure = touched(walk, circ, confirming=True)
            question = say(sure, "cancel_sure", title=title_of(walk, use_case, program))
            return decided(sure, [question], [entry(sure, "cancel_asked")], program, circ)
        case "submit":
            return _submit_said(walk, use_case, program, circ)
        case "form":
            return only_said(walk, "form_offer", program, circ)
        case "where":
            left = progress(questionnaire_of(walk, program), walk)
            return only_said(
                walk, "where_draft", program, circ, steps=left.steps_left, minutes=left.minutes_left
            )
        case "keep":
            kept = walk.answers.get(asked.id) if asked else None
            if asked is not None and kept is not None and walk.status == "asking":
                return filling.click(walk, use_case, walk.ask, asked.id, kept.value, program, directory, circ)
            return only_said(walk, "nod", program, circ)
        case "dont_know":
            return _does_not_know(walk, use_case, asked, program, directory, circ)
        case _:
            if asked is not None and asked.id in walk.answers and walk.status == "asking" and confirms(text):
                kept_value = walk.answers[asked.id].value
                return filling.click(walk, use_case, walk.ask, asked.id, kept_value, program, directory, circ)
            return only_said(walk, "nod", program, circ)


def _submit_said(walk: Walk, use_case: UseCase | None, program: Program, circ: Circumstances) -> Decision:
    """ "submit" in words: on the review it submits; before that, the rest is still to be asked."""
    if walk.status == "reviewing":
        there = touched(walk, circ)
        work = Work(name="submit_walk", subject=there.subject, data={"user": walk.owner})
        return decided(there, [work], [entry(there, "submit_said")], program, circ)
    there, effects = move_on(touched(reopened(walk, program), circ), program)
    if there.status == "reviewing":
        return decided(there, effects, [entry(there, "reviewing")], program, circ)
    left = progress(questionnaire_of(walk, program), there)
    message = say(there, "not_yet_complete", steps=left.steps_left)
    return decided(there, [message, *effects], [entry(there, "not_yet_complete")], program, circ)


def _does_not_know(
    walk: Walk,
    use_case: UseCase | None,
    asked: Question | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision | None:
    """Nobody gets stuck on what they do not know: it is skipped, guessed, or put aside until submission."""
    if asked is None or walk.status != "asking":
        return only_said(walk, "nod", program, circ)
    if (
        asked.type in ("choice", "multi")
        and len(match_one("don't know", asked.choices, positions=False).options) == 1
    ):
        return None
    if asked.type == "check":
        # Whoever does not know may know who does.
        who_knows = Correction(program.messages["check_who_knows"])
        there, effects = ask(touched(walk, circ), asked.id, correction=who_knows, remember=False)
        return decided(there, effects, [entry(there, "does_not_know", question=asked.id)], program, circ)
    if not is_required(questionnaire_of(walk, program), asked, walk.answers):
        return moving.skip(walk, use_case, program, directory, circ)
    if f"?{asked.id}" in walk.challenged:
        aside = touched(walk, circ, skipped=(*walk.skipped, asked.id))
        there, effects = move_on(aside, program)
        note = say(there, "put_aside", label=asked.label)
        return decided(there, [note, *effects], [entry(there, "put_aside", question=asked.id)], program, circ)
    once = touched(walk, circ, challenged=(*walk.challenged, QuestionId(f"?{asked.id}")))
    example = asked.examples[0] if asked.examples else ""
    guess = Correction(program.messages["a_guess_will_do"], example)
    there, effects = ask(once, asked.id, correction=guess, remember=False)
    return decided(there, effects, [entry(there, "does_not_know", question=asked.id)], program, circ)


__all__ = [
    "Said", "anchor", "as_if", "back", "begin", "begin_about", "cancel", "change", "click", "expire",
    "fill", "hear", "help", "keep", "not_yours", "nudge", "open_walk", "resume", "save", "show", "skip",
    "why",
]  # fmt: skip
