from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from storage import cards, erased, erasing, personal
from storage.corpus_schema import CorpusDocuments
from storage.erasing import Erasure, erase, preview
from storage.errors import StaleState
from storage.own_data import named, own_data
from storage.personal import APART, told_in
from storage.schema import Events, OutboxRows, Texts
from storage.schema import Table as Tables
from storage.store import Store
from storage.traces import AnswerTraces, Trace
from tests.conftest import BOTH
from tests.databases import copy_ready
from tests.program.office import PROGRAM
from tests.scenarios.something_of_everything import populate
from workflows.availability import Availability, Away
from workflows.consultation import Consultation, Rating, Referral
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.effects import Post, ToPerson
from workflows.events import Event, week_of
from workflows.feedback import Feedback
from workflows.ids import Place, Subject, UseCaseId, UserId
from workflows.people import Person
from workflows.personal.mask import ERASED, Named

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DANA, LEE, ELENA = UserId("U0DANA"), UserId("U0LEE"), UserId("U0ELENA")
OPERATOR = Circumstances(now=NOW, actor=Actor(user=UserId("preflight"), door="cli"), program=PROGRAM.stamp)
WHO = Named(id="U0DANA", name="Dana Ortiz", handle="dana", email="dana@northwind.example")
QUESTION = "may I feed my notes about Lee Chen to it?"


def put(store: Store, *changed: Any, by: UserId = DANA, **more: Any) -> None:
    circ = Circumstances(now=NOW, actor=Actor(user=by, door="message"), program=PROGRAM.stamp)
    entries = tuple(Entry(action="put", subject=c.subject, detail={"who": "Dana Ortiz"}) for c in changed)
    with store.write() as tx:
        tx.apply(Decision(changed=changed, entries=entries, **more), circ)


def fill(store: Store) -> Store:
    """Everything there is, with Dana in most of it, in her own words too."""
    populate(store, PROGRAM)
    person = Subject(type="person", id=DANA)
    asked = Consultation(
        id="Q-0900",
        asker=DANA,
        question=QUESTION,
        place=Place(channel="D0DANA"),
        private=True,
        asked_at=NOW,
        touched_at=NOW,
        ratings=(Rating(by=DANA, of="playbook", helpful=False, at=NOW, why="too vague for me"),),
        referrals=(
            Referral(id="r1", to=LEE, asked_at=NOW, answer="Ask <@U0DANA> or dana@northwind.example"),
        ),
    )
    own = Availability(
        id=DANA,
        opened_at=NOW,
        away=(Away(first=NOW.date(), last=NOW.date() + timedelta(days=3), said_at=NOW),),
    )
    said = Feedback(id="FB-0900", opened_at=NOW, text="It annoys me", said_by=DANA)
    learned = Event(
        key="learned/U0DANA/a", kind="learned", at=NOW, week=week_of(NOW.date()), person=DANA, received_at=NOW
    )
    posts = (Post(to=ToPerson(user=DANA), kind="said", subject=person, data={"message": "x"}),)
    put(store, asked, own, said, events=(learned,), effects=posts)
    store.keep_traces([Trace(**TRACE)], 90)
    return store


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = copy_ready(sqlite_template, tmp_path_factory.mktemp("company") / "data")
    fill(place.open()).close()
    return place.data_dir


@pytest.fixture
def company(template: Path, tmp_path: Path) -> Iterator[Store]:
    """On SQLite, copied from one that was filled before."""
    store = copy_ready(template, tmp_path / "data").open()
    yield store
    store.close()


@pytest.fixture(params=BOTH)
def on_both(request: pytest.FixtureRequest) -> Iterator[Store]:
    """On each kind of database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("company")
        return
    store = request.getfixturevalue("postgres_place").open()
    yield fill(store)
    store.close()


TRACE: dict[str, Any] = {
    "id": "T-1",
    "at": NOW,
    "question": QUESTION,
    "asker": "U0DANA",
    "state": "answer",
    "how": "quotes",
    "probability": 0.5,
    "corpus_version": 1,
    "retrieval": "x",
}


def erased_from(store: Store, who: Named = WHO) -> tuple[str, Erasure]:
    with store.write() as tx:
        pseudonym = erased.new_pseudonym(tx.connection)
        return pseudonym, erase(tx, who, pseudonym, "asked for by Dana Ortiz", OPERATOR)


def everything(store: Store) -> dict[str, str]:
    """Each table as one text, but for keyed digests."""
    found = {}
    with store.read() as reading:
        for table in Tables.metadata.sorted_tables:
            if table.name == "erased" or table.name == "programs":
                continue
            rows = reading.connection.execute(select(*told_in(table))).all() if told_in(table) else []
            found[table.name] = json.dumps([list(r) for r in rows], default=str, ensure_ascii=False)
    return found


def where_dana_is(store: Store) -> list[tuple[str, str]]:
    needles = ("U0DANA", "Dana Ortiz", "dana@northwind", "@dana")
    return [
        (t, n) for t, text in everything(store).items() for n in needles if n.casefold() in text.casefold()
    ]


def test_nothing_names_her_any_more_and_the_log_still_proves_everything(on_both: Store) -> None:
    assert len(where_dana_is(on_both)) > 10
    before = on_both.verify()
    assert before.problems == ()
    pseudonym, found = erased_from(on_both)
    left = [w for w in where_dana_is(on_both) if w[0] != "inbound"]
    assert left == []
    after = on_both.verify()
    assert after.problems == ()
    (redaction,) = after.redactions
    assert redaction.detail["person"] == pseudonym
    assert redaction.detail["reason"] == f"asked for by {pseudonym}"
    assert redaction.rows == found.log > 20
    assert found.removed == {"availability": 1}
    assert found.changed["use_case"] >= 8


def test_business_stays_and_her_own_words_do_not(on_both: Store) -> None:
    with on_both.read() as reading:
        before = reading.use_case("UC-0009")
    pseudonym, _ = erased_from(on_both)
    with on_both.read() as reading:
        use_case = reading.use_case("UC-0009")
        asked = reading.consultation("Q-0900")
        said = reading.get(Feedback, "FB-0900")
        assert reading.get(Availability, DANA) is None
    assert before is not None
    assert use_case is not None
    assert asked is not None
    assert said is not None
    assert (use_case.title, use_case.stage, use_case.submitter) == ("Letters", "pilot", pseudonym)
    assert [a.value for a in use_case.answers.values()] == [
        pseudonym if a.value == DANA else a.value for a in before.answers.values()
    ]
    assert use_case.revision == before.revision + 1
    assert (asked.question, asked.ratings[0].why, asked.ratings[0].helpful) == (ERASED, "", False)
    assert asked.referrals[0].answer == f"Ask <@{pseudonym}> or {pseudonym}"
    assert (said.text, said.said_by) == (ERASED, pseudonym)


def test_what_was_only_for_her_is_gone_and_counts_stay(company: Store) -> None:
    pseudonym, _ = erased_from(company)
    with company.read() as reading:
        rows = reading.connection
        assert rows.execute(select(AnswerTraces.id)).first() is None
        assert not rows.execute(select(OutboxRows.id).where(OutboxRows.conversation.contains("DANA"))).first()
        learned = rows.execute(select(Events.person, Events.key).where(Events.kind == "learned")).one()
        assert tuple(learned) == (pseudonym, f"learned/{pseudonym}/a")


def test_the_preview_says_what_will_happen_and_changes_nothing(company: Store) -> None:
    before = everything(company)
    with company.read() as reading:
        told = preview(reading.connection, WHO)
    assert everything(company) == before
    _, found = erased_from(company)
    assert (told.changed, told.removed) == (found.changed, found.removed)
    assert told.log >= found.log


def test_others_stay_as_they_were(company: Store) -> None:
    with company.read() as reading:
        before = own_data(reading.connection, Named(id="U0OMAR", name="Omar Haddad"), NOW)["things"]
    erased_from(company)
    with company.read() as reading:
        after = own_data(reading.connection, Named(id="U0OMAR", name="Omar Haddad"), NOW)["things"]
        omar = reading.use_case("UC-0010")
    assert omar is not None
    assert omar.submitter == "U0OMAR"
    assert before.keys() == after.keys()


def test_slack_does_not_bring_her_back_until_she_is_let_in_again(company: Store) -> None:
    pseudonym, _ = erased_from(company)
    dana = Person(id=DANA, name="Dana Ortiz", handle="dana", email="dana@northwind.example")
    with company.write() as tx:
        tx.save_people([dana], {"risk": [LEE, DANA]})
        directory = tx.directory()
    assert DANA not in directory.people
    assert directory.groups["risk"] == (LEE,)
    assert directory.person(UserId(pseudonym)).name == pseudonym
    assert [w for w in where_dana_is(company) if w[0] != "inbound"] == []
    with company.write() as tx:
        assert erased.readmit(tx.connection, DANA)
        assert not erased.readmit(tx.connection, LEE)
        tx.save_people([dana])
        assert tx.directory().person(DANA).active


def test_two_people_can_be_erased_from_the_same_rows(on_both: Store) -> None:
    first, _ = erased_from(on_both)
    second, _ = erased_from(on_both, Named(id="U0LEE", name="Lee Chen", handle="lee"))
    assert first != second
    assert on_both.verify().problems == ()
    text = " ".join(everything(on_both).values())
    assert "U0LEE" not in text
    assert len(on_both.verify().redactions) == 2


def test_somebody_who_did_nothing_can_be_erased_too(company: Store) -> None:
    who = Named(id="U0VICTOR", name="Victor Hale", handle="victor")
    erased_from(company, who)
    assert "U0VICTOR" not in " ".join(everything(company).values())
    assert company.verify().sound


def test_a_text_that_use_cases_are_compared_by_is_compared_anew(company: Store) -> None:
    with company.write() as tx:
        tx.save_text(UseCaseId("UC-0009"), "Dana Ortiz writes letters", "f", b"\x00")
    pseudonym, _ = erased_from(company)
    with company.read() as reading:
        row = reading.connection.execute(
            select(Texts.text, Texts.vector).where(Texts.use_case == "UC-0009")
        ).one()
    assert tuple(row) == (f"{pseudonym} writes letters", None)


def test_every_table_that_may_name_people_is_looked_through(company: Store) -> None:
    """A table that is new is found by itself; one that is set apart says why."""
    for name in APART:
        assert name in Tables.metadata.tables, name


def test_her_own_data_is_complete_and_says_nothing_of_what_others_said(company: Store) -> None:
    with company.read() as reading:
        found = own_data(reading.connection, WHO, NOW)
    assert found["person"]["name"] == "Dana Ortiz"
    assert {"use_case", "walk", "approval", "consultation", "feedback", "availability", "waiver"} <= set(
        found["things"]
    )
    text = json.dumps(found)
    assert QUESTION in text
    assert "too vague for me" in text
    assert found["tables"]["answer_traces"][0]["question"] == QUESTION
    mine = [line for line in found["log"] if line["by_them"]]
    assert {"put"} <= {line["action"] for line in mine}
    assert all(line["detail"] == {} for line in found["log"] if not line["by_them"])


def test_somebody_is_found_by_what_they_are_known_by_and_nobody_is_guessed(company: Store) -> None:
    with company.read() as reading:
        for said in ("U0DANA", "@dana", "dana", "DANA"):
            found = named(reading.connection, said)
            assert found is not None
            assert found.id == "U0DANA"
        assert named(reading.connection, "") is None
        assert named(reading.connection, "da") is None


def test_documents_that_name_her_are_told_and_belong_to_nobody(company: Store) -> None:
    with company.write() as tx:
        document = {
            "root": "answers", "path": "a.md", "digest": "", "reading": "", "size": 1, "changed_ns": 1,
            "title": "Retention", "owner": "Dana Ortiz", "function": "", "link": "", "review_date": "",
            "text": "Dana  Ortiz wrote this.", "former_paths": [], "added_at": NOW, "read_at": NOW,
        }  # fmt: skip
        tx.connection.execute(insert(CorpusDocuments), document)
    pseudonym, found = erased_from(company)
    assert found.documents == ("answers/a.md",)
    with company.read() as reading:
        assert reading.connection.execute(select(CorpusDocuments.owner)).scalar_one() == pseudonym


def test_what_is_stored_at_the_same_moment_makes_it_begin_anew(
    company: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = personal.subjects_naming

    def late(connection: Any, mask: Any, after: int = 0) -> Any:
        found = real(connection, mask, after)
        return found | {("use_case", "UC-9999")} if after else found

    monkeypatch.setattr(erasing, "subjects_naming", late)
    before = everything(company)
    with pytest.raises(StaleState):
        erased_from(company)
    assert everything(company) == before


def test_cards_in_slack_are_drawn_again(company: Store) -> None:
    with company.write() as tx:
        card = Post(
            to=ToPerson(user=LEE), kind="x", subject=Subject(type="use_case", id="UC-0009"), card="record"
        )
        tx.connection.execute(delete(OutboxRows))
        cards.remember(tx.connection, card, "D0LEE", "1.0")
    erased_from(company)
    with company.read() as reading:
        effects = reading.connection.execute(select(OutboxRows.effect)).scalars().all()
    assert [e["subject"]["id"] for e in effects if e["effect"] == "refresh"] == ["UC-0009"]


def test_a_row_slipped_into_a_table_of_tomorrow_is_found(company: Store) -> None:
    with company.write() as tx:
        row = {
            "key": "k", "kind": "x", "at": NOW, "week": "2026-11-16", "use_case": "", "function": "",
            "person": "", "value": 1.0, "source": "", "told_by": "", "received_at": NOW, "late": False,
            "detail": {"note": ["told by @dana", {"U0DANA": 1}]},
        }  # fmt: skip
        tx.connection.execute(insert(Events), row)
    pseudonym, _ = erased_from(company)
    with company.read() as reading:
        detail = reading.connection.execute(select(Events.detail).where(Events.key == "k")).scalar_one()
    assert detail == {"note": [f"told by {pseudonym}", {pseudonym: 1}]}
