"""Questions about the state of this moment, told from questions about rules by how they are worded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypedDict

from pydantic import Field

from workflows.ids import TIERS, Frozen, Tier
from workflows.words.opening import opening

Kind = Literal[
    "right",
    "raci",
    "where",
    "owner",
    "deciders",
    "tier",
    "decision",
    "version",
    "list",
    "count",
    "desk",
    "like",
]
"""``right``: who may do something. ``raci``: who decides what, all of it. ``deciders``: who is to decide.
``decision``: what was decided. ``like``: which others are similar."""


class Vocabulary(Frozen):
    """The words that a company uses for its own things, each under its id."""

    rights: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    owners: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Questions for a person: ``technical_owner`` -> *technical owner*, ..."""
    stages: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    functions: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    lanes: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    buckets: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Wording(Frozen):
    """What is asked, and the words that may name a use case."""

    kind: Kind
    right: str = ""
    owner: str = ""
    stages: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    function: str = ""
    lanes: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    late: bool = False
    """Only what is overdue or stuck."""
    mine: bool = False
    points: bool = False
    """Says "it", "this release": something that was spoken of before."""
    marked: str = ""
    """What stands in quotation marks or asterisks, or is called a use case."""
    rest: tuple[str, ...] = ()
    """The words that say nothing else."""


_ID = re.compile(r"\buc-?\s?(\d{1,9})\b", re.IGNORECASE)
_MARKED = re.compile(r"[*_“”\"«»]{1,2}([^*_“”\"«»\n]{3,150})[*_“”\"«»]{1,2}|(?<!\w)'([^'\n]{3,150})'(?!\w)")
_CALLED = re.compile(
    r"\b(?:use case|project|idea)\s+(?:called\s+|named\s+)?(?=[\w-])(?!(?:is|was|has|have|of|for|and|in"
    r"|stand|i)\b)"
    r"([\w][\w' -]{3,120})",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|that|this|this (?:one|release|use case)|that one|the same|them|these|those)\b",
    re.IGNORECASE,
)
_MINE = re.compile(r"\b(?:my|mine|our|ours|i (?:have )?(?:submitted|proposed|handed in))\b", re.IGNORECASE)
_WHO = re.compile(r"\bwho(?:m|se|'s|’s)?\b|\bwhich (?:person|people|roles?)\b", re.IGNORECASE)
_CASES = r"(?:use ?cases?|ideas|submissions|proposals|projects|requests|cases|ones|things|everything|all)"
_COUNTS = re.compile(
    rf"\bhow many (?:[\w-]+ ){{0,3}}?{_CASES}\b|\bnumber of (?:[\w-]+ ){{0,3}}?{_CASES}\b", re.IGNORECASE
)
_COUNTS_THEM = re.compile(r"\bhow many (?:are|were|have been|of them|do we have)\b", re.IGNORECASE)
"""Of what, only a stage, a tier or the like beside it tells."""
_LISTS = re.compile(
    rf"^(?:which|what|list|show|give me|any|are there|do we have|tell me)\b(?:[\w'-]+ "
    rf"|[, ]){{0,5}}?{_CASES}\b"
    rf"|^{_CASES} (?:in|from|of|that)\b|^(?:what(?:'s|’s| is| are)|which are|anything|something)\b.{{0,20}}"
    r"\b(?:stuck|overdue|late|blocked)\b|^(?:list|show me|give me) (?:all|the|everything)\b",
    re.IGNORECASE,
)
_OF_RULES = re.compile(
    r"\b(?:counts?|considered|classified|needs?|requires?|required|must|have to|has to|should|kinds?"
    r"|types?|sorts?"
    r"|may|allowed|forbidden|mean|examples?|definition|can be|approvers?)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?:so far|are there|do we have|submitted|registered|in total|altogether)\b", re.IGNORECASE
)
_LATE = re.compile(r"\b(?:stuck|overdue|late|blocked|hanging|past (?:its|their) deadline)\b", re.IGNORECASE)
_OWNS = re.compile(
    r"\b(?:owns?|owned|owners?|owner of|in charge|responsible|accountable|looks? after|runs|leads|behind"
    r"|submitted|proposed)\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\b(?:when|who|whom|why|what reason|was|were|is|has|have|did|is it)\b.{0,120}?\b(?:approved"
    r"|rejected|refused"
    r"|declined|turned down|decided|through|signed off|waved through|approve (?:it|the|uc|draft)"
    r"|stopped at)\b"
    r"|\bconditions?\b|\bwhen did (?:we|they|you)\b.{0,30}\b(?:approve|reject)\b",
    re.IGNORECASE,
)
_TIER = re.compile(
    r"\b(?:tier|risk (?:class|level|tier|rating|category)|how risky|(?:high|medium|low)[- ]risk|risky)\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\bwho(?:m)?\b.{0,40}\b(?:decides?|approves?|signs? (?:it )?off|agrees?|say yes|says yes"
    r"|to approve|waiting for"
    r"|waits for|waits on|waiting on|has (?:it|this) now)\b"
    r"|\b(?:waiting|waits?) (?:for|on) (?:whom?|what)\b|\bwhat is \w+ waiting for\b|\b(?:until|till"
    r"|by) when\b"
    r"|\bwhom? is\b.{0,80}\b(?:waiting|with)\b|\bwhen (?:is|will)\b.{0,60}\b(?:due|decided)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"(?:^|\b(?:tell me|know|say|see|find out|and|,) )where(?:'s|’s| is| are| does| do| has| did)?\b"
    r"|\b(?:status|state|update|progress|news|whereabouts)\b"
    r"|\bwhat(?:'s| is| has)? happen(?:ed|ing|s)? (?:to|with)\b|\bhow far\b|\bhow is\b.{0,80}\b(?:doing"
    r"|going)\b"
    r"|\bwhat stage\b|\bwhere\b.{0,80}\b(?:stands?|got to|stuck)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SAYING_NOTHING = """
a an the of for to in on at by with and or but so if then than as is are was were be been being am
do does did has have had can could may might must should shall would will what which who whom whose
when where why how it its this that these those they them there here i me my mine we us our you your
he she his her somebody someone anyone anybody everybody nobody please pls tell show list give know
about now today still already yet ever also just only even more most all any some no not hi hello
hey ok okay thanks well um uc use case cases usecase thing things one ones stuff project idea ideas
submission proposal request status state update progress news happened happening stand stands
standing far go goes got going come came own owns owned owner owners charge responsible accountable
submitted proposed approve approves approved approval approving reject rejects rejected refused
declined turned down decide decides decided deciding decision through sign signs signed off agree
agrees agreed condition conditions attached tier tiers risk risky class level rating why because
until till due deadline waiting waits wait need needs say yes allowed entitled call ask time week
last turn new next before first out up let look looks looking reason person people role anything
something everything many much number
"""
_SAYS_NOTHING = frozenset(_SAYING_NOTHING.split())


def read_wording(text: str, words: Vocabulary) -> Wording | None:
    """What is asked about the present state; ``None`` where the words ask something else.

    Whether the use case exists that they name is not known here, so a question about rules may be among them.
    """
    said = " ".join(text[:600].split())
    lower = said.casefold().replace("’", "'")
    marked = marked_in(said)
    mine = bool(_MINE.search(lower))
    points = bool(_POINTS.search(lower))
    filters = _filters(lower, words)
    asks_which = not _OF_RULES.search(lower) and not marked
    if _LIKE.search(lower):
        rest = content_words(_LIKE.sub(" ", lower))
        return Wording(kind="like", rest=rest, points=points, marked=marked)
    counts = _COUNTS.search(lower) and (filters or _EVERY.search(lower) or mine)
    if asks_which and (counts or (_COUNTS_THEM.search(lower) and filters)):
        return Wording(kind="count", mine=mine, **filters)
    if asks_which and _LISTS.search(lower.lstrip("and ")) and filters:
        return Wording(kind="list", mine=mine, **filters)
    in_lane = _of_lane(lower, words) if asks_which else None
    if in_lane:
        return Wording(kind=in_lane, mine=mine, **filters)
    if not marked and opening(said) == "desk":
        return Wording(kind="desk", mine=True)
    kind, right, owner, spoken = _kind(lower, words)
    if kind is None:
        bare = _ID.fullmatch(lower.strip(" ?.!"))
        return Wording(kind="where", marked=marked) if bare else None
    gone = _SAYS_NOTHING | {w for phrase in spoken for w in phrase.split()}
    rest = tuple(w for w in _WORD.findall(lower) if w not in gone and not w.endswith("'s"))
    return Wording(kind=kind, right=right, owner=owner, rest=rest, mine=mine, points=points, marked=marked)


def names_one(text: str) -> str:
    """The id of a use case in the words (``UC-0042``), or ""."""
    found = _ID.search(text)
    return f"UC-{int(found[1]):04d}" if found else ""


def content_words(text: str) -> tuple[str, ...]:
    """The words that could be part of a name."""
    return tuple(w for w in _WORD.findall(text.casefold()) if w not in _SAYS_NOTHING)


def marked_in(said: str) -> str:
    """What stands in quotation marks or is called a use case, or the id of one; else empty."""
    id = names_one(said)
    if id:
        return id
    found = _MARKED.search(said)
    if found:
        return (found[1] or found[2]).strip()
    called = _CALLED.search(said)
    return called[1].strip() if called else ""


_RACI = re.compile(
    r"\braci\b|\bwho (?:decides|approves|may do|can do|does|is responsible for) what\b"
    r"|\bdecision rights (?:of|for|on|in)\b"
)
_RUNS = re.compile(
    r"\b(?:which|what) (?:version|release)\b.{0,100}\b"
    r"(?:live|in use|running|runs?|current|serving|deployed|out)\b"
    r"|\b(?:current|live|running) (?:version|release) of\b|\b(?:which|what) (?:version|release) does\b"
)
"""What is in use, and not what a version is."""
_OF_VERSIONS = "version release live running runs run current serving deployed out use"
_HAS_DONE = re.compile(r"\bwho (?:has )?(?:approved|stopped|released|paused)\b")
_IS_TO = re.compile(r"\bwho\w*\b.{0,20}\b(?:must|has to|have to|will|would)\b")


def _kind(lower: str, words: Vocabulary) -> tuple[Kind | None, str, str, tuple[str, ...]]:
    """Kind, right, kind of owner, and the words by which these were said."""
    who = bool(_WHO.search(lower))
    if _RACI.search(lower):
        return "raci", "", "", ("raci", "matrix", "table", "chart", "decision", "rights")
    if not who and _RUNS.search(lower):
        return "version", "", "", tuple(_OF_VERSIONS.split())
    if who:
        for id, phrases in words.rights.items():
            spoken = spoken_in(lower, phrases)
            if spoken and not _HAS_DONE.search(lower):
                # "who can stop a release": what it is done to is named by another right.
                # What only a gate or a checklist calls so may as well be part of a name.
                every = (p for key, others in words.rights.items() if "/" not in key for p in others)
                return "right", id, "", (*spoken, *(p.casefold() for p in every))
        for id, names in words.owners.items():
            spoken = spoken_in(lower, names)
            if spoken:
                return "owner", "", id, spoken
        if _OWNS.search(lower):
            return "owner", "", "", ()
    if _DECIDED.search(lower) and not _IS_TO.search(lower):
        return "decision", "", "", ()
    if _TIER.search(lower) and not who:
        return "tier", "", "", ("high", "medium", "low", "high-risk", "low-risk", "medium-risk")
    if _DECIDES.search(lower):
        return "deciders", "", "", ()
    return ("where" if _WHERE.search(lower) else None), "", "", ()


def spoken_in(lower: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """The longest of the phrases that is said, and the phrases within it."""
    found = [p.casefold() for p in phrases if _said_in(p.casefold(), lower)]
    return tuple(sorted(found, key=len, reverse=True))


def _said_in(phrase: str, lower: str) -> bool:
    """Whether the phrase stands there as words of its own; most do not stand there at all."""
    return phrase in lower and re.search(rf"\b{re.escape(phrase)}\b", lower) is not None


_SHOWS = (
    r"(?:which|what(?! (?:is|are|was|does|do|makes?|makes it)\b)|list|show(?: me)?|give me|tell me|any"
    r"|are there(?: any)?|do we have(?: any)?|(?P<count>how many))"
)
_LIKE = re.compile(
    r"^(?:(?:which|what|show(?: me)?|list|find(?: me)?|any|are there(?: any)?|do we have(?: any)?|give me"
    r"|tell me)\s+)?(?:(?:the|other|all|some|any|are)\s+)*"
    r"(?:(?:use ?cases?|others|ones|cases)\s+(?:(?:that|which)\s+)?(?:are\s+|look\s+)?(?:like|similar to"
    r"|close to)\b|similar (?:use ?cases?|ones) (?:to|like)\b)"
    r"|^(?:what(?:'s| is| are| else is)?|is (?:there )?(?:anything|something)|anything|show(?: me)? what is)"
    r"\s+similar to\b"
)
"""Asks for what is like a use case, and is no idea that is like something."""


def _of_lane(lower: str, words: Vocabulary) -> Literal["list", "count"] | None:
    """Whether it is asked which, or how many, are in a lane: *which strategic bets are in pilot*."""
    for names in words.lanes.values():
        for phrase in spoken_in(lower, names)[:1]:
            asked = re.search(
                rf"^(?:and |please |can you )?{_SHOWS}\s+(?:[\w-]+ ){{0,3}}?{re.escape(phrase)}\b", lower
            )
            if asked and asked["count"]:
                return "count" if _EVERY.search(lower) or " in " in lower else None
            if asked:
                return "list"
    return None


class _Filters(TypedDict, total=False):
    stages: tuple[str, ...]
    tiers: tuple[Tier, ...]
    function: str
    lanes: tuple[str, ...]
    buckets: tuple[str, ...]
    late: bool


_TIERED = re.compile(
    rf"\b(?:{'|'.join(TIERS)})(?:(?:[- ]and[- ]|, ?| or )(?:{'|'.join(TIERS)}))*[- ](?:risks?|tier)\b"
)


def _filters(lower: str, words: Vocabulary) -> _Filters:
    found = _Filters()
    tiered = " ".join(_TIERED.findall(lower)) + (" prohibited" if "prohibited" in lower else "")
    tiers = tuple(t for t in TIERS if t in tiered)
    if tiers:
        found["tiers"] = tiers
        lower = _TIERED.sub(" ", lower)
    for field, known in (("lanes", words.lanes), ("buckets", words.buckets)):
        # Taken out of the text: "architecture work" is no stage, and "customer operations" no function.
        named = [(id, said[0]) for id, names in known.items() if (said := spoken_in(lower, names))]
        if named:
            found[field] = tuple(id for id, _ in named)  # type: ignore[literal-required]
            for _, phrase in named:
                lower = lower.replace(phrase, " ")
    every = _EVERY.search(lower)
    stages = {id: spoken_in(lower, names) for id, names in words.stages.items()}
    longest = max((len(s[0]) for s in stages.values() if s), default=0)
    there = tuple(id for id, s in stages.items() if s and len(s[0]) == longest)
    if there and not (every and there == ("submitted",)):
        found["stages"] = there
    if _LATE.search(lower):
        found["late"] = True
    function = next((id for id, names in words.functions.items() if spoken_in(lower, names)), "")
    if function:
        found["function"] = function
    return found
