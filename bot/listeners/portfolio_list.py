"""The portfolio: opened by command, button or word, turned, filtered and ranked."""

from __future__ import annotations

from collections.abc import Callable

from bot.drawing import scene_for
from bot.hearing import field
from bot.inputs import Click, CommandIn, Submission
from bot.registry import NOTHING, Answer, Moment, View, command, on_action, on_view
from bot.views.portfolio_list import CALLBACK, Chosen, chosen_in, chosen_of, portfolio_list
from workflows.ids import Subject, UserId
from workflows.words.portfolio import portfolio_words


def shown(moment: Moment, user: UserId, chosen: Chosen) -> View:
    """The list as this person may see it."""
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=user), user)
        return portfolio_list(scene, user, chosen, [])


@command(
    "portfolio",
    help="all use cases by lane, with filters: quick wins, strategic bets and the others",
    usage="[WORDS]",
)
def portfolio(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight portfolio``, with or without words such as *quick wins in claims*."""
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
