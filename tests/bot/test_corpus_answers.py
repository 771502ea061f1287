"""``preflight corpus promoted`` and ``gaps``, and pages made of answers beside those of folders."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import read_settings
from knowledge.promoted import ROOT, Page, put
from storage.store import open_store
from tests.bot.test_corpus_commands import office, run, synced
from workflows import consulting
from workflows.consultation import Consultation, Quote, Told
from workflows.decision import Actor, Circumstances
from workflows.ids import Place, ProgramStamp, UserId
from workflows.people import Directory, Person
from workflows.program import Program

__all__ = ["office"]
NOW = datetime.now(UTC)
PAGE = Page(
    title="Fines",
    section="# What is the fine: under the AI Act?",
    text="Fines reach seven per cent of the yearly turnover.\n\n- for *prohibited* uses\n- after a warning",
    audience="all",
    owner="Ines Moreau",
    function="legal",
    review_date="2027-05-20",
    asked="what does it cost if we get it wrong",
    source="Q-0012",
)


def promoted(page: Page = PAGE, path: str = "q-0012.md") -> None:
    store = open_store(read_settings())
    put(store, path, page, None, NOW)
    store.close()


def test_a_page_is_found_and_quoted_like_any_other(office: Path) -> None:
    promoted()
    found = json.loads(run("ask", "what is the fine under the AI Act?", "--words-only", "--json").stdout)
    first = found["citations"][0]
    assert (first["document"], first["section"]) == ("Fines", "What is the fine: under the AI Act?")
    assert "seven per cent" in first["quote"]
    assert (first["source"], first["date"]) == (ROOT, "2027-05-20")


def test_it_is_written_out_as_markdown_that_reads_back_the_same(office: Path) -> None:
    promoted()
    out = office / "git"
    assert "1 page written" in run("corpus", "promoted", "--to", str(out)).stdout
    text = (out / "q-0012.md").read_text(encoding="utf-8")
    assert "owner: Ines Moreau" in text
    assert "source: Q-0012" in text
    assert "what does it cost if we get it wrong" in text
    run("corpus", "remove", ROOT)
    report = json.loads(run("corpus", "sync", str(out), "--words-only", "--json").stdout)[0]
    assert (report["added"], report["problems"]) == (["q-0012.md"], [])
    found = json.loads(run("ask", "what is the fine under the AI Act?", "--words-only", "--json").stdout)
    assert "seven per cent" in found["citations"][0]["quote"]


def test_a_file_that_holds_something_else_is_left_alone(office: Path) -> None:
    promoted()
    (office / "git").mkdir()
    (office / "git" / "q-0012.md").write_text("mine", encoding="utf-8")
    result = run("corpus", "promoted", "--to", str(office / "git"))
    assert "q-0012.md is there already" in result.stderr
    assert (office / "git" / "q-0012.md").read_text(encoding="utf-8") == "mine"


def test_syncing_folders_leaves_the_pages_where_they_are(office: Path) -> None:
    promoted()
    synced(office)
    run("corpus", "sync", "--words-only")
    told = json.loads(run("corpus", "status", "--json").stdout)
    assert {s["name"]: s["documents"] for s in told["sources"]}[ROOT] == 1
    assert "answers: 1 documents" in run("corpus", "status").stdout


def test_a_page_for_a_few_is_not_for_others(office: Path) -> None:
    from dataclasses import replace

    promoted(replace(PAGE, audience="exec"))
    found = json.loads(run("ask", "what is the fine under the AI Act?", "--words-only", "--json").stdout)
    assert found["citations"] == []


@pytest.mark.parametrize(
    "text", ["---\naudience: all\n---\nhello there", "# A\n\n## B\n\ntext of it", "a: b\n..."]
)
def test_whatever_an_owner_writes_cannot_change_who_may_read_it(office: Path, text: str) -> None:
    from dataclasses import replace

    promoted(replace(PAGE, audience="exec", text=text, title="A\naudience: all", section="B\n---"))
    store = open_store(read_settings())
    with store.read() as reading:
        from storage.corpus import documents

        (document,) = documents(reading.connection, ROOT)
    store.close()
    assert document.audiences == ("exec",)


def gap(program: Program, audiences: tuple[str, ...], words: str) -> None:
    """A question of Dana's that was answered from a page for these, and badly so."""
    store = open_store(read_settings())
    dana = UserId("U1")
    people = Directory(people={dana: Person(id=dana, name="Dana", handle="dana")}, groups={"exec": (dana,)})
    circ = Circumstances(
        now=NOW - timedelta(hours=1),
        actor=Actor(user=dana, door="message"),
        program=ProgramStamp(label="t", hash="0"),
    )
    quote = Quote(
        text="x", document="Bonus", section="", path="b.md", source="s", passage=1, start=0, end=1, score=1.0,
        date="2025-01-01", reviewed=True, stale=True, link="", owner="", function="", audiences=audiences,
    )  # fmt: skip
    place = Place(channel="D1", thread=words)
    with store.write() as tx:
        tx.save_people(list(people.people.values()), {"exec": [dana]})
        asked = consulting.begun(tx.new_id("consultation"), words, dana, place, True, circ)
        found = consulting.Found(state="answer", how="quotes", probability=0.9, corpus_version=1)
        decision, told = consulting.answered(asked, found, Told(quotes=(quote,)), program, people, circ)
        (there,) = tx.apply(decision, circ)
        assert isinstance(there, Consultation)
        tx.save_told(asked.id, told)
        rated = consulting.rate(
            there,
            program,
            people,
            circ,
            of="playbook",
            helpful=False,
            at=place,
            why="No.",
        )
        tx.apply(rated, circ)
    store.close()


def test_gaps_on_demand_without_what_is_for_a_few(office: Path) -> None:
    from storage.program_folder import default_program_folder, read_program

    program = read_program(default_program_folder())
    assert "No gaps in 7 days" in run("corpus", "gaps").stdout
    gap(program, ("all",), "how long is a piece of string?")
    gap(program, ("exec",), "how large is the bonus?")
    told = run("corpus", "gaps").stdout
    assert "how long is a piece of string? (1 person; unhelpful)" in told
    assert "“No.”" in told
    assert "bonus?" not in told
    assert "quoted 1x: Bonus" in told
    mine = json.loads(run("corpus", "gaps", "--json", "--as", "dana").stdout)
    assert len(mine["gaps"]) == 2
    assert mine["stale"][0]["times"] == 2
    assert run("corpus", "gaps", "--as", "nobody", ok=False).exit_code
