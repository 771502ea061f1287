"""Yes and no as people say them, and the answers that are neither."""

from __future__ import annotations

import re

from workflows.questions import Question
from workflows.words.reading import Correction, Read, one_line, quoted

_NO = re.compile(
    r"^(?:no+(?:pe)?|nah|nay|n|never|none|negative|not (?:really|at all|that i know(?: of)?|yet|so far|any"
    r"|as far as i know|to my knowledge|applicable)|n/?a|false|👎|:-1:|:thumbsdown:"
    r"|(?:i )?(?:don'?t|do not) (?:think|believe) so|(?:it|they|we|i|that) (?:do(?:es)?n'?t|do(?:es)? not"
    r"|won'?t"
    r"|will not|isn'?t|is not|aren'?t|are not|can'?t|cannot|has not|hasn'?t)|probably not|i doubt it|hardly)"
    r"(?!\w)",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:yes+|yep|yup|yeah+|ya|y|aye|sure(?: thing)?|of course|absolutely|definitely|certainly|indeed"
    r"|correct"
    r"|right|exactly|true|affirmative|i (?:think|guess|believe|suppose) so|probably(?: yes)?|likely"
    r"|most likely"
    r"|some(?:times|what)?|partly|a (?:bit|little)|👍|:\+1:|:thumbsup:|:white_check_mark:|✅"
    r"|(?:it|they|we|i|that|there) (?:do(?:es)?|is|are|will|has|have|can|would)|ok(?:ay)?|fine"
    r"|why not)(?!\w)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:(?:hm+|um+|well|oh|so|i think|i guess|i believe|honestly|actually)[,.:\s]+)+", re.I)


def yes_or_no(text: str) -> bool | None:
    """``True``, ``False``, or ``None`` for words that say neither."""
    line = one_line(text).replace("’", "'")
    for said in (line, _LEAD.sub("", line)):
        if _NO.match(said):
            return False
        if _YES.match(said):
            return True
    return None


def read_yes_no(question: Question, text: str) -> Read | Correction:
    """Yes or no; "n/a" and "not really" are no, "I think so" is yes. Choice synonyms count too."""
    line = one_line(text).lower().strip(" .!")
    for choice in question.choices:
        if choice.id in ("yes", "no") and line in {s.lower() for s in (choice.label, *choice.synonyms)}:
            return Read(choice.id == "yes")
    said = yes_or_no(text)
    if said is None:
        return Correction(f"I could not tell whether {quoted(text)} means yes or no.", "yes")
    return Read(said)
