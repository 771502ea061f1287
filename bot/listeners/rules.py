"""A newer version of the program, offered to the owners of a use case: what would change, and taking it."""

from __future__ import annotations

from bot.hearing import is_refusal, not_for_them, refusal_text
from bot.inputs import Click, Submission, unpacked
from bot.policies import policy_of
from bot.records import followed_of, record_under_lock
from bot.registry import Answer, Message, Moment, on_action, on_view
from bot.views.approval_forms import told
from bot.views.record_foot import ADOPT, COMPARE, comparison_form
from bot.views.say import words_of
from workflows.adopting import ADOPT as ADOPT_RIGHT
from workflows.adopting import adopt, compare
from workflows.changing import Touch
from workflows.seeing import reads_record


@on_action(COMPARE)
def see(moment: Moment, click: Click) -> Answer:
    """What the rules of now would mean for this use case, to whoever may read its record."""
    with moment.store.read() as reading:
        dossier = reading.dossier(str(click.value))
        if dossier is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        use_case, directory = dossier.use_case, reading.directory()
        approval = reading.approval_of(use_case.id)
        if not reads_record(click.user, use_case, approval, moment.program, directory, moment.now):
            return not_for_them(moment, use_case.subject)
        then = policy_of(reading, moment.program, use_case.program).program
        found = compare(dossier, then, moment.program, directory, moment.now)
        circ = moment.circumstances(click.user, "button")
        may = ADOPT_RIGHT.refused(Touch(dossier, then, directory, circ)) is None
        return Answer(view=comparison_form(moment.program, use_case, found, directory, may))


@on_view(ADOPT)
def taken_over(moment: Moment, submission: Submission) -> Answer:
    """The owner takes the newer rules over; what they saw must be what is in force."""
    private = unpacked(submission.view.private)
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        record = record_under_lock(tx, moment, circ, str(private.get("use_case")))
        if record is None or private.get("now") != moment.program.stamp.hash:
            return Answer(update=told("Gone", words_of(moment.program, "card_gone")))
        id, directory = tx.new_id("approval"), tx.directory()
        decision = adopt(record.dossier, record.program, moment.program, id, directory, circ)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(update=told(record.title, refusal_text(moment, decision)))
        if tx.first_time(submission.key):
            tx.apply(followed_of(tx, moment.program, circ, record.dossier.use_case.id, decision), circ)
    return Answer(clear=True)
