"""Options in plain words: by label, synonym, ordinal, letter or number, with typos, one or several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from workflows.questions import Choice, Question
from workflows.words.reading import Correction, Read, core, one_line, quoted, tidy

_FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ONE = "one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = {w: i for i, w in enumerate(_FIRST.split())}
_COUNTS = {w: i for i, w in enumerate(_ONE.split())}
_POSITION = re.compile(
    r"^(?:(?:the|option|number|no\.?|nr\.?|choice|answer|letter|#)\s*)*"
    r"(?P<what>\d{1,2}(?:st|nd|rd|th)?|[a-z]|[a-z]+)(?:\s+(?:one|option|choice|of (?:them|those)))?[.)]?$",
    re.IGNORECASE,
)
_SMALL_SAID = (
    "a an the of and or to in on for with by it is be are we they i our us that this only just both all "
    "any some very also from at as use uses used using will would"
)
_SMALL = frozenset(_SMALL_SAID.split())
_CLOSE = 80.0
_MARGIN = 6.0


@dataclass(frozen=True)
class Matched:
    """The options that words may mean: none, exactly one, or several (then it is not clear which)."""

    options: tuple[Choice, ...]


def _plain(text: str) -> str:
    return re.sub(r"[^\w+&%#]+", " ", text.lower().replace("’", "'").replace("'", "")).strip()


def _said_as(choice: Choice) -> list[str]:
    return [
        p for p in (_plain(s) for s in (choice.label, choice.id.replace("_", " "), *choice.synonyms)) if p
    ]


def match_one(text: str, choices: Sequence[Choice], positions: bool = True) -> Matched:
    """The option that the words name, by the best evidence: exact, position, contained, words, sound."""
    said = _plain(core(text))
    whole = _plain(text)
    if not whole:
        return Matched(())
    exact = _each_once(c for c in choices if {said, whole} & set(_said_as(c)))
    if exact:
        return Matched(exact)
    if positions:
        at = _position(core(text), len(choices))
        if at is not None:
            return Matched((choices[at],))
    found = mentioned(text, choices)
    if found:
        return Matched(found)
    partial = _by_words(said, choices)
    return Matched(partial) if partial else _by_sound(said, choices)


def _each_once(found: object) -> tuple[Choice, ...]:
    kept: dict[str, Choice] = {}
    for c in found:  # type: ignore[attr-defined]
        kept.setdefault(c.id, c)
    return tuple(kept.values())


def _position(said: str, count: int) -> int | None:
    m = _POSITION.match(one_line(said).lower().strip(" .!?"))
    if not m:
        return None
    what = m["what"].lower()
    at: int | None = None
    if what[0].isdigit():
        at = int(re.sub(r"\D", "", what)) - 1
    elif what in _ORDINALS:
        at = _ORDINALS[what]
    elif what in _COUNTS:
        at = _COUNTS[what]
    elif what in ("last", "latter"):
        at = count - 1
    elif what == "former":
        at = 0
    elif len(what) == 1:
        at = ord(what) - ord("a")
    return at if at is not None and 0 <= at < count else None


_NOT = re.compile(
    r"\b(?:not|no|never|without|except|but not|isnt|arent|dont|doesnt|wont|nor|rather than)\s+(?:(?:a|an|the"
    r"|really|very|just|only|merely)\s+)?$"
)


def mentioned(text: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The options whose label, or a synonym, stands in the text, not denied; longer names win."""
    said = _plain(text)
    spans: list[tuple[int, int, Choice]] = []
    for choice in choices:
        for name in _said_as(choice):
            if len(name) < 2 or name in _SMALL:
                continue
            for m in re.finditer(rf"(?<!\w){re.escape(name)}(?:e?s)?(?!\w)", said):
                if not _NOT.search(said[: m.start()]) or name.startswith(("not ", "no ")):
                    spans.append((m.start(), m.end(), choice))
    kept = [
        (s, e, c)
        for s, e, c in spans
        if not any(s2 <= s and e <= e2 and (e2 - s2) > (e - s) and c2.id != c.id for s2, e2, c2 in spans)
    ]
    return _each_once(c for _, _, c in sorted(kept, key=lambda k: k[0]))


def _by_words(said: str, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Every telling word of the answer stands in its label or one synonym ("claims")."""
    words = {w for w in said.split() if w not in _SMALL and len(w) > 1}
    if not words:
        return ()
    return _each_once(
        c
        for c in choices
        if any(words <= {*name.split(), *(w.rstrip("s") for w in name.split())} for name in _said_as(c))
    )


def _by_sound(said: str, choices: Sequence[Choice]) -> Matched:
    scored = sorted(
        (
            (max((_likeness(said, name) for name in _said_as(c)), default=0.0), i, c)
            for i, c in enumerate(choices)
        ),
        key=lambda s: (-s[0], s[1]),
    )
    if not scored or scored[0][0] < _CLOSE:
        return Matched(())
    return Matched(tuple(c for s, _, c in scored if s >= max(_CLOSE, scored[0][0] - _MARGIN + 0.01)))


def _likeness(said: str, name: str) -> float:
    if len(said) < 3 or len(name) < 3:
        return 0.0
    whole = fuzz.ratio(said, name)
    telling = [w for w in said.split() if w not in _SMALL]
    if len(telling) == 1 and len(telling[0]) >= 5:
        # one misspelt word of a longer label: "confidental"
        whole = max(
            whole, max((fuzz.ratio(telling[0], w) for w in name.split() if len(w) >= 5), default=0) - 10
        )
    return whole


def either(options: Sequence[Choice]) -> str:
    """ "*A*, *B* or *C*" as plain words."""
    names = [f"“{c.label}”" for c in options]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]


def read_choice(question: Question, text: str) -> Read | Correction:
    """One option's id; where ``other`` is allowed, words that match none are the answer themselves."""
    found = match_one(text, question.choices).options
    if len(found) == 1:
        return Read(found[0].id)
    if len(found) > 1:
        return Correction(f"I can read {quoted(text, 40)} as {either(found[:4])}. Which one?", found[0].label)
    if question.other:
        own = tidy(text)
        if len(own) > 300:
            return Correction("That is long for this answer. In a few words, please.", _example(question))
        return Read(own)
    return Correction(
        f"{quoted(text)} is none of the answers I know here: {either(question.choices[:8])}.",
        _example(question),
    )


def _example(question: Question) -> str:
    return question.choices[0].label if question.choices else ""


_ALL = re.compile(
    r"^(?:all|all of (?:them|these|those|the above|it)|everything|every one|each of them|both|all \w+ of them"
    r"|the lot|all the above)$"
)
_BUT = re.compile(
    r"^(?:all|everything|all of them|every one|any)\s+(?:except|but|apart from|other than"
    r"|bar)\s+(?:for\s+)?(.+)$"
)
_NONE = re.compile(
    r"^(?:none|none of (?:them|these|those|the above|it)|nothing|neither|no|nope|no one|not any|n/?a|zero"
    r"|nothing (?:of|like) (?:that|the sort|these|those)|none apply|none at all|no(?:t)? (?:any )?of (?:them"
    r"|these|those))$"
)
_PARTS = re.compile(
    r"\s*(?:,|;|\n|\+|&|/|\s+and\s+|\s+plus\s+|\s+as well as\s+|\s+und\s+|•|\*\s)\s*", re.IGNORECASE
)


def read_multi(question: Question, text: str) -> Read | Correction:
    """Several options' ids in the program's order; "none" picks the option that says so, or an empty list."""
    choices = question.choices
    said = core(text).lower().replace("’", "'").strip(" .!")
    nothing = [c for c in choices if says_none(c)]
    real = [c for c in choices if c not in nothing]
    if _NONE.match(said):
        return Read([c.id for c in nothing[:1]])
    if _ALL.match(said):
        return Read([c.id for c in real])
    but = _BUT.match(said)
    if but:
        left_out, unknown = _several(but[1], choices, question)
        if isinstance(left_out, Correction):
            return left_out
        if unknown:
            return _unplaced(question, [], unknown)
        return Read([c.id for c in real if c.id not in left_out])
    ids, unknown = _several(text, choices, question)
    if isinstance(ids, Correction):
        return ids
    if unknown and question.other:
        return Read([*(c.id for c in choices if c.id in ids), *unknown])
    if unknown:
        return _unplaced(question, [c.label for c in choices if c.id in ids], unknown)
    none_ids = {c.id for c in nothing}
    if len(ids) > 1 and ids & none_ids:
        ids -= none_ids
    return Read([c.id for c in choices if c.id in ids])


def says_none(choice: Choice) -> bool:
    """Whether an option of a multiple choice is the one that says "none of these"."""
    return choice.id.split("_")[0] in ("none", "nothing") or choice.label.lower().startswith("none")


def _unplaced(question: Question, known: list[str], unknown: list[str]) -> Correction:
    have = f"I have {', '.join(known)}; " if known else ""
    rest = ", ".join(quoted(u, 40) for u in unknown[:3])
    options = either(question.choices[:12])
    return Correction(
        f"{have}I could not place {rest}. The answers I know are {options}.", _several_example(question)
    )


def _several_example(question: Question) -> str:
    return " and ".join(c.label for c in question.choices[:2])


def _several(
    text: str, choices: Sequence[Choice], question: Question
) -> tuple[set[str], list[str]] | tuple[Correction, list[str]]:
    """The ids that the text names, and the parts of it that name none."""
    ids: set[str] = set()
    unknown: list[str] = []
    for part in _PARTS.split(core(text)):
        part = re.sub(
            r"^(?:both|also|the|our|a|an|some|maybe|mostly|mainly|then|and)\s+",
            "",
            part.strip(" .!"),
            flags=re.I,
        )
        if not part or (part.lower() in _SMALL and len(part) > 1):
            continue
        named = mentioned(part, choices)
        if named:
            ids |= {c.id for c in named}
            continue
        found = match_one(part, choices).options
        if len(found) > 1:
            return Correction(
                f"I can read {quoted(part, 40)} as {either(found[:4])}. Which one?", found[0].label
            ), []
        if found:
            ids.add(found[0].id)
        else:
            unknown.append(part)
    # A label that itself holds "and" or a comma was torn apart above; it is still there in the whole.
    whole = mentioned(text, choices)
    if whole:
        ids |= {c.id for c in whole}
        torn = " ".join(" ".join(_said_as(c)) for c in whole).split()
        unknown = [u for u in unknown if not set(_plain(u).split()) <= set(torn)]
    return ids, unknown
