"""The rights that follow from gates and checklists: who approves what, and who may waive which control."""

from __future__ import annotations

from workflows.decision_rights import DecisionRight, Holder
from workflows.memo import by_identity
from workflows.program import Program

_APPROVE = ("approve", "approves", "sign off", "signs off", "decide on", "decides on", "decide about",
            "decides about", "agree to", "agrees to", "approve going into", "approves going into",
            "approval for", "approval of")  # fmt: skip
_WAIVE = ("waive", "waives", "waiver of", "waiver for", "set aside", "exception from", "exception for")
_THE = ("", "the ")


@by_identity
def all_rights(program: Program) -> tuple[DecisionRight, ...]:
    """Every right that can be asked about; those that follow come first, since they are more precise."""
    return (*approving(program), *waiving(program), *program.decision_rights.rights)


def approving(program: Program) -> tuple[DecisionRight, ...]:
    """One for each gate that a use case passes by a decision of people."""
    first = program.governance.gate
    gates: dict[str, tuple[str, tuple[str, ...]]] = {
        first: (first.replace("_", " "), (first.replace("_", " "),))
    }
    for gate in program.gates.values():
        if gate.approval and gate.to:
            gates[gate.id] = (gate.label, (gate.label, *gate.words))
    return tuple(
        DecisionRight(
            id=f"gate/{id}",
            label=f"approve {label[:1].lower()}{label[1:]}",
            words=_phrases(_APPROVE, words),
            together=True,
            holders=(Holder(approvers=True, gate=id),),
        )
        for id, (label, words) in gates.items()
    )


def waiving(program: Program) -> tuple[DecisionRight, ...]:
    """One for each control by its name, and one for controls in general."""
    owners: dict[str, dict[str, None]] = {}
    for sheet in program.questionnaires.values():
        for question in sheet.questions():
            if question.type == "check" and question.owner:
                owners.setdefault(question.label, {})[question.owner] = None
    if not owners:
        return ()
    made = [
        DecisionRight(
            id=f"waive/{label.casefold()}",
            label=f"waive {label.lower()}",
            words=_phrases(_WAIVE, (label,)),
            holders=tuple(Holder(role=role) for role in roles),
        )
        for label, roles in owners.items()
    ]
    every = dict.fromkeys(role for roles in owners.values() for role in roles)
    general = DecisionRight(
        id="waive/",
        label="waive a control",
        words=_phrases(("waive", "waives", "grant", "grants", "give", "gives"), _GENERAL),
        holders=tuple(Holder(role=role) for role in every),
    )
    return (*made, general)


_GENERAL = ("control", "controls", "a control", "waiver", "a waiver", "waivers", "an exception", "exceptions")


def _phrases(verbs: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    made = (f"{verb} {the}{name.casefold()}" for verb in verbs for the in _THE for name in names)
    return tuple(dict.fromkeys(made))
