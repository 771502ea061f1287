"""LlamaIndex: ``QueryFusionRetriever`` over its BM25 and its vector store, by rank and by relative score."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from pydantic import PrivateAttr

if TYPE_CHECKING:
    from tests.bench.peer import Ask, Given

PACKAGES = ("llama-index-core", "llama-index-retrievers-bm25", "bm25s")
NAMES = ("LlamaIndex fusion, reciprocal rank", "LlamaIndex fusion, relative score")


class _Vectors(BaseEmbedding):
    """Our model as LlamaIndex takes one."""

    _given: Given = PrivateAttr()

    def __init__(self, given: Given) -> None:
        super().__init__(model_name=given.embedder.name, embed_batch_size=64)
        self._given = given

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._given.embed(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._given.embed(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._given.embed(query)


def build(given: Given) -> list[Ask]:
    """Its indexes over these in memory, fused in two ways; no language model rewrites the question."""
    both = enumerate(zip(given.paragraphs, given.texts, strict=True))
    nodes = [TextNode(text=text, id_=f"{n}/{paragraph}") for n, (paragraph, text) in both]
    index = VectorStoreIndex(nodes, embed_model=_Vectors(given))
    vectors = index.as_retriever(similarity_top_k=given.at_most)
    words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=given.at_most)
    fused = [
        QueryFusionRetriever(
            [vectors, words],
            llm=MockLLM(),
            mode=mode,
            similarity_top_k=given.at_most,
            num_queries=1,
            use_async=False,
        )
        for mode in (FUSION_MODES.RECIPROCAL_RANK, FUSION_MODES.RELATIVE_SCORE)
    ]
    return [partial(_ask, each) for each in fused]


def _ask(fused: QueryFusionRetriever, question: str) -> list[int]:
    found = fused.retrieve(question)
    return list(dict.fromkeys(int(hit.node.node_id.split("/")[1]) for hit in found))
