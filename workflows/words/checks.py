"""An item of a checklist in plain words: yes, no or does not apply, and what is said or linked beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workflows.evidence import CheckState
from workflows.words.reading import one_line, tidy, without_emoji


@dataclass(frozen=True)
class ItemSaid:
    """What the words say of an item. ``state`` is ``None`` where they say neither yes nor no."""

    state: CheckState | None = None
    rest: str = ""
    """The words besides the yes or no and the links."""
    links: tuple[str, ...] = ()
    odd_link: str = ""
    """An address of a kind that nobody should open from here."""


_LEAD = re.compile(
    r"^(?:(?:well|hm+|um+|oh|so|ok(?:ay)?|right|and|but|honestly|actually|i think|i guess|i believe|i'd say)"
    r"(?=[\s,.:;])[\s,.:;]*)+",
    re.I,
)
_END = r"(?=$|[\s,.:;!()–—-])"
_NOT_APPLICABLE = re.compile(
    r"^(?:(?:it|this|that|item)(?:'s| is)?\s+)?"
    rf"(?:n\s*/\s*a\b|n\.\s?a\.|na{_END}|not applicable|(?:does|do)(?:n'?t| not) apply"
    r"|(?:is |are )?(?:irrelevant|not relevant))"
    r"(?:\s+(?:here|for us|to us|in our case))*",
    re.I,
)
_NO = re.compile(
    r"^(?:no+|nope|nah|nay|never|negative|👎|:-1:|:thumbsdown:)(?=$|\s*[,.:;!(–—-]"
    r"|\s+(?:not|we|it|they|there|but|because|nothing|still|sorry|since|as|and|so)\b)"
    r"|^not\s+(?:yet|really|at all|so far|done|in place|there|ready|finished|tested|complete\w*)\b"
    r"|^(?:(?:we|it|they|that|this|there|i)\s+)?(?:do|does|has|have|is|are|was|did|ca|wo)(?:n'?t| not)\b"
    r"|^(?:still )?(?:missing|lacking|to do|to be done|open)[\s.!]*$",
    re.I,
)
_PLAIN_NO = re.compile(r"(?:no+|nope|nah|nay|never|negative)\b", re.I)
_YES = re.compile(
    r"^(?:yes+|yep|yup|yeah+|ya|aye|sure|absolutely|definitely|certainly|of course|indeed|correct|true"
    r"|affirmative|done|met|fulfilled|in place|(?:it|this|that)(?:'s| is)(?: done| met| in place)?"
    r"|(?:we|they) (?:do|have|did|are)|i (?:do|have|did)|it (?:does|has|did)|there (?:is|are)"
    rf"|✅|✔️?|👍|:\+1:|:thumbsup:|:white_check_mark:){_END}",
    re.I,
)
_LINK = re.compile(r"https?://[^\s<>|\"']+[^\s<>|\"'.,;:!?)\]]", re.I)
_BARE_LINK = re.compile(
    r"(?<![@\w/.-])(?:www\.[a-z0-9-]+(?:\.[a-z0-9-]+)+|(?:[a-z0-9-]+\.)+[a-z]{2,}(?=/))"
    r"(?:/[^\s<>|\"']*[^\s<>|\"'.,;:!?)\]])?/?",
    re.I,
)
_ODD_LINK = re.compile(
    r"\b(?!https?://)[a-z][a-z0-9+.-]{1,20}://\S*|\b(?:javascript|vbscript|data):\S+", re.I
)
_BECAUSE = re.compile(r"^(?:[\s,.:;!–—-]|\b(?:because|since|as|due to|for)\b\s)+", re.I)
_AROUND = re.compile(r"^[\s,.:;!–—()-]+|[\s,;:–—(-]+$")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but so of in on at to for by it its is are was that this these those here there see "
        "we us our they i you do does did have has had be been all already now very much yes no not sure "
        "ok okay course think believe guess definitely place everything thing link file document attached "
        "below above evidence proof please thanks done good fine",
    )
)


def read_item(text: str) -> ItemSaid:
    """What a message says of the item that is on the table."""
    line = tidy(text).replace("’", "'")
    odd = _ODD_LINK.search(line)
    links = [m[0] for m in _LINK.finditer(line)]
    bare = _LINK.sub(" ", line)
    links += [f"https://{m[0]}" for m in _BARE_LINK.finditer(bare)]
    words = _BARE_LINK.sub(" ", _ODD_LINK.sub(" ", bare))
    state, rest = _state(_LEAD.sub("", words) or words)
    if state in ("no", "na"):
        rest = _BECAUSE.sub("", rest)
    return ItemSaid(
        state=state,
        rest=_AROUND.sub("", re.sub(r"[ \t]+", " ", rest)).strip(),
        links=tuple(dict.fromkeys(links)),
        odd_link=odd[0][:60] if odd else "",
    )


def says_something(text: str) -> bool:
    """Whether words have any substance: "we do, of course" has none, "Grafana board" has."""
    told = [w for w in re.findall(r"[^\W_]+", without_emoji(one_line(text)).lower()) if w not in _EMPTY]
    return len(told) >= 2 or any(len(w) >= 6 for w in told)


def has_words(text: str) -> bool:
    """Whether there is at least one word that says anything."""
    return any(w not in _EMPTY for w in re.findall(r"[^\W_]+", without_emoji(text).lower()))


def only_a_link(text: str) -> str:
    """The address that a form's field for a link holds, with its ``https://``; empty for anything else."""
    said = text.strip()
    if re.search(r"\s", said) or _ODD_LINK.match(said):
        return ""
    if _LINK.fullmatch(said) or re.fullmatch(r"https?://[^\s<>|\"']+", said, re.I):
        return said
    return f"https://{said}" if _BARE_LINK.fullmatch(said) else ""


def _state(words: str) -> tuple[CheckState | None, str]:
    line = words.strip()
    readings: tuple[tuple[CheckState, re.Pattern[str]], ...] = (
        ("na", _NOT_APPLICABLE),
        ("no", _NO),
        ("yes", _YES),
    )
    for state, pattern in readings:
        found = pattern.match(line)
        if found:
            # "no, not yet" is no and what is lacking; "we have not begun" is both at once.
            plain = state != "no" or not found[0][:1].isalpha() or _PLAIN_NO.match(found[0])
            return state, line[found.end() :] if plain else line
    return None, line
