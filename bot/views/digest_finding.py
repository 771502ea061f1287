"""One line of a digest: who is to act is mentioned, everything else that people wrote is harmless."""

from __future__ import annotations

from collections.abc import Mapping

from bot.registry import Block, Scene
from bot.views.case import inline
from bot.views.kit import Element, at, button, named, section
from bot.views.say import Said, say
from workflows.digests.page import Does, Finding

STEPS: Mapping[Does, tuple[str, str]] = {
    "open": ("record.open", "issue_do_open"),
    "approval": ("approval.open", "issue_do_approval"),
    "incident": ("incident.open", "issue_do_incident"),
    "waiver": ("waiver.open", "issue_do_waiver"),
    "contract": ("contract.open", "issue_do_contract"),
    "name": ("owner.name", "issue_do_name"),
}
"""What the button of a finding does: its action, and the sentence on it."""


def finding_row(scene: Scene, finding: Finding, place: str) -> Block:
    """The line with its one recommended step."""
    return section(f"• {mentioning(scene, finding)}", step_of(scene, finding), place[:255])


def step_of(scene: Scene, finding: Finding) -> Element | None:
    """The button, where one click does something."""
    step = STEPS.get(finding.step.does)
    return button(say(scene, step[1]), step[0], finding.step.target) if step else None


def mentioning(scene: Scene, finding: Finding) -> str:
    """The sentence; those who are to act are mentioned where a channel reads it."""
    people = scene.directory.active(finding.people)
    if scene.reader is not None:
        who = named(people, scene.directory, "and")
    else:
        who = " ".join(f"<@{user}>" for user in people)
    return _sentence(scene, finding, who if people else str(say(scene, "finding_nobody")))


def bare_finding(scene: Scene, finding: Finding) -> str:
    """The same with plain names: a first line mentions nobody, the line below does."""
    people = scene.directory.active(finding.people)
    who = named(people, scene.directory, "and") if people else str(say(scene, "finding_nobody"))
    return _sentence(scene, finding, who, bold="")


def _sentence(scene: Scene, finding: Finding, who: str, bold: str = "*") -> str:
    values: dict[str, object] = {
        # The sentence has its own full stop.
        k: inline(v.rstrip(" ."), scene.directory, 300)
        for k, v in finding.values.items()
    }
    for word, moment in (("due", finding.due), ("since", finding.since)):
        values[word] = Said(at(moment, "{date_short_pretty}") if moment else "–")
    values["until"] = say(scene, "finding_until", due=values["due"]) if finding.due else Said("")
    # Without the mark of its tier: beside figures a green dot would read as good news.
    title = Said(f"{bold}{inline(finding.title, scene.directory, 120)}{bold}" if finding.title else "")
    return say(scene, f"finding_{finding.says}", **{**values, "title": title, "who": Said(who)})
