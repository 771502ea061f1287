"""The approval card: what is asked and why of you, the numbers that matter, what others said, the buttons."""

from __future__ import annotations

from bot.precedents import Precedent, precedents
from bot.registry import Message, Scene, renders
from bot.views.asked import asked_in, particulars
from bot.views.case import (
    Case,
    case_of,
    informed,
    inline,
    on_date,
    outcome_line,
    quote,
    seat_line,
    verdict_line,
    waiting_names,
    when,
)
from bot.views.evidence import evidence_lines
from bot.views.facts import facts
from bot.views.kit import (
    Block,
    actions,
    at,
    bare,
    button,
    clip,
    context,
    escape,
    fields,
    header,
    name,
    named,
    section,
    words,
)
from bot.views.review import TIER_MARK, tier_lines
from bot.views.say import Said, say
from workflows.approval import Approval, Condition, Inquiry, Seat
from workflows.escalating import first_told
from workflows.ids import QuestionId
from workflows.questionnaire import shown, visible_questions
from workflows.results import names_of
from workflows.seats import decided, holders, is_open, usable_mandate
from workflows.use_case import UseCase

_INQUIRIES_SHOWN = 4
_SEATS_SHOWN = 12


@renders("approval")
def approval(scene: Scene, data: dict[str, object]) -> Message:
    """One seat's card, for one person or for the seat's channel; without buttons once nothing is wanted."""
    case = case_of(scene)
    seat = case.approval.seat(str(data.get("seat")))
    if seat is None:
        return _dropped_card(scene, case, str(data.get("seat")))
    if is_open(case.approval, seat) and may_still_hold(scene, seat):
        return _open_card(scene, case, seat)
    return _closed_card(scene, case, seat)


def may_still_hold(scene: Scene, seat: Seat) -> bool:
    """False for a reader from whom the seat was taken back; a channel has no single reader."""
    return scene.reader is None or scene.reader in holders(seat)


def _open_card(scene: Scene, case: Case, seat: Seat) -> Message:
    asks = asked_in(scene, case)
    who = name(case.approval.asked_by or case.approval.submitter, scene.directory)
    text = f"{bare(who)} asks for {bare(asks)}: {case.title}"
    blocks: list[Block] = [
        header(case.title),
        section(f"*{who} asks for {asks}* · {case.use_case.id}\n{_why_you(scene, seat)}"),
        *particulars(scene, case),
        *facts_of(scene, case.use_case),
        section(tier_line(scene, case)),
        *_attached(scene, case),
        *evidence_lines(scene, case),
        *progress_of(scene, case),
        *before(scene, case),
        section(deadline(scene, case.approval, seat)),
        decide(scene, case.approval, seat),
    ]
    return Message(text=clip(text, 3000), blocks=blocks)


def _closed_card(scene: Scene, case: Case, seat: Seat) -> Message:
    """What was decided, in the place of the buttons."""
    approval = case.approval
    lines = [verdict_line(scene, v, _conditions(approval, seat)) for v in seat.verdicts]
    outcome = outcome_line(scene, case)
    if decided(seat) and lines:
        mark = "⛔" if seat.verdicts[-1].choice == "reject" else "✅"
        done = f"{mark} *{'; '.join(lines)}*" if len(lines) == 1 else f"{mark} " + "\n".join(lines)
        if outcome and len(approval.seats) > 1:
            done += f"\n{outcome}"
    elif outcome:
        others = [f"{seat_line(scene, approval, s)}" for s in approval.seats if s.verdicts]
        done = "\n".join([outcome, *others[:_SEATS_SHOWN]])
    else:
        done = _handed_on(scene, seat)
    blocks: list[Block] = [
        header(case.title),
        context(
            f"{case.use_case.id} · {asked_in(scene, case)} · {escape(seat.label)} ·"
            f" {TIER_MARK[approval.tier]} {approval.tier} ·"
            f" submitted by {name(approval.submitter, scene.directory)}"
        ),
        section(done),
        *(progress_of(scene, case, but=seat) if approval.status == "waiting" else []),
        actions(_block(approval, seat), [_open(approval, seat)]),
    ]
    return Message(text=clip(f"{bare(done)} ({case.title})", 3000), blocks=blocks)


def _dropped_card(scene: Scene, case: Case, id: str) -> Message:
    """Of a seat that is no longer demanded since an answer changed. ``LookupError`` for one never there."""
    approval = case.approval
    seat = next((s for s in reversed(approval.aside) if s.id == id), None)
    if seat is None:
        raise LookupError(f"approval {approval.id} has no seat {id}")
    text = say(scene, "card_dropped", label=seat.label)
    blocks = [
        header(case.title),
        context(f"{case.use_case.id} · {asked_in(scene, case)} · {escape(seat.label)}"),
        section(text),
        actions(_block(approval, seat), [_open(approval, seat)]),
    ]
    return Message(text=clip(f"{bare(text)} ({case.title})", 3000), blocks=blocks)


def _handed_on(scene: Scene, seat: Seat) -> str:
    """To someone who no longer holds the seat: who has it now."""
    text = say(scene, "card_handed_on", label=seat.label, who=waiting_names(scene, seat))
    return str(text)


def _why_you(scene: Scene, seat: Seat) -> str:
    if scene.reader is None:
        return f"Asked of *{escape(seat.label)}*: {waiting_names(scene, seat)}."
    mandate = holders(seat).get(scene.reader)
    if mandate and mandate != scene.reader:
        given = next((d for d in reversed(seat.delegations) if d.to == scene.reader), None)
        by = name(given.by, scene.directory) if given else name(mandate, scene.directory)
        if given and given.kind == "away" and given.until:
            until = Said(on_date(given.until, scene.now))
            return str(say(scene, "card_stand_in", by=Said(by), until=until, label=seat.label))
        if given and given.kind == "standing":
            return str(say(scene, "card_beside", by=Said(by), label=seat.label))
        why = f": “{inline(given.reason, scene.directory, 300)}”" if given and given.reason else ""
        return f"You are asked because {by} handed this to you ({escape(seat.label)}){why}."
    if seat.unresolved:
        return str(say(scene, "card_unresolved_you", label=seat.label))
    return f"You are asked because {escape(seat.why)} ({escape(seat.label)})."


def facts_of(scene: Scene, use_case: UseCase) -> list[Block]:
    """What it is about in the submitter's words, and the numbers that matter."""
    questionnaire = scene.program.intake
    blocks: list[Block] = []
    story = questionnaire.story_question
    if story and story in use_case.answers:
        blocks.append(section(quote(str(use_case.answers[story].value), scene.directory)))
    pairs = [_fact(scene, use_case, id) for id in questionnaire.facts if id in use_case.answers]
    if pairs:
        blocks.append(fields(pairs))
    return blocks


def _fact(scene: Scene, use_case: UseCase, id: QuestionId) -> tuple[str, str]:
    """Label and value; a number that is part of a measure brings the whole measure with it."""
    questionnaire = scene.program.intake
    question, step = questionnaire.question(id), questionnaire.step_of(id)
    metric = next((q for q in step.questions if q.part == "metric"), None)
    if step.together == "measure" and metric and metric.id in use_case.answers:
        parts = [q.id for q in step.questions if q.part]
        return escape(metric.label), facts(scene, questionnaire, parts, use_case.answers)[0]
    value = shown(question, use_case.answers[id].value, scene.directory)
    return escape(question.label), words(clip(value, 300), scene.directory)


def tier_line(scene: Scene, case: Case) -> str:
    """The tier and what it rests on, and which rules of the program ask for this decision."""
    if case.use_case.assessment is None:
        return f"{TIER_MARK[case.approval.tier]} *Tier: {case.approval.tier}*"
    lines = tier_lines(scene, case.use_case.assessment)
    if case.approval.because:
        lines += "\n_" + " ".join(escape(b) for b in case.approval.because[:4]) + "_"
    return clip(lines, 2900)


def _attached(scene: Scene, case: Case) -> list[Block]:
    """Evidence that came with it, and documents that the program asks for."""
    found = []
    for question in visible_questions(scene.program.intake, case.use_case.answers):
        answer = case.use_case.answers.get(QuestionId(question.id))
        if answer and question.type == "file":
            found += [_file(f) for f in answer.value if isinstance(f, dict)]
        elif answer and question.type == "link":
            found.append(_link(str(answer.value), question.label))
    lines = []
    if found:
        more = f" and {len(found) - 8} more" if len(found) > 8 else ""
        lines.append(f"*Attached:* {', '.join(found[:8])}{more}")
    asked = (*names_of(scene.program, case.approval.assessments), *case.approval.documents)
    if asked:
        lines.append(f"*Asked for on the way:* {', '.join(escape(clip(d, 120)) for d in asked[:10])}")
    return [section(clip("\n".join(lines), 2900))] if lines else []


def _file(file: dict[str, object]) -> str:
    label = str(file.get("name") or "file")
    return _link(str(file.get("link") or ""), label)


def _link(address: str, label: str) -> str:
    """A link to what people attached; only web addresses become one, anything else stays words."""
    plain = escape(clip(label, 80)).replace("|", "/")
    if not address.startswith(("https://", "http://")) or len(address) > 600 or set(address) & set("<>| \n"):
        return plain if not address else f"{plain} ({escape(clip(address, 200))})"
    return f"<{address.replace('&', '&amp;')}|{plain}>"


def progress_of(scene: Scene, case: Case, but: Seat | None = None) -> list[Block]:
    """What the seats (``but`` one) have decided, and what was asked and answered."""
    approval = case.approval
    blocks: list[Block] = []
    seats = [s for s in approval.seats if s != but]
    if len(approval.seats) > 1 or any(s.verdicts for s in seats):
        lines = [seat_line(scene, approval, s) for s in seats[:_SEATS_SHOWN]]
        blocks.append(section(clip("\n".join(lines), 2900)))
    asked = approval.inquiries[-_INQUIRIES_SHOWN:]
    if len(approval.inquiries) > len(asked):
        blocks.append(context(f"{len(approval.inquiries) - len(asked)} earlier questions are behind Open."))
    blocks += [section(inquiry_lines(scene, i)) for i in asked]
    return blocks


def inquiry_lines(scene: Scene, inquiry: Inquiry, limit: int = 450) -> str:
    """A question and its answer."""
    asked = f"❓ *{name(inquiry.by, scene.directory)} asked {name(inquiry.of, scene.directory)}:*"
    lines = f"{asked} {inline(inquiry.question, scene.directory, limit)}"
    if inquiry.answered_by:
        answer = inline(inquiry.answer, scene.directory, limit)
        return f"{lines}\n💬 *{name(inquiry.answered_by, scene.directory)}:* {answer}"
    return f"{lines}\n_{'Waits for an answer.' if inquiry.open else 'No longer needed.'}_"


def before(scene: Scene, case: Case) -> list[Block]:
    """Similar decisions before."""
    found = precedents(scene, case.use_case)
    if not found:
        return []
    return [section(clip("*Decided before*\n" + "\n".join(_precedent(scene, p) for p in found), 2900))]


def _precedent(scene: Scene, found: Precedent) -> str:
    approval = found.approval
    title = inline(found.use_case.title or found.use_case.id, scene.directory, 80)
    by = [v.by for s in approval.seats for v in s.verdicts]
    who = f" by {named(dict.fromkeys(by[-2:]), scene.directory, 'and')}" if by else " automatically"
    many = len(approval.conditions)
    with_ = f", with {many} condition{'s' if many > 1 else ''}" if many else ""
    day = f", {at(approval.closed_at, '{date_short}')}" if approval.closed_at else ""
    return f"• _{title}_ ({found.use_case.id}): {approval.status}{who}{with_}{day}"


def deadline(scene: Scene, approval: Approval, seat: Seat) -> str:
    """By when, and what happens when nobody does anything."""
    if seat.due is None:
        return str(say(scene, "deadline_none"))
    due = Said(when(scene, seat.due))
    late = seat.due < scene.now
    if seat.escalations:
        key = "deadline_passed" if late else "deadline_known"
        return str(say(scene, key, due=due, team=informed(scene, seat)))
    role = scene.program.roles.get(first_told(approval, seat, scene.program))
    team = f"#{role.room}" if role and role.room else role.label if role else "the program team"
    return str(say(scene, "deadline_passed" if late else "deadline", due=due, team=team))


def decide(scene: Scene, approval: Approval, seat: Seat) -> Block:
    """The buttons. Everyone who sees the card sees them; the server knows who may press them."""
    value = f"{approval.id}|{seat.id}"
    opened = _open(approval, seat)
    if scene.reader is not None and not usable_mandate(seat, scene.reader):
        return actions(_block(approval, seat), [opened])
    return actions(
        _block(approval, seat),
        [
            button("Approve", "approval.approve", value, style="primary"),
            button("Approve with conditions", "approval.conditions", value),
            button("Request changes", "approval.changes", value),
            button("Reject", "approval.reject", value, style="danger"),
            *([button("Delegate", "approval.delegate", value)] if approval.delegable else []),
            opened,
        ],
    )


def _open(approval: Approval, seat: Seat) -> dict[str, object]:
    return button("Open", "approval.open", f"{approval.id}|{seat.id}")


def _block(approval: Approval, seat: Seat) -> str:
    return f"approval|{approval.id}|{seat.id}"


def _conditions(approval: Approval, seat: Seat) -> tuple[Condition, ...]:
    return tuple(c for c in approval.conditions if c.seat == seat.id)


@renders("unresolved")
def unresolved(scene: Scene, data: dict[str, object]) -> Message:
    """To the program team: a seat that its role could not fill, and what to do about it."""
    case = case_of(scene)
    seat = case.approval.seat(str(data.get("seat")))
    if seat is None:
        raise LookupError(f"approval {case.approval.id} has no seat {data.get('seat')}")
    people = scene.directory.active(seat.people)
    values = {"title": case.title, "id": case.use_case.id, "label": seat.label}
    if people:
        text = say(scene, "seat_stand_in", who=Said(named(people, scene.directory)), **values)
    else:
        text = say(scene, "seat_empty", **values)
    if decided(seat) or case.approval.status != "waiting":
        text = Said(f"{text}\n{seat_line(scene, case.approval, seat)}")
    return Message(text=clip(bare(text), 3000), blocks=[section(text)])
