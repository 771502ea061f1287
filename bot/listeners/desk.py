"""The list of all that waits for a person: opened, turned, filtered, and decided from."""

from __future__ import annotations

from collections.abc import Callable

from bot.drawing import scene_for
from bot.hearing import field
from bot.inputs import Click, CommandIn, Submission
from bot.listeners.approval import approve as say_yes
from bot.registry import NOTHING, Answer, Moment, View, command, on_action, on_view
from bot.views.desk_list import CALLBACK, Chosen, chosen_in, desk_list
from workflows.ids import Subject, UserId


def _list(moment: Moment, user: UserId, chosen: Chosen) -> View:
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=user), user)
        return desk_list(scene, user, chosen)


@command("desk", help="everything that waits for you, in pages, with filters")
def desk(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight desk``; words after it look for a use case."""
    return Answer(view=_list(moment, said.user, Chosen(words=said.rest[:100])))


@on_action("desk.all")
def see_all(moment: Moment, click: Click) -> Answer:
    """The button under a list that shows only the most urgent."""
    return Answer(view=_list(moment, click.user, Chosen()))


@on_action("desk.page")
def turn(moment: Moment, click: Click) -> Answer:
    """The next page, or the one before."""
    if click.view is None:
        return NOTHING
    chosen = chosen_in(click.view.private)
    page = chosen.page + (1 if click.value == "next" else -1)
    return Answer(update=_list(moment, click.user, chosen.model_copy(update={"page": max(0, page)})))


def _chooses(field: str) -> Callable[[Moment, Click], Answer]:
    """A filter was chosen: the first page of what meets it."""

    def choose(moment: Moment, click: Click) -> Answer:
        if click.view is None:
            return NOTHING
        value = str(click.value or "")
        changes = {field: "" if value == "any" else value[:100], "page": 0}
        chosen = chosen_in(click.view.private).model_copy(update=changes)
        return Answer(update=_list(moment, click.user, chosen))

    return choose


for _field in ("kind", "tier", "due", "function", "words"):
    on_action(f"desk.{_field}")(_chooses(_field))


@on_action("desk.approve")
def approve(moment: Moment, click: Click) -> Answer:
    """Yes with one click, from the list; the row goes and the others stay where they are."""
    answer = say_yes(moment, click)
    if click.view is None or click.view.callback != CALLBACK or answer.update is not None:
        return answer
    return Answer(update=_list(moment, click.user, chosen_in(click.view.private)))


@on_view(CALLBACK)
def find(moment: Moment, submission: Submission) -> Answer:
    """ "Find": the first page of what has these words in the use case's name."""
    changes = {"words": field(submission, "desk|words")[:100], "page": 0}
    chosen = chosen_in(submission.view.private).model_copy(update=changes)
    return Answer(update=_list(moment, submission.user, chosen))
