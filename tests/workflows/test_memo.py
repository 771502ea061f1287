"""Results kept by identity."""

from __future__ import annotations

from workflows.memo import by_identity


def test_a_result_is_computed_once_for_an_object_and_anew_for_an_equal_one() -> None:
    asked: list[list[int]] = []

    def total(numbers: list[int]) -> int:
        asked.append(numbers)
        return sum(numbers)

    kept = by_identity(total)
    first, equal = [1, 2], [1, 2]
    assert [kept(first), kept(first), kept(equal)] == [3, 3, 3]
    assert len(asked) == 2


def test_an_object_made_where_another_was_gets_its_own_result() -> None:
    kept = by_identity(len, keep=2)
    assert [kept("x" * n) for n in range(50)] == list(range(50))
