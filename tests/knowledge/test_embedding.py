"""The embedded model: near the float model, orders sentences sensibly, safe to share and to load twice."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge import onnx_graph, weights
from knowledge.embedding import Embedder
from knowledge.weights import ModelUnavailable, Weights
from tests.knowledge.reference_encoder import ReferenceEncoder

SENTENCES = [
    "could AI write the summaries of our claims calls?",
    "who can stop a release?",
    "Screen job applicants and propose who to invite",
    "Read incoming invoices and book them into the ledger",
    "a",
    "",
    "Grüße aus Köln — 日本語 🙂",
    "The agent types while the customer speaks, then spends nine minutes writing up what was agreed. " * 8,
    "Predict which pumps will fail next month from vibration data so that crews can be sent before they do",
    "A chatbot on the council's website answering residents' questions about bins and parking",
]


def cosine(embedder: Embedder, one: str, other: str) -> float:
    a, b = embedder.embed([one, other])
    return float(a @ b)


@pytest.mark.long
def test_the_int8_vectors_stay_close_to_the_float_model(embedder: Embedder) -> None:
    ours, theirs = embedder.embed(SENTENCES), ReferenceEncoder().embed(SENTENCES)
    closeness = (ours * theirs).sum(axis=1)
    assert closeness.min() > 0.98
    assert closeness.mean() > 0.99
    # What ranking uses is the cosines between texts: those move little too.
    assert np.abs(ours @ ours.T - theirs @ theirs.T).max() < 0.06


def test_vectors_are_float32_rows_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(SENTENCES)
    assert vectors.shape == (len(SENTENCES), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("text", "nearer", "farther"),
    [
        ("summarise claims calls", "write a short note after each phone call", "predict machine failures"),
        ("screen job applicants", "shortlist CVs for recruiters", "sort invoices by supplier"),
        ("who can stop a release?", "Who is allowed to halt a rollout", "How long is training data kept"),
        ("answer residents' questions online", "website chatbot for citizens", "review source code for bugs"),
        ("medical letters to GPs", "draft discharge letters for doctors", "price motor insurance"),
    ],
)
def test_a_sentence_is_nearer_to_what_means_the_same(
    embedder: Embedder, text: str, nearer: str, farther: str
) -> None:
    assert cosine(embedder, text, nearer) > cosine(embedder, text, farther) + 0.1


def test_a_vector_does_not_depend_on_the_texts_beside_it(model_cache: Path, embedder: Embedder) -> None:
    together = embedder.embed(SENTENCES)
    other = Embedder(model_cache)  # one that remembers nothing of the first
    alone = np.vstack([other.embed([sentence]) for sentence in reversed(SENTENCES)])[::-1]
    assert np.array_equal(together, alone)


def test_many_threads_get_the_same_vectors_as_one(model_cache: Path, embedder: Embedder) -> None:
    shared = Embedder(model_cache)  # not loaded: the threads race to load it too
    expected = embedder.embed(SENTENCES)

    def work(_: int) -> NDArray[np.float32]:
        return shared.embed(SENTENCES)

    with ThreadPoolExecutor(6) as pool:
        assert all(np.array_equal(vectors, expected) for vectors in pool.map(work, range(6)))


def test_a_text_far_too_long_counts_by_its_first_256_tokens(embedder: Embedder) -> None:
    begin = "claims " * 300
    assert cosine(embedder, begin, begin + "invoice " * 5000) > 0.9999


def test_the_graph_is_built_once_and_then_read(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = onnx_graph.cached_graph(tmp_path, weights.find())
    assert [path.suffix for path in tmp_path.iterdir()] == [".onnx"]

    def build(tensors: bytes) -> bytes:
        raise AssertionError("built again")

    monkeypatch.setattr(onnx_graph, "build", build)
    assert onnx_graph.cached_graph(tmp_path, weights.find()) == first


def test_a_damaged_graph_is_thrown_away_and_built_anew(tmp_path: Path) -> None:
    sound = onnx_graph.cached_graph(tmp_path, weights.find())
    [path] = tmp_path.iterdir()
    path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    assert onnx_graph.cached_graph(tmp_path, weights.find()) == sound
    assert path.read_bytes() == sound


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path, embedder: Embedder) -> None:
    (tmp_path / "file").write_text("a file where the folder should be")
    homeless = Embedder(tmp_path / "file" / "cache")
    assert np.array_equal(homeless.embed(["claims"]), embedder.embed(["claims"]))


@pytest.mark.long
def test_two_processes_may_build_the_graph_at_the_same_time(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from knowledge.embedding import Embedder;"
        "print(Embedder(Path(sys.argv[1])).embed(['claims'])[0, :4].tolist())"
    )
    root = Path(__file__).parents[2]
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1] != ""
    assert len(list(tmp_path.iterdir())) == 1


def test_a_changed_weights_file_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = weights.find()
    forged = tmp_path / "model.safetensors"
    forged.write_bytes(b"x" * 1000)
    monkeypatch.setattr(weights, "find", lambda: Weights(tensors=forged, tokenizer=real.tokenizer))
    with pytest.raises(ModelUnavailable, match=r"not the published one.*make setup"):
        Embedder(tmp_path / "cache").embed(["claims"])
    assert "words only" in (weights.problem() or "")


def test_a_missing_package_is_said_plainly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no-such-package-anywhere")
    with pytest.raises(ModelUnavailable, match="not installed"):
        Embedder(tmp_path).load()
    assert "make setup" in (weights.problem() or "")


def test_the_installed_weights_are_the_published_ones() -> None:
    assert weights.problem() is None


@pytest.mark.long
def test_importing_the_room_loads_no_heavy_library() -> None:
    script = (
        "import sys, knowledge.embedding, knowledge.similar, knowledge.suggest, knowledge.passages,"
        " knowledge.tokens;"
        "print([m for m in ('torch', 'transformers', 'onnx', 'onnxruntime', 'tokenizers', 'tiktoken',"
        " 'langchain', 'langchain_core', 'chromadb') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    assert said.stdout.strip() == "[]", said.stderr
