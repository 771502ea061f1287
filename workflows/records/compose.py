"""The governance record of a use case, composed from all that is kept about it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from workflows.approval import Approval
from workflows.contract import Contract
from workflows.events import Event
from workflows.people import Directory
from workflows.portfolio_review import PortfolioReview
from workflows.program import Program
from workflows.records.answers import answer_section, changes_section
from workflows.records.details import Names, as_text, moment, section_of, words
from workflows.records.document import Block, Document, Entries, Lines, Section, Table, Words, plain
from workflows.records.filed import Filed, LogLine
from workflows.use_case import Assessment, UseCase
from workflows.walk import Walk

_NONE = "None."


def compose(filed: Filed, program: Program, directory: Directory, now: datetime) -> Document:
    """The whole document. ``program`` are the rules that the use case goes by; ``now`` is the moment that
    ``filed`` was read. The same state and moment give the same document."""
    names = Names(program, directory)
    use_case, dossier = filed.dossier.use_case, filed.dossier
    intake = next((w for w in dossier.walks if w.questionnaire == program.intake.id), None)
    others = [w for w in dossier.walks if w is not intake]
    sections = [
        _head(filed, names),
        answer_section(
            "Answers", program.intake, use_case.answers or (intake.answers if intake else {}), names
        ),
        changes_section(filed.log, names),
        *_assessed(use_case, names),
        _each("Decisions", [_decision(a, names) for a in dossier.approvals]),
        _conditions(dossier.approvals, names),
        _each("Waivers", [section_of(f"{w.id}: {w.control}", w, names, ("id",)) for w in dossier.waivers]),
        _each("Checklists and assessments", [_walk(w, names) for w in others]),
        _each("Releases", [section_of(f"{r.id}: version {r.version}", r, names) for r in dossier.releases]),
        _each("Incidents", [section_of(f"{i.id}: {i.type}", i, names) for i in dossier.incidents]),
        _each("Data contracts relied on", [_contract(c, filed, names) for c in dossier.contracts]),
        _each("Portfolio reviews", [_review(r, filed, names) for r in filed.reviews]),
        _figures(filed, names),
        *([_walk(intake, names, "How it was brought in")] if intake else []),
        _log(filed.log, names),
        _versions(filed),
        _end(filed, now),
    ]
    return Document(
        title=f"Governance record: {use_case.title or use_case.id}",
        subject=use_case.id,
        at=now,
        sections=tuple(sections),
    )


def _head(filed: Filed, names: Names) -> Section:
    use_case = filed.dossier.use_case
    stage = next((s.label for s in names.program.life_cycle.stages if s.id == use_case.stage), use_case.stage)
    rows: list[tuple[Words, ...]] = [(plain("Stage"), plain(stage))]
    if use_case.assessment:
        rows.append((plain("Risk tier"), plain(use_case.assessment.tier.tier)))
    for question in names.program.intake.questions():
        answer = use_case.answers.get(question.id)
        if question.type == "person" and answer and answer.value:
            rows.append((plain(question.label), words(str(answer.value), names)))
    for other in use_case.builds_on:
        rows.append((plain("Builds on"), plain(f"{other}: {filed.titles.get(other, other)}")))
    found = section_of("The use case", use_case, names, ("title", "stage", "builds_on"))
    own = found.blocks[0].rows if found.blocks and isinstance(found.blocks[0], Table) else ()
    return Section(
        title="The use case",
        blocks=(Table(rows=(*rows, *own), widths=(1, 3)),),
        sections=found.sections,
    )


def _assessed(use_case: UseCase, names: Names) -> list[Section]:
    assessment = use_case.assessment
    if assessment is None:
        return [_each("Scores", []), _each("Risk tier", [])]
    return [_scores(use_case, assessment, names), _tier(assessment, names)]


def _scores(use_case: UseCase, assessment: Assessment, names: Names) -> Section:
    below = []
    for id, scores in assessment.scorecards.items():
        card = names.program.scorecards.get(id)
        items = tuple(words(s, names) for s in scores)
        called = getattr(card, "label", "") or getattr(card, "title", "") or id
        below.append(Section(title=str(called), blocks=(Entries(items=items),)))
    if use_case.overrides:
        items = tuple(words(o, names) for o in use_case.overrides)
        below.append(Section(title="Overridden by people", blocks=(Entries(items=items),)))
    facets = tuple((plain(k), words(v, names)) for k, v in assessment.facets.items() if v)
    blocks: tuple[Block, ...] = (Table(rows=facets, widths=(1, 3)),) if facets else ()
    return Section(title="Scores", blocks=blocks, sections=tuple(below))


def _tier(assessment: Assessment, names: Names) -> Section:
    tier = assessment.tier
    rules = ", ".join(str(r) for r in tier.rules)
    rows: list[tuple[Words, ...]] = [(plain("Tier"), plain(tier.tier))]
    rows += [(plain("Because"), plain(b)) for b in tier.because]
    if rules:
        rows.append((plain("Rules that held, by their number"), plain(rules)))
    rows += [(plain("Rests on"), plain(f"{d.label} ({d.question}): {d.shown}")) for d in tier.drivers]
    rows += [(plain(f"Would be {v.tier} if"), plain(f"{v.text} ({v.question})")) for v in tier.levers]
    return Section(title="Risk tier", blocks=(Table(rows=tuple(rows), widths=(1, 3)),))


def _decision(approval: Approval, names: Names) -> Section:
    about = f" of {approval.matter.id}" if approval.matter else ""
    seats = tuple(section_of(f"Seat: {s.label}", s, names) for s in approval.seats)
    aside = tuple(section_of(f"Seat that no longer counts: {s.label}", s, names) for s in approval.aside)
    title = f"{approval.id}: {approval.kind}{about}, {approval.status}"
    return section_of(title, approval, names, ("seats", "aside", "conditions"), (*seats, *aside))


def _conditions(approvals: Sequence[Approval], names: Names) -> Section:
    items = tuple(
        (*plain(f"{a.id}: "), *words(condition, names)) for a in approvals for condition in a.conditions
    )
    return Section(title="Conditions", blocks=(Entries(items=items) if items else _nothing(),))


def _walk(walk: Walk, names: Names, title: str = "") -> Section:
    asked = names.program.questionnaires.get(walk.questionnaire)
    called = title or f"{walk.id}: {asked.name if asked else walk.questionnaire}"
    given = () if title else (answer_section("Answers", asked, walk.answers, names),)
    result = (section_of("Result", walk.result, names),) if walk.result else ()
    return section_of(called, walk, names, ("result",), (*given, *result))


def _contract(contract: Contract, filed: Filed, names: Names) -> Section:
    own = filed.dossier.use_case.id
    receipts = tuple(r for r in contract.receipts if r.use_case == own)
    texts = tuple(
        plain(f"{v.version}: SHA-256 {hashlib.sha256(v.text.encode('utf-8', 'replace')).hexdigest()}")
        for v in contract.versions
    )
    kept = Section(title="Texts of the versions", blocks=(Entries(items=texts),))
    theirs = contract.model_copy(update={"receipts": receipts})
    return section_of(f"{contract.id}: {contract.title}", theirs, names, (), (kept,))


def _review(review: PortfolioReview, filed: Filed, names: Names) -> Section:
    own = filed.dossier.use_case.id
    theirs = review.model_copy(
        update={
            "verdicts": tuple(v for v in review.verdicts if v.use_case == own),
            "tasks": tuple(t for t in review.tasks if t.use_case == own),
        }
    )
    return section_of(f"{review.id}: {review.period}", theirs, names)


def _figures(filed: Filed, names: Names) -> Section:
    rows = tuple(
        (
            plain(f"{e.week.isoformat()}"),
            plain(f"{e.kind} {e.function}".strip()),
            plain(as_text(e.value) + (f" of {as_text(e.of)}" if e.of is not None else "")),
            _told(e, names),
        )
        for e in filed.events
    )
    head = ("Week", "What", "Value", "Told")
    table: Block = Table(head=head, rows=rows, widths=(2, 3, 3, 8)) if rows else _nothing()
    asked = tuple(words(c, names) for c in filed.check_ins)
    below = (Section(title="Weekly check-ins", blocks=(Entries(items=asked),)),) if asked else ()
    return Section(title="Figures told", blocks=(table,), sections=below)


def _told(event: Event, names: Names) -> Words:
    of = f" of {names.person(event.person)}" if event.person else ""
    by = f" by {names.person(event.by)}" if event.by else ""
    late = ", late" if event.late else ""
    told = plain(f"{event.source}{of}{by}, {moment(event.received_at)}{late}")
    return (*told, *plain(": "), *words(event.detail, names)) if event.detail else told


def _log(log: Sequence[LogLine], names: Names) -> Section:
    rows = tuple(
        (
            plain(str(line.seq)),
            plain(f"{line.at:%Y-%m-%d %H:%M}"),
            plain(f"{names.person(line.actor)} ({line.door})"),
            plain(f"{line.action}{' (refused)' if line.refused else ''}"),
            plain(line.subject.partition("/")[2]),
            words(line.detail, names),
            plain(line.program.label),
        )
        for line in log
    )
    head = ("Row", "When (UTC)", "Who", "What", "About", "Detail", "Rules")
    table: Block = Table(head=head, rows=rows, widths=(2, 4, 4, 4, 3, 7, 2)) if rows else _nothing()
    return Section(title="Everything that happened, from the audit log", blocks=(table,))


def _versions(filed: Filed) -> Section:
    rows = tuple(
        (
            plain(v.stamp.label),
            plain(v.stamp.hash),
            plain(
                f"{v.files} files, kept since {moment(v.kept_at)}" if v.kept_at else "its texts are not here"
            ),
        )
        for v in filed.versions
    )
    table: Block = (
        Table(head=("Version", "SHA-256", "Texts"), rows=rows, widths=(1, 5, 3)) if rows else _nothing()
    )
    return Section(title="Versions of the program", blocks=(table,))


def _end(filed: Filed, now: datetime) -> Section:
    text = (
        f"Written on {moment(now)}, when the audit log ended at row {filed.chain.seq} with the hash "
        f"{filed.chain.hash or '-'}. “preflight audit verify” and the log's export show whether that row is "
        "still there, and with it everything before it."
    )
    return Section(title="How to hold this against the log", blocks=(Lines(items=(plain(text),)),))


def _each(title: str, sections: Sequence[Section]) -> Section:
    return Section(title=title, blocks=() if sections else (_nothing(),), sections=tuple(sections))


def _nothing() -> Block:
    return Lines(items=(plain(_NONE),))
