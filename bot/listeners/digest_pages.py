"""The buttons of a digest that open what is behind it; who may not see the digest sees none of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.drawing import scene_for
from bot.hearing import not_for_them
from bot.inputs import Click
from bot.registry import NOTHING, Answer, Message, Moment, Scene, View, on_action
from bot.views.digest_pages import ROWS, Chosen, chosen_in, figure_view, section_view, tables_view
from bot.views.say import words_of
from workflows.digests import section
from workflows.digests.issue import DigestIssue
from workflows.digests.page import Page
from workflows.digests.reading import reads_issue


def _page(moment: Moment, click: Click, id: str, draw: Callable[[Scene, Page], View | None]) -> View | Answer:
    """The modal over a digest that is this person's to read, else what to answer instead."""
    with moment.store.read() as reading:
        issue = reading.get(DigestIssue, id)
        if issue is None:
            return Answer(note=Message(text=words_of(moment.program, "issue_gone")))
        if not reads_issue(click.user, issue, reading.directory()):
            return not_for_them(moment, issue.subject)
        scene = scene_for(moment, reading, issue.subject, click.user)
        view = draw(scene, Page.model_validate(issue.page))
    return view or Answer(note=Message(text=words_of(moment.program, "issue_gone")))


def _shown(moment: Moment, click: Click, chosen: Chosen) -> View | Answer:
    def draw(scene: Scene, page: Page) -> View | None:
        section.load()
        if chosen.section in section.SECTIONS:
            return section_view(scene, page, chosen)
        if any(n.metric == chosen.metric for n in page.numbers):
            return figure_view(scene, page, chosen)
        return None

    return _page(moment, click, chosen.issue, draw)


def _open(found: View | Answer) -> Answer:
    return found if isinstance(found, Answer) else Answer(view=found)


@on_action("digest.more")
def more(moment: Moment, click: Click) -> Answer:
    """All of one section, as it is now."""
    issue, _, name = str(click.value).partition("|")
    return _open(_shown(moment, click, Chosen(issue=issue, section=name)))


@on_action("digest.behind")
def behind(moment: Moment, click: Click) -> Answer:
    """The use cases behind a figure."""
    issue, _, metric = str(click.value).partition("|")
    return _open(_shown(moment, click, Chosen(issue=issue, metric=metric)))


@on_action("digest.tables")
def tables(moment: Moment, click: Click) -> Answer:
    """The figures and tables that are not in the post."""
    return _open(_page(moment, click, str(click.value), tables_view))


@on_action("digest.turn")
def turn(moment: Moment, click: Click) -> Answer:
    """The next page of what a modal shows, or the one before."""
    chosen = chosen_in(click.view.private) if click.view else None
    if chosen is None:
        return NOTHING
    step = ROWS if click.value == "next" else -ROWS
    found = _shown(moment, click, chosen.model_copy(update={"skip": max(0, chosen.skip + step)}))
    return found if isinstance(found, Answer) else Answer(update=found)
