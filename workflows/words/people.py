"""People in plain words: mentions, handles, names with typos, "me"; told apart, or asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from workflows.ids import UserId
from workflows.people import Directory, Person
from workflows.questions import Question
from workflows.words.reading import Correction, Read, core, one_line, quoted

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_ME = re.compile(
    r"^(?:(?:it'?s|that'?s|that would be|just|only|still)\s+)?(?:me|i|i am|i'm|myself|me myself|it is i|mine"
    r"|my ?self"
    r"|i (?:do|will|am|would|can|own\b.*|decide\b.*)|i'?ll (?:do|take) (?:it|that)|yours truly|i do it"
    r"|that is me)$",
    re.IGNORECASE,
)
_BOSS = re.compile(
    r"\b(?:my|our|the|his|her|their)\s+(?:own\s+|line\s+|direct\s+|team\s+)?"
    r"(?:manager|boss|team ?lead|lead|supervisor|head|director|chief|colleague|team|department|group)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?:,|;|\n|\+|&|\bplus\b|\band\b|\bas well as\b|\bund\b|\bwith\b)\s*", re.IGNORECASE)
_AROUND_SAID = (
    "a an the is it its it's thats that be will would should could i think maybe probably ask from in of "
    "for to owns own owner owned by our at and or who he she they was also please team department "
    "colleague mr mrs ms dr system data business technical risk metric the responsible person decides "
    "does do takes care"
)
_AROUND = frozenset(_AROUND_SAID.split())


def read_person(question: Question, text: str, directory: Directory, speaker: UserId) -> Read | Correction:
    """One active person's id."""
    found = people_in(text, directory, speaker)
    if isinstance(found, Correction):
        return found
    if len(found) > 1:
        names = " and ".join(directory.person(u).name for u in found[:3])
        return Correction(
            f"I read {names}, and one person is wanted here. Who is it?", _at(directory, found[0])
        )
    return Read(str(found[0]))


def read_people(question: Question, text: str, directory: Directory, speaker: UserId) -> Read | Correction:
    """One or more active people's ids, each once, in the order named; a user group gives its members."""
    found = people_in(text, directory, speaker)
    return found if isinstance(found, Correction) else Read([str(u) for u in found])


def people_in(text: str, directory: Directory, speaker: UserId) -> list[UserId] | Correction:
    """The people whom the words name, at least one; else what is unclear, unknown or no longer possible."""
    example = _at(directory, speaker)
    line = one_line(text)
    found: list[UserId] = []
    rest = line
    for m in _MENTION.finditer(line):
        user = UserId(m[1])
        person = directory.people.get(user)
        if person is None:
            return Correction(
                "I do not know the person you mentioned; they may be from another workspace.", example
            )
        if not person.active:
            return _gone(person, example)
        found.append(user)
    rest = _MENTION.sub(" , ", rest)
    for part in _PARTS.split(core(rest)):
        part = part.strip(" .!?:")
        if not part or part.lower() in _AROUND or (found and set(part.lower().split()) <= _AROUND):
            continue
        if _ME.match(part):
            found.append(speaker)
            continue
        members = directory.groups.get(part.lstrip("@").lower()) if part.startswith("@") else None
        if members:
            found += [u for u in members if directory.person(u).active]
            continue
        one = _person(part, directory, example)
        if isinstance(one, Correction):
            if found and not re.search(r"@|[A-Z]", part):
                continue  # "@dana from claims": what else is said about people already named
            return one
        found.append(one)
    found = list(dict.fromkeys(found))
    if not found:
        return Correction(f"I found nobody in {quoted(text)}. A name or an @mention, please.", example)
    return found


def _person(part: str, directory: Directory, example: str) -> UserId | Correction:
    said = part.lstrip("@").lower().replace("’", "'")
    said = re.sub(r"'s$", "", said)
    people = list(directory.people.values())
    matches = _called(said, people, part.startswith("@"))
    if not matches:
        matches = _named_within(part, people)
    if not matches and _BOSS.search(part):
        return Correction(
            f"I do not know who {quoted(part, 40)} is. Which person? A name or an @mention.", example
        )
    if not matches:
        matches = _sounding_like(said, people)
    active = [p for p in matches if p.active]
    if len(active) == 1:
        return active[0].id
    if active:
        names = [f"{p.name} (@{p.handle})" if p.handle else p.name for p in active[:4]]
        listed = ", ".join(names[:-1]) + " or " + names[-1]
        return Correction(
            f"There is more than one {quoted(part, 40)}: {listed}. Whom do you mean?", _at_person(active[0])
        )
    if matches:
        return _gone(matches[0], example)
    near = _nearest(said, [p for p in people if p.active])
    hint = f" Did you mean {near.name}?" if near else ""
    return Correction(
        f"I do not find {quoted(part, 40)} in this workspace.{hint}", _at_person(near) if near else example
    )


def _called(said: str, people: Sequence[Person], handle: bool) -> list[Person]:
    """Those whose handle or full name it is; else those whose first or last name it is."""
    exact = [p for p in people if said in (p.handle.lower(), p.name.lower(), p.email.lower() or None)]
    active = [p for p in exact if p.active]
    by_handle = [p for p in active if said == p.handle.lower()]
    by_name = [
        p for p in people if p.active and said in (p.name.lower().split()[0], p.name.lower().split()[-1])
    ]
    if by_handle and len(by_name) > 1 and not handle:
        # A handle that is also several people's first name does not tell them apart, unless typed with "@".
        return by_name
    if active or exact:
        return active or exact
    parts = [p for p in people if said in p.name.lower().split()]
    return [p for p in parts if p.active] or parts


def _named_within(part: str, people: Sequence[Person]) -> list[Person]:
    """Those named somewhere in a longer part ("Lee owns the system"): full names first, then single names."""
    lowered = " " + re.sub(r"[^\w@.-]+", " ", part.lower()) + " "
    full = [
        p
        for p in people
        if f" {p.name.lower()} " in lowered or (p.handle and f" @{p.handle.lower()} " in lowered)
    ]
    if full:
        return [p for p in full if p.active] or full
    words = [w for w in re.findall(r"[\w'-]+", part) if w.lower() not in _AROUND]
    capital = any(w[0].isupper() for w in words)
    told = {re.sub(r"'s$", "", w).lower() for w in words if not capital or w[0].isupper()}
    single = [p for p in people if told & ({*p.name.lower().split()} | {p.handle.lower()})]
    return [p for p in single if p.active] or single


def _sounding_like(said: str, people: Sequence[Person]) -> list[Person]:
    said = " ".join(w for w in said.split() if w not in _AROUND) or said
    if len(said) < 3:
        return []
    scored = [(s, p) for p in people if p.active and (s := _likeness(said, p)) >= 80]
    best = max((s for s, _ in scored), default=0)
    return [p for s, p in scored if s >= best - 3]


def _likeness(said: str, person: Person) -> float:
    names = [person.name.lower(), person.handle.lower(), *person.name.lower().split()]
    return max((fuzz.ratio(said, n) - (4 if len(n) < 5 else 0) for n in names if len(n) > 2), default=0)


def _nearest(said: str, people: Sequence[Person]) -> Person | None:
    best = max(people, key=lambda p: _likeness(said, p), default=None)
    return best if best is not None and _likeness(said, best) >= 60 else None


def _gone(person: Person, example: str) -> Correction:
    return Correction(
        f"{person.name} is no longer active here, so somebody else has to be named. Who?", example
    )


def _at(directory: Directory, user: UserId) -> str:
    return _at_person(directory.person(user))


def _at_person(person: Person) -> str:
    return f"@{person.handle}" if person.handle else person.name
