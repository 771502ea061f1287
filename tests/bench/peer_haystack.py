"""Haystack: its ``DocumentJoiner`` over BM25 and embeddings in memory, by rank and by distribution."""

# No postponed annotations here: Haystack reads the types of a component's inputs.
import os
from functools import partial
from typing import TYPE_CHECKING

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

if TYPE_CHECKING:
    from tests.bench.peer import Ask, Given

PACKAGES = ("haystack-ai",)
NAMES = ("Haystack join, reciprocal rank", "Haystack join, distribution")
_MODES = ("reciprocal_rank_fusion", "distribution_based_rank_fusion")


@component
class _Vectors:
    """Our model as Haystack takes one."""

    def __init__(self, given: "Given") -> None:
        self._given = given

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        return {"embedding": self._given.embed(text)}


def build(given: "Given") -> list["Ask"]:
    """Its indexes over these in memory, and a pipeline for each way to join."""
    store = InMemoryDocumentStore(embedding_similarity_function="cosine", return_embedding=False)
    both = enumerate(zip(given.paragraphs, given.texts, strict=True))
    store.write_documents(
        [
            Document(id=f"{n}/{paragraph}", content=text, embedding=given.embed(text))
            for n, (paragraph, text) in both
        ]
    )
    return [partial(_ask, _pipeline(store, given, mode)) for mode in _MODES]


def _pipeline(store: InMemoryDocumentStore, given: "Given", mode: str) -> Pipeline:
    made = Pipeline()
    made.add_component("embed", _Vectors(given))
    made.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=given.at_most))
    made.add_component("words", InMemoryBM25Retriever(store, top_k=given.at_most))
    made.add_component("join", DocumentJoiner(join_mode=mode, top_k=given.at_most))
    made.connect("embed.embedding", "vectors.query_embedding")
    made.connect("vectors", "join")
    made.connect("words", "join")
    return made


def _ask(made: Pipeline, question: str) -> list[int]:
    told = made.run({"embed": {"text": question}, "words": {"query": question}})
    return list(dict.fromkeys(int(hit.id.split("/")[1]) for hit in told["join"]["documents"]))
