"""Many people at one checklist in the same moment, on both databases: one list, and no answer lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

from bot.listeners.checking import standing
from bot.listeners.starting import open_questionnaire
from bot.registry import Moment
from storage.errors import StaleState
from storage.store import Store
from storage.verify import verify
from tests.workflows.shared import MONDAY
from tests.workflows.talk import DANA, DEFAULT, DIRECTORY, LEE, MO
from workflows import conversation
from workflows.answers import Answer
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import QuestionId, UseCaseId, UserId
from workflows.use_case import UseCase

LIST = "production_readiness"


def circ(user: UserId) -> Circumstances:
    return Circumstances(now=MONDAY, actor=Actor(user=user, door="button"), program=DEFAULT.stamp)


def moment_of(store: Store) -> Moment:
    return Moment(store=store, program=DEFAULT, settings=cast(Any, None), now=MONDAY, bot_user=UserId("UBOT"))


def a_use_case(store: Store) -> UseCaseId:
    with store.write() as tx:
        tx.save_people(DIRECTORY.people.values(), DIRECTORY.groups)
        use_case = UseCase(
            id=tx.new_id("use_case"),
            title="Claims notes",
            stage="pilot",
            submitter=DANA,
            program=DEFAULT.stamp,
            answers={
                QuestionId("technical_owner"): Answer(value=LEE, how="form", by=DANA, at=MONDAY),
            },
            created_at=MONDAY,
        )
        entry = Entry(action="use_case.imported", subject=use_case.subject)
        tx.apply(Decision(changed=(use_case,), entries=(entry,)), circ(DANA))
    return use_case.id


def at_once(jobs: list[Callable[[], None]]) -> None:
    """All of them together; whoever meets another's change tries again, as a listener does."""
    failed: list[BaseException] = []
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        gate.wait()
        for _ in range(20):
            try:
                job()
                return
            except StaleState:
                continue
            except BaseException as error:
                failed.append(error)
                return
        failed.append(AssertionError("never came through"))

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed, failed


def test_a_list_that_many_open_at_once_is_one_list(store: Store) -> None:
    use_case, moment = a_use_case(store), moment_of(store)

    def opens(user: UserId) -> None:
        with store.write() as tx:
            open_questionnaire(tx, moment, circ(user), LIST, use_case)

    at_once([lambda u=user: opens(u) for user in (DANA, LEE, MO) * 3])  # type: ignore[misc]
    with store.read() as reading:
        (walk,) = [w for w in reading.walks_about(use_case) if w.questionnaire == LIST]
        assert {walk.owner, *(t.user for t in walk.talks)} == {DANA, LEE, MO}
        assert verify(reading.connection).problems == ()


def test_answers_that_many_give_at_once_are_all_kept_under_their_names(store: Store) -> None:
    use_case, moment = a_use_case(store), moment_of(store)
    items = [q.id for q in DEFAULT.questionnaires[LIST].questions()]

    def answers(user: UserId, item: QuestionId) -> None:
        with store.write() as tx:
            here = standing(tx, moment, circ(user), use_case, LIST)
            assert here is not None
            said = {item: {"state": "no", "reason": f"says {user}"}}
            directory = tx.directory()
            decision = conversation.keep(here.walk, here.use_case, said, DEFAULT, directory, circ(user))
            tx.apply(decision, circ(user))

    people = (DANA, LEE, MO)
    given = {item: people[n % 3] for n, item in enumerate(items)}
    at_once([lambda i=item, u=user: answers(u, i) for item, user in given.items()])  # type: ignore[misc]
    with store.read() as reading:
        (walk,) = [w for w in reading.walks_about(use_case) if w.questionnaire == LIST]
        assert {q: a.by for q, a in walk.answers.items()} == given
        assert verify(reading.connection).problems == ()
