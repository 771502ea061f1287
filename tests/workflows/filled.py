"""Any shape with something of its own in every field, so that a test can look for each of them again."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel


@dataclass
class Filler:
    """Fills shapes; ``told`` is what was put where: (``Shape.field`` of each level, the text to look for)."""

    fixed: Mapping[str, Any]
    """Values by ``Shape.field``, or by ``*.field``, that are not made up."""
    left_out: typing.Container[str] = ()
    """``Shape.field`` below which nothing is looked for."""
    told: list[tuple[str, str]] = field(default_factory=list)
    _number: int = 0
    _quiet: int = 0

    def one(self, shape: type[BaseModel]) -> Any:
        """One of that shape."""
        given: dict[str, Any] = {}
        hints = typing.get_type_hints(shape)
        for name, described in shape.model_fields.items():
            where = f"{shape.__name__}.{name}"
            key = next((k for k in (where, f"*.{name}") if k in self.fixed), None)
            if key is not None:
                given[described.alias or name] = self.fixed[key]
                continue
            quiet = where in self.left_out or f"*.{name}" in self.left_out
            self._quiet += quiet
            given[described.alias or name] = self._value(hints[name], where, described)
            self._quiet -= quiet
        return shape.model_validate(given)

    def _value(self, wanted: Any, where: str, described: Any = None) -> Any:
        while hasattr(wanted, "__supertype__"):
            wanted = wanted.__supertype__
        origin, inside = typing.get_origin(wanted), typing.get_args(wanted)
        if origin is typing.Annotated:
            return self._value(inside[0], where, described)
        if origin in (typing.Union, types.UnionType):
            return self._value(next(a for a in inside if a is not type(None)), where, described)
        if origin is Literal:
            return next((v for v in inside if described is None or v != described.default), inside[0])
        if origin is tuple or origin is list or origin is Sequence:
            return [self._value(inside[0], where)]
        if origin in (dict, Mapping) or origin is Mapping or wanted is dict:
            return {self._said(where): self._value(inside[1] if inside else Any, where)}
        if isinstance(wanted, type) and issubclass(wanted, BaseModel):
            return self.one(wanted)
        return self._plain(wanted, where, described)

    def _plain(self, wanted: Any, where: str, described: Any) -> Any:
        self._number += 1
        if wanted is bool:
            return not (described.default if described is not None else False)
        if wanted is int:
            limited = described is not None and described.metadata
            return 3 if limited else int(self._look(where, str(70_000 + self._number)))
        if wanted is float:
            return float(self._look(where, f"{70_000 + self._number}"))
        if wanted is datetime:
            at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=self._number)
            self._look(where, f"{at.day} {at:%B %Y, %H:%M} UTC")
            return at
        if wanted is date:
            day = date(2021, 1, 4) + timedelta(weeks=self._number)
            self._look(where, str(day) if where == "Event.week" else f"{day.day} {day:%B %Y}")
            return day
        return self._said(where)

    def _said(self, where: str) -> str:
        self._number += 1
        return self._look(where, f"zq{self._number}z")

    def _look(self, where: str, text: str) -> str:
        if not self._quiet:
            self.told.append((where, text))
        return text
