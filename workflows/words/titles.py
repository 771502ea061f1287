"""A name for an idea, out of the sentence that tells it: "we spend ages writing summaries of claims calls" ->
"Summarise claims calls"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflows.words.opening import _POLITE as _HELLO
from workflows.words.reading import one_line, without_emoji

_LONGEST = 60
_NOUNS = {
    "summaries": "summarise", "summary": "summarise", "translations": "translate",
    "translation": "translate", "drafts": "draft", "draft": "draft",
    "classification": "classify", "answers": "answer", "replies": "answer",
    "responses": "answer", "transcripts": "transcribe", "transcriptions": "transcribe",
    "predictions": "predict", "forecasts": "forecast", "reports": "report "
        "on", "notes": "take notes of", "checks": "check",
    "reviews": "review", "extraction": "extract", "detection": "detect",
}  # fmt: skip
_VERBS_SAID = (
    "write read summarise summarize draft sort answer check help automate predict classify detect extract "
    "translate find"
    " route triage flag review handle generate suggest screen score copy retype type enter search compare "
    "match process"
    " prepare create make build tag label transcribe forecast monitor analyse analyze collect update plan "
    "schedule reply"
    " respond assess estimate spot identify recommend verify validate reconcile convert rewrite proofread "
    "explain recognise"
    " recognize record log categorise categorize prioritise prioritize send file fill rank match count "
    "price test code debug"
)
_VERBS = frozenset(_VERBS_SAID.split())
_MACHINE = (
    r"(?:ai|a\.i\.|gpt|chatgpt|copilot|an? llm|llms?|(?:a |an |the )?(?:chat ?)?bots?|(?:a |an "
    r"|the )?(?:model|machine|assistant|tool|agent)s?|machine learning|something|it|we|you|i|one)"
)
_CAN = re.compile(
    rf"\b(?:could|can|would|might|should|may"
    rf"|will)\s+(?:\w+\s+)?{_MACHINE}\s+(?:\w+\s+){{0,2}}?(?P<verb>[a-z]+)\s+(?P<object>[^,.;?!\n]+)",
    re.IGNORECASE,
)
_COULD = re.compile(
    rf"\b{_MACHINE}\s+(?:could|can|would|might|should|may|will)\s+(?:(?:also|maybe|just|easily)\s+)?"
    r"(?P<verb>[a-z]+)\s+(?P<object>[^,.;?!\n]+)",
    re.IGNORECASE,
)
_DOES = re.compile(rf"\b{_MACHINE}\s+(?P<verb>[a-z]+ed)\s+(?P<object>[^,.;?!\n]+)", re.IGNORECASE)
_SPEND = re.compile(r"\b(?P<verb>[a-z]{2,}ing)\s+(?P<object>[^,.;?!\n]+)", re.IGNORECASE)
_TO_DO = re.compile(
    r"\b(?:use|using|want|need|like|have|build|train|get|let|help(?:s|ing)?)\b(?:\s+(?:an? "
    r"|the )?[\w-]+){0,4}?\s+to\s+(?P<verb>[a-z]+)\s+(?P<object>[^,.;?!\n]+)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"^(?:(?:my |the |our )?(?:idea|use case|proposal|suggestion)\s*(?:is|:|-|–|—)?\s*(?:to |that "
    r"|for )?)?(?P<verb>[a-z]+)\s+(?P<object>[^,.;?!\n]+)",
    re.I,
)
_SOMETHING = re.compile(
    r"\b(?P<subject>we|i|they|people|staff|everyone|(?:the |our |my )?[\w\s-]{2,30}?(?:team|agents|staff"
    r"|people|department|colleagues))\s+"
    r"(?:\w+ly\s+|always\s+|all\s+|have to\s+|must\s+|still\s+"
    r"|need to\s+)*(?P<verb>[a-z]+)\s+(?P<object>[^,.;?!\n]+)",
    re.I,
)
_TAIL = re.compile(
    r"\s+(?:by hand|manually|every (?:day|week|month|time|morning)|all day|each (?:day|week|month)|before"
    r"|after|because|so that|which|that (?:we|they|is|are)|when|while|and (?:it|that|we|then)|but|with ai"
    r"|using ai|for us|"
    r"please|automatically|somehow|a day|per day|daily|if|so|instead|from scratch|again and again"
    r"|for (?:hours|ages|days)|these days|where|who|could|can|should|would)\b.*$",
    re.IGNORECASE,
)
_SKIP_VERB = frozenset(
    [
        "do",
        "be",
        "being",
        "doing",
        "having",
        "going",
        "trying",
        "getting",
        "using",
        "working",
        "spending",
        "waiting",
        "having",
        "thing",
        "help",
    ]
)


def title_from(story: str) -> str:
    """A short imperative name for what the story wants done; "" for a story without words."""
    text = one_line(without_emoji(re.sub(r"<[^>]*>", " ", story[:1500])))
    text = _HELLO.sub("", text).strip(" .!?")
    if not re.search(r"[A-Za-z]{2}", text):
        return ""
    asked = re.match(
        r"(?:can|could|should|may) (?:we|i) (?:please |just )?(?P<wish>use\s.+)", text, re.IGNORECASE
    )
    if asked:
        text = asked["wish"]
    for pattern in (_PLAIN, _CAN, _COULD, _TO_DO, _DOES, _SPEND, _SOMETHING):
        for m in _each(pattern, text):
            verb = base_verb(m["verb"].lower())
            if verb in _VERBS and m["object"].lower().split()[0] not in (
                "that",
                "this",
                "it",
                "them",
                "so",
                "us",
            ):
                return _worded(verb, m["object"])
    first = re.split(r"[,.;?!\n]", text)[0]
    return _cut(_TAIL.sub("", first).strip())


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Every place where the pattern begins, overlapping ones too ("want to use AI to screen")."""
    at = 0
    while m := pattern.search(text, at):
        yield m
        at = m.start() + 1


def base_verb(word: str) -> str:
    """``writing`` -> ``write``, ``tagging`` -> ``tag``; other words as they are."""
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and word not in _VERBS and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            doubled = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
            for base in (stem, stem + "e", doubled, stem[:-1] + "y" if stem.endswith("i") else stem):
                if base in _VERBS:
                    return base
            if ending == "s" and stem.endswith("e") and stem[:-1] in _VERBS:
                return stem[:-1]
    return word


def _worded(verb: str, target: str) -> str:
    target = _TAIL.sub("", target).strip()
    target = re.sub(
        r"^(?:the|our|all|all the|all our|these|those|some|my|up)\s+", "", target, flags=re.IGNORECASE
    )
    m = re.match(
        r"(?P<noun>[a-z]+)\s+(?:of|for|to|from|about)\s+(?:the |our |all )?(?P<rest>.+)",
        target,
        re.IGNORECASE,
    )
    if (
        m
        and m["noun"].lower() in _NOUNS
        and verb in ("write", "draft", "make", "create", "prepare", "do", "type", "generate")
    ):
        kept_draft = verb == "draft" and m["noun"].lower() in ("replies", "answers", "responses")
        if not kept_draft:
            return _cut(f"{_NOUNS[m['noun'].lower()]} {m['rest']}")
    return _cut(f"{verb} {target}")


def _cut(title: str) -> str:
    title = re.sub(r"\s+", " ", title).strip(" -–—:,")
    if len(title) > _LONGEST:
        title = title[: _LONGEST + 1].rsplit(" ", 1)[0]
        title = re.sub(r"\s+(?:and|or|of|the|a|for|to|in|with)$", "", title)
    return title[:1].upper() + title[1:]
