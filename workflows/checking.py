"""Items of a checklist: what makes an answer of words, a click or a form, and what is still wanting.

A yes to an item that demands evidence is no answer without it. It is kept as a claim until that comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from workflows.answers import Value
from workflows.evidence import Check, CheckState, Claim, Evidence, EvidenceKind
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Question
from workflows.words.calendar_words import in_words as day_in_words
from workflows.words.checks import ItemSaid, has_words, only_a_link, read_item, says_something
from workflows.words.reading import Correction, Read

Part = Literal["", "words", "reason", "text", "link", "file"]
"""The field of a form: the choice itself, or what stands beside it."""
TEXT_AT_MOST = 1000
"""Characters of a reason or of evidence in words."""
_KEPT = 20
_NOTHING_SAID = Claim()
KINDS: Mapping[EvidenceKind, str] = {
    "text": "check_kind_text",
    "link": "check_kind_link",
    "file": "check_kind_file",
    "metric": "check_kind_metric",
}
"""What each kind of evidence is called, by the key of the words."""


@dataclass(frozen=True)
class Wanting:
    """It is no answer yet: the sentence that says what is wanting, and what was said so far."""

    message: str
    claim: Claim = _NOTHING_SAID
    values: Mapping[str, str] = field(default_factory=dict)
    part: Part = ""

    def correction(self, question: Question, program: Program) -> Correction:
        """In the program's words."""
        values = dict(self.values)
        if "kinds" in values:
            values["kinds"] = accepted(question, program)
        return Correction(program.messages[self.message].format_map(values), example_of(question, self))


def accepted(question: Question, program: Program) -> str:
    """The kinds of evidence that an item takes, in words: ``a link or a file``."""
    kinds = question.evidence.kinds if question.evidence else get_args(EvidenceKind)
    named = [program.messages[KINDS[k]] for k in kinds]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def example_of(question: Question, wanting: Wanting) -> str:
    """What would do, for the sentence that asks for it."""
    return question.examples[0] if question.examples and wanting.message == "check_yes_or_no" else ""


def heard(
    question: Question,
    text: str,
    files: Sequence[Mapping[str, str]],
    before: Claim | None,
    kept: Value | None,
    speaker: UserId,
    now: datetime,
) -> Read | Wanting:
    """An item answered in words, with ``before`` what was said of it and ``kept`` the answer there is."""
    return _weighed(question, read_item(text), files, before, kept, speaker, now)


def clicked(
    question: Question, state: str, before: Claim | None, kept: Value | None, speaker: UserId, now: datetime
) -> Read | Wanting:
    """An item answered by a button: ``yes``, ``no`` or ``na``."""
    found = next((s for s in get_args(CheckState) if s == state), None)
    return _weighed(question, ItemSaid(state=found), (), before, kept, speaker, now)


def filled(
    question: Question, fields: Mapping[str, Any], kept: Value | None, speaker: UserId, now: datetime
) -> Read | Wanting | None:
    """An item answered in a form, by ``state``, ``words`` or ``reason``, ``text``, ``link`` and ``files``.

    ``None`` where the form says nothing new of it.
    """
    state = next((s for s in get_args(CheckState) if s == fields.get("state")), None)
    words = str(fields.get("words") or "").strip()
    reason = str(fields.get("reason") or "").strip()
    text = str(fields.get("text") or "").strip()
    link, files = str(fields.get("link") or "").strip(), fields.get("files") or ()
    known = Check.model_validate(kept) if kept is not None else None
    in_words_part: Part = "words" if "words" in fields else "text"
    same = known is not None and state == known.state and (state == "yes" or reason in ("", known.reason))
    if (state is None or same) and not (words or text or link or files or (reason and not same)):
        return None
    if state is None:
        return Wanting("check_choose")
    address = only_a_link(link) if link else ""
    if link and not address:
        return Wanting("check_odd_link", values={"link": link[:60]}, part="link")
    if "words" in fields:
        said = read_item(words) if state == "yes" else ItemSaid(rest=words)
        said = ItemSaid(state, said.rest, said.links, said.odd_link)
    else:
        said = ItemSaid(state, text if state == "yes" else reason, (address,) if address else ())
    weighed = _weighed(question, said, files, None, kept, speaker, now)
    if isinstance(weighed, Wanting) and not weighed.part:
        where: Part = "reason" if state == "na" and in_words_part == "text" else in_words_part
        return Wanting(weighed.message, weighed.claim, weighed.values, where)
    return weighed


def _weighed(
    question: Question,
    said: ItemSaid,
    files: Sequence[Mapping[str, str]],
    before: Claim | None,
    kept: Value | None,
    speaker: UserId,
    now: datetime,
) -> Read | Wanting:
    before = before or Claim()
    known = Check.model_validate(kept) if kept is not None else None
    if said.odd_link:
        return Wanting("check_odd_link", before, {"link": said.odd_link})
    state = said.state or before.state
    if state in ("no", "na"):
        reason = " ".join(filter(None, (said.rest, *said.links)))[:TEXT_AT_MOST] or before.reason
        return _without(state, reason)
    brought = pieces(question, said, files, speaker, now)
    right = tuple(e for e in brought if question.evidence is None or e.kind in question.evidence.kinds)
    if state is None and (said.links or files or (known and known.state == "yes")) and right:
        state = "yes"
    claim = Claim(state=state, evidence=(*before.evidence, *right))
    if brought and not right:
        return Wanting("check_wrong_kind", claim, {"kinds": ""})
    if state is None:
        return Wanting("check_yes_or_no", claim)
    there = known.evidence if known and known.state == "yes" else ()
    check = Check(state="yes", evidence=(*there, *claim.evidence)[-_KEPT:])
    if question.evidence is not None and not check.current(now):
        help = question.evidence.help
        key = "check_needs_evidence" if help else "check_needs_some_evidence"
        return Wanting(key, claim, {"help": help, "kinds": ""})
    return Read(check.model_dump(mode="json"))


def _without(state: CheckState | None, reason: str) -> Read | Wanting:
    """No, and does not apply: the latter wants a reason."""
    if state == "na" and not has_words(reason):
        return Wanting("check_needs_reason", Claim(state="na"))
    return Read(Check(state="na" if state == "na" else "no", reason=reason).model_dump(mode="json"))


def pieces(
    question: Question, said: ItemSaid, files: Sequence[Mapping[str, str]], speaker: UserId, now: datetime
) -> tuple[Evidence, ...]:
    """The evidence that is in a message or form, whatever the item accepts."""
    demand = question.evidence
    until = now + timedelta(days=demand.lasts_days) if demand and demand.lasts_days else None
    text = said.rest[:TEXT_AT_MOST] if says_something(said.rest) else ""
    whose = {"owner": speaker, "at": now, "expires_at": until}
    found = [
        Evidence(
            kind="file", name=str(f.get("name") or "file"), link=str(f.get("link") or ""), text=text, **whose
        )
        for f in files
    ]
    found += [Evidence(kind="link", link=link, text=text, **whose) for link in said.links]
    if not found and text:
        kind: EvidenceKind = "text"
        if any(c.isdigit() for c in text) and (demand is None or "metric" in demand.kinds):
            kind = "metric"
        found.append(Evidence(kind=kind, text=text, **whose))
    return tuple(found)


_STATES: Mapping[str, str] = {"yes": "yes", "no": "no", "na": "does not apply"}


def shown(value: Value, directory: Directory) -> str:
    """An item's answer in words, with whose evidence it rests on. Not escaped."""
    check = Check.model_validate(value)
    told = (
        [evidence_in_words(e, directory) for e in check.evidence] if check.state == "yes" else [check.reason]
    )
    return ": ".join(filter(None, (_STATES[check.state], "; ".join(filter(None, told)))))


def evidence_in_words(evidence: Evidence, directory: Directory) -> str:
    """``92% of 400 cases (Lee Chen, 3 November 2026, good until 3 November 2027)``."""
    what = " ".join(
        filter(None, (evidence.text, evidence.link if evidence.kind == "link" else evidence.name))
    )
    until = f", good until {_day(evidence.expires_at)}" if evidence.expires_at else ""
    return f"{what} ({directory.person(evidence.owner).name}, {_day(evidence.at)}{until})"


def _day(moment: datetime) -> str:
    return day_in_words(date(moment.year, moment.month, moment.day))
