"""A message in a walk taken apart: what answers, what changes another answer, and what asks something."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import Field

from workflows.answers import Value
from workflows.ids import Frozen, QuestionId, UserId
from workflows.questions import Question, Questionnaire
from workflows.taking import Reader
from workflows.words.choices import match_one
from workflows.words.naming import Named, about, read_change, remade, retracted
from workflows.words.opening import opening
from workflows.words.reading import Correction, Read, one_line, tidy


class Heard(Frozen):
    """The parts of a message. ``answer`` is what is left for the question that was asked."""

    answer: str = ""
    questions: tuple[str, ...] = ()
    others: dict[QuestionId, Value] = Field(default_factory=dict)
    """Other questions that it answers by name, already read."""
    said_of: dict[QuestionId, str] = Field(default_factory=dict)
    """The words in which each of ``others`` was said."""
    unclear: tuple[QuestionId, str] | None = None
    """A change that names its question but gives no answer ("" ) or one that does not fit."""
    changing: bool = False
    """One of ``others`` replaces an answer on purpose ("change", "no wait")."""
    aside: bool = False
    """It began like an afterthought ("oh and ..."), so it may not be about the question asked."""


_READ_CLOSELY = 2500
"""A message longer than this is one answer; nobody hides a command in an essay."""
_SENTENCE = re.compile(r"(?<=[.!?;])(?<!e\.g\.)(?<!i\.e\.)(?<!approx\.)(?<!\bca\.)(?<!\bno\.)\s+(?=\S)|\n+")
_TURN = re.compile(
    r"[,;]?\s+(?:[-–—]\s+)?(?=(?:wait|hang on|hold on|oh|btw|by the way|one (?:more )?(?:question|thing)"
    r"|another (?:question|thing))\b[\s,:])|,\s+(?=also\b)",
    re.IGNORECASE,
)
_ASKS_TAIL = re.compile(
    r",\s+(?:but\s+|and\s+|so\s+)?(?=(?:does|do|is|are|can|could|should|must|may|what|who|which|how|why"
    r"|where|when)\b[^,]*\?$)",
    re.I,
)
_LEAD = re.compile(
    r"^(?:(?:wait|hang on|hold on|but|oh|and|so|hm+|um+|btw|by the way|ok(?:ay)?|sorry|well"
    r"|one (?:more )?(?:question|thing)|another (?:question|thing)"
    r"|quick question|question|just wondering|i wonder(?:ed)?|tell me|also|first|before (?:that"
    r"|i answer))\b[\s,.:;!-]*)+",
    re.IGNORECASE,
)
_INTERROGATIVE = re.compile(
    r"^(?:what|what's|who|who's|whom|whose|which|when|where|where's|why|how|is|isn't|are|aren't|am|do|don't"
    r"|does|doesn't|did|can|can't|could"
    r"|may|must|should|shall|would|will|has|have|was|were|if)\b",
    re.IGNORECASE,
)
_SURELY = re.compile(
    r"^(?:(?:does|do|is|are|can|should|must|may)\s+(?:a|an|the|we|i|it|this|that|they|there|my|our|you"
    r"|\w+s)\b"
    r"|what (?:is|are|does|do|counts|happens|if|about|kind)|who (?:is|are|can|may|decides|approves|owns)"
    r"|how (?:do|does|can|long|much|many|is|are)"
    r"|where (?:is|do|can)|which \w+ (?:is|are|does|do)|when (?:is|do|does|will))\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"^(?:oh|btw|by the way|also|one more thing|another thing|and)\b[\s,:-]", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """The message in pieces that may each be something else: sentences, lines, turns (", wait, ...")."""
    pieces: list[str] = []
    for sentence in _SENTENCE.split(text):
        for turn in _TURN.split(sentence):
            pieces += _ASKS_TAIL.split(turn)
    whole: list[str] = []
    for piece in (p.strip() for p in pieces if p and p.strip()):
        retracts = whole and whole[-1].lower() in ("no", "nope") and not piece.endswith("?")
        if retracts or (whole and not _LEAD.sub("", f"{whole[-1]} ").strip(" ,.!")):
            whole[-1] = f"{whole[-1]}, {piece}"  # "wait" alone belongs to what follows it
        else:
            whole.append(piece)
    return whole


def asks(piece: str, strictly: bool = False) -> bool:
    """Whether a piece is a question to the bot. ``strictly``: only with a question mark."""
    bare = _LEAD.sub("", one_line(piece))
    count = len(bare.split())
    if piece.rstrip().endswith("?"):
        return bool(_INTERROGATIVE.match(bare)) and count >= 2
    return not strictly and bool(_SURELY.match(bare)) and 3 <= count <= 25


def take_apart(
    text: str,
    questionnaire: Questionnaire,
    asked: Question | None,
    kept: Mapping[QuestionId, Value],
    last: QuestionId | None,
    reader: Reader,
) -> Heard:
    """The message's parts. ``asked`` is the question on the table (``None`` on the review).

    ``kept`` are the answers so far, ``last`` the one given before this message ("make it 60" is about it).
    """
    if asked is not None and asked.id == questionnaire.story_question:
        # A story often ends in "could AI do that?": only words that are nothing but a question ask one.
        if opening(text) == "question" and asks(text) and not kept.get(asked.id):
            return Heard(questions=(one_line(text),))
        return Heard(answer=tidy(text))
    if len(text) > _READ_CLOSELY:
        return Heard(answer=tidy(text))
    wordy = asked is not None and asked.type in ("short_text", "long_text", "check")
    answers: list[str] = []
    questions: list[str] = []
    others: dict[QuestionId, Value] = {}
    said_of: dict[QuestionId, str] = {}
    unclear: tuple[QuestionId, str] | None = None
    changing = put_right = False
    for piece in _clauses(sentences(text)):
        if asks(piece, strictly=wordy) and not _answers_itself(piece, asked, reader):
            questions.append(_LEAD.sub("", one_line(piece)) or one_line(piece))
            continue
        named = _other_answer(piece, questionnaire, asked, kept, last, reader)
        if named is None:
            instead = retracted(piece)
            if instead and asked is not None and isinstance(_read_strictly(asked, instead, reader), Read):
                answers, put_right = [instead], True  # "serious. no wait, a nuisance"
            else:
                answers.append(piece)
            continue
        id, value, firm = named
        changing = changing or firm
        if isinstance(value, Correction | str):
            unclear = (id, value if isinstance(value, str) else piece)
        else:
            others[id] = value.value
            said_of[id] = piece
    whole = not put_right and not questions and not others and unclear is None
    return Heard(
        answer=tidy(text) if whole else ", ".join(a.rstrip(" ,") for a in answers),
        questions=tuple(questions),
        others=others,
        said_of=said_of,
        unclear=unclear,
        changing=changing,
        aside=bool(_ASIDE.match(text.strip())),
    )


def _clauses(pieces: list[str]) -> list[str]:
    """Afterthoughts ("oh and Lee owns it, it's internal only") are looked at clause by clause."""
    found: list[str] = []
    for piece in pieces:
        found += re.split(r",\s+", piece) if _ASIDE.match(piece) and not piece.endswith("?") else [piece]
    return found


def _answers_itself(piece: str, asked: Question | None, reader: Reader) -> bool:
    """ "the second one?", "can we say 40?": unsure, but an answer."""
    worded = ("short_text", "long_text", "link", "file", "check")
    if asked is None or asked.type in worded or len(piece.split()) > 7:
        return False
    bare = piece.rstrip(" ?")
    if asked.type in ("choice", "multi"):
        return len(piece.split()) <= 4 and len(match_one(bare, asked.choices).options) == 1
    if asked.type == "yesno":
        return False
    return isinstance(reader.read(asked, bare), Read)


def _other_answer(
    piece: str,
    questionnaire: Questionnaire,
    asked: Question | None,
    kept: Mapping[QuestionId, Value],
    last: QuestionId | None,
    reader: Reader,
) -> tuple[QuestionId, Read | Correction | str, bool] | None:
    """The question other than the asked one that a piece answers; "" for its answer where it gives none."""
    change = read_change(piece, questionnaire)
    if change is not None:
        best = _fitting(change.candidates, questionnaire, asked, kept, change.firm, reader)
        if best is not None:
            return best if best[0] != (asked.id if asked else None) else None
    again = remade(piece)
    if again and not (asked and isinstance(_read_strictly(asked, again, reader), Read)):
        remade_one = _just_answered(again, questionnaire, kept, last, reader)
        if remade_one is not None:
            return (*remade_one, True)
    correction = retracted(piece)
    if correction:
        answered = [questionnaire.question(q) for q in reversed(list(kept)) if _has(questionnaire, q)]
        for question in answered:
            if question.type in ("number", "percent", "money", "date", "person") and about(
                question, correction
            ):
                read = reader.read(question, correction)
                if isinstance(read, Read) and question.id != (asked.id if asked else None):
                    return question.id, read, True
        if (
            last is not None
            and last in kept
            and asked is not None
            and asked.type not in ("short_text", "long_text")
        ):
            previous = questionnaire.question(last)
            read = _read_strictly(previous, correction, reader)
            if isinstance(read, Read) and not isinstance(_read_strictly(asked, correction, reader), Read):
                return last, read, True
    return None


def _just_answered(
    value: str,
    questionnaire: Questionnaire,
    kept: Mapping[QuestionId, Value],
    last: QuestionId | None,
    reader: Reader,
) -> tuple[QuestionId, Read] | None:
    """The answer that "make it 3%" is about: the latest of its kind, else the last."""
    recent = [questionnaire.question(q) for q in list(kept)[-3:][::-1] if _has(questionnaire, q)]
    for question in recent:
        if question.type not in ("short_text", "long_text", "link", "file"):
            read = _read_strictly(question, value, reader)
            if isinstance(read, Read):
                return question.id, read
    if last is not None and last in kept and _has(questionnaire, last):
        read = reader.read(_strict(questionnaire.question(last)), value)
        if isinstance(read, Read):
            return last, read
    return None


def _has(questionnaire: Questionnaire, id: QuestionId) -> bool:
    return any(q.id == id for q in questionnaire.questions())


def _fitting(
    candidates: tuple[Named, ...],
    questionnaire: Questionnaire,
    asked: Question | None,
    kept: Mapping[QuestionId, Value],
    firm: bool,
    reader: Reader,
) -> tuple[QuestionId, Read | Correction | str, bool] | None:
    """The candidate whose answer fits its question best; a mere statement must fit strictly."""
    if firm and not candidates[0].value:
        return candidates[0].question, "", True
    text_fit: tuple[QuestionId, Read | Correction | str, bool] | None = None
    exact = candidates[0].question
    wordy = asked is not None and asked.type in ("short_text", "long_text", "check")
    for named in candidates:
        question = questionnaire.question(named.question)
        if not named.value or (
            named.question != exact and not firm and question.type not in ("person", "people")
        ):
            continue
        is_text = question.type in ("short_text", "long_text")
        if is_text:
            if firm and text_fit is None and named.question == exact:
                text_fit = (question.id, reader.read(question, named.value), True)
            continue
        if not firm and wordy and asked is not None and question.id != asked.id and "<@" not in named.value:
            # In the middle of a text, "the data is confidential" may just be part of it.
            if question.type not in ("person", "date", "number", "percent", "money", "yesno"):
                continue
            if len(named.value.split()) > 4:
                continue
        read = _read_strictly(question, named.value, reader)
        if isinstance(read, Read):
            return question.id, read, firm or question.id in kept
    if text_fit is not None:
        return text_fit
    if firm:
        question = questionnaire.question(exact)
        return question.id, reader.read(question, candidates[0].value), True
    return None


def _strict(question: Question) -> Question:
    return question.model_copy(update={"other": False})


def _read_strictly(question: Question, text: str, reader: Reader) -> Read | Correction:
    """As an answer among the known options only."""
    return reader.read(_strict(question), text)


class Said(Frozen):
    """What a person wrote in a walk's thread. ``files``: ``{"id", "name", "link"}`` for each attached."""

    text: str
    user: UserId
    files: tuple[dict[str, str], ...] = ()
    ts: str = ""
