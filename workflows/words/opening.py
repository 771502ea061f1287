"""What a person wants who writes to the bot outside any running conversation."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Opening = Literal[
    "nothing", "greeting", "thanks", "chat", "help", "where", "desk", "drafts", "new", "question", "idea"
]
"""``nothing``: no words (an emoji, white space), or none that are meant for the bot. ``chat``: friendly or
unfriendly words that want nothing. ``new``: wants to start but has not said what. ``idea``: the words
themselves describe a use case. ``question``: wants to know something."""


class Judged(NamedTuple):
    """What the words seem to ask for, and whether their form leaves no doubt."""

    opening: Opening
    sure: bool


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
    r"^what can (?:you|i) (?:do|ask)\b",
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
    r"|i have|i've got|got|need to|want to)\s+)?"
    r"(?:(?:to )?(?:start|submit|register|propose|add|create|open|begin|file|log|enter)(?: with)?\s+)?"
    r"(?:(?:a|an|another|my|the|one)\s+)?(?:new\s+)?(?:ai\s+)?(?:use ?case|idea|intake|proposal|request)s?"
    r"(?:\s+(?:please|here|for (?:ai|me|us)|with ai))?\W*$",
    r"^(?:i(?:'d| would)? (?:want|like|need) to|let(?:'s| us| me)|need to|want to)\s+"
    r"(?:start|submit|register|propose|begin|file|enter)"
    r"(?: (?:something|one|a new (?:one|project)|an ai project|a new ai project))?\W*$",
    r"^(?:new|start)\W*$",
)
_ASKS = _words(
    r"^(?:what|who|whom|whose|which|when|where|why|how|is|are|am|do|does|did|can|could|may|must|should|shall"
    r"|would|will|has|have|was|were)\b"
)
_WANTS_TO_KNOW = _words(
    r"^(?:please )?(?:explain|define|describe|tell me|give me the definition|remind me)\b",
    r"\b(?:need|want|like|love|curious|wonder(?:ing)?|have) to know\b|^i(?:'m| am)? wonder(?:ing)?\b",
    r"^(?:not sure|unsure|i (?:don't|do not) (?:know|understand)) "
    r"(?:what|who|how|when|if|whether|which|why)\b",
    r"^(?:the )?(?:difference between|rules? (?:for|on|about)|definition of|section on|policy on)\b",
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
    r"(?:do|let|write|read|summari[sz]e|draft|sort|answer|check|help|automate|predict|classify|detect|extract|translate"
    r"|use|build|make|find|route|triage|flag|review|take|handle|generate|suggest|screen|score)"
)
_OFFERS = _words(
    rf"\b(?:could|can|would|should|might|will)\s+(?:an? |the )?(?:{_MACHINE}|something|it|we|you)\s+"
    rf"(?:\w+\s+){{0,2}}?{_DOING}\b",
    r"\bwould be (?:great|nice|good|useful|helpful) (?:if|to)\b",
    r"\b(?:how|what) about (?:using|letting|having|building|a|an)\b|\bhow about\b|\bwhat if\b",
)
"""What a machine might do, whether it is said or asked."""
_MAYBE = re.compile(r"^(?:can|could|would|will|is (?:there|it)|are there|do you)\b", re.IGNORECASE)
"""A question that may well be a wish."""
_WISH = _words(
    r"\b(?:we|i|our \w+|my \w+|the \w+ team|people|agents|staff|customers)\b.{0,60}\b(?:spend|waste|lose"
    r"|struggle|want|need|would like|wish|copy|retype|type|read|write|sort|answer"
    r"|take (?:ages|hours|days|forever)"
    r"|(?:are )?drown(?:ing)?)\b",
    rf"\b(?:use|using|build|automate|train|deploy|with|want|need) (?:an? )?{_MACHINE}\b",
    r"\b(?:idea|use case|proposal)\b\s*[:\-–—]",
    r"\bautomat(?:e|ing|ically)\b",
)


_IDLE = re.compile(
    r"(?:(?:lol|(?:ha){2,}h?|hm+|mm+|uh+m*|um+|oh+|huh|o+ps|nvm|never ?mind|asd\w*|qwert\w*|jkl\w*"
    r"|(?:just )?test(?:ing)?|\d+)\b[\s,.!;()-]*)+",
    re.IGNORECASE,
)
_MISSENT = _words(
    r"\bwrong (?:chat|window|thread|channel)\b",
    r"^(?:please )?(?:ignore|disregard) (?:that|this|(?:my|the) (?:last )?message)\b",
    r"\bmeant for (?:somebody|someone) else\b",
)
_CHAT = _words(
    r"^(?:ok(?:ay)?,? )?(?:good ?bye|bye|see you|have a (?:nice|good|great))\b|^how are you\b",
    r"^are you (?:a |an )?(?:real|human|bot|robot)\b|^do you (?:like|love)\b",
    r"^(?:very |really )?(?:well done|(?:great|good|nice) (?:job|work))\b|^nice to (?:meet|see) you\b",
    r"^happy (?:birthday|easter|holidays|\w+day)\b|^i (?:love|like|hate) (?:this|you|the) ?(?:bot)?\b",
    r"^you(?:'re| are) (?:so |very |really )?\w+$|^hope you(?:'re| are)\b",
    r"^(?:this|that) (?:is|was) (?:so |really |very )?\w+$|^(?:sorry for|no worries)\b",
    r"^(?:merci|danke|gracias|got it,? thank)\b",
)


def has_words(text: str) -> bool:
    """Whether there is anything but emoji and signs."""
    return bool(re.search(r"\w", _EMOJI.sub(" ", text[:2000])))


def opening(text: str) -> Opening:
    """What the words ask for. Never fails; of a very long text the first 2,000 characters decide."""
    return judge(text).opening


def judge(text: str) -> Judged:
    """As :func:`opening`, with whether the form of the words leaves no doubt.

    Where it leaves some, what is named is the likelier one; nothing should be started on that alone.
    """
    said = re.sub(r"\s+", " ", _EMOJI.sub(" ", text[:2000])).strip()
    if not has_words(said):
        return Judged("nothing", True)
    core = _POLITE.sub("", said).strip()
    count = len(core.split())
    if count <= 12 and (_IDLE.fullmatch(said.strip(" ?!.()")) or _MISSENT.search(said)):
        return Judged("nothing", True)
    if not core:
        return Judged("greeting", True)
    short = _shown(core, count) or _small(said, core, count)
    if short:
        return Judged(short, True)
    asks = bool(_ASKS.match(core)) or core.endswith("?") or bool(_WANTS_TO_KNOW.search(core))
    about_rules = bool(_ABOUT_RULES.search(core))
    ruled = asks and about_rules and count < 14
    if _OFFERS.search(core) and not ruled:
        return Judged("idea", not about_rules)
    if _WISH.search(core) and not (asks and (about_rules or _ASKS.match(core))):
        return Judged("idea", not (about_rules or asks))
    if asks:
        return Judged("question", about_rules or not _MAYBE.match(core))
    return Judged("idea" if count >= 4 and not about_rules else "question", False)


def _shown(core: str, count: int) -> Opening | None:
    """Something that can be shown, or a beginning."""
    if _HELP.match(core) and count <= 8:
        return "help"
    if _DRAFTS.match(core):
        return "drafts"
    if _WHERE.search(core) and count <= 16:
        return "where"
    if _DESK.search(core) and count <= 12:
        return "desk"
    return "new" if _NEW.match(core) else None


def _small(said: str, core: str, count: int) -> Opening | None:
    """Words that want nothing."""
    if _THANKS.match(said) and count <= 5:
        return "thanks"
    if _GREETING.match(said) and count <= 2:
        return "greeting"
    bare = core.rstrip(" ?!.")
    return "chat" if count <= 8 and (_CHAT.search(bare) or _CHAT.search(said)) else None
