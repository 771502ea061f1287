"""The week's gaps in the playbook, for whoever looks after it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.audiences import audiences_of
from bot.registry import Message, Scene, renders
from bot.views.kit import Block, brief, context, day, escape, header, prose, words
from bot.views.say import Said, say
from storage.reading import Reading
from workflows.gaps import Gap, GapReport, Stale, by_function, gaps
from workflows.ids import UserId
from workflows.program import Program

_SHOWN = 40
_SAID = 2
_WHY = {"unanswered": "no answer", "referred": "put to a person", "unhelpful": "answered, but not helpful"}


def gaps_for(
    reading: Reading, program: Program, user: UserId | None, since: datetime, until: datetime
) -> GapReport:
    """The gaps of that time as this person may see them; without one, as everybody may."""
    directory = reading.directory()
    audiences = audiences_of(user, directory, program) if user else frozenset[str]()
    found = reading.consultations_since(since, until)
    return gaps(found, reading.told, program, directory, since, until, audiences)


@renders("gaps")
def weekly_gaps(scene: Scene, data: dict[str, object]) -> Message:
    """What people asked and did not get, by function, and the stale pages that were quoted."""
    since, until = (datetime.fromisoformat(str(data[name])) for name in ("since", "until"))
    report = gaps_for(scene.reading, scene.program, scene.reader, since, until)
    zone = scene.directory.person(scene.reader).tz if scene.reader else "UTC"
    last = until - timedelta(microseconds=1)
    title = say(scene, "gaps_title", since=day(since, zone), until=day(last, zone))
    intro = say(scene, "gaps_intro", gaps=len(report.gaps), stale=len(report.stale))
    blocks: list[Block] = [header(title), *prose(intro)]
    shown = report.model_copy(update={"gaps": report.gaps[:_SHOWN]})
    for function, listed in by_function(shown).items():
        known = scene.program.functions.get(function)
        label = escape(known.label) if known else "No function"
        lines = [f"*{label}*", *(_gap(scene, gap) for gap in listed)]
        blocks += prose("\n".join(lines))
    if len(report.gaps) > _SHOWN:
        blocks.append(context(say(scene, "gaps_more", more=len(report.gaps) - _SHOWN)))
    if report.stale:
        stale = [say(scene, "gaps_stale"), *(_stale(page) for page in report.stale[:_SHOWN])]
        blocks += prose("\n".join(stale))
    blocks.append(context(say(scene, "gaps_how")))
    return Message(text=brief(f"{title}. {intro}"), blocks=blocks)


def _gap(scene: Scene, gap: Gap) -> str:
    people = "1 person" if gap.askers == 1 else f"{gap.askers} people"
    why = ", ".join(_WHY[w] for w in gap.why)
    times = f", {gap.times} times" if gap.times > gap.askers else ""
    line = f"• “{words(gap.question[:300], scene.directory)}” ({people}{times}; {why})"
    said = [f"“{words(text[:200], scene.directory)}”" for text in gap.said[:_SAID]]
    return f"{line}\n    {say(scene, 'gaps_said', said=Said(', '.join(said)))}" if said else line


def _stale(page: Stale) -> str:
    try:
        when = day(date.fromisoformat(page.date))
    except ValueError:
        when = page.date
    owner = f", {escape(page.owner)}" if page.owner else ""
    times = "once" if page.times == 1 else f"{page.times} times"
    return f"• {escape(page.document)}{owner}: {when}, quoted {times}"
