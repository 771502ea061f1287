"""What comes of reading a person's words: a value, or a kind and specific correction."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from workflows.answers import Value


@dataclass(frozen=True)
class Read:
    """The words were understood as ``value`` (in the form that :data:`workflows.answers.Value` gives)."""

    value: Value


@dataclass(frozen=True)
class Correction:
    """The words were not understood: what was read and what is wanted, with an example that would do."""

    text: str
    example: str = ""


_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
_EMOJI = re.compile(r":[a-z0-9_+'-]+:|[\U0001F000-\U0001FAFF\u2190-\u21ff\u2300-\u2bff\ufe0f\u200d]", re.I)
_LEAD = re.compile(
    r"^(?:(?:oh|ah|hm+|um+|uh|er|well|so|ok(?:ay)?|sure|right|please|hi|hello|hey|sorry|yeah|and|also|then"
    r"|i (?:think|guess|suppose|believe|reckon|would say)|i'd say|let'?s say|let's go (?:with|for)"
    r"|probably|perhaps|maybe|about|around|roughly|approximately|approx\.?|circa|ca\.?|nearly|almost|some"
    r"|it(?:'s| is| would be| will be| should be)|that(?:'s| is| would be| will be)|this is"
    r"|they(?:'re| are)|we(?:'re| are)|there are|there(?:'s| is)|the answer is|my answer is|answer|just"
    r"|mostly|mainly|definitely|certainly|honestly|actually|basically|i mean|~)(?=[\s,:.!~\d]|$)[\s,:.!]*)+",
    re.IGNORECASE,
)


_TRAIL = re.compile(
    r"(?:[\s,]+(?:i (?:think|guess|suppose|believe|reckon|would say)|i'd say|probably|perhaps|maybe|please"
    r"|for now|right now|thanks|thank you|or so|at least for now|as far as i know|actually)[.!]*)$",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """The words without invisible characters, odd spaces, surrounding quotes or a code fence."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).replace("\u00a0", " ")
    text = re.sub(r"[ \t]+", " ", text).strip().strip("`").strip()
    for opening, closing in (('"', '"'), ("“", "”"), ("'", "'"), ("*", "*"), ("_", "_")):
        inside = text[1:-1]
        wrapped = len(text) > 2 and text[0] == opening and text[-1] == closing
        if wrapped and opening not in inside and closing not in inside:
            text = text[1:-1].strip()
    return text


def one_line(text: str) -> str:
    """The words in one line."""
    return re.sub(r"\s+", " ", tidy(text))


def core(text: str) -> str:
    """The words without what people say around an answer ("well, I think it's about ..., probably")."""
    line = one_line(text)
    inner = _TRAIL.sub("", _LEAD.sub("", line).strip(" .!,;"))
    return inner.strip(" .!,;") or line.strip(" .!,;")


def without_emoji(text: str) -> str:
    """The words without emoji and their ``:names:``; empty when there was nothing else."""
    return re.sub(r"\s+", " ", _EMOJI.sub(" ", text)).strip()


def quoted(text: str, limit: int = 60) -> str:
    """A short quotation of what was written, for use in a correction."""
    line = one_line(text)
    return f"“{line if len(line) <= limit else line[: limit - 1].rstrip() + '…'}”"
