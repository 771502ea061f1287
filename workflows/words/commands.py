"""What a person says in a walk that is no answer: back, skip, save, cancel, why, thanks, and the like.

Only a message that is a command from end to end counts, so that "stop the mailing" or "go back to manual
replies" stay the answers they are. Changes of other answers are found in ``workflows.words.naming``.
"""

from __future__ import annotations

import re
from typing import Literal

from workflows.words.reading import one_line

Command = Literal[
    "back", "skip", "show", "save", "resume", "cancel", "help", "why", "submit", "where", "form",
    "keep", "dont_know", "nod",
]  # fmt: skip
"""``keep``: what is there already is right. ``nod``: small talk that wants no more than a nod."""

_LEAD = re.compile(
    r"^(?:(?:please|pls|ok(?:ay)?|so|well|hm+|um+|oh|oops|sorry|hey|hi|no|wait|hang on|hold on|actually"
    r"|right|and|now"
    r"|alright|preflight|thanks|thank you|yes|yeah|great|cool|good)\b[\s,.!:;-]*)+",
    re.IGNORECASE,
)
_WISH = (
    r"(?:(?:can|could|may|shall|should)\s+(?:we|i|you)\s+(?:please\s+)?(?:just\s+)?"
    r"|(?:i|we)(?:'d| would)?\s+(?:want|like|prefer|need|rather)(?:\s+to)?\s+(?:just\s+)?|let(?:'s| us"
    r"| me)\s+(?:just\s+)?|please\s+"
    r"|i(?:'ll| will)\s+|just\s+|how (?:do|can) i\s+|i\s+)?"
)
_TAIL = r"(?:\s+(?:please|pls|thanks|thank you|for now|now|then|for me))*\s*[.!?]*"
_THIS = (
    r"(?:\s+(?:it|this|that|this one|that one|this question|that question|the question|the draft"
    r"|my draft|draft|this draft|everything|all))?"
)


def _said(*ways: str) -> re.Pattern[str]:
    return re.compile(rf"^{_WISH}(?:{'|'.join(ways)}){_TAIL}$", re.IGNORECASE)


_COMMANDS: tuple[tuple[Command, re.Pattern[str]], ...] = (
    ("back", _said(
        r"(?:go |step |take me |move |jump |turn )?back(?:\s+(?:one|a|1)(?:\s+(?:step"
        r"|question))?)?(?:\s+a bit|\s+up)?",
        r"(?:(?:go |back |return )?to )?(?:the )?(?:previous|last|preceding|earlier)(?:\s+(?:question|one"
        r"|step))",
        r"previous", r"one (?:step )?back", r"undo(?: that"
            r"| it)?", r"(?:the )?(?:one|question) before(?: that| this)?",
        r"(?:go )?back to the (?:previous|last) (?:question|one|step)", r"back one",
        r"(?:redo|change|correct|fix) (?:the |my )?(?:last|previous) (?:one|answer|question)",
    )),
    ("skip", _said(
        rf"skip{_THIS}", r"(?:i )?pass(?: on (?:this|that"
                         r"|it)(?: one)?)?", r"next(?: question| one)?", r"(?:let's )?move on",
        r"leave (?:it|this|that)(?: one)? (?:blank|empty|out|open"
        r"|unanswered)", r"(?:i'd |i would )?rather not (?:say|answer)",
        r"no answer", r"don'?t (?:want to )?answer(?: this"
                      r"| that)?", r"ask me (?:something else|another(?: one)?)",
    )),
    ("show", _said(
        r"show(?: me)?(?: (?:what (?:you|i|we)(?:'ve| have)?(?: got| have| said| written)?(?: so far)?"
        r"|(?:my |the |all )*(?:answers|draft|summary"
        r"|review|so far|progress|list)(?: so far)?|everything|it(?: all)?))",
        r"show(?: me)?", r"what (?:do|have) (?:you|i|we) (?:have|got|said|told you|answered"
                         r"|written)(?: so far| until now| down)?",
        r"(?:a |the )?(?:summary|recap"
        r"|overview)(?: so far)?", r"(?:list|read back|see|look at|review) (?:my |the |all )*(?:answers"
                                   r"|draft)(?: so far)?",
        r"what (?:did|have) i (?:say|said|answer|tell you"
        r"|told you)(?: so far)?", r"where are we", r"so far", r"recap",
    )),
    ("save", _said(
        rf"save{_THIS}(?: (?:for later|and (?:exit|quit|stop|continue later|close)"
        rf"|as (?:a )?draft))?", r"later", r"stop(?: here| for (?:now|today))?",
        r"pause(?: here| this"
        r"| it)?", r"not now", r"(?:continue|finish|resume|do (?:this|it|that)|go on|carry on)(?: (?:this|it"
                               r"|that))? (?:later|tomorrow|next week|another (?:time|day)|some other time)",
        r"(?:come|be|get) back (?:to (?:this|it|you) )?(?:later|tomorrow|next week"
        r"|another time)", r"(?:that'?s )?enough for (?:now|today)",
        r"(?:(?:i )?(?:have|need|got|'ve got|ve got) to|gotta|must|'ve to) (?:go|run|leave"
        r"|stop)(?: now)?", r"brb", r"(?:take|need) a break", r"park (?:it|this)",
        r"(?:quit|exit|close"
        r"|leave)", r"keep (?:it|this"
                    r"|the draft) for later", r"some other time", r"put (?:it"
                        r"|this) aside", r"finish (?:this |it )?(?:later|tomorrow)",
        r"have a meeting(?: now)?", r"(?:talk|speak|see you) later",
    )),
    ("cancel", _said(
        rf"cancel{_THIS}", rf"(?:delete|discard|abort|scrap|bin"
                           rf"|trash){_THIS}", r"forget (?:it|about it|this|that|about this|the whole thing)",
        r"never ?mind", r"(?:throw|chuck) (?:it"
                        r"|this)(?: all)? away", r"(?:cancel|delete|abandon|discard|withdraw|drop) (?:the "
                            r"|this |my )?(?:whole thing|use case|idea|draft|intake)",
        r"(?:don'?t|do not) want (?:this|it|to do this|to continue"
        r"|to go on)(?: any ?more)?", r"give up", r"call it off", r"start over",
        r"changed my mind,? (?:cancel|forget it|never ?mind)",
    )),
    ("submit", _said(
        r"submit(?: it| this| that| the (?:use case|draft"
        r"|idea))?", r"send (?:it|this)(?: in| off| on)?", r"hand (?:it|this) in", r"ready to submit",
        r"file it", r"send (?:it |this )?(?:for|to) (?:approval|review"
                    r"|the approvers)", r"go and submit(?: it)?", r"submit(?: it)? as (?:it )?is",
    )),
    ("why", _said(
        r"why", r"why (?:do|are|would|should) (?:you|we|i) (?:ask(?:ing)?|need|want|have to|know|answer"
                r"|say)\b.{0,40}", r"why (?:is|does|would|should) (?:this|that|it)\b.{0,40}",
        r"why (?:this"
        r"|that)(?: question)?", r"what(?:'s| is) (?:this|that"
                                 r"|it) (?:good )?for", r"what for", r"what(?:'s| is) the (?:point"
                                     r"|reason)(?: of (?:this|that))?",
        r"(?:what|how) (?:do|will) you (?:need|do with|use) (?:it|this"
        r"|that)(?: for)?", r"(?:the )?reason", r"why ask(?: (?:this"
            r"|that))?", r"is (?:this|that) (?:really )?(?:necessary|needed)",
    )),
    ("form", _said(
        r"(?:give|show|send|get)(?: me)?(?: a"
        r"| the)? form", r"(?:a |the |as a |in a |use (?:a|the) |open (?:a|the) |have (?:a|the) "
                         r"|fill in (?:a|the) |fill out (?:a|the) |switch to (?:a|the) |prefer (?:a"
                         r"|the) )?(?:form|modal)(?: view)?",
        r"(?:see |answer |ask |fill in |do )?(?:all|everything|all (?:the "
        r"|of the )?questions)(?: in)? (?:at once|in one go"
        r"|on one page)", r"fill (?:it|this) (?:in|out) (?:as|in|on) (?:a|the) form",
        r"rather (?:have|use|fill in) (?:a"
        r"|the) form", r"is there (?:a|some) form(?: for (?:this"
                       r"|that))?", r"do you have (?:a|some) form(?: for (?:this|that))?",
    )),
    ("where", _said(
        r"where(?:'s| is| are| does)\b.{0,30}\b(?:use cases?|idea|draft|submission|request"
        r"|proposal)(?: stand| now"
        r"| at)?", r"(?:what(?:'s| is) )?(?:the |my )?status(?: of (?:my|this|the) (?:use case|idea|draft"
                   r"|request))?",
        r"how (?:far|much|many)(?: \w+)? (?:am i|are we|is left|are left|to go|is there|are there|left|more"
        r"|longer).{0,20}", r"how (?:long|much) (?:is left|will (?:this|it) take|does (?:this|it) take"
                            r"|longer|more).{0,20}",
        r"are we (?:done|there"
        r"|finished)(?: yet)?", r"(?:is|was) (?:my|the) (?:use case|idea|draft) (?:submitted|sent)(?: yet)?",
    )),
    ("help", _said(
        r"help(?: me)?(?: out)?", r"what (?:can|do|should|must) i (?:do|say|type|write|answer|put)(?: here"
                                  r"| now| next)?", r"how (?:does|do) (?:this|it|that|you) work",
        r"(?:i'm|i am|im|am) (?:lost|stuck"
        r"|confused)", r"what now", r"(?:options|commands|menu"
                                    r"|instructions)", r"what (?:are|were) (?:my|the) (?:options"
                                        r"|choices)", r"huh",
        r"what (?:do|did) you mean(?: by (?:this"
        r"|that))?", r"(?:don'?t|do not|didn'?t) (?:understand|get)(?: (?:it|this|that|the question"
                     r"|your question|you))?",
        r"explain(?: (?:it|this|that|the question"
        r"|please))?", r"what does (?:this|that"
                       r"|it) (?:question )?mean", r"(?:can|could) you (?:explain|rephrase|say (?:it"
                           r"|that) (?:again|differently))(?: (?:it|this|that"
                           r"|the question))?", r"what (?:is|was) the question(?: again)?",
        r"(?:an |some "
        r"|for )?examples?", r"(?:give"
                             r"|show) me an example", r"such as", r"like what", r"what", r"pardon",
        r"repeat(?: (?:it|that|the question))?", r"come again",
        r"for example",
    )),
    ("resume", _said(
        r"resume", r"continue(?: (?:it|this|please|the draft|my draft|where we (?:left off"
                   r"|were)))?", r"(?:go|carry"
                                 r"|come) on", r"keep going", r"pick up where (?:we|i) left(?: off)?",
        r"(?:i'm|i am|im"
        r"|am) back(?: again)?", r"back again", r"where were we", r"proceed", r"(?:go )?on with (?:it"
            r"|the (?:draft|questions))", r"ready(?: to (?:go on|continue))?", r"go ahead", r"next please",
    )),
    ("keep", _said(
        r"looks (?:good|right|fine|ok(?:ay)?|correct)(?: to me)?",
        r"keep(?: it| that| this| what (?:you|we) have)?(?: as (?:it )?is| like (?:that"
        r"|this))?", r"(?:as (?:it )?is|unchanged|no change|stays?(?: as it is)?|same(?: as before)?)",
        r"leave (?:it|that|this)(?: as it is| like (?:that|this)"
        r"| alone)?", r"(?:that|it|this)(?:'s| is) (?:right|correct|fine|ok(?:ay)?|good"
                      r"|true)(?: already)?", r"(?:right|correct|exactly|fine)(?:,? (?:keep it"
                          r"|that'?s (?:right|it|correct)))?",
        r"don'?t change (?:it|that|this)?",
    )),
    ("dont_know", _said(
        r"(?:i |we )?(?:do not|don'?t|dont|cannot|can'?t) (?:really )?(?:know|say|tell)(?: (?:yet|that|it"
        r"|this|either|right now|that yet"
        r"|for sure))?", r"(?:i |we |i have |have )?(?:no|not an?) (?:idea|clue)(?: yet)?", r"dunno", r"idk",
        r"(?:i'm |i am |im |am |we are |we're )?(?:not|un)(?: (?:so|really|quite|yet|too))? ?sure(?: (?:yet"
        r"|about (?:this|that"
        r"|it)))?", r"tb[dac]", r"unknown", r"to be (?:decided|determined|confirmed|defined)",
        r"(?:not|nobody has|we have not|we haven'?t|it'?s not|has not been|un) ?(?:yet )?(?:decided"
        r"|determined|known|clear|defined)(?: (?:yet"
        r"|that))?", r"hard to (?:say"
                     r"|tell)", r"who knows", r"(?:i |i'?d |we )?(?:have|need) to (?:ask|check|find out"
                         r"|look (?:it|that) up)(?: (?:first|somebody|someone|around|that|it))*",
        r"(?:let me|i'?ll) (?:check|ask|find out)(?: (?:first|that"
        r"|it))?", r"beats me", r"good question", r"\?+",
    )),
    ("nod", _said(
        r"(?:many |great |ok,? )?(?:thanks|thank you|thx|ty|cheers|ta)(?: (?:a lot|so much|very much"
        r"|for (?:the |your )?(?:help|that|this|explaining|info)"
        r"|mate))?", r"ok(?:ay)?|k|kk|alright|all right|fine by me|sounds good|good|cool|great|nice|perfect"
                     r"|super|lovely|awesome|wow|fine|right",
        r"(?:i )?(?:see|got it|gotcha|understood|understand"
        r"|get it)", r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day))(?: (?:there|again|preflight"
                     r"|bot))?", r"(?:let me|i need to|have to) think(?: about (?:it|that"
                                 r"|this))?", r"(?:just |give me )?(?:a|one|1) (?:sec(?:ond)?|moment|minute"
                                     r"|min)",
        r"wait(?: a (?:sec(?:ond)?|moment"
        r"|minute))?", r"hold on|hang on|hmm+|hm|mm+|ah+|oh|aha|lol|haha+"
                       r"|ha", r"no (?:worries"
                               r"|problem)", r"you'?re welcome", r"good (?:question"
                                   r"|point)", r"interesting|makes sense|fair enough"
                                       r"|that makes sense", r"are you (?:there|a bot|human|real)(?: still)?"
                                           r"|you there",
    )),
)  # fmt: skip
_REVIEWED: tuple[tuple[Command, re.Pattern[str]], ...] = (
    ("submit", _said(
        r"(?:that'?s|that is|it'?s|it is|this is|looks?|all|everything(?:'s| is| looks)?)(?: (?:looks?|is"
        r"|all))? (?:good|great|right|fine|correct|ok(?:ay)?|perfect)(?:,? (?:submit|send)(?: it)?)?",
        r"(?:yes|yep|yeah|ok(?:ay)?|sure|perfect|done|go|go ahead|do it|lgtm|ship it)(?:,? (?:submit|send"
        r"|do it|go ahead)(?: it)?)?", r"(?:i'm |i am |we'?re |am )?(?:done|finished|ready"
                                       r"|happy(?: with (?:it|that))?)", r"that'?s (?:it|all)",
    )),
)  # fmt: skip
_CONFIRMS = re.compile(
    r"^(?:yes+|yep|yeah|y|sure|ok(?:ay)?|do it|please do|confirm(?:ed)?|of course|definitely"
    r"|(?:yes,?\s*)?(?:please\s*)?(?:cancel|delete|discard)"
    r"(?: it| this| (?:the|my) draft)?|go ahead|i'?m sure)[\s.!]*$",
    re.IGNORECASE,
)


def read_command(text: str, reviewing: bool = False) -> Command | None:
    """The command that the whole message is, or ``None``. ``reviewing``: "looks good" means submit."""
    line = one_line(text[:400]).replace("’", "'")
    if len(text) > 200 or not line:
        return None
    bare = _LEAD.sub("", line)
    for said in dict.fromkeys((line, bare)):
        if not said:
            continue
        for command, pattern in (*_REVIEWED, *_COMMANDS) if reviewing else _COMMANDS:
            if pattern.match(said):
                return command
    yes_or_no = line.lower().strip(" .!,") in ("yes", "yeah", "yes please", "no", "no thanks")
    return "nod" if not bare and not yes_or_no else None


def confirms(text: str) -> bool:
    """Whether the words say yes to "are you sure?"."""
    return bool(_CONFIRMS.match(one_line(text[:200])))
