"""Results of an evaluation from a file: JSON, or CSV with one row for each class, or for each case."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from workflows.words.evaluation import Told
from workflows.words.shares import Share

BYTES_AT_MOST = 2_000_000
_ROWS_AT_MOST = 100_000
_RIGHT = ("right", "passed", "correct", "pass", "ok")
_OF = ("of", "cases", "total", "count", "n")
_CLASS = ("class", "scenario", "scenario_class", "category", "measure", "metric", "name")
_VALUE = ("value", "figure", "result", "score")
_CASE = ("result", "passed", "outcome", "verdict", "right", "correct", "pass", "ok")
_YES = {"pass", "passed", "yes", "true", "1", "ok", "right", "correct"}
_NO = {"fail", "failed", "no", "false", "0", "wrong", "incorrect"}

Ways = Mapping[str, Sequence[str]]


class NotResults(ValueError):
    """The file is none that results can be read from; ``message`` names the sentence that says why."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


def read_file(data: bytes, name: str, classes: Ways, measures: Ways) -> Told:
    """What a file says, by the ids of classes and measures. Raises :class:`NotResults`."""
    if len(data) > BYTES_AT_MOST:
        raise NotResults("evaluation_file_large", most=f"{BYTES_AT_MOST // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotResults("evaluation_file_odd", name=name) from None
    known = {_key(way): id for id, ways in {**classes, **measures}.items() for way in (id, *ways)}
    told = _json(text, known, classes) if text.lstrip()[:1] in "{[" else _csv(text, known, classes)
    if not told.anything:
        raise NotResults("evaluation_file_empty", name=name)
    return told


def _json(text: str, known: Mapping[str, str], classes: Ways) -> Told:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise NotResults("evaluation_file_odd", name="JSON") from None
    if not isinstance(read, dict):
        raise NotResults("evaluation_file_odd", name="JSON")
    shares: dict[str, Share] = {}
    figures: dict[str, float] = {}
    unread: list[str] = []
    rows = {**_mapping(read.get("classes")), **_mapping(read.get("measures"))}
    for called, value in rows.items():
        id = known.get(_key(called), "")
        share = _share(_first(value, _RIGHT), _first(value, _OF)) if isinstance(value, dict) else None
        number = _number(value) if not isinstance(value, dict) else None
        if id in classes and share:
            shares[id] = share
        elif id and id not in classes and number is not None:
            figures[id] = number
        else:
            unread.append(called[:60])
    hurtful = _number(read.get("hurtful"))
    version = read.get("version")
    said = str(version)[:60] if isinstance(version, str | int | float) else ""
    return Told(shares, figures, said, int(hurtful) if hurtful is not None else None, tuple(unread))


def _csv(text: str, known: Mapping[str, str], classes: Ways) -> Told:
    try:
        dialect = csv.Sniffer().sniff(text[:4000], ",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = list(itertools.islice(csv.DictReader(text.splitlines(), dialect=dialect), _ROWS_AT_MOST))
    except csv.Error:
        raise NotResults("evaluation_file_odd", name="CSV") from None
    counted: dict[str, list[int]] = {}
    shares: dict[str, Share] = {}
    figures: dict[str, float] = {}
    unread: list[str] = []
    for row in rows:
        cells = {_key(str(k)): str(v or "").strip() for k, v in row.items() if k is not None}
        called = _first(cells, _CLASS) or ""
        id = known.get(_key(called), "")
        share = _share(_first(cells, _RIGHT), _first(cells, _OF))
        if id in classes and share:
            shares[id] = share
        elif id in classes and (verdict := (_first(cells, _CASE) or "").casefold()) in _YES | _NO:
            tally = counted.setdefault(id, [0, 0])
            tally[0] += verdict in _YES
            tally[1] += 1
        elif id and id not in classes and (number := _number(_first(cells, _VALUE))) is not None:
            figures[id] = number
        elif called:
            unread.append(called[:60])
    for id, (right, of) in counted.items():
        shares.setdefault(id, Share(float(right), float(of)))
    return Told(shares, figures, "", None, tuple(dict.fromkeys(unread))[:20])


def _first(cells: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((cells[n] for n in names if n in cells and cells[n] not in (None, "")), None)


def _share(right: Any, of: Any) -> Share | None:
    r, n = _number(right), _number(of)
    whole = r is not None and n is not None and r.is_integer() and n.is_integer()
    return Share(r, n) if whole and r is not None and n is not None and 0 <= r <= n and n > 0 else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e12 else None
    found = re.fullmatch(r"\s*(\d{1,12}(?:\.\d+)?)\s*(?:%|s)?\s*", str(value))
    return float(found[1]) if found else None


def _mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {str(k): v for k, v in value.items()}
    if isinstance(value, list):
        return {str(v.get("class") or v.get("name")): v for v in value if isinstance(v, dict)}
    return {}


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold().replace(" ", "_")
