"""LangChain: ``EnsembleRetriever`` over ``BM25Retriever`` and Chroma, as its documentation has it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import chromadb
from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.embeddings import Embeddings

if TYPE_CHECKING:
    from tests.bench.peer import Ask, Given

PACKAGES = ("langchain-classic", "langchain-community", "langchain-chroma", "rank-bm25", "chromadb")
NAMES = ("LangChain EnsembleRetriever (BM25Retriever + Chroma)",)
_AT_ONCE = 5_000


class _Vectors(Embeddings):
    """Our model as LangChain takes one; passages come in their order, and may be embedded already."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._places = itertools.count()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        known = self._given.known
        if known is None:
            return [self._given.embed(text) for text in texts]
        return [known[next(self._places)].tolist() for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._given.embed(text)


def build(given: Given) -> list[Ask]:
    """Its indexes over these, Chroma's on the disk."""
    texts = list(given.texts)
    about = [{"paragraph": number} for number in given.paragraphs]
    words = BM25Retriever.from_texts(texts, metadatas=about, k=given.at_most)
    client = chromadb.PersistentClient(str(given.folder), Settings(anonymized_telemetry=False))
    cosine = {"hnsw:space": "cosine"}
    store = Chroma("peer", _Vectors(given), client=client, collection_metadata=cosine)
    for start in range(0, len(texts), _AT_ONCE):
        store.add_texts(texts[start : start + _AT_ONCE], about[start : start + _AT_ONCE])
    vectors = store.as_retriever(search_kwargs={"k": given.at_most})
    both = EnsembleRetriever(retrievers=[words, vectors], weights=[0.5, 0.5])

    def ask(question: str) -> list[int]:
        found = dict.fromkeys(int(hit.metadata["paragraph"]) for hit in both.invoke(question))
        return list(found)[: given.at_most]

    return [ask]
