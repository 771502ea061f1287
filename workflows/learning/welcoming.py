"""The bot introduces itself to each person, once: when they look at it, or some minutes after they wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from workflows.decision import Decision, Entry
from workflows.effects import Later, Post, ShowHome, ToPerson
from workflows.ids import Subject, UserId
from workflows.learning.studying import Study

GREETING = "greeting"


def greeting(user: UserId) -> Post:
    """The introduction; no second one is ever posted to the same person by itself."""
    subject = Subject(type="person", id=user)
    return Post(to=ToPerson(user=user), kind=GREETING, subject=subject, key=f"greeting/{user}")


def welcomed(study: Study, post: bool) -> Decision:
    """They know what the bot is: from now on nobody tells them unasked. ``post``: it is told now."""
    if study.learner.welcomed_at is not None:
        return Decision()
    learner = study.learner.model_copy(update={"welcomed_at": study.circ.now})
    return Decision(
        changed=(learner,),
        entries=(Entry(action="learner.welcomed", subject=learner.subject),),
        effects=(*((greeting(study.user),) if post else ()), ShowHome(user=study.user)),
    )


def key_of(user: UserId) -> str:
    """Under which the introduction of somebody who wrote is planned."""
    return f"welcome/{user}"


def in_a_while(study: Study) -> Later:
    """Some minutes from now, so that what they asked is answered first."""
    minutes = study.program.learning.welcome.after_minutes
    return Later(
        key=key_of(study.user),
        due=study.circ.now + timedelta(minutes=minutes),
        name="welcome",
        subject=study.learner.subject,
    )


def welcome_due(study: Study, busy: Sequence[datetime]) -> Decision:
    """The clock: now, unless they are in the middle of something. ``busy`` is when each of their drafts was
    touched last."""
    if study.learner.welcomed_at is not None or not study.directory.person(study.user).active:
        return Decision()
    quiet = study.circ.now - timedelta(minutes=max(study.program.learning.welcome.after_minutes, 1))
    if any(at > quiet for at in busy):
        return Decision(effects=(in_a_while(study),))
    return welcomed(study, post=True)
