"""Suggestions from a first sentence: seldom wrong, silent when unsure, able to do without the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import weights
from knowledge.embedding import Embedder
from knowledge.suggest import Option, Prompt, suggest
from tests.knowledge.measure_suggest import labelled, measure, prompts

MODES = pytest.mark.parametrize("with_model", [True, False], ids=["with the model", "words only"])


@MODES
def test_few_suggestions_on_sentences_that_chose_nothing_are_wrong(
    with_model: bool, embedder: Embedder
) -> None:
    unseen = labelled("suggest_sentences.csv")[1::2] + labelled("suggest_fresh.csv")
    figures = measure(unseen, embedder if with_model else None)["all"]
    assert figures.precision > 0.88
    assert figures.recall > (0.25 if with_model else 0.1)


def test_the_sentence_of_the_first_scene_says_its_data_and_that_it_drafts(embedder: Embedder) -> None:
    said = suggest(
        "we spend ages writing summaries of claims calls, could AI do that? maybe 40 agents, 300 calls a day",
        prompts(),
        embedder,
    )
    assert set(said["data"].option_ids) <= {"recordings", "claims_records", "customer_personal"}
    assert "recordings" in said["data"].option_ids


@MODES
@pytest.mark.parametrize(
    "sentence",
    ["We want to do something with AI", "Improve our processes", "hello", "", "🙂", "?!", "<!channel>"],
)
def test_a_sentence_that_says_nothing_gets_no_suggestion(
    sentence: str, with_model: bool, embedder: Embedder
) -> None:
    assert suggest(sentence, prompts(), embedder if with_model else None) == {}


def test_a_question_with_one_answer_gets_at_most_one(embedder: Embedder) -> None:
    for item in labelled("suggest_fresh.csv"):
        for question, suggested in suggest(item.sentence, prompts(), embedder).items():
            assert 1 <= len(suggested.option_ids) <= (3 if question == "data" else 1)
            assert 0.5 < suggested.score <= 1


def test_several_answers_come_likeliest_first(embedder: Embedder) -> None:
    said = suggest("Compare call recordings with our handbook and internal policies", prompts(), embedder)
    assert set(said["data"].option_ids) >= {"recordings", "internal_documents"}


def test_a_model_that_cannot_be_loaded_leaves_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no-such-package-anywhere")
    sentence = "Generate unit tests for our source code"
    assert suggest(sentence, prompts(), Embedder(tmp_path)) == suggest(sentence, prompts(), None) != {}


def test_questions_with_nothing_to_choose_from_are_passed_over(embedder: Embedder) -> None:
    alone = Prompt("only", [Option("one", "The only option", ["claims calls"])])
    silent = Prompt("silent", [Option("calls", "Claims calls"), Option("letters", "Letters")])
    assert suggest("claims calls", [alone, silent], embedder) == {}
    assert suggest("claims calls", [], embedder) == {}


def test_only_the_beginning_of_a_very_long_message_is_read(embedder: Embedder) -> None:
    beginning = "Comment on pull requests before a colleague looks at the code. "
    assert suggest(beginning + "x " * 20_000, prompts(), embedder).keys() >= {"data"}
    assert suggest("blah " * 200 + beginning, prompts(), embedder) == suggest(
        "blah " * 200, prompts(), embedder
    )


def test_a_common_word_left_over_from_a_phrase_is_no_evidence() -> None:
    use = Prompt(
        "use", [Option("daily", "In use", ["we use it every day"]), Option("not", "Not yet", ["an idea"])]
    )
    assert suggest("we take 300 calls a day", [use], None) == {}
