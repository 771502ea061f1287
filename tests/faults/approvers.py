"""Four hands decide one case at the same moment: one decision counts, and the others hear whose."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import select

from bot.inputs import packed
from storage.schema import Audit, Cards, OutboxRows
from storage.store import Store
from tests.faults.cases import MEDIUM, submitted, the_program
from tests.faults.checker import check
from tests.faults.hand import Line, click, form, interaction_request
from tests.faults.kinds import KINDS, of_kind
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import wait_until
from tests.faults.replica import Plan
from tests.faults.workplace import Workplace
from workflows.approval import Approval
from workflows.program import Program

JSON = dict[str, Any]
Attempt = tuple[bytes, dict[str, str]]
_NAMES = {"U0PRIYA": "Priya", "U0TOM": "Tom"}
_HANDS = 4


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` cases; Priya and Tom each press Approve and send a rejection, from four processes at once."""
    outcome = Outcome("two approvers at once, four processes", database)
    chance = random.Random(seed)
    replicas = 2 if database == "postgres" else 1
    program = the_program()
    with Workplace(database, [Plan(name=f"r{i}", pace=0.0) for i in range(replicas)]) as place:
        place.control("POST", "/sandbox/settings", {"rate_limits": False})
        with place.memory() as store:
            wait_until(lambda: _people_known(store), 20)
            cases = [_case(store, program, i) for i in range(n)]
            outcome.demand(place.settle(60 + n / 2), "the cards were not all delivered")
            with store.read() as reading:
                # So much waits for each that they get one list; the card of each case is in the room.
                cards = {
                    subject: (channel, ts)
                    for subject, reader, channel, ts in reading.connection.execute(
                        select(Cards.subject_id, Cards.reader, Cards.channel, Cards.ts).where(
                            Cards.kind == "approval"
                        )
                    )
                    if not reader
                }
            chance.shuffle(cases)
            hands: list[list[JSON]] = [[] for _ in range(_HANDS)]
            for case in cases:
                seat = case.seats[0].id
                for number, user in enumerate(_NAMES):
                    channel, ts = cards[case.id]
                    value = f"{case.id}|{seat}"
                    block = f"approval|{value}"
                    hands[2 * number].append(
                        click(user, "approval.approve", block, value, channel=channel, ts=ts)
                    )
                    private = packed(approval=case.id, seat=seat)
                    values = {"reason": {"reason": {"type": "plain_text_input", "value": "Not now."}}}
                    hands[2 * number + 1].append(form(user, "approval.reject", private, values))
            told = _all_at_once(hands, [r.port for r in place.replicas], seed)
            outcome.demand(place.settle(60 + n / 2), "the outcome was not told to all")
            found = check(store, place.sandbox)
            _one_each(outcome, store, [c.id for c in cases], told)
        outcome.counts = {"cases": n, "attempts": _HANDS * n, **outcome.counts}
        outcome.add(found)
        outcome.demand(found.decisions == n, f"{found.decisions} decisions on {n} cases")
    return outcome


def _case(store: Store, program: Program, number: int) -> Approval:
    """One of each kind of approval, in turn."""
    kind = KINDS[number % len(KINDS)]
    title = f"Case {number:05d}"
    if kind == "intake":
        return submitted(store, program, "U0DANA", title, MEDIUM)
    return of_kind(store, program, kind, title)


def _people_known(store: Any) -> bool:
    with store.read() as reading:
        return "U0PRIYA" in reading.directory().people


def _hand(attempts: list[JSON], ports: list[int], seed: int, together: Any, said: Any) -> None:
    """One process: its attempts in order, each begun at the same moment as the others' on that case."""
    chance = random.Random(seed)
    lines = [Line(port) for port in ports]
    answers = []
    for attempt in attempts:
        body, headers = interaction_request(attempt)
        together.wait(60)
        status, answer = chance.choice(lines).send(body, headers)
        answers.append((status, answer.decode()))
    said.put((seed, answers))


def _all_at_once(hands: list[list[JSON]], ports: list[int], seed: int) -> list[list[tuple[int, str]]]:
    context = multiprocessing.get_context("spawn")
    together, said = context.Barrier(len(hands)), context.Queue()
    processes = [
        context.Process(target=_hand, args=(hand, ports, seed * 10 + i, together, said), daemon=True)
        for i, hand in enumerate(hands)
    ]
    for process in processes:
        process.start()
    answers = dict(said.get(timeout=600) for _ in processes)
    for process in processes:
        process.join(10)
    return [answers[seed * 10 + i] for i in range(len(hands))]


def _one_each(outcome: Outcome, store: Any, cases: list[str], told: list[list[tuple[int, str]]]) -> None:
    """Exactly one decision in each case; each of the other three is on record, and was told who decided."""
    with store.read() as reading:
        connection = reading.connection
        decided: dict[str, list[tuple[str, str]]] = defaultdict(list)
        refused: Counter[str] = Counter()
        for case, action, actor, no in connection.execute(
            select(Audit.subject_id, Audit.action, Audit.actor, Audit.refused).where(
                Audit.subject_type == "approval"
            )
        ):
            if no:
                refused[case] += 1
            elif action in ("seat.approved", "seat.rejected"):
                decided[case].append((action, actor))
        whispers: dict[tuple[str, str], list[JSON]] = defaultdict(list)
        for effect in connection.execute(select(OutboxRows.effect)).scalars():
            if effect["effect"] == "whisper":
                whispers[(effect["subject"]["id"], effect["user"])].append(effect["data"])
    bad = Counter(status for hand in told for status, _ in hand if status != 200)
    outcome.demand(not bad, f"attempts without an answer: {dict(bad)}")
    choices: Counter[str] = Counter()
    heard = 0
    for number, case in enumerate(cases):
        if len(decided[case]) != 1:
            outcome.problems.append(f"{case} has {len(decided[case])} decisions")
            continue
        action, actor = decided[case][0]
        choices[action] += 1
        outcome.demand(refused[case] == _HANDS - 1, f"{case}: {refused[case]} refusals are on record, not 3")
        for hand, user in enumerate(u for u in _NAMES for _ in range(2)):
            way = "seat.rejected" if hand % 2 else "seat.approved"
            if (way, user) == (action, actor):
                continue
            if hand % 2:
                words = told[hand][number][1]
            else:
                words = str(whispers[(case, user)])
            fine = _NAMES[actor] in words or (user == actor and "you" in words.lower())
            heard += fine
            outcome.demand(fine, f"{case}: {user} was not told who decided: {words[:160]!r}")
    outcome.counts |= {
        "approved": choices["seat.approved"],
        "rejected": choices["seat.rejected"],
        "others told who": heard,
    }


if __name__ == "__main__":
    main(run, n=1_000)
