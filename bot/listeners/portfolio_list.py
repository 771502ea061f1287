"""The portfolio: opened by command, button or word; turned, filtered, ranked, exported and linked to."""

from __future__ import annotations

from collections.abc import Callable

from bot.drawing import scene_for
from bot.hearing import field
from bot.inputs import Click, CommandIn, Submission
from bot.listeners.portfolio_sorting import open_lane, shown_pairs
from bot.portfolio_link import link_to
from bot.registry import NOTHING, Answer, Message, Moment, View, command, on_action, on_view
from bot.views.kit import Element, button, section
from bot.views.portfolio_list import CALLBACK, Chosen, chosen_in, chosen_of, kept_of, portfolio_list
from bot.views.say import Said, words_of
from workflows.decision import Decision, Door, Entry
from workflows.effects import Work
from workflows.ids import Subject, UserId
from workflows.portfolio.sorting import LIST, Looking
from workflows.words.live import names_one
from workflows.words.portfolio import portfolio_words

_FORMATS = ("csv", "json")


def shown(moment: Moment, user: UserId, chosen: Chosen) -> View:
    """The list as this person may see it."""
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=user), user)
        return portfolio_list(scene, user, chosen, _foot(moment, user, chosen))


def _foot(moment: Moment, user: UserId, chosen: Chosen) -> list[Element]:
    """What can be done with the whole of it."""
    kept = kept_of(chosen.model_copy(update={"page": 0}))
    foot = [
        button("Export for a spreadsheet", "inventory.export/csv", f"csv|{kept}"),
        button("Export as JSON", "inventory.export/json", f"json|{kept}"),
    ]
    if moment.settings.public_url:
        foot.append(button("Whole table as a page", "inventory.link", kept))
    looking = Looking(moment.program, moment.directory, moment.circumstances(user, "button"))
    if LIST.refused(looking) is None:
        foot.append(button("Likely the same", "pairs.open"))
    return foot


@command(
    "portfolio",
    help="all use cases by lane, with filters: quick wins, strategic bets and the others",
    usage="[WORDS | export csv | export json | link | duplicates | lane USE CASE]",
)
def portfolio(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight portfolio``, with or without words such as *quick wins in claims*."""
    first, _, rest = said.rest.strip().partition(" ")
    circ = moment.circumstances(said.user, "command")
    match first.casefold():
        case "export":
            shape = rest.strip().casefold()
            return _export(moment, said.user, said.key, "command", shape or "csv", Chosen())
        case "link" | "page":
            return _link(moment, said.user, said.key, "command", Chosen())
        case "duplicates" | "same":
            return shown_pairs(moment, said.user, said.key, circ)
        case "lane":
            id = names_one(rest) or rest.strip()
            return open_lane(moment, said.user, said.key, circ, id)
    asked = portfolio_words(said.rest, moment.program)
    chosen = Chosen(
        lane=asked.lane,
        stage=asked.stage,
        tier=asked.tier,
        bucket=asked.bucket,
        function=asked.function,
        owner="mine" if asked.mine else "",
        words=asked.rest,
    )
    return Answer(view=shown(moment, said.user, chosen))


@on_action("inventory.show")
def show(moment: Moment, click: Click) -> Answer:
    """A button that leads to the list, with the filters it holds."""
    return Answer(view=shown(moment, click.user, chosen_of(click.value)))


@on_action("inventory.export")
def export(moment: Moment, click: Click) -> Answer:
    """The list as a file, in their direct message."""
    shape, _, kept = str(click.value or "").partition("|")
    return _export(moment, click.user, click.key, "button", shape, chosen_of(kept))


def _export(moment: Moment, user: UserId, key: str, door: Door, shape: str, chosen: Chosen) -> Answer:
    if shape not in _FORMATS:
        shape = _FORMATS[0]
    subject = Subject(type="person", id=user)
    data = {"format": shape, "chosen": kept_of(chosen)}
    work = Work(name="export_portfolio", subject=subject, data=data, key=f"export/{key}")
    with moment.store.write() as tx:
        if tx.first_time(key):
            tx.apply(Decision(effects=(work,)), moment.circumstances(user, door))
    return Answer(note=Message(text=words_of(moment.program, "portfolio_export_begins")))


@on_action("inventory.link")
def link(moment: Moment, click: Click) -> Answer:
    """A link to the page with the whole table, for them alone."""
    return _link(moment, click.user, click.key, "button", chosen_of(click.value))


def _link(moment: Moment, user: UserId, key: str, door: Door, chosen: Chosen) -> Answer:
    hours = moment.program.inventory.link_hours
    address = link_to(moment.settings, user, chosen, moment.now, hours)
    if not address:
        return Answer(note=Message(text=words_of(moment.program, "portfolio_link_off")))
    made = Entry(action="portfolio.linked", subject=Subject(type="person", id=user), detail={"hours": hours})
    with moment.store.write() as tx:
        if not tx.first_time(key):
            return NOTHING
        tx.apply(Decision(entries=(made,)), moment.circumstances(user, door))
    text = words_of(moment.program, "portfolio_link", address=Said(address), hours=hours)
    return Answer(note=Message(text=text, blocks=[section(text)]))


@on_action("inventory.page")
def turn(moment: Moment, click: Click) -> Answer:
    """The next page, or the one before."""
    if click.view is None:
        return NOTHING
    chosen = chosen_in(click.view.private)
    page = chosen.page + (1 if click.value == "next" else -1)
    return Answer(update=shown(moment, click.user, chosen.model_copy(update={"page": max(0, page)})))


def _chooses(field: str) -> Callable[[Moment, Click], Answer]:
    """A tab, a filter or an order was chosen: the first page of what meets it."""

    def choose(moment: Moment, click: Click) -> Answer:
        if click.view is None:
            return NOTHING
        value = str(click.value or "")
        changes = {field: "" if value == "any" else value[:100], "page": 0}
        chosen = chosen_in(click.view.private).model_copy(update=changes)
        return Answer(update=shown(moment, click.user, chosen))

    return choose


for _field in ("lane", "stage", "tier", "bucket", "function", "owner", "rank", "words"):
    on_action(f"inventory.{_field}")(_chooses(_field))


@on_view(CALLBACK)
def find(moment: Moment, submission: Submission) -> Answer:
    """ "Find": the first page of what has these words in its name."""
    changes = {"words": field(submission, "inventory|words")[:100], "page": 0}
    chosen = chosen_in(submission.view.private).model_copy(update=changes)
    return Answer(update=shown(moment, submission.user, chosen))
