"""Questions about what is so at this moment: what is asked, and about which use case."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.deciders import all_rights
from workflows.ids import Frozen, Tier, UseCaseId
from workflows.program import Program
from workflows.questions import Question
from workflows.words.following import follows
from workflows.words.known_titles import Fit, Known, fitting, said_whole
from workflows.words.lanes import ways_of_lane
from workflows.words.live import Kind, Vocabulary, Wording, content_words, names_one, read_wording

SURE = 0.7
"""From this score on a name is taken as meant, where no other comes near it."""
PERHAPS = 0.5
"""From this score on it is asked whether it was meant."""
WORDS = 3
"""Or as many words, where all of them are in the name."""
NEAR = 0.12
"""Names whose scores differ by less fit alike."""
MOSTLY = 0.6
"""The share of a name that must be said where the words may as well be about the rules."""
OFFERED = 4
"""How many names are offered where several fit, or none does."""


class LiveQuestion(Frozen):
    """A question that the stored state answers.

    About one use case (``use_case``), about those of whoever asks (``mine``), or about all that meet the
    conditions. Where the name fits several, or none, ``offered`` holds those that may be meant and ``named``
    what was said.
    """

    kind: Kind
    right: str = ""
    owner: str = ""
    use_case: UseCaseId | None = None
    offered: tuple[UseCaseId, ...] = ()
    named: str = ""
    mine: bool = False
    stages: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    function: str = ""
    lanes: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    late: bool = False

    @property
    def settled(self) -> bool:
        """Whether it is clear which use case is meant, or that none in particular is."""
        return not self.named


def vocabulary(program: Program) -> Vocabulary:
    """The words that this program's own things go by."""
    people = [q for q in program.intake.questions() if q.type == "person"]
    kind = next((q for q in program.intake.questions() if q.id == program.inventory.bucket), None)
    buckets = {c.id: (c.label.casefold(),) for c in kind.choices} if kind else {}
    return Vocabulary(
        rights={r.id: r.words for r in all_rights(program)},
        owners={str(q.id): (q.label.casefold(), *_roles_in(q)) for q in people},
        stages={s.id: _ways(s.id, s.label) for s in program.life_cycle.stages},
        functions={f.id: (f.label.casefold(), f.id) for f in program.functions.values()},
        lanes={lane.id: ways_of_lane(lane) for lane in program.inventory.lanes},
        buckets=buckets,
    )


def read_live(
    text: str,
    program: Program,
    titles: Sequence[Known],
    pointed: UseCaseId | None = None,
    before: LiveQuestion | None = None,
) -> LiveQuestion | None:
    """The question about the state that the words ask, or ``None`` where they ask about the rules.

    ``titles`` are the use cases that may be known here, ``pointed`` the one that "it" would be, ``before``
    the question that these words go on from.
    """
    wording = read_wording(text, vocabulary(program))
    if wording is None:
        return _gone_on(text, titles, before)
    asked = LiveQuestion(
        kind=wording.kind,
        right=wording.right,
        owner=wording.owner,
        mine=wording.mine,
        stages=wording.stages,
        tiers=wording.tiers,
        function=wording.function,
        lanes=wording.lanes,
        buckets=wording.buckets,
        late=wording.late,
    )
    if wording.kind in ("desk", "list", "count"):
        return asked
    return _about(text, wording, asked, titles, pointed)


def _about(
    text: str, wording: Wording, asked: LiveQuestion, titles: Sequence[Known], pointed: UseCaseId | None
) -> LiveQuestion | None:
    id = names_one(text)
    if id:
        known = next((k for k in titles if k.id == id), None)
        return _named(asked, UseCaseId(known.id)) if known else asked.model_copy(update={"named": id})
    whole = said_whole(wording.marked or text, titles)
    if whole:
        return _one_of(asked, whole, whole[0].title)
    words = content_words(wording.marked) if wording.marked else wording.rest
    fits = fitting(words, titles) if words else []
    best = [f for f in fits if f.score >= fits[0].score - NEAR] if fits else []
    certain = wording.marked or wording.kind in ("where", "decision", "deciders", "tier", "raci", "like")
    if best and best[0].score >= SURE and (certain or _plainly(best[0], words)):
        return _one_of(asked, _kept(best), " ".join(words))
    if wording.marked:
        near = tuple(UseCaseId(f.known.id) for f in fits[:OFFERED])
        return asked.model_copy(update={"named": wording.marked, "offered": near})
    if pointed and (wording.points or not words):
        return _named(asked, pointed)
    if wording.mine or (wording.kind in ("right", "version") and not words):
        return asked.model_copy(update={"mine": True})
    if certain and best and best[0].score >= PERHAPS:
        return _one_of(asked, [f.known for f in best], " ".join(words), surely=False)
    return None


def _plainly(fit: Fit, words: Sequence[str]) -> bool:
    """Whether so much of a name is said that no rule can be meant."""
    return fit.whole >= MOSTLY or (fit.fits > 0.99 and len(words) >= WORDS)


def _kept(best: list[Fit]) -> list[Known]:
    """One that is said in full leaves those behind that are not."""
    full = [f.known for f in best if f.score == 1.0]
    return full or [f.known for f in best]


def _one_of(asked: LiveQuestion, known: Sequence[Known], named: str, surely: bool = True) -> LiveQuestion:
    if len(known) == 1 and surely:
        return _named(asked, UseCaseId(known[0].id))
    offered = tuple(UseCaseId(k.id) for k in known[:OFFERED])
    return asked.model_copy(update={"named": named, "offered": offered})


def _gone_on(text: str, titles: Sequence[Known], before: LiveQuestion | None) -> LiveQuestion | None:
    """ "and for *Draft unit tests*?" asks the same of another one."""
    if before is None or not follows(text):
        return None
    id = names_one(text)
    known = [k for k in titles if k.id == id] if id else said_whole(text, titles)
    if not known:
        fits = fitting(content_words(text), titles)
        known = [fits[0].known] if fits and fits[0].score >= SURE else []
    return _named(before, UseCaseId(known[0].id)) if known else None


def _named(asked: LiveQuestion, id: UseCaseId) -> LiveQuestion:
    return asked.model_copy(update={"use_case": id, "mine": False, "named": "", "offered": ()})


def _roles_in(question: Question) -> tuple[str, ...]:
    """Other names of the question that are two words: "owner" alone would be any of them."""
    return tuple(n.casefold() for n in question.names if " " in n.strip())


def _ways(id: str, label: str) -> tuple[str, ...]:
    """How a stage is said: *In production*, *production*; *In review*."""
    short = label.casefold().removeprefix("in ")
    return tuple(dict.fromkeys((label.casefold(), short, id.replace("_", " "), f"in {short}")))
