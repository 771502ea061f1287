"""A release's card: where it stands, what changed from what to what, what is lacking, and the buttons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.policies import rules_of
from bot.registry import Message, Scene, renders
from bot.views.case import inline, quote, when
from bot.views.kit import (
    Block,
    Element,
    actions,
    bare,
    brief,
    button,
    clip,
    context,
    escape,
    named,
    prose,
    section,
)
from bot.views.say import Said, say
from workflows import stopping
from workflows.decision_rights import Does
from workflows.dossier import Dossier
from workflows.ids import UserId
from workflows.may_ship import lacks
from workflows.program import Program
from workflows.release import PARTS, Release
from workflows.release_rights import able, called
from workflows.restarting import needed

_LACKS_SHOWN = 8
PART_LABELS = {
    "model": "Model",
    "prompt": "Prompt",
    "retrieval": "Retrieval",
    "data": "Data snapshot",
    "evaluation": "Evaluation set",
}


@dataclass(frozen=True)
class Told:
    """A release with everything that is known of its use case, and the rules that count for it."""

    release: Release
    dossier: Dossier
    program: Program

    @property
    def title(self) -> str:
        """The name of the use case."""
        return self.dossier.use_case.title or str(self.dossier.use_case.id)

    @property
    def before(self) -> Release | None:
        """The version it is compared with: the one it followed, or would follow."""
        if self.release.replaces:
            return next((r for r in self.dossier.releases if r.id == self.release.replaces), None)
        return self.dossier.live if self.release.status in ("proposed", "approved", "stopped") else None


def told_of(scene: Scene) -> Told:
    """The release that the scene is about. ``LookupError`` when it is gone."""
    release = scene.reading.get(Release, scene.subject.id)
    dossier = scene.reading.dossier(release.use_case) if release else None
    if release is None or dossier is None:
        raise LookupError(f"release {scene.subject.id} is gone")
    return Told(release, dossier, rules_of(scene.reading, scene.program, dossier.use_case))


@renders("release")
def release(scene: Scene, data: dict[str, object]) -> Message:
    """The card, drawn from the state of this moment."""
    told = told_of(scene)
    blocks = release_blocks(scene, told)
    buttons = [*_buttons(scene, told), button("Open", "release.open", str(told.release.id))]
    blocks.append(actions(f"release|{told.release.id}", buttons))
    return Message(text=brief(bare(f"{_head(scene, told)}: {status_line(scene, told)}")), blocks=blocks)


def release_blocks(scene: Scene, told: Told) -> list[Block]:
    """Everything of the card but its buttons."""
    found = told.release
    blocks: list[Block] = [section(f"{_head(scene, told)}\n{status_line(scene, told)}")]
    story = [
        f"*What changed:* {inline(found.changed, scene.directory, 600)}",
        f"*Why:* {inline(found.why, scene.directory, 600)}",
        f"*What users notice:* {inline(found.impact, scene.directory, 600)}",
    ]
    if found.link:
        story.append(f"*Notes:* {escape(clip(found.link, 300))}")
    blocks.append(section(clip("\n".join(story), 2900)))
    blocks += _differences(scene, told)
    if found.ended_why:
        blocks.append(section(quote(found.ended_why, scene.directory, 500)))
    blocks += _lacking(scene, told)
    blocks += _restart(scene, told)
    by = escape(called(found.proposed_by, scene.directory))
    lines = [_approved_by(scene, told), f"Put forward by {by}, {when(scene, found.opened_at)}"]
    blocks.append(context(" · ".join(line for line in lines if line)))
    return blocks


def _head(scene: Scene, told: Told) -> Said:
    return say(
        scene,
        "release_head",
        version=told.release.version,
        title=inline(told.title, scene.directory, 120),
        id=told.dossier.use_case.id,
    )


def status_line(scene: Scene, told: Told) -> Said:
    """Where it stands, in a sentence."""
    found = told.release
    key = f"release_status_{found.status}"
    moment: dict[str, datetime | None] = {
        "proposed": found.opened_at,
        "approved": found.approved_at,
        "live": found.live_at,
    }
    at = moment.get(found.status) or found.closed_at or found.opened_at
    to = next((r.version for r in told.dossier.releases if r.id == found.back_to), "")
    by = found.proposed_by if found.status == "proposed" else found.ended_by
    return say(scene, key, who=called(by, scene.directory), when=Said(when(scene, at)), to=to)


def _differences(scene: Scene, told: Told) -> list[Block]:
    """What the parts were and will be; only those that differ."""
    found, before = told.release, told.before
    rows = []
    for part in PARTS:
        new, old = getattr(found.parts, part), getattr(before.parts, part) if before else ""
        if new != old:
            rows.append([PART_LABELS[part], old or "–", new or "–"])
    if not rows:
        if before is None:
            return [context(say(scene, "release_first"))]
        return [context(say(scene, "release_nothing_differs", version=before.version))]
    head = ["Part", before.version if before else "before", found.version]
    return [{"type": "table", "rows": [[_cell(c) for c in row] for row in [head, *rows]]}]


def _cell(text: str) -> dict[str, Any]:
    plain = bare(escape(text))
    return {"type": "raw_text", "text": clip(plain, 200) or "–"}


def _lacking(scene: Scene, told: Told) -> list[Block]:
    if told.release.status not in ("proposed", "approved"):
        return []
    found = lacks(told.release, told.dossier, told.program, scene.directory, scene.now)
    if not found:
        return [section(say(scene, "release_ready"))]
    lines = [f"• {inline(lack.says, scene.directory, 220)}" for lack in found[:_LACKS_SHOWN]]
    more = len(found) - _LACKS_SHOWN
    if more > 0:
        lines.append(say(scene, "live_more", count=more))
    return [section(clip("\n".join([say(scene, "release_lacking"), *lines]), 2900))]


def _restart(scene: Scene, told: Told) -> list[Block]:
    asked = told.release.restart
    if told.release.status != "stopped" or asked is None:
        return []
    wanted = needed(told.release, told.dossier, told.program, scene.directory)
    left = [f"{y.label}: {_names(scene, y.people)}" for y in wanted if not y.given]
    given = [f"{called(y.given, scene.directory)} ({y.label})" for y in wanted if y.given]
    text = say(
        scene,
        "release_restart_waits",
        who=called(asked.by, scene.directory),
        why=inline(asked.why, scene.directory, 400),
        agreed=", ".join(given) or "nobody yet",
        left=Said("; ".join(left)),
    )
    return prose(text)


def _approved_by(scene: Scene, told: Told) -> str:
    approval = next((a for a in told.dossier.approvals if a.id == told.release.approval), None)
    if approval is None or approval.status != "approved":
        return ""
    people = dict.fromkeys(v.by for s in approval.seats for v in s.verdicts if v.choice == "approve")
    return f"Approved by {named(people, scene.directory, 'and')}" if people else "Approved automatically"


def _buttons(scene: Scene, told: Told) -> list[Element]:
    """For whoever may press them: in a channel others do not see them, and the server asks again anyway."""
    found, id = told.release, str(told.release.id)
    made: list[Element] = []
    if found.status == "approved" and not lacks(
        found, told.dossier, told.program, scene.directory, scene.now
    ):
        sure = (
            say(scene, "sure_ship_title", version=found.version),
            say(scene, "sure_ship", version=found.version),
            "It is out",
        )
        made += _for(scene, told, "ship", "It is out", "release.ship", id, "primary", sure)
    made += back_button(scene, told)
    if found.status in ("proposed", "approved", "live"):
        sure = (say(scene, "sure_stop_title", version=found.version), say(scene, "sure_stop"), "Stop it")
        made += _for(scene, told, "stop", "Stop it", "release.stop", id, "danger", sure)
    if found.status == "stopped":
        label = "Agree to start again" if found.restart else "Start again"
        made += _for(scene, told, "restart", label, "release.restart", id)
    if found.status in ("proposed", "approved"):
        sure = (say(scene, "sure_withdraw_title"), say(scene, "sure_withdraw"), "Take it back")
        made += _for(scene, told, "propose", "Take it back", "release.withdraw", id, "", sure)
    return made


def back_button(scene: Scene, told: Told) -> list[Element]:
    """``Roll back to 1.4.2``, where this is the version in use (or was until it was stopped)."""
    now = stopping.current(told.dossier)
    good = stopping.targets(told.dossier)
    if now is None or now.id != told.release.id or not good:
        return []
    to = good[0]
    sure = (
        say(scene, "sure_back_title", to=to.version),
        say(scene, "sure_back", to=to.version, version=now.version),
        "Roll back",
    )
    value = f"{now.id}|{to.id}"
    label = f"Roll back to {to.version}"
    return _for(scene, told, "roll_back", label, "release.roll_back", value, "danger", sure)


def _for(
    scene: Scene,
    told: Told,
    does: Does,
    label: str,
    action: str,
    value: str,
    style: Any = "",
    sure: tuple[str, str, str] | None = None,
) -> list[Element]:
    people = able(does, told.dossier, told.program, scene.directory, scene.now)
    if does == "restart" and told.release.status == "stopped":
        wanted = needed(told.release, told.dossier, told.program, scene.directory)
        people = tuple(dict.fromkeys(u for y in wanted if not y.given for u in y.people))
    if scene.reader is not None:
        return [button(label, action, value, style, sure)] if scene.reader in people else []
    return [button(label, action, value, style, sure, only=people)] if people else []


def _names(scene: Scene, people: tuple[UserId, ...]) -> str:
    return named(people, scene.directory)
