"""Answers named by their question: "make the owner @dana", "the target is 6 minutes", "no wait, 60 users"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from workflows.ids import QuestionId
from workflows.memo import by_identity
from workflows.questions import Question, Questionnaire
from workflows.words.reading import one_line


@dataclass(frozen=True)
class Named:
    """A question that the words name, and the answer they give for it ("" where they give none)."""

    question: QuestionId
    value: str


@dataclass(frozen=True)
class Change:
    """A wish to change an answer. ``candidates``: the questions it may mean, likeliest first."""

    candidates: tuple[Named, ...]
    firm: bool = True
    """Said as a change ("change", "actually"), not merely as a statement ("the owner is Dana")."""


_SORRY = (
    r"(?:(?:no|nope|oh|oops|wait|sorry|actually|hang on|hold on|hm+|correction|i mean(?:t)?|my mistake"
    r"|on second thoughts?"
    r"|please|and|also|but|well|ok(?:ay)?|by the way|btw|one more thing|another thing|ah|so)\b[\s,.:;!-]*)"
)
_FIRM = re.compile(
    rf"^{_SORRY}*?(?:no|nope|oops|wait|sorry|actually|hang on|hold on|correction|i mean(?:t)?|my mistake"
    rf"|on second thoughts?)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(rf"^(?:{_SORRY})+", re.IGNORECASE)
_NO_SUCH = re.compile(
    r"^[Nn]o\s+(?!(?:wait|sorry|actually|oops|hang|hold|hm+|correction|i|my|on|please|make|set|put|change|use|take"
    r"|it|its|it's|that|that's|this|the|they|we|not)\b)[a-z]"
)
"""A "no" that goes straight on belongs to what follows: "no customer is told by a machine"."""
_VERB = re.compile(
    rf"^{_SORRY}*(?:(?:can|could|would) you |(?:can|could|may) (?:i|we) |i(?:'d| would)? (?:want"
    rf"|like|need) to |let'?s |please )*"
    r"(?:change|set|make|update|correct|edit|switch|fix|put|amend|adjust|modify|replace|go back to"
    r"|rename)\s+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:(?:the|my|our|its|answer (?:to|for|about)|question about|value (?:of|for))\s+)+", re.IGNORECASE
)
_TO = re.compile(
    r"^(?:\s+(?:question|answer|field|value))?(?:\s*(?:from\s+.{1,40}?\s+)?(?:\bto be\b|\bto\b|\binto\b"
    r"|\bas\b|\bwith\b|=|:|->|→|\bis\b|\bare\b"
    r"|\bshould (?:rather )?be\b|\bwill be\b|\bwould be\b|\bmust be\b)\s*|\s+)(?:actually\s+|now\s+"
    r"|rather\s+)?(?P<value>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_IS = re.compile(
    r"^\s*(?:(?:is|are|was|should (?:rather )?be|will be|would be|must be)(?:\s+(?:actually|now|rather"
    r"|probably))?\s+|=\s*|:\s+)(?P<value>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_OWNS = re.compile(
    r"^(?P<who>.{1,60}?)\s+(?:owns|is the owner of|is responsible for|is in charge of|looks after"
    r"|takes care of|runs)\s+(?:the |our |all )?(?P<what>[\w\s]{2,40}?)[.!]?$",
    re.IGNORECASE,
)


@by_identity
def _names_of(questionnaire: Questionnaire) -> tuple[tuple[str, QuestionId], ...]:
    """(name, question) longest first; of equal names the earlier question comes first."""
    found: dict[tuple[str, QuestionId], None] = {}
    for q in questionnaire.questions():
        for name in (q.label, q.id.replace("_", " "), *q.names):
            found[name.lower().strip(), q.id] = None
    return tuple(sorted(found, key=lambda f: -len(f[0])))


def question_named(text: str, questionnaire: Questionnaire) -> list[tuple[QuestionId, str]]:
    """The questions whose name the text starts with, and what follows; longest first, typos allowed."""
    text = _ARTICLE.sub("", text.strip())
    low = text.lower()
    found = [
        (id, text[len(name) :])
        for name, id in _names_of(questionnaire)
        if low.startswith(name) and not low[len(name) : len(name) + 1].isalnum()
    ]
    if found:
        return _first_of_each(found)
    words = re.findall(r"\S+", text)
    for count in (3, 2, 1):
        phrase = " ".join(words[:count]).lower().strip(",.:")
        near = [
            (id, n) for n, id in _names_of(questionnaire) if len(phrase) > 4 and fuzz.ratio(phrase, n) >= 86
        ]
        if near and len(words) >= count:
            end = re.match(r"\s*" + r"\s+".join(re.escape(w) for w in words[:count]), text)
            return _first_of_each((id, text[end.end() :] if end else "") for id, _ in near)
    return []


def _first_of_each(found: Iterable[tuple[QuestionId, str]]) -> list[tuple[QuestionId, str]]:
    kept: dict[QuestionId, str] = {}
    for id, rest in found:
        kept.setdefault(id, rest)
    return list(kept.items())


def read_change(text: str, questionnaire: Questionnaire) -> Change | None:
    """A change of an answer, or a statement that names its question; ``None`` for anything else."""
    line = one_line(text[:2000])
    verb = _VERB.match(line)
    if verb:
        rest = line[verb.end() :]
        named = question_named(rest, questionnaire)
        candidates = [*_valued(named, _TO), *_same_word(rest, named, questionnaire, _TO)]
        return Change(tuple(candidates)) if candidates else None
    bare = _ASIDE.sub("", line)
    firm = bool(_FIRM.match(line))
    named = question_named(bare, questionnaire)
    stated = _valued([n for n in named if _IS.match(n[1])], _IS)
    if stated:
        return Change((*stated, *_same_word(bare, named, questionnaire, _IS)), firm)
    owner = _OWNS.match(bare)
    if owner:
        owned = _owner_questions(owner["what"], questionnaire)
        if owned:
            return Change(tuple(Named(q, owner["who"]) for q in owned), firm)
    return None


def _valued(named: list[tuple[QuestionId, str]], link: re.Pattern[str]) -> list[Named]:
    found = []
    for id, rest in named:
        m = link.match(rest)
        found.append(Named(id, (m["value"] if m else "").strip(" .!") if rest.strip(" .!?") else ""))
    return found


def _same_word(
    text: str, named: list[tuple[QuestionId, str]], questionnaire: Questionnaire, link: re.Pattern[str]
) -> list[Named]:
    """Other questions that have the named word in their name: "users" may be who they are or how many."""
    if not named:
        return []
    phrase = _ARTICLE.sub("", text.strip())
    said = phrase[: len(phrase) - len(named[0][1])].lower().strip()
    value = _valued(named[:1], link)[0].value
    taken = {id for id, _ in named}
    others = dict.fromkeys(
        id for n, id in _names_of(questionnaire) if id not in taken and said in re.findall(r"[\w-]+", n)
    )
    return [Named(id, value) for id in others]


def _owner_questions(what: str, questionnaire: Questionnaire) -> list[QuestionId]:
    words = [
        w for w in re.findall(r"[a-z]+", what.lower()) if w not in ("the", "claims", "our", "all", "core")
    ]
    people = [q for q in questionnaire.questions() if q.type in ("person", "people")]
    return [
        q.id
        for q in people
        if any(
            "own" in n.lower() and set(words) & set(re.findall(r"[a-z]+", n.lower()))
            for n in (q.label, *q.names)
        )
    ]


def retracted(text: str) -> str:
    """What follows "no wait", "sorry, I meant", "actually": what puts something right; "" otherwise."""
    line = one_line(text[:400])
    if not _FIRM.match(line) or _NO_SUCH.match(line):
        return ""
    rest = _ASIDE.sub("", line)
    rest = re.sub(r"^(?:make|set|put) (?:it|that) (?:to )?", "", rest, flags=re.IGNORECASE)
    return rest if rest != line else ""


def remade(text: str) -> str:
    """ "make it 60", "change that to Lee": the new value of the answer just given; "" otherwise."""
    m = re.match(
        rf"^{_SORRY}*(?:please )?(?:make|change|set|put|correct) (?:it|that|this)(?: to| into"
        rf"| be)?\s+(?P<value>.+)$",
        one_line(text[:400]),
        re.IGNORECASE,
    )
    return m["value"].strip() if m else ""


def about(question: Question, text: str) -> bool:
    """Whether the words hold a word of the question's name or unit ("60 users": number of users)."""
    own = {
        w.rstrip("s")
        for n in (question.label, question.unit, *question.names)
        for w in re.findall(r"[a-z]+", n.lower())
    }
    own -= {"of", "the", "number", "how", "many", "is", "by", "a", "who", "what", "when", "in"}
    return bool(own & {w.rstrip("s") for w in re.findall(r"[a-z]+", text.lower())})
