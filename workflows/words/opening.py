"""What a person wants who writes to the bot outside any running conversation."""

from __future__ import annotations

import re
from typing import Literal

Opening = Literal[
    "nothing", "greeting", "thanks", "help", "where", "desk", "drafts", "new", "question", "idea"
]
"""``nothing``: no words at all (an emoji, white space). ``new``: wants to start but has not said what.
``idea``: the words themselves describe a use case. ``question``: wants to know something."""


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{a})" for a in alternatives), re.IGNORECASE)


_EMOJI = re.compile(r":[a-z0-9_+'-]+:|[\U0001F000-\U0001FAFF\u2190-\u2bff\ufe0f\u200d]", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|morning|please|so|and|well|um+|ok(?:ay)?"
    r"|preflight|there)\b[,!.\s]*)+",
    re.IGNORECASE,
)
_GREETING = _words(r"^(?:hi+|hello|hey+|yo|good (?:morning|afternoon|evening|day)|morning|hiya|howdy)\b")
_THANKS = _words(
    r"^(?:many |great |ok(?:ay)?,? )?(?:thanks?|thank you|thx|cheers|ta|perfect|great|cool|nice)\b"
)
_HELP = _words(
    r"^help(?: me)?\b",
    r"^what can (?:you|i) do\b",
    r"^what (?:do you|are you|is this)\b",
    r"^who are you\b",
    r"^how (?:do|does) (?:you|this) work\b",
    r"^(?:commands?|menu|options|what now|get started|start here)\b",
)
_RECORD = (
    r".{0,60}\b(?:use ?cases?|submissions?|requests?|ideas?|proposals?|approvals?|mine|it|they|uc-\d+)\b"
)
_WHERE = _words(
    r"\bwhere(?:'s| is| are| does)\b" + _RECORD,
    r"\b(?:status of|update on|any (?:news|update|progress))\b" + _RECORD,
    r"\bwhat(?:'s| is) (?:the status|happening|going on)\b",
    r"\bwhat happened (?:to|with)\b" + _RECORD,
    r"^(?:has|have|is|was|did)\b"
    + _RECORD
    + r".{0,20}\b(?:approved?|decided?|rejected?|through|looked at)\b",
    r"^(?:status|my use ?cases?|my submissions?|(?:show|list) my use ?cases?|uc-\d+)\W*$",
)
_DESK = _words(
    r"\b(?:what|anything|something|which|do i have|is there)\b.{0,30}"
    r"\b(?:wait(?:s|ing)?|pending|on my (?:desk|plate)|to (?:decide|approve|review)|decisions?|approvals?)\b",
    r"^(?:my )?(?:approvals|decisions|desk|inbox|queue|to-?do)\W*$",
)
_DRAFTS = _words(r"^(?:(?:show|list|where are|what are|continue|resume)\b.{0,12})?\b(?:my )?drafts?\W*$")
_NEW = _words(
    r"^(?:(?:i(?:'d| would)? (?:want|like|need)(?: to)?|can i|could i|let(?:'s| us| me)|how (?:do|can) i"
    r"|i have|i've got|got)\s+)?"
    r"(?:(?:to )?(?:start|submit|register|propose|add|create|open|begin|file|log|enter)\s+)?"
    r"(?:(?:a|an|another|my|the|one)\s+)?(?:new\s+)?(?:ai\s+)?(?:use ?case|idea|intake|proposal|request)s?"
    r"(?:\s+(?:please|here|for ai|with ai))?\W*$",
    r"^(?:new|start)\W*$",
)
_ASKS = _words(
    r"^(?:what|who|whom|whose|which|when|where|why|how|is|are|am|do|does|did|can|could|may|must|should|shall"
    r"|would|will|has|have|was|were)\b"
)
_ABOUT_RULES = _words(
    r"\b(?:allowed|permitted|policy|policies|rules?|playbook|counts? as|considered|definition)\b",
    r"\bmean(?:s|ing)?\b",
    r"\b(?:tiers?|gates?|lanes?|approv(?:e[rs]?|al)|who (?:can|may|decides|approves|owns|is)|waivers?)\b",
    r"\b(?:rollback|roll back|stop a release|evidence|personal data|gdpr|ai act|fine|penalt(?:y|ies))\b",
    r"\b(?:need to|have to|supposed to|required)\b",
)
_MACHINE = (
    r"(?:ai|a\.i\.|gpt|chatgpt|copilot|llms?|chat ?bots?|bots?|models?|machines?|machine learning"
    r"|assistants?)"
)
_DOING = (
    r"(?:do|write|read|summari[sz]e|draft|sort|answer|check|help|automate|predict|classify|detect|extract|translate"
    r"|use|build|make|find|route|triage|flag|review|take|handle|generate|suggest|screen|score)"
)
_WISH = _words(
    rf"\b(?:could|can|would|should|might|may|will)\s+(?:an? |the )?(?:{_MACHINE}|something|it|we|you)\s+"
    rf"(?:\w+\s+){{0,2}}?{_DOING}\b",
    r"\b(?:we|i|our \w+|my \w+|the \w+ team|people|agents|staff|customers)\b.{0,60}\b(?:spend|waste|lose"
    r"|struggle|want|need|would like|wish|copy|retype|type|read|write|sort|answer"
    r"|take (?:ages|hours|days|forever)"
    r"|(?:are )?drown(?:ing)?)\b",
    rf"\b(?:use|using|build|automate|train|deploy|with|want|need) (?:an? )?{_MACHINE}\b",
    r"\b(?:idea|use case|proposal)\b\s*[:\-–—]",
    r"\bautomat(?:e|ing|ically)\b",
    r"\bwould be (?:great|nice|good|useful|helpful) (?:if|to)\b",
    r"\bhow about\b|\bwhat if\b",
)


def opening(text: str) -> Opening:
    """What the words ask for. Never fails; of a very long text the first 2,000 characters decide."""
    said = re.sub(r"\s+", " ", _EMOJI.sub(" ", text[:2000])).strip()
    if not re.search(r"\w", said):
        return "nothing"
    core = _POLITE.sub("", said).strip()
    if not core:
        return "greeting"
    count = len(core.split())
    if _HELP.match(core) and count <= 8:
        return "help"
    if _DRAFTS.match(core):
        return "drafts"
    if _WHERE.search(core) and count <= 16:
        return "where"
    if _DESK.search(core) and count <= 12:
        return "desk"
    if _NEW.match(core):
        return "new"
    if _THANKS.match(said) and count <= 5:
        return "thanks"
    if _GREETING.match(said) and count <= 2:
        return "greeting"
    asks = bool(_ASKS.match(core)) or core.endswith("?")
    about_rules = bool(_ABOUT_RULES.search(core))
    if _WISH.search(core) and not (asks and about_rules and count < 14):
        return "idea"
    if asks:
        return "question"
    return "idea" if count >= 4 else "question"
