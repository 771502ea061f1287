"""Whose own something is: what goes with a person who is erased, and which of their words are blanked."""

from __future__ import annotations

from typing import Any

from workflows.personal.mask import ERASED

State = dict[str, Any]


def belongs_to(kind: str, id: str, state: State, user: str) -> bool:
    """Whether the whole of it is this person's alone, and goes with them."""
    match kind:
        case "availability" | "learner":
            return id == user
        case "subscription":
            return bool((state.get("to") or {}).get("user") == user)
        case "digest_issue":
            return bool(state.get("owner") == user)
    return False


def blanked(kind: str, state: State, user: str) -> State:
    """The state without this person's own wording where that is personal: questions, ratings, feedback, and
    how they first put what their answers say. Decisions, reasons and answers are the company's and stay."""
    found = dict(state)
    match kind:
        case "consultation":
            if found.get("asker") == user and found.get("question"):
                found["question"] = ERASED
            _each(found, "ratings", lambda r: {**r, "why": ""} if r.get("by") == user else r)
        case "feedback":
            if found.get("said_by") == user:
                found["text"] = ERASED
                found["wish"] = ERASED if found.get("wish") else ""
        case "incident":
            quoted = found.get("quoted") or {}
            if quoted.get("author") == user:
                found["quoted"] = {**quoted, "text": ERASED}
        case "walk":
            origin = found.get("origin") or {}
            if found.get("owner") == user and origin.get("words"):
                origin = {**origin, "words": ERASED}
            if origin.get("quote") and user in (found.get("owner"), origin.get("quoted_author")):
                origin = {**origin, "quote": ERASED}
            found["origin"] = origin
            found["answers"] = _reworded(found.get("answers"), user)
        case "use_case":
            found["answers"] = _reworded(found.get("answers"), user)
    return found


def _reworded(answers: Any, user: str) -> dict[str, Any]:
    return {
        q: {**a, "words": ""} if a.get("by") == user and a.get("words") else a
        for q, a in (answers or {}).items()
    }


def _each(state: State, name: str, do: Any) -> None:
    if state.get(name):
        state[name] = [do(one) for one in state[name]]
