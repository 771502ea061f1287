"""What is told of a release in a sentence, and what is asked about one: why, and a yes to start again."""

from __future__ import annotations

from datetime import datetime

from bot.policies import rules_of
from bot.registry import Message, Scene, renders
from bot.views.case import inline, when
from bot.views.kit import Block, actions, brief, button, context, divider, escape, prose, section
from bot.views.release import Told, release_blocks, status_line, told_of
from bot.views.say import Said, say
from workflows.dossier import Dossier
from workflows.ids import UserId
from workflows.release import Release
from workflows.release_rights import called
from workflows.restarting import needed
from workflows.use_case import UseCase

_LISTED = 12


@renders("release_told")
def release_told(scene: Scene, data: dict[str, object]) -> Message:
    """One thing that happened with a release, told to everybody concerned, with the way to its card."""
    told = told_of(scene)
    found = told.release
    event = str(data.get("event"))
    by = data.get("by")
    at = datetime.fromisoformat(str(data["at"])) if data.get("at") else found.live_at or found.opened_at
    text = say(
        scene,
        f"told_{event}",
        title=inline(told.title, scene.directory, 120),
        version=found.version,
        by=called(UserId(str(by)) if by else None, scene.directory),
        to=str(data.get("to") or ""),
        when=Said(when(scene, at)),
        impact=inline(found.impact, scene.directory, 400),
        reason=inline(found.ended_why or "-", scene.directory, 400),
    )
    look = button("Open", "release.open", str(found.id))
    return Message(
        text=brief(text), blocks=[*prose(text), actions(f"release_told|{found.id}|{event}", [look])]
    )


@renders("release_why")
def release_why(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever stopped it or went back, afterwards: why."""
    told = told_of(scene)
    found = told.release
    key = "why_rolled_back" if data.get("event") == "rolled_back" else "why_stopped"
    text = say(scene, key, version=found.version, title=inline(told.title, scene.directory, 120))
    blocks = prose(text)
    if found.ended_why:
        said = say(scene, "why_said", why=inline(found.ended_why, scene.directory, 600))
        return Message(text=brief(text), blocks=[*blocks, *prose(said)])
    if found.ended_by:
        ask = button("Say why", "release.why", str(found.id), style="primary")
        blocks.append(actions(f"release_why|{found.id}", [ask]))
    return Message(text=brief(text), blocks=blocks)


@renders("release_restart")
def release_restart(scene: Scene, data: dict[str, object]) -> Message:
    """To those whose yes a restart needs."""
    told = told_of(scene)
    found, asked = told.release, told.release.restart
    title = inline(told.title, scene.directory, 120)
    wanted = needed(found, told.dossier, told.program, scene.directory) if asked else ()
    mine = [y for y in wanted if scene.reader in y.people]
    if asked is None or not mine:
        text = say(scene, "restart_over", version=found.version, title=title)
        return Message(text=brief(text), blocks=[section(text), context(status_line(scene, told))])
    text = say(
        scene,
        "restart_asked",
        by=called(asked.by, scene.directory),
        version=found.version,
        title=title,
        why=inline(asked.why, scene.directory, 400),
        label=mine[0].label,
    )
    blocks: list[Block] = prose(text)
    if mine[0].given:
        blocks.append(context(f"✅ {escape(called(mine[0].given, scene.directory))}"))
    else:
        yes = button("Agree to start again", "release.restart", str(found.id), style="primary")
        blocks.append(
            actions(f"release_restart|{found.id}", [yes, button("Open", "release.open", str(found.id))])
        )
    return Message(text=brief(text), blocks=blocks)


def releases_listed(scene: Scene, dossier: Dossier, may_propose: bool) -> Message:
    """The versions of a use case, the newest first."""
    use_case = dossier.use_case
    program = rules_of(scene.reading, scene.program, use_case)
    title = inline(use_case.title or use_case.id, scene.directory, 120)
    if not dossier.releases:
        text = say(scene, "release_none_yet", title=title)
        blocks = [section(text)]
    else:
        text = say(scene, "release_list", title=title, id=use_case.id)
        blocks = [section(text)]
        blocks += [_line(scene, Told(r, dossier, program)) for r in dossier.releases[:_LISTED]]
        more = len(dossier.releases) - _LISTED
        if more > 0:
            blocks.append(context(say(scene, "live_more", count=more)))
    if may_propose:
        new = button("Put a version forward", "release.new", str(use_case.id), style="primary")
        blocks.append(actions(f"releases|{use_case.id}", [new]))
    return Message(text=brief(text), blocks=blocks)


def _line(scene: Scene, told: Told) -> Block:
    found = told.release
    changed = inline(found.changed, scene.directory, 160)
    text = f"*{escape(found.version)}* · {status_line(scene, told)}\n{changed}"
    return section(text, button("Open", "release.open", str(found.id)), f"releases|{found.id}")


def whole_release(scene: Scene, release: Release, dossier: Dossier) -> list[Block]:
    """Everything about one version, to read in a modal, with all of its story."""
    told = Told(release, dossier, rules_of(scene.reading, scene.program, dossier.use_case))
    lines = [
        f"{when(scene, n.at)} · {escape(called(n.by, scene.directory))} · {escape(n.what.replace('_', ' '))}"
        + (f": {inline(n.text, scene.directory, 300)}" if n.text else "")
        for n in release.timeline
    ]
    return [*release_blocks(scene, told), *prose("*Timeline*\n" + "\n".join(lines))]


def choices_of(scene: Scene, titles: list[tuple[str, str]]) -> Message:
    """Which use case a new version is of."""
    text = say(scene, "release_which" if titles else "release_which_none")
    blocks: list[Block] = [section(text)]
    for id, title in titles[:_LISTED]:
        new = button("Put a version forward", "release.new", id)
        blocks.append(section(f"*{inline(title, scene.directory, 120)}* ({escape(id)})", new))
    return Message(text=brief(text), blocks=blocks)


def release_lines(scene: Scene, use_case: UseCase) -> list[Block]:
    """Within a record: the versions of the use case, the newest first, in a line each."""
    dossier = scene.reading.dossier(use_case.id)
    if dossier is None or not dossier.releases:
        return []
    program = rules_of(scene.reading, scene.program, use_case)
    lines = [
        f"• *{escape(r.version)}*: {status_line(scene, Told(r, dossier, program))}"
        for r in dossier.releases[:_LISTED]
    ]
    more = len(dossier.releases) - _LISTED
    if more > 0:
        lines.append(say(scene, "live_more", count=more))
    title = say(scene, "release_record")
    return [divider(), *prose("\n".join([title, *lines]))]


def version_in_use(scene: Scene, use_case: UseCase) -> str:
    """Which version is in use, in a sentence; it is told in channels, so anybody may know."""
    found = scene.reading.matters(Release, use_case=use_case.id, statuses=("live", "stopped"))
    title = inline(use_case.title or use_case.id, scene.directory, 120)
    live = next((r for r in found if r.status == "live"), None)
    stopped = next((r for r in found if r.was == "live"), None)
    if live:
        changed = inline(live.changed, scene.directory, 300)
        since = Said(when(scene, live.live_at or live.opened_at))
        return say(scene, "live_version", title=title, version=live.version, when=since, changed=changed)
    if stopped:
        at = Said(when(scene, stopped.closed_at or stopped.opened_at))
        return say(scene, "live_version_stopped", title=title, version=stopped.version, when=at)
    return say(scene, "live_version_none", title=title)
