"""Asking a champion what the playbook does not say: to them, on to others, and back to whoever asked."""

from __future__ import annotations

from workflows.approving import TEXT_AT_MOST, wanting
from workflows.calendars import expected_times
from workflows.champions import Champion, is_champion_of, next_champion
from workflows.consultation import Consultation, Referral
from workflows.consulting import Asking, is_active, is_the_asker
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Forget, Later, Post, Refresh, ShowHome, ToPerson, ToPlace, Whisper
from workflows.gaps import plan_list
from workflows.ids import Place, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.promoting import offer
from workflows.refusals import Refusal, Right

__all__ = ["ANSWER", "ASK", "PASS_ON", "TEXT_AT_MOST"]

ASKED_AT_MOST = 6
"""How many people one question may be handed to, one after the other."""


def is_not_with_anyone(attempt: Asking) -> Refusal | None:
    """Nobody has it in hand, and nobody answered."""
    done, last = attempt.consultation.answered_by, attempt.consultation.referral
    if done:
        return _answered(attempt, done)
    if last and last.status == "open":
        return Refusal("asked_already", {"who": attempt.name(last.to), "when": attempt.clock(last.asked_at)})
    return None


def is_theirs(attempt: Asking) -> Refusal | None:
    """They were the one asked."""
    asked = attempt.referral
    if asked is None:
        return Refusal("referral_gone")
    return (
        None if asked.to == attempt.user else Refusal("referral_not_yours", {"who": attempt.name(asked.to)})
    )


def is_still_wanted(attempt: Asking) -> Refusal | None:
    """No answer came yet, and they did not hand it on. A late answer is as welcome as one in time."""
    done, asked = attempt.consultation.answered_by, attempt.referral
    if done:
        return _answered(attempt, done)
    if asked and asked.status == "passed":
        last = attempt.consultation.referral or asked
        return Refusal("referral_passed", {"who": attempt.name(last.to)})
    return None


def is_open(attempt: Asking) -> Refusal | None:
    """It is in their hands now."""
    wanted = is_still_wanted(attempt)
    if wanted or attempt.referral is None or attempt.referral.status == "open":
        return wanted
    return Refusal("referral_over")


def _answered(attempt: Asking, done: Referral) -> Refusal:
    when = attempt.clock(done.closed_at)
    if done.to == attempt.user:
        return Refusal("referral_answered_by_you", {"when": when})
    return Refusal("referral_answered_already", {"who": attempt.name(done.to), "when": when})


ASK = Right[Asking]("ask_champion", (is_active, is_the_asker, is_not_with_anyone))
ANSWER = Right[Asking]("answer_referral", (is_active, is_theirs, is_still_wanted))
PASS_ON = Right[Asking]("pass_on_referral", (is_active, is_theirs, is_open))
NOT_KNOWN = Right[Asking]("referral_not_known", (is_active, is_theirs, is_open))


def refer(
    consultation: Consultation,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Ask the next champion. Whoever the button named may have left meanwhile: then it goes to another."""
    refused = ASK.refused(Asking(consultation, directory, circ, at))
    if refused:
        return refused
    champion = next_champion(consultation, program, directory, circ.now)
    if champion is None or len(consultation.referrals) >= ASKED_AT_MOST:
        data = {"message": "nobody_to_ask", "values": {}}
        told = Whisper(
            place=at or consultation.place,
            user=circ.actor.user,
            kind="said",
            subject=consultation.subject,
            data=data,
        )
        entry = Entry(action="referral.nobody", subject=consultation.subject)
        return Decision(entries=(entry,), effects=(told, *plan_list(program, directory, circ.now)))
    there, effects = _handed(consultation, champion, program, directory, circ)
    detail = {"to": champion.user, "function": champion.function}
    return Decision(
        changed=(there,),
        entries=(Entry(action="referral.asked", subject=there.subject, detail=detail),),
        effects=(*effects, *plan_list(program, directory, circ.now)),
    )


def answer_referral(
    consultation: Consultation,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    referral: str,
    text: str,
    at: Place | None = None,
) -> Decision:
    """The champion's answer: into the asker's thread, and offered to the playbook. Problem ``text``."""
    asked = consultation.referred(referral)
    refused = ANSWER.refused(Asking(consultation, directory, circ, at, asked))
    if refused or asked is None:
        return refused or Decision()
    text = text.strip()
    problem = wanting(text, "answer_needed", program)
    if problem:
        return Decision(problems={"text": problem})
    done = asked.model_copy(update={"status": "answered", "answer": text, "closed_at": circ.now})
    others = tuple(
        r.model_copy(update={"status": "settled", "closed_at": circ.now}) if r.status == "open" else r
        for r in consultation.referrals
    )
    referrals = tuple(done if r.id == done.id else r for r in others)
    there = consultation.model_copy(update={"referrals": referrals, "touched_at": circ.now})
    there, offered = offer(there, done, program, directory, circ)
    post = Post(
        to=ToPlace(place=there.place),
        kind="champion_answer",
        subject=there.subject,
        card="champion_answer",
        key=f"champion/{there.id}",
    )
    entry = Entry(action="referral.answered", subject=there.subject, detail={"referral": done.id})
    forget = Forget(key=f"referral/{there.id}")
    homes = (
        ShowHome(user=u) for u in dict.fromkeys((done.to, *(r.to for r in others if r.status == "settled")))
    )
    effects = (post, Refresh(subject=there.subject), forget, *offered, *homes)
    return Decision(changed=(there,), entries=(entry,), effects=effects)


def pass_on(
    consultation: Consultation,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    referral: str,
    to: UserId,
    at: Place | None = None,
) -> Decision:
    """Hand the question to somebody who knows better. Problem ``to``."""
    asked = consultation.referred(referral)
    refused = PASS_ON.refused(Asking(consultation, directory, circ, at, asked))
    if refused or asked is None:
        return refused or Decision()
    problem = _not_to(to, consultation, program, directory)
    if problem:
        return Decision(problems={"to": problem})
    closed = _closed(consultation, asked, "passed", circ)
    champion = Champion(user=to, function=is_champion_of(to, program, directory, circ.now))
    there, effects = _handed(closed, champion, program, directory, circ, by=asked.to)
    detail = {"referral": asked.id, "to": to}
    entry = Entry(action="referral.passed_on", subject=there.subject, detail=detail)
    forget = Forget(key=f"referral/{there.id}/{asked.id}")
    return Decision(changed=(there,), entries=(entry,), effects=(forget, *effects, ShowHome(user=asked.to)))


def not_known(
    consultation: Consultation,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    referral: str,
    at: Place | None = None,
) -> Decision:
    """They do not know either: the asker hears it, and may ask the next."""
    asked = consultation.referred(referral)
    refused = NOT_KNOWN.refused(Asking(consultation, directory, circ, at, asked))
    if refused or asked is None:
        return refused or Decision()
    there = _closed(consultation, asked, "unknown", circ)
    entry = Entry(action="referral.not_known", subject=there.subject, detail={"referral": asked.id})
    return Decision(changed=(there,), entries=(entry,), effects=_news(there, asked))


def remind(
    consultation: Consultation, program: Program, directory: Directory, circ: Circumstances, referral: str
) -> Decision:
    """One polite word to whoever has it in hand; where they have left, it goes to the next."""
    asked = consultation.referred(referral)
    if asked is None or asked.status != "open":
        return Decision()
    if directory.person(asked.to).active:
        post = Post(
            to=ToPerson(user=asked.to),
            kind="referral_reminder",
            subject=consultation.subject,
            data={"referral": asked.id},
            key=f"referral/{consultation.id}/{asked.id}/reminder",
        )
        entry = Entry(action="referral.reminded", subject=consultation.subject, detail={"referral": asked.id})
        return Decision(entries=(entry,), effects=(post,))
    closed = _closed(consultation, asked, "left", circ)
    champion = next_champion(closed, program, directory, circ.now)
    entry = Entry(action="referral.left", subject=closed.subject, detail={"referral": asked.id})
    if champion is None or len(closed.referrals) >= ASKED_AT_MOST:
        return Decision(changed=(closed,), entries=(entry,), effects=_news(closed, asked))
    there, effects = _handed(closed, champion, program, directory, circ)
    return Decision(changed=(there,), entries=(entry,), effects=(*effects, *_news(there, asked)))


def expire(
    consultation: Consultation, program: Program, directory: Directory, circ: Circumstances, referral: str
) -> Decision:
    """No answer came in time: the asker hears it, and may ask the next. An answer is still welcome."""
    asked = consultation.referred(referral)
    if asked is None or asked.status != "open":
        return Decision()
    there = _closed(consultation, asked, "expired", circ)
    entry = Entry(action="referral.expired", subject=there.subject, detail={"referral": asked.id})
    return Decision(changed=(there,), entries=(entry,), effects=_news(there, asked))


def _handed(
    consultation: Consultation,
    champion: Champion,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    by: UserId | None = None,
) -> tuple[Consultation, tuple[Effect, ...]]:
    id = f"R{len(consultation.referrals) + 1}"
    referral = Referral(id=id, to=champion.user, function=champion.function, asked_at=circ.now, by=by)
    referrals = (*consultation.referrals, referral)
    there = consultation.model_copy(update={"referrals": referrals, "touched_at": circ.now})
    times = expected_times(champion.user, directory, program.working_time)
    settings = program.consulting
    data = {"referral": id}
    plans = (("remind", settings.remind_after_hours), ("expire", settings.expire_after_hours))
    return there, (
        Post(
            to=ToPerson(user=champion.user),
            kind="referral",
            subject=there.subject,
            card=f"referral:{id}",
            data=data,
            key=f"referral/{there.id}/{id}",
        ),
        *(
            Later(
                key=f"referral/{there.id}/{id}/{name}",
                due=times.add(circ.now, hours),
                name=f"{name}_referral",
                subject=there.subject,
                data=data,
            )
            for name, hours in plans
        ),
        Refresh(subject=there.subject),
        ShowHome(user=champion.user),
    )


def _closed(consultation: Consultation, referral: Referral, status: str, circ: Circumstances) -> Consultation:
    closed = referral.model_copy(update={"status": status, "closed_at": circ.now})
    referrals = tuple(closed if r.id == referral.id else r for r in consultation.referrals)
    return consultation.model_copy(update={"referrals": referrals, "touched_at": circ.now})


def _news(consultation: Consultation, referral: Referral) -> tuple[Effect, ...]:
    """What the asker hears where no answer comes from that person."""
    news = Post(
        to=ToPlace(place=consultation.place),
        kind="referral_news",
        subject=consultation.subject,
        card=f"news:{referral.id}",
        data={"referral": referral.id},
        key=f"referral/{consultation.id}/{referral.id}/news",
    )
    forget = Forget(key=f"referral/{consultation.id}/{referral.id}")
    return news, forget, Refresh(subject=consultation.subject), ShowHome(user=referral.to)


def _not_to(to: UserId, consultation: Consultation, program: Program, directory: Directory) -> str:
    """Why it cannot go to that person; empty when it can."""
    person = directory.person(to)
    if to == consultation.asker:
        return program.messages["pass_on_to_asker"].format_map({"who": person.name})
    if any(r.to == to for r in consultation.referrals):
        return program.messages["pass_on_again"].format_map({"who": person.name})
    if not person.active:
        return program.messages["owner_is_away"].format_map({"who": person.name})
    if len(consultation.referrals) >= ASKED_AT_MOST:
        return program.messages["pass_on_too_far"]
    return ""
